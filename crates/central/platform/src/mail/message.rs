//! A mail as it goes over the wire: one recipient, plain text, and nothing that a name or a subject could add to it.

use std::time::{Duration, UNIX_EPOCH};

use counterfoil_domain::ids::NoticeId;
use counterfoil_domain::time::Timestamp;
use lettre::Address;
use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message};

use super::trouble::Trouble;

/// What is sent.
#[derive(Debug, Clone)]
pub struct Mail {
    /// Its `Message-ID` follows from it: the same mail sent twice can be told by its reader's program.
    pub id: NoticeId,
    pub to: String,
    pub subject: String,
    pub text: String,
    pub at: Timestamp,
}

/// Refuses whatever would not stay in its own header.
pub(super) fn compose(mail: &Mail, from: &Mailbox) -> Result<Message, Trouble> {
    if mail.to.chars().any(char::is_control) {
        return Err(Trouble::Refused("The address has a line break or another control character in it.".to_owned()));
    }
    if mail.subject.chars().any(char::is_control) {
        return Err(Trouble::Refused("The subject has a line break or another control character in it.".to_owned()));
    }
    let to: Address =
        mail.to.parse().map_err(|_| Trouble::Refused(format!("{} is no address that mail can go to.", mail.to)))?;
    let since = Duration::from_millis(u64::try_from(mail.at.0).unwrap_or_default());
    Message::builder()
        .message_id(Some(format!("<{}@{}>", mail.id, from.email.domain())))
        .date(UNIX_EPOCH + since)
        .from(from.clone())
        .to(Mailbox::new(None, to))
        .subject(mail.subject.clone())
        .header(ContentType::TEXT_PLAIN)
        .body(mail.text.clone())
        .map_err(|error| Trouble::Refused(format!("The mail could not be written: {error}.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(to: &str, subject: &str, text: &str) -> Mail {
        Mail {
            id: NoticeId::from_bytes([7; 16]),
            to: to.to_owned(),
            subject: subject.to_owned(),
            text: text.to_owned(),
            at: Timestamp(1_795_219_200_000),
        }
    }

    fn from() -> Mailbox {
        Mailbox::new(Some("Lumen Networks".to_owned()), "desk@lumen.example".parse().expect("an address"))
    }

    #[test]
    fn nothing_gets_out_of_its_header() {
        for (to, subject) in [
            ("a@example.org\r\nBcc: b@example.org", "Hello"),
            ("a@example.org", "Hello\r\nBcc: b@example.org"),
            ("a@example.org", "Hello\nBcc: b@example.org"),
            ("a@example.org, b@example.org", "Hello"),
            ("<a@example.org> SIZE=1", "Hello"),
            ("a", "Hello"),
        ] {
            let refused = compose(&mail(to, subject, "Text"), &from());
            assert!(matches!(refused, Err(Trouble::Refused(_))), "{to} {subject}");
        }
    }

    #[test]
    fn the_same_notice_has_the_same_message_id_and_its_own_time() {
        let text = |mail: &Mail| String::from_utf8(compose(mail, &from()).expect("a mail").formatted()).expect("text");
        let one = text(&mail("a@example.org", "Hello", "Text"));
        assert!(one.contains("Message-ID: <07070707-0707-0707-0707-070707070707@lumen.example>\r\n"), "{one}");
        assert!(one.contains("Date: Sat, 21 Nov 2026 00:00:00"), "{one}");
        assert_eq!(one, text(&mail("a@example.org", "Hello", "Text")));
    }

    #[test]
    fn other_scripts_are_encoded_in_headers_and_body() {
        let written = compose(&mail("a@example.org", "فروشگاه", "سلام\n"), &from()).expect("a mail").formatted();
        assert!(written.is_ascii(), "{}", String::from_utf8_lossy(&written));
    }
}
