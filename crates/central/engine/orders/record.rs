//! One row of `market_order`, with the names of who is in it.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::amount::{Amount, Unit};
use counterfoil_domain::ids::{OfferingId, OrderId, ProviderId, ResellerId};
use counterfoil_domain::market::{Details, Nanos, OrderSource, OrderState};
use counterfoil_domain::payment::PaymentMethod;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::orders::{Order, OrderCustomer, OrderPrice};
use uuid::Uuid;

use crate::engine::stored::{stored, stored_amount, stored_currency, stored_number};

/// As it is stored.
#[derive(Clone)]
pub(crate) struct OrderRecord {
    pub(crate) id: Uuid,
    pub(crate) operator_id: Uuid,
    pub(crate) reseller_id: Uuid,
    pub(crate) reseller_path: String,
    pub(crate) reseller_username: String,
    pub(crate) company: String,
    pub(crate) relationship_id: Uuid,
    pub(crate) provider_id: Uuid,
    pub(crate) provider_name: String,
    pub(crate) offering_id: Uuid,
    pub(crate) contract_id: String,
    pub(crate) source: String,
    pub(crate) state: String,
    pub(crate) offering_name: String,
    pub(crate) term_days: i64,
    pub(crate) quantity: i64,
    pub(crate) markup: i64,
    pub(crate) currency: String,
    pub(crate) unit_base: i64,
    pub(crate) base_exact: i64,
    pub(crate) markup_exact: i64,
    pub(crate) total_exact: i64,
    pub(crate) base: i64,
    pub(crate) markup_amount: i64,
    pub(crate) total: i64,
    pub(crate) refunded: i64,
    pub(crate) refunded_base: i64,
    pub(crate) delivered: i64,
    /// Off its offering's stock; none where nobody noted it.
    pub(crate) stock_taken: Option<i64>,
    pub(crate) customer_name: String,
    pub(crate) customer_email: String,
    pub(crate) customer_phone: String,
    pub(crate) customer_note: String,
    pub(crate) payment_method: Option<String>,
    pub(crate) payment_reference: String,
    pub(crate) external_id: Option<String>,
    pub(crate) details: Option<String>,
    pub(crate) reason: Option<String>,
    pub(crate) revision: i64,
    pub(crate) created_at: i64,
    pub(crate) placed_at: Option<i64>,
    pub(crate) paid_at: Option<i64>,
    pub(crate) changed_at: i64,
    pub(crate) ended_at: Option<i64>,
}

/// Orders `o` of resellers `r` from providers `p`: give it what follows the FROM, and the arguments.
macro_rules! order_records {
    ($rest:literal $(, $argument:expr)* $(,)?) => {
        sqlx::query_as!(
            crate::engine::orders::OrderRecord,
            r#"SELECT o.id AS "id!: uuid::Uuid", o.operator_id AS "operator_id!: uuid::Uuid",
                      o.reseller_id AS "reseller_id!: uuid::Uuid", r.path AS "reseller_path!: String",
                      r.username AS "reseller_username!: String", r.company AS "company!: String",
                      o.relationship_id AS "relationship_id!: uuid::Uuid",
                      o.provider_id AS "provider_id!: uuid::Uuid", p.name AS "provider_name!: String",
                      o.offering_id AS "offering_id!: uuid::Uuid", o.contract_id AS "contract_id!: String",
                      o.source AS "source!: String", o.state AS "state!: String",
                      o.offering_name AS "offering_name!: String", o.term_days AS "term_days!: i64",
                      o.quantity AS "quantity!: i64", o.markup AS "markup!: i64", o.currency AS "currency!: String",
                      o.unit_base AS "unit_base!: i64", o.base_exact AS "base_exact!: i64",
                      o.markup_exact AS "markup_exact!: i64", o.total_exact AS "total_exact!: i64",
                      o.base AS "base!: i64", o.markup_amount AS "markup_amount!: i64", o.total AS "total!: i64",
                      o.refunded AS "refunded!: i64", o.refunded_base AS "refunded_base!: i64",
                      o.delivered AS "delivered!: i64", o.stock_taken AS "stock_taken?: i64",
                      o.customer_name AS "customer_name!: String",
                      o.customer_email AS "customer_email!: String", o.customer_phone AS "customer_phone!: String",
                      o.customer_note AS "customer_note!: String", o.payment_method AS "payment_method?: String",
                      o.payment_reference AS "payment_reference!: String", o.external_id AS "external_id?: String",
                      o.details AS "details?: String", o.reason AS "reason?: String", o.revision AS "revision!: i64",
                      o.created_at AS "created_at!: i64", o.placed_at AS "placed_at?: i64",
                      o.paid_at AS "paid_at?: i64", o.changed_at AS "changed_at!: i64", o.ended_at AS "ended_at?: i64"
               FROM market_order o JOIN reseller r ON r.id = o.reseller_id JOIN provider p ON p.id = o.provider_id "#
                + $rest
            $(, $argument)*
        )
    };
}
pub(crate) use order_records;

