//! One route for the whole command list: the list itself is in the client.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use counterfoil_client::Client;
use serde_json::Value;

/// `POST /api/{command}` with the arguments as JSON. A refusal is the client's own error, with a status of 422.
pub(crate) async fn call(
    State(client): State<Arc<Client>>,
    Path(command): Path<String>,
    Json(arguments): Json<Value>,
) -> Response {
    match counterfoil_client::api::answer(&client, &command, arguments).await {
        Ok(result) => Json(result).into_response(),
        Err(error) => (StatusCode::UNPROCESSABLE_ENTITY, Json(error)).into_response(),
    }
}
