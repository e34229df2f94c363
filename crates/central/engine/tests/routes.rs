//! Every route, with what it takes and whom it lets in. The tests of [`super::edge`] visit them all.

use counterfoil_domain::permission::{MemberAction, StaffAction};
use serde_json::{Value, json};

use super::lot_routes::of_lots;
use super::office_routes::{of_brands, of_second_factors, of_staff, of_statistics, of_the_audit, of_troubleshooting};
use super::world::foreign;

/// Whom a route lets in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Door {
    Public,
    SignedIn,
    Staff(StaffAction),
    Member(Option<MemberAction>),
    /// Signed by a device instead of a session.
    Device,
}

#[derive(Debug, Clone)]
pub(super) struct Route {
    pub(super) method: &'static str,
    /// As in the table of `wire`.
    pub(super) path: &'static str,
    pub(super) door: Door,
    /// A body of the right shape, for something that is not there.
    pub(super) body: Option<Value>,
}

impl Route {
    /// The path with this in place of its parameters.
    pub(super) fn at(&self, id: &str) -> String {
        let part = |part: &'static str| if part.starts_with('{') { id } else { part };
        self.path.split('/').map(part).collect::<Vec<_>>().join("/")
    }

    pub(super) fn takes_id(&self) -> bool {
        self.path.contains("{id}")
    }
}

fn plan() -> Value {
    json!({ "plan_id": foreign(), "version": 1, "name": "Month", "kind": "monthly",
        "price": { "value": 999, "unit": "EUR" }, "term_days": 30, "features": [], "status": "active" })
}

fn reseller() -> Value {
    json!({ "reseller_id": foreign(), "version": 1, "username": "new-shop", "password": "correct horse",
        "company": "New Shop", "email": "new@example.org", "contact": "", "phone": "",
        "settlement_mode": "wholesale", "credit_limit": 0, "status": "active" })
}

fn unlock() -> Value {
    json!({ "audience": "reseller", "username": "somebody-else" })
}

fn portal() -> Value {
    json!({ "portal_id": foreign(), "version": 1, "name": "Main", "address": "https://tv.example.org",
        "user": "stalker", "password": "secret horse", "time_zone": "Europe/Berlin", "status": "active",
        "plans": [], "resellers": [] })
}

fn sending() -> Value {
    json!({ "sending_id": foreign(), "what": { "kind": "reboot" }, "to": { "kind": "linked" }, "reached": 1 })
}

fn application() -> Value {
    json!({ "application_id": foreign(), "name": "Sam Sample", "email": "sam@example.org", "phone": "+49 30 5550100",
        "password": "correct horse", "business_name": "New Shop", "address": "1 Long Road", "kind": "company",
        "expected_customers": 50, "terms_accepted": true })
}

fn sub_reseller() -> Value {
    json!({ "reseller_id": foreign(), "version": 1, "username": "new-shop", "password": "correct horse",
        "company": "New Shop", "email": "new@example.org", "contact": "", "phone": "" })
}

fn member() -> Value {
    json!({ "member_id": foreign(), "version": 1, "username": "new-clerk", "password": "correct horse",
        "role": "clerk", "active": true })
}

fn api_key() -> Value {
    json!({ "key_id": foreign(), "name": "Webshop", "scopes": ["sell"] })
}

/// A line of the table.
pub(super) type Line = (&'static str, &'static str, Door, Option<Value>);

fn of_portals() -> Vec<Line> {
    use Door::Staff;
    use StaffAction::{ManagePortals, RepairAccounts, SendMessages, View};
    vec![
        ("GET", "/api/v1/admin/portals", Staff(View), None),
        ("POST", "/api/v1/admin/portals", Staff(ManagePortals), Some(portal())),
        ("GET", "/api/v1/admin/portals/{id}", Staff(View), None),
        ("PUT", "/api/v1/admin/portals/{id}", Staff(ManagePortals), Some(portal())),
        ("POST", "/api/v1/admin/portals/{id}/probe", Staff(ManagePortals), None),
        ("GET", "/api/v1/admin/portals/{id}/choices", Staff(ManagePortals), None),
        ("GET", "/api/v1/admin/portals/{id}/accounts", Staff(View), None),
        ("GET", "/api/v1/admin/portals/{id}/standings", Staff(RepairAccounts), None),
        ("POST", "/api/v1/admin/portals/{id}/accounts/retry", Staff(RepairAccounts), Some(json!({ "which": "all" }))),
        ("POST", "/api/v1/admin/portals/{id}/accounts/{account_id}/adopt", Staff(RepairAccounts), None),
        ("GET", "/api/v1/admin/portals/{id}/accounts/{account_id}/box", Staff(View), None),
        (
            "POST",
            "/api/v1/admin/portals/{id}/accounts/{account_id}/box",
            Staff(RepairAccounts),
            Some(json!({ "action": { "kind": "reboot" } })),
        ),
        ("POST", "/api/v1/admin/portals/{id}/reach", Staff(SendMessages), Some(json!({ "to": { "kind": "linked" } }))),
        ("GET", "/api/v1/admin/portals/{id}/sendings", Staff(View), None),
        ("POST", "/api/v1/admin/portals/{id}/sendings", Staff(SendMessages), Some(sending())),
        ("GET", "/api/v1/admin/sendings/{id}", Staff(View), None),
        ("POST", "/api/v1/admin/sendings/{id}/cancel", Staff(SendMessages), None),
    ]
}

fn of_drift() -> Vec<Line> {
    use Door::Staff;
    use StaffAction::{RepairAccounts, View};
    let job = || Some(json!({ "job_id": foreign() }));
    let sync = json!({ "job_id": foreign(), "everything": false });
    let preview = json!({ "toward": "portal", "which": { "all": "differs" } });
    let repair = json!({ "job_id": foreign(), "toward": "portal", "which": { "all": "differs" }, "as_of": 1 });
    let assign = json!({ "reseller_id": foreign(), "which": "all" });
    vec![
        ("POST", "/api/v1/admin/portals/{id}/sync", Staff(RepairAccounts), Some(sync)),
        ("GET", "/api/v1/admin/portals/{id}/jobs", Staff(View), None),
        ("GET", "/api/v1/admin/portals/{id}/drift", Staff(View), None),
        ("GET", "/api/v1/admin/portals/{id}/drift/accounts", Staff(View), None),
        ("POST", "/api/v1/admin/portals/{id}/drift/preview", Staff(RepairAccounts), Some(preview)),
        ("POST", "/api/v1/admin/portals/{id}/drift/repair", Staff(RepairAccounts), Some(repair)),
        ("POST", "/api/v1/admin/portals/{id}/push-assignments", Staff(RepairAccounts), job()),
        ("GET", "/api/v1/admin/jobs/{id}", Staff(View), None),
        ("POST", "/api/v1/admin/jobs/{id}/cancel", Staff(RepairAccounts), None),
        ("POST", "/api/v1/admin/jobs/{id}/resume", Staff(RepairAccounts), None),
        ("POST", "/api/v1/admin/jobs/{id}/confirm", Staff(RepairAccounts), None),
        ("POST", "/api/v1/admin/jobs/{id}/undo", Staff(RepairAccounts), job()),
        ("GET", "/api/v1/admin/unassigned", Staff(View), None),
        ("POST", "/api/v1/admin/unassigned/assign", Staff(RepairAccounts), Some(assign)),
    ]
}

fn of_credits() -> Vec<Line> {
    use Door::{Member, Staff};
    use MemberAction::{FundSubResellers, RequestTopUp, SetLowCredit, ViewCredit};
    use StaffAction::{ManagePlans, MoveCredits, View};
    let movement = json!({ "transfer_id": foreign(), "kind": "purchase", "amount": 1, "note": "" });
    let pack = || {
        Some(json!({ "pack_id": foreign(), "version": 1, "name": "Starter", "credits": 900,
            "price": { "value": 5_000, "unit": "EUR" }, "status": "active" }))
    };
    let low = || Some(json!({ "threshold": 50 }));
    let defaults = json!({ "credits": 100, "money": 5_000 });
    let wish = json!({ "request_id": foreign(), "wish": { "amount": 30 }, "note": "" });
    let give = json!({ "transfer_id": foreign(), "direction": "give", "amount": 1, "note": "" });
    let approve = json!({ "transfer_id": foreign() });
    let reject = json!({ "reason": "a test" });
    vec![
        ("GET", "/api/v1/admin/resellers/{id}/credits", Staff(View), None),
        ("POST", "/api/v1/admin/resellers/{id}/credits", Staff(MoveCredits), Some(movement)),
        ("PUT", "/api/v1/admin/resellers/{id}/low-credit", Staff(MoveCredits), low()),
        ("GET", "/api/v1/admin/low-credit", Staff(View), None),
        ("PUT", "/api/v1/admin/low-credit", Staff(MoveCredits), Some(defaults)),
        ("GET", "/api/v1/admin/credit-packs", Staff(View), None),
        ("POST", "/api/v1/admin/credit-packs", Staff(ManagePlans), pack()),
        ("PUT", "/api/v1/admin/credit-packs/{id}", Staff(ManagePlans), pack()),
        ("GET", "/api/v1/admin/top-up-requests", Staff(View), None),
        ("POST", "/api/v1/admin/top-up-requests/{id}/approve", Staff(MoveCredits), Some(approve)),
        ("POST", "/api/v1/admin/top-up-requests/{id}/reject", Staff(MoveCredits), Some(reject)),
        ("GET", "/api/v1/reseller/credits", Member(Some(ViewCredit)), None),
        ("PUT", "/api/v1/reseller/low-credit", Member(Some(SetLowCredit)), low()),
        ("GET", "/api/v1/reseller/credit-packs", Member(Some(ViewCredit)), None),
        ("GET", "/api/v1/reseller/top-up-requests", Member(Some(ViewCredit)), None),
        ("POST", "/api/v1/reseller/top-up-requests", Member(Some(RequestTopUp)), Some(wish)),
        ("POST", "/api/v1/reseller/top-up-requests/{id}/cancel", Member(Some(RequestTopUp)), None),
        ("POST", "/api/v1/reseller/sub-resellers/{id}/credits", Member(Some(FundSubResellers)), Some(give)),
    ]
}

fn of_commission() -> Vec<Line> {
    use Door::{Member, Staff};
    use MemberAction::{RequestPayout, ViewEarnings};
    use StaffAction::{ManageResellers, MoveCredits, View, ViewReports};
    let rules = json!({ "rule_id": foreign(), "code_rate": 2_000, "tiers": [{ "from_accounts": 0, "rate": 1_000 }],
        "override_rate": 500, "override_levels": 1, "cap": 5_000,
        "terms": { "hold_days": 7, "minimum_payout": 5_000 }, "note": "" });
    let period = json!({ "start_date": "2026-11-01", "end_date": "2026-11-30" });
    let rates = json!({ "resellers": [{ "reseller_id": foreign(), "rate_id": foreign() }],
        "rate": { "kind": "by_tier" }, "note": "" });
    let payout = json!({ "payout_id": foreign(), "method": "cash", "destination": "" });
    let reason = || Some(json!({ "reason": "a test" }));
    vec![
        ("GET", "/api/v1/admin/resellers/{id}/earnings", Staff(View), None),
        ("GET", "/api/v1/admin/commissions", Staff(View), None),
        ("GET", "/api/v1/admin/reports/overview", Staff(ViewReports), None),
        ("GET", "/api/v1/admin/reports/{name}", Staff(ViewReports), None),
        ("GET", "/api/v1/admin/commissions/rules", Staff(View), None),
        ("POST", "/api/v1/admin/commissions/rules", Staff(ManageResellers), Some(rules)),
        ("POST", "/api/v1/admin/commissions/simulate", Staff(ViewReports), Some(period)),
        ("POST", "/api/v1/admin/commissions/rates", Staff(ManageResellers), Some(rates)),
        ("GET", "/api/v1/admin/earnings/{id}", Staff(View), None),
        ("POST", "/api/v1/admin/earnings/{id}/reverse", Staff(MoveCredits), reason()),
        ("GET", "/api/v1/admin/payouts", Staff(View), None),
        ("GET", "/api/v1/admin/payouts/{id}", Staff(View), None),
        ("POST", "/api/v1/admin/payouts/{id}/approve", Staff(MoveCredits), None),
        ("POST", "/api/v1/admin/payouts/{id}/sent", Staff(MoveCredits), Some(json!({ "reference": "T-1" }))),
        ("POST", "/api/v1/admin/payouts/{id}/confirm", Staff(MoveCredits), None),
        ("POST", "/api/v1/admin/payouts/{id}/fail", Staff(MoveCredits), reason()),
        ("GET", "/api/v1/reseller/dashboard", Member(Some(ViewEarnings)), None),
        ("GET", "/api/v1/reseller/reports/{name}", Member(Some(ViewEarnings)), None),
        ("GET", "/api/v1/reseller/earnings", Member(Some(ViewEarnings)), None),
        ("GET", "/api/v1/reseller/earnings/{id}", Member(Some(ViewEarnings)), None),
        ("GET", "/api/v1/reseller/commission-report", Member(Some(ViewEarnings)), None),
        ("GET", "/api/v1/reseller/payouts", Member(Some(ViewEarnings)), None),
        ("POST", "/api/v1/reseller/payouts", Member(Some(RequestPayout)), Some(payout)),
    ]
}

fn of_orders() -> Vec<Line> {
    use Door::{Member, Staff};
    use MemberAction::{HandleOrders, RefundOrders};
    use StaffAction::{ManageProviders, MoveCredits, View};
    let line = json!({ "line": 2, "contract_id": "OLD-1", "reseller": "nobody", "provider": "None", "offering": "None",
        "quantity": "1", "unit_price": "1", "markup": "0", "state": "paid", "placed": "2026-11-20",
        "customer_name": "Ada Ames" });
    let file = json!({ "dry_run": true, "lines": [line] });
    let order = || {
        Some(json!({ "order_id": foreign(), "offering_id": foreign(), "quantity": 1, "place": true,
            "customer": { "name": "Ada Ames", "email": "ada@mail.example" } }))
    };
    let step = json!({ "step_id": foreign() });
    let pay = json!({ "step_id": foreign(), "method": "cash" });
    let submit = json!({ "step_id": foreign(), "external_id": "NL-4711" });
    let fulfil = json!({ "step_id": foreign(), "units": 1 });
    let end = || Some(json!({ "step_id": foreign(), "reason": "a test" }));
    let refund =
        || Some(json!({ "refund_id": foreign(), "amount": { "value": 100, "unit": "EUR" }, "reason": "a test" }));
    vec![
        ("GET", "/api/v1/admin/orders", Staff(View), None),
        ("POST", "/api/v1/admin/orders/import", Staff(ManageProviders), Some(file)),
        ("GET", "/api/v1/admin/orders/{contract_id}", Staff(View), None),
        ("POST", "/api/v1/admin/orders/{contract_id}/refund", Staff(MoveCredits), refund()),
        ("GET", "/api/v1/reseller/orders", Member(Some(HandleOrders)), None),
        ("POST", "/api/v1/reseller/orders", Member(Some(HandleOrders)), order()),
        ("GET", "/api/v1/reseller/orders/summary", Member(Some(HandleOrders)), None),
        ("GET", "/api/v1/reseller/orders/{contract_id}", Member(Some(HandleOrders)), None),
        ("PUT", "/api/v1/reseller/orders/{contract_id}", Member(Some(HandleOrders)), order()),
        ("POST", "/api/v1/reseller/orders/{contract_id}/place", Member(Some(HandleOrders)), Some(step)),
        ("POST", "/api/v1/reseller/orders/{contract_id}/pay", Member(Some(HandleOrders)), Some(pay)),
        ("POST", "/api/v1/reseller/orders/{contract_id}/submit", Member(Some(HandleOrders)), Some(submit)),
        ("POST", "/api/v1/reseller/orders/{contract_id}/fulfill", Member(Some(HandleOrders)), Some(fulfil)),
        ("POST", "/api/v1/reseller/orders/{contract_id}/fail", Member(Some(HandleOrders)), end()),
        ("POST", "/api/v1/reseller/orders/{contract_id}/cancel", Member(Some(HandleOrders)), end()),
        ("POST", "/api/v1/reseller/orders/{contract_id}/refund", Member(Some(RefundOrders)), refund()),
    ]
}

fn of_payments() -> Vec<Line> {
    use Door::{Member, Staff};
    use MemberAction::{RecordPayments, ViewAccounts};
    use StaffAction::{MoveCredits, View};
    let payment = || {
        Some(json!({ "payment_id": foreign(), "account_id": foreign(), "amount": { "value": 999, "unit": "EUR" },
            "method": "cash", "paid_for": "service", "collected_by": "reseller", "completed": true,
            "paid_on": "2026-11-20" }))
    };
    let reason = || Some(json!({ "reason": "a test" }));
    vec![
        ("GET", "/api/v1/admin/payments", Staff(View), None),
        ("POST", "/api/v1/admin/payments", Staff(MoveCredits), payment()),
        ("POST", "/api/v1/admin/payments/{id}/complete", Staff(MoveCredits), None),
        ("POST", "/api/v1/admin/payments/{id}/fail", Staff(MoveCredits), reason()),
        ("POST", "/api/v1/admin/payments/{id}/refund", Staff(MoveCredits), reason()),
        ("GET", "/api/v1/admin/resellers/{id}/customers", Staff(View), None),
        ("GET", "/api/v1/reseller/customers", Member(Some(ViewAccounts)), None),
        ("GET", "/api/v1/reseller/payments", Member(Some(ViewAccounts)), None),
        ("POST", "/api/v1/reseller/payments", Member(Some(RecordPayments)), payment()),
        ("POST", "/api/v1/reseller/payments/{id}/complete", Member(Some(RecordPayments)), None),
        ("POST", "/api/v1/reseller/payments/{id}/fail", Member(Some(RecordPayments)), reason()),
    ]
}

fn of_settlements() -> Vec<Line> {
    use Door::Staff;
    use StaffAction::{SettleProviders, View};
    let settle = json!({ "settlement_id": foreign(), "amount": { "value": 999, "unit": "EUR" },
        "paid_on": "2026-11-20", "reference": "T-1" });
    vec![
        ("GET", "/api/v1/admin/providers/{id}/accounts", Staff(View), None),
        ("GET", "/api/v1/admin/providers/{id}/statement", Staff(View), None),
        ("GET", "/api/v1/admin/providers/{id}/settlements", Staff(View), None),
        ("POST", "/api/v1/admin/providers/{id}/settlements", Staff(SettleProviders), Some(settle)),
    ]
}

fn provider() -> Value {
    json!({ "provider_id": foreign(), "revision": 1, "name": "Harbour Networks", "currency": "EUR", "status": "active" })
}

fn of_providers() -> Vec<Line> {
    use Door::{Member, Staff};
    use MemberAction::{HandleOrders, ManageRelationships};
    use StaffAction::{ManageProviders, View};
    let offering = || {
        Some(json!({ "offering_id": foreign(), "revision": 1, "article": "HL-1", "name": "Harbour Month",
            "base_price": "12.5", "term_days": 30, "status": "active" }))
    };
    let line = json!({ "line": 2, "article": "HL-1", "name": "Harbour Month", "base_price": "12.5" });
    let file = json!({ "dry_run": true, "lines": [line] });
    let open = json!({ "relationship_id": foreign(), "provider_id": foreign(), "markup": 12 });
    let save = json!({ "markup": 12, "status": "active", "revision": 1 });
    vec![
        ("GET", "/api/v1/admin/providers", Staff(View), None),
        ("POST", "/api/v1/admin/providers", Staff(ManageProviders), Some(provider())),
        ("GET", "/api/v1/admin/providers/{id}", Staff(View), None),
        ("PUT", "/api/v1/admin/providers/{id}", Staff(ManageProviders), Some(provider())),
        ("GET", "/api/v1/admin/providers/{id}/offerings", Staff(View), None),
        ("POST", "/api/v1/admin/providers/{id}/offerings", Staff(ManageProviders), offering()),
        ("POST", "/api/v1/admin/providers/{id}/offerings/import", Staff(ManageProviders), Some(file)),
        ("PUT", "/api/v1/admin/providers/{id}/offerings/{offering_id}", Staff(ManageProviders), offering()),
        ("GET", "/api/v1/reseller/external-providers", Member(Some(HandleOrders)), None),
        ("GET", "/api/v1/reseller/external-providers/{provider_id}/offerings", Member(Some(HandleOrders)), None),
        ("GET", "/api/v1/reseller/relationships", Member(Some(HandleOrders)), None),
        ("POST", "/api/v1/reseller/relationships", Member(Some(ManageRelationships)), Some(open)),
        ("GET", "/api/v1/reseller/relationships/{provider_id}", Member(Some(HandleOrders)), None),
        ("PUT", "/api/v1/reseller/relationships/{provider_id}", Member(Some(ManageRelationships)), Some(save)),
        ("DELETE", "/api/v1/reseller/relationships/{provider_id}", Member(Some(ManageRelationships)), None),
    ]
}

fn of_accounts() -> Vec<Line> {
    use Door::{Member, Staff};
    use MemberAction::{ManageAccounts as Manage, Sell, ViewAccounts as See};
    use StaffAction::{ManageAccounts, ManageResellers, View};
    let new = || Some(json!({ "account_id": foreign(), "reseller_id": foreign(), "plan_id": foreign() }));
    let edit = || Some(json!({ "version": 1, "notes": "", "max_connections": 1 }));
    let extend = || Some(json!({ "subscription_id": foreign(), "service": { "days": 1 } }));
    let reason = || Some(json!({ "reason": "a test" }));
    let transfer = Some(json!({ "reseller_id": foreign(), "reason": "a test" }));
    let access = || Some(json!({ "account_ids": [foreign()] }));
    let plan = || Some(json!({ "plan_change_id": foreign(), "plan_id": foreign() }));
    let template = json!({ "version": 0, "permissions": { "grants": ["view_accounts"], "max_connections": 1 } });
    let permissions = json!({ "version": 0, "permissions": { "grants": ["create_accounts"], "max_connections": 3 } });
    vec![
        ("GET", "/api/v1/admin/accounts", Staff(View), None),
        ("POST", "/api/v1/admin/accounts", Staff(ManageAccounts), new()),
        ("POST", "/api/v1/admin/accounts/access", Staff(View), access()),
        ("GET", "/api/v1/admin/accounts/{id}", Staff(View), None),
        ("PUT", "/api/v1/admin/accounts/{id}", Staff(ManageAccounts), edit()),
        ("GET", "/api/v1/admin/accounts/{id}/history", Staff(View), None),
        ("POST", "/api/v1/admin/accounts/{id}/extend", Staff(ManageAccounts), extend()),
        ("POST", "/api/v1/admin/accounts/{id}/plan", Staff(ManageAccounts), plan()),
        ("GET", "/api/v1/admin/accounts/{id}/portals", Staff(View), None),
        ("POST", "/api/v1/admin/accounts/{id}/suspend", Staff(ManageAccounts), reason()),
        ("POST", "/api/v1/admin/accounts/{id}/activate", Staff(ManageAccounts), None),
        ("POST", "/api/v1/admin/accounts/{id}/archive", Staff(ManageAccounts), reason()),
        ("POST", "/api/v1/admin/accounts/{id}/transfer", Staff(ManageResellers), transfer),
        ("POST", "/api/v1/admin/accounts/{id}/reset-token", Staff(ManageAccounts), None),
        ("GET", "/api/v1/reseller/accounts", Member(Some(See)), None),
        ("POST", "/api/v1/reseller/accounts", Member(Some(Sell)), new()),
        ("POST", "/api/v1/reseller/accounts/access", Member(Some(See)), access()),
        ("GET", "/api/v1/reseller/accounts/{id}", Member(Some(See)), None),
        ("PUT", "/api/v1/reseller/accounts/{id}", Member(Some(Manage)), edit()),
        ("GET", "/api/v1/reseller/accounts/{id}/history", Member(Some(See)), None),
        ("POST", "/api/v1/reseller/accounts/{id}/extend", Member(Some(Sell)), extend()),
        ("POST", "/api/v1/reseller/accounts/{id}/plan", Member(Some(Sell)), plan()),
        ("GET", "/api/v1/reseller/accounts/{id}/portals", Member(Some(See)), None),
        ("POST", "/api/v1/reseller/accounts/{id}/suspend", Member(Some(Manage)), reason()),
        ("POST", "/api/v1/reseller/accounts/{id}/activate", Member(Some(Manage)), None),
        ("POST", "/api/v1/reseller/accounts/{id}/archive", Member(Some(Manage)), reason()),
        ("POST", "/api/v1/reseller/accounts/{id}/reset-token", Member(Some(Manage)), None),
        ("GET", "/api/v1/admin/resellers/{id}/permissions", Staff(View), None),
        ("PUT", "/api/v1/admin/resellers/{id}/permissions", Staff(ManageResellers), Some(permissions)),
        ("GET", "/api/v1/admin/permission-templates", Staff(View), None),
        ("PUT", "/api/v1/admin/permission-templates/{name}", Staff(ManageResellers), Some(template)),
        ("GET", "/api/v1/reseller/permissions", Member(None), None),
    ]
}

fn of_the_market() -> Vec<Line> {
    let order = json!({ "order_id": foreign(), "offering_id": foreign(), "relationship_id": foreign(), "quantity": 1,
        "customer": { "name": "Sam Sample", "email": "sam@example.org" }, "total": { "value": 100, "unit": "EUR" } });
    vec![
        ("GET", "/api/v1/public/offerings", Door::Public, None),
        ("POST", "/api/v1/public/orders", Door::Public, Some(order)),
        ("GET", "/api/v1/public/orders/{token}", Door::Public, None),
    ]
}

fn of_bulk() -> Vec<Line> {
    use Door::{Member, Staff};
    use MemberAction::{ManageAccounts as Manage, ViewAccounts as See};
    use StaffAction::{ManageAccounts, View};
    let plan = || {
        Some(json!({ "bulk_id": foreign(), "operation": { "kind": "suspend", "reason": "a test" },
            "targets": { "kind": "chosen", "account_ids": [foreign()] } }))
    };
    let lines = || Some(json!({ "first": 1, "lines": [{ "line": 2, "plan": "Month" }] }));
    vec![
        ("GET", "/api/v1/admin/accounts/bulk", Staff(View), None),
        ("POST", "/api/v1/admin/accounts/bulk", Staff(ManageAccounts), plan()),
        ("GET", "/api/v1/admin/accounts/bulk/{id}", Staff(View), None),
        ("GET", "/api/v1/admin/accounts/bulk/{id}/rows", Staff(View), None),
        ("POST", "/api/v1/admin/accounts/bulk/{id}/lines", Staff(ManageAccounts), lines()),
        ("GET", "/api/v1/admin/accounts/bulk/{id}/created", Staff(ManageAccounts), None),
        ("POST", "/api/v1/admin/accounts/bulk/{id}/run", Staff(ManageAccounts), None),
        ("POST", "/api/v1/admin/accounts/bulk/{id}/cancel", Staff(ManageAccounts), None),
        ("POST", "/api/v1/admin/accounts/bulk/{id}/undo", Staff(ManageAccounts), None),
        ("GET", "/api/v1/reseller/accounts/bulk", Member(Some(See)), None),
        ("POST", "/api/v1/reseller/accounts/bulk", Member(Some(Manage)), plan()),
        ("GET", "/api/v1/reseller/accounts/bulk/{id}", Member(Some(See)), None),
        ("GET", "/api/v1/reseller/accounts/bulk/{id}/rows", Member(Some(See)), None),
        ("POST", "/api/v1/reseller/accounts/bulk/{id}/lines", Member(Some(Manage)), lines()),
        ("GET", "/api/v1/reseller/accounts/bulk/{id}/created", Member(Some(Manage)), None),
        ("POST", "/api/v1/reseller/accounts/bulk/{id}/run", Member(Some(Manage)), None),
        ("POST", "/api/v1/reseller/accounts/bulk/{id}/cancel", Member(Some(Manage)), None),
        ("POST", "/api/v1/reseller/accounts/bulk/{id}/undo", Member(Some(Manage)), None),
    ]
}

fn of_applications() -> Vec<Line> {
    use Door::{Public, Staff};
    use StaffAction::{ManageResellers, View};
    let approve = json!({ "reseller_id": foreign(), "username": "new-shop", "settlement_mode": "wholesale",
        "rate": { "kind": "by_tier" }, "credit_limit": 0, "notes": "" });
    let price = json!({ "price_id": foreign(), "allowed": true, "note": "" });
    let rate = json!({ "rate_id": foreign(), "rate": { "kind": "fixed", "basis_points": 2_000 }, "note": "" });
    let reason = json!({ "reason": "a test" });
    vec![
        ("POST", "/api/v1/reseller/signup", Public, Some(application())),
        ("GET", "/api/v1/admin/applications", Staff(View), None),
        ("GET", "/api/v1/admin/applications/{id}", Staff(View), None),
        ("POST", "/api/v1/admin/applications/{id}/approve", Staff(ManageResellers), Some(approve)),
        ("POST", "/api/v1/admin/applications/{id}/reject", Staff(ManageResellers), Some(reason)),
        ("GET", "/api/v1/admin/resellers/{id}/prices", Staff(View), None),
        ("GET", "/api/v1/admin/resellers/{id}/trials", Staff(View), None),
        ("GET", "/api/v1/admin/resellers/{id}/prices/{plan_id}", Staff(View), None),
        ("POST", "/api/v1/admin/resellers/{id}/prices/{plan_id}", Staff(ManageResellers), Some(price)),
        ("GET", "/api/v1/admin/resellers/{id}/rates", Staff(View), None),
        ("POST", "/api/v1/admin/resellers/{id}/rates", Staff(ManageResellers), Some(rate)),
    ]
}

fn of_notices() -> Vec<Line> {
    use Door::{Member, Staff};
    let choose = Some(MemberAction::ChooseNotices);
    let manage = StaffAction::ManageNotices;
    let test = json!({ "to": "nina@example.org" });
    let words = json!({ "subject": "Hello", "text": "Text" });
    vec![
        ("GET", "/api/v1/admin/mail", Staff(manage), None),
        ("POST", "/api/v1/admin/mail/test", Staff(manage), Some(test)),
        ("GET", "/api/v1/admin/notices", Staff(manage), None),
        ("POST", "/api/v1/admin/notices/{id}/send-again", Staff(manage), None),
        ("GET", "/api/v1/admin/notice-templates", Staff(manage), None),
        ("PUT", "/api/v1/admin/notice-templates/{kind}", Staff(manage), Some(json!({ "version": 1 }))),
        ("POST", "/api/v1/admin/notice-templates/{kind}/preview", Staff(manage), Some(words)),
        ("GET", "/api/v1/reseller/notices", Member(choose), None),
        ("PUT", "/api/v1/reseller/notices", Member(choose), Some(json!({ "off": [] }))),
    ]
}

fn of_owners() -> Vec<Line> {
    use Door::{Member, Staff};
    let keys = Some(MemberAction::ManageApiKeys);
    let (below, members) = (Some(MemberAction::ManageSubResellers), Some(MemberAction::ManageMembers));
    vec![
        ("GET", "/api/v1/reseller/sub-resellers", Member(below), None),
        ("POST", "/api/v1/reseller/sub-resellers", Member(below), Some(sub_reseller())),
        ("PUT", "/api/v1/reseller/sub-resellers/{id}", Member(below), Some(sub_reseller())),
        ("GET", "/api/v1/reseller/members", Member(members), None),
        ("POST", "/api/v1/reseller/members", Member(members), Some(member())),
        ("PUT", "/api/v1/reseller/members/{id}", Member(members), Some(member())),
        ("DELETE", "/api/v1/reseller/members/{id}/second-factor", Member(members), None),
        ("GET", "/api/v1/reseller/api-keys", Member(keys), None),
        ("POST", "/api/v1/reseller/api-keys", Member(keys), Some(api_key())),
        ("DELETE", "/api/v1/reseller/api-keys/{id}", Member(keys), None),
        ("GET", "/api/v1/admin/resellers/{id}/api-keys", Staff(StaffAction::View), None),
        ("DELETE", "/api/v1/admin/resellers/{id}/api-keys/{key_id}", Staff(StaffAction::ManageResellers), None),
        ("GET", "/api/v1/reseller/devices", Member(Some(MemberAction::BlockDevice)), None),
        (
            "POST",
            "/api/v1/reseller/devices/{id}/block",
            Member(Some(MemberAction::BlockDevice)),
            Some(json!({ "reason": "lost" })),
        ),
    ]
}

fn of_devices() -> Vec<Line> {
    use Door::{Device, SignedIn};
    let device = json!({ "device_id": foreign(), "name": "Till", "signing_key": "AAAA", "sealing_key": "AAAA" });
    let lease = json!({ "lease_id": foreign() });
    vec![
        ("POST", "/api/v1/sync/devices", SignedIn, Some(device)),
        ("POST", "/api/v1/sync/leases", Device, Some(lease)),
        ("POST", "/api/v1/sync/leases/present", Device, Some(json!({ "epoch": foreign(), "leases": [] }))),
        ("POST", "/api/v1/sync/push", Device, None),
        ("GET", "/api/v1/sync/log", Device, None),
        ("GET", "/api/v1/sync/pull", Device, None),
        ("GET", "/api/v1/sync/snapshot", Device, None),
        ("GET", "/api/v1/sync/snapshot/{snapshot_id}", Device, None),
        ("GET", "/api/v1/sync/live", Device, None),
    ]
}

pub(super) fn all() -> Vec<Route> {
    use Door::{Member, Public, SignedIn, Staff};
    use StaffAction::{ManageCodes, ManagePlans, ManageResellers, RevokeLease, View};
    let reason = || Some(json!({ "reason": "a test" }));
    let code = json!({ "code_id": foreign(), "plan_id": foreign() });
    let admin_code = json!({ "code_id": foreign(), "reseller_id": foreign(), "plan_id": foreign() });
    let login = || Some(json!({ "username": "nobody", "password": "wrong horse" }));
    let routes = [
        ("GET", "/api/v1/about", Public, None),
        ("POST", "/api/v1/admin/login", Public, login()),
        ("POST", "/api/v1/reseller/login", Public, login()),
        ("POST", "/api/v1/session/refresh", Public, Some(json!({ "refresh_token": "wrong" }))),
        ("POST", "/api/v1/session/logout", SignedIn, None),
        ("GET", "/api/v1/sessions", SignedIn, None),
        ("DELETE", "/api/v1/sessions/{id}", SignedIn, None),
        ("GET", "/api/v1/me", SignedIn, None),
        ("GET", "/api/v1/admin/plans", Staff(View), None),
        ("POST", "/api/v1/admin/plans", Staff(ManagePlans), Some(plan())),
        ("GET", "/api/v1/admin/plans/{id}", Staff(View), None),
        ("PUT", "/api/v1/admin/plans/{id}", Staff(ManagePlans), Some(plan())),
        ("GET", "/api/v1/admin/resellers", Staff(View), None),
        ("POST", "/api/v1/admin/resellers", Staff(ManageResellers), Some(reseller())),
        ("POST", "/api/v1/admin/sign-ins/unlock", Staff(ManageResellers), Some(unlock())),
        ("GET", "/api/v1/admin/resellers/{id}", Staff(View), None),
        ("PUT", "/api/v1/admin/resellers/{id}", Staff(ManageResellers), Some(reseller())),
        ("GET", "/api/v1/admin/codes", Staff(View), None),
        ("POST", "/api/v1/admin/codes", Staff(ManageCodes), Some(admin_code)),
        ("POST", "/api/v1/admin/codes/{id}/void", Staff(ManageCodes), reason()),
        ("POST", "/api/v1/admin/codes/{id}/revoke", Staff(ManageCodes), reason()),
        ("POST", "/api/v1/admin/codes/{id}/hold", Staff(ManageCodes), reason()),
        ("POST", "/api/v1/admin/codes/{id}/approve", Staff(ManageCodes), reason()),
        ("GET", "/api/v1/admin/codes/stats", Staff(View), None),
        ("GET", "/api/v1/admin/leases", Staff(View), None),
        ("POST", "/api/v1/admin/leases/{id}/revoke", Staff(RevokeLease), reason()),
        ("GET", "/api/v1/admin/devices", Staff(View), None),
        ("GET", "/api/v1/reseller/plans", Member(None), None),
        ("GET", "/api/v1/reseller/trials", Member(None), None),
        ("GET", "/api/v1/reseller/codes", Member(None), None),
        ("POST", "/api/v1/reseller/codes", Member(Some(MemberAction::Sell)), Some(code)),
        ("GET", "/api/v1/reseller/profile", Member(None), None),
        (
            "POST",
            "/api/v1/public/activations",
            Public,
            Some(json!({ "code": "PM2D-0000-0000-0000", "account_id": foreign() })),
        ),
        ("GET", "/api/v1/public/codes/{code}", Public, None),
        ("GET", "/api/v1/public/subscriptions/{token}", Public, None),
    ];
    routes
        .into_iter()
        .chain(of_portals())
        .chain(of_applications())
        .chain(of_notices())
        .chain(of_owners())
        .chain(of_devices())
        .chain(of_the_audit().into_iter().chain(of_second_factors()).chain(of_staff()))
        .chain(of_troubleshooting())
        .chain(of_statistics())
        .chain(of_brands())
        .chain(of_drift())
        .chain(of_lots())
        .chain(of_credits())
        .chain(of_providers())
        .chain(of_commission().into_iter().chain(of_payments()).chain(of_orders()))
        .chain(of_settlements())
        .chain(of_accounts().into_iter().chain(of_bulk()))
        .chain(of_the_market())
        .map(|(method, path, door, body)| Route { method, path, door, body })
        .collect()
}
