//! Recording a delivery: into this device's log, like a sale, so that it is safe before Central hears of it.

use counterfoil_domain::ids::OpId;
use counterfoil_domain::market::{Details, OrderStep};
use counterfoil_domain::oplog::OpBody;
use counterfoil_wire::orders::Order;

use super::{AS_CENTRAL_HAS_IT, Detail, OrdersError, of_central, repo, rights, shown};
use crate::api::Topic;
use crate::outbox::{LogWriter, repo as log};
use crate::till::Till;

/// What was delivered.
#[derive(Debug, Clone)]
pub(crate) struct Fulfilling {
    pub(crate) contract_id: String,
    /// Becomes the operation's: a repeat delivers nothing.
    pub(crate) step_id: OpId,
    pub(crate) units: u32,
    pub(crate) external_id: Option<String>,
    pub(crate) details: Details,
}

/// When this returns the delivery is on the disk and numbered in the keyring; a repeat is answered.
pub(crate) async fn fulfil(till: &Till, fulfilling: Fulfilling) -> Result<Detail, OrdersError> {
    if !rights(till).await?.handle {
        return Err(OrdersError::NotPermitted);
    }
    let external_id = external_id(fulfilling.external_id.as_deref())?;
    // Before the log is held: where Central has to be asked, it may take its time.
    let (order, version) = known(till, &fulfilling.contract_id).await?;
    let mut writer = LogWriter::begin(till).await?;
    if log::has(writer.db(), fulfilling.step_id).await? {
        return Ok(Detail::known_here(shown(till, order, version).await?));
    }
    // While the log is held no other delivery of this device comes in between; what came before is laid over.
    let (order, version) =
        repo::of_contract(&mut *till.read().await?, &order.contract_id).await?.unwrap_or((order, version));
    check(&shown(till, order.clone(), version).await?.order, fulfilling.units)?;
    let (order_id, units, details) = (order.order_id, fulfilling.units, fulfilling.details);
    let body = OpBody::Fulfilment { order_id, units, external_id, details };
    let op_seq = writer.append_as(fulfilling.step_id, body).await?;
    log::overlay_order(writer.db(), order_id, op_seq).await?;
    writer.commit().await?;
    for topic in [Topic::Orders, Topic::Queue] {
        till.tell(topic);
    }
    till.sync.wake();
    Ok(Detail::known_here(shown(till, order, version).await?))
}

/// As this device knows it; one that was made so lately that its row has not come, as Central does.
async fn known(till: &Till, contract_id: &str) -> Result<(Order, i64), OrdersError> {
    let known = repo::of_contract(&mut *till.read().await?, contract_id).await?;
    match known {
        Some(known) => Ok(known),
        None => Ok((of_central(till, contract_id).await?.order, AS_CENTRAL_HAS_IT)),
    }
}

/// As Central judges it; what it knows and this device does not, it says when it hears of it.
fn check(order: &Order, units: u32) -> Result<(), OrdersError> {
    if !OrderStep::Fulfil.may_follow(order.state) {
        let state = order.state.as_str();
        return Err(OrdersError::Moved(format!("the order is {state}: only one that is paid for is delivered")));
    }
    let left = order.quantity.saturating_sub(order.delivered);
    if (1..=left).contains(&units) {
        return Ok(());
    }
    Err(OrdersError::Invalid { field: "units", message: format!("1 to {left} units are left to deliver") })
}

fn external_id(typed: Option<&str>) -> Result<Option<String>, OrdersError> {
    let Some(typed) = typed.map(str::trim).filter(|typed| !typed.is_empty()) else { return Ok(None) };
    if typed.chars().count() > 100 || typed.chars().any(char::is_control) {
        let message = String::from("the provider's name for an order has 1 to 100 characters");
        return Err(OrdersError::Invalid { field: "external_id", message });
    }
    Ok(Some(typed.to_owned()))
}

#[cfg(test)]
mod tests {
    use counterfoil_domain::market::OrderState;

    use super::*;
    use crate::rig::orders::order;

    #[test]
    fn only_what_is_paid_for_and_not_delivered_yet_is_delivered() {
        for state in [OrderState::Paid, OrderState::Pending, OrderState::Partial] {
            let order = Order { delivered: 1, ..order(1, state, 3) };
            check(&order, 2).expect("two are left");
            for units in [0, 3, u32::MAX] {
                assert!(matches!(check(&order, units), Err(OrdersError::Invalid { field: "units", .. })), "{units}");
            }
        }
        for state in [OrderState::Draft, OrderState::Placed, OrderState::Refunded, OrderState::Fulfilled] {
            assert!(matches!(check(&order(1, state, 3), 1), Err(OrdersError::Moved(_))), "{state:?}");
        }
    }

    #[test]
    fn a_providers_name_for_an_order_is_a_line_of_text() {
        assert_eq!(external_id(Some("  ")).expect("none"), None);
        assert_eq!(external_id(Some(" X-17 ")).expect("one").as_deref(), Some("X-17"));
        assert!(external_id(Some(&"x".repeat(101))).is_err() && external_id(Some("a\nb")).is_err());
    }
}
