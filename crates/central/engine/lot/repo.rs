//! SQL of lots.

use counterfoil_domain::ids::OperatorId;
use uuid::Uuid;

use crate::dialect::Conn;
use crate::engine::code::Source;

/// A lot before it is stored.
pub(super) struct NewLot<'a> {
    pub(super) source: &'a Source,
    pub(super) reseller: Uuid,
    pub(super) number: i64,
    pub(super) made_by: Uuid,
    pub(super) made_at: i64,
}

pub(super) async fn insert(conn: &mut Conn, lot: &NewLot<'_>) -> Result<(), sqlx::Error> {
    let source = lot.source;
    let salt = source.salt.as_slice();
    sqlx::query!(
        "INSERT INTO lot (id, operator_id, reseller_id, number, key_id, salt, word_list, prefix, made_by, made_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        source.id,
        source.operator.0,
        lot.reseller,
        lot.number,
        source.key_id,
        salt,
        source.word_list,
        source.prefix,
        lot.made_by,
        lot.made_at
    )
    .execute(conn)
    .await
    .map(|_| ())
}

/// What the codes of a lot derive from.
pub(super) struct StoredLot {
    pub(super) id: Uuid,
    pub(super) key_id: i64,
    pub(super) salt: Vec<u8>,
    pub(super) word_list: i64,
    pub(super) prefix: String,
}

pub(super) async fn find(conn: &mut Conn, operator: OperatorId, id: Uuid) -> Result<Option<StoredLot>, sqlx::Error> {
    sqlx::query_as!(
        StoredLot,
        r#"SELECT id AS "id!: Uuid", key_id AS "key_id!: i64", salt AS "salt!: Vec<u8>",
             word_list AS "word_list!: i64", prefix AS "prefix!: String"
           FROM lot WHERE id = $1 AND operator_id = $2"#,
        id,
        operator.0
    )
    .fetch_optional(conn)
    .await
}
