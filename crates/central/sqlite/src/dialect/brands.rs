//! Brands of many resellers at once.

use uuid::Uuid;

use super::{Conn, json_of};
use crate::engine::brand::Worn;

/// Of each of these resellers the brands that it and those above it have set, from below. Whose permissions nobody decided
/// may have none.
pub(crate) async fn brands_above(conn: &mut Conn, wearers: &[Uuid]) -> Result<Vec<Worn>, sqlx::Error> {
    let wearers = json_of(wearers);
    sqlx::query_as!(
        Worn,
        r#"WITH RECURSIVE above (wearer, id, parent_id, company, steps) AS (
             SELECT id, id, parent_id, company, CAST(0 AS BIGINT) FROM reseller WHERE id IN (SELECT unhex(value) FROM json_each($1))
             UNION ALL
             SELECT a.wearer, r.id, r.parent_id, r.company, a.steps + 1 FROM reseller r JOIN above a ON r.id = a.parent_id
           )
           SELECT a.wearer AS "wearer!: Uuid", a.company AS "company!: String", b.panel_name AS "panel_name!: String",
                  b.accent AS "accent!: String", b.logo_hash AS "logo_hash!: String", p.grants AS "grants!: String"
           FROM above a JOIN reseller_brand b ON b.reseller_id = a.id
             JOIN reseller_permission p ON p.reseller_id = a.id
           WHERE b.panel_name <> '' OR b.accent <> '' OR b.logo_hash <> ''
           ORDER BY a.wearer, a.steps"#,
        wearers
    )
    .fetch_all(conn)
    .await
}