impl OrderRecord {
    pub(crate) const fn order_id(&self) -> OrderId {
        OrderId(self.id)
    }

    pub(crate) fn state(&self) -> Result<OrderState, Failure> {
        stored(OrderState::from_stored(&self.state), "market_order", "state", self.id)
    }

    pub(crate) fn unit(&self) -> Result<Unit, Failure> {
        Ok(Unit::Minor(stored_currency(&self.currency, "market_order", self.id)?))
    }

    /// Minor units of its currency.
    pub(crate) fn amount(&self, value: i64) -> Result<Amount, Failure> {
        stored_amount(value, self.unit()?, "market_order", self.id)
    }

    fn nanos(&self, value: i64, column: &str) -> Result<Nanos, Failure> {
        stored(Nanos::new(value).ok(), "market_order", column, self.id)
    }

    fn number<T: TryFrom<i64>>(&self, value: i64, column: &str) -> Result<T, Failure> {
        stored_number(value, "market_order", column, self.id)
    }

    pub(crate) fn details(&self) -> Result<Details, Failure> {
        let Some(text) = &self.details else { return Ok(Details::default()) };
        stored(Details::from_json(text).ok(), "market_order", "details", self.id)
    }

    fn price(&self) -> Result<OrderPrice, Failure> {
        Ok(OrderPrice {
            unit_base: self.nanos(self.unit_base, "unit_base")?,
            markup_percent: self.number(self.markup, "markup")?,
            base_exact: self.nanos(self.base_exact, "base_exact")?,
            markup_exact: self.nanos(self.markup_exact, "markup_exact")?,
            total_exact: self.nanos(self.total_exact, "total_exact")?,
            base: self.amount(self.base)?,
            markup: self.amount(self.markup_amount)?,
            total: self.amount(self.total)?,
        })
    }

    pub(crate) fn customer(&self) -> OrderCustomer {
        OrderCustomer {
            name: self.customer_name.clone(),
            email: self.customer_email.clone(),
            phone: self.customer_phone.clone(),
            note: self.customer_note.clone(),
        }
    }

    /// As it is shown, and as devices follow it.
    pub(crate) fn to_wire(&self) -> Result<Order, Failure> {
        let id = self.id;
        let method = self.payment_method.as_deref().map(PaymentMethod::from_stored);
        let method = method.map(|method| stored(method, "market_order", "payment_method", id)).transpose()?;
        Ok(Order {
            order_id: self.order_id(),
            contract_id: self.contract_id.clone(),
            reseller_id: ResellerId(self.reseller_id),
            reseller_username: self.reseller_username.clone(),
            company: self.company.clone(),
            provider_id: ProviderId(self.provider_id),
            provider_name: self.provider_name.clone(),
            offering_id: OfferingId(self.offering_id),
            offering_name: self.offering_name.clone(),
            term_days: self.number(self.term_days, "term_days")?,
            source: stored(OrderSource::from_stored(&self.source), "market_order", "source", id)?,
            state: self.state()?,
            quantity: self.number(self.quantity, "quantity")?,
            price: self.price()?,
            refunded: self.amount(self.refunded)?,
            delivered: self.number(self.delivered, "delivered")?,
            customer: self.customer(),
            payment_method: method,
            payment_reference: self.payment_reference.clone(),
            external_id: self.external_id.clone(),
            details: self.details()?,
            reason: self.reason.clone(),
            revision: self.revision,
            created_at: Timestamp(self.created_at),
            placed_at: self.placed_at.map(Timestamp),
            paid_at: self.paid_at.map(Timestamp),
            changed_at: Timestamp(self.changed_at),
            ended_at: self.ended_at.map(Timestamp),
        })
    }
}
