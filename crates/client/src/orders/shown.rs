//! An order with what this device delivered of it and Central's rows do not show yet.

use std::collections::BTreeMap;

use counterfoil_domain::market::{Details, OrderState, OrderStep};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::orders::Order;

/// As it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) order: Order,
    /// Units of `order.delivered` that are only in this device's log.
    pub(crate) unsent: u32,
    /// What waits to be sent, in its order.
    pub(crate) waiting: Vec<Own>,
}

/// A delivery of this device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Own {
    pub(crate) units: u32,
    pub(crate) external_id: Option<String>,
    pub(crate) details: Details,
    pub(crate) at: Timestamp,
    /// Central answered; its row has not come yet.
    pub(crate) sent: bool,
    /// Of the order, after it.
    pub(crate) state: OrderState,
}

impl Shown {
    /// Lays deliveries over an order, in their order. One that does not follow where the order stands changes nothing:
    /// Central refuses it, and the queue says so.
    pub(crate) fn of(order: Order, own: Vec<Own>) -> Self {
        let mut shown = Self { order, unsent: 0, waiting: Vec::new() };
        for delivery in own {
            shown.lay(delivery);
        }
        shown
    }

    fn lay(&mut self, mut own: Own) {
        let order = &mut self.order;
        let left = order.quantity.saturating_sub(order.delivered);
        if let Some(state) = OrderStep::Fulfil.leads_to(order.state, own.units >= left) {
            let units = own.units.min(left);
            order.state = state;
            order.delivered += units;
            if let Some(external) = &own.external_id {
                order.external_id = Some(external.clone());
            }
            let details = std::mem::take(&mut order.details);
            order.details = joined(details, &own.details);
            order.changed_at = order.changed_at.max(own.at);
            if state == OrderState::Fulfilled {
                order.ended_at = Some(own.at);
            }
            if !own.sent {
                self.unsent += units;
            }
        }
        own.state = order.state;
        if !own.sent {
            self.waiting.push(own);
        }
    }
}

/// One of the same name takes the other's place. Where both together are more than details may be, Central decides.
fn joined(details: Details, more: &Details) -> Details {
    let mut entries: BTreeMap<String, String> = details.clone().into();
    entries.extend(more.iter().map(|(name, text)| (name.to_owned(), text.to_owned())));
    Details::try_from(entries).unwrap_or(details)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rig::orders::order;

    fn own(units: u32, sent: bool) -> Own {
        Own {
            units,
            external_id: Some(format!("X-{units}")),
            details: Details::from_json(r#"{"login":"amber-17"}"#).expect("details"),
            at: Timestamp(9),
            sent,
            state: OrderState::Draft,
        }
    }

    #[test]
    fn deliveries_add_up_until_all_is_delivered() {
        let shown = Shown::of(order(1, OrderState::Paid, 3), vec![own(1, true), own(2, false)]);
        assert_eq!((shown.order.state, shown.order.delivered, shown.unsent), (OrderState::Fulfilled, 3, 2));
        assert_eq!(shown.order.external_id.as_deref(), Some("X-2"));
        assert_eq!(shown.order.ended_at, Some(Timestamp(9)));
        assert_eq!(shown.waiting.len(), 1);
        let part = Shown::of(order(1, OrderState::Pending, 3), vec![own(1, false)]);
        assert_eq!((part.order.state, part.order.delivered, part.unsent), (OrderState::Partial, 1, 1));
        assert_eq!(part.waiting[0].state, OrderState::Partial);
    }

    #[test]
    fn what_central_will_refuse_changes_nothing_and_is_still_told() {
        let before = order(1, OrderState::Refunded, 3);
        let shown = Shown::of(before.clone(), vec![own(1, false)]);
        assert_eq!((&shown.order, shown.unsent, shown.waiting.len()), (&before, 0, 1));
        // One that Central has by now: no more than all is ever delivered.
        let shown = Shown::of(Order { delivered: 2, ..order(1, OrderState::Partial, 3) }, vec![own(2, false)]);
        assert_eq!((shown.order.delivered, shown.unsent), (3, 1));
    }
}
