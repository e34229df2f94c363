//! What becomes of codes that the operator keeps, as a person would tell it.

use counterfoil_domain::ids::LotId;
use counterfoil_model::lots::{Card, Given, Printed};
use counterfoil_model::reference::{Reference, Shop, Verdict};

const STOCK: LotId = LotId::from_bytes([1; 16]);
const LOT: LotId = LotId::from_bytes([2; 16]);
const DAY: i64 = 20_000;

/// A shop with 100 credits, and five cards of 30 days.
fn kept() -> Reference {
    let mut reference = Reference::new(vec![Shop { wallet: 100, funded: 100, ..Shop::default() }]);
    let cards = (1..=5).map(|seq| (seq, Card::Kept)).collect();
    reference.lots.insert(STOCK, Printed { term: 30, redeem_by: 1_000, cards });
    reference
}

fn given() -> Given {
    Given { shop: 0, lot: LOT, cost: 30 }
}

fn books(reference: &Reference) -> [i64; 3] {
    let shop = reference.shops[0];
    [shop.wallet, shop.issued, shop.consumed]
}

#[test]
fn a_shop_pays_for_what_it_is_given_and_what_it_cannot_pay_stays_kept() {
    let mut reference = kept();
    assert!(!reference.allocate(STOCK, (1, 4), given()), "120 of 100");
    assert_eq!((books(&reference), reference.lots[&STOCK].gone()), ([100, 0, 0], (0, 0)));
    assert!(reference.allocate(STOCK, (1, 2), given()));
    assert!(!reference.allocate(STOCK, (1, 2), given()), "nothing is left");
    assert!(reference.allocate(STOCK, (2, 3), given()), "one of the two is");
    assert_eq!((books(&reference), reference.lots[&STOCK].gone()), ([10, 90, 0], (3, 0)));
    assert_eq!((reference.cost_of_cards(0), reference.cards_of_shops().len()), (90, 3));
}

#[test]
fn only_what_a_shop_has_is_used_once_and_revoking_books_nothing() {
    let mut reference = kept();
    assert!(reference.allocate(STOCK, (1, 2), given()));
    assert!(reference.revoke_kept(STOCK, (1, 4)));
    assert!(!reference.revoke_kept(STOCK, (1, 4)), "nothing is kept there any more");
    assert_eq!((books(&reference), reference.lots[&STOCK].gone()), ([40, 60, 0], (2, 2)));
    let used = Verdict::Activated { last_day: DAY + 30 };
    for (seq, who, now, verdict) in [
        (1, 7, 0, Some(used)),
        (1, 7, 0, Some(Verdict::Repeated)),
        (1, 8, 0, Some(Verdict::UsedByOther)),
        (2, 7, 1_000, Some(Verdict::TooLate)),
        (3, 7, 0, Some(Verdict::Voided)),
        (5, 7, 0, None),
        (6, 7, 0, Some(Verdict::Unknown)),
    ] {
        assert_eq!(reference.redeem_card((STOCK, seq), who, now, DAY), verdict, "number {seq} by {who}");
    }
    assert_eq!(books(&reference), [40, 30, 30]);
}
