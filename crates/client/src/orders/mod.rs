//! Customers' orders of what external providers offer: the list from this device's memory, deliveries into its log, and
//! every other step through Central.

mod error;
mod fulfil;
mod list;
mod repo;
mod shown;
pub(crate) mod staff;

use counterfoil_domain::permission::{MemberAction, MemberRole, StaffAction, StaffRole};
use counterfoil_wire::endpoint::{
    ResellerOrder, ResellerOrderCancel, ResellerOrderCreate, ResellerOrderFail, ResellerOrderPay, ResellerOrderPlace,
    ResellerOrderRefund, ResellerOrderSubmit, ResellerOrderSummary, ResellerOrderUpdate,
};
use counterfoil_wire::orders::{
    EndOrder, Order, OrderDetail, OrderEvent, OrderSummary, PayOrder, PlaceOrder, RefundOrder, SaveOrder, SubmitOrder,
};
use counterfoil_wire::sessions::Audience;

use crate::api::Topic;
use crate::central::{Address, CentralError};
use crate::device;
use crate::session::{SessionError, call};
use crate::till::Till;

pub(crate) use error::OrdersError;
pub(crate) use fulfil::{Fulfilling, fulfil};
use list::Place;
pub(crate) use list::{Wanted, list};
pub(crate) use shown::{Own, Shown};

/// In place of the version of a row, of an order that Central told just now: whatever it answered is in it.
const AS_CENTRAL_HAS_IT: i64 = i64::MAX;

/// An order with all that is known of it.
#[derive(Debug, Clone)]
pub(crate) struct Detail {
    pub(crate) shown: Shown,
    /// Oldest first; only from Central.
    pub(crate) steps: Vec<OrderEvent>,
    /// Central was asked just now.
    pub(crate) fresh: bool,
    pub(crate) customer_url: Option<String>,
}

impl Detail {
    /// Without Central.
    fn known_here(shown: Shown) -> Self {
        Self { shown, steps: Vec::new(), fresh: false, customer_url: None }
    }
}

/// What the signed-in person may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rights {
    pub(crate) handle: bool,
    pub(crate) refund: bool,
    pub(crate) import: bool,
}

/// A role that this build does not know may do nothing.
pub(crate) async fn rights(till: &Till) -> Result<Rights, OrdersError> {
    let member = device::repo::member(&mut *till.read().await?).await?.ok_or(CentralError::NotSignedIn)?;
    Ok(match member.audience {
        Audience::Admin => {
            let role = StaffRole::from_stored(&member.role);
            let may = |action| role.is_some_and(|role| role.may(action));
            Rights { handle: false, refund: may(StaffAction::MoveCredits), import: may(StaffAction::ManageProviders) }
        }
        Audience::Reseller => {
            let role = MemberRole::from_stored(&member.role);
            let may = |action| role.is_some_and(|role| role.may(action));
            Rights { handle: may(MemberAction::HandleOrders), refund: may(MemberAction::RefundOrders), import: false }
        }
    })
}

/// From Central where it can be reached, else what this device knows.
pub(crate) async fn detail(till: &Till, contract_id: &str) -> Result<Detail, OrdersError> {
    match of_central(till, contract_id).await {
        Ok(detail) => whole(till, detail).await,
        Err(SessionError::Central(error)) if error.is_offline() || matches!(error, CentralError::NotSignedIn) => {
            let known = repo::of_contract(&mut *till.read().await?, contract_id).await?;
            match known {
                Some((order, version)) => Ok(Detail::known_here(shown(till, order, version).await?)),
                // Not here, and nobody can be asked.
                None => Err(error.into()),
            }
        }
        Err(error) => Err(error.into()),
    }
}

async fn of_central(till: &Till, contract_id: &str) -> Result<OrderDetail, SessionError> {
    call::<ResellerOrder>(till, &[contract_id], &()).await
}

/// With what this device delivered since.
async fn shown(till: &Till, order: Order, row_version: i64) -> Result<Shown, OrdersError> {
    let own = repo::own(&mut *till.read().await?, order.order_id, row_version).await?;
    Ok(Shown::of(order, own))
}

/// An answer of Central, with what it has not heard of yet.
async fn whole(till: &Till, detail: OrderDetail) -> Result<Detail, OrdersError> {
    let OrderDetail { order, steps, customer_path } = detail;
    let server = till.enrolled().await?.server_url;
    let address = Address::parse(&server);
    let customer_url = customer_path.and_then(|path| Some(address?.join(&path).ok()?.to_string()));
    Ok(Detail { shown: shown(till, order, AS_CENTRAL_HAS_IT).await?, steps, fresh: true, customer_url })
}

/// What every step at Central ends with: its row comes with the next sync, which is now.
async fn done(till: &Till, detail: OrderDetail) -> Result<Detail, OrdersError> {
    till.tell(Topic::Orders);
    till.sync.wake();
    whole(till, detail).await
}

/// A new order, or a change of the draft that people call so.
pub(crate) async fn save(till: &Till, draft: Option<&str>, asked: &SaveOrder) -> Result<Detail, OrdersError> {
    let saved = match draft {
        Some(contract_id) => call::<ResellerOrderUpdate>(till, &[contract_id], asked).await?,
        None => call::<ResellerOrderCreate>(till, &[], asked).await?,
    };
    done(till, saved).await
}

pub(crate) async fn place(till: &Till, contract_id: &str, asked: &PlaceOrder) -> Result<Detail, OrdersError> {
    done(till, call::<ResellerOrderPlace>(till, &[contract_id], asked).await?).await
}

pub(crate) async fn pay(till: &Till, contract_id: &str, asked: &PayOrder) -> Result<Detail, OrdersError> {
    done(till, call::<ResellerOrderPay>(till, &[contract_id], asked).await?).await
}

pub(crate) async fn submit(till: &Till, contract_id: &str, asked: &SubmitOrder) -> Result<Detail, OrdersError> {
    done(till, call::<ResellerOrderSubmit>(till, &[contract_id], asked).await?).await
}

pub(crate) async fn fail(till: &Till, contract_id: &str, asked: &EndOrder) -> Result<Detail, OrdersError> {
    done(till, call::<ResellerOrderFail>(till, &[contract_id], asked).await?).await
}

pub(crate) async fn cancel(till: &Till, contract_id: &str, asked: &EndOrder) -> Result<Detail, OrdersError> {
    done(till, call::<ResellerOrderCancel>(till, &[contract_id], asked).await?).await
}

pub(crate) async fn refund(till: &Till, contract_id: &str, asked: &RefundOrder) -> Result<Detail, OrdersError> {
    done(till, call::<ResellerOrderRefund>(till, &[contract_id], asked).await?).await
}

/// What they earned and what waits.
pub(crate) async fn summary(till: &Till) -> Result<OrderSummary, OrdersError> {
    Ok(call::<ResellerOrderSummary>(till, &[], &()).await?)
}
