//! What is stored, signed or sent reads back exactly, and nothing else reads at all.

use counterfoil_domain::amount::{Currency, Unit};
use counterfoil_domain::code::Prefix;
use counterfoil_domain::feed::{Cursor, FeedTable};
use counterfoil_domain::ids::{
    AccountId, DeviceId, Epoch, LeaseId, OpId, OperatorId, OrderId, PlanId, PortalId, ResellerId, SaleId,
};
use counterfoil_domain::lease::{BlobError, LeaseTerms, SignedLease, Slot};
use counterfoil_domain::market::Details;
use counterfoil_domain::oplog::{Op, OpBody, OpError, SCHEMA};
use counterfoil_domain::portal::{BoxContact, BoxOutcome};
use counterfoil_domain::time::Timestamp;
use ed25519_dalek::{Signer, SigningKey};
use proptest::prelude::*;
use uuid::Uuid;

const MOST: i64 = counterfoil_domain::amount::Amount::MAX;

fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

fn slots() -> impl Strategy<Value = Vec<Slot>> {
    let slot = (any::<[u8; 16]>(), any::<u32>(), any::<u16>(), 1..=MOST, 0..=MOST);
    prop::collection::vec(slot, 1..=LeaseTerms::MAX_SLOTS).prop_map(|slots| {
        let slots = slots.into_iter().zip(0..).map(|((mut plan, plan_version, term_days, cost, price), slot)| {
            plan[0] = slot;
            Slot { slot, plan_id: PlanId::from_bytes(plan), plan_version, term_days, cost, price }
        });
        slots.collect()
    })
}

fn terms() -> impl Strategy<Value = LeaseTerms> {
    let ids = (any::<[u8; 16]>(), any::<[u8; 16]>(), any::<[u8; 16]>(), any::<[u8; 16]>(), any::<[u8; 16]>());
    let figures = (any::<u16>(), any::<bool>(), 1..=MOST, 1..=u16::MAX, "[0-9A-HJKMNP-TV-Z]{1,19}", any::<u8>());
    let times = (0..=MOST, 1..1_000_000_i64, 0..1_000_000_i64, 0..1_000_000_i64);
    (ids, figures, slots(), times).prop_map(|(ids, figures, slots, times)| {
        let (key_id, money, amount, max_codes, prefix, word_list) = figures;
        let currency = Currency::new(*b"IRR").expect("capitals");
        let issue_until = times.0 + times.1;
        LeaseTerms {
            lease_id: LeaseId::from_bytes(ids.0),
            operator_id: OperatorId::from_bytes(ids.1),
            reseller_id: ResellerId::from_bytes(ids.2),
            device_id: DeviceId::from_bytes(ids.3),
            key_id,
            unit: if money { Unit::Minor(currency) } else { Unit::Credits },
            currency,
            amount,
            max_codes,
            prefix: Prefix::new(&prefix).expect("of the alphabet"),
            slots,
            issued_at: Timestamp(times.0),
            issue_until: Timestamp(issue_until),
            settle_until: Timestamp(issue_until + times.2),
            redeem_by: Timestamp(issue_until + times.2 + times.3),
            salt: ids.4,
            word_list,
        }
    })
}

fn id() -> impl Strategy<Value = Uuid> {
    any::<u128>().prop_map(Uuid::from_u128)
}

