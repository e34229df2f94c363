//! What became of the commission of a sale.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::amount::Unit;
use counterfoil_domain::code::CodeState;
use counterfoil_domain::ids::OperatorId;
use counterfoil_domain::payment::{PaidFor, PaymentState};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::commission::SourceKind;
use counterfoil_wire::troubleshooting::{CommissionOutcome, CommissionTrace, TracedSale};

use super::repo;
use crate::dialect::Conn;
use crate::engine::commission::{self, Posted};
use crate::engine::stored::{stored, stored_amount, stored_currency, stored_unit};

/// By the serial of a code, or else the user name of an account.
pub(crate) async fn trace(conn: &mut Conn, operator: OperatorId, asked: &str) -> Result<CommissionTrace, Failure> {
    let asked = asked.trim();
    let mut sales = repo::code(conn, operator, &asked.to_uppercase()).await?;
    let reference = if let Some(code) = sales.first() {
        code.reference.clone()
    } else {
        let username = asked.to_lowercase();
        let account = repo::account(conn, operator, &username).await?;
        let account = account.ok_or_else(|| {
            Failure::not_found(&format!("code with the serial or account with the user name {asked:?}"))
        })?;
        sales = repo::codes_of(conn, account).await?;
        sales.extend(repo::services_of(conn, account).await?);
        sales.extend(repo::payments_of(conn, account).await?);
        sales.sort_by_key(|sale| std::cmp::Reverse(sale.at));
        username
    };
    let mut traced = Vec::with_capacity(sales.len());
    for sale in sales {
        traced.push(of_sale(conn, sale).await?);
    }
    Ok(CommissionTrace { reference, sales: traced })
}

async fn of_sale(conn: &mut Conn, sale: repo::Sale) -> Result<TracedSale, Failure> {
    let (table, id) = (sale.source.as_str(), sale.id);
    let unit = Unit::Minor(stored_currency(&sale.currency, table, id)?);
    Ok(TracedSale {
        source: sale.source,
        source_id: id,
        price: sale.price.map(|price| stored_amount(price, unit, table, id)).transpose()?,
        at: Timestamp(sale.at),
        outcome: outcome(conn, &sale).await?,
        reference: sale.reference,
        plan_name: sale.plan_name,
        seller: sale.seller,
    })
}

/// What stands in the books comes first: only what does not needs a reason.
async fn outcome(conn: &mut Conn, sale: &repo::Sale) -> Result<CommissionOutcome, Failure> {
    match commission::posted(conn, sale.source, sale.id).await? {
        Some(Posted::Shares(shares)) => return Ok(CommissionOutcome::Earned { shares }),
        Some(Posted::Due { at, tries, trouble }) => {
            return Ok(CommissionOutcome::Waiting { due_at: at, tries, trouble });
        }
        None => {}
    }
    let (id, table) = (sale.id, sale.source.as_str());
    let state = sale.state.as_deref();
    let charged = match sale.source {
        SourceKind::Code => {
            let state = stored(state.and_then(CodeState::from_stored), table, "state", id)?;
            if state != CodeState::Activated {
                return Ok(CommissionOutcome::NotActivated { state });
            }
            sale.price
        }
        SourceKind::Subscription => Some(sale.cost),
        SourceKind::Payment => {
            let state = stored(state.and_then(PaymentState::from_stored), table, "state", id)?;
            let paid_for = stored(sale.paid_for.as_deref().and_then(PaidFor::from_stored), table, "paid_for", id)?;
            // Of a completed one for service a share is due wherever its reseller earns shares.
            return Ok(match (paid_for, state) {
                (PaidFor::Sale, _) => CommissionOutcome::Noted,
                (PaidFor::Service, PaymentState::Completed) => CommissionOutcome::Wholesale,
                (PaidFor::Service, state) => CommissionOutcome::NotCompleted { state },
            });
        }
    };
    Ok(match stored_unit(&sale.unit, table, id)? {
        _ if charged == Some(0) => CommissionOutcome::Free,
        Unit::Credits => CommissionOutcome::Wholesale,
        Unit::Minor(_) => CommissionOutcome::BeforeCommission,
    })
}
