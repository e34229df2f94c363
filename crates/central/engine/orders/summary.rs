//! What a reseller's orders earned and what waits.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::amount::Unit;
use counterfoil_domain::ids::{ProviderId, RelationshipId, ResellerId};
use counterfoil_domain::market::OrderState;
use counterfoil_wire::orders::{OrderCount, OrderSummary, ProviderAccount};
use uuid::Uuid;

use crate::dialect::Conn;
use crate::engine::stored::{stored, stored_amount, stored_currency};

/// How many orders stand where, and the books with each provider.
pub(crate) async fn summary(conn: &mut Conn, reseller: ResellerId) -> Result<OrderSummary, Failure> {
    let mut states = Vec::new();
    for count in counts(conn, reseller).await? {
        let state = stored(OrderState::from_stored(&count.state), "market_order", "state", reseller)?;
        states.push(OrderCount { state, orders: count.orders });
    }
    states.sort_by_key(|count| count.state);
    let accounts = accounts(conn, reseller).await?.into_iter().map(account).collect::<Result<_, _>>()?;
    Ok(OrderSummary { states, accounts })
}

struct Count {
    state: String,
    orders: i64,
}

async fn counts(conn: &mut Conn, reseller: ResellerId) -> Result<Vec<Count>, sqlx::Error> {
    sqlx::query_as!(
        Count,
        r#"SELECT state AS "state!: String", COUNT(*) AS "orders!: i64" FROM market_order
           WHERE reseller_id = $1 GROUP BY state"#,
        reseller.0
    )
    .fetch_all(conn)
    .await
}

struct Account {
    relationship_id: Uuid,
    reseller_id: Uuid,
    company: String,
    provider_id: Uuid,
    provider_name: String,
    currency: String,
    customers: i64,
    payable: i64,
    settled: i64,
    markup: i64,
}

async fn accounts(conn: &mut Conn, reseller: ResellerId) -> Result<Vec<Account>, sqlx::Error> {
    sqlx::query_as!(
        Account,
        r#"SELECT l.id AS "relationship_id!: Uuid", l.reseller_id AS "reseller_id!: Uuid", r.company AS "company!: String",
                  p.id AS "provider_id!: Uuid", p.name AS "provider_name!: String", p.currency AS "currency!: String",
                  -c.balance AS "customers!: i64", y.balance AS "payable!: i64", s.balance AS "settled!: i64",
                  m.balance AS "markup!: i64"
           FROM relationship l JOIN reseller r ON r.id = l.reseller_id JOIN provider p ON p.id = l.provider_id
             JOIN ledger_account c ON c.owner_id = l.id AND c.kind = 'order_customers'
             JOIN ledger_account y ON y.owner_id = l.id AND y.kind = 'provider_payable'
             JOIN ledger_account s ON s.owner_id = l.id AND s.kind = 'provider_paid'
             JOIN ledger_account m ON m.owner_id = l.id AND m.kind = 'order_markup'
           WHERE l.reseller_id = $1 ORDER BY p.name_key, l.id"#,
        reseller.0
    )
    .fetch_all(conn)
    .await
}

fn account(row: Account) -> Result<ProviderAccount, Failure> {
    let id = row.relationship_id;
    let unit = Unit::Minor(stored_currency(&row.currency, "provider", row.provider_id)?);
    let amount = |value| stored_amount(value, unit, "ledger_account", id);
    Ok(ProviderAccount {
        relationship_id: RelationshipId(id),
        reseller_id: ResellerId(row.reseller_id),
        company: row.company,
        provider_id: ProviderId(row.provider_id),
        provider_name: row.provider_name,
        customers: amount(row.customers)?,
        payable: amount(row.payable)?,
        settled: amount(row.settled)?,
        markup: amount(row.markup)?,
    })
}
