//! SQL of the market. Each kind of list is read along an index of its own, in the order of names.

use counterfoil_domain::ids::{OfferingId, OperatorId, ProviderId, ResellerId};
use uuid::Uuid;

use crate::dialect::Conn;
use crate::engine::providers::words::Beginnings;

/// What is sold, whoever sells it.
pub(super) struct OfferingRow {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) name_key: String,
    pub(super) description: String,
    pub(super) base_price: i64,
    pub(super) term_days: i64,
    pub(super) attributes: String,
    pub(super) stock: Option<i64>,
    pub(super) provider_id: Uuid,
    pub(super) provider_name: String,
    pub(super) currency: String,
}

/// A relationship that sells.
pub(super) struct SellerRow {
    pub(super) id: Uuid,
    pub(super) markup: i64,
    pub(super) reseller_id: Uuid,
    pub(super) company: String,
}

pub(super) struct Filter<'a> {
    pub(super) operator: OperatorId,
    pub(super) reseller: Option<ResellerId>,
    pub(super) provider: Option<ProviderId>,
    /// Begin with this name and id, itself included.
    pub(super) from: &'a (String, Uuid, Uuid),
}

/// Offerings `o` of providers `p` that somebody sells ($1: who, or NULL): give it the rest of the WHERE, and the arguments
/// from the second on. CROSS JOIN keeps SQLite from reading the providers first.
macro_rules! offerings {
    ($rest:literal, $reseller:expr $(, $argument:expr)* $(,)?) => {
        sqlx::query_as!(
            OfferingRow,
            r#"SELECT o.id AS "id!: Uuid", o.name AS "name!: String", o.name_key AS "name_key!: String",
                      o.description AS "description!: String", o.base_price AS "base_price!: i64",
                      o.term_days AS "term_days!: i64", o.attributes AS "attributes!: String", o.stock AS "stock?: i64",
                      p.id AS "provider_id!: Uuid", p.name AS "provider_name!: String", p.currency AS "currency!: String"
               FROM offering o CROSS JOIN provider p
               WHERE p.id = o.provider_id AND o.status = 'active' AND p.status = 'active'
                 AND EXISTS (SELECT 1 FROM relationship r JOIN reseller s ON s.id = r.reseller_id
                             WHERE r.provider_id = o.provider_id AND r.status = 'active' AND s.status = 'active'
                               AND r.reseller_id = COALESCE($1, r.reseller_id)) "#
                + $rest,
            $reseller
            $(, $argument)*
        )
    };
}

/// The whole market.
pub(super) async fn all(conn: &mut Conn, filter: &Filter<'_>, limit: i64) -> Result<Vec<OfferingRow>, sqlx::Error> {
    let reseller = filter.reseller.map(|reseller| reseller.0);
    offerings!(
        "AND o.operator_id = $2 AND (o.name_key, o.id) >= ($3, $4) ORDER BY o.name_key, o.id LIMIT $5",
        reseller,
        filter.operator.0,
        filter.from.0,
        filter.from.1,
        limit
    )
    .fetch_all(conn)
    .await
}

/// What one provider offers.
pub(super) async fn of_provider(
    conn: &mut Conn,
    filter: &Filter<'_>,
    provider: ProviderId,
    limit: i64,
) -> Result<Vec<OfferingRow>, sqlx::Error> {
    let reseller = filter.reseller.map(|reseller| reseller.0);
    offerings!(
        "AND p.operator_id = $2 AND o.provider_id = $3 AND (o.name_key, o.id) >= ($4, $5)
         ORDER BY o.name_key, o.id LIMIT $6",
        reseller,
        filter.operator.0,
        provider.0,
        filter.from.0,
        filter.from.1,
        limit
    )
    .fetch_all(conn)
    .await
}

