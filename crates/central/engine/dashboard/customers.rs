//! The customers who paid a reseller most this month.
//!
//! Unlike the other figures these are no sums that are kept. Most customers buy once in a month, so sums by customer would be
//! about as many rows as there are sales, each of them another write, and would follow every address that is corrected.
//! So the month of this one reseller is read, along indexes that hold nothing else (`code_bought`, `payment_kept`,
//! `subscription_by_reseller`): what it costs depends on the sales of one shop in one month, never on what all have.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::{AccountId, ResellerId};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::dashboard::CustomerRevenue;

use super::calendar::Calendar;
use super::figures;
use super::repo::customers as repo;
use crate::dialect::Conn;

const TOP: i64 = 10;

/// By what they paid, the most first.
pub(super) async fn top(
    conn: &mut Conn,
    reseller: ResellerId,
    calendar: &Calendar,
) -> Result<Vec<CustomerRevenue>, Failure> {
    let rows = repo::top(conn, reseller, calendar.this_month, TOP).await?.into_iter();
    rows.map(|row| {
        Ok(CustomerRevenue {
            paid: figures::money(row.amount, &row.currency, "payment")?,
            email: row.email,
            account_id: row.account_id.map(AccountId),
            username: row.username,
            sales: row.count.unsigned_abs(),
            last_at: Timestamp(row.last_at),
        })
    })
    .collect()
}
