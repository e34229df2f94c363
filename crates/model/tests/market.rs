//! The reference of the market beside the rules of the domain: neither was made from the other.

use counterfoil_domain::ids::{OfferingId, OpId, OrderId};
use counterfoil_domain::market::{Markup, Nanos, quote, refund_split};
use counterfoil_model::market::{Deed, Market, Offer, Ruling, Seller, Stage, Wish};

const OFFERING: OfferingId = OfferingId::from_bytes([1; 16]);
const ORDER: OrderId = OrderId::from_bytes([2; 16]);

fn step(number: u8) -> OpId {
    OpId::from_bytes([number; 16])
}

/// One shop, one offering at this price in billionths, and so many units of it.
fn market(price: i64, markup: i64, stocked: Option<i64>) -> Market {
    let mut market = Market::default();
    market.offers.insert(OFFERING, Offer { price, stocked, offered: true });
    market.sellers.push(Seller { markup, sells: true, settled: 0 });
    market
}

fn wish(quantity: i64) -> Wish {
    Wish { shop: 0, offering: OFFERING, quantity, by_customer: true, place: true, shown: None }
}

fn pay() -> Deed {
    Deed::Pay { note: String::new() }
}

fn refund(amount: i64) -> Deed {
    Deed::Refund { amount, reason: "It was broken".to_owned() }
}

#[test]
fn prices_and_parts_of_refunds_are_those_of_the_rules() {
    for price in [1, 4_999_999, 5_000_000, 3_999_999_999, 12_345_678_901, 33_333_333_333] {
        for (markup, quantity) in [(0, 1), (1, 3), (12, 1), (35, 7), (50, 1_000)] {
            let mut market = market(price, markup, None);
            let rule =
                quote(Nanos::new(price).expect("a price"), quantity, Markup::try_from(markup).expect("a markup"), 2);
            let rule = rule.expect("a total");
            assert_eq!(market.order(ORDER, &wish(quantity.into())), Ruling::Done);
            assert_eq!(market.take(None, ORDER, step(3), &pay()), Ruling::Done);
            let placed = market.orders[&ORDER].price;
            assert_eq!((placed.base, placed.total), (rule.base_minor, rule.total_minor), "{quantity} at {price}");
            let (mut base, mut markup, mut back) = (rule.base_minor, rule.markup_minor, 0);
            for number in 10..13 {
                let amount = (rule.total_minor / 3).max(1).min(rule.total_minor - back);
                let Some(split) = refund_split(rule.base_minor, rule.markup_minor, back, amount) else { break };
                assert_eq!(market.take(None, ORDER, step(number), &refund(amount)), Ruling::Done);
                (base, markup, back) = (base - split.base, markup - split.markup, back + amount);
                assert_eq!(market.orders[&ORDER].shares(), (base, markup), "{back} of {placed:?} went back");
            }
            assert_eq!(market.unsound(), None);
        }
    }
}

#[test]
fn a_stock_is_what_was_put_there_less_what_is_held() {
    let mut market = market(1_000_000_000, 10, Some(3));
    let second = OrderId::from_bytes([4; 16]);
    assert_eq!(market.order(ORDER, &wish(2)), Ruling::Done);
    assert_eq!((market.left(OFFERING), market.order(second, &wish(2))), (Some(1), Ruling::Wrong));
    assert_eq!(market.order(ORDER, &wish(2)), Ruling::Again);
    assert_eq!(market.order(ORDER, &wish(1)), Ruling::Reused);
    assert_eq!(market.take(None, ORDER, step(5), &pay()), Ruling::Done);
    let deliver = |units| Deed::Deliver { units, external: String::new() };
    assert_eq!(market.take(Some(1), ORDER, step(6), &deliver(1)), Ruling::Unknown, "another shop's");
    assert_eq!(market.take(Some(0), ORDER, step(6), &deliver(3)), Ruling::Wrong, "more than there are");
    assert_eq!(market.take(Some(0), ORDER, step(6), &deliver(1)), Ruling::Done);
    assert_eq!(market.take(Some(0), ORDER, step(6), &deliver(1)), Ruling::Again);
    let failed = Deed::Fail { reason: "No more".to_owned() };
    assert_eq!(market.take(Some(0), ORDER, step(7), &failed), Ruling::Done);
    assert_eq!((market.orders[&ORDER].stage(), market.left(OFFERING)), (Stage::Failed, Some(2)));
    assert_eq!(market.take(None, ORDER, step(8), &refund(220)), Ruling::Done);
    assert_eq!((market.orders[&ORDER].stage(), market.left(OFFERING)), (Stage::Refunded, Some(2)));
    assert_eq!((market.owed(None), market.unsound()), (0, None));
}

#[test]
fn a_draft_is_written_anew_until_it_is_placed_and_what_is_withdrawn_is_kept_and_not_placed() {
    let mut market = market(1_000_000_000, 10, Some(5));
    let written = |quantity, place| Wish { by_customer: false, place, ..wish(quantity) };
    assert_eq!(market.order(ORDER, &written(2, false)), Ruling::Done);
    assert_eq!(market.edit(Some(1), ORDER, &written(3, false)), Ruling::Unknown, "another shop's");
    market.sellers[0].markup = 20;
    assert_eq!(market.edit(Some(0), ORDER, &written(3, false)), Ruling::Done);
    assert_eq!((market.orders[&ORDER].price.total, market.left(OFFERING)), (360, Some(5)));
    assert_eq!(market.edit(Some(0), ORDER, &written(6, true)), Ruling::Wrong, "more than there are");

    let withdraw = |market: &mut Market, offered| {
        let offer = Offer { offered, ..market.offers[&OFFERING] };
        market.offers.insert(OFFERING, offer);
    };
    withdraw(&mut market, false);
    assert_eq!(market.edit(Some(0), ORDER, &written(4, true)), Ruling::Wrong);
    assert_eq!(market.edit(Some(0), ORDER, &written(4, false)), Ruling::Done, "a draft costs nobody anything");
    withdraw(&mut market, true);
    let shown = Wish { shown: Some(481), ..written(4, true) };
    assert_eq!(market.edit(Some(0), ORDER, &shown), Ruling::Moved);
    let shown = Wish { shown: Some(480), ..written(4, true) };
    assert_eq!(market.edit(Some(0), ORDER, &shown), Ruling::Done);
    assert_eq!((market.orders[&ORDER].stage(), market.left(OFFERING)), (Stage::Placed, Some(1)));

    withdraw(&mut market, false);
    assert_eq!(market.edit(Some(0), ORDER, &shown), Ruling::Again);
    assert_eq!(market.edit(Some(0), ORDER, &written(2, true)), Ruling::Wrong, "it is no draft any more");
    assert_eq!(market.take(Some(0), ORDER, step(5), &pay()), Ruling::Done, "what was ordered goes on");
    assert_eq!(market.unsound(), None);
}
