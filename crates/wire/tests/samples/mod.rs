//! One invented value of each type.

mod accounts;
mod applications;
mod audit;
mod boxes;
mod bulk;
mod commission;
mod customers;
mod dashboard;
mod drift;
mod lots;
mod market;
mod notices;
mod orders;
mod payments;
mod prices;
mod providers;
mod public;
mod ranges;
mod reports;
mod second_factor;
mod sessions;
mod settlements;
mod staff;
mod top_ups;
mod troubleshooting;

pub(crate) use accounts::*;
pub(crate) use applications::*;
pub(crate) use audit::*;
pub(crate) use boxes::*;
pub(crate) use bulk::*;
pub(crate) use commission::*;
use counterfoil_domain::amount::{Amount, Unit};
use counterfoil_domain::code::CodeState;
use counterfoil_domain::digest::Digests;
use counterfoil_domain::feed::{Cursor, FeedTable};
use counterfoil_domain::grant::{Permissions, Template};
use counterfoil_domain::ids::{CodeId, DeviceId, Epoch, LeaseId, OpId, PlanId, SaleId};
use counterfoil_domain::oplog::{LogHead, Lost, Op, OpBody, OpOutcome, RejectCode};
use counterfoil_domain::plan::{PlanKind, PlanStatus};
use counterfoil_domain::portal::{
    BoxContact, BoxOutcome, OwnerField, PortalGeneration, PortalStatus, PortalWarning, ProvisioningState,
};
use counterfoil_domain::price_list::{PriceTerms, SoldBy};
use counterfoil_domain::reseller::{ResellerStatus, SettlementMode};
use counterfoil_domain::settlement::HeldReason;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::problem::{Code, FieldProblem, Problem};
use counterfoil_wire::{codes, devices, leases, live, permissions, plans, portals, pull, push, resellers, snapshot};
pub(crate) use customers::*;
pub(crate) use dashboard::*;
pub(crate) use drift::*;
pub(crate) use lots::*;
pub(crate) use market::*;
pub(crate) use notices::*;
pub(crate) use orders::*;
pub(crate) use payments::*;
pub(crate) use prices::*;
pub(crate) use providers::*;
pub(crate) use public::*;
pub(crate) use ranges::*;
pub(crate) use reports::*;
pub(crate) use second_factor::*;
pub(crate) use sessions::*;
pub(crate) use settlements::*;
pub(crate) use staff::*;
pub(crate) use top_ups::*;
pub(crate) use troubleshooting::*;
use uuid::Uuid;

pub(crate) const SECRETS: [&str; 12] = [
    "081804",
    "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
    "7KQM-3XWP-0ZTR",
    "correct horse",
    "cfk_invented",
    "access-token-sample",
    "refresh-token-sample",
    "PM2D-M0BP-0419-5CYQ",
    "subscription-token",
    "order-token-sample",
    "delivery-details-sample",
    "customer-note-sample",
];

const AT: Timestamp = Timestamp(1_795_219_200_000);

fn id<T: From<Uuid>>(n: u128) -> T {
    Uuid::from_u128(n).into()
}

fn credits(value: i64) -> Amount {
    Amount::new(value, Unit::Credits).expect("amount")
}

fn euros(value: i64) -> Amount {
    Amount::new(value, "EUR".parse().expect("unit")).expect("amount")
}

fn head(ops: u32) -> LogHead {
    (0..ops).fold(LogHead::genesis(id(2)), |head, n| head.extend(&n.to_be_bytes()))
}

pub(crate) fn plan() -> plans::Plan {
    plans::Plan {
        plan_id: id::<PlanId>(5),
        version: 1,
        name: "Month".into(),
        kind: PlanKind::Monthly,
        price: euros(999),
        term_days: 30,
        features: vec!["One screen".into()],
        status: PlanStatus::Active,
        sold_by: SoldBy::Everyone,
        trials_a_month: Some(10),
    }
}

pub(crate) fn save_plan() -> plans::SavePlan {
    let plan = plan();
    plans::SavePlan {
        plan_id: plan.plan_id,
        version: Some(1),
        name: plan.name,
        kind: plan.kind,
        price: plan.price,
        term_days: plan.term_days,
        features: plan.features,
        status: plan.status,
        sold_by: Some(SoldBy::Chosen),
        trials_a_month: plan.trials_a_month,
    }
}

pub(crate) fn trial_allowance() -> plans::TrialAllowance {
    plans::TrialAllowance {
        plan_id: id::<PlanId>(5),
        name: "Week".into(),
        term_days: 7,
        a_month: 10,
        given: 3,
        again_on: "2026-12-01".into(),
    }
}

