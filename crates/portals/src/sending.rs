//! One batch of a sending: looked at, then sent once.

use counterfoil_domain::portal::Unserved;
use counterfoil_stalker::{Delivery, Error, Everybody, Mac, Outcome, Portal, StoredMac};
use counterfoil_wire::sendings::UnservedAccount;
use futures_util::future::join_all;

use super::boxes::{change, refused};
use super::order::Order;
use super::reach::{Addressee, folded};
use super::trouble::{Concern, Trouble};

/// Accounts of a batch: of messages and events what one call takes, of packages what is changed at one time.
pub const LARGEST_BATCH: usize = 100;
/// The same of packages, which are read back one account after the other.
pub const LARGEST_READ_BACK: usize = 4;

/// A batch as the portal knows it now.
#[derive(Debug, Default)]
pub struct Checked {
    /// Those that are still reached.
    pub there: Vec<Addressee>,
    /// Whose box is not theirs alone any more: nothing is sent to it.
    pub skipped: Vec<UnservedAccount>,
}

/// What became of a batch.
#[derive(Debug, Default)]
pub struct Sent {
    /// Accounts that were served.
    pub served: u64,
    /// The others, each with what is known.
    pub unserved: Vec<UnservedAccount>,
    /// Why nothing was sent at all, and nothing can be now: the batch is still to be sent.
    pub nothing: Option<Trouble>,
}

fn unserved(one: &Addressee, outcome: Unserved, detail: impl Into<String>) -> UnservedAccount {
    UnservedAccount { username: Some(one.login.clone()), outcome, detail: detail.into() }
}

/// Looks whether each box still is the account's, and nobody else's.
///
/// # Errors
/// What stands in the way of looking.
pub async fn check_batch(portal: &Portal, batch: &[Addressee]) -> Result<Checked, Trouble> {
    let macs: Vec<Mac> = batch.iter().map(|one| one.mac).collect();
    let found = portal.reach(&macs).await?.boxes;
    let mut checked = Checked::default();
    for one in batch {
        let mut holders = found.iter().filter(|found| found.mac() == StoredMac::Good(one.mac));
        let why = match (holders.next(), holders.next()) {
            (Some(holder), None) if folded(&holder.login) == folded(&one.login) => {
                checked.there.push(one.clone());
                continue;
            }
            (None, _) => format!("The box {} is not on the portal any more.", one.mac),
            (Some(_), None) => format!("The box {} has become another account's.", one.mac),
            (Some(_), Some(_)) => format!("Several accounts have the box {} now.", one.mac),
        };
        checked.skipped.push(unserved(one, Unserved::Skipped, why));
    }
    Ok(checked)
}

/// Sends to these boxes, once. Nobody at all is nobody: no list of boxes ever means everybody.
pub async fn send_batch(portal: &Portal, order: &Order, batch: &[Addressee]) -> Sent {
    let macs: Vec<Mac> = batch.iter().map(|one| one.mac).collect();
    match order {
        Order::Message(message) => sent(portal.message(&macs, message).await, batch),
        Order::Event(event) => sent(portal.event(&macs, event, None).await, batch),
        Order::Packages(_) => changed(portal, order, batch).await,
        Order::SignInAgain | Order::ResetDevice => {
            let of = |one| unserved(one, Unserved::Failed, "This is not done to many accounts at once.");
            Sent { unserved: batch.iter().map(of).collect(), ..Sent::default() }
        }
    }
}

/// Sends to everybody on the portal: a person was shown how many that are and has typed the portal's name.
pub async fn broadcast(portal: &Portal, order: &Order, reached: u64) -> Sent {
    let everybody = Everybody::confirmed();
    let told = match order {
        Order::Message(message) => portal.message_to(everybody, message).await,
        Order::Event(event) => portal.event_to(everybody, event, None).await,
        _ => Err(Error::Unsupported("only messages and events go to everybody")),
    };
    match told {
        Ok(()) => Sent { served: reached, ..Sent::default() },
        Err(error) => failed(error, |outcome, detail| vec![UnservedAccount { username: None, outcome, detail }]),
    }
}

fn sent(mut delivery: Delivery, batch: &[Addressee]) -> Sent {
    match delivery.failed.pop() {
        None => Sent { served: delivery.queued as u64, ..Sent::default() },
        Some((_, error)) => {
            failed(error, |outcome, detail| batch.iter().map(|one| unserved(one, outcome, detail.as_str())).collect())
        }
    }
}

/// A call that failed as a whole. Only where it is certain that nothing was sent may it be sent again.
fn failed(error: Error, all: impl FnOnce(Unserved, String) -> Vec<UnservedAccount>) -> Sent {
    let outcome = error.outcome();
    let trouble = Trouble::from(error);
    match (outcome, trouble.concern) {
        (Outcome::Unknown, _) => Sent { unserved: all(Unserved::Unknown, trouble.detail), ..Sent::default() },
        (Outcome::Nothing, Concern::Portal | Concern::Passing) => Sent { nothing: Some(trouble), ..Sent::default() },
        (Outcome::Nothing, Concern::Person) => {
            let detail = format!("{} {}", trouble.detail, trouble.remedy);
            Sent { unserved: all(Unserved::Failed, detail), ..Sent::default() }
        }
    }
}

/// Each account by itself; a batch of these is no larger than what a portal takes at one time.
async fn changed(portal: &Portal, order: &Order, batch: &[Addressee]) -> Sent {
    let Order::Packages(packages) = order else { return Sent::default() };
    let macs: Vec<Mac> = batch.iter().map(|one| one.mac).collect();
    let each = join_all(macs.into_iter().map(|mac| change(portal, mac, packages))).await;
    let mut sent = Sent::default();
    for (one, done) in batch.iter().zip(each) {
        let Err(error) = done else {
            sent.served += 1;
            continue;
        };
        let outcome = if error.outcome() == Outcome::Unknown { Unserved::Unknown } else { Unserved::Failed };
        let trouble = refused(error, order);
        sent.unserved.push(unserved(one, outcome, format!("{} {}", trouble.detail, trouble.remedy)));
    }
    sent
}
