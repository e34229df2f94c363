//! How many lines contain what is typed and begin with none of it. The page itself (`page.sql`) asks the same.

use counterfoil_domain::code::CodeState;
use sqlx::SqliteConnection;

use super::{Search, repo};
use crate::inside::{CANDIDATES, Words};
use crate::store::StoreError;

/// A search for words inside, with the question that has the fewest answers.
pub(super) struct Inside<'a> {
    search: &'a Search,
    words: &'a Words,
    question: String,
    /// There are more candidates than are looked through.
    pub(super) cut: bool,
}

impl<'a> Inside<'a> {
    /// None where nothing is long enough to be looked for. Of several words the rarest finds the candidates: two frequent
    /// ones that never meet would be walked along to their ends.
    pub(super) async fn of(db: &mut SqliteConnection, search: &'a Search) -> Result<Option<Self>, StoreError> {
        let Some(words) = &search.words else { return Ok(None) };
        let questions = serde_json::to_string(&words.questions()).unwrap_or_default();
        let most = CANDIDATES + 1;
        let rarest = sqlx::query!(
            r#"SELECT CAST(q.value AS TEXT) AS "question!: String", (SELECT COUNT(*) FROM (
                SELECT 1 FROM code_search WHERE code_search MATCH q.value LIMIT ?2)) AS "found!: i64"
            FROM json_each(?1) q ORDER BY 2, q.key LIMIT 1"#,
            questions,
            most
        )
        .fetch_optional(db)
        .await?;
        Ok(rarest.map(|row| Self { search, words, question: row.question, cut: row.found > CANDIDATES }))
    }

    /// The states of all of them.
    pub(super) async fn states(&self, db: &mut SqliteConnection) -> Result<Vec<CodeState>, StoreError> {
        let (upper_end, lower_end) = (self.search.upper_end(), self.search.lower_end());
        let Some((first, others)) = self.words.all().split_first() else { return Ok(Vec::new()) };
        let others = serde_json::to_string(others).unwrap_or_else(|_| "[]".into());
        let found = sqlx::query_scalar!(
            r#"SELECT c.state AS "state!: String" FROM (
                SELECT rowid AS place FROM code_search WHERE code_search MATCH ?5 ORDER BY rowid DESC LIMIT ?6
            ) w CROSS JOIN cached_code c ON c.rowid = w.place
            WHERE NOT (c.serial >= ?1 AND c.serial < ?2) AND NOT (c.last_group >= ?1 AND c.last_group < ?2)
            AND (c.email_key IS NULL OR NOT (c.email_key >= ?3 AND c.email_key < ?4))
            AND NOT (c.plan_key >= ?3 AND c.plan_key < ?4)
            AND (instr(c.serial, upper(?7)) > 0 OR instr(c.last_group, upper(?7)) > 0
                OR instr(c.email_key, ?7) > 0 OR instr(c.plan_key, ?7) > 0)
            AND (?8 = '[]' OR NOT EXISTS (SELECT 1 FROM json_each(?8) o
                WHERE instr(c.serial, upper(o.value)) = 0 AND instr(c.last_group, upper(o.value)) = 0
                AND COALESCE(instr(c.email_key, o.value), 0) = 0 AND instr(c.plan_key, o.value) = 0))
            AND c.rowid NOT IN (
                SELECT k.rowid FROM overlay o CROSS JOIN cached_code k ON k.source_id = o.lease_id AND k.seq = o.seq)"#,
            self.search.upper,
            upper_end,
            self.search.lower,
            lower_end,
            self.question,
            CANDIDATES,
            first,
            others
        )
        .fetch_all(db)
        .await?;
        found.iter().map(|found| repo::state(found)).collect()
    }
}
