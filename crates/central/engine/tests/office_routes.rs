//! Routes of the operator's office: statistics and settings, the audit, finding out why, and second factors. A part of
//! [`super::routes`].

use counterfoil_domain::permission::{MemberAction, StaffAction};
use serde_json::json;

use super::routes::{Door, Line};

pub(super) fn of_the_audit() -> Vec<Line> {
    use Door::{Device, Staff};
    use StaffAction::ViewAudit;
    vec![
        ("GET", "/api/v1/admin/audit", Staff(ViewAudit), None),
        ("GET", "/api/v1/admin/audit/chain", Staff(ViewAudit), None),
        ("GET", "/api/v1/admin/audit/file", Staff(ViewAudit), None),
        ("POST", "/api/v1/sync/audit", Device, Some(json!({ "checkpoints": [] }))),
    ]
}

pub(super) fn of_second_factors() -> Vec<Line> {
    use Door::{SignedIn, Staff};
    let own = "/api/v1/me/second-factor";
    let proof = || Some(json!({ "password": "wrong horse", "code": "000000" }));
    let whose = json!({ "audience": "reseller", "username": "somebody-else" });
    vec![
        ("POST", own, SignedIn, Some(json!({ "password": "wrong horse" }))),
        ("PUT", own, SignedIn, Some(json!({ "code": "000000" }))),
        ("DELETE", own, SignedIn, proof()),
        ("POST", "/api/v1/me/second-factor/recovery", SignedIn, proof()),
        ("POST", "/api/v1/admin/sign-ins/remove-second-factor", Staff(StaffAction::ManageResellers), Some(whose)),
    ]
}

pub(super) fn of_troubleshooting() -> Vec<Line> {
    use Door::Staff;
    use StaffAction::View;
    vec![
        ("GET", "/api/v1/admin/resellers/{id}/sight/{account_id}", Staff(View), None),
        ("GET", "/api/v1/admin/commissions/trace/{reference}", Staff(View), None),
        ("GET", "/api/v1/admin/applications/{id}/standing", Staff(View), None),
    ]
}

pub(super) fn of_statistics() -> Vec<Line> {
    use Door::{Member, Staff};
    use StaffAction::{ManageSettings, View, ViewReports};
    let settings = json!({ "version": 1, "operator_name": "Lumen Networks", "time_zone": "Europe/Berlin",
        "code_prefix": "PM2D", "redeem_days": 365, "support_email": "", "support_phone": "", "public_address": "" });
    vec![
        ("GET", "/api/v1/admin/plans/{id}/stats", Staff(ViewReports), None),
        ("GET", "/api/v1/admin/resellers/{id}/stats", Staff(ViewReports), None),
        ("GET", "/api/v1/reseller/stats", Member(Some(MemberAction::ViewEarnings)), None),
        ("GET", "/api/v1/admin/settings", Staff(View), None),
        ("PUT", "/api/v1/admin/settings", Staff(ManageSettings), Some(settings)),
        ("GET", "/api/v1/admin/brand", Staff(View), None),
        ("PUT", "/api/v1/admin/brand", Staff(ManageSettings), Some(json!({ "version": 1, "panel_name": "" }))),
        ("PUT", "/api/v1/admin/brand/logo", Staff(ManageSettings), Some(json!({ "version": 1, "png": "" }))),
        ("DELETE", "/api/v1/admin/brand/logo", Staff(ManageSettings), None),
        ("GET", "/api/v1/public/brand/logo", Door::Public, None),
    ]
}
