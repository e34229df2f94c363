//! The double-entry, append-only ledger. Every movement of money or credits goes through a [`Journal`].

mod journal;
mod orders;
mod repo;
mod verify;

use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::ids::mint;
use counterfoil_central_platform::in_words;
use counterfoil_domain::amount::{Amount, Unit};
use counterfoil_domain::feed::FeedTable;
use counterfoil_domain::ids::{LeaseId, LedgerAccountId, RelationshipId, ResellerId, TransferId};
use counterfoil_domain::ledger::{AccountKind, Equation, SourceEvent, TransferKind, genesis_hash};
use counterfoil_domain::reseller::ResellerPath;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::problem::Code;
use counterfoil_wire::pull::{Balance, ChainHead};
use thiserror::Error;
use uuid::Uuid;

use super::stored::{stored, stored_amount, stored_unit};
use super::work::Work;
use crate::dialect::{Conn, lock_accounts};
pub(crate) use journal::{Journal, LockedAccount, OpenAccount};
pub(crate) use repo::{Moved, NewTransfer, Written};
pub(crate) use verify::{quick_verify, verify};

/// One movement. `debit` gives, `credit` receives; both belong to one reseller.
#[derive(Debug, Clone)]
pub(crate) struct Posting<'a> {
    pub(crate) transfer_id: TransferId,
    pub(crate) source_event: SourceEvent,
    pub(crate) kind: TransferKind,
    pub(crate) debit: LedgerAccountId,
    pub(crate) credit: LedgerAccountId,
    pub(crate) amount: Amount,
    pub(crate) note: Option<&'a str>,
    /// Serial of a code or number of a lease, for people.
    pub(crate) reference: Option<&'a str>,
    pub(crate) at: Timestamp,
    pub(crate) reverses: Option<TransferId>,
}

/// What is in the books after a posting, or was after the first one when the same event comes again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Posted {
    pub(crate) transfer_id: TransferId,
    /// The event was posted before; nothing moved now.
    pub(crate) repeated: bool,
    /// Balances now.
    pub(crate) debit_balance: i64,
    pub(crate) credit_balance: i64,
}

/// Why nothing was posted. The transaction is as it was before, and may go on.
#[derive(Debug, Error)]
pub(crate) enum PostError {
    #[error("{needed} needed, {available} available")]
    Insufficient { needed: Amount, available: Amount },
    #[error("this event or id was posted with other content")]
    IdReused,
    #[error("the transfer was already reversed")]
    AlreadyReversed,
    #[error("a balance would leave the range of amounts")]
    OutOfRange,
    /// A mistake of ours: the kind does not move between these accounts, or they are of another unit or reseller.
    #[error("{0}")]
    NotAllowed(String),
    #[error("the database failed")]
    Failed(Failure),
}

