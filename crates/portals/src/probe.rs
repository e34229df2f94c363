//! Looking at a portal while somebody waits.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use counterfoil_domain::portal::{OwnerField, PortalGeneration, PortalWarning};
use counterfoil_domain::time::Timestamp;
use counterfoil_stalker as stalker;
use counterfoil_stalker::{Capabilities, Error, Generation, Login, Portal, Warning, presented_certificate};
use counterfoil_wire::portals::{Certificate, PortalChoices, PortalFindings, RemoteReseller, TariffChoice};
use sha2::{Digest as _, Sha256};

use super::connection::{Connection, InvalidConnection};
use super::trouble::Trouble;

/// What a look found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Probe {
    /// It answers, and this is what it is and can hold.
    Found(PortalFindings),
    /// It does not, and why.
    Trouble {
        trouble: Trouble,
        /// The one that was presented and is not believed.
        untrusted: Option<Certificate>,
    },
}

/// A certificate with what people compare it by.
pub(crate) fn certificate(der: &[u8]) -> Certificate {
    Certificate { der: STANDARD.encode(der), sha256: hex::encode(Sha256::digest(der)) }
}

impl Connection {
    /// The certificate that is believed, as it is told.
    pub fn trusted(&self) -> Option<Certificate> {
        self.certificate.as_deref().map(certificate)
    }
}

/// Looks at a portal and writes nothing. An account that is `known` to be there spares the portal its list of all.
///
/// # Errors
/// When the settings make no sense.
pub async fn probe(connection: &Connection, known: Option<&str>, now: Timestamp) -> Result<Probe, InvalidConnection> {
    connection.check()?;
    let candidates = connection.candidates()?;
    let known = known.and_then(|login| Login::new(login).ok());
    let config = connection.while_somebody_waits(candidates[0].clone());
    Ok(match config.probe(&candidates, known.as_ref()).await {
        Ok(found) => Probe::Found(findings(&found, now)),
        Err(error @ Error::UntrustedCertificate(_)) => {
            // Shown to a person, who compares it with the portal's own and decides.
            let shown = presented_certificate(&candidates[0], config.limits.connect).await.ok();
            Probe::Trouble { trouble: error.into(), untrusted: shown.as_deref().map(certificate) }
        }
        Err(error) => Probe::Trouble { trouble: error.into(), untrusted: None },
    })
}

fn findings(found: &Capabilities, at: Timestamp) -> PortalFindings {
    PortalFindings {
        at,
        api: found.api.to_string(),
        generation: found.generation.map(|generation| match generation {
            Generation::Stalker4 => PortalGeneration::Stalker4,
            Generation::Ministra5 => PortalGeneration::Ministra5,
        }),
        authentication: found.authentication,
        internal_billing: found.internal_billing,
        owner: match found.owner {
            stalker::OwnerField::Unknown => OwnerField::Unknown,
            stalker::OwnerField::None => OwnerField::None,
            stalker::OwnerField::ResellerId => OwnerField::ResellerId,
            stalker::OwnerField::Reseller => OwnerField::Reseller,
        },
        resellers: found.resellers,
        warnings: found.warnings.iter().copied().map(warning).collect(),
    }
}

const fn warning(warning: Warning) -> PortalWarning {
    match warning {
        Warning::PlainHttp => PortalWarning::PlainHttp,
        Warning::NoAuthentication => PortalWarning::NoAuthentication,
        Warning::NoInternalBilling => PortalWarning::NoInternalBilling,
        Warning::NoAccounts => PortalWarning::NoAccounts,
        Warning::ListFails => PortalWarning::ListFails,
    }
}

/// What a portal has to choose from.
///
/// # Errors
/// What stands in the way of asking it. A portal that lists no resellers has none to choose.
pub async fn choices(portal: &Portal) -> Result<PortalChoices, Trouble> {
    let tariffs = portal.tariffs().await?;
    let resellers = match portal.resellers().await {
        Ok(resellers) => resellers,
        Err(Error::Refused(_) | Error::Declined | Error::Unreadable(_)) => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    Ok(PortalChoices {
        tariffs: tariffs
            .into_iter()
            // Without one, no account can be given it.
            .filter(|tariff| !tariff.external_id.is_empty())
            .map(|tariff| TariffChoice { external_id: tariff.external_id, name: tariff.name })
            .collect(),
        resellers: resellers
            .into_iter()
            .filter_map(|reseller| Some(RemoteReseller { remote_id: reseller.id?.get(), name: reseller.name }))
            .collect(),
    })
}
