//! The routes of lots and of ranges of serials.

use counterfoil_domain::permission::{MemberAction, StaffAction};
use serde_json::json;

use super::routes::{Door, Line};
use super::world::foreign;

pub(super) fn of_lots() -> Vec<Line> {
    use Door::{Member, Staff};
    use MemberAction::Sell;
    use StaffAction::{ManageCodes, View};
    let lot = json!({ "lot_id": foreign(), "plan_id": foreign(), "count": 2 });
    let order = json!({ "lot_id": foreign(), "job_id": foreign(), "reseller_id": foreign(), "plan_id": foreign(),
        "count": 2 });
    let preview = json!({ "reseller_id": foreign(), "plan_id": foreign(), "count": 2 });
    let change = json!({ "job_id": foreign(), "change": "hold", "changed": 1, "reason": "a test" });
    let to_give = json!({ "reseller_id": foreign(), "serial_from": "1-1", "serial_to": "1-2" });
    let part = json!({ "stock_id": foreign(), "lot_id": foreign(), "job_id": foreign(), "seq_from": 1, "seq_to": 2,
        "codes": 2 });
    let give = json!({ "reseller_id": foreign(), "parts": [part], "total": { "value": 60, "unit": "credits" } });
    let range = json!({ "change": "hold", "serial_from": "1-1", "serial_to": "1-2" });
    let part = json!({ "lot_id": foreign(), "job_id": foreign(), "seq_from": 1, "seq_to": 2, "changed": 2 });
    let change_range = json!({ "change": "hold", "parts": [part], "reason": "a test" });
    let undo_range = json!({ "jobs": [{ "job_id": foreign(), "undo_id": foreign() }] });
    vec![
        ("GET", "/api/v1/admin/lots", Staff(View), None),
        ("POST", "/api/v1/admin/lots", Staff(ManageCodes), Some(order)),
        ("POST", "/api/v1/admin/lots/preview", Staff(ManageCodes), Some(preview)),
        ("POST", "/api/v1/admin/lots/allocations/preview", Staff(ManageCodes), Some(to_give)),
        ("POST", "/api/v1/admin/lots/allocations", Staff(ManageCodes), Some(give)),
        ("POST", "/api/v1/admin/lots/ranges/preview", Staff(ManageCodes), Some(range)),
        ("POST", "/api/v1/admin/lots/ranges", Staff(ManageCodes), Some(change_range)),
        ("POST", "/api/v1/admin/lots/ranges/cancel", Staff(ManageCodes), Some(json!({ "job_ids": [foreign()] }))),
        ("POST", "/api/v1/admin/lots/ranges/undo", Staff(ManageCodes), Some(undo_range)),
        ("GET", "/api/v1/admin/lots/jobs", Staff(View), None),
        ("GET", "/api/v1/admin/lots/{id}", Staff(View), None),
        ("POST", "/api/v1/admin/lots/{id}/changes/preview", Staff(ManageCodes), Some(json!({ "change": "hold" }))),
        ("POST", "/api/v1/admin/lots/{id}/changes", Staff(ManageCodes), Some(change)),
        ("GET", "/api/v1/admin/lots/{id}/print-file", Staff(ManageCodes), None),
        ("GET", "/api/v1/reseller/lots", Member(Some(Sell)), None),
        ("POST", "/api/v1/reseller/lots", Member(Some(Sell)), Some(lot)),
        ("GET", "/api/v1/reseller/lots/{id}", Member(Some(Sell)), None),
    ]
}