impl From<Failure> for PostError {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<sqlx::Error> for PostError {
    fn from(error: sqlx::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl PostError {
    /// The answer to a person who wanted `purpose`, e.g. "to create this code", with what they can do instead of
    /// getting more: "choose a shorter plan".
    pub(crate) fn into_failure(self, purpose: &str, way_out: &str) -> Failure {
        match self {
            Self::Insufficient { needed, available } => in_words::insufficient(needed, available, purpose, way_out),
            Self::IdReused => Failure::new(
                Code::IdReused,
                "This id was used before for something else. Mint a new id for a new movement.",
            ),
            Self::AlreadyReversed => Failure::new(Code::WrongState, "This movement was already reversed."),
            Self::OutOfRange => Failure::new(Code::ValidationFailed, "The balance would become too large."),
            Self::NotAllowed(what) => Failure::internal(what),
            Self::Failed(failure) => failure,
        }
    }
}

/// Posts once. Takes the locks of both accounts in the order of their ids.
pub(crate) async fn post(work: &mut Work, posting: &Posting<'_>) -> Result<Posted, PostError> {
    if posting.amount.value() <= 0 {
        return Err(PostError::NotAllowed(format!("an amount of {}", posting.amount)));
    }
    let operator = work.operator();
    let mut journal = Journal::of(lock_accounts(work.conn(), operator, posting.debit, posting.credit).await?)?;
    let balances =
        |journal: &Journal| Ok::<_, PostError>((journal.balance(posting.debit)?, journal.balance(posting.credit)?));
    // Looked up under the locks, so that of two at once the second finds the first.
    if let Some(transfer_id) = posted_before(work.conn(), posting).await? {
        let (debit_balance, credit_balance) = balances(&journal)?;
        return Ok(Posted { transfer_id, repeated: true, debit_balance, credit_balance });
    }
    if let Some(reversed) = posting.reverses
        && repo::is_reversed(work.conn(), reversed).await?
    {
        return Err(PostError::AlreadyReversed);
    }
    journal.post(work, posting)?;
    let (debit_balance, credit_balance) = balances(&journal)?;
    journal.write(work).await?;
    Ok(Posted { transfer_id: posting.transfer_id, repeated: false, debit_balance, credit_balance })
}

/// The transfer of this event if it is in the books already and says the same. Ask under the locks of its accounts.
pub(crate) async fn posted_before(conn: &mut Conn, posting: &Posting<'_>) -> Result<Option<TransferId>, PostError> {
    if let Some(known) = repo::transfer_of_event(conn, posting.source_event.as_str()).await? {
        return same(posting, &known).map(Some);
    }
    if repo::transfer_exists(conn, posting.transfer_id).await? { Err(PostError::IdReused) } else { Ok(None) }
}

/// The first posting of this event, if it said the same.
fn same(posting: &Posting<'_>, known: &repo::Known) -> Result<TransferId, PostError> {
    let same = known.debit == posting.debit.0
        && known.credit == posting.credit.0
        && known.amount == posting.amount.value()
        && known.unit == posting.amount.unit().to_string()
        && known.kind == posting.kind.as_str();
    if same { Ok(TransferId(known.id)) } else { Err(PostError::IdReused) }
}

/// One account as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Book {
    pub(crate) id: LedgerAccountId,
    pub(crate) balance: i64,
    pub(crate) floor: i64,
}

/// The account of this kind that a reseller, or a lease, has.
pub(crate) async fn account_of(conn: &mut Conn, kind: AccountKind, owner: impl Into<Uuid>) -> Result<Book, Failure> {
    let owner = owner.into();
    let row = repo::account_of(conn, kind.as_str(), owner).await?;
    row.map(|row| Book { id: LedgerAccountId(row.id), balance: row.balance, floor: row.floor })
        .ok_or_else(|| Failure::internal(format!("no {} account of {owner}", kind.as_str())))
}

/// Opens wallet, issued, consumed and funding of a new reseller.
pub(crate) async fn open_reseller_books(
    work: &mut Work,
    reseller: ResellerId,
    path: &ResellerPath,
    unit: Unit,
    credit_limit: i64,
) -> Result<(), Failure> {
    for kind in [AccountKind::Wallet, AccountKind::Issued, AccountKind::Consumed, AccountKind::Funding] {
        open(work, reseller, kind, reseller.0, unit, kind.floor(credit_limit)).await?;
    }
    work.touch(FeedTable::Balance, reseller, path.as_str());
    Ok(())
}

/// Opens what a reseller earns into, where that is not open yet.
pub(crate) async fn open_commission_books(work: &mut Work, reseller: ResellerId, unit: Unit) -> Result<(), Failure> {
    let (operator, unit) = (work.operator(), unit.to_string());
    for kind in AccountKind::COMMISSION {
        let id: LedgerAccountId = mint(work.now());
        let (owner, floor) = (reseller.0, kind.floor(0));
        let new = repo::New { id, operator, reseller, kind: kind.as_str(), owner, unit: &unit, floor };
        repo::open_once(work.conn(), &new, &genesis_hash(id)).await?;
    }
    Ok(())
}

/// Opens the books of a new relationship, in the provider's currency.
pub(crate) async fn open_order_books(
    work: &mut Work,
    reseller: ResellerId,
    relationship: RelationshipId,
    unit: Unit,
) -> Result<(), Failure> {
    for kind in AccountKind::ORDERS {
        open(work, reseller, kind, relationship.0, unit, kind.floor(0)).await?;
    }
    Ok(())
}

/// A reseller's balances of commission; none before its first earning.
pub(crate) async fn commission_balances(
    conn: &mut Conn,
    reseller: ResellerId,
) -> Result<Vec<(AccountKind, i64)>, Failure> {
    let mut balances = Vec::with_capacity(AccountKind::COMMISSION.len());
    for sum in repo::sums(conn, reseller).await? {
        let kind = stored(AccountKind::from_stored(&sum.kind), "ledger_account", "kind", reseller)?;
        if kind.is_commission() {
            balances.push((kind, sum.balance));
        }
    }
    Ok(balances)
}

/// Opens the escrow of a new lease.
pub(crate) async fn open_lease_account(
    work: &mut Work,
    reseller: ResellerId,
    lease: LeaseId,
    unit: Unit,
) -> Result<LedgerAccountId, Failure> {
    open(work, reseller, AccountKind::Lease, lease.0, unit, AccountKind::Lease.floor(0)).await
}

async fn open(
    work: &mut Work,
    reseller: ResellerId,
    kind: AccountKind,
    owner: Uuid,
    unit: Unit,
    floor: i64,
) -> Result<LedgerAccountId, Failure> {
    let id: LedgerAccountId = mint(work.now());
    let operator = work.operator();
    let new = repo::New { id, operator, reseller, kind: kind.as_str(), owner, unit: &unit.to_string(), floor };
    repo::open(work.conn(), &new, &genesis_hash(id)).await?;
    Ok(id)
}

/// Lets the wallet go so far below zero. False when it already is further below.
pub(crate) async fn set_credit_limit(
    work: &mut Work,
    reseller: ResellerId,
    path: &ResellerPath,
    limit: i64,
) -> Result<bool, Failure> {
    let wallet = account_of(work.conn(), AccountKind::Wallet, reseller).await?;
    if wallet.floor == -limit {
        return Ok(true);
    }
    work.touch(FeedTable::Balance, reseller, path.as_str());
    Ok(repo::set_floor(work.conn(), wallet.id, -limit).await?)
}

/// funded = available + reserved + spent, of one reseller, now.
pub(crate) async fn equation(conn: &mut Conn, reseller: ResellerId) -> Result<Equation, Failure> {
    let mut equation = Equation::default();
    for sum in repo::sums(conn, reseller).await? {
        let kind = stored(AccountKind::from_stored(&sum.kind), "ledger_account", "kind", reseller)?;
        match kind {
            AccountKind::Funding => equation.funded = -sum.balance,
            AccountKind::Wallet => equation.available = sum.balance,
            AccountKind::Lease => equation.reserved = sum.balance,
            AccountKind::Issued | AccountKind::Consumed => equation.spent += sum.balance,
            // What it earns is no part of what it bought.
            AccountKind::CommissionExpense
            | AccountKind::CommissionPending
            | AccountKind::CommissionAvailable
            | AccountKind::CommissionClearing
            | AccountKind::CommissionPaid
            | AccountKind::CommissionClawback
            // Nor what others deliver.
            | AccountKind::OrderCustomers
            | AccountKind::ProviderPayable
            | AccountKind::ProviderPaid
            | AccountKind::OrderMarkup => {}
        }
    }
    Ok(equation)
}

/// The equation with the wallet's unit, limit, threshold and end of its chain, as the feed carries it.
pub(crate) async fn balance(conn: &mut Conn, reseller: ResellerId) -> Result<Balance, Failure> {
    let wallet = repo::wallet(conn, reseller).await?;
    let wallet = wallet.ok_or_else(|| Failure::internal(format!("no wallet of {reseller}")))?;
    let equation = equation(conn, reseller).await?;
    Ok(Balance {
        reseller_id: reseller,
        unit: wallet.unit,
        equation,
        credit_limit: -wallet.floor,
        low_credit: wallet.low_credit,
        wallet: Some(ChainHead { seq: wallet.seq, hash: hex::encode(&wallet.head_hash) }),
    })
}

/// Unit and amounts of a wallet, for people.
pub(crate) struct WalletView {
    pub(crate) balance: Amount,
    pub(crate) credit_limit: Amount,
}

pub(crate) async fn wallet(conn: &mut Conn, reseller: ResellerId) -> Result<WalletView, Failure> {
    let row = repo::account_of(conn, AccountKind::Wallet.as_str(), reseller.0).await?;
    let row = row.ok_or_else(|| Failure::internal(format!("no wallet of {reseller}")))?;
    let unit = stored_unit(&row.unit, "ledger_account", row.id)?;
    Ok(WalletView {
        balance: stored_amount(row.balance, unit, "ledger_account", row.id)?,
        credit_limit: stored_amount(-row.floor, unit, "ledger_account", row.id)?,
    })
}
