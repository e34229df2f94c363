//! One row of `portal`, and what can be told of it.

use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::keys::Keys;
use counterfoil_domain::ids::{PlanId, PortalId, ResellerId};
use counterfoil_domain::portal::{OwnerField, PortalStatus, ProvisioningState};
use counterfoil_domain::time::Timestamp;
use counterfoil_portals::Connection;
use counterfoil_wire::portals::{AccountCounts, PlanOnPortal, Portal, PortalFindings, PortalTrouble, ResellerOnPortal};
use uuid::Uuid;

use super::repo;
use crate::dialect::Conn;
use crate::engine::portal_jobs;
use crate::engine::stored::{stored, stored_number};

const HOUR_MS: i64 = 60 * 60_000;

pub(crate) struct PortalRecord {
    pub(crate) id: Uuid,
    pub(crate) operator_id: Uuid,
    pub(crate) name: String,
    pub(crate) address: String,
    pub(crate) api_user: Option<String>,
    pub(crate) sealed_password: Option<Vec<u8>>,
    pub(crate) certificate: Option<Vec<u8>>,
    pub(crate) time_zone: String,
    pub(crate) status: String,
    pub(crate) findings: Option<String>,
    pub(crate) trouble_code: Option<String>,
    pub(crate) trouble_detail: Option<String>,
    pub(crate) trouble_remedy: Option<String>,
    pub(crate) trouble_since: Option<i64>,
    pub(crate) troubles: i64,
    pub(crate) revision: i64,
    pub(crate) look_every_hours: i64,
    pub(crate) created_at: i64,
}

/// A checked query that yields portal records, like `account_records!`.
macro_rules! portal_records {
    ($head:literal, $tail:literal $(, $argument:expr)* $(,)?) => {
        sqlx::query_as!(
            crate::engine::portals::PortalRecord,
            $head
                + r#" id AS "id!: uuid::Uuid", operator_id AS "operator_id!: uuid::Uuid", name AS "name!: String",
                address AS "address!: String", api_user AS "api_user?: String",
                sealed_password AS "sealed_password?: Vec<u8>", certificate AS "certificate?: Vec<u8>",
                time_zone AS "time_zone!: String", status AS "status!: String", findings AS "findings?: String",
                trouble_code AS "trouble_code?: String", trouble_detail AS "trouble_detail?: String",
                trouble_remedy AS "trouble_remedy?: String", trouble_since AS "trouble_since?: i64",
                troubles AS "troubles!: i64", revision AS "revision!: i64",
                look_every_hours AS "look_every_hours!: i64", created_at AS "created_at!: i64" "#
                + $tail,
            $($argument),*
        )
    };
}
pub(super) use portal_records;

impl PortalRecord {
    pub(crate) fn status(&self) -> Result<PortalStatus, Failure> {
        stored(PortalStatus::from_stored(&self.status), "portal", "status", self.id)
    }

    /// None before the first look.
    pub(crate) fn findings(&self) -> Result<Option<PortalFindings>, Failure> {
        let read = |text: &String| stored(serde_json::from_str(text).ok(), "portal", "findings", self.id);
        self.findings.as_ref().map(read).transpose()
    }

    /// Whether it ends accounts by itself. Where that is not known, because there was no account to see it by, it does not:
    /// Central ends them then, and a portal that does it too is told nothing new.
    pub(crate) fn ends_accounts(&self) -> Result<bool, Failure> {
        Ok(self.findings()?.is_some_and(|found| found.internal_billing == Some(true)))
    }

    /// How it is reached.
    pub(crate) fn connection(&self, keys: &Keys) -> Result<Connection, Failure> {
        let findings = self.findings()?;
        let open = |sealed: &Vec<u8>| stored(keys.open(self.id, sealed).ok(), "portal", "sealed_password", self.id);
        Ok(Connection {
            address: self.address.clone(),
            api: findings.as_ref().map(|found| found.api.clone()),
            user: self.api_user.clone(),
            password: self.sealed_password.as_ref().map(open).transpose()?,
            certificate: self.certificate.clone(),
            time_zone: self.time_zone.clone(),
            owner: findings.map_or(OwnerField::Unknown, |found| found.owner),
        })
    }

    /// With what is sold on it and how its accounts stand.
    pub(super) async fn view(self, conn: &mut Conn, keys: &Keys) -> Result<Portal, Failure> {
        let plans = repo::plans(conn, self.id).await?;
        let resellers = repo::resellers(conn, self.id).await?;
        let mut counts = AccountCounts::default();
        for (state, count) in repo::counts(conn, self.id).await? {
            let count = stored_number(count, "provisioning", "state", self.id)?;
            match stored(ProvisioningState::from_stored(&state), "provisioning", "state", self.id)? {
                ProvisioningState::Waiting => counts.waiting = count,
                ProvisioningState::Agreed => counts.agreed = count,
                ProvisioningState::Attention => counts.attention = count,
            }
        }
        let certificate = self.connection(keys)?.trusted();
        let next_look_at = self.next_look(portal_jobs::last_look(conn, PortalId(self.id)).await?)?;
        Ok(Portal {
            portal_id: PortalId(self.id),
            version: stored_number(self.revision, "portal", "revision", self.id)?,
            status: self.status()?,
            found: self.findings()?,
            trouble: trouble(self.trouble_code, self.trouble_detail, self.trouble_remedy, self.trouble_since),
            name: self.name,
            address: self.address,
            user: self.api_user,
            time_zone: self.time_zone,
            certificate,
            plans: plans.into_iter().map(|(plan, tariff)| PlanOnPortal { plan_id: PlanId(plan), tariff }).collect(),
            resellers: resellers
                .into_iter()
                .map(|(reseller, remote)| {
                    let remote_id = stored_number(remote, "portal_reseller", "remote_id", reseller)?;
                    Ok(ResellerOnPortal { reseller_id: ResellerId(reseller), remote_id })
                })
                .collect::<Result<_, Failure>>()?,
            accounts: counts,
            look_every_hours: stored_number(self.look_every_hours, "portal", "look_every_hours", self.id)?,
            next_look_at,
        })
    }

    /// When Central looks for changes next, a look begun so long ago; none where it does not by itself.
    fn next_look(&self, last: Option<Timestamp>) -> Result<Option<Timestamp>, Failure> {
        let looks = self.look_every_hours > 0 && self.findings.is_some() && self.status()? == PortalStatus::Active;
        let since = last.unwrap_or(Timestamp(self.created_at));
        Ok(looks.then(|| since.plus_ms(self.look_every_hours * HOUR_MS)))
    }
}

/// A trouble out of its four columns, which are set together.
pub(crate) fn trouble(
    code: Option<String>,
    detail: Option<String>,
    remedy: Option<String>,
    since: Option<i64>,
) -> Option<PortalTrouble> {
    Some(PortalTrouble { code: code?, detail: detail?, remedy: remedy?, since: Timestamp(since?) })
}
