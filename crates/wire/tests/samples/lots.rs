//! Invented values of lots and their jobs.

use counterfoil_domain::code::CodeState;
use counterfoil_domain::lot::{CodeJobKind, LotChange};
use counterfoil_domain::portal::JobState;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::codes::StateCount;
use counterfoil_wire::problem::Code;
use counterfoil_wire::{jobs, lots};

use super::{AT, created_code, credits, euros, id};

fn states() -> Vec<StateCount> {
    vec![StateCount { state: CodeState::Activated, count: 40 }, StateCount { state: CodeState::Sold, count: 2_960 }]
}

pub(crate) fn code_job() -> jobs::CodeJob {
    jobs::CodeJob {
        job_id: id(51),
        lot_id: id(50),
        lot_number: 123,
        kind: CodeJobKind::Make,
        state: JobState::Failed,
        seq_from: 1,
        seq_to: 10_000,
        done: 3_000,
        total: 10_000,
        changed: 3_000,
        refused: 0,
        amount: credits(90_000),
        reason: String::new(),
        trouble: Some(jobs::CodeJobTrouble {
            code: Code::InsufficientCredit,
            detail: "You need 30000 credits for the next codes of this lot, but you only have 15.".into(),
        }),
        started_at: AT,
        started_by: Some("m.azadi".into()),
        ended_at: Some(Timestamp(AT.0 + 60_000)),
        undoable: 0,
        undone_by: None,
    }
}

pub(crate) fn job() -> jobs::Job {
    jobs::Job::Codes(code_job())
}

pub(crate) fn lot() -> lots::Lot {
    lots::Lot {
        lot_id: id(50),
        number: 123,
        reseller_id: Some(id(4)),
        company: "Corner Shop".into(),
        plan_id: id(5),
        plan_name: "Month".into(),
        term_days: 30,
        price: euros(999),
        cost: credits(30),
        ordered: 10_000,
        made: 3_000,
        first_seq: 1,
        last_seq: 3_000,
        stock_id: None,
        label: "Spring cards".into(),
        redeem_by: Timestamp(AT.0 + 365 * 86_400_000),
        made_at: AT,
        made_by: Some("m.azadi".into()),
        by_state: Some(states()),
        job: Some(code_job()),
    }
}

pub(crate) fn lot_detail() -> lots::LotDetail {
    lots::LotDetail { lot: lots::Lot { job: None, ..lot() }, jobs: vec![code_job()] }
}

pub(crate) fn create_lot() -> lots::CreateLot {
    lots::CreateLot {
        lot_id: id(50),
        plan_id: id(5),
        count: 20,
        customer_email: Some("leila@mail.example".into()),
        label: "Spring cards".into(),
    }
}

pub(crate) fn created_lot() -> lots::CreatedLot {
    lots::CreatedLot { lot: lots::Lot { job: None, made_by: None, ..lot() }, codes: vec![created_code()] }
}

pub(crate) fn preview_lot() -> lots::PreviewLot {
    lots::PreviewLot { reseller_id: id(4), plan_id: id(5), count: 500 }
}

pub(crate) fn lot_preview() -> lots::LotPreview {
    lots::LotPreview {
        count: 500,
        cost: credits(30),
        total: credits(15_000),
        balance: credits(1_000),
        available: credits(1_500),
        after: credits(-14_000),
        refusal: Some(lots::LotRefusal {
            code: Code::InsufficientCredit,
            detail: "You need 15000 credits to create these codes, but you only have 1500.".into(),
        }),
    }
}

pub(crate) fn order_lot() -> lots::OrderLot {
    lots::OrderLot {
        lot_id: id(50),
        job_id: id(51),
        reseller_id: Some(id(4)),
        plan_id: id(5),
        count: 500,
        total: Some(credits(15_000)),
        label: "Spring cards".into(),
    }
}

pub(crate) fn preview_change() -> lots::PreviewChange {
    lots::PreviewChange { change: LotChange::Void, seq_from: Some(1), seq_to: Some(500) }
}

pub(crate) fn change_preview() -> lots::ChangePreview {
    lots::ChangePreview {
        seq_from: 1,
        seq_to: 500,
        codes: 500,
        changed: 460,
        by_state: vec![StateCount { state: CodeState::Sold, count: 460 }],
        refused: vec![StateCount { state: CodeState::Activated, count: 40 }],
        gives_back: credits(13_800),
        undoable: false,
    }
}

pub(crate) fn change_lot() -> lots::ChangeLot {
    lots::ChangeLot {
        job_id: id(52),
        change: LotChange::Void,
        seq_from: Some(1),
        seq_to: Some(500),
        changed: 460,
        reason: "Cards were lost on the way".into(),
    }
}
