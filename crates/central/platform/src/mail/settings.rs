//! Through whom Central sends mail.

use std::net::IpAddr;
use std::time::Duration;

use counterfoil_wire::notices::{MailEncryption, MailServer};
use lettre::message::Mailbox;
use lettre::transport::smtp;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{Address, AsyncSmtpTransport, Tokio1Executor};
use zeroize::Zeroizing;

use super::trouble::{Trouble, of_connection};

/// How long the mail server may take for each answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// As the operator set it. The password is nowhere but here, and never shown.
#[derive(Clone)]
pub struct MailSettings {
    pub host: String,
    /// None: the usual one of the encryption.
    pub port: Option<u16>,
    pub encryption: MailEncryption,
    /// Certificates (DER) that are trusted beside those of this machine, such as that of a company's own authority.
    pub trusted: Vec<Vec<u8>>,
    /// None: the server takes mail without a sign-in.
    pub sign_in: Option<SignIn>,
    pub from_address: String,
    pub from_name: String,
    /// Where shops reach this Central.
    pub central_address: Option<String>,
}

/// Who Central is to the mail server.
#[derive(Clone)]
pub struct SignIn {
    pub user: String,
    pub password: Zeroizing<String>,
}

impl std::fmt::Debug for MailSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MailSettings").field("host", &self.host).field("port", &self.port()).finish_non_exhaustive()
    }
}

impl MailSettings {
    pub(super) fn port(&self) -> u16 {
        self.port.unwrap_or(match self.encryption {
            MailEncryption::Tls => 465,
            MailEncryption::Starttls => 587,
            MailEncryption::None => 25,
        })
    }

    /// What is wrong with them, for whoever starts Central.
    pub(super) fn check(&self) -> Result<Mailbox, String> {
        if self.host.trim().is_empty() || self.host.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err("the mail server needs a name such as mail.example.org".to_owned());
        }
        if self.encryption == MailEncryption::None && !is_loopback(&self.host) {
            let host = &self.host;
            return Err(format!("without encryption mail goes only to a server on this machine, not to {host}"));
        }
        if self.from_name.chars().any(char::is_control) {
            return Err("the sender's name is one line".to_owned());
        }
        let address: Address =
            self.from_address.parse().map_err(|_| "the sender needs an address such as desk@example.org".to_owned())?;
        if !self.trusted.is_empty() {
            self.parameters().map_err(|_| "a certificate to trust cannot be read".to_owned())?;
        }
        let name = Some(self.from_name.trim().to_owned()).filter(|name| !name.is_empty());
        Ok(Mailbox::new(name, address))
    }

    /// What staff see of them.
    pub(super) fn shown(&self) -> MailServer {
        MailServer {
            host: self.host.clone(),
            port: self.port(),
            encryption: self.encryption,
            signs_in: self.sign_in.is_some(),
            from_address: self.from_address.clone(),
            from_name: self.from_name.clone(),
            central_address: self.central_address.clone(),
        }
    }

    /// A way to the server. It is made and dropped by whoever sends, inside the runtime that it lives on.
    pub(super) fn transport(&self) -> Result<AsyncSmtpTransport<Tokio1Executor>, Trouble> {
        let parameters = || self.parameters().map_err(|error| of_connection(&error));
        let tls = match self.encryption {
            MailEncryption::Tls => Tls::Wrapper(parameters()?),
            MailEncryption::Starttls => Tls::Required(parameters()?),
            MailEncryption::None => Tls::None,
        };
        let builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(self.host.as_str())
            .port(self.port())
            .tls(tls)
            .timeout(Some(PATIENCE));
        let builder = match &self.sign_in {
            Some(SignIn { user, password }) => {
                builder.credentials(Credentials::new(user.clone(), password.as_str().to_owned()))
            }
            None => builder,
        };
        Ok(builder.build())
    }

    /// Whom Central believes that it is the mail server: the certificate is for its name, and from somebody trusted.
    fn parameters(&self) -> Result<TlsParameters, smtp::Error> {
        let mut builder = TlsParameters::builder(self.host.clone());
        for certificate in &self.trusted {
            builder = builder.add_root_certificate(Certificate::from_der(certificate.clone())?);
        }
        builder.build()
    }
}

fn is_loopback(host: &str) -> bool {
    let address = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    host.eq_ignore_ascii_case("localhost") || address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(host: &str, encryption: MailEncryption) -> MailSettings {
        MailSettings {
            host: host.to_owned(),
            port: None,
            encryption,
            trusted: Vec::new(),
            sign_in: Some(SignIn { user: "desk".to_owned(), password: Zeroizing::new("correct horse".to_owned()) }),
            from_address: "desk@lumen.example".to_owned(),
            from_name: "Lumen Networks".to_owned(),
            central_address: None,
        }
    }

    #[test]
    fn unencrypted_mail_stays_on_this_machine() {
        for host in ["localhost", "127.0.0.1", "::1", "[::1]"] {
            assert!(settings(host, MailEncryption::None).check().is_ok(), "{host}");
        }
        for host in ["mail.example.org", "10.0.0.1", "localhost.example.org"] {
            assert!(settings(host, MailEncryption::None).check().is_err(), "{host}");
            assert!(settings(host, MailEncryption::Starttls).check().is_ok(), "{host}");
        }
    }

    #[test]
    fn the_password_is_not_shown() {
        let settings = settings("mail.example.org", MailEncryption::Tls);
        assert!(!format!("{settings:?}").contains("correct horse"));
        assert!(settings.shown().signs_in && settings.shown().port == 465);
    }

    #[test]
    fn what_is_trusted_can_be_read() {
        let mut settings = settings("mail.example.org", MailEncryption::Tls);
        settings.trusted = vec![b"no certificate".to_vec()];
        assert_eq!(settings.check().expect_err("refused"), "a certificate to trust cannot be read");
    }

    #[test]
    fn a_sender_is_one_address_and_one_line() {
        for (name, address) in [
            ("Lumen\r\nBcc: all@example.org", "desk@lumen.example"),
            ("Lumen", "desk@lumen.example\r\nBcc: all@example.org"),
            ("Lumen", "desk"),
        ] {
            let mut settings = settings("mail.example.org", MailEncryption::Tls);
            (settings.from_name, settings.from_address) = (name.to_owned(), address.to_owned());
            assert!(settings.check().is_err(), "{name} {address}");
        }
    }
}
