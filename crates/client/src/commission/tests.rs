//! An earning is computed again, and one that Central got wrong shows.

use counterfoil_domain::amount::{Amount, BasisPoints};
use counterfoil_domain::commission::{CommissionRules, EarningState, RateBasis, SaleFacts, SaleKind};
use counterfoil_domain::ids::{AccountId, EarningId, ResellerId};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::commission::{Earning, EarningDetail, SourceKind};

use super::{agrees, recompute};

fn euros(value: i64) -> Amount {
    Amount::new(value, "EUR".parse().expect("unit")).expect("amount")
}

fn detail() -> EarningDetail {
    let facts = SaleFacts { kind: SaleKind::Payment, fixed_rate: None, active_accounts: 12, uplines: 1 };
    let earning = Earning {
        earning_id: EarningId::from_bytes([1; 16]),
        reseller_id: ResellerId::from_bytes([2; 16]),
        company: "Corner Shop".into(),
        seller_id: ResellerId::from_bytes([2; 16]),
        seller: "Corner Shop".into(),
        level: 0,
        source: SourceKind::Subscription,
        source_id: uuid::Uuid::nil(),
        reference: "ada".into(),
        account_id: AccountId::from_bytes([3; 16]),
        username: "ada".into(),
        plan_name: "Month".into(),
        price: euros(999),
        basis: RateBasis::Tier { from_accounts: 10, active_accounts: 12 },
        rate: BasisPoints::of(1_200),
        rate_before_cap: BasisPoints::of(1_200),
        amount: euros(120),
        rules_version: 1,
        facts,
        sold_at: Timestamp(1),
        available_at: Timestamp(2),
        state: EarningState::Pending,
        payout_id: None,
        reversed_at: None,
        reason: None,
    };
    EarningDetail { earning, rules: CommissionRules::default(), events: Vec::new() }
}

#[test]
fn what_central_says_is_what_this_machine_computes() {
    type Change = fn(&mut EarningDetail);
    let right = detail();
    assert!(agrees(&right, &recompute(&right).expect("a share")));
    let wrong: [Change; 5] = [
        |d| d.earning.amount = euros(119),
        |d| d.earning.rate = BasisPoints::of(1_199),
        |d| d.earning.basis = RateBasis::Codes,
        |d| d.rules.tiers[1].rate = BasisPoints::of(1_300),
        |d| d.earning.rules_version = 2,
    ];
    for change in wrong {
        let mut other = detail();
        change(&mut other);
        assert!(!agrees(&other, &recompute(&other).expect("a share")), "{other:?}");
    }
    let mut beyond = detail();
    beyond.earning.level = 3;
    assert_eq!(recompute(&beyond), None);
}
