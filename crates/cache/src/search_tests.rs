//! The indexes of words have what their tables have, whatever comes in, changes and goes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use counterfoil_domain::account::AccountStatus;
use counterfoil_domain::amount::{Amount, Unit};
use counterfoil_domain::code::CodeState;
use counterfoil_domain::feed::FeedTable;
use counterfoil_domain::ids::{AccountId, CodeId, PlanId, ResellerId};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::accounts::Account;
use counterfoil_wire::codes::CodeRow;
use counterfoil_wire::pull::{Change, FeedRow, Gone};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection};
use uuid::Uuid;

use crate::schema::migrate_connection;
use crate::{CacheError, Fill, apply, clear, create, position, set_position, verify};

const PLANS: [&str; 4] = ["Family Month", "Weekend \"Späti\"", "Sports", "TV"];
const STATES: [CodeState; 3] = [CodeState::Sold, CodeState::Activated, CodeState::Held];
const SOURCE: Uuid = Uuid::from_u128(9);

/// SplitMix64.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % most
    }

    fn of<T: Copy>(&mut self, some: &[T]) -> T {
        some[usize::try_from(self.below(some.len() as u64)).expect("small")]
    }

    fn email(&mut self) -> Option<String> {
        (self.below(3) > 0).then(|| format!("Nora.{}@Example.org", self.below(4)))
    }
}

fn code(key: u64, state: CodeState, plan: &str, email: Option<String>, version: i64) -> Change {
    let amount = |value, unit: &str| Amount::new(value, unit.parse::<Unit>().expect("unit")).expect("amount");
    let row = CodeRow {
        code_id: CodeId(Uuid::from_u128(u128::from(key))),
        serial: format!("000123-{key:04}"),
        source_id: SOURCE,
        seq: u32::try_from(key).expect("small"),
        masked: format!("PM2D-····-····-{:04X}", key * 997),
        reseller_id: ResellerId(Uuid::from_u128(2)),
        device_id: None,
        plan_id: PlanId(Uuid::from_u128(3)),
        plan_name: plan.into(),
        term_days: 30,
        price: amount(999, "EUR"),
        cost: amount(30, "credits"),
        state,
        held_reason: None,
        flagged: false,
        customer_email: email,
        sold_at: None,
        settled_at: Timestamp(1),
        activated_at: None,
        ended_at: None,
        redeem_by: Timestamp(9),
    };
    Change { version, row: FeedRow::Code(row) }
}

fn account(key: u64, status: AccountStatus, email: Option<String>, mac: Option<String>, version: i64) -> Change {
    let account = Account {
        account_id: AccountId(Uuid::from_u128(u128::from(key))),
        version: 1,
        reseller_id: None,
        username: format!("Amber-Fox-{key}"),
        email: email.map(|email| email.to_lowercase()),
        mac,
        notes: String::new(),
        status,
        plan_id: None,
        plan_name: None,
        price: None,
        last_day: None,
        ends_at: None,
        max_connections: 1,
        created_at: Timestamp(0),
        last_access_at: None,
    };
    Change { version, row: FeedRow::Account(account) }
}

fn gone(of: FeedTable, key: u64, version: i64) -> Change {
    Change { version, row: FeedRow::Gone(Gone { of, key: Uuid::from_u128(u128::from(key)) }) }
}

/// A row that is new, changed in what is searched or in what is not, or gone.
fn any(chance: &mut Chance, version: i64) -> Change {
    let key = 1 + chance.below(12);
    match chance.below(5) {
        0 => gone(chance.of(&[FeedTable::Code, FeedTable::Account]), key, version),
        1 | 2 => {
            let status = chance.of(&[AccountStatus::Active, AccountStatus::Suspended]);
            let mac = (chance.below(2) > 0).then(|| format!("00:1A:79:00:0B:{:02X}", chance.below(4)));
            account(key, status, chance.email(), mac, version)
        }
        _ => code(key, chance.of(&STATES), chance.of(&PLANS), chance.email(), version),
    }
}

