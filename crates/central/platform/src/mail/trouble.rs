//! What keeps a mail from being taken, in words for staff.

use std::error::Error;
use std::io;

use lettre::transport::smtp;
use rustls::CertificateError;

/// Of what a server says, this much is kept.
const MOST_CHARACTERS: usize = 300;

/// Replies that are about Central's sign-in or its way to the server, not about the mail: they are the same for every mail.
const ABOUT_THE_WAY: [&str; 7] = ["421", "500", "502", "503", "530", "534", "535"];

/// Why a mail was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// The server cannot be reached or does not let Central in: no mail goes now.
    Unreachable(String),
    /// This mail is not taken now.
    Later(String),
    /// This mail is never taken.
    Refused(String),
}

impl Trouble {
    pub fn words(&self) -> &str {
        match self {
            Self::Unreachable(words) | Self::Later(words) | Self::Refused(words) => words,
        }
    }

    pub fn into_words(self) -> String {
        match self {
            Self::Unreachable(words) | Self::Later(words) | Self::Refused(words) => words,
        }
    }
}

/// Before a mail was named nothing can be its fault, whatever the server said.
pub(super) fn of_connection(error: &smtp::Error) -> Trouble {
    Trouble::Unreachable(words(error))
}

/// While a mail was handed over.
pub(super) fn of_sending(error: &smtp::Error) -> Trouble {
    let words = words(error);
    // Such as an address that this server has no letters for.
    if error.is_client() {
        return Trouble::Refused(words);
    }
    let Some(status) = error.status().map(|status| status.to_string()) else {
        return Trouble::Unreachable(words);
    };
    if ABOUT_THE_WAY.contains(&status.as_str()) {
        Trouble::Unreachable(words)
    } else if error.is_permanent() {
        Trouble::Refused(words)
    } else {
        Trouble::Later(words)
    }
}

fn words(error: &smtp::Error) -> String {
    let cause = error.source().map(ToString::to_string).unwrap_or_default();
    let text = if let Some(why) = certificate(error) {
        of_certificate(why)
    } else if let Some(status) = error.status() {
        format!("The mail server says: {status} {cause}")
    } else if error.is_timeout() {
        "The mail server did not answer in time.".to_owned()
    } else if error.is_tls() {
        format!("The way to the mail server could not be encrypted: {cause}")
    } else if error.is_response() {
        "What the mail server said was not SMTP.".to_owned()
    } else if error.is_client() {
        format!("The mail server and Central did not come to terms: {cause}")
    } else {
        format!("The mail server cannot be reached: {cause}")
    };
    one_line(&text)
}

/// What is wrong with the server's certificate, if that is it. It lies some errors deep.
fn certificate(error: &smtp::Error) -> Option<&CertificateError> {
    let mut next: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(cause) = next {
        // An error of I/O that wraps another one names the other one's cause as its own.
        let wrapped = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        let of_tls = match wrapped {
            Some(inner) => inner.downcast_ref::<rustls::Error>(),
            None => cause.downcast_ref::<rustls::Error>(),
        };
        if let Some(rustls::Error::InvalidCertificate(why)) = of_tls {
            return Some(why);
        }
        next = cause.source();
    }
    None
}

fn of_certificate(why: &CertificateError) -> String {
    match why {
        CertificateError::UnknownIssuer => {
            "The mail server's certificate is from nobody whom Central trusts. If it is \
             your own, start Central with --smtp-trust and the certificate of who issued it."
                .to_owned()
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "The mail server's certificate is for another name. Call the server by the name in its certificate."
                .to_owned()
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "The mail server's certificate has expired. Whoever runs the mail server has to renew it.".to_owned()
        }
        other => format!("The mail server's certificate cannot be trusted: {other}."),
    }
}

fn one_line(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MOST_CHARACTERS).collect();
    plain.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_server_says_is_one_short_line() {
        assert_eq!(one_line(" 550 no\r\nsuch user "), "550 no  such user");
        assert_eq!(one_line(&"é".repeat(1_000)).chars().count(), MOST_CHARACTERS);
    }
}
