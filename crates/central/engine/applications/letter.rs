//! What an applicant is told: by mail where it is set up, and always on the page, for staff to copy.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::application::ApplicationState;
use counterfoil_domain::ids::OperatorId;
use counterfoil_domain::notice::NoticeKind;
use counterfoil_domain::reseller::Scope;
use counterfoil_wire::applications::{Application, Letter, LetterMail, SERVER_PLACE};

use crate::dialect::Conn;
use crate::engine::notices::{self, New};
use crate::engine::resellers;
use crate::engine::work::Work;

/// What there is to tell of a decision.
struct Told {
    kind: NoticeKind,
    event: String,
    username: String,
    reason: String,
}

impl Told {
    fn values<'a>(&'a self, application: &'a Application) -> [(&'static str, &'a str); 4] {
        [
            ("name", application.name.as_str()),
            ("business", application.business_name.as_str()),
            ("username", self.username.as_str()),
            ("reason", self.reason.as_str()),
        ]
    }
}

/// None while the application waits.
async fn told(conn: &mut Conn, operator: OperatorId, application: &Application) -> Result<Option<Told>, Failure> {
    let Some(decision) = &application.decision else { return Ok(None) };
    let id = application.application_id;
    Ok(match (application.state, decision.reseller_id) {
        (ApplicationState::Approved, Some(reseller)) => Some(Told {
            kind: NoticeKind::ApplicationApproved,
            event: format!("application/{id}/approved"),
            username: resellers::get(conn, operator, &Scope::Operator, reseller).await?.username,
            reason: String::new(),
        }),
        (ApplicationState::Rejected, _) => Some(Told {
            kind: NoticeKind::ApplicationRejected,
            event: format!("application/{id}/rejected"),
            username: String::new(),
            reason: decision.reason.clone().unwrap_or_default(),
        }),
        _ => None,
    })
}

/// To be copied, and what became of it as a mail. None while the application waits.
pub(super) async fn of(
    conn: &mut Conn,
    operator: OperatorId,
    application: &Application,
) -> Result<Option<Letter>, Failure> {
    let Some(told) = told(conn, operator, application).await? else { return Ok(None) };
    let values = told.values(application);
    let new =
        New { kind: told.kind, event: told.event.clone(), to: &application.email, reseller: None, values: &values };
    let letter = notices::letter(conn, operator, &new, SERVER_PLACE).await?;
    let mailed = letter.mailed.map(|notice| LetterMail {
        state: notice.state,
        sent_at: notice.sent_at,
        trouble: notice.trouble,
    });
    Ok(Some(Letter { to: letter.to, subject: letter.subject, text: letter.text, mailed }))
}

/// Tells the applicant that the application has come.
pub(super) async fn receive(work: &mut Work, application: &Application) -> Result<(), Failure> {
    let id = application.application_id;
    let values = [("name", &*application.name), ("business", &*application.business_name)];
    let new = New {
        kind: NoticeKind::ApplicationReceived,
        event: format!("application/{id}/received"),
        to: &application.email,
        reseller: None,
        values: &values,
    };
    notices::write(work, &new).await
}

/// Tells the applicant what was decided, in the transaction of the decision.
pub(super) async fn send(work: &mut Work, application: &Application) -> Result<(), Failure> {
    let operator = work.operator();
    let Some(told) = told(work.conn(), operator, application).await? else { return Ok(()) };
    let values = told.values(application);
    let new =
        New { kind: told.kind, event: told.event.clone(), to: &application.email, reseller: None, values: &values };
    notices::write(work, &new).await
}