async fn new() -> (tempfile::TempDir, SqliteConnection) {
    let folder = tempfile::tempdir().expect("folder");
    let file = create(&folder.path().join("cache.db")).await.expect("a new file");
    (folder, file)
}

/// Looks for every three letters that ever stood anywhere.
#[derive(Default)]
struct Reader([BTreeSet<String>; 2]);

impl Reader {
    async fn agrees(&mut self, db: &mut SqliteConnection) {
        let codes: Vec<(i64, String)> = sqlx::query_as(
            "SELECT rowid, lower(serial) || char(10) || lower(last_group) || char(10) || COALESCE(email_key, '')
                || char(10) || plan_key FROM cached_code",
        )
        .fetch_all(&mut *db)
        .await
        .expect("codes");
        let accounts: Vec<(i64, String)> = sqlx::query_as(
            "SELECT rowid, name_key || char(10) || COALESCE(email, '') || char(10) || lower(COALESCE(mac, ''))
            FROM cached_account",
        )
        .fetch_all(&mut *db)
        .await
        .expect("accounts");
        let asked = [
            "SELECT rowid FROM code_search WHERE code_search MATCH ?1 ORDER BY rowid",
            "SELECT rowid FROM account_search WHERE account_search MATCH ?1 ORDER BY rowid",
        ];
        for ((seen, rows), asked) in self.0.iter_mut().zip([codes, accounts]).zip(asked) {
            let expected = trigrams(&rows);
            seen.extend(expected.keys().cloned());
            for trigram in &*seen {
                let question = format!("\"{}\"", trigram.replace('"', "\"\""));
                let found: Vec<i64> =
                    sqlx::query_scalar(asked).bind(question).fetch_all(&mut *db).await.expect("found");
                let there: Vec<i64> = expected.get(trigram).into_iter().flatten().copied().collect();
                assert_eq!(found, there, "{trigram}");
            }
        }
    }
}

fn trigrams(rows: &[(i64, String)]) -> BTreeMap<String, BTreeSet<i64>> {
    let mut all: BTreeMap<String, BTreeSet<i64>> = BTreeMap::new();
    for (rowid, text) in rows {
        for column in text.split('\n') {
            let letters: Vec<char> = column.chars().collect();
            for three in letters.windows(3) {
                all.entry(three.iter().collect()).or_default().insert(*rowid);
            }
        }
    }
    all
}

#[tokio::test]
async fn an_index_finds_what_a_scan_finds_after_any_changes() {
    for seed in 0..3 {
        let (mut chance, mut reader) = (Chance(seed), Reader::default());
        let (_folder, mut db) = new().await;
        for page in 0..8_i64 {
            let changes: Vec<Change> = (0..10).map(|at| any(&mut chance, 1 + page * 10 + at)).collect();
            apply(&mut db, &changes).await.expect("applied");
            reader.agrees(&mut db).await;
        }
        verify(&mut db).await.expect("sound");
        clear(&mut db).await.expect("cleared");
        reader.agrees(&mut db).await;
        db.close().await.expect("closed");
    }
}

async fn opened(file: &Path) -> SqliteConnection {
    SqliteConnectOptions::new().filename(file).connect().await.expect("opens")
}

#[tokio::test]
async fn a_whole_file_brings_its_indexes_and_goes_on_with_them() {
    let folder = tempfile::tempdir().expect("folder");
    let file = folder.path().join("made.db");
    let mut chance = Chance(7);
    let mut fill = Fill::begin(&file).await.expect("begun");
    for key in 1..60 {
        let rows = [
            code(key, CodeState::Sold, "Family Month", chance.email(), 1),
            account(key, AccountStatus::Active, chance.email(), None, 1),
        ];
        fill.put(&rows).await.expect("put");
    }
    fill.finish("cursor", 1).await.expect("finished");
    let (mut db, mut reader) = (opened(&file).await, Reader::default());
    reader.agrees(&mut db).await;
    verify(&mut db).await.expect("sound");
    for page in 0..5_i64 {
        let changes: Vec<Change> = (0..10).map(|at| any(&mut chance, 2 + page * 10 + at)).collect();
        apply(&mut db, &changes).await.expect("applied");
        reader.agrees(&mut db).await;
    }
    db.close().await.expect("closed");
}

