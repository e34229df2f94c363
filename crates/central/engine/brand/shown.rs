//! Whose brand is in force.
//!
//! A brand is worn as a whole: a logo beside somebody else's colour is nobody's brand, so what its owner did not set is not
//! taken from further up. It is the owner's company, Counterfoil's own colour, no logo.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::feed::FeedTable;
use counterfoil_domain::grant::Grant;
use counterfoil_domain::ids::ResellerId;
use counterfoil_domain::reseller::ResellerPath;
use counterfoil_wire::brand::ShownBrand;

use super::repo;
use crate::dialect::Conn;
use crate::engine::operators::Operator;
use crate::engine::permissions;
use crate::engine::work::Work;

/// What a reseller's devices show, or with none, those of staff: its own brand, or that of the nearest reseller above it
/// with one, or the operator's.
pub(crate) async fn in_force(
    conn: &mut Conn,
    operator: &Operator,
    reseller: Option<ResellerId>,
) -> Result<ShownBrand, Failure> {
    if let Some(reseller) = reseller
        && let Some(worn) = of_reseller(conn, reseller).await?
    {
        return Ok(worn);
    }
    let brand = operator.brand.clone();
    Ok(ShownBrand { name: operator.shown_name().to_owned(), accent: brand.accent, logo: brand.logo })
}

/// The same; none where it is the operator's. A brand counts while the operator allows its owner one.
pub(crate) async fn of_reseller(conn: &mut Conn, reseller: ResellerId) -> Result<Option<ShownBrand>, Failure> {
    for row in repo::upward(conn, reseller).await? {
        if permissions::of(conn, ResellerId(row.id)).await?.allow(Grant::Branding) {
            return Ok(Some(ShownBrand {
                name: if row.panel_name.is_empty() { row.company } else { row.panel_name },
                accent: Some(row.accent).filter(|accent| !accent.is_empty()),
                logo: Some(row.logo_hash).filter(|hash| !hash.is_empty()),
            }));
        }
    }
    Ok(None)
}

/// The devices of a reseller, and of everybody below it, are told to look: what they show may be another brand now.
pub(crate) async fn touch_below(work: &mut Work, path: &ResellerPath) -> Result<(), Failure> {
    let operator = work.operator();
    for below in repo::below(work.conn(), operator, path).await? {
        work.touch(FeedTable::Reseller, below.id, &below.path);
    }
    Ok(())
}
