//! Who is let in, and what they get.
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use axum::response::Response;
use counterfoil_client::{Client, OpenOptions};
use counterfoil_devhost::{Token, router};
use tempfile::TempDir;
use tower::ServiceExt as _;

const PORT: u16 = 4000;
const HOST: &str = "127.0.0.1:4000";

struct Host {
    app: Router,
    token: String,
    _folder: TempDir,
}

impl Host {
    async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let pages = folder.path().join("pages");
        std::fs::create_dir(&pages).unwrap();
        std::fs::write(pages.join("index.html"), "<title>Counterfoil</title>").unwrap();
        let client = Client::open(OpenOptions::new(folder.path().join("data"), "test")).await.unwrap();
        let token = Token::mint().unwrap();
        let revealed = token.reveal().to_owned();
        Self { app: router(client, token, &pages, PORT), token: revealed, _folder: folder }
    }

    async fn get(&self, address: &str, host: &str) -> Response {
        let request = Request::get(address).header(header::HOST, host).body(Body::empty()).unwrap();
        self.app.clone().oneshot(request).await.unwrap()
    }

    async fn call(&self, command: &str, authorization: &str) -> Response {
        let request = Request::post(format!("/api/{command}"))
            .header(header::HOST, HOST)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::AUTHORIZATION, authorization)
            .body(Body::from("null"))
            .unwrap();
        self.app.clone().oneshot(request).await.unwrap()
    }
}

async fn text(response: Response) -> String {
    String::from_utf8(to_bytes(response.into_body(), 1 << 20).await.unwrap().to_vec()).unwrap()
}

#[tokio::test]
async fn pages_need_no_token_and_come_with_a_strict_policy() {
    let host = Host::start().await;
    for address in ["/", "/index.html", "/codes/anything"] {
        let response = host.get(address, HOST).await;
        assert_eq!(response.status(), StatusCode::OK, "{address}");
        let policy = response.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
        assert!(policy.contains("default-src 'self'") && !policy.contains("unsafe-eval"), "{policy}");
        assert!(text(response).await.contains("Counterfoil"), "{address}");
    }
}

#[tokio::test]
async fn the_core_answers_only_to_the_token() {
    let host = Host::start().await;
    let right = format!("Bearer {}", host.token);
    assert_ne!(host.call("app_state", &right).await.status(), StatusCode::UNAUTHORIZED);
    for wrong in ["", "Bearer", "Bearer ", "Bearer 00", &host.token, &right[..right.len() - 1]] {
        assert_eq!(host.call("app_state", wrong).await.status(), StatusCode::UNAUTHORIZED, "{wrong:?}");
    }
    // A call changes things: the token in its address would end up in histories and logs.
    let request = Request::post(format!("/api/app_state?token={}", host.token))
        .header(header::HOST, HOST)
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from("null"))
        .unwrap();
    let response = host.app.clone().oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn the_event_stream_takes_the_token_in_its_address() {
    let host = Host::start().await;
    assert_eq!(host.get("/events", HOST).await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(host.get("/events?token=00", HOST).await.status(), StatusCode::UNAUTHORIZED);
    let response = host.get(&format!("/events?token={}", host.token), HOST).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()[header::CONTENT_TYPE], "text/event-stream");
}

#[tokio::test]
async fn a_foreign_name_that_resolves_to_this_machine_gets_nothing() {
    let host = Host::start().await;
    for foreign in ["example.org", "example.org:4000", "127.0.0.1", "127.0.0.1:4001", "127.0.0.1.example.org:4000"] {
        assert_eq!(host.get("/", foreign).await.status(), StatusCode::MISDIRECTED_REQUEST, "{foreign}");
    }
    for own in ["localhost:4000", "LOCALHOST:4000", "[::1]:4000"] {
        assert_eq!(host.get("/", own).await.status(), StatusCode::OK, "{own}");
    }
}

#[tokio::test]
async fn a_refusal_is_the_clients_own_error() {
    let host = Host::start().await;
    let response = host.call("no_such_command", &format!("Bearer {}", host.token)).await;
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let error: serde_json::Value = serde_json::from_str(&text(response).await).unwrap();
    assert_eq!(error["code"], "not_found");
}
