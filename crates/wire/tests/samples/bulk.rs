//! Invented values of operations on many accounts.

use counterfoil_domain::account::AccountStatus;
use counterfoil_domain::bulk::{BulkRowState, BulkState};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::accounts::Service;
use counterfoil_wire::bulk;
use counterfoil_wire::problem::Code;

use super::{AT, credits, id};

fn filter() -> bulk::BulkFilter {
    bulk::BulkFilter {
        search: Some("amber".into()),
        status: Some(AccountStatus::Active),
        plan_id: Some(id(5)),
        reseller_id: Some(id(4)),
        ends_before: Some("2026-12-22".into()),
        with_below: true,
    }
}

pub(crate) fn plan_bulk() -> bulk::PlanBulk {
    bulk::PlanBulk {
        bulk_id: id(90),
        operation: bulk::BulkOperation::Extend { service: Service::Days(30), gift: false },
        targets: bulk::BulkTargets::Matching(filter()),
    }
}

/// One of each kind.
pub(crate) fn bulk_operations() -> Vec<bulk::BulkOperation> {
    vec![
        bulk::BulkOperation::Extend { service: Service::Plan(id(5)), gift: true },
        bulk::BulkOperation::Suspend { reason: "no power in the street".into() },
        bulk::BulkOperation::Activate,
        bulk::BulkOperation::PlanChange { plan_id: id(5) },
        bulk::BulkOperation::Transfer { reseller_id: id(4), reason: "sold the street".into() },
        bulk::BulkOperation::Create { file: "customers.csv".into(), lines: 240, gift: true },
    ]
}

fn line() -> bulk::BulkLine {
    bulk::BulkLine {
        line: 8,
        username: "amber-otter-4821".into(),
        email: "anna@example.org".into(),
        plan: "Month".into(),
        last_day: "2026-12-31".into(),
        gift: "no".into(),
        mac: "00:1A:79:0B:2C:3D".into(),
        max_connections: "2".into(),
        notes: "third floor".into(),
        reseller: "corner-shop".into(),
    }
}

pub(crate) fn created_account() -> bulk::CreatedAccount {
    bulk::CreatedAccount {
        line: 8,
        account_id: id(30),
        username: "amber-otter-4821".into(),
        password: "correct horse".into(),
        token: "subscription-token".into(),
    }
}

pub(crate) fn add_bulk_lines() -> bulk::AddBulkLines {
    let bare = bulk::BulkLine { line: 9, plan: "Month".into(), ..bulk::BulkLine::default() };
    bulk::AddBulkLines { first: 7, lines: vec![line(), bare] }
}

fn refusal() -> bulk::BulkRefusal {
    bulk::BulkRefusal {
        code: Code::InsufficientCredit,
        detail: "You need 30 credits to extend this account, but you only have 15.".into(),
        needed: Some(credits(30)),
        available: Some(credits(15)),
        columns: vec!["plan".into()],
    }
}

pub(crate) fn bulk_detail() -> bulk::BulkDetail {
    let bulk = bulk::Bulk {
        bulk_id: id(90),
        operation: plan_bulk().operation,
        state: BulkState::Failed,
        total: 41_224,
        counted: true,
        tried: 41_224,
        planned: 41_000,
        refused: 14,
        done: 210,
        undone: 0,
        kept: 0,
        undoable: 0,
        cost: vec![credits(1_230_000)],
        paid: vec![credits(6_300)],
        trouble: Some(refusal()),
        ordered_at: AT,
        ordered_by: Some("m.azadi".into()),
        ended_at: Some(Timestamp(AT.0 + 60_000)),
    };
    let short = bulk::ShortWallet {
        reseller_id: id(4),
        company: "Corner Shop".into(),
        needed: credits(1_230_000),
        available: credits(15),
    };
    let moves = vec![bulk::BulkMove { from: Some("North".into()), to: "South".into(), accounts: 40 }];
    bulk::BulkDetail { bulk, short: vec![short], moves }
}

pub(crate) fn bulk_row() -> bulk::BulkRow {
    bulk::BulkRow {
        position: 7,
        account_id: id(30),
        username: Some("amber-otter-4821".into()),
        state: BulkRowState::Refused,
        cost: None,
        last_day: Some("2026-12-21".into()),
        new_last_day: Some("2027-01-20".into()),
        plan_name: Some("Month".into()),
        refusal: Some(refusal()),
        line: Some(line()),
    }
}
