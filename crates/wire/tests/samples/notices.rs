//! Invented values of notices by e-mail.

use counterfoil_domain::notice::{NoticeKind, NoticeState};
use counterfoil_wire::notices;

use super::{AT, id};

pub(crate) fn mail_setup() -> notices::MailSetup {
    notices::MailSetup {
        server: Some(notices::MailServer {
            host: "mail.example.org".into(),
            port: 587,
            encryption: notices::MailEncryption::Starttls,
            signs_in: true,
            from_address: "desk@lumen.example".into(),
            from_name: "Lumen Networks".into(),
            central_address: Some("https://central.lumen.example".into()),
        }),
        queued: 2,
        failed: 1,
    }
}

pub(crate) fn test_mail() -> notices::TestMail {
    notices::TestMail { to: "nina@lumen.example".into() }
}

pub(crate) fn tested_mail() -> notices::TestedMail {
    notices::TestedMail { trouble: Some("The mail server does not answer.".into()) }
}

pub(crate) fn notice() -> notices::Notice {
    notices::Notice {
        notice_id: id(90),
        kind: NoticeKind::LowCredit,
        state: NoticeState::Queued,
        to: "owner@corner.example".into(),
        reseller_id: Some(id(4)),
        subject: "Corner Shop: your credit is low".into(),
        text: "You have 15 credits.\n".into(),
        created_at: AT,
        attempts: 1,
        next_attempt_at: Some(AT),
        sent_at: None,
        trouble: Some("The mail server says: 451 try again later".into()),
    }
}

pub(crate) fn notice_template() -> notices::NoticeTemplate {
    let words = notice_words();
    notices::NoticeTemplate {
        kind: NoticeKind::LowCredit,
        language: "en".into(),
        version: 2,
        built_in: false,
        subject: words.subject,
        text: words.text,
        placeholders: NoticeKind::LowCredit.placeholders().iter().map(|&name| name.to_owned()).collect(),
        changed_at: Some(AT),
    }
}

pub(crate) fn notice_words() -> notices::NoticeWords {
    notices::NoticeWords { subject: "{company}: your credit is low".into(), text: "You have {balance}.\n".into() }
}

pub(crate) fn save_notice_template() -> notices::SaveNoticeTemplate {
    notices::SaveNoticeTemplate { version: 1, words: Some(notice_words()) }
}

pub(crate) fn notice_preview() -> notices::NoticePreview {
    notices::NoticePreview { subject: "Corner Shop: your credit is low".into(), text: "You have 15 credits.\n".into() }
}

pub(crate) fn notice_choices() -> notices::NoticeChoices {
    notices::NoticeChoices {
        to: "owner@corner.example".into(),
        mail_is_set_up: true,
        choices: vec![notices::NoticeChoice { kind: NoticeKind::LowCredit, wanted: false }],
        ending_days: 7,
    }
}

pub(crate) fn save_notice_choices() -> notices::SaveNoticeChoices {
    notices::SaveNoticeChoices { off: [NoticeKind::LowCredit].into(), ending_days: Some(14) }
}
