//! Sample codes, made the way a shop makes them: lots, ledger, activation.

use std::net::{IpAddr, Ipv4Addr};

use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::http::ClientAddress;
use counterfoil_domain::amount::Unit;
use counterfoil_domain::ids::{AccountId, CodeId, OperatorId, TransferId};
use counterfoil_domain::ledger::{AccountKind, TransferKind};
use counterfoil_wire::codes::{CodeReason, CreatedCode};
use counterfoil_wire::credits::MoveCredits;
use counterfoil_wire::lots::CreateLot;
use counterfoil_wire::problem::Code;
use counterfoil_wire::public::ActivationRequest;
use uuid::Uuid;

use super::cast::{PLANS, RESELLERS, SamplePlan, SampleReseller, sample_id};
use crate::engine::audit::Actor;
use crate::engine::code::{self, Change};
use crate::engine::lot::{self, LotError, NewLot};
use crate::engine::{App, credits, ledger, operators, redemption};

/// Lots of the last weeks; where many codes are wanted, lots of a thousand.
const LOTS: u32 = 12;
const LARGEST_LOT: u32 = 1_000;
/// What shops call them; most call them nothing.
const LABELS: [&str; 4] = ["Cards for the kiosk", "", "Printer order 2219", ""];
/// Only so many are used, voided or held; the rest waits for customers.
const TOUCHED: u32 = 60;

pub(super) async fn fill(
    app: &App,
    operator: OperatorId,
    codes: u32,
    shops: u32,
    progress: &(dyn Fn(&str, u32) + Sync),
) -> Result<(), Failure> {
    let size = codes.div_ceil(LOTS).clamp(1, LARGEST_LOT);
    let lots = codes.div_ceil(size);
    for number in 0..lots {
        let (from, to) = (number * size, (number * size + size).min(codes));
        let reseller = &RESELLERS[(number % shops) as usize];
        let plan = &PLANS[(number / shops) as usize % PLANS.len()];
        // Spread over the last month, the newest last.
        let hours = i64::from(lots - number) * 30 * 24 / i64::from(lots);
        let then = app.at(app.now().plus_ms(-hours * 3_600_000));
        fund(&then, operator, reseller, plan, number, to - from).await?;
        let ids: Vec<CodeId> = (from..to).map(|code| sample_id("code", code)).collect();
        let asked = NewLot {
            id: sample_id("lot", number),
            reseller: reseller.id(),
            plan: plan.id(),
            codes: &ids,
            customer_email: (number % 3 == 1).then_some("customer@mail.example"),
            made_by: Uuid::nil(),
        };
        let numbered = operators::next_number(&then, operator).await?;
        let mut work = then.begin(operator).await?;
        let made = match lot::make(&then, &mut work, &asked, numbered).await {
            Ok(made) => made,
            // A lot is whole or not there: a run that was cut off had made it.
            Err(LotError::Taken) => continue,
            Err(LotError::Failed(failure)) => return Err(failure),
        };
        let order = CreateLot {
            lot_id: asked.id,
            plan_id: asked.plan,
            count: to - from,
            customer_email: None,
            label: LABELS[number as usize % LABELS.len()].to_owned(),
        };
        lot::note(&mut work, &Actor::system(), &asked, numbered, &order, &made).await?;
        work.commit().await?;
        for (code, made) in (from..to).zip(&made).filter(|(code, _)| *code < TOUCHED) {
            touch(app, operator, code, made).await?;
        }
        progress("codes", to);
    }
    Ok(())
}

/// Buys what the wallet lacks for the next lot.
async fn fund(
    app: &App,
    operator: OperatorId,
    reseller: &SampleReseller,
    plan: &SamplePlan,
    lot: u32,
    codes: u32,
) -> Result<(), Failure> {
    let mut reader = app.reader().await?;
    let unit = ledger::wallet(&mut reader, reseller.id()).await?.balance.unit();
    let wallet = ledger::account_of(&mut reader, AccountKind::Wallet, reseller.id()).await?;
    drop(reader);
    let cost = reseller.mode.cost(plan.term_days, plan.price) * i64::from(codes);
    if wallet.balance - wallet.floor >= cost {
        return Ok(());
    }
    let transfer_id: TransferId = sample_id("pack", lot);
    let pack = match unit {
        Unit::Credits => 10_800,
        Unit::Minor(_) => 100_000,
    };
    let amount = pack * (cost / pack + 1);
    let note = "Bulk pack".to_owned();
    let movement = MoveCredits { transfer_id, kind: TransferKind::Purchase, amount, note, pack: None };
    credits::move_credits(app, operator, &Actor::system(), reseller.id(), &movement).await.map(|_| ())
}

/// Gives some codes a fate: used, voided, revoked, held.
async fn touch(app: &App, operator: OperatorId, number: u32, made: &CreatedCode) -> Result<(), Failure> {
    let change = match number % 20 {
        0 | 3 | 6 | 9 | 12 | 15 => {
            let account_id: AccountId = sample_id("customer", number);
            let request = ActivationRequest { code: made.code.clone(), username: None, account_id };
            let home = ClientAddress(IpAddr::V4(Ipv4Addr::LOCALHOST));
            return match redemption::activate(app, &request, home).await {
                Ok(_) => Ok(()),
                Err(error) => Err(Failure::internal(format!("a sample code did not activate: {error}"))),
            };
        }
        7 | 17 => Change::Void,
        11 => Change::Revoke,
        13 => Change::Hold,
        _ => return Ok(()),
    };
    let reason = CodeReason { reason: "Sample data".to_owned() };
    let changed = code::change(app, operator, &Actor::system(), made.row.code_id, change, &reason).await;
    match changed {
        Err(failure) if !matches!(failure.code(), Code::WrongState | Code::AlreadyVoided) => Err(failure),
        _ => Ok(()),
    }
}
