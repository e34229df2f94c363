//! What an order costs now, whether it may be placed, and putting it into the books of orders.

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_central_platform::in_words;
use counterfoil_central_platform::keys::Keys;
use counterfoil_central_platform::tokens::token_hash;
use counterfoil_domain::amount::{Amount, Unit};
use counterfoil_domain::ids::{OfferingId, OperatorId, OrderId, RelationshipId, ResellerId};
use counterfoil_domain::market::{
    Markup, Nanos, OfferingStatus, OrderSource, OrderState, ProviderStatus, Quote, QuoteError, RelationshipStatus,
    quote,
};
use counterfoil_domain::reseller::ResellerStatus;
use counterfoil_wire::orders::OrderCustomer;
use counterfoil_wire::problem::{Code, FieldProblem};
use uuid::Uuid;

use super::taken::first_reminder;
use super::{names, repo, stock};
use crate::dialect::Conn;
use crate::engine::resellers;
use crate::engine::stored::{stored, stored_amount, stored_currency};
use crate::engine::work::Work;

/// Contract ids that may be taken before one is not.
const NAMES_TRIED: u32 = 20;

/// An offering as one reseller sells it.
#[derive(PartialEq, Eq)]
pub(super) struct Terms {
    pub(super) offering_id: Uuid,
    pub(super) offering_name: String,
    pub(super) offering_status: String,
    pub(super) base_price: i64,
    pub(super) term_days: i64,
    pub(super) provider_id: Uuid,
    pub(super) provider_name: String,
    pub(super) provider_status: String,
    pub(super) currency: String,
    pub(super) relationship_id: Uuid,
    pub(super) relationship_status: String,
    pub(super) markup: i64,
    pub(super) reseller_id: Uuid,
    pub(super) company: String,
    pub(super) reseller_status: String,
}

/// Offerings with everybody who has a say in whether they are sold.
macro_rules! terms {
    ($rest:literal, $($value:expr),*) => {
        sqlx::query_as!(
            Terms,
            r#"SELECT f.id AS "offering_id!: Uuid", f.name AS "offering_name!: String",
                      f.status AS "offering_status!: String", f.base_price AS "base_price!: i64",
                      f.term_days AS "term_days!: i64", p.id AS "provider_id!: Uuid", p.name AS "provider_name!: String",
                      p.status AS "provider_status!: String", p.currency AS "currency!: String",
                      l.id AS "relationship_id!: Uuid", l.status AS "relationship_status!: String",
                      l.markup AS "markup!: i64", r.id AS "reseller_id!: Uuid", r.company AS "company!: String",
                      r.status AS "reseller_status!: String"
               FROM offering f JOIN provider p ON p.id = f.provider_id JOIN relationship l ON l.provider_id = p.id
                 JOIN reseller r ON r.id = l.reseller_id "# + $rest,
            $($value),*
        )
    };
}

/// As a reseller sells it to its customers itself. What it does not sell is refused with what to do.
pub(super) async fn terms_of_reseller(
    conn: &mut Conn,
    operator: OperatorId,
    reseller: ResellerId,
    offering: OfferingId,
) -> Result<Terms, Failure> {
    let found =
        terms!("WHERE f.operator_id = $1 AND f.id = $2 AND l.reseller_id = $3", operator.0, offering.0, reseller.0)
            .fetch_optional(&mut *conn)
            .await?;
    if let Some(terms) = found {
        return Ok(terms);
    }
    if !repo::offering_exists(conn, operator, offering).await? {
        return Err(Failure::not_found("offering"));
    }
    let detail =
        "You do not sell what this provider offers. Open a relationship with it under External providers first.";
    Err(Failure::new(Code::WrongState, detail))
}

/// As the public market shows it.
pub(super) async fn terms_of_relationship(
    conn: &mut Conn,
    operator: OperatorId,
    relationship: RelationshipId,
    offering: OfferingId,
) -> Result<Terms, Failure> {
    let found = terms!("WHERE f.operator_id = $1 AND f.id = $2 AND l.id = $3", operator.0, offering.0, relationship.0)
        .fetch_optional(conn)
        .await?;
    found.ok_or_else(|| Failure::not_found("offering"))
}