/// Those with all words, where the first of them is rare: they are read by it and put in order.
pub(super) async fn with_few(
    conn: &mut Conn,
    filter: &Filter<'_>,
    words: &Beginnings,
    limit: i64,
) -> Result<Vec<OfferingRow>, sqlx::Error> {
    let (reseller, provider) = (filter.reseller.map(|reseller| reseller.0), filter.provider.map(|provider| provider.0));
    let [(one, one_end), (two, two_end), (three, three_end), (four, four_end)] = words.ranges();
    offerings!(
        "AND o.id IN (SELECT w.offering_id FROM offering_word w WHERE w.operator_id = $2 AND w.word >= $3 AND w.word < $4)
         AND EXISTS (SELECT 1 FROM offering_word w WHERE w.offering_id = o.id AND w.word >= $5 AND w.word < $6)
         AND EXISTS (SELECT 1 FROM offering_word w WHERE w.offering_id = o.id AND w.word >= $7 AND w.word < $8)
         AND EXISTS (SELECT 1 FROM offering_word w WHERE w.offering_id = o.id AND w.word >= $9 AND w.word < $10)
         AND o.provider_id = COALESCE($11, o.provider_id) AND p.operator_id = $2
         AND (o.name_key, o.id) >= ($12, $13) ORDER BY o.name_key, o.id LIMIT $14",
        reseller,
        filter.operator.0,
        one,
        one_end,
        two,
        two_end,
        three,
        three_end,
        four,
        four_end,
        provider,
        filter.from.0,
        filter.from.1,
        limit
    )
    .fetch_all(conn)
    .await
}

/// Those with all words, where many have each of them: the market is walked by name until there are enough.
pub(super) async fn with_words(
    conn: &mut Conn,
    filter: &Filter<'_>,
    words: &Beginnings,
    limit: i64,
) -> Result<Vec<OfferingRow>, sqlx::Error> {
    let (reseller, provider) = (filter.reseller.map(|reseller| reseller.0), filter.provider.map(|provider| provider.0));
    let [(one, one_end), (two, two_end), (three, three_end), (four, four_end)] = words.ranges();
    offerings!(
        "AND EXISTS (SELECT 1 FROM offering_word w WHERE w.offering_id = o.id AND w.word >= $3 AND w.word < $4)
         AND EXISTS (SELECT 1 FROM offering_word w WHERE w.offering_id = o.id AND w.word >= $5 AND w.word < $6)
         AND EXISTS (SELECT 1 FROM offering_word w WHERE w.offering_id = o.id AND w.word >= $7 AND w.word < $8)
         AND EXISTS (SELECT 1 FROM offering_word w WHERE w.offering_id = o.id AND w.word >= $9 AND w.word < $10)
         AND o.provider_id = COALESCE($11, o.provider_id) AND o.operator_id = $2
         AND (o.name_key, o.id) >= ($12, $13) ORDER BY o.name_key, o.id LIMIT $14",
        reseller,
        filter.operator.0,
        one,
        one_end,
        two,
        two_end,
        three,
        three_end,
        four,
        four_end,
        provider,
        filter.from.0,
        filter.from.1,
        limit
    )
    .fetch_all(conn)
    .await
}

/// One of them.
pub(super) async fn offering(
    conn: &mut Conn,
    operator: OperatorId,
    offering: OfferingId,
) -> Result<Option<OfferingRow>, sqlx::Error> {
    let anybody = None::<Uuid>;
    offerings!("AND o.operator_id = $2 AND o.id = $3", anybody, operator.0, offering.0).fetch_optional(conn).await
}

/// Who sells what a provider offers.
pub(super) async fn sellers(
    conn: &mut Conn,
    provider: Uuid,
    reseller: Option<ResellerId>,
) -> Result<Vec<SellerRow>, sqlx::Error> {
    let reseller = reseller.map(|reseller| reseller.0);
    sqlx::query_as!(
        SellerRow,
        r#"SELECT r.id AS "id!: Uuid", r.markup AS "markup!: i64", s.id AS "reseller_id!: Uuid", s.company AS "company!: String"
           FROM relationship r JOIN reseller s ON s.id = r.reseller_id
           WHERE r.provider_id = $1 AND r.status = 'active' AND s.status = 'active' AND s.id = COALESCE($2, s.id)
           ORDER BY r.id"#,
        provider,
        reseller
    )
    .fetch_all(conn)
    .await
}

/// Whose offers a reseller sells.
pub(super) async fn providers_of(conn: &mut Conn, reseller: ResellerId) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT provider_id AS "provider_id!: Uuid" FROM relationship WHERE reseller_id = $1 AND status = 'active'"#,
        reseller.0
    )
    .fetch_all(conn)
    .await
}

/// How many lines begin with a word, up to `most`.
pub(super) async fn lines(
    conn: &mut Conn,
    operator: OperatorId,
    word: &str,
    beyond: &str,
    most: i64,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT COUNT(*) AS "lines!: i64" FROM (SELECT w.word FROM offering_word w
           WHERE w.operator_id = $1 AND w.word >= $2 AND w.word < $3 LIMIT $4) AS found"#,
        operator.0,
        word,
        beyond,
        most
    )
    .fetch_one(conn)
    .await
}
