//! Applications, commission rates, members and resellers below a reseller.

use counterfoil_domain::api_key::ApiScope;
use counterfoil_domain::application::{ApplicantKind, ApplicationState};
use counterfoil_domain::commission::CommissionRate;
use counterfoil_domain::grant::Template;
use counterfoil_domain::notice::NoticeState;
use counterfoil_domain::permission::MemberRole;
use counterfoil_domain::reseller::SettlementMode;
use counterfoil_wire::{api_keys, applications, commission, members, resellers};

use super::{AT, id};

pub(crate) fn apply() -> applications::Apply {
    applications::Apply {
        application_id: id(30),
        name: "Sam Sample".into(),
        email: "owner@corner.example".into(),
        phone: "+49 30 5550100".into(),
        password: "correct horse".into(),
        business_name: "Corner Shop".into(),
        address: "1 Long Road, Springfield".into(),
        kind: ApplicantKind::Company,
        expected_customers: 40,
        terms_accepted: true,
    }
}

pub(crate) fn applied() -> applications::Applied {
    applications::Applied { application_id: id(30), received_at: AT }
}

pub(crate) fn application() -> applications::Application {
    let asked = apply();
    applications::Application {
        application_id: asked.application_id,
        state: ApplicationState::Approved,
        name: asked.name,
        email: asked.email.clone(),
        phone: asked.phone,
        business_name: asked.business_name,
        address: asked.address,
        kind: asked.kind,
        expected_customers: asked.expected_customers,
        terms_accepted_at: AT,
        created_at: AT,
        decision: Some(applications::Decision {
            at: AT,
            by: "nina".into(),
            reason: None,
            notes: Some("Known from the fair".into()),
            reseller_id: Some(id(4)),
        }),
        double_of: None,
        proposed_username: None,
        letter: Some(applications::Letter {
            to: asked.email,
            subject: "Corner Shop: welcome".into(),
            text: format!("Server: {}\n", applications::SERVER_PLACE),
            mailed: Some(applications::LetterMail { state: NoticeState::Queued, sent_at: None, trouble: None }),
        }),
    }
}

pub(crate) fn approve_application() -> applications::ApproveApplication {
    applications::ApproveApplication {
        reseller_id: id(4),
        username: "corner-shop".into(),
        parent_id: None,
        settlement_mode: SettlementMode::Wholesale,
        rate: CommissionRate::Fixed { basis_points: 2_000 },
        credit_limit: 0,
        template: Some(Template::Basic),
        notes: "Known from the fair".into(),
    }
}

pub(crate) fn reject_application() -> applications::RejectApplication {
    applications::RejectApplication { reason: "We have a partner in this street.".into() }
}

pub(crate) fn set_rate() -> commission::SetRate {
    commission::SetRate {
        rate_id: id(31),
        rate: CommissionRate::ByTier,
        from_day: Some("2026-12-01".into()),
        note: "Agreed by telephone".into(),
    }
}

pub(crate) fn reseller_rates() -> commission::ResellerRates {
    let entry = |n, rate, at| commission::ResellerRate {
        rate_id: id(n),
        rate,
        valid_from: at,
        set_at: AT,
        set_by: Some("nina".into()),
        note: "Agreed by telephone".into(),
    };
    let fixed = CommissionRate::Fixed { basis_points: 2_000 };
    commission::ResellerRates {
        now: fixed,
        history: vec![entry(31, CommissionRate::ByTier, AT.plus_days(10)), entry(32, fixed, AT)],
    }
}

pub(crate) fn member() -> members::Member {
    members::Member {
        member_id: id(40),
        version: 2,
        username: "clara".into(),
        role: MemberRole::Clerk,
        active: true,
        principal: false,
        created_at: AT,
        last_login_at: Some(AT),
        must_change_password: false,
        second_factor: true,
    }
}

pub(crate) fn save_member() -> members::SaveMember {
    members::SaveMember {
        member_id: id(40),
        version: Some(2),
        username: "clara".into(),
        password: Some("correct horse".into()),
        role: MemberRole::FieldAgent,
        active: true,
    }
}

pub(crate) fn api_key() -> api_keys::ApiKey {
    api_keys::ApiKey {
        key_id: id(42),
        name: "Webshop".into(),
        begins: "cfk_0000002a".into(),
        scopes: [ApiScope::Sell, ApiScope::Read].into(),
        made_by: "olivia".into(),
        made_at: AT,
        expires_at: Some(AT.plus_days(90)),
        last_used_at: Some(AT),
        last_used_from: Some("192.0.2.7".into()),
        revoked_at: Some(AT.plus_days(1)),
        revoked_by: Some("olivia".into()),
        revoked_by_staff: false,
    }
}

pub(crate) fn create_api_key() -> api_keys::CreateApiKey {
    api_keys::CreateApiKey {
        key_id: id(42),
        name: "Webshop".into(),
        scopes: [ApiScope::Sell].into(),
        expires_at: Some(AT.plus_days(90)),
    }
}

pub(crate) fn made_api_key() -> api_keys::MadeApiKey {
    api_keys::MadeApiKey { key: api_key(), secret: "cfk_invented".into() }
}

pub(crate) fn save_sub_reseller() -> resellers::SaveSubReseller {
    resellers::SaveSubReseller {
        reseller_id: id(41),
        version: None,
        username: "kiosk".into(),
        password: Some("correct horse".into()),
        company: "Harbour Kiosk".into(),
        email: "owner@kiosk.example".into(),
        contact: "Sam Sample".into(),
        phone: "+49 30 5550100".into(),
    }
}