/// So many units at the price of now.
pub(super) struct Priced {
    pub(super) terms: Terms,
    pub(super) quantity: u32,
    pub(super) quote: Quote,
    pub(super) unit: Unit,
}

/// A wrong quantity is one of its fields.
pub(super) fn price(terms: Terms, quantity: u32) -> Result<Priced, Failure> {
    let currency = stored_currency(&terms.currency, "provider", terms.provider_id)?;
    let base = stored(Nanos::new(terms.base_price).ok(), "offering", "base_price", terms.offering_id)?;
    let markup = stored(Markup::try_from(terms.markup).ok(), "relationship", "markup", terms.relationship_id)?;
    let quote = quote(base, quantity, markup, currency.minor_digits()).map_err(|error| {
        let message = match error {
            QuoteError::Quantity => "1 to 1,000 units",
            QuoteError::TooLarge => "fewer: an order costs 9,000,000,000 at most",
        };
        Failure::validation(vec![field("quantity", message)])
    })?;
    Ok(Priced { terms, quantity, quote, unit: Unit::Minor(currency) })
}

impl Priced {
    /// What the customer pays.
    fn total(&self) -> Result<Amount, Failure> {
        stored_amount(self.quote.total_minor, self.unit, "offering", self.terms.offering_id)
    }

    /// Whether it is sold now, and at the total that was shown.
    pub(super) fn check(&self, shown: Option<Amount>) -> Result<(), Failure> {
        self.check_on_sale()?;
        let total = self.total()?;
        if shown.is_none_or(|shown| shown == total) {
            return Ok(());
        }
        let detail = format!(
            "{} × {} costs {} by now. Look at the price again; nothing was ordered.",
            self.quantity,
            self.terms.offering_name,
            in_words::amount(total)
        );
        Err(Failure::new(Code::Conflict, detail))
    }

    fn check_on_sale(&self) -> Result<(), Failure> {
        let terms = &self.terms;
        let (offering, provider, company) = (&terms.offering_name, &terms.provider_name, &terms.company);
        let status = ResellerStatus::from_stored(&terms.reseller_status);
        if stored(status, "reseller", "status", terms.reseller_id)? != ResellerStatus::Active {
            let detail = format!("{company} does not take orders now. What was ordered is worked to its end.");
            return Err(Failure::new(Code::ResellerSuspended, detail));
        }
        let status = RelationshipStatus::from_stored(&terms.relationship_status);
        let relationship = stored(status, "relationship", "status", terms.relationship_id)?;
        let status = ProviderStatus::from_stored(&terms.provider_status);
        let sold_by = stored(status, "provider", "status", terms.provider_id)?;
        let status = OfferingStatus::from_stored(&terms.offering_status);
        let offered = stored(status, "offering", "status", terms.offering_id)?;
        let detail = if offered != OfferingStatus::Active {
            format!("{provider} does not offer {offering} any more. Choose another offering.")
        } else if sold_by != ProviderStatus::Active {
            format!("Nothing of {provider} is sold at the moment. Choose another provider, or try again later.")
        } else if relationship != RelationshipStatus::Active {
            format!("{company} does not sell what {provider} offers at the moment. Choose another seller or provider.")
        } else {
            return Ok(());
        };
        Err(Failure::new(Code::WrongState, detail))
    }
}

/// A customer as typed: trimmed, the address in lower case.
pub(super) fn customer(asked: &OrderCustomer) -> OrderCustomer {
    OrderCustomer {
        name: asked.name.trim().to_owned(),
        email: asked.email.trim().to_lowercase(),
        phone: asked.phone.trim().to_owned(),
        note: asked.note.trim().to_owned(),
    }
}

/// Refuses a customer with something wrong.
pub(super) fn check_customer(customer: &OrderCustomer, needs_email: bool) -> Result<(), Failure> {
    let of_customer = |problem: FieldProblem| field(&format!("customer.{}", problem.field), problem.message);
    let wrong: Vec<FieldProblem> = wrong_customer(customer, needs_email).into_iter().map(of_customer).collect();
    if wrong.is_empty() { Ok(()) } else { Err(Failure::validation(wrong)) }
}