fn ops() -> impl Strategy<Value = Op> {
    let email = prop::option::of(any::<String>());
    let sale = (id(), id(), any::<u8>(), id(), any::<u32>(), any::<u32>(), email).prop_map(
        |(sale, lease, slot, plan, seq_from, seq_to, customer_email)| OpBody::Sale {
            sale_id: SaleId(sale),
            lease_id: LeaseId(lease),
            slot,
            plan_id: PlanId(plan),
            seq_from,
            seq_to,
            customer_email,
        },
    );
    let void = (id(), any::<u32>()).prop_map(|(lease, seq)| OpBody::Void { lease_id: LeaseId(lease), seq });
    let close = (id(), any::<u32>(), any::<i64>()).prop_map(|(lease, last_seq, used)| OpBody::CloseLease {
        lease_id: LeaseId(lease),
        last_seq,
        used,
    });
    let details = prop::collection::btree_map("[a-z]{1,40}", "\\PC{1,500}", 0..4);
    let fulfilment = (id(), any::<u32>(), prop::option::of(any::<String>()), details).prop_map(
        |(order, units, external_id, details)| OpBody::Fulfilment {
            order_id: OrderId(order),
            units,
            external_id,
            details: Details::try_from(details).expect("flat texts"),
        },
    );
    let reprovision = (id(), id()).prop_map(|(portal, account)| OpBody::Reprovision {
        portal_id: PortalId(portal),
        account_id: AccountId(account),
    });
    let (contact, outcome) = (prop::sample::select(BoxContact::ALL), prop::sample::select(BoxOutcome::ALL));
    let told = (id(), id(), contact, outcome).prop_map(|(portal, account, contact, outcome)| OpBody::BoxContact {
        portal_id: PortalId(portal),
        account_id: AccountId(account),
        contact,
        outcome,
    });
    let body = prop_oneof![sale, void, close, fulfilment, reprovision, told];
    (id(), id(), any::<u32>(), any::<i64>(), body).prop_map(|(op, device, op_seq, at, body)| Op {
        op_id: OpId(op),
        device_id: DeviceId(device),
        op_seq,
        schema: body.schema(),
        created_at: Timestamp(at),
        body,
    })
}

