//! What stands in Central's books and on the device's pages, without what differs from day to day: ids and times.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use sqlx::Connection as _;

use crate::{Central, Till};

/// A name and a figure each; and the device's pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    central: BTreeMap<String, i64>,
    till: Value,
}

impl Facts {
    /// Whether the device's four figures are these.
    pub(crate) fn shows(&self, figures: &Value) -> bool {
        &self.till["figures"] == figures
    }
}

/// Each gives a name and a number.
const COUNTS: &[&str] = &[
    "SELECT 'device ' || status, COUNT(*) FROM device GROUP BY status",
    "SELECT 'lease ' || state, COUNT(*) FROM lease GROUP BY state",
    "SELECT 'code ' || serial || ' ' || state, COUNT(*) FROM code GROUP BY serial, state",
    "SELECT 'transfers ' || kind, COUNT(*) FROM transfer GROUP BY kind",
    "SELECT 'moved ' || kind, CAST(SUM(amount) AS BIGINT) FROM transfer GROUP BY kind",
    "SELECT 'balance ' || kind, CAST(SUM(balance) AS BIGINT) FROM ledger_account GROUP BY kind",
    "SELECT 'operation ' || outcome, COUNT(*) FROM device_op GROUP BY outcome",
    "SELECT 'customers', COUNT(*) FROM account",
    "SELECT 'activations', COUNT(*) FROM activation",
    "SELECT 'incident ' || kind, COUNT(*) FROM incident GROUP BY kind",
];

/// Reads them; an error when the books contradict themselves.
pub async fn facts(central: &Central, till: &Till) -> Result<Facts> {
    let faults = central.faults().await?;
    ensure!(faults.is_empty(), "the books: {}", faults.join("; "));
    Ok(Facts { central: counts(&central.database_url()).await?, till: pages(till).await? })
}

async fn counts(url: &str) -> Result<BTreeMap<String, i64>> {
    let mut rows: Vec<(String, i64)> = Vec::new();
    if url.starts_with("sqlite:") {
        let mut connection = sqlx::SqliteConnection::connect(url).await?;
        for query in COUNTS {
            rows.extend(sqlx::query_as(*query).fetch_all(&mut connection).await?);
        }
        connection.close().await?;
    } else {
        let mut connection = sqlx::PgConnection::connect(url).await?;
        for query in COUNTS {
            rows.extend(sqlx::query_as(*query).fetch_all(&mut connection).await?);
        }
        connection.close().await?;
    }
    Ok(rows.into_iter().collect())
}

async fn pages(till: &Till) -> Result<Value> {
    let status = till.call("status", Value::Null).await?;
    ensure!(status["quarantined"].is_null(), "the device is frozen: {status}");
    let credit = till.call("credit_overview", Value::Null).await?;
    ensure!(credit["balanced"] == true, "the equation does not hold: {credit}");
    let leases = credit["leases"].as_array().context("leases")?;
    // Without its number: Central counts outside the grant, and one that ends in between skips a number.
    let leases: Vec<_> = leases.iter().map(|lease| json!([lease["state"], lease["used"]])).collect();
    let request = json!({ "filter": { "search": "", "states": [] }, "page": { "limit": 200 } });
    let codes = till.call("codes_page", request).await?;
    let codes = codes["rows"].as_array().context("codes")?;
    let mut codes: Vec<_> = codes.iter().map(|code| json!([code["serial"], code["state"]]).to_string()).collect();
    codes.sort();
    let queue = till.call("queue_page", Value::Null).await?;
    Ok(json!({
        "figures": till.figures().await?,
        "leases": leases, "codes": codes, "queue": queue["items"], "unsent": status["unsent"],
        "attention": status["attention"],
    }))
}
