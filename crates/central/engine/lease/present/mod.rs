//! A restored Central is shown the leases it granted after its backup: what it signed itself it believes.

mod repo;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_domain::feed::FeedTable;
use counterfoil_domain::ids::{Epoch, ResellerId};
use counterfoil_domain::lease::{LeaseTerms, SignedLease};
use counterfoil_domain::ledger::{AccountKind, SourceEvent, TransferKind};
use counterfoil_domain::reseller::SettlementMode;
use counterfoil_wire::leases::{LeaseStanding, LeasesPresented, MAX_PRESENTED, PresentLeases, PresentedLease};
use serde::Serialize;

use super::error::quarantined;
use super::repo as leases;
use crate::engine::audit::{self, Actor, NOTHING};
use crate::engine::backup;
use crate::engine::candidate;
use crate::engine::code::{Family, Source};
use crate::engine::device::{self, DeviceRecord};
use crate::engine::ledger;
use crate::engine::settlement::{Books, Movement};
use crate::engine::stored::{stored, stored_currency};
use crate::engine::work::Work;
use crate::engine::{App, operators};

/// Takes presented leases back, each in a transaction of its own. A repeat finds them known.
pub(crate) async fn present(
    app: &App,
    device: &DeviceRecord,
    request: &PresentLeases,
) -> Result<LeasesPresented, Failure> {
    if request.leases.len() > MAX_PRESENTED {
        return Err(Failure::validation(vec![field("leases", format!("at most {MAX_PRESENTED} at once"))]));
    }
    let mut presented = LeasesPresented { standings: Vec::with_capacity(request.leases.len()), version: 0 };
    for lease in &request.leases {
        let (standing, version) = one(app, device, request.epoch, lease).await?;
        presented.standings.push(standing);
        presented.version = presented.version.max(version);
    }
    Ok(presented)
}

async fn one(
    app: &App,
    device: &DeviceRecord,
    epoch: Epoch,
    lease: &PresentedLease,
) -> Result<(LeaseStanding, i64), Failure> {
    let mut work = app.begin(device.operator()).await?;
    let device = device::lock_heard(&mut work, device.device_id()).await?;
    if device.is_quarantined()? {
        return Err(quarantined());
    }
    backup::check_epoch(&mut work, epoch).await?;
    let Some(signed) = own(app, &device, &lease.blob) else { return Ok((LeaseStanding::Refused, 0)) };
    if let Some(known) = leases::lock(work.conn(), signed.terms().lease_id).await? {
        let ours = known.device_id == device.id;
        work.commit().await?;
        return Ok((if ours { LeaseStanding::Known } else { LeaseStanding::Refused }, 0));
    }
    let Some(standing) = restore(app, &mut work, &signed, lease.number).await? else {
        return Ok((LeaseStanding::Refused, 0));
    };
    let version = work.stamp().await?;
    work.commit().await?;
    Ok((standing, version))
}

/// The lease, if this Central signed it for this device and its codes can be made here.
fn own(app: &App, device: &DeviceRecord, blob: &str) -> Option<SignedLease> {
    let bytes = STANDARD.decode(blob).ok()?;
    let signed = SignedLease::verify(&bytes, &app.keys().lease_verifying_key()).ok()?;
    let terms = signed.terms();
    let ours = terms.operator_id == device.operator()
        && terms.device_id == device.device_id()
        && device.reseller_id.map(ResellerId) == Some(terms.reseller_id)
        && terms.key_id == app.keys().key_id()
        && app.now() < terms.redeem_by;
    ours.then_some(signed)
}

#[derive(Serialize)]
struct Restored {
    number: i64,
    standing: LeaseStanding,
}

