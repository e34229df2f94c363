//! How many lines contain what is typed and begin with none of it. The page itself (`page.sql`) asks the same.

use counterfoil_domain::code::CodeState;
use sqlx::SqliteConnection;

use super::{Search, repo};
use crate::inside::{CANDIDATES, Words};
use crate::store::StoreError;

/// What was counted.
#[derive(Debug, Default)]
pub(super) struct Inside {
    pub(super) by_state: Vec<(CodeState, i64)>,
    /// There are more candidates than are looked through.
    pub(super) cut: bool,
}

/// Counts them, without what is laid over; nothing where nothing is long enough to be looked for.
pub(super) async fn counts(db: &mut SqliteConnection, search: &Search) -> Result<Inside, StoreError> {
    let Some(words) = &search.words else { return Ok(Inside::default()) };
    let Some((first, others)) = words.all().split_first() else { return Ok(Inside::default()) };
    let Some(question) = rarest(db, words).await? else { return Ok(Inside::default()) };
    let (upper_end, lower_end) = (search.upper_end(), search.lower_end());
    let others = serde_json::to_string(others).unwrap_or_else(|_| "[]".into());
    // A row comes in any case, to say whether they are cut. The pluses keep the plan (`page.sql`).
    let rows = sqlx::query!(
        r#"WITH some AS MATERIALIZED (
            SELECT rowid AS place FROM code_search WHERE code_search MATCH ?5 ORDER BY rowid DESC LIMIT ?6 + 1
        )
        SELECT (SELECT COUNT(*) FROM some) > +?6 AS "cut!: bool", f.state AS "state?: String",
            COUNT(f.state) AS "count!: i64"
        FROM (SELECT 1) LEFT JOIN (
            SELECT c.state FROM (SELECT place FROM some ORDER BY place DESC LIMIT +?6) w
            CROSS JOIN cached_code c ON c.rowid = w.place
            WHERE NOT (c.serial >= +?1 AND c.serial < +?2) AND NOT (c.last_group >= +?1 AND c.last_group < +?2)
            AND (c.email_key IS NULL OR NOT (c.email_key >= +?3 AND c.email_key < +?4))
            AND NOT (c.plan_key >= +?3 AND c.plan_key < +?4)
            AND (instr(c.serial, upper(?7)) > 0 OR instr(c.last_group, upper(?7)) > 0
                OR instr(c.email_key, ?7) > 0 OR instr(c.plan_key, ?7) > 0)
            AND (+?8 = '[]' OR NOT EXISTS (SELECT 1 FROM json_each(?8) o
                WHERE instr(c.serial, upper(o.value)) = 0 AND instr(c.last_group, upper(o.value)) = 0
                AND COALESCE(instr(c.email_key, o.value), 0) = 0 AND instr(c.plan_key, o.value) = 0))
            AND c.rowid NOT IN (
                SELECT k.rowid FROM overlay o CROSS JOIN cached_code k ON k.source_id = o.lease_id AND k.seq = o.seq)
        ) f ON TRUE
        GROUP BY f.state"#,
        search.upper,
        upper_end,
        search.lower,
        lower_end,
        question,
        CANDIDATES,
        first,
        others
    )
    .fetch_all(db)
    .await?;
    let cut = rows.iter().any(|row| row.cut);
    let of_states = rows.into_iter().filter_map(|row| row.state.map(|state| (state, row.count)));
    let by_state = of_states.map(|(state, count)| Ok((repo::state(&state)?, count)));
    Ok(Inside { by_state: by_state.collect::<Result<_, StoreError>>()?, cut })
}

/// Of several words the rarest finds the candidates: two frequent ones that never meet would be walked along to their
/// ends.
async fn rarest(db: &mut SqliteConnection, words: &Words) -> Result<Option<String>, StoreError> {
    let mut questions = words.questions();
    if questions.len() < 2 {
        return Ok(questions.pop());
    }
    let questions = serde_json::to_string(&questions).unwrap_or_default();
    Ok(sqlx::query_scalar!(
        r#"SELECT CAST(q.value AS TEXT) AS "question!: String" FROM json_each(?1) q ORDER BY (SELECT COUNT(*) FROM (
            SELECT 1 FROM code_search WHERE code_search MATCH q.value LIMIT ?2 + 1)), q.key LIMIT 1"#,
        questions,
        CANDIDATES
    )
    .fetch_optional(db)
    .await?)
}
