//! Orders in the copy: put whole or page by page, moved from state to state, gone when they leave the scope; without what
//! opens something; and a damaged one is named.

use std::collections::BTreeMap;
use std::path::Path;

use counterfoil_domain::amount::{Amount, Unit};
use counterfoil_domain::digest::Digests;
use counterfoil_domain::feed::FeedTable;
use counterfoil_domain::ids::{OfferingId, OrderId, ProviderId, ResellerId};
use counterfoil_domain::market::{Details, OrderSource, OrderState};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::orders::{Order, OrderCustomer, OrderPrice};
use counterfoil_wire::pull::{Change, FeedRow, Gone};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection};
use uuid::Uuid;

use crate::{CacheError, Fill, apply, clear, create, digests, recount, verify};

const SECRET: &str = "amber-17-opens-it";

fn order(key: u128, state: OrderState) -> Order {
    let amount = |value| Amount::new(value, "EUR".parse::<Unit>().expect("unit")).expect("amount");
    let exact = |text: &str| text.parse().expect("a price");
    Order {
        order_id: OrderId(Uuid::from_u128(key)),
        contract_id: format!("CF-{key:010}"),
        reseller_id: ResellerId(Uuid::from_u128(2)),
        reseller_username: "kiosk".into(),
        company: "Kiosk".into(),
        provider_id: ProviderId(Uuid::from_u128(3)),
        provider_name: "Sample Cloud".into(),
        offering_id: OfferingId(Uuid::from_u128(4)),
        offering_name: "Seat".into(),
        term_days: 30,
        source: OrderSource::Market,
        state,
        quantity: 1,
        price: OrderPrice {
            unit_base: exact("1.5"),
            markup_percent: 10,
            base_exact: exact("1.5"),
            markup_exact: exact("0.15"),
            total_exact: exact("1.65"),
            base: amount(150),
            markup: amount(15),
            total: amount(165),
        },
        refunded: amount(0),
        delivered: 0,
        customer: OrderCustomer { name: "Nora".into(), email: "Nora@Example.org".into(), ..Default::default() },
        payment_method: None,
        payment_reference: String::new(),
        external_id: None,
        details: Details::from_json(&format!(r#"{{"key":"{SECRET}"}}"#)).expect("details"),
        reason: None,
        revision: 1,
        created_at: Timestamp(0),
        placed_at: Some(Timestamp(0)),
        paid_at: None,
        changed_at: Timestamp(0),
        ended_at: None,
    }
}

fn change(key: u128, version: i64, state: OrderState) -> Change {
    Change { version, row: FeedRow::Order(Box::new(order(key, state))) }
}

fn gone(key: u128, version: i64) -> Change {
    Change { version, row: FeedRow::Gone(Gone { of: FeedTable::Order, key: Uuid::from_u128(key) }) }
}

fn sums(rows: &[(u128, i64)]) -> Digests {
    let mut digests = Digests::default();
    for (key, version) in rows {
        digests.add(FeedTable::Order, Uuid::from_u128(*key), *version);
    }
    digests
}

async fn opened(file: &Path) -> SqliteConnection {
    SqliteConnectOptions::new().filename(file).connect().await.expect("opens")
}

/// Orders of each state, as they are counted along; those with none left out.
async fn counts(db: &mut SqliteConnection) -> BTreeMap<String, i64> {
    let kept: Vec<(String, i64)> = sqlx::query_as("SELECT state, count FROM order_count WHERE count <> 0")
        .fetch_all(&mut *db)
        .await
        .expect("counts");
    let counted: Vec<(String, i64)> = sqlx::query_as("SELECT state, COUNT(*) FROM cached_order GROUP BY state")
        .fetch_all(&mut *db)
        .await
        .expect("rows");
    let kept = kept.into_iter().collect();
    assert_eq!(kept, counted.into_iter().collect::<BTreeMap<_, _>>());
    kept
}

async fn is_sum_of(db: &mut SqliteConnection, rows: &[(u128, i64)]) {
    assert_eq!(digests(db).await.expect("running sums"), sums(rows));
    assert_eq!(recount(db).await.expect("recounted"), sums(rows));
}

fn expected(counts: &[(OrderState, i64)]) -> BTreeMap<String, i64> {
    counts.iter().map(|(state, count)| (state.as_str().to_owned(), *count)).collect()
}

#[tokio::test]
async fn a_whole_file_and_pages_come_to_the_same() {
    let folder = tempfile::tempdir().expect("folder");
    let [whole, paged] = ["whole.db", "paged.db"].map(|name| folder.path().join(name));
    let states = [OrderState::Placed, OrderState::Paid, OrderState::Paid, OrderState::Fulfilled];
    let rows: Vec<Change> =
        (1..).zip(5..).zip(states).map(|((key, version), state)| change(key, version, state)).collect();
    let mut fill = Fill::begin(&whole).await.expect("begun");
    fill.put(&rows[..3]).await.expect("put");
    fill.put(&rows[3..]).await.expect("put");
    assert_eq!((fill.rows(), fill.digests()), (4, &sums(&[(1, 5), (2, 6), (3, 7), (4, 8)])));
    fill.finish("cursor", 8).await.expect("finished");

    let mut page_by_page = create(&paged).await.expect("a new file");
    for page in rows.chunks(2) {
        apply(&mut page_by_page, page).await.expect("applied");
    }
    let mut filled = opened(&whole).await;
    for db in [&mut filled, &mut page_by_page] {
        is_sum_of(db, &[(1, 5), (2, 6), (3, 7), (4, 8)]).await;
        let all = [(OrderState::Placed, 1), (OrderState::Paid, 2), (OrderState::Fulfilled, 1)];
        assert_eq!(counts(db).await, expected(&all));
        verify(db).await.expect("sound");
        // What a file was filled with goes on as what came in pages.
        apply(db, &[change(2, 9, OrderState::Refunded), gone(3, 10)]).await.expect("applied");
        is_sum_of(db, &[(1, 5), (2, 9), (4, 8)]).await;
        let all = [(OrderState::Placed, 1), (OrderState::Refunded, 1), (OrderState::Fulfilled, 1)];
        assert_eq!(counts(db).await, expected(&all));
    }
    for db in [filled, page_by_page] {
        db.close().await.expect("closed");
    }
    for file in [whole, paged] {
        let bytes = std::fs::read(file).expect("a file");
        assert!(!bytes.windows(SECRET.len()).any(|part| part == SECRET.as_bytes()), "it opens what was paid for");
    }
}

#[tokio::test]
async fn an_order_that_leaves_comes_back_and_leaves_again_counts_once() {
    let folder = tempfile::tempdir().expect("folder");
    let mut db = create(&folder.path().join("cache.db")).await.expect("a new file");
    apply(&mut db, &[gone(1, 4), change(1, 5, OrderState::Paid), change(1, 5, OrderState::Paid)])
        .await
        .expect("applied");
    is_sum_of(&mut db, &[(1, 5)]).await;
    assert_eq!(counts(&mut db).await, expected(&[(OrderState::Paid, 1)]));
    // Out of the device's scope, twice; and in it again.
    apply(&mut db, &[gone(1, 6), gone(1, 6)]).await.expect("applied");
    is_sum_of(&mut db, &[]).await;
    assert_eq!(counts(&mut db).await, BTreeMap::new());
    apply(&mut db, &[change(1, 7, OrderState::Partial), change(2, 7, OrderState::Draft)]).await.expect("applied");
    is_sum_of(&mut db, &[(1, 7), (2, 7)]).await;
    clear(&mut db).await.expect("cleared");
    is_sum_of(&mut db, &[]).await;
    assert_eq!(counts(&mut db).await, BTreeMap::new());
    db.close().await.expect("closed");
}

#[tokio::test]
async fn the_end_of_an_order_has_no_place_in_a_new_file() {
    let folder = tempfile::tempdir().expect("folder");
    let mut fill = Fill::begin(&folder.path().join("made.db")).await.expect("begun");
    let refused = fill.put(&[change(1, 5, OrderState::Paid), gone(2, 6)]).await;
    assert!(matches!(refused, Err(CacheError::Damaged(_))), "{refused:?}");
    fill.finish("cursor", 6).await.expect("closed");
}

#[tokio::test]
async fn an_order_changed_behind_its_back_shows_and_a_damaged_one_is_named() {
    let folder = tempfile::tempdir().expect("folder");
    let file = folder.path().join("cache.db");
    let mut db = create(&file).await.expect("a new file");
    apply(&mut db, &[change(1, 5, OrderState::Paid), change(2, 6, OrderState::Paid)]).await.expect("applied");
    verify(&mut db).await.expect("sound");
    sqlx::query("UPDATE cached_order SET version = 9 WHERE version = 6").execute(&mut db).await.expect("changed");
    let (running, counted) = (digests(&mut db).await.expect("sums"), recount(&mut db).await.expect("recounted"));
    assert_eq!(running.differences(&counted), [FeedTable::Order]);

    // A row that its own table would not take.
    let redefine = |from: &'static str, to: &'static str| {
        let file = file.clone();
        async move {
            let mut db = opened(&file).await;
            sqlx::query("PRAGMA writable_schema = ON").execute(&mut db).await.expect("on");
            sqlx::query("UPDATE sqlite_schema SET sql = replace(sql, ?1, ?2) WHERE name = 'cached_order'")
                .bind(from)
                .bind(to)
                .execute(&mut db)
                .await
                .expect("redefined");
            db.close().await.expect("closed");
        }
    };
    db.close().await.expect("closed");
    redefine("body TEXT NOT NULL", "body TEXT").await;
    let mut db = opened(&file).await;
    sqlx::query("UPDATE cached_order SET body = NULL WHERE version = 5").execute(&mut db).await.expect("damaged");
    db.close().await.expect("closed");
    redefine("body TEXT", "body TEXT NOT NULL").await;
    let mut db = opened(&file).await;
    let refused = verify(&mut db).await.expect_err("damaged");
    assert!(matches!(&refused, CacheError::Damaged(what) if what.contains("cached_order")), "{refused}");
    db.close().await.expect("closed");
}
