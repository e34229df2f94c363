//! Whose order a line is, and of what: by the names that stand in the file.

use std::collections::HashMap;

use counterfoil_domain::amount::Currency;
use counterfoil_domain::ids::OperatorId;
use counterfoil_wire::order_import::OrderLine;
use uuid::Uuid;

use super::Stop;
use super::line::{told, wrong};
use super::repo::{self, Offered, Seller, Supplier};
use crate::dialect::Conn;
use crate::engine::providers::name_key;
use crate::engine::stored::stored_currency;

/// Where an order belongs.
#[derive(Clone)]
pub(super) struct Place {
    pub(super) seller: Seller,
    pub(super) provider: Supplier,
    pub(super) currency: Currency,
    pub(super) offering: Offered,
    pub(super) relationship: Uuid,
}

/// Those that lines before named: a file names few, and each often.
#[derive(Default)]
pub(super) struct Places(HashMap<[String; 3], Place>);

impl Places {
    pub(super) async fn of(&mut self, conn: &mut Conn, operator: OperatorId, line: &OrderLine) -> Result<Place, Stop> {
        let names = [&line.reseller, &line.provider, &line.offering].map(|cell| cell.trim().to_owned());
        if let Some(known) = self.0.get(&names) {
            return Ok(known.clone());
        }
        let seller = seller(conn, operator, &line.reseller).await?;
        let provider = provider(conn, operator, &line.provider).await?;
        let offering = offering(conn, &provider, &line.offering).await?;
        let relationship = repo::relationship(conn, seller.id, provider.id).await?.ok_or_else(|| {
            let message = format!(
                "{} does not sell what {} offers: open their relationship first",
                seller.company, provider.name
            );
            wrong("reseller", message)
        })?;
        let currency = stored_currency(&provider.currency, "provider", provider.id)?;
        let place = Place { seller, provider, currency, offering, relationship };
        self.0.insert(names, place.clone());
        Ok(place)
    }
}

async fn seller(conn: &mut Conn, operator: OperatorId, cell: &str) -> Result<Seller, Stop> {
    let name = told(cell).ok_or_else(|| wrong("reseller", "say whose order it was: user name, e-mail or id"))?;
    let found = repo::seller(conn, operator, name.parse().unwrap_or_default(), &name.to_lowercase()).await?;
    Ok(found.ok_or_else(|| wrong("reseller", "no reseller has this user name, e-mail or id"))?)
}

async fn provider(conn: &mut Conn, operator: OperatorId, cell: &str) -> Result<Supplier, Stop> {
    let name = told(cell).ok_or_else(|| wrong("provider", "say who delivered it: the name of the provider"))?;
    let found = repo::provider(conn, operator, &name_key(name)).await?;
    Ok(found.ok_or_else(|| wrong("provider", "no provider is called so: make it first"))?)
}

/// By its name or, where none is called so, by its article.
async fn offering(conn: &mut Conn, provider: &Supplier, cell: &str) -> Result<Offered, Stop> {
    let name = told(cell).ok_or_else(|| wrong("offering", "say what was ordered: the name of the offering"))?;
    let key = name_key(name);
    let mut found = repo::offerings(conn, provider.id, &key, name).await?;
    if found.iter().filter(|one| one.name_key == key).count() > 1 {
        let message = format!("several offerings of {} are called so: write the article instead", provider.name);
        return Err(wrong("offering", message).into());
    }
    if found.is_empty() {
        let message = format!(
            "{} has no offering of this name or article: make it first, withdrawn if it is not sold any more",
            provider.name
        );
        return Err(wrong("offering", message).into());
    }
    Ok(found.swap_remove(0))
}
