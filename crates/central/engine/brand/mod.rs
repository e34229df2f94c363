//! What an operator looks like, and a reseller that has a brand of its own. One way of setting it for both. The logo's bytes
//! are never in the audit.

mod repo;
mod shown;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_domain::brand::{Accent, LONGEST_PANEL_NAME, check_logo};
use counterfoil_domain::feed::FeedTable;
use counterfoil_domain::ids::{OperatorId, ResellerId};
use counterfoil_domain::reseller::{ResellerPath, Scope};
use counterfoil_wire::brand::{Brand, SaveBrand, SaveLogo};
use counterfoil_wire::problem::Code;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::App;
use super::audit::{self, Actor};
use super::stored::stored_number;
use super::work::Work;
use super::{operators, resellers};
use crate::dialect::Conn;
pub(crate) use repo::Worn;
pub(crate) use shown::{in_force, of_reseller, of_resellers, touch_below};

/// Whose brand it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whose {
    Operator,
    Reseller(ResellerId),
}

impl Whose {
    const fn id(self, operator: OperatorId) -> Uuid {
        match self {
            Self::Operator => operator.0,
            Self::Reseller(reseller) => reseller.0,
        }
    }

    /// What the audit calls a change of name or colour.
    const fn edit(self) -> &'static str {
        match self {
            Self::Operator => "operator.brand",
            Self::Reseller(_) => "reseller.brand",
        }
    }

    /// What the audit calls another logo, or none.
    const fn logo(self) -> &'static str {
        match self {
            Self::Operator => "operator.logo",
            Self::Reseller(_) => "reseller.logo",
        }
    }
}

/// As it is now.
pub(crate) async fn get(conn: &mut Conn, operator: OperatorId, whose: Whose) -> Result<Brand, Failure> {
    find(conn, operator, whose).await?;
    read(conn, operator, whose).await
}

/// The bytes of the logo with this SHA-256, whoever wears it.
pub(crate) async fn logo(conn: &mut Conn, hash: &str) -> Result<Option<Vec<u8>>, Failure> {
    Ok(repo::logo(conn, hash).await?)
}

/// Saves name and colour as they were read.
pub(crate) async fn save(
    app: &App,
    operator: OperatorId,
    whose: Whose,
    actor: &Actor,
    asked: &SaveBrand,
) -> Result<Brand, Failure> {
    let mut work = app.begin(operator).await?;
    let path = find(work.conn(), operator, whose).await?;
    let asked = checked(asked)?;
    let before = read(work.conn(), operator, whose).await?;
    if !repo::update(work.conn(), operator, whose, &asked).await? {
        return Err(changed_meanwhile(before.version));
    }
    finish(work, whose, path.as_ref(), (actor, whose.edit()), &before).await
}

/// Puts another logo in place of the one that was read.
pub(crate) async fn save_logo(
    app: &App,
    operator: OperatorId,
    whose: Whose,
    actor: &Actor,
    asked: &SaveLogo,
) -> Result<Brand, Failure> {
    let mut work = app.begin(operator).await?;
    let path = find(work.conn(), operator, whose).await?;
    let png = picture(&asked.png)?;
    let hash = hex::encode(Sha256::digest(&png));
    let before = read(work.conn(), operator, whose).await?;
    if !repo::put_logo(work.conn(), operator, whose, asked.version, (hash.as_str(), png.as_slice())).await? {
        return Err(changed_meanwhile(before.version));
    }
    finish(work, whose, path.as_ref(), (actor, whose.logo()), &before).await
}

/// Takes the logo away. Where there is none, nothing changes.
pub(crate) async fn delete_logo(
    app: &App,
    operator: OperatorId,
    whose: Whose,
    actor: &Actor,
) -> Result<Brand, Failure> {
    let mut work = app.begin(operator).await?;
    let path = find(work.conn(), operator, whose).await?;
    let before = read(work.conn(), operator, whose).await?;
    if !repo::delete_logo(work.conn(), operator, whose).await? {
        work.commit().await?;
        return Ok(before);
    }
    finish(work, whose, path.as_ref(), (actor, whose.logo()), &before).await
}

/// Where the reseller stands whose brand it is: looked for before anything is said of what was sent.
async fn find(conn: &mut Conn, operator: OperatorId, whose: Whose) -> Result<Option<ResellerPath>, Failure> {
    match whose {
        Whose::Operator => Ok(None),
        Whose::Reseller(id) => resellers::path(conn, operator, &Scope::Operator, id).await.map(Some),
    }
}

async fn read(conn: &mut Conn, operator: OperatorId, whose: Whose) -> Result<Brand, Failure> {
    let Whose::Reseller(reseller) = whose else { return Ok(operators::get(conn, operator).await?.brand) };
    // Nobody has set anything yet.
    let Some(row) = repo::of_reseller(conn, reseller).await? else { return Ok(Brand::default()) };
    Ok(Brand {
        version: stored_number(row.revision, "reseller_brand", "revision", reseller)?,
        panel_name: row.panel_name,
        accent: Some(row.accent).filter(|accent| !accent.is_empty()),
        logo: Some(row.logo_hash).filter(|hash| !hash.is_empty()),
    })
}

async fn finish(
    mut work: Work,
    whose: Whose,
    path: Option<&ResellerPath>,
    (actor, action): (&Actor, &'static str),
    before: &Brand,
) -> Result<Brand, Failure> {
    let operator = work.operator();
    match path {
        None => work.touch(FeedTable::Settings, operator, ""),
        Some(path) => touch_below(&mut work, path).await?,
    }
    let after = read(work.conn(), operator, whose).await?;
    audit::record(&mut work, actor, action, Some(whose.id(operator)), Some(before), Some(&after)).await?;
    work.commit().await?;
    Ok(after)
}

fn changed_meanwhile(version: u32) -> Failure {
    let detail = format!("Somebody changed the brand meanwhile: it is at version {version}. Read it again.");
    Failure::new(Code::Conflict, detail)
}

/// As it is stored; every wrong field at once.
fn checked(asked: &SaveBrand) -> Result<SaveBrand, Failure> {
    let panel_name = asked.panel_name.trim().to_owned();
    let mut wrong = Vec::new();
    if panel_name.chars().count() > LONGEST_PANEL_NAME || panel_name.chars().any(char::is_control) {
        wrong.push(field("panel_name", "a panel name has at most 60 characters, without line breaks"));
    }
    let accent = match asked.accent.as_deref().map(|accent| accent.trim().parse::<Accent>()).transpose() {
        Ok(accent) => accent.map(|accent| accent.to_string()),
        Err(error) => {
            wrong.push(field("accent", error.to_string()));
            None
        }
    };
    if wrong.is_empty() { Ok(SaveBrand { panel_name, accent, ..*asked }) } else { Err(Failure::validation(wrong)) }
}

/// The bytes of a picture that may be shown.
fn picture(png: &str) -> Result<Vec<u8>, Failure> {
    let wrong = |message: String| Failure::validation(vec![field("png", message)]);
    let bytes = STANDARD.decode(png).map_err(|_| wrong("a PNG picture in base64".to_owned()))?;
    check_logo(&bytes).map_err(|error| wrong(error.to_string()))?;
    Ok(bytes)
}
