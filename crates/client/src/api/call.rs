//! From a command's name and JSON to its function and back.

use std::pin::Pin;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};

use super::{ApiError, ErrorCode};
use crate::Client;

macro_rules! dispatch {
    ($($module:ident :: $function:ident : $argument:ty => $result:ty;)*) => {
        /// Every command's name.
        pub const COMMANDS: &[&str] = &[$(stringify!($function)),*];

        /// Runs one command of the list. Hosts pass on what they got and what this answers, no more: it is JSON already,
        /// because taking a page apart as a [`Value`] costs as much as reading it.
        pub async fn answer(client: &Arc<Client>, command: &str, args: Value) -> Result<Box<RawValue>, ApiError> {
            #[allow(unused_imports, reason = "the list names modules of this one")]
            use super::{
    accounts, admin, api_keys, applications, audit, boxes, brand, bulk, codes, commission, credit, credit_packs, customers, dashboard, direct, drift, lots, market, members, notices, orders, payments, permissions, plans, portals, prices, providers, queue, relationships, reports, second_factor, selling, sendings, session, sessions, settings, settlements, staff, statistics, status, top_ups, troubleshooting, types, wallets,
            };
            let its_own = Arc::clone(client);
            let running = match command {
                $(stringify!($function) => run::<$argument, $result, _, _>(args, move |argument| async move {
                    $module::$function(&its_own, argument).await
                }),)*
                other => {
                    return Err(ApiError::new(ErrorCode::NotFound, format!("there is no command {other:?}")));
                }
            };
            let outcome = running.await;
            if outcome.as_ref().is_err_and(|error| error.code == ErrorCode::StorageFailed) {
                client.storage_failed();
            }
            outcome
        }
    };
}

crate::commands!(dispatch);

/// The same for whoever looks into the answer.
pub async fn call(client: &Arc<Client>, command: &str, args: Value) -> Result<Value, ApiError> {
    let answer = answer(client, command, args).await?;
    serde_json::from_str(answer.get())
        .map_err(|error| ApiError::new(ErrorCode::Internal, format!("the answer cannot be read: {error}")))
}

/// One command at work. Each has a box of its own: were they all part of one future, every command added to the list
/// would make every call take more of the stack.
type Running = Pin<Box<dyn Future<Output = Result<Box<RawValue>, ApiError>> + Send>>;

fn run<A, R, F, W>(args: Value, command: F) -> Running
where
    A: DeserializeOwned + Send,
    R: Serialize + Send + 'static,
    F: FnOnce(A) -> W + Send + 'static,
    W: Future<Output = Result<R, ApiError>> + Send + 'static,
{
    Box::pin(async move {
        let argument = parse(args)?;
        written(&whole(command(argument)).await?)
    })
}

/// Runs to its end even when the host stops waiting: a window that closes must not cut a sale in two.
async fn whole<T: Send + 'static>(
    work: impl Future<Output = Result<T, ApiError>> + Send + 'static,
) -> Result<T, ApiError> {
    tokio::spawn(work)
        .await
        .unwrap_or_else(|error| Err(ApiError::new(ErrorCode::Internal, format!("the command broke off: {error}"))))
}

fn parse<T: DeserializeOwned>(args: Value) -> Result<T, ApiError> {
    // A command without arguments may be sent an empty object: some hosts have nothing else to send.
    let empty = args.as_object().is_some_and(serde_json::Map::is_empty);
    serde_json::from_value(args)
        .or_else(|error| if empty { serde_json::from_value(Value::Null).map_err(|_| error) } else { Err(error) })
        .map_err(|error| ApiError::new(ErrorCode::ValidationFailed, format!("the arguments do not fit: {error}")))
}

fn written<T: Serialize>(result: &T) -> Result<Box<RawValue>, ApiError> {
    to_raw_value(result)
        .map_err(|error| ApiError::new(ErrorCode::Internal, format!("the answer cannot be written: {error}")))
}
