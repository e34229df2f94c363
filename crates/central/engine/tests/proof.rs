//! What must hold after everything (docs/OFFLINE.md, invariants I1 to I4): asked of the database, not of the engine.

use super::world::World;
use crate::dialect::{Db, ENGINE};
use crate::engine::console;

/// Faults that no test may leave behind: each query counts rows that break an invariant.
const FAULTS: [(&str, &str); 14] = [
    ("I1: a balance below its floor", "SELECT COUNT(*) FROM ledger_account WHERE balance < floor"),
    (
        "I1: a movement that made or lost something",
        "SELECT COUNT(*) FROM transfer t
         WHERE (SELECT CAST(SUM(delta) AS BIGINT) FROM entry e WHERE e.transfer_id = t.id) <> 0",
    ),
    (
        "I2: an activated code without exactly one activation posted",
        "SELECT COUNT(*) FROM code c WHERE c.state = 'activated' AND c.cost > 0 AND 1 <>
           (SELECT COUNT(*) FROM transfer t WHERE t.kind = 'activation' AND t.reference = c.serial
              AND t.operator_id = c.operator_id)",
    ),
    (
        "I2: an activation of a code that is not activated",
        "SELECT COUNT(*) FROM activation a JOIN code c ON c.id = a.code_id WHERE c.state <> 'activated'",
    ),
    (
        "I3: an open lease whose escrow is not its amount less what settled from it",
        "SELECT COUNT(*) FROM lease l JOIN ledger_account a ON a.id = l.ledger_account_id
         WHERE l.state = 'open' AND a.balance <> l.amount - COALESCE(
           (SELECT CAST(SUM(t.amount) AS BIGINT) FROM transfer t WHERE t.debit_id = a.id AND t.kind = 'sale'), 0)",
    ),
    (
        "I3: a lease released twice, or still holding after its time",
        "SELECT COUNT(*) FROM lease l JOIN ledger_account a ON a.id = l.ledger_account_id
         WHERE l.released_at IS NOT NULL AND a.balance <> 0",
    ),
    (
        "I4: ISSUED and CONSUMED are not the costs of the settled codes and of service without one",
        "SELECT COUNT(*) FROM reseller r WHERE
           (SELECT CAST(SUM(a.balance) AS BIGINT) FROM ledger_account a
            WHERE a.reseller_id = r.id AND a.kind IN ('issued', 'consumed'))
           <> COALESCE((SELECT CAST(SUM(c.cost) AS BIGINT) FROM code c WHERE c.reseller_id = r.id
              AND (c.state IN ('sold', 'activated', 'revoked') OR (c.state = 'held' AND c.held_reason IS NULL))), 0)
            + COALESCE((SELECT CAST(SUM(s.cost) AS BIGINT) FROM subscription s WHERE s.reseller_id = r.id), 0)",
    ),
    (
        "statistics of what was used that are not what stands in ISSUED and CONSUMED",
        "SELECT COUNT(*) FROM reseller r WHERE
           (SELECT CAST(SUM(a.balance) AS BIGINT) FROM ledger_account a
            WHERE a.reseller_id = r.id AND a.kind IN ('issued', 'consumed'))
           <> COALESCE((SELECT CAST(SUM(CASE WHEN n.kind IN ('sold', 'service') THEN n.cost
                                             WHEN n.kind IN ('voided', 'expired') THEN -n.cost ELSE 0 END) AS BIGINT)
              FROM (SELECT scope_id, kind, cost FROM statistic_month
                    UNION ALL SELECT reseller_id, kind, cost FROM statistic_waiting) n WHERE n.scope_id = r.id), 0)",
    ),
    (
        "statistics of accounts that are not the accounts",
        "SELECT COUNT(*) FROM (SELECT n.scope_id, n.status, n.last_day
           FROM (SELECT scope_id, status, last_day, count FROM statistic_account
                   WHERE scope_id NOT IN (SELECT id FROM operator)
                 UNION ALL SELECT reseller_id, status, last_day, count FROM statistic_waiting
                   WHERE kind = 'service_end' AND reseller_id IS NOT NULL
                 UNION ALL SELECT reseller_id, status, COALESCE(last_day, ''), -1 FROM account
                   WHERE reseller_id IS NOT NULL) n
           GROUP BY n.scope_id, n.status, n.last_day HAVING SUM(n.count) <> 0) AS wrong",
    ),
    (
        "statistics of service by plan that are not the accounts that are switched on",
        "SELECT COUNT(*) FROM (SELECT n.scope_id, n.plan_id, n.last_day
           FROM (SELECT scope_id, plan_id, last_day, count FROM statistic_service
                   WHERE scope_id NOT IN (SELECT id FROM operator)
                 UNION ALL SELECT reseller_id, plan_id, last_day, count FROM statistic_waiting
                   WHERE kind = 'service_of' AND reseller_id IS NOT NULL
                 UNION ALL SELECT reseller_id, plan_id, last_day, -1 FROM account
                   WHERE reseller_id IS NOT NULL AND status = 'active' AND plan_id IS NOT NULL
                     AND last_day IS NOT NULL) n
           GROUP BY n.scope_id, n.plan_id, n.last_day HAVING SUM(n.count) <> 0) AS wrong",
    ),
    (
        "statistics of service by plan that are not the operator's accounts as well",
        "SELECT COUNT(*) FROM (SELECT n.scope_id, n.plan_id, n.last_day
           FROM (SELECT scope_id, plan_id, last_day, count FROM statistic_service
                   WHERE scope_id IN (SELECT id FROM operator)
                 UNION ALL SELECT operator_id, plan_id, last_day, count FROM statistic_waiting
                   WHERE kind = 'service_of'
                 UNION ALL SELECT operator_id, plan_id, last_day, -1 FROM account
                   WHERE status = 'active' AND plan_id IS NOT NULL AND last_day IS NOT NULL) n
           GROUP BY n.scope_id, n.plan_id, n.last_day HAVING SUM(n.count) <> 0) AS wrong",
    ),
    (
        "months of which resellers had more accounts than the operator",
        "SELECT COUNT(*) FROM (SELECT r.operator_id, r.month, r.plan_id FROM statistic_recurring r
           GROUP BY r.operator_id, r.month, r.plan_id
           HAVING SUM(CASE WHEN r.scope_id = r.operator_id THEN r.accounts ELSE -r.accounts END) < 0) AS wrong",
    ),
    (
        "months with accounts that nobody wrote down",
        "SELECT COUNT(*) FROM statistic_recurring r WHERE NOT EXISTS (SELECT 1 FROM statistic_recurring_month m
           WHERE m.operator_id = r.operator_id AND m.month = r.month)",
    ),
    (
        "jobs of portals that were first or in time and did not agree",
        "SELECT COUNT(*) FROM (SELECT s.portal_id, s.month FROM statistic_portal s GROUP BY s.portal_id, s.month
           HAVING SUM(CASE WHEN s.kind = 'job_agreed' THEN s.count ELSE 0 END)
                    < SUM(CASE WHEN s.kind = 'job_first' THEN s.count ELSE 0 END)
             OR SUM(CASE WHEN s.kind = 'job_agreed' THEN s.count ELSE 0 END)
                    < SUM(CASE WHEN s.kind = 'job_hour' THEN s.count ELSE 0 END)) AS wrong",
    ),
];

/// Proves the books and the invariants.
pub(super) async fn prove(world: &World) {
    let report = console::verify_operator(&world.app, world.operator).await.expect("a report");
    assert!(report.faults.is_empty(), "{:?}", report.faults);
    let mut reader = world.app.reader().await.expect("reader");
    for (fault, query) in FAULTS {
        let count: i64 = sqlx::query_scalar::<Db, i64>(query).fetch_one(&mut *reader).await.expect("a count");
        assert_eq!(count, 0, "{fault}");
    }
}

/// A count out of the database.
pub(super) async fn count(world: &World, query: &'static str) -> i64 {
    let mut reader = world.app.reader().await.expect("reader");
    sqlx::query_scalar::<Db, i64>(query).fetch_one(&mut *reader).await.expect("a count")
}

/// Comes back when somebody waits for a lock of this database. On SQLite at once: whoever writes there is alone.
pub(super) async fn until_somebody_waits(world: &World) {
    until_so_many_wait(world, 1).await;
}

/// Likewise of several.
pub(super) async fn until_so_many_wait(world: &World, hands: i64) {
    const WAITING: &str =
        "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    while ENGINE == "postgres" && count(world, WAITING).await < hands {
        tokio::task::yield_now().await;
    }
}
