//! When a wallet is low: the operator says when in general, a reseller may have its own threshold.

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_domain::amount::{Amount, Unit};
use counterfoil_domain::feed::FeedTable;
use counterfoil_domain::ids::{OperatorId, ResellerId};
use counterfoil_domain::reseller::Scope;
use counterfoil_wire::credits::{LowCredit, LowCreditDefaults, SetLowCredit};

use super::repo;
use crate::dialect::Conn;
use crate::engine::App;
use crate::engine::audit::{self, Actor};
use crate::engine::ledger;
use crate::engine::operators;
use crate::engine::resellers;
use crate::engine::stored::stored_amount;

pub(crate) async fn low_credit(
    conn: &mut Conn,
    operator: OperatorId,
    reseller: ResellerId,
) -> Result<LowCredit, Failure> {
    let unit = ledger::wallet(conn, reseller).await?.balance.unit();
    let own = repo::own_threshold(conn, reseller).await?;
    let defaults = operators::get(conn, operator).await?.low_credit;
    let general = if unit == Unit::Credits { defaults.credits } else { defaults.money };
    let threshold = stored_amount(own.unwrap_or(general), unit, "reseller", reseller)?;
    Ok(LowCredit { threshold, own: own.is_some() })
}

/// Sets, or with nothing unsets, a reseller's own threshold.
pub(crate) async fn set_low_credit(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    scope: &Scope,
    reseller: ResellerId,
    asked: &SetLowCredit,
) -> Result<LowCredit, Failure> {
    let mut work = app.begin(operator).await?;
    let path = resellers::path(work.conn(), operator, scope, reseller).await?;
    if let Some(threshold) = asked.threshold {
        check("threshold", threshold)?;
    }
    let before = low_credit(work.conn(), operator, reseller).await?;
    repo::set_threshold(work.conn(), reseller, asked.threshold).await?;
    work.touch(FeedTable::Balance, reseller, path.as_str());
    let after = low_credit(work.conn(), operator, reseller).await?;
    audit::record(&mut work, actor, "credits.low", Some(reseller.0), Some(&before), Some(&after)).await?;
    work.commit().await?;
    Ok(after)
}

pub(crate) async fn defaults(conn: &mut Conn, operator: OperatorId) -> Result<LowCreditDefaults, Failure> {
    Ok(operators::get(conn, operator).await?.low_credit)
}

pub(crate) async fn set_defaults(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    asked: &LowCreditDefaults,
) -> Result<LowCreditDefaults, Failure> {
    check("credits", asked.credits)?;
    check("money", asked.money)?;
    let mut work = app.begin(operator).await?;
    let before = defaults(work.conn(), operator).await?;
    repo::set_defaults(work.conn(), operator, asked).await?;
    work.touch(FeedTable::Settings, operator, "");
    audit::record(&mut work, actor, "credits.low_defaults", Some(operator.0), Some(&before), Some(asked)).await?;
    work.commit().await?;
    Ok(*asked)
}

fn check(name: &str, threshold: i64) -> Result<(), Failure> {
    if (0..=Amount::MAX).contains(&threshold) {
        Ok(())
    } else {
        Err(Failure::validation(vec![field(name, "zero or more")]))
    }
}
