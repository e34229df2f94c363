//! Resellers: organisations that sell, one below the other.

mod below;
mod draft;
mod repo;

use counterfoil_central_platform::failure::{Failure, field, if_found};
use counterfoil_central_platform::ids::mint;
use counterfoil_domain::feed::FeedTable;
use counterfoil_domain::ids::{OperatorId, ResellerId};
use counterfoil_domain::permission::MemberRole;
use counterfoil_domain::reseller::{ResellerPath, ResellerStatus, Scope, SettlementMode};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::live::News;
use counterfoil_wire::problem::Code;
use counterfoil_wire::resellers::{Reseller, SaveReseller};

use super::App;
use super::audit::{self, Actor, NOTHING};
use super::members::{self, NewMember};
use super::stored::{stored, stored_amount, stored_unit};
use super::work::Work;
use super::{ledger, operators, permissions, repeat};
use crate::dialect::Conn;
pub(crate) use below::{create_below, edit_below};
use draft::Draft;
pub(crate) use draft::{email, text};

/// Where a page of resellers begins: after this company and id.
pub(crate) type Key = (String, ResellerId);

/// Which resellers a list shows.
pub(crate) struct Filter<'a> {
    pub(crate) search: &'a str,
    /// Leave the reseller at the top of the scope out.
    pub(crate) only_below: bool,
}

pub(crate) async fn list(
    conn: &mut Conn,
    operator: OperatorId,
    scope: &Scope,
    filter: &Filter<'_>,
    after: Option<Key>,
    limit: i64,
) -> Result<Vec<Reseller>, Failure> {
    repo::list(conn, operator, scope, filter, after, limit).await?.into_iter().map(view).collect()
}

pub(crate) async fn get(
    conn: &mut Conn,
    operator: OperatorId,
    scope: &Scope,
    id: ResellerId,
) -> Result<Reseller, Failure> {
    let row = repo::by_id(conn, operator, scope, id).await?.ok_or_else(|| Failure::not_found("reseller"))?;
    view(row)
}

/// Where a reseller stands in the hierarchy; not found outside the scope.
pub(crate) async fn path(
    conn: &mut Conn,
    operator: OperatorId,
    scope: &Scope,
    id: ResellerId,
) -> Result<ResellerPath, Failure> {
    let row = repo::by_id(conn, operator, scope, id).await?.ok_or_else(|| Failure::not_found("reseller"))?;
    stored(ResellerPath::from_stored(&row.path), "reseller", "path", id)
}

/// Says that something of a reseller changed that no row of the feed carries.
pub(crate) async fn ring(work: &mut Work, news: News, reseller: ResellerId) -> Result<(), Failure> {
    let operator = work.operator();
    let path = path(work.conn(), operator, &Scope::Operator, reseller).await?;
    work.ring(news, path.as_str());
    Ok(())
}

fn view(row: repo::Row) -> Result<Reseller, Failure> {
    let id = row.id;
    let unit = stored_unit(&row.unit, "ledger_account", id)?;
    let amount = |value| stored_amount(value, unit, "ledger_account", id);
    Ok(Reseller {
        reseller_id: ResellerId(id),
        version: stored(u32::try_from(row.revision).ok(), "reseller", "revision", id)?,
        username: row.username,
        company: row.company,
        email: row.email,
        contact: row.contact,
        phone: row.phone,
        parent_id: row.parent_id.map(ResellerId),
        parent_company: row.parent_company,
        settlement_mode: stored(SettlementMode::from_stored(&row.settlement_mode), "reseller", "settlement_mode", id)?,
        status: stored(ResellerStatus::from_stored(&row.status), "reseller", "status", id)?,
        balance: amount(row.balance)?,
        reserved: amount(row.reserved)?,
        credit_limit: amount(-row.floor)?,
        last_login_at: row.last_login_at.map(Timestamp),
        policy: None,
        price_list: None,
    })
}

/// An owner that comes with a new reseller.
struct FirstOwner<'a> {
    hash: &'a str,
    /// Somebody else chose the password.
    must_change: bool,
}

/// Creates a reseller with its owner and its books. The owner has to change the password that somebody else chose, but for
/// one from the console. A repeat with the same content is answered like the first.
pub(crate) async fn create(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    asked: SaveReseller,
) -> Result<Reseller, Failure> {
    if asked.version.is_some() {
        return Err(Failure::validation(vec![field(
            "version",
            "a new reseller has none: leave it out, or PUT to edit",
        )]));
    }
    let mut draft = Draft::check(asked)?;
    let Some(password) = draft.password.take() else {
        return Err(Failure::validation(vec![field("password", "a new reseller needs one for its owner")]));
    };
    let hash = app.passwords().hash(password).await.map_err(Failure::internal)?;
    let mut work = app.begin(operator).await?;
    if repo::exists(work.conn(), draft.id).await? {
        let known = get(work.conn(), operator, &Scope::Operator, draft.id).await;
        return repeat::answer(work, known, |known| draft.matches(known), "reseller").await;
    }
    let owner = FirstOwner { hash: &hash, must_change: *actor != Actor::system() };
    let after = insert(&mut work, actor, &draft, &owner).await?;
    work.commit().await?;
    Ok(after)
}

