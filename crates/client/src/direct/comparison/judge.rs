//! How one account stands between the portal and what was taken along, as Central judges it.

use counterfoil_domain::portal::{DriftKind, ProvisioningState};
use counterfoil_domain::time::Timestamp;
use counterfoil_portals::{Reading, Shown, key_of_login};
use counterfoil_wire::drift::DriftRow;
use counterfoil_wire::portals::PortalStanding;

use super::super::standings;
use super::work::Listed;

/// None where both agree, where Central wants nothing, or where it was still writing and says itself how that went.
pub(super) fn compared(
    reading: &Reading,
    standing: &PortalStanding,
    shown: &Shown,
    now: Timestamp,
) -> Option<DriftRow> {
    let wanted = standings::wanted(standing, now).filter(|_| standing.state != ProvisioningState::Waiting)?;
    let fields = reading.drift(&wanted, shown, standing.nobodys, standing.agreed.as_ref());
    (!fields.is_empty()).then(|| DriftRow {
        login: shown.login.clone(),
        account_number: shown.account_number.clone(),
        mac: shown.mac.clone(),
        fields,
        ..of_ours(DriftKind::Differs, standing)
    })
}

/// An account of ours that the portal does not have. One that is off, or still to be written, is missed by nobody.
pub(super) fn missing(standing: &PortalStanding, now: Timestamp) -> Option<DriftRow> {
    let wanted = standings::wanted(standing, now).is_some_and(|wanted| wanted.enabled);
    let settled = standing.state == ProvisioningState::Agreed;
    (wanted && settled).then(|| of_ours(DriftKind::Missing, standing))
}

/// An account of the portal that Central did not tell of.
pub(super) fn stranger(reading: &Reading, listed: &Listed, shown: Option<&Shown>) -> DriftRow {
    DriftRow {
        key: listed.key.clone(),
        kind: DriftKind::Unknown,
        login: listed.login.clone(),
        account_number: listed.account_number.clone(),
        mac: listed.mac.clone(),
        account_id: None,
        reseller_company: None,
        fields: shown.map(|shown| reading.alone(shown)).unwrap_or_default(),
    }
}

fn of_ours(kind: DriftKind, standing: &PortalStanding) -> DriftRow {
    DriftRow {
        key: key_of_login(&standing.login),
        kind,
        login: standing.login.clone(),
        account_number: String::new(),
        mac: String::new(),
        account_id: Some(standing.account_id),
        reseller_company: standing.reseller_company.clone(),
        fields: Vec::new(),
    }
}
