//! Credit packs: what resellers can buy at once, and what was paid for them.

mod repo;

use counterfoil_central_platform::failure::{Failure, field, if_found};
use counterfoil_central_platform::ids::mint;
use counterfoil_central_platform::in_words;
use counterfoil_domain::amount::{Amount, Unit};
use counterfoil_domain::credit_pack::{DEFAULT_PACKS, PackDraft, PackError, PackStatus, Rate};
use counterfoil_domain::ids::{CreditPackId, OperatorId, ResellerId, TransferId};
use counterfoil_wire::credit_packs::{CreditPack, PackAsShown, SaveCreditPack};
use counterfoil_wire::problem::{Code, FieldProblem};

use super::App;
use super::audit::{self, Actor, NOTHING};
use super::operators;
use super::repeat;
use super::stored::{stored, stored_amount, stored_number};
use super::work::Work;
use crate::dialect::Conn;

/// Packs that are kept, archived ones too: they are shown whole.
const MOST: usize = 200;

/// A pack as it is sold: what the wallet gets and what is paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PackTerms {
    pub(crate) shown: PackAsShown,
    pub(crate) name: String,
    pub(crate) credits: i64,
    /// In the operator's currency of then.
    pub(crate) price: Amount,
}

/// Gives a new operator its first packs.
pub(crate) async fn stock(work: &mut Work) -> Result<(), Failure> {
    let (operator, now) = (work.operator(), work.now());
    for (name, credits, price) in DEFAULT_PACKS {
        let id: CreditPackId = mint(now);
        let pack = repo::NewPack { id, name, credits, price, term_days: None, status: PackStatus::Active };
        repo::insert(work.conn(), operator, &pack, now).await?;
    }
    Ok(())
}

/// Those that can be bought by size, then archived ones.
pub(crate) async fn list(conn: &mut Conn, operator: OperatorId, only_active: bool) -> Result<Vec<CreditPack>, Failure> {
    let unit = Unit::Minor(operators::get(conn, operator).await?.currency);
    let rows = repo::list(conn, operator).await?;
    let active = |row: &&repo::Row| row.status == PackStatus::Active.as_str();
    let rates: Vec<Rate> = rows.iter().filter(active).map(repo::Row::rate).collect();
    rows.iter().filter(|row| !only_active || active(row)).map(|row| view(row, &rates, unit)).collect()
}

async fn get(conn: &mut Conn, operator: OperatorId, id: CreditPackId) -> Result<CreditPack, Failure> {
    let all = list(conn, operator, false).await?;
    all.into_iter().find(|pack| pack.pack_id == id).ok_or_else(|| Failure::not_found("credit pack"))
}

fn view(row: &repo::Row, active: &[Rate], unit: Unit) -> Result<CreditPack, Failure> {
    let id = row.id;
    let term = row.term_days.map(|days| stored_number(days, "credit_pack", "term_days", id)).transpose()?;
    Ok(CreditPack {
        pack_id: CreditPackId(id),
        version: stored_number(row.revision, "credit_pack", "revision", id)?,
        name: row.name.clone(),
        credits: row.credits,
        price: stored_amount(row.price, unit, "credit_pack", id)?,
        term_days: term,
        status: stored(PackStatus::from_stored(&row.status), "credit_pack", "status", id)?,
        discount_bp: row.rate().discount(active.iter().copied()).value(),
    })
}

/// Creates a pack. A repeat with the same content is answered like the first.
pub(crate) async fn create(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    asked: &SaveCreditPack,
) -> Result<CreditPack, Failure> {
    if asked.version.is_some() {
        return Err(Failure::validation(vec![field("version", "a new pack has none: leave it out, or PUT to edit")]));
    }
    let mut work = app.begin(operator).await?;
    check(work.conn(), operator, asked).await?;
    if repo::exists(work.conn(), asked.pack_id).await? {
        let known = get(work.conn(), operator, asked.pack_id).await;
        return repeat::answer(work, known, |known| same(known, asked), "pack").await;
    }
    if repo::list(work.conn(), operator).await?.len() >= MOST {
        let message = format!("there are {MOST} packs already: edit one that is archived");
        return Err(Failure::validation(vec![field("name", message)]));
    }
    let now = work.now();
    repo::insert(work.conn(), operator, &new_pack(asked), now).await?;
    let after = get(work.conn(), operator, asked.pack_id).await?;
    audit::record(&mut work, actor, "credit_pack.create", Some(asked.pack_id.0), NOTHING, Some(&after)).await?;
    work.commit().await?;
    Ok(after)
}

fn new_pack(asked: &SaveCreditPack) -> repo::NewPack<'_> {
    repo::NewPack {
        id: asked.pack_id,
        name: asked.name.trim(),
        credits: asked.credits,
        price: asked.price.value(),
        term_days: asked.term_days.map(i64::from),
        status: asked.status,
    }
}