pub(crate) fn portal() -> portals::Portal {
    portals::Portal {
        portal_id: id(20),
        version: 3,
        name: "Main portal".into(),
        address: "https://tv.example.org".into(),
        user: Some("stalker".into()),
        time_zone: "Europe/Berlin".into(),
        certificate: Some(portals::Certificate { der: "MIIB".into(), sha256: "ab".repeat(32) }),
        status: PortalStatus::Active,
        found: Some(portals::PortalFindings {
            at: AT,
            api: "https://tv.example.org/stalker_portal/api/v1/".into(),
            generation: Some(PortalGeneration::Ministra5),
            authentication: true,
            internal_billing: Some(true),
            owner: OwnerField::ResellerId,
            resellers: true,
            warnings: vec![PortalWarning::NoAccounts],
        }),
        trouble: Some(portal_trouble()),
        plans: vec![portals::PlanOnPortal { plan_id: id(5), tariff: Some("T1".into()) }],
        resellers: vec![portals::ResellerOnPortal { reseller_id: id(4), remote_id: 7 }],
        accounts: portals::AccountCounts { waiting: 2, agreed: 40, attention: 1 },
        look_every_hours: 24,
        next_look_at: Some(AT),
    }
}

fn portal_trouble() -> portals::PortalTrouble {
    portals::PortalTrouble {
        code: "wrong_credentials".into(),
        detail: "the portal refuses the API user's name or password".into(),
        remedy: "Use api_auth_login and api_auth_password.".into(),
        since: AT,
    }
}

pub(crate) fn save_portal() -> portals::SavePortal {
    let portal = portal();
    portals::SavePortal {
        portal_id: portal.portal_id,
        version: Some(3),
        name: portal.name,
        address: portal.address,
        user: portal.user,
        password: Some("correct horse".into()),
        time_zone: portal.time_zone,
        certificate: None,
        status: portal.status,
        plans: portal.plans,
        resellers: portal.resellers,
        look_every_hours: Some(portal.look_every_hours),
    }
}

pub(crate) fn portal_account() -> portals::PortalAccount {
    portals::PortalAccount {
        account_id: id(7),
        username: "amber-otter-4821".into(),
        reseller_company: Some("Corner Shop".into()),
        state: ProvisioningState::Attention,
        trouble: Some(portal_trouble()),
        differences: vec![portals::Difference {
            field: "end_date".into(),
            wanted: "2027-01-31".into(),
            found: String::new(),
        }],
        tries: 3,
        next_at: None,
        agreed_at: Some(AT),
    }
}

pub(crate) fn portal_choices() -> portals::PortalChoices {
    portals::PortalChoices {
        tariffs: vec![portals::TariffChoice { external_id: "T1".into(), name: "Basic".into() }],
        resellers: vec![portals::RemoteReseller { remote_id: 7, name: "Corner".into() }],
    }
}

pub(crate) fn retry_accounts() -> portals::RetryAccounts {
    portals::RetryAccounts { which: portals::WhichAccounts::These(vec![id(7)]) }
}

pub(crate) fn reseller() -> resellers::Reseller {
    resellers::Reseller {
        reseller_id: id(4),
        version: 1,
        username: "corner-shop".into(),
        company: "Corner Shop".into(),
        email: "owner@corner.example".into(),
        contact: "Sam Sample".into(),
        phone: "+49 30 5550100".into(),
        parent_id: None,
        parent_company: None,
        settlement_mode: SettlementMode::Wholesale,
        status: ResellerStatus::Active,
        balance: credits(3_570),
        reserved: credits(365),
        credit_limit: credits(0),
        last_login_at: Some(AT),
        policy: Some(permissions::Policy::from(&Permissions::default())),
        price_list: Some(vec![PriceTerms { plan_id: id(5), allowed: true, price: Some(899), valid_from: AT }]),
    }
}

pub(crate) fn save_reseller() -> resellers::SaveReseller {
    let reseller = reseller();
    resellers::SaveReseller {
        reseller_id: reseller.reseller_id,
        version: None,
        username: reseller.username,
        password: Some("correct horse".into()),
        company: reseller.company,
        email: reseller.email,
        contact: reseller.contact,
        phone: reseller.phone,
        parent_id: None,
        settlement_mode: reseller.settlement_mode,
        credit_limit: 0,
        status: reseller.status,
        template: Some(Template::Trial),
    }
}

