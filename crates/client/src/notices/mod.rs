//! Mail: what Central told by it, in which words, and which of it the shop wants. All of it is at Central.

use counterfoil_domain::ids::NoticeId;
use counterfoil_domain::notice::NoticeKind;
use counterfoil_wire::endpoint::{
    AdminMail, AdminMailTest, AdminNoticeAgain, AdminNoticePreview, AdminNoticeTemplateUpdate, AdminNoticeTemplates,
    AdminNotices, ResellerNoticeChoices, ResellerNoticeChoicesUpdate,
};
use counterfoil_wire::notices::{
    MailSetup, Notice, NoticeChoices, NoticePreview, NoticeTemplate, NoticeWords, NoticesQuery, SaveNoticeChoices,
    SaveNoticeTemplate, TestMail, TestedMail,
};
use counterfoil_wire::page::Page;

use crate::session::{SessionError, call};
use crate::till::Till;

pub(crate) async fn setup(till: &Till) -> Result<MailSetup, SessionError> {
    call::<AdminMail>(till, &[], &()).await
}

pub(crate) async fn test(till: &Till, to: String) -> Result<TestedMail, SessionError> {
    call::<AdminMailTest>(till, &[], &TestMail { to }).await
}

/// The newest first.
pub(crate) async fn list(till: &Till, query: &NoticesQuery) -> Result<Page<Notice>, SessionError> {
    call::<AdminNotices>(till, &[], query).await
}

pub(crate) async fn send_again(till: &Till, id: NoticeId) -> Result<Notice, SessionError> {
    call::<AdminNoticeAgain>(till, &[&id.to_string()], &()).await
}

pub(crate) async fn templates(till: &Till) -> Result<Vec<NoticeTemplate>, SessionError> {
    call::<AdminNoticeTemplates>(till, &[], &()).await
}

/// Without words the built-in ones are put back.
pub(crate) async fn save_template(
    till: &Till,
    kind: NoticeKind,
    asked: &SaveNoticeTemplate,
) -> Result<NoticeTemplate, SessionError> {
    call::<AdminNoticeTemplateUpdate>(till, &[kind.as_str()], asked).await
}

/// With invented values; nothing is saved.
pub(crate) async fn preview(till: &Till, kind: NoticeKind, words: &NoticeWords) -> Result<NoticePreview, SessionError> {
    call::<AdminNoticePreview>(till, &[kind.as_str()], words).await
}

pub(crate) async fn choices(till: &Till) -> Result<NoticeChoices, SessionError> {
    call::<ResellerNoticeChoices>(till, &[], &()).await
}

/// Switches exactly these off.
pub(crate) async fn save_choices(till: &Till, asked: &SaveNoticeChoices) -> Result<NoticeChoices, SessionError> {
    call::<ResellerNoticeChoicesUpdate>(till, &[], asked).await
}