fn same(known: &CreditPack, asked: &SaveCreditPack) -> bool {
    (&*known.name, known.credits, known.price, known.term_days, known.status)
        == (asked.name.trim(), asked.credits, asked.price, asked.term_days, asked.status)
}

/// Edits a pack as it was read. What was sold of it keeps its price.
pub(crate) async fn edit(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    id: CreditPackId,
    asked: &SaveCreditPack,
) -> Result<CreditPack, Failure> {
    let mut work = app.begin(operator).await?;
    let before = get(work.conn(), operator, id).await?;
    let Some(version) = asked.version.filter(|_| asked.pack_id == id) else {
        return Err(Failure::validation(vec![
            field("version", "say which version was edited, as it was read"),
            field("pack_id", "the same as in the path"),
        ]));
    };
    check(work.conn(), operator, asked).await?;
    if !repo::update(work.conn(), operator, &new_pack(asked), version).await? {
        let detail =
            format!("Somebody changed this pack meanwhile: it is at version {}. Read it again.", before.version);
        return Err(Failure::new(Code::Conflict, detail));
    }
    let after = get(work.conn(), operator, id).await?;
    audit::record(&mut work, actor, "credit_pack.edit", Some(id.0), Some(&before), Some(&after)).await?;
    work.commit().await?;
    Ok(after)
}

async fn check(conn: &mut Conn, operator: OperatorId, asked: &SaveCreditPack) -> Result<(), Failure> {
    let currency = operators::get(conn, operator).await?.currency;
    let draft = PackDraft {
        name: &asked.name,
        credits: asked.credits,
        price: asked.price.value(),
        term_days: asked.term_days.map(i64::from),
    };
    let mut wrong: Vec<FieldProblem> = draft.check().into_iter().map(|e| field(field_of(e), e.to_string())).collect();
    if asked.price.unit() != Unit::Minor(currency) {
        wrong.push(field("price", format!("prices are in {currency}")));
    }
    if wrong.is_empty() { Ok(()) } else { Err(Failure::validation(wrong)) }
}

const fn field_of(error: PackError) -> &'static str {
    match error {
        PackError::Name => "name",
        PackError::Credits => "credits",
        PackError::Price => "price",
        PackError::Term => "term_days",
    }
}

/// The pack as it was shown, if it still is so. Under a transfer that was booked already: as it was sold then, whatever
/// has become of the pack since.
pub(crate) async fn for_sale(
    conn: &mut Conn,
    operator: OperatorId,
    shown: PackAsShown,
    transfer: Option<TransferId>,
) -> Result<PackTerms, Failure> {
    let pack = if_found(get(conn, operator, shown.pack_id).await)?
        .ok_or_else(|| Failure::validation(vec![field("pack", "there is no such pack: look at the packs again")]))?;
    if let Some(transfer) = transfer
        && let Some(sale) = repo::sale(conn, transfer).await?
        && sale.pack_id == shown.pack_id.0
        && sale.pack_version == i64::from(shown.version)
    {
        let unit = Unit::Minor(super::stored::stored_currency(&sale.currency, "pack_sale", sale.pack_id)?);
        let price = stored_amount(sale.price, unit, "pack_sale", sale.pack_id)?;
        return Ok(PackTerms { shown, name: pack.name, credits: sale.credits, price });
    }
    let (name, version) = (&pack.name, pack.version);
    if pack.status == PackStatus::Archived {
        let detail = format!("{name} is not sold any more. Choose another pack.");
        return Err(Failure::new(Code::WrongState, detail));
    }
    if version != shown.version {
        let detail = format!(
            "{name} was changed: it is {} credits for {} now (version {version}). Look at it again; nothing was booked.",
            pack.credits,
            in_words::amount(pack.price)
        );
        return Err(Failure::new(Code::Conflict, detail));
    }
    Ok(PackTerms { shown, name: pack.name, credits: pack.credits, price: pack.price })
}

/// Keeps what was paid, in the transaction of the transfer it belongs to.
pub(crate) async fn note_sale(
    work: &mut Work,
    transfer: TransferId,
    reseller: ResellerId,
    terms: &PackTerms,
) -> Result<(), Failure> {
    let (operator, now) = (work.operator(), work.now());
    Ok(repo::insert_sale(work.conn(), operator, transfer, reseller, terms, now).await?)
}

/// Whether this transfer sold exactly this, or no pack at all.
pub(crate) async fn was_sold(
    conn: &mut Conn,
    transfer: TransferId,
    terms: Option<&PackTerms>,
) -> Result<bool, Failure> {
    let sale = repo::sale(conn, transfer).await?;
    Ok(match (sale, terms) {
        (None, None) => true,
        (Some(sale), Some(terms)) => {
            (sale.pack_id, sale.pack_version, sale.credits, sale.price)
                == (terms.shown.pack_id.0, i64::from(terms.shown.version), terms.credits, terms.price.value())
        }
        _ => false,
    })
}
