//! Where an application stands, and what its reseller still needs before it can sell.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::application::ApplicationState;
use counterfoil_domain::ids::{ApplicationId, OperatorId, ResellerId};
use counterfoil_domain::reseller::{ResellerStatus, Scope};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::applications::Application;
use counterfoil_wire::troubleshooting::{ApplicationFinding, ApplicationStanding};

use super::repo;
use crate::dialect::Conn;
use crate::engine::{applications, prices, resellers};

pub(crate) async fn standing(
    conn: &mut Conn,
    operator: OperatorId,
    id: ApplicationId,
    now: Timestamp,
) -> Result<ApplicationStanding, Failure> {
    let application = applications::get(conn, operator, id).await?;
    let findings = match application.state {
        ApplicationState::Pending => pending(conn, operator, &application).await?,
        ApplicationState::Approved | ApplicationState::Rejected => decided(conn, operator, &application, now).await?,
    };
    Ok(ApplicationStanding {
        application_id: id,
        business_name: application.business_name,
        state: application.state,
        findings,
    })
}

async fn pending(
    conn: &mut Conn,
    operator: OperatorId,
    application: &Application,
) -> Result<Vec<ApplicationFinding>, Failure> {
    let mut findings = vec![ApplicationFinding::Waiting { since: application.created_at }];
    if let Some((id, company)) = repo::by_email(conn, operator, &application.email).await? {
        findings.push(ApplicationFinding::EmailTaken { reseller_id: ResellerId(id), company });
    }
    Ok(findings)
}

async fn decided(
    conn: &mut Conn,
    operator: OperatorId,
    application: &Application,
    now: Timestamp,
) -> Result<Vec<ApplicationFinding>, Failure> {
    let decision = application.decision.as_ref();
    let decision = decision.ok_or_else(|| {
        Failure::internal(format!("damaged row: application {} is decided by nobody", application.application_id))
    })?;
    let (at, by) = (decision.at, decision.by.clone());
    if application.state == ApplicationState::Rejected {
        let reason = decision.reason.clone().unwrap_or_default();
        return Ok(vec![ApplicationFinding::Rejected { at, by, reason }]);
    }
    let mut findings = vec![ApplicationFinding::Approved { at, by, reseller_id: decision.reseller_id }];
    if let Some(reseller) = decision.reseller_id {
        let missing = missing(conn, operator, reseller, now).await?;
        findings.extend(if missing.is_empty() { vec![ApplicationFinding::Sells] } else { missing });
    }
    Ok(findings)
}

async fn missing(
    conn: &mut Conn,
    operator: OperatorId,
    reseller: ResellerId,
    now: Timestamp,
) -> Result<Vec<ApplicationFinding>, Failure> {
    let mut findings = Vec::new();
    let shop = resellers::get(conn, operator, &Scope::Operator, reseller).await?;
    if shop.status != ResellerStatus::Active {
        findings.push(ApplicationFinding::ResellerNotActive { status: shop.status });
    }
    if shop.last_login_at.is_none() {
        findings.push(ApplicationFinding::NeverSignedIn { username: shop.username });
    }
    if prices::sellable(conn, operator, reseller, now).await?.is_empty() {
        findings.push(ApplicationFinding::NothingToSell);
    }
    if shop.balance.checked_add(shop.credit_limit).map_err(Failure::internal)?.value() <= 0 {
        findings.push(ApplicationFinding::NoCredit { available: shop.balance, limit: shop.credit_limit });
    }
    if repo::devices(conn, reseller).await?.is_empty() {
        findings.push(ApplicationFinding::NoDevice);
    }
    Ok(findings)
}