/// Creates a reseller inside a unit of work, for an owner who chose the password, hashed already.
pub(crate) async fn create_within(
    work: &mut Work,
    actor: &Actor,
    asked: SaveReseller,
    owner_hash: &str,
) -> Result<Reseller, Failure> {
    let draft = Draft::check(asked)?;
    if repo::exists(work.conn(), draft.id).await? {
        return Err(repeat::id_reused("reseller"));
    }
    insert(work, actor, &draft, &FirstOwner { hash: owner_hash, must_change: false }).await
}

/// The reseller, its owner and its books.
async fn insert(work: &mut Work, actor: &Actor, draft: &Draft, owner: &FirstOwner<'_>) -> Result<Reseller, Failure> {
    check_unique(work, draft).await?;
    let path = place(work, draft).await?;
    let (operator, now) = (work.operator(), work.now());
    repo::insert(work.conn(), operator, draft, &path, now).await?;
    let (username, role) = (&draft.username, MemberRole::Owner);
    let FirstOwner { hash, must_change } = *owner;
    let owner = NewMember { id: mint(now), reseller: draft.id, username, hash, role, must_change };
    members::insert(work, &owner).await?;
    let unit = draft.settlement_mode.unit(operators::get(work.conn(), operator).await?.currency);
    ledger::open_reseller_books(work, draft.id, &path, unit, draft.credit_limit).await?;
    work.touch(FeedTable::Reseller, draft.id, path.as_str());
    let after = get(work.conn(), operator, &Scope::Operator, draft.id).await?;
    audit::record(work, actor, "reseller.create", Some(draft.id.0), NOTHING, Some(&after)).await?;
    if let Some(template) = draft.template {
        permissions::take(work, actor, draft.id, &path, template).await?;
    }
    Ok(after)
}

/// Whether a reseller or a member has this user name.
pub(crate) async fn username_taken(conn: &mut Conn, username: &str) -> Result<bool, Failure> {
    Ok(repo::username_taken(conn, username, ResellerId::from_bytes([0; 16])).await?)
}

async fn check_unique(work: &mut Work, draft: &Draft) -> Result<(), Failure> {
    if repo::username_taken(work.conn(), &draft.username, draft.id).await? {
        let detail = format!("The user name {} is taken. Choose another.", draft.username);
        return Err(Failure::new(Code::UsernameTaken, detail));
    }
    if repo::email_taken(work.conn(), &draft.email, draft.id).await? {
        let detail = format!("A reseller with the e-mail address {} exists already. Use another.", draft.email);
        return Err(Failure::new(Code::EmailTaken, detail));
    }
    Ok(())
}

/// The path under the parent, if there is one and it is not too deep already.
async fn place(work: &mut Work, draft: &Draft) -> Result<ResellerPath, Failure> {
    let Some(parent) = draft.parent_id else { return Ok(ResellerPath::root(draft.id)) };
    let operator = work.operator();
    let wrong = |message: String| Failure::validation(vec![field("parent_id", message)]);
    let Some(above) = if_found(path(work.conn(), operator, &Scope::Operator, parent).await)? else {
        return Err(wrong("there is no such reseller".to_owned()));
    };
    let most = ResellerPath::DEFAULT_MAX_DEPTH;
    if above.depth() >= most {
        return Err(wrong(format!("resellers stand at most {most} above one another: choose one higher up")));
    }
    Ok(above.child(draft.id))
}

/// Edits a reseller in scope as it was read. Its parent and settlement mode stay.
pub(crate) async fn edit(
    app: &App,
    operator: OperatorId,
    scope: &Scope,
    actor: &Actor,
    id: ResellerId,
    asked: SaveReseller,
) -> Result<Reseller, Failure> {
    let version = asked.version;
    let mut reader = app.reader().await?;
    let before = get(&mut reader, operator, scope, id).await?;
    drop(reader);
    let mut draft = Draft::check(asked)?;
    let Some(version) = version else {
        return Err(Failure::validation(vec![field("version", "say which version was edited, as it was read")]));
    };
    draft.check_against(id, &before)?;
    let hash = match draft.password.take() {
        Some(password) => Some(app.passwords().hash(password).await.map_err(Failure::internal)?),
        None => None,
    };
    let mut work = app.begin(operator).await?;
    check_unique(&mut work, &draft).await?;
    let before = get(work.conn(), operator, scope, id).await?;
    if !repo::update(work.conn(), operator, &draft, version).await? {
        return Err(changed_meanwhile(before.version));
    }
    repo::update_owner(work.conn(), id, &before.username, &draft.username, hash.as_deref()).await?;
    if hash.is_some() {
        let now = work.now();
        repo::end_owner_sessions(work.conn(), id, now).await?;
    }
    let path = path(work.conn(), operator, scope, id).await?;
    if !ledger::set_credit_limit(&mut work, id, &path, draft.credit_limit).await? {
        let owed = -before.balance.value();
        let message = format!("the wallet is {owed} below zero already: at least that, or top up first");
        return Err(Failure::validation(vec![field("credit_limit", message)]));
    }
    work.touch(FeedTable::Reseller, id, path.as_str());
    let after = get(work.conn(), operator, scope, id).await?;
    audit::record(&mut work, actor, "reseller.edit", Some(id.0), Some(&before), Some(&after)).await?;
    work.commit().await?;
    Ok(after)
}

fn changed_meanwhile(version: u32) -> Failure {
    let detail = format!("Somebody changed this reseller meanwhile: it is at version {version}. Read it again.");
    Failure::new(Code::Conflict, detail)
}