/// What is wrong with a customer, field by field. A reseller may know no address of one who stands in its shop.
pub(super) fn wrong_customer(customer: &OrderCustomer, needs_email: bool) -> Vec<FieldProblem> {
    let visible = |c: char| !c.is_control() || c == '\n' || c == '\r' || c == '\t';
    let note = customer.note.chars().count() <= 1_000 && customer.note.chars().all(visible);
    [
        resellers::text("name", &customer.name, 1, 100),
        (needs_email || !customer.email.is_empty()).then(|| resellers::email(&customer.email)).flatten(),
        resellers::text("phone", &customer.phone, 0, 40),
        (!note).then(|| field("note", "at most 1,000 characters")),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// An order that is new.
pub(super) struct NewOrder<'a> {
    pub(super) id: OrderId,
    pub(super) source: OrderSource,
    /// Placed at once, or kept as a draft.
    pub(super) state: OrderState,
    pub(super) priced: &'a Priced,
    pub(super) customer: &'a OrderCustomer,
}

/// Stores it under the first contract id that is free, and takes its units off the stock. False where its id is taken:
/// nothing changed then.
///
/// The order comes before the offering here, against the order of locks: nobody else can hold or want an order that is
/// not there yet, but by a repeat of this, which holds nothing.
pub(super) async fn insert(work: &mut Work, keys: &Keys, new: &NewOrder<'_>) -> Result<bool, Failure> {
    let (operator, now, hash) = (work.operator(), work.now(), token_hash(&names::token(keys, new.id)));
    let remind_at = first_reminder(new.state, now);
    for attempt in 0..NAMES_TRIED {
        let contract_id = names::contract_id(keys, new.id, attempt);
        let row = repo::New {
            id: new.id,
            contract_id: &contract_id,
            token_hash: &hash,
            source: new.source,
            state: new.state,
            priced: new.priced,
            customer: new.customer,
            remind_at,
        };
        if repo::insert(work.conn(), operator, &row, now).await? {
            if new.state.holds_stock() {
                let taken = take_stock(work, new.priced).await?;
                stock::keep(work.conn(), new.id, taken).await?;
            }
            return Ok(true);
        }
        if repo::by_id(work.conn(), new.id).await?.is_some() {
            return Ok(false);
        }
    }
    Err(Failure::internal(format!("no contract id is free for order {}", new.id)))
}

/// Takes the units, or says how many are left. Gives how many came off the stock: none where it is without limit.
///
/// Who waited here was priced before what it waited for, such as a file of new prices: so the terms are looked at again.
pub(super) async fn take_stock(work: &mut Work, priced: &Priced) -> Result<i64, Failure> {
    let (terms, units) = (&priced.terms, i64::from(priced.quantity));
    let (operator, now) = (work.operator(), work.now());
    let Some(taken) = stock::take(work.conn(), terms.offering_id, units, now).await? else {
        return Err(too_few(work, terms, units).await?);
    };
    let (relationship, offering) = (RelationshipId(terms.relationship_id), OfferingId(terms.offering_id));
    if terms_of_relationship(work.conn(), operator, relationship, offering).await? == *terms {
        return Ok(taken);
    }
    let name = &terms.offering_name;
    let detail = format!("{name} was changed at the same moment. Look at its price again; nothing was ordered.");
    Err(Failure::new(Code::Conflict, detail))
}

async fn too_few(work: &mut Work, terms: &Terms, units: i64) -> Result<Failure, Failure> {
    let name = &terms.offering_name;
    let detail = match stock::left(work.conn(), terms.offering_id).await?.unwrap_or_default() {
        0 => format!("{name} is sold out. Choose another offering, or try again later."),
        left => format!("{units} units of {name} were ordered, and {left} are left. Order {left} or fewer."),
    };
    Ok(Failure::new(Code::WrongState, detail))
}
