//! Invented values of boxes and sendings.

use counterfoil_domain::portal::{BoxAddress, BoxOutcome, SendingState, Unserved};
use counterfoil_wire::{boxes, portals, sendings};

use super::{AT, id, portal_trouble};

pub(crate) fn portal_box() -> boxes::PortalBox {
    boxes::PortalBox {
        at: AT,
        username: "k7m2p9qx".into(),
        mac: "00:1A:79:00:00:01".into(),
        address: BoxAddress::Shared,
        shared_with: vec!["ivan".into()],
        model: "MAG250".into(),
        serial: "092014B012345".into(),
        version: "0.2.18-r14".into(),
        ip: "192.0.2.7".into(),
        enabled: true,
        online: Some(false),
        last_active: Some(AT),
        end_date: Some("2026-12-22 00:00:00".into()),
        tariff: Some(portals::TariffChoice { external_id: "T1".into(), name: "Basic".into() }),
        plan: Some(boxes::PlanBehind { plan_id: id(5), name: "Month".into(), tariff: Some("T1".into()) }),
        packages: vec![boxes::BoxPackage {
            external_id: "sport".into(),
            name: "Sport".into(),
            optional: true,
            subscribed: false,
        }],
    }
}

pub(crate) fn act_on_box() -> boxes::ActOnBox {
    boxes::ActOnBox { action: boxes::BoxAction::Subscribe { packages: vec!["sport".into()] } }
}

pub(crate) fn box_acted() -> boxes::BoxActed {
    boxes::BoxActed { outcome: BoxOutcome::Unknown, trouble: Some(portal_trouble()) }
}

pub(crate) fn ask_reach() -> sendings::AskReach {
    sendings::AskReach { to: sendings::Addressees::Reseller { reseller_id: id(4) } }
}

pub(crate) fn reach() -> sendings::Reach {
    sendings::Reach {
        chosen: 10,
        reached: 5,
        not_linked: 1,
        missing: 1,
        without_box: 2,
        unusable: 1,
        problems: vec![sendings::ReachProblem {
            username: "k7m2p9qx".into(),
            mac: "00:1A:79:00:00:01".into(),
            why: BoxAddress::Shared,
            shared_with: vec!["ivan".into()],
        }],
    }
}

pub(crate) fn start_sending() -> sendings::StartSending {
    sendings::StartSending {
        sending_id: id(30),
        what: boxes::BoxAction::Message { text: "Maintenance tonight".into(), hide_after_s: Some(60) },
        to: sendings::Addressees::Everybody,
        reached: 5,
        confirmed: Some("Main portal".into()),
    }
}

pub(crate) fn sending() -> sendings::Sending {
    let started = start_sending();
    sendings::Sending {
        sending_id: started.sending_id,
        portal_id: id(20),
        what: started.what,
        to: sendings::Addressees::These { accounts: vec![id(7)] },
        state: SendingState::Sending,
        reach: reach(),
        created_at: AT,
        started_at: Some(AT),
        ended_at: None,
        served: 2,
        failed: 0,
        unknown: 1,
        skipped: 0,
        trouble: Some(portal_trouble()),
        unserved: vec![sendings::UnservedAccount {
            username: Some("k7m2p9qx".into()),
            outcome: Unserved::Unknown,
            detail: "The portal did not answer within 30 s.".into(),
        }],
    }
}
