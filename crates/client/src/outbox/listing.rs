//! What waits or needs a person, for the queue page.

use counterfoil_domain::ids::{AccountId, LeaseId, OpId, OrderId};
use counterfoil_domain::portal::{BoxContact, BoxOutcome};
use counterfoil_domain::time::Timestamp;
use sqlx::SqliteConnection;
use uuid::Uuid;

use super::About;
use super::repo::number;
use crate::store::StoreError;

/// A row of the queue page.
#[derive(Debug)]
pub(crate) struct Listed {
    pub(crate) op_seq: u32,
    pub(crate) op_id: OpId,
    pub(crate) kind: String,
    /// Of codes; what is about an order has none.
    pub(crate) codes: Option<About>,
    pub(crate) lease_number: Option<u32>,
    pub(crate) plan_name: Option<String>,
    /// Of a delivery.
    pub(crate) order: Option<ListedOrder>,
    /// Of what is about an account on a portal.
    pub(crate) account: Option<ListedAccount>,
    pub(crate) created_at: Timestamp,
    pub(crate) outcome: Option<String>,
    pub(crate) reason: Option<String>,
}

/// What a delivery is of. The cache may not have the order: it can be made anew while there is no network.
#[derive(Debug)]
pub(crate) struct ListedOrder {
    pub(crate) order_id: OrderId,
    pub(crate) units: u32,
    pub(crate) contract_id: Option<String>,
    pub(crate) offering_name: Option<String>,
}

/// What is about an account on a portal. The portal may have been forgotten here since.
#[derive(Debug)]
pub(crate) struct ListedAccount {
    pub(crate) account_id: AccountId,
    pub(crate) login: Option<String>,
    pub(crate) portal_name: Option<String>,
    /// Of what was done to its box, and whether it is known to have been done.
    pub(crate) contact: Option<(BoxContact, BoxOutcome)>,
}

/// What waits or needs a person, in order.
pub(crate) async fn list(db: &mut SqliteConnection, limit: i64) -> Result<Vec<Listed>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT op.op_seq, op.op_id AS "op_id: Uuid", op.kind, op.lease_id AS "lease_id?: Uuid",
            op.seq_from AS "seq_from?: i64", op.seq_to AS "seq_to?: i64", op.order_id AS "order_id?: Uuid",
            op.units AS "units?: i64", op.created_at, op.outcome, op.reason, lease.number AS "number?: i64",
            issued_code.plan_name AS "plan_name?: String", cached_order.contract_id AS "contract_id?: String",
            json_extract(cached_order.body, '$.offering_name') AS "offering_name?: String",
            op.account_id AS "account_id?: Uuid", op.contact, op.contact_outcome,
            json_extract(direct_standing.body, '$.login') AS "login?: String",
            direct_portal.name AS "portal_name?: String"
        FROM op
        LEFT JOIN direct_portal ON direct_portal.portal_id = op.portal_id
        LEFT JOIN direct_standing
            ON direct_standing.portal_id = op.portal_id AND direct_standing.account_id = op.account_id
        LEFT JOIN cached_order ON cached_order.order_id = op.order_id
        LEFT JOIN lease ON lease.lease_id = op.lease_id
        LEFT JOIN issued_code ON issued_code.lease_id = op.lease_id AND issued_code.seq = op.seq_from
        WHERE op.outcome IS NULL OR (op.outcome IN ('held', 'rejected') AND NOT op.dismissed)
        ORDER BY op.op_seq LIMIT ?1"#,
        limit
    )
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|row| {
            let codes = match (row.lease_id, row.seq_from, row.seq_to) {
                (Some(lease), Some(from), Some(to)) => Some(About {
                    lease_id: LeaseId(lease),
                    seq_from: number("seq_from", from)?,
                    seq_to: number("seq_to", to)?,
                }),
                _ => None,
            };
            let order = match (row.order_id, row.units) {
                (Some(order), Some(units)) => Some(ListedOrder {
                    order_id: OrderId(order),
                    units: number("units", units)?,
                    contract_id: row.contract_id,
                    offering_name: row.offering_name,
                }),
                _ => None,
            };
            let account = match row.account_id {
                Some(account) => Some(ListedAccount {
                    account_id: AccountId(account),
                    login: row.login,
                    portal_name: row.portal_name,
                    contact: contact(row.contact.as_deref(), row.contact_outcome.as_deref())?,
                }),
                None => None,
            };
            Ok(Listed {
                op_seq: number("op_seq", row.op_seq)?,
                op_id: OpId(row.op_id),
                kind: row.kind,
                codes,
                lease_number: row.number.map(|number_| number("number", number_)).transpose()?,
                plan_name: row.plan_name,
                order,
                account,
                created_at: Timestamp(row.created_at),
                outcome: row.outcome,
                reason: row.reason,
            })
        })
        .collect()
}

fn contact(contact: Option<&str>, outcome: Option<&str>) -> Result<Option<(BoxContact, BoxOutcome)>, StoreError> {
    let (Some(contact), Some(outcome)) = (contact, outcome) else { return Ok(None) };
    let known = BoxContact::from_stored(contact).zip(BoxOutcome::from_stored(outcome));
    known.map(Some).ok_or_else(|| StoreError::unknown("op", "contact", format!("{contact} {outcome}")))
}
