//! The ledger against a model of maps, under many hands, and against tampering.

use std::collections::HashMap;

use counterfoil_domain::amount::{Amount, Unit};
use counterfoil_domain::ids::{LedgerAccountId, ResellerId};
use counterfoil_domain::ledger::{AccountKind, SourceEvent, TransferKind};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use tokio::task::JoinSet;

use super::world::{World, new_transfer};
use crate::engine::ledger::{self, PostError, Posted, Posting};
use crate::engine::work::Work;
use crate::engine::{console, credits};

fn posting<'a>(
    kind: TransferKind,
    event: SourceEvent,
    debit: LedgerAccountId,
    credit: LedgerAccountId,
    amount: i64,
    work: &Work,
) -> Posting<'a> {
    Posting {
        transfer_id: new_transfer(),
        source_event: event,
        kind,
        debit,
        credit,
        amount: Amount::new(amount, Unit::Credits).expect("amount"),
        note: None,
        reference: None,
        at: work.now(),
        reverses: None,
    }
}

async fn books(work: &mut Work, reseller: ResellerId) -> HashMap<AccountKind, LedgerAccountId> {
    let mut books = HashMap::new();
    for kind in [AccountKind::Wallet, AccountKind::Issued, AccountKind::Consumed, AccountKind::Funding] {
        books.insert(kind, ledger::account_of(work.conn(), kind, reseller).await.expect("book").id);
    }
    books
}

async fn fund(world: &World, reseller: ResellerId, amount: i64) {
    let movement = counterfoil_wire::credits::MoveCredits {
        transfer_id: new_transfer(),
        kind: TransferKind::Purchase,
        amount,
        note: String::new(),
        pack: None,
    };
    let actor = crate::engine::audit::Actor::system();
    credits::move_credits(&world.app, world.operator, &actor, reseller, &movement).await.expect("funded");
}

#[derive(Debug, Clone)]
enum Step {
    /// (kind, amount, event): few events, so that they repeat.
    Post(TransferKind, i64, u8),
    Commit,
    Rollback,
}

fn step() -> impl Strategy<Value = Step> {
    use TransferKind::{Activation, Debit, OnlineSale, Purchase, Void};
    prop_oneof![
        12 => (prop::sample::select(vec![Purchase, Debit, OnlineSale, Activation, Void]), 1..50_i64, 0..40_u8)
            .prop_map(|(kind, amount, event)| Step::Post(kind, amount, event)),
        1 => Just(Step::Commit),
        1 => Just(Step::Rollback),
    ]
}

/// The same ledger in maps.
#[derive(Debug, Clone, Default, PartialEq)]
struct Model {
    balances: HashMap<AccountKind, i64>,
    events: HashMap<u8, (TransferKind, i64)>,
}

#[derive(Debug, PartialEq)]
enum Outcome {
    Posted,
    Repeated,
    Insufficient(i64),
    IdReused,
}

const fn sides(kind: TransferKind) -> (AccountKind, AccountKind) {
    match kind {
        TransferKind::Debit => (AccountKind::Wallet, AccountKind::Funding),
        TransferKind::OnlineSale => (AccountKind::Wallet, AccountKind::Issued),
        TransferKind::Activation => (AccountKind::Issued, AccountKind::Consumed),
        TransferKind::Void => (AccountKind::Issued, AccountKind::Wallet),
        _ => (AccountKind::Funding, AccountKind::Wallet),
    }
}

impl Model {
    fn post(&mut self, kind: TransferKind, amount: i64, event: u8) -> Outcome {
        if let Some(known) = self.events.get(&event) {
            return if *known == (kind, amount) { Outcome::Repeated } else { Outcome::IdReused };
        }
        let (debit, credit) = sides(kind);
        let available = self.balances.get(&debit).copied().unwrap_or_default() - debit.floor(0);
        if available < amount {
            return Outcome::Insufficient(available);
        }
        *self.balances.entry(debit).or_default() -= amount;
        *self.balances.entry(credit).or_default() += amount;
        self.events.insert(event, (kind, amount));
        Outcome::Posted
    }
}

fn outcome(result: Result<Posted, PostError>) -> Outcome {
    match result {
        Ok(Posted { repeated: false, .. }) => Outcome::Posted,
        Ok(Posted { repeated: true, .. }) => Outcome::Repeated,
        Err(PostError::Insufficient { available, .. }) => Outcome::Insufficient(available.value()),
        Err(PostError::IdReused) => Outcome::IdReused,
        Err(other) => panic!("{other}"),
    }
}

