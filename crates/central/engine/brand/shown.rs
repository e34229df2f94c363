//! Whose brand is in force.
//!
//! A brand is worn as a whole: a logo beside somebody else's colour is nobody's brand, so what its owner did not set is not
//! taken from further up. It is the owner's company, Counterfoil's own colour, no logo.

use std::collections::HashMap;

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::feed::FeedTable;
use counterfoil_domain::grant::Grant;
use counterfoil_domain::ids::ResellerId;
use counterfoil_domain::reseller::ResellerPath;
use counterfoil_wire::brand::ShownBrand;
use uuid::Uuid;

use super::repo::{self, Worn};
use crate::dialect::{self, Conn};
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

/// The same; none where it is the operator's.
pub(crate) async fn of_reseller(conn: &mut Conn, reseller: ResellerId) -> Result<Option<ShownBrand>, Failure> {
    Ok(of_resellers(conn, &[reseller.0]).await?.remove(&reseller.0))
}

/// What each of these resellers wears that is not the operator's. A brand counts while the operator allows its owner one.
pub(crate) async fn of_resellers(conn: &mut Conn, wearers: &[Uuid]) -> Result<HashMap<Uuid, ShownBrand>, Failure> {
    let mut shown = HashMap::new();
    for worn in dialect::brands_above(conn, wearers).await? {
        let wearer = worn.wearer;
        let allowed = permissions::grants(&worn.grants, wearer)?.contains(&Grant::Branding);
        if allowed && !shown.contains_key(&wearer) {
            shown.insert(wearer, brand_of(worn));
        }
    }
    Ok(shown)
}

fn brand_of(worn: Worn) -> ShownBrand {
    ShownBrand {
        name: if worn.panel_name.is_empty() { worn.company } else { worn.panel_name },
        accent: Some(worn.accent).filter(|accent| !accent.is_empty()),
        logo: Some(worn.logo_hash).filter(|hash| !hash.is_empty()),
    }
}

/// The devices of a reseller, and of everybody below it, are told to look: what they show may be another brand now.
pub(crate) async fn touch_below(work: &mut Work, path: &ResellerPath) -> Result<(), Failure> {
    let operator = work.operator();
    for below in repo::below(work.conn(), operator, path).await? {
        work.touch(FeedTable::Reseller, below.id, &below.path);
    }
    Ok(())
}
