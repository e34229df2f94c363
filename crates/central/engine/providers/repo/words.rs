//! SQL of the words that offerings are found by.

use counterfoil_domain::ids::OperatorId;
use sqlx::QueryBuilder;
use uuid::Uuid;

use crate::dialect::{Conn, Db};
use crate::engine::batch::{ROWS, kept};

/// How many offerings have a word from one text up to another, if they are fewer than so many.
pub(in crate::engine::providers) async fn few(
    conn: &mut Conn,
    operator: OperatorId,
    (from, beyond): (&str, &str),
    most: i64,
) -> Result<Option<i64>, sqlx::Error> {
    let counted = sqlx::query_scalar!(
        r#"SELECT COUNT(*) AS "count!: i64" FROM (SELECT offering_id FROM offering_word
             WHERE operator_id = $1 AND word >= $2 AND word < $3 LIMIT $4) AS counted"#,
        operator.0,
        from,
        beyond,
        most
    )
    .fetch_one(conn)
    .await?;
    Ok((counted < most).then_some(counted))
}

/// All words of these offerings.
pub(in crate::engine::providers) async fn forget(conn: &mut Conn, offerings: &[Uuid]) -> Result<(), sqlx::Error> {
    for batch in offerings.chunks(ROWS) {
        let mut query = QueryBuilder::<Db>::new("DELETE FROM offering_word WHERE offering_id IN (");
        let mut list = query.separated(", ");
        for offering in batch {
            list.push_bind(*offering);
        }
        query.push(")");
        query.build().persistent(kept(batch)).execute(&mut *conn).await?;
    }
    Ok(())
}

pub(in crate::engine::providers) async fn keep(
    conn: &mut Conn,
    operator: OperatorId,
    words: &[(Uuid, String)],
) -> Result<(), sqlx::Error> {
    for batch in words.chunks(ROWS) {
        let mut query = QueryBuilder::<Db>::new("INSERT INTO offering_word (operator_id, word, offering_id) ");
        query.push_values(batch, |mut row, (offering, word)| {
            row.push_bind(operator.0).push_bind(word.as_str()).push_bind(*offering);
        });
        query.push(" ON CONFLICT DO NOTHING");
        query.build().persistent(kept(batch)).execute(&mut *conn).await?;
    }
    Ok(())
}
