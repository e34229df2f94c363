//! Applications: somebody asks to sell, staff approve or reject. An application is decided once, and its approval is the
//! birth of a reseller, in the same transaction.

mod decide;
mod draft;
mod letter;
mod repo;

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_central_platform::http::ClientAddress;
use counterfoil_domain::application::{ApplicantKind, ApplicationState, username_from};
use counterfoil_domain::ids::{ApplicationId, OperatorId, ResellerId};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::applications::{Application, Applied, Apply, Decision, DoubleOf};
use counterfoil_wire::live::News;
use counterfoil_wire::problem::{Code, FieldProblem};
use uuid::Uuid;

use super::App;
use super::audit::{self, Actor, NOTHING};
use super::device::STAFF_ONLY;
use super::operators;
use super::rate::{self, Limit};
use super::resellers;
use super::stored::{stored, stored_number};
use crate::dialect::Conn;
pub(crate) use decide::{approve, reject};
use draft::Draft;

const HOUR_MS: i64 = 3_600_000;

/// Hashing a password is dear and an application is a row for a person to read, so every well-filled form counts.
const PER_NETWORK: Limit = Limit { hits: 20, window_ms: HOUR_MS };
const OVERALL: Limit = Limit { hits: 300, window_ms: HOUR_MS };

/// Numbers tried after a proposed user name that is taken.
const PROPOSALS: u32 = 30;

/// Which applications a list shows.
pub(crate) struct Filter<'a> {
    pub(crate) state: Option<ApplicationState>,
    pub(crate) search: &'a str,
}

/// Takes an application. The same again under the same id is answered like the first.
pub(crate) async fn apply(app: &App, asked: Apply, address: ClientAddress) -> Result<Applied, Failure> {
    let (draft, password) = Draft::check(asked)?;
    count(app, address).await?;
    let operator = operators::first(&mut *app.reader().await?).await?.ok_or_else(|| {
        Failure::new(Code::Unavailable, "This Central has no operator yet: run `counterfoil-central admin create`.")
    })?;
    let hash = app.passwords().hash(password).await.map_err(Failure::internal)?;
    let mut work = app.begin(operator.id).await?;
    if let Some(known) = repo::by_id(work.conn(), operator.id, draft.id).await? {
        let same = draft.matches(&known);
        work.commit().await?;
        let received = Applied { application_id: draft.id, received_at: Timestamp(known.created_at) };
        let reused = "This form was used for another application. Open a new one.";
        return if same { Ok(received) } else { Err(Failure::new(Code::IdReused, reused)) };
    }
    if repo::id_taken(work.conn(), draft.id).await? {
        return Err(Failure::new(Code::IdReused, "This form was used before. Open a new one."));
    }
    // An address that is known is received like any other: the answer must not tell it. Staff are shown that it is a double.
    let now = work.now();
    repo::insert(work.conn(), operator.id, &draft, &hash, now).await?;
    work.ring(News::Applications, STAFF_ONLY);
    let after = get(work.conn(), operator.id, draft.id).await?;
    let actor = Actor::applicant(address);
    audit::record(&mut work, &actor, "application.receive", Some(draft.id.0), NOTHING, Some(&after)).await?;
    letter::receive(&mut work, &after).await?;
    work.commit().await?;
    Ok(Applied { application_id: draft.id, received_at: now })
}

/// What is wrong with an application, without taking it.
pub(crate) fn wrong_fields(asked: Apply) -> Vec<FieldProblem> {
    Draft::check(asked).err().map(|failure| failure.problem().fields.clone()).unwrap_or_default()
}

async fn count(app: &App, address: ClientAddress) -> Result<(), Failure> {
    let (mut tx, now) = (app.transaction().await?, app.now());
    let buckets = [("signup/all".to_owned(), OVERALL), (format!("signup/network/{}", address.network()), PER_NETWORK)];
    for (bucket, limit) in &buckets {
        rate::take(&mut tx, bucket, *limit, now).await?;
    }
    rate::forget_old(&mut tx, now).await?;
    Ok(tx.commit().await?)
}

/// The newest first.
pub(crate) async fn list(
    conn: &mut Conn,
    operator: OperatorId,
    filter: &Filter<'_>,
    before: (i64, Uuid),
    limit: i64,
) -> Result<Vec<Application>, Failure> {
    repo::list(conn, operator, filter, before, limit).await?.into_iter().map(view).collect()
}

/// One application.
pub(crate) async fn get(conn: &mut Conn, operator: OperatorId, id: ApplicationId) -> Result<Application, Failure> {
    view(repo::by_id(conn, operator, id).await?.ok_or_else(|| Failure::not_found("application"))?)
}

/// One application, with what helps to decide it or to tell the applicant.
pub(crate) async fn detail(conn: &mut Conn, operator: OperatorId, id: ApplicationId) -> Result<Application, Failure> {
    let mut application = get(conn, operator, id).await?;
    if application.state == ApplicationState::Pending {
        application.proposed_username = proposed_username(conn, &application).await?;
    } else {
        application.letter = letter::of(conn, operator, &application).await?;
    }
    Ok(application)
}

/// The business name as a user name that is free; none when no number after it makes it so.
async fn proposed_username(conn: &mut Conn, application: &Application) -> Result<Option<String>, Failure> {
    let mailbox = application.email.split('@').next().unwrap_or_default();
    let Some(name) = username_from(&application.business_name).or_else(|| username_from(mailbox)) else {
        return Ok(None);
    };
    for number in 1..=PROPOSALS {
        let proposed = if number == 1 { name.clone() } else { format!("{name}-{number}") };
        if !resellers::username_taken(conn, &proposed).await? {
            return Ok(Some(proposed));
        }
    }
    Ok(None)
}

fn view(row: repo::Row) -> Result<Application, Failure> {
    let id = row.id;
    let decision = match (row.decided_at, row.decided_by) {
        (Some(at), Some(by)) => Some(Decision {
            at: Timestamp(at),
            by,
            reason: row.reason,
            notes: row.notes.filter(|notes| !notes.is_empty()),
            reseller_id: row.reseller_id.map(ResellerId),
        }),
        _ => None,
    };
    Ok(Application {
        application_id: ApplicationId(id),
        state: stored(ApplicationState::from_stored(&row.state), "application", "state", id)?,
        name: row.name,
        email: row.email,
        phone: row.phone,
        business_name: row.business_name,
        address: row.address,
        kind: stored(ApplicantKind::from_stored(&row.kind), "application", "kind", id)?,
        expected_customers: stored_number(row.expected_customers, "application", "expected_customers", id)?,
        terms_accepted_at: Timestamp(row.terms_accepted_at),
        created_at: Timestamp(row.created_at),
        decision,
        double_of: row
            .double_of
            .as_deref()
            .map(|of| stored(DoubleOf::from_stored(of), "application", "double_of", id))
            .transpose()?,
        proposed_username: None,
        letter: None,
    })
}

fn long_text(name: &str, value: &str, least: usize, most: usize) -> Result<(), Failure> {
    let fits = (least..=most).contains(&value.chars().count()) && !value.chars().any(|c| c.is_control() && c != '\n');
    if fits { Ok(()) } else { Err(Failure::validation(vec![field(name, format!("{least} to {most} characters"))])) }
}
