//! What an operator looks like. The logo's bytes are apart from the operator's row, and never in the audit.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_domain::brand::{Accent, LONGEST_PANEL_NAME, check_logo};
use counterfoil_domain::feed::FeedTable;
use counterfoil_domain::ids::OperatorId;
use counterfoil_wire::brand::{Brand, SaveBrand, SaveLogo};
use counterfoil_wire::problem::Code;
use sha2::{Digest as _, Sha256};

use super::{get, repo};
use crate::dialect::Conn;
use crate::engine::App;
use crate::engine::audit::{self, Actor};
use crate::engine::work::Work;

/// As it is now.
pub(crate) async fn brand(conn: &mut Conn, operator: OperatorId) -> Result<Brand, Failure> {
    Ok(get(conn, operator).await?.brand)
}

/// The bytes of the logo, where there is one.
pub(crate) async fn logo(conn: &mut Conn, operator: OperatorId) -> Result<Option<Vec<u8>>, Failure> {
    Ok(repo::logo(conn, operator).await?)
}

/// Saves name and colour as they were read.
pub(crate) async fn save(app: &App, operator: OperatorId, actor: &Actor, asked: &SaveBrand) -> Result<Brand, Failure> {
    let asked = checked(asked)?;
    let mut work = app.begin(operator).await?;
    let before = brand(work.conn(), operator).await?;
    if !repo::update_brand(work.conn(), operator, &asked).await? {
        return Err(changed_meanwhile(&mut work, operator).await);
    }
    // Devices show the panel name in place of the operator's.
    work.touch(FeedTable::Settings, operator, "");
    finish(work, operator, actor, "operator.brand", &before).await
}

/// Puts another logo in place of the one that was read.
pub(crate) async fn save_logo(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    asked: &SaveLogo,
) -> Result<Brand, Failure> {
    let png = picture(&asked.png)?;
    let hash = hex::encode(Sha256::digest(&png));
    let mut work = app.begin(operator).await?;
    let before = brand(work.conn(), operator).await?;
    if !repo::put_logo(work.conn(), operator, asked.version, &hash, &png).await? {
        return Err(changed_meanwhile(&mut work, operator).await);
    }
    finish(work, operator, actor, "operator.logo", &before).await
}

/// Takes the logo away. Where there is none, nothing changes.
pub(crate) async fn delete_logo(app: &App, operator: OperatorId, actor: &Actor) -> Result<Brand, Failure> {
    let mut work = app.begin(operator).await?;
    let before = brand(work.conn(), operator).await?;
    if !repo::delete_logo(work.conn(), operator).await? {
        work.commit().await?;
        return Ok(before);
    }
    finish(work, operator, actor, "operator.logo", &before).await
}

async fn finish(
    mut work: Work,
    operator: OperatorId,
    actor: &Actor,
    action: &'static str,
    before: &Brand,
) -> Result<Brand, Failure> {
    let after = brand(work.conn(), operator).await?;
    audit::record(&mut work, actor, action, Some(operator.0), Some(before), Some(&after)).await?;
    work.commit().await?;
    Ok(after)
}

async fn changed_meanwhile(work: &mut Work, operator: OperatorId) -> Failure {
    match brand(work.conn(), operator).await {
        Ok(Brand { version, .. }) => Failure::new(
            Code::Conflict,
            format!("Somebody changed the brand meanwhile: it is at version {version}. Read it again."),
        ),
        Err(failure) => failure,
    }
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
