//! Routes of the operator's office: staff and their passwords, second factors, statistics and settings, the audit, and
//! finding out why. A part of [`super::routes`].

use counterfoil_domain::permission::{MemberAction, StaffAction};
use serde_json::json;

use super::routes::{Door, Line};
use super::world::foreign;

pub(super) fn of_staff() -> Vec<Line> {
    use Door::{SignedIn, Staff};
    use StaffAction::{ManageResellers, ManageStaff, RevokeLease, ViewStaff};
    let new = json!({ "staff_id": foreign(), "username": "new-colleague", "role": "support" });
    let edited = json!({ "version": 1, "full_name": "", "email": "", "role": "support" });
    let version = || Some(json!({ "version": 1 }));
    // A wrong current password would count, and lock whoever tries all routes: this one is refused before.
    let change = json!({ "current_password": "wrong horse", "new_password": "short" });
    vec![
        ("PUT", "/api/v1/me/password", SignedIn, Some(change)),
        ("GET", "/api/v1/admin/sign-ins", Staff(ManageResellers), None),
        ("GET", "/api/v1/admin/staff", Staff(ViewStaff), None),
        ("POST", "/api/v1/admin/staff", Staff(ManageStaff), Some(new)),
        ("GET", "/api/v1/admin/staff/{id}", Staff(ViewStaff), None),
        ("PUT", "/api/v1/admin/staff/{id}", Staff(ManageStaff), Some(edited)),
        ("POST", "/api/v1/admin/staff/{id}/disable", Staff(ManageStaff), version()),
        ("POST", "/api/v1/admin/staff/{id}/enable", Staff(ManageStaff), version()),
        ("POST", "/api/v1/admin/staff/{id}/reset-password", Staff(ManageStaff), version()),
        ("POST", "/api/v1/admin/devices/{id}/block", Staff(RevokeLease), Some(json!({ "reason": "lost" }))),
    ]
}

pub(super) fn of_the_audit() -> Vec<Line> {
    use Door::{Device, Member, Staff};
    use MemberAction::ViewLog;
    use StaffAction::ViewAudit;
    vec![
        ("GET", "/api/v1/admin/audit", Staff(ViewAudit), None),
        ("GET", "/api/v1/admin/audit/chain", Staff(ViewAudit), None),
        ("GET", "/api/v1/admin/audit/file", Staff(ViewAudit), None),
        ("GET", "/api/v1/reseller/audit", Member(Some(ViewLog)), None),
        ("GET", "/api/v1/reseller/audit/file", Member(Some(ViewLog)), None),
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
        ("GET", "/api/v1/public/brand/logo/{hash}", Door::Public, None),
    ]
}

pub(super) fn of_brands() -> Vec<Line> {
    use Door::{Member, Staff};
    use MemberAction::ManageBrand;
    use StaffAction::{ManageResellers, View};
    let brand = || Some(json!({ "version": 1, "panel_name": "" }));
    let logo = || Some(json!({ "version": 1, "png": "" }));
    vec![
        ("GET", "/api/v1/admin/resellers/{id}/brand", Staff(View), None),
        ("PUT", "/api/v1/admin/resellers/{id}/brand", Staff(ManageResellers), brand()),
        ("PUT", "/api/v1/admin/resellers/{id}/brand/logo", Staff(ManageResellers), logo()),
        ("DELETE", "/api/v1/admin/resellers/{id}/brand/logo", Staff(ManageResellers), None),
        ("GET", "/api/v1/reseller/brand", Member(Some(ManageBrand)), None),
        ("PUT", "/api/v1/reseller/brand", Member(Some(ManageBrand)), brand()),
        ("PUT", "/api/v1/reseller/brand/logo", Member(Some(ManageBrand)), logo()),
        ("DELETE", "/api/v1/reseller/brand/logo", Member(Some(ManageBrand)), None),
    ]
}