/// Its row, its codes and, where its time and the wallet allow it, its escrow. None where the reseller settles in
/// another unit now.
async fn restore(
    app: &App,
    work: &mut Work,
    signed: &SignedLease,
    number: u32,
) -> Result<Option<LeaseStanding>, Failure> {
    let (terms, now) = (signed.terms(), work.now());
    let ground = leases::ground(work.conn(), terms.reseller_id.0).await?;
    let currency = stored_currency(&ground.currency, "operator", terms.operator_id.0)?;
    let mode = SettlementMode::from_stored(&ground.settlement_mode);
    if stored(mode, "reseller", "settlement_mode", terms.reseller_id.0)?.unit(currency) != terms.unit {
        return Ok(None);
    }
    let number = free_number(work, number).await?;
    let slot_names = plan_names(work, terms).await?;
    let escrow = ledger::open_lease_account(work, terms.reseller_id, terms.lease_id, terms.unit).await?;
    let ledger_account = escrow.0;
    let new = leases::NewLease { terms, number, ledger_account, blob: signed.bytes(), slot_names: &slot_names };
    leases::insert(work.conn(), &new).await?;
    materialise(app, work, terms).await?;
    let mut books = Books::lock(work, terms.reseller_id.0, Some(ledger_account), terms.unit).await?;
    let standing = if now < terms.settle_until && books.spendable() >= terms.amount {
        books.post(work, &grant(terms, number))?;
        books.write(work).await?;
        LeaseStanding::Restored
    } else {
        // As if settle_until had passed: what was sold from it is a late claim on the wallet, or waits for credit.
        repo::expire(work.conn(), terms.lease_id, now).await?;
        LeaseStanding::Expired
    };
    work.touch(FeedTable::Lease, terms.lease_id, &ground.path);
    let detail = Restored { number, standing };
    audit::record(work, &Actor::system(), "lease.present", Some(terms.lease_id.0), NOTHING, Some(&detail)).await?;
    Ok(Some(standing))
}

/// The presented number where it is free and below those still to be given out; another one otherwise, and then the
/// serials here and on the receipts differ.
async fn free_number(work: &mut Work, number: u32) -> Result<i64, Failure> {
    let operator = work.operator();
    if repo::is_free_number(work.conn(), operator, i64::from(number)).await? {
        return Ok(i64::from(number));
    }
    operators::number_within(work).await
}

/// A plan made after the backup is gone, too: codes of it still need one, which nobody can sell.
async fn plan_names(work: &mut Work, terms: &LeaseTerms) -> Result<Vec<String>, Failure> {
    let mut names = Vec::with_capacity(terms.slots.len());
    for slot in &terms.slots {
        let name = if let Some(name) = repo::plan_name(work.conn(), slot.plan_id).await? {
            name
        } else {
            let name = format!("Restored plan {}", &slot.plan_id.0.simple().to_string()[24..]);
            let (operator, now) = (work.operator(), work.now());
            repo::insert_lost_plan(work.conn(), operator, slot, &name, now).await?;
            work.touch(FeedTable::Plan, slot.plan_id, "");
            name
        };
        names.push(name);
    }
    Ok(names)
}

async fn materialise(app: &App, work: &mut Work, terms: &LeaseTerms) -> Result<(), Failure> {
    let source = Source {
        id: terms.lease_id.0,
        operator: terms.operator_id,
        device: terms.device_id,
        key_id: i64::from(terms.key_id),
        salt: terms.salt.to_vec(),
        word_list: i64::from(terms.word_list),
        prefix: terms.prefix.as_str().to_owned(),
    };
    let family = Family::open(app.keys(), &source)?;
    let slots: Vec<u8> = terms.slots.iter().map(|slot| slot.slot).collect();
    let made = candidate::derive(app.keys(), &family, &slots, u32::from(terms.max_codes)).await?;
    if candidate::insert(work, terms.lease_id.0, &made).await? {
        return Ok(());
    }
    // Its salt is signed, so no other can be tried. The chance is that of two codes being equal among 2^55.
    Err(Failure::internal(format!("a code of the presented lease {} belongs to another", terms.lease_id)))
}

fn grant(terms: &LeaseTerms, number: i64) -> Movement {
    Movement {
        kind: TransferKind::LeaseGrant,
        from: AccountKind::Wallet,
        to: AccountKind::Lease,
        amount: terms.amount,
        event: SourceEvent::lease_grant(terms.lease_id),
        reference: format!("{number:06}"),
        note: Some("granted before Central was restored".to_owned()),
    }
}
