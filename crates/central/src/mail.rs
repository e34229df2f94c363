//! The mail server, as the command line and the environment name it.

use std::path::Path;

use anyhow::{Context as _, Result, anyhow, bail};
use counterfoil_central_platform::mail::{MailSettings, Mailer, SignIn, Zeroizing};
use counterfoil_wire::notices::MailEncryption;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use crate::arguments::{Encryption, Mail};

/// The only place of the password beside a file.
const PASSWORD: &str = "COUNTERFOIL_SMTP_PASSWORD";

/// None: mail is not set up.
pub(crate) fn mailer(options: Mail) -> Result<Option<Mailer>> {
    let Some(host) = options.smtp_host else { return Ok(None) };
    let from_address = options.mail_from.context("mail needs a sender: --mail-from")?;
    let sign_in = match options.smtp_user {
        Some(user) => Some(SignIn { user, password: password(options.smtp_password_file.as_deref())? }),
        None => None,
    };
    let settings = MailSettings {
        host,
        port: options.smtp_port,
        encryption: match options.smtp_encryption {
            Encryption::Tls => MailEncryption::Tls,
            Encryption::Starttls => MailEncryption::Starttls,
            Encryption::None => MailEncryption::None,
        },
        trusted: options.smtp_trust.as_deref().map(certificates).transpose()?.unwrap_or_default(),
        sign_in,
        from_address,
        from_name: options.mail_from_name,
        central_address: options.public_address.map(|address| address.trim_end_matches('/').to_owned()),
    };
    Mailer::new(settings).map(Some).map_err(|wrong| anyhow!("mail cannot be set up: {wrong}"))
}

/// All that are in the file.
fn certificates(file: &Path) -> Result<Vec<Vec<u8>>> {
    let text = std::fs::read(file).with_context(|| format!("cannot read certificates from {}", file.display()))?;
    let found: Result<Vec<CertificateDer<'static>>, _> = CertificateDer::pem_slice_iter(&text).collect();
    let found = found.map_err(|wrong| anyhow!("{} is no PEM file of certificates: {wrong}", file.display()))?;
    if found.is_empty() {
        bail!("{} has no certificate in it: it needs one that begins with BEGIN CERTIFICATE", file.display());
    }
    Ok(found.into_iter().map(|certificate| certificate.to_vec()).collect())
}

/// No message has anything of it.
fn password(file: Option<&Path>) -> Result<Zeroizing<String>> {
    let password = match file {
        Some(file) => {
            let text = std::fs::read_to_string(file).map(Zeroizing::new);
            let text = text.with_context(|| format!("cannot read the mail password from {}", file.display()))?;
            Zeroizing::new(text.lines().next().unwrap_or_default().to_owned())
        }
        None => Zeroizing::new(std::env::var(PASSWORD).unwrap_or_default()),
    };
    if password.is_empty() {
        bail!("the mail server's password is missing: put it into {PASSWORD} or into the file of --smtp-password-file");
    }
    Ok(password)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(host: Option<&str>, encryption: Encryption) -> Mail {
        Mail {
            smtp_host: host.map(str::to_owned),
            smtp_port: None,
            smtp_encryption: encryption,
            smtp_trust: None,
            smtp_user: None,
            smtp_password_file: None,
            mail_from: Some("desk@lumen.example".to_owned()),
            mail_from_name: String::new(),
            keep_mail_days: 90,
            public_address: Some("https://central.lumen.example/".to_owned()),
        }
    }

    #[test]
    fn without_a_server_there_is_no_mail_and_a_far_one_is_encrypted() {
        assert!(mailer(options(None, Encryption::Tls)).expect("nothing is wrong").is_none());
        let near = mailer(options(Some("127.0.0.1"), Encryption::None)).expect("settings").expect("a mailer");
        assert_eq!(near.shown().central_address.as_deref(), Some("https://central.lumen.example"));
        assert!(mailer(options(Some("mail.example.org"), Encryption::None)).is_err());
    }

    #[test]
    fn a_file_to_trust_has_certificates_in_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("authority.pem");
        assert!(certificates(&file).is_err(), "there is none");
        std::fs::write(&file, "hello").expect("a file");
        assert!(certificates(&file).expect_err("no certificate").to_string().contains("BEGIN CERTIFICATE"));
        std::fs::write(&file, "-----BEGIN CERTIFICATE-----\nAQID\n-----END CERTIFICATE-----\n").expect("a file");
        assert_eq!(certificates(&file).expect("one"), [[1, 2, 3]]);
    }

    #[test]
    fn the_password_is_the_first_line_of_its_file_and_in_no_message() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("password");
        std::fs::write(&file, "correct horse\nbattery\n").expect("a file");
        assert_eq!(password(Some(&file)).expect("a password").as_str(), "correct horse");
        std::fs::write(&file, "\n").expect("a file");
        let missing = password(Some(&file)).expect_err("empty").to_string();
        assert!(missing.contains(PASSWORD), "{missing}");
    }
}