pub(crate) fn code_row() -> codes::CodeRow {
    codes::CodeRow {
        code_id: id::<CodeId>(13),
        serial: "000123-0007".into(),
        source_id: Uuid::from_u128(3),
        seq: 7,
        masked: "PM2D-····-····-5CYQ".into(),
        reseller_id: id(4),
        device_id: Some(id::<DeviceId>(2)),
        plan_id: id(5),
        plan_name: "Month".into(),
        term_days: 30,
        price: euros(999),
        cost: credits(30),
        state: CodeState::Held,
        held_reason: Some(HeldReason::AfterCut),
        flagged: false,
        customer_email: Some("customer@mail.example".into()),
        sold_at: Some(AT),
        settled_at: AT,
        activated_at: None,
        ended_at: None,
        redeem_by: AT.plus_days(365),
    }
}

pub(crate) fn create_code() -> codes::CreateCode {
    codes::CreateCode { code_id: id(13), plan_id: id(5), customer_email: None }
}

pub(crate) fn created_code() -> codes::CreatedCode {
    codes::CreatedCode { code: "PM2D-M0BP-0419-5CYQ".into(), row: code_row() }
}

pub(crate) fn code_stats() -> codes::CodeStats {
    codes::CodeStats { total: 1, by_state: vec![codes::StateCount { state: CodeState::Sold, count: 1 }] }
}

pub(crate) fn enrol() -> devices::EnrolDevice {
    devices::EnrolDevice {
        device_id: id(2),
        name: "Till 2".into(),
        signing_key: "AAAA".into(),
        sealing_key: "BBBB".into(),
    }
}

pub(crate) fn enrolled() -> devices::Enrolled {
    devices::Enrolled {
        device_id: id(2),
        operator_id: id(1),
        reseller_id: Some(id(4)),
        central_key: "CCCC".into(),
        epoch: id::<Epoch>(7),
        server_time: AT,
    }
}

fn device() -> devices::Device {
    devices::Device {
        device_id: id(2),
        reseller_id: Some(id(4)),
        name: "Till 2".into(),
        status: devices::DeviceStatus::Active,
        enrolled_at: AT,
        last_seen_at: None,
    }
}

pub(crate) fn request_lease() -> leases::RequestLease {
    leases::RequestLease { lease_id: id::<LeaseId>(3), amount: Some(365), max_codes: Some(128), granted_before: false }
}

pub(crate) fn present() -> leases::PresentLeases {
    leases::PresentLeases {
        epoch: id(7),
        leases: vec![leases::PresentedLease { number: 123, blob: "TFNFMQ==".into() }],
    }
}

pub(crate) fn presented() -> leases::LeasesPresented {
    use leases::LeaseStanding::{Expired, Known, Refused, Restored};
    leases::LeasesPresented { standings: vec![Known, Restored, Expired, Refused], version: 42 }
}

pub(crate) fn granted() -> leases::GrantedLease {
    leases::GrantedLease {
        lease_id: id(3),
        number: 123,
        blob: "DDDD".into(),
        sealed_key: "EEEE".into(),
        version: 42,
        server_time: AT,
    }
}

pub(crate) fn revoke() -> leases::RevokeLease {
    leases::RevokeLease { cut: Some(7), reason: "Laptop stolen".into() }
}

fn lease() -> leases::Lease {
    leases::Lease {
        lease_id: id(3),
        number: 123,
        reseller_id: id(4),
        device_id: id(2),
        device_name: "Till 2".into(),
        state: counterfoil_domain::lease::LeaseState::Open,
        cut: None,
        amount: credits(365),
        escrow: credits(305),
        codes_settled: 2,
        max_codes: 128,
        issued_at: AT,
        issue_until: AT.plus_days(30),
        settle_until: AT.plus_days(60),
        redeem_by: AT.plus_days(365),
    }
}

fn op(body: OpBody) -> String {
    let (op_id, schema) = (id::<OpId>(14), body.schema());
    let op = Op { op_id, device_id: id(2), op_seq: 4, schema, created_at: AT, body };
    String::from_utf8(op.to_bytes()).expect("JSON")
}

pub(crate) fn push() -> push::PushRequest {
    push::PushRequest {
        base: head(1),
        lost: Some(Lost { through: head(3) }),
        epoch: Some(id(7)),
        ops: vec![
            op(OpBody::Sale {
                sale_id: id::<SaleId>(15),
                lease_id: id(3),
                slot: 0,
                plan_id: id(5),
                seq_from: 7,
                seq_to: 8,
                customer_email: Some("customer@mail.example".into()),
            }),
            op(OpBody::Void { lease_id: id(3), seq: 7 }),
            op(OpBody::CloseLease { lease_id: id(3), last_seq: 8, used: 240 }),
            op(OpBody::Fulfilment {
                order_id: id(80),
                units: 2,
                external_id: Some("NL-4711".into()),
                details: delivery_details(),
            }),
            op(OpBody::Reprovision { portal_id: id(20), account_id: id(7) }),
            op(OpBody::BoxContact {
                portal_id: id(20),
                account_id: id(7),
                contact: BoxContact::ReloadPortal,
                outcome: BoxOutcome::Unknown,
            }),
        ],
    }
}

