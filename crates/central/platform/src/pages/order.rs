//! `/order/{token}`: what became of an order, for whoever has its address.

use askama::Template;
use axum::http::StatusCode;
use counterfoil_domain::market::{OrderState, undelivered_share};
use counterfoil_wire::market::PublicOrder;

use super::words::Trouble;
use super::words::order::of_order_page;
use super::{Letterhead, Page, stylesheet_path};
use crate::calendar::{Day, days};
use crate::failure::Failure;
use crate::in_words;

/// How it stands, as the page tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Standing(OrderState);

impl Standing {
    const fn word(self) -> &'static str {
        match self.0 {
            OrderState::Draft => "Not ordered yet",
            OrderState::Placed => "Waits for your payment",
            OrderState::Paid => "Paid",
            OrderState::Pending => "Being delivered",
            OrderState::Partial => "Delivered in part",
            OrderState::Fulfilled => "Delivered",
            OrderState::Failed => "Cannot be delivered",
            OrderState::Cancelled => "Cancelled",
            OrderState::Refunded => "Money given back",
        }
    }

    const fn tone(self) -> &'static str {
        match self.0 {
            OrderState::Fulfilled => "good",
            OrderState::Draft | OrderState::Placed | OrderState::Paid | OrderState::Pending | OrderState::Partial => {
                "wait"
            }
            OrderState::Failed | OrderState::Cancelled | OrderState::Refunded => "over",
        }
    }

    /// What the customer does, or waits for.
    fn next(self, company: &str) -> String {
        match self.0 {
            OrderState::Draft | OrderState::Placed => {
                format!("Pay {company} directly: in the shop, or as they tell you. Nothing is charged on this page.")
            }
            OrderState::Paid => format!("{company} has your payment and sees to the delivery."),
            OrderState::Pending => format!("{company} has asked for it. It is delivered next."),
            OrderState::Partial => "The rest follows. What you have already is below.".to_owned(),
            OrderState::Fulfilled => "Everything is there. What you need to use it is below.".to_owned(),
            OrderState::Failed => format!("{company} gives you back what you paid for what was not delivered."),
            OrderState::Cancelled => "You had not paid, and you owe nothing.".to_owned(),
            OrderState::Refunded => "You have all your money back.".to_owned(),
        }
    }
}

/// A failed order of which the customer has back what was paid for the rest.
fn is_settled(order: &PublicOrder) -> bool {
    let owed = undelivered_share(order.total.value(), i64::from(order.quantity), i64::from(order.delivered));
    order.state == OrderState::Failed && order.refunded.value() >= owed
}

fn next_of(order: &PublicOrder) -> String {
    if is_settled(order) {
        return "You have all back that you paid for what was not delivered.".to_owned();
    }
    Standing(order.state).next(&order.company)
}

#[derive(Template)]
#[template(path = "order.html")]
struct ShownPage<'a> {
    letterhead: &'a Letterhead,
    stylesheet: &'a str,
    order: &'a PublicOrder,
    standing: Standing,
    next: String,
    total: String,
    /// Where something was given back.
    refunded: Option<String>,
    term: Option<String>,
    ordered: Day,
    changed: Day,
}

#[derive(Template)]
#[template(path = "order_unknown.html")]
struct UnknownPage<'a> {
    letterhead: &'a Letterhead,
    stylesheet: &'a str,
    trouble: &'a Trouble,
}

/// As it is now; days are those of the operator's zone.
pub fn shown(letterhead: &Letterhead, order: &PublicOrder, time_zone: &str) -> Page {
    let page = ShownPage {
        letterhead,
        stylesheet: stylesheet_path(),
        order,
        standing: Standing(order.state),
        next: next_of(order),
        total: in_words::amount(order.total),
        refunded: (order.refunded.value() > 0).then(|| in_words::amount(order.refunded)),
        term: (order.term_days > 0).then(|| days(i64::from(order.term_days))),
        ordered: Day::of(order.created_at, time_zone),
        changed: Day::of(order.changed_at, time_zone),
    };
    Page::render(StatusCode::OK, None, &page)
}

/// The address opens nothing, or nobody can look right now.
pub fn refused(letterhead: &Letterhead, failure: &Failure) -> Page {
    failure.log();
    let trouble = of_order_page(failure.problem());
    let page = UnknownPage { letterhead, stylesheet: stylesheet_path(), trouble: &trouble };
    Page::render(trouble.status, trouble.retry_after_s, &page)
}

#[cfg(test)]
mod tests {
    use counterfoil_domain::market::OrderState;

    use super::Standing;

    #[test]
    fn every_state_says_something_else_and_what_comes_next() {
        let mut words: Vec<&str> = OrderState::ALL.iter().map(|state| Standing(*state).word()).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), OrderState::ALL.len());
        for state in OrderState::ALL {
            assert!(Standing(*state).next("Corner Shop").ends_with('.'), "{state:?}");
        }
        assert_eq!(Standing(OrderState::Fulfilled).tone(), "good");
    }
}
