//! A newer Central migrates while this one serves, and this one starts again behind it.

use sqlx::SqlSafeStr as _;
use sqlx::migrate::{Migration, MigrationType};

use super::desk::Shop;
use super::world::{PASSWORD, World, call};
use crate::dialect::Store;
use crate::engine::app::OpenError;
use crate::engine::schema::{Fit, Schema, SchemaError};

/// What every later version may bring: a column with a default and a table of its own.
const ADDED: &str = "ALTER TABLE account ADD COLUMN loyalty BIGINT NOT NULL DEFAULT 0;
    CREATE TABLE voucher (id BIGINT NOT NULL PRIMARY KEY);";

const TAKEN_AWAY: &str = "ALTER TABLE account DROP COLUMN max_connections";

fn migration(version: i64, description: &'static str, sql: &'static str) -> Migration {
    Migration::new(version, description.into(), MigrationType::Simple, sql.into_sql_str(), false)
}

/// What a newer Central does when it starts.
async fn newer_starts(world: &World, further: Vec<Migration>) {
    let store = Store::open(&world.url()).await.expect("opens");
    let fit = store.migrate(&Schema::newer(further)).await.expect("migrates");
    assert_eq!(fit, Fit::Exact);
    store.close().await;
}

/// The newest migration of this program and so many.
fn after(further: i64) -> i64 {
    crate::dialect::MIGRATOR.iter().map(|migration| migration.version).max().expect("there are some") + further
}

#[tokio::test]
async fn an_older_central_goes_on_beside_what_a_newer_one_added() {
    let shop = Shop::with_credits(1_000).await;
    let stock = shop.desk.lease(&shop.world, 200).await;
    newer_starts(&shop.world, vec![migration(after(1), "vouchers", ADDED)]).await;

    shop.world.get("/readyz", None).await.expect(200);
    shop.redeem(&stock.code(0, 1), 1).await.expect(200);
    // And one that only starts now.
    let second = shop.world.second_process().await;
    call(&second, "GET", "/readyz", None, None).await.expect(200);
    shop.world.sign_in("reseller", "shop", PASSWORD).await.expect(200);
    // The newer one starts again where it was.
    newer_starts(&shop.world, vec![migration(after(1), "vouchers", ADDED)]).await;
}

#[tokio::test]
async fn an_older_central_stops_when_a_newer_one_broke_with_it() {
    let world = World::new().await;
    world.get("/readyz", None).await.expect(200);
    let further =
        vec![migration(after(1), "vouchers", ADDED), migration(after(2), "connections gone breaking", TAKEN_AWAY)];
    newer_starts(&world, further).await;

    let refused = world.get("/readyz", None).await.expect(503);
    assert!(refused.text("/detail").contains("newer Central"), "{}", refused.body);
    let SchemaError::Newer { version } = world.app.superseded().await else { panic!("another reason") };
    assert_eq!(version, after(2));
    let refused = world.open_again().await;
    assert!(
        matches!(refused, Err(OpenError::Schema(SchemaError::Newer { version })) if version == after(2)),
        "{:?}",
        refused.err()
    );
}

#[tokio::test]
async fn a_database_of_another_line_is_refused_and_not_touched() {
    let world = World::new().await;
    newer_starts(&world, vec![migration(after(1), "vouchers", ADDED)]).await;
    // A program with a later migration and without that one.
    let other = Schema::newer([migration(after(2), "points", "CREATE TABLE point (id BIGINT NOT NULL PRIMARY KEY)")]);
    let store = Store::open(&world.url()).await.expect("opens");
    let refused = store.migrate(&other).await;
    assert!(matches!(refused, Err(SchemaError::Foreign { version }) if version == after(1)), "{refused:?}");
    store.close().await;
    // Its own was not applied: the program of the first line still finds what it left.
    assert!(world.open_again().await.is_ok());
    world.get("/readyz", None).await.expect(200);
}