fn results() -> [push::OpResult; 3] {
    [
        OpOutcome::Applied,
        OpOutcome::Held { reason: HeldReason::NoCredit },
        OpOutcome::Rejected { code: RejectCode::AlreadyActivated },
    ]
    .map(|outcome| push::OpResult { op_seq: 4, outcome, version: 42 })
}

pub(crate) fn pushed() -> push::PushResponse {
    push::PushResponse { head: head(4), results: results().to_vec(), backup_watermark: 0, server_time: AT }
}

pub(crate) fn log_tail() -> push::LogTail {
    let [applied, ..] = results();
    push::LogTail {
        head: head(4),
        epoch: id(7),
        ops: vec![
            push::LoggedOp { op_seq: 3, op: None, hash: hex(&head(3)), result: None },
            push::LoggedOp {
                op_seq: 4,
                op: Some(op(OpBody::Void { lease_id: id(3), seq: 7 })),
                hash: hex(&head(4)),
                result: Some(applied),
            },
        ],
    }
}

fn hex(head: &LogHead) -> String {
    serde_json::to_value(head).expect("plain data")["hash"].as_str().expect("text").to_owned()
}

pub(crate) fn live_head() -> live::Head {
    live::Head { epoch: id::<Epoch>(7), version: 42, news: live::News::ALL.into_iter().collect() }
}

pub(crate) fn pull_page() -> pull::PullPage {
    let rows = vec![
        pull::FeedRow::Settings(pull::Settings {
            operator_id: id(1),
            operator_name: "Lumen Networks".into(),
            time_zone: "Europe/Berlin".into(),
            currency: "EUR".into(),
            code_prefix: "PM2D".into(),
            low_credit: Some(low_credit_defaults()),
        }),
        pull::FeedRow::Reseller(reseller()),
        pull::FeedRow::Plan(plan()),
        pull::FeedRow::Device(device()),
        pull::FeedRow::Lease(lease()),
        pull::FeedRow::Balance(pull::Balance {
            reseller_id: id(4),
            unit: "credits".into(),
            equation: equation(),
            credit_limit: 0,
            low_credit: Some(200),
            wallet: Some(pull::ChainHead { seq: 1, hash: "ab".repeat(32) }),
        }),
        pull::FeedRow::Code(code_row()),
        pull::FeedRow::Entry(entry()),
        pull::FeedRow::Account(account()),
        pull::FeedRow::Order(Box::new(order())),
        pull::FeedRow::Gone(pull::Gone { of: FeedTable::Code, key: Uuid::from_u128(13) }),
    ];
    pull::PullPage {
        changes: rows.into_iter().map(|row| pull::Change { version: 42, row }).collect(),
        cursor: Cursor::after_version(id(7), 42).to_text(),
        version: 42,
        more: false,
        digests: Some(digests()),
        backup_watermark: Some(3),
        audit: Some(pull::ChainHead { seq: 812, hash: "cd".repeat(32) }),
        brand: Some(shown_brand()),
        server_time: AT,
    }
}

fn digests() -> Digests {
    let mut digests = Digests::default();
    digests.add(FeedTable::Code, Uuid::from_u128(12), 42);
    digests
}

pub(crate) fn snapshot_query() -> snapshot::SnapshotQuery {
    snapshot::SnapshotQuery { schema: 2 }
}

pub(crate) fn snapshot_manifest() -> snapshot::SnapshotManifest {
    snapshot::SnapshotManifest {
        snapshot_id: Uuid::from_u128(17),
        epoch: id(7),
        version: 42,
        schema: 2,
        cursor: Cursor::after_version(id(7), 42).to_text(),
        rows: 1_000_000,
        plain_size: 310_000_000,
        plain_sha256: "1a".repeat(32),
        size: 1_500_000,
        sha256: "2b".repeat(32),
        chunk_size: snapshot::CHUNK_BYTES,
        chunks: vec!["3c".repeat(32), "4d".repeat(32)],
    }
}

pub(crate) fn problem() -> Problem {
    Problem {
        kind: "about:blank".into(),
        title: "Conflict".into(),
        status: 409,
        detail: "You need 365 credits to take this lease, but you only have 15. Buy more credits or ask for less."
            .into(),
        code: Code::InsufficientCredit,
        needed: Some(credits(365)),
        available: Some(credits(15)),
        fields: vec![FieldProblem { field: "amount".into(), message: "at most 15".into() }],
        retry_after_ms: Some(2_000),
        head: Some(head(1)),
    }
}
