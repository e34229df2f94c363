//! Invented values of ranges of serials, and of lots that the operator keeps.

use counterfoil_domain::code::CodeState;
use counterfoil_domain::lot::{CodeJobKind, LotChange};
use counterfoil_domain::portal::JobState;
use counterfoil_wire::codes::StateCount;
use counterfoil_wire::problem::Code;
use counterfoil_wire::{jobs, lots, ranges};

use super::{code_job, credits, euros, id, lot};

pub(crate) fn lot_in_stock() -> lots::Lot {
    lots::Lot {
        reseller_id: None,
        company: String::new(),
        cost: credits(0),
        by_state: Some(vec![
            StateCount { state: CodeState::Allocated, count: 500 },
            StateCount { state: CodeState::Generated, count: 2_500 },
        ]),
        job: None,
        ..lot()
    }
}

pub(crate) fn keep_lot() -> lots::OrderLot {
    lots::OrderLot {
        lot_id: id(50),
        job_id: id(51),
        reseller_id: None,
        plan_id: id(5),
        count: 3_000,
        total: None,
        label: "Spring cards".into(),
    }
}

pub(crate) fn preview_allocation() -> ranges::PreviewAllocation {
    ranges::PreviewAllocation { reseller_id: id(4), serial_from: "000123-0001".into(), serial_to: "000124-0500".into() }
}

pub(crate) fn allocation_preview() -> ranges::AllocationPreview {
    ranges::AllocationPreview {
        plan_id: id(5),
        plan_name: "Month".into(),
        codes: 500,
        taken: 20,
        total: credits(15_000),
        balance: credits(1_000),
        available: credits(1_500),
        after: credits(-14_000),
        parts: vec![ranges::AllocationPart {
            stock_id: id(50),
            number: 123,
            seq_from: 1,
            seq_to: 520,
            codes: 500,
            taken: 20,
            cost: credits(30),
        }],
        refusal: Some(lots::LotRefusal {
            code: Code::InsufficientCredit,
            detail: "You need 15000 credits for these codes, but you only have 1500.".into(),
        }),
    }
}

pub(crate) fn allocate() -> ranges::Allocate {
    ranges::Allocate {
        reseller_id: id(4),
        parts: vec![allocate_part()],
        total: credits(15_000),
        label: "Spring cards".into(),
    }
}

pub(crate) fn allocate_part() -> ranges::AllocatePart {
    ranges::AllocatePart { stock_id: id(50), lot_id: id(53), job_id: id(54), seq_from: 1, seq_to: 520, codes: 500 }
}

pub(crate) fn allocated() -> ranges::Allocated {
    let job = jobs::CodeJob {
        job_id: id(54),
        lot_id: id(53),
        kind: CodeJobKind::Allocate,
        state: JobState::Running,
        seq_to: 520,
        done: 0,
        total: 520,
        changed: 0,
        amount: credits(0),
        trouble: None,
        ended_at: None,
        ..code_job()
    };
    let given = lots::Lot {
        lot_id: id(53),
        ordered: 500,
        made: 0,
        last_seq: 0,
        stock_id: Some(id(50)),
        by_state: Some(Vec::new()),
        job: Some(job),
        ..lot()
    };
    ranges::Allocated { lots: vec![given] }
}

pub(crate) fn preview_range() -> ranges::PreviewRange {
    ranges::PreviewRange { change: LotChange::Void, serial_from: "000123-0001".into(), serial_to: "000124-0500".into() }
}

pub(crate) fn range_preview() -> ranges::RangePreview {
    ranges::RangePreview {
        codes: 500,
        changed: 460,
        gives_back: vec![credits(13_800), euros(999)],
        undoable: false,
        parts: vec![ranges::RangePart {
            lot_id: id(53),
            number: 123,
            company: "Corner Shop".into(),
            seq_from: 1,
            seq_to: 500,
            codes: 500,
            changed: 460,
            refused: vec![StateCount { state: CodeState::Activated, count: 40 }],
            gives_back: credits(13_800),
        }],
    }
}

pub(crate) fn change_range() -> ranges::ChangeRange {
    ranges::ChangeRange {
        change: LotChange::Void,
        parts: vec![change_range_part()],
        reason: "Cards were lost on the way".into(),
    }
}

pub(crate) fn change_range_part() -> ranges::ChangeRangePart {
    ranges::ChangeRangePart { lot_id: id(53), job_id: id(55), seq_from: 1, seq_to: 500, changed: 460 }
}

pub(crate) fn range_jobs() -> ranges::RangeJobs {
    ranges::RangeJobs { jobs: vec![code_job()] }
}

pub(crate) fn cancel_range() -> ranges::CancelRange {
    ranges::CancelRange { job_ids: vec![id(55)] }
}

pub(crate) fn undo_range() -> ranges::UndoRange {
    ranges::UndoRange { jobs: vec![undo_range_part()] }
}

pub(crate) fn undo_range_part() -> ranges::UndoRangePart {
    ranges::UndoRangePart { job_id: id(55), undo_id: id(56) }
}