async fn follow(world: &World, name: &str, steps: &[Step]) {
    let reseller = world.add_reseller(name, None).await;
    let (mut model, mut committed) = (Model::default(), Model::default());
    let mut work = world.app.begin(world.operator).await.expect("work");
    let books = books(&mut work, reseller).await;
    for step in steps {
        match step {
            Step::Post(kind, amount, event) => {
                let (debit, credit) = sides(*kind);
                let source = SourceEvent::settlement(reseller.0, u32::from(*event));
                let posting = posting(*kind, source, books[&debit], books[&credit], *amount, &work);
                let expected = model.post(*kind, *amount, *event);
                assert_eq!(outcome(ledger::post(&mut work, &posting).await), expected, "{step:?}");
            }
            Step::Commit => {
                work.commit().await.expect("commit");
                work = world.app.begin(world.operator).await.expect("work");
                committed = model.clone();
            }
            Step::Rollback => {
                drop(work);
                work = world.app.begin(world.operator).await.expect("work");
                model = committed.clone();
            }
        }
    }
    work.commit().await.expect("commit");
    let mut reader = world.app.reader().await.expect("reader");
    for (kind, _) in books {
        let book = ledger::account_of(&mut reader, kind, reseller).await.expect("book");
        assert_eq!(book.balance, model.balances.get(&kind).copied().unwrap_or_default(), "{kind:?}");
    }
    assert!(ledger::equation(&mut reader, reseller).await.expect("equation").holds());
}

#[test]
fn random_transfers_agree_with_a_model_of_maps() {
    let runtime = tokio::runtime::Runtime::new().expect("runtime");
    let world = runtime.block_on(World::new());
    let number = std::cell::Cell::new(0);
    let config = Config { cases: 24, failure_persistence: None, ..Config::default() };
    TestRunner::new(config)
        .run(&prop::collection::vec(step(), 1..60), |steps| {
            number.set(number.get() + 1);
            runtime.block_on(follow(&world, &format!("shop-{}", number.get()), &steps));
            Ok(())
        })
        .expect("the model");
    let report = runtime.block_on(console::verify_operator(&world.app, world.operator)).expect("report");
    assert_eq!(report.faults, Vec::<String>::new());
    assert!(report.accounts >= 4 && report.entries > 0, "{report:?}");
    runtime.block_on(world.app.close());
}