/// All that the indexes keep.
async fn kept(db: &mut SqliteConnection) -> Vec<(i64, Vec<u8>)> {
    sqlx::query_as(
        "SELECT id, block FROM code_search_data UNION ALL SELECT id, block FROM account_search_data ORDER BY 1, 2",
    )
    .fetch_all(db)
    .await
    .expect("kept")
}

#[tokio::test]
async fn a_change_of_state_does_not_touch_an_index() {
    let (_folder, mut db) = new().await;
    let mail = || Some("nora@example.org".to_owned());
    let rows =
        |state, status, version| [code(1, state, "TV", mail(), version), account(1, status, None, mail(), version)];
    apply(&mut db, &rows(CodeState::Sold, AccountStatus::Active, 1)).await.expect("applied");
    let before = kept(&mut db).await;
    apply(&mut db, &rows(CodeState::Activated, AccountStatus::Suspended, 2)).await.expect("applied");
    assert_eq!(kept(&mut db).await, before);
    apply(&mut db, &[code(1, CodeState::Activated, "TV", None, 3)]).await.expect("applied");
    assert_ne!(kept(&mut db).await, before);
    db.close().await.expect("closed");
}

#[tokio::test]
async fn a_file_of_before_is_indexed_where_it_is() {
    let (_folder, mut db) = new().await;
    for before in [
        "DROP TRIGGER code_search_added",
        "DROP TRIGGER code_search_removed",
        "DROP TRIGGER code_search_changed",
        "DROP TRIGGER account_search_added",
        "DROP TRIGGER account_search_removed",
        "DROP TRIGGER account_search_changed",
        "DROP TABLE code_search",
        "DROP TABLE account_search",
        "DELETE FROM _sqlx_migrations WHERE version = 9",
    ] {
        sqlx::query(before).execute(&mut db).await.expect(before);
    }
    let mut chance = Chance(3);
    let changes: Vec<Change> = (1..80).map(|version| any(&mut chance, version)).collect();
    apply(&mut db, &changes).await.expect("applied");
    set_position(&mut db, "cursor", 80).await.expect("set");
    assert!(matches!(verify(&mut db).await, Err(CacheError::Schema(_))));
    migrate_connection(&mut db).await.expect("migrated");
    Reader::default().agrees(&mut db).await;
    verify(&mut db).await.expect("sound");
    let position = position(&mut db).await.expect("read").expect("a position");
    assert_eq!(position.version, 80, "nothing is read again");
    db.close().await.expect("closed");
}

#[tokio::test]
async fn a_broken_index_is_named() {
    let (_folder, mut db) = new().await;
    let rows = [code(1, CodeState::Sold, "Sports", None, 1), account(1, AccountStatus::Active, None, None, 1)];
    apply(&mut db, &rows).await.expect("applied");
    for (index, damage, mend) in [
        (
            "code_search",
            "UPDATE code_search_data SET block = zeroblob(length(block)) WHERE id > 10",
            "INSERT INTO code_search (code_search) VALUES ('rebuild')",
        ),
        (
            "account_search",
            "DELETE FROM account_search_data WHERE id > 10",
            "INSERT INTO account_search (account_search) VALUES ('rebuild')",
        ),
    ] {
        sqlx::query(damage).execute(&mut db).await.expect(damage);
        match verify(&mut db).await {
            Err(CacheError::Damaged(told)) => assert!(told.contains(index), "{told}"),
            other => panic!("{index}: {other:?}"),
        }
        sqlx::query(mend).execute(&mut db).await.expect(mend);
        verify(&mut db).await.expect("sound");
    }
    db.close().await.expect("closed");
}