#[test]
fn a_delivery_has_no_lease_and_came_with_the_second_version() {
    let (lease_id, order_id) = (LeaseId(Uuid::from_u128(4)), OrderId(Uuid::from_u128(6)));
    let void = OpBody::Void { lease_id, seq: 3 };
    assert_eq!((void.lease(), void.schema()), (Some(lease_id), 1));
    let delivery = OpBody::Fulfilment { order_id, units: 1, external_id: None, details: Details::default() };
    assert_eq!((delivery.lease(), delivery.schema()), (None, 2));
    let text = serde_json::to_string(&delivery).expect("JSON");
    assert_eq!(text, format!(r#"{{"kind":"fulfilment","order_id":"{order_id}","units":1}}"#));
}

#[test]
fn what_is_about_a_portal_has_no_lease_and_came_with_the_third_version() {
    let (portal_id, account_id) = (PortalId(Uuid::from_u128(8)), AccountId(Uuid::from_u128(9)));
    let again = OpBody::Reprovision { portal_id, account_id };
    let (contact, outcome) = (BoxContact::ReloadPortal, BoxOutcome::Unknown);
    let told = OpBody::BoxContact { portal_id, account_id, contact, outcome };
    for (body, rest) in [
        (again, r#""kind":"reprovision""#),
        (told, r#""contact":"reload_portal","kind":"box_contact","outcome":"unknown""#),
    ] {
        assert_eq!((body.lease(), body.schema()), (None, 3));
        let text = serde_json::to_value(&body).expect("JSON");
        let mut expected: serde_json::Value = serde_json::from_str(&format!("{{{rest}}}")).expect("JSON");
        expected["portal_id"] = serde_json::json!(portal_id);
        expected["account_id"] = serde_json::json!(account_id);
        assert_eq!(text, expected);
    }
}

/// A failure prints its smallest input; that belongs into a test with a name, not into a file beside.
fn kept_nowhere() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    // A signature costs milliseconds without optimisation.
    #![proptest_config(ProptestConfig { cases: 24, ..kept_nowhere() })]

    #[test]
    fn a_signed_lease_reads_back(terms in terms()) {
        let signed = SignedLease::sign(terms.clone(), &key()).expect("valid terms");
        let read = SignedLease::verify(signed.bytes(), &key().verifying_key()).expect("its own bytes");
        prop_assert_eq!(read.terms(), &terms);
        prop_assert_eq!(read.bytes(), signed.bytes());
    }

    /// Also when Central itself signed the nonsense: what was cut, stretched or changed is refused, never a panic.
    #[test]
    fn signed_nonsense_is_refused(terms in terms(), at in any::<prop::sample::Index>(), to in any::<u8>(),
        tail in prop::collection::vec(any::<u8>(), 1..40)) {
        let signed = SignedLease::sign(terms, &key()).expect("valid terms");
        let body = &signed.bytes()[..signed.bytes().len() - 64];
        let resign = |body: &[u8]| [body, &key().sign(body).to_bytes()].concat();
        let verify = |bytes: &[u8]| SignedLease::verify(bytes, &key().verifying_key());
        prop_assert_eq!(verify(&resign(&body[..at.index(body.len())])), Err(BlobError::Malformed));
        prop_assert_eq!(verify(&resign(&[body, &tail[..]].concat())), Err(BlobError::Malformed));
        let mut changed = body.to_vec();
        changed[at.index(body.len())] = to;
        if let Ok(read) = verify(&resign(&changed)) {
            let again = SignedLease::sign(read.terms().clone(), &key()).expect("valid terms");
            prop_assert_eq!(again.bytes(), read.bytes(), "two texts for one lease");
        }
    }
}

proptest! {
    #![proptest_config(kept_nowhere())]

    #[test]
    fn random_bytes_are_no_lease(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(SignedLease::verify(&bytes, &key().verifying_key()).is_err());
    }

    #[test]
    fn an_operation_reads_back_with_the_same_bytes(op in ops()) {
        let bytes = op.to_bytes();
        let read = Op::from_bytes(&bytes).expect("its own bytes");
        prop_assert_eq!(&read, &op);
        prop_assert_eq!(read.to_bytes(), bytes);
    }

    #[test]
    fn an_operation_with_something_unknown_is_refused(op in ops(), field in "[a-z_]{1,12}", inside in any::<bool>()) {
        let mut value: serde_json::Value = serde_json::from_slice(&op.to_bytes()).expect("JSON");
        let object = if inside { &mut value["body"] } else { &mut value };
        prop_assume!(object.get(&field).is_none() && field != "customer_email");
        object[&field] = serde_json::Value::from(1);
        let refused = Op::from_bytes(value.to_string().as_bytes());
        prop_assert!(matches!(refused, Err(OpError::Malformed(_))), "{:?}", refused);
    }

    #[test]
    fn an_operation_of_a_later_version_says_so(op in ops(), schema in SCHEMA + 1..=u16::MAX) {
        let mut value: serde_json::Value = serde_json::from_slice(&op.to_bytes()).expect("JSON");
        value["schema"] = schema.into();
        value["unheard"] = true.into();
        let refused = Op::from_bytes(value.to_string().as_bytes());
        prop_assert!(matches!(refused, Err(OpError::FromTheFuture(of)) if of == schema));
    }

    #[test]
    fn random_bytes_are_no_operation(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(Op::from_bytes(&bytes).is_err());
    }

    #[test]
    fn a_cursor_reads_back(epoch in id(), version in 0..=i64::MAX, table in 0..FeedTable::ALL.len(), key in id()) {
        let cursor = Cursor { epoch: Epoch(epoch), version, table: FeedTable::ALL[table], key };
        prop_assert_eq!(Cursor::from_text(&cursor.to_text()), Ok(cursor));
    }

    #[test]
    fn any_text_is_a_cursor_or_refused(text in any::<String>()) {
        if let Ok(cursor) = Cursor::from_text(&text) {
            prop_assert_eq!(Cursor::from_text(&cursor.to_text()), Ok(cursor));
        }
    }

    /// The order of the feed is total, and its ends are its ends.
    #[test]
    fn a_row_is_before_or_behind_a_cursor(version in 1..100_i64, other in 1..100_i64, table in 0..FeedTable::ALL.len(), key in id()) {
        let table = FeedTable::ALL[table];
        let cursor = Cursor { epoch: Epoch(Uuid::nil()), version: other, table, key };
        prop_assert_eq!(cursor.is_before(version, table, key), other < version);
        prop_assert!(Cursor::start(Epoch(Uuid::nil())).is_before(version, table, key));
        prop_assert!(!Cursor::after_version(Epoch(Uuid::nil()), version).is_before(version, table, key));
    }
}