#[tokio::test(flavor = "multi_thread")]
async fn sixty_four_hands_in_one_wallet_take_exactly_what_is_in_it() {
    let world = World::new().await;
    let reseller = world.add_reseller("shop", None).await;
    fund(&world, reseller, 1_000).await;
    let mut tasks = JoinSet::new();
    for hand in 0..64_u32 {
        let (app, operator) = (world.app.clone(), world.operator);
        tasks.spawn(async move {
            let mut work = app.begin(operator).await.expect("work");
            let books = books(&mut work, reseller).await;
            let event = SourceEvent::settlement(reseller.0, hand);
            let (from, to) = (books[&AccountKind::Wallet], books[&AccountKind::Issued]);
            let posting = posting(TransferKind::OnlineSale, event, from, to, 30, &work);
            match ledger::post(&mut work, &posting).await {
                Ok(posted) => {
                    assert!(!posted.repeated);
                    work.commit().await.expect("commit");
                    true
                }
                Err(PostError::Insufficient { needed, available }) => {
                    assert!(available.value() < needed.value());
                    false
                }
                Err(other) => panic!("{other}"),
            }
        });
    }
    let taken = tasks.join_all().await.into_iter().filter(|taken| *taken).count();
    assert_eq!(taken, 33);
    let mut reader = world.app.reader().await.expect("reader");
    let equation = ledger::equation(&mut reader, reseller).await.expect("equation");
    assert_eq!((equation.available, equation.spent), (10, 990));
    assert!(equation.holds());
    drop(reader);
    let report = console::verify_operator(&world.app, world.operator).await.expect("report");
    assert_eq!((report.faults, report.entries), (Vec::new(), 2 * 34));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_event_from_many_hands_posts_once() {
    let world = World::new().await;
    let reseller = world.add_reseller("shop", None).await;
    fund(&world, reseller, 1_000).await;
    let mut tasks = JoinSet::new();
    for _ in 0..32 {
        let (app, operator) = (world.app.clone(), world.operator);
        tasks.spawn(async move {
            let mut work = app.begin(operator).await.expect("work");
            let books = books(&mut work, reseller).await;
            let event = SourceEvent::settlement(reseller.0, 7);
            let (from, to) = (books[&AccountKind::Wallet], books[&AccountKind::Issued]);
            let posting = posting(TransferKind::OnlineSale, event, from, to, 30, &work);
            let posted = ledger::post(&mut work, &posting).await.expect("posted");
            work.commit().await.expect("commit");
            posted.repeated
        });
    }
    let first = tasks.join_all().await.into_iter().filter(|repeated| !repeated).count();
    assert_eq!(first, 1);
    let mut reader = world.app.reader().await.expect("reader");
    assert_eq!(ledger::equation(&mut reader, reseller).await.expect("equation").spent, 30);
}

#[tokio::test]
async fn a_mistaken_posting_is_refused_and_leaves_the_transaction_as_it_was() {
    let world = World::new().await;
    let (one, other) = (world.add_reseller("one", None).await, world.add_reseller("other", None).await);
    fund(&world, one, 100).await;
    let mut work = world.app.begin(world.operator).await.expect("work");
    let (ours, theirs) = (books(&mut work, one).await, books(&mut work, other).await);
    let (wallet, issued) = (ours[&AccountKind::Wallet], ours[&AccountKind::Issued]);
    let event = SourceEvent::settlement;
    let wrong_kind = posting(TransferKind::Activation, event(one.0, 1), wallet, issued, 1, &work);
    let across = posting(TransferKind::OnlineSale, event(one.0, 2), wallet, theirs[&AccountKind::Issued], 1, &work);
    let mut wrong_unit = posting(TransferKind::OnlineSale, event(one.0, 3), wallet, issued, 1, &work);
    wrong_unit.amount = Amount::new(1, "EUR".parse().expect("unit")).expect("amount");
    let nothing = posting(TransferKind::OnlineSale, event(one.0, 4), wallet, issued, 0, &work);
    let unknown = posting(TransferKind::OnlineSale, event(one.0, 5), wallet, LedgerAccountId(one.0), 1, &work);
    for wrong in [wrong_kind, across, wrong_unit, nothing, unknown] {
        assert!(matches!(ledger::post(&mut work, &wrong).await, Err(PostError::NotAllowed(_))), "{wrong:?}");
    }
    // The same transfer id under another event.
    let sale = posting(TransferKind::OnlineSale, event(one.0, 6), wallet, issued, 60, &work);
    ledger::post(&mut work, &sale).await.expect("posted");
    let reused = Posting { source_event: event(one.0, 7), ..sale.clone() };
    assert!(matches!(ledger::post(&mut work, &reused).await, Err(PostError::IdReused)));
    // A reversal, once.
    let void = Posting {
        reverses: Some(sale.transfer_id),
        ..posting(TransferKind::Void, SourceEvent::void(one.0, 6), issued, wallet, 30, &work)
    };
    ledger::post(&mut work, &void).await.expect("posted");
    let again = Posting { transfer_id: new_transfer(), source_event: SourceEvent::void(one.0, 8), ..void.clone() };
    assert!(matches!(ledger::post(&mut work, &again).await, Err(PostError::AlreadyReversed)));
    work.commit().await.expect("commit");
    let mut reader = world.app.reader().await.expect("reader");
    let equation = ledger::equation(&mut reader, one).await.expect("equation");
    assert_eq!((equation.funded, equation.available, equation.spent), (100, 70, 30));
}

#[tokio::test]
async fn history_cannot_be_changed_and_a_changed_balance_shows() {
    let world = World::new().await;
    let reseller = world.add_reseller("shop", None).await;
    fund(&world, reseller, 100).await;
    let change = |sql: &'static str| {
        let app = world.app.clone();
        async move {
            let mut tx = app.transaction().await.expect("transaction");
            let changed = sqlx::query(sql).execute(&mut *tx).await;
            if changed.is_ok() {
                tx.commit().await.expect("commit");
            }
            changed.map(|_| ())
        }
    };
    for refused in [
        "UPDATE entry SET delta = 1, balance_after = 1",
        "DELETE FROM entry",
        "UPDATE transfer SET amount = 1",
        "DELETE FROM transfer",
        "UPDATE ledger_account SET balance = -1 WHERE kind = 'wallet'",
    ] {
        assert!(change(refused).await.is_err(), "{refused}");
    }
    let verify = async || console::verify_operator(&world.app, world.operator).await.expect("report").faults;
    assert_eq!(verify().await, Vec::<String>::new());
    change("UPDATE ledger_account SET balance = 101 WHERE kind = 'wallet'").await.expect("no trigger guards this");
    let faults = verify().await;
    assert!(faults.iter().any(|fault| fault.contains("sum to 1")), "{faults:?}");
    assert!(faults.iter().any(|fault| fault.contains("equation")), "{faults:?}");
    assert!(faults.iter().any(|fault| fault.contains("says 101")), "{faults:?}");
}
