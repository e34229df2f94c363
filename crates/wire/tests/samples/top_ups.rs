//! Invented values of wallets, credit packs and requests for credit.

use counterfoil_domain::credit_pack::PackStatus;
use counterfoil_domain::ids::{LedgerAccountId, TransferId};
use counterfoil_domain::ledger::{Equation, TransferKind};
use counterfoil_domain::top_up::TopUpState;
use counterfoil_wire::{credit_packs, credits as wallets, top_ups};

use super::{AT, credits, euros, id};

pub(crate) fn pack_as_shown() -> credit_packs::PackAsShown {
    credit_packs::PackAsShown { pack_id: id(30), version: 2 }
}

pub(crate) fn credit_pack() -> credit_packs::CreditPack {
    credit_packs::CreditPack {
        pack_id: id(30),
        version: 2,
        name: "Business".into(),
        credits: 3_600,
        price: euros(18_000),
        term_days: Some(90),
        status: PackStatus::Active,
        discount_bp: 1_000,
    }
}

pub(crate) fn save_credit_pack() -> credit_packs::SaveCreditPack {
    let pack = credit_pack();
    credit_packs::SaveCreditPack {
        pack_id: pack.pack_id,
        version: Some(pack.version),
        name: pack.name,
        credits: pack.credits,
        price: pack.price,
        term_days: pack.term_days,
        status: pack.status,
    }
}

pub(crate) fn request_top_up() -> top_ups::RequestTopUp {
    top_ups::RequestTopUp {
        request_id: id(31),
        wish: top_ups::TopUpWish::Pack(pack_as_shown()),
        note: "Paid by bank transfer today".into(),
    }
}

pub(crate) fn top_up_request() -> top_ups::TopUpRequest {
    let pack = credit_pack();
    top_ups::TopUpRequest {
        request_id: id(31),
        reseller_id: id(4),
        company: "Corner Shop".into(),
        amount: credits(3_600),
        pack: Some(top_ups::AskedPack {
            pack_id: pack.pack_id,
            version: pack.version,
            name: pack.name,
            price: pack.price,
        }),
        note: "Paid by bank transfer today".into(),
        state: TopUpState::Approved,
        asked_at: AT,
        asked_by: "corner".into(),
        decided_at: Some(AT),
        decided_by: Some("admin".into()),
        reason: Some("The transfer has arrived".into()),
        transfer_id: Some(id(11)),
        balance: credits(4_135),
    }
}

pub(crate) fn approve_top_up() -> top_ups::ApproveTopUp {
    top_ups::ApproveTopUp { transfer_id: id(11) }
}

pub(crate) fn reject_top_up() -> top_ups::RejectTopUp {
    top_ups::RejectTopUp { reason: "Nothing has arrived yet".into() }
}

pub(crate) fn fund() -> wallets::FundSubReseller {
    wallets::FundSubReseller {
        transfer_id: id(11),
        direction: wallets::FundDirection::Give,
        amount: 300,
        note: "For December".into(),
    }
}

pub(crate) fn funded() -> wallets::Funded {
    wallets::Funded {
        transfer_id: id(11),
        own_balance: credits(235),
        balance: credits(300),
        given: credits(300),
        settled_held: 0,
    }
}

pub(crate) fn low_credit() -> wallets::LowCredit {
    wallets::LowCredit { threshold: credits(200), own: true }
}

pub(crate) fn set_low_credit() -> wallets::SetLowCredit {
    wallets::SetLowCredit { threshold: Some(200) }
}

pub(crate) fn low_credit_defaults() -> wallets::LowCreditDefaults {
    wallets::LowCreditDefaults { credits: 100, money: 5_000 }
}

pub(crate) fn move_credits() -> wallets::MoveCredits {
    wallets::MoveCredits {
        transfer_id: id::<TransferId>(11),
        kind: TransferKind::Purchase,
        amount: 900,
        note: "Starter pack".into(),
        pack: Some(pack_as_shown()),
    }
}

pub(crate) fn moved() -> wallets::Moved {
    wallets::Moved { transfer_id: id(11), balance: credits(900), settled_held: 2 }
}

pub(crate) fn entry() -> wallets::EntryView {
    wallets::EntryView {
        transfer_id: id(11),
        reseller_id: id(4),
        account_id: id::<LedgerAccountId>(12),
        seq: 1,
        at: AT,
        kind: TransferKind::Purchase,
        delta: 900,
        balance_before: 0,
        balance_after: 900,
        unit: "credits".into(),
        note: Some("Starter pack".into()),
        reference: None,
        source_event: Some("request/00000000-0000-0000-0000-00000000000b".into()),
        by: Some("admin".into()),
    }
}

pub(crate) fn equation() -> Equation {
    Equation { funded: 900, available: 535, reserved: 305, spent: 60 }
}

pub(crate) fn statement() -> wallets::Statement {
    wallets::Statement {
        reseller_id: id(4),
        balance: credits(535),
        credit_limit: credits(0),
        equation: equation(),
        low_credit: low_credit(),
        entries: vec![entry()],
        next: Some("1".into()),
    }
}
