//! A Central of its own for each test, with an operator, and a client of its routes.

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use counterfoil_central_platform::clock::ManualClock;
use counterfoil_central_platform::console::{NewOperator, NewStaff};
use counterfoil_central_platform::ids::mint;
use counterfoil_central_platform::keys::Keys;
use counterfoil_central_platform::mail::Mailer;
use counterfoil_central_platform::passwords::Passwords;
use counterfoil_central_platform::settings::ServeSettings;
use counterfoil_central_platform::snapshots::Snapshots;
use counterfoil_domain::ids::{OperatorId, ResellerId, TransferId};
use counterfoil_domain::permission::StaffRole;
use counterfoil_domain::reseller::{ResellerStatus, SettlementMode};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::resellers::SaveReseller;
use counterfoil_wire::sessions::SignedIn;
use serde_json::{Value, json};
use tower::ServiceExt as _;
use uuid::Uuid;

use crate::engine::app::OpenError;
use crate::engine::audit::Actor;
use crate::engine::{App, backup, operators, resellers, router, staff};
use crate::scratch::Scratch;

/// 2026-11-21 00:00 UTC.
pub(super) const START: Timestamp = Timestamp(1_795_219_200_000);
pub(super) const PASSWORD: &str = "correct horse";

pub(super) struct World {
    pub(super) app: App,
    pub(super) clock: Arc<ManualClock>,
    pub(super) operator: OperatorId,
    pub(super) router: Router,
    scratch: Scratch,
}

/// What a route answered.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Value,
}

impl Answer {
    /// The problem's code, or nothing for a success.
    pub(super) fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }

    pub(super) fn text(&self, pointer: &str) -> String {
        self.body.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    #[track_caller]
    pub(super) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        self
    }
}

impl World {
    pub(super) async fn new() -> Self {
        let scratch = Scratch::new().await;
        let clock = Arc::new(ManualClock::at(START));
        let app = open(&scratch, &clock).await;
        let operator = mint(START);
        new_operator(&app, operator, "Lumen Networks").await;
        let router = routes(&app);
        Self { app, clock, operator, router, scratch }
    }

    /// One reseller, and its owner's token.
    pub(super) async fn with_shop() -> (Self, String) {
        let world = Self::new().await;
        world.add_reseller("shop", None).await;
        let owner = world.token("reseller", "shop").await;
        (world, owner)
    }

    /// A whole backup of now, as the command makes it.
    pub(super) async fn back_up(&self, file: &Path) {
        backup::backup_to(&self.app, &self.url(), file).await.expect("a backup");
    }

    /// This Central lost, and in its place what the backup holds; everybody has to sign in anew.
    pub(super) async fn restored_from(&self, file: &Path) -> Self {
        let scratch = Scratch::of_backup(file).await;
        let app = open(&scratch, &self.clock).await;
        assert_eq!(backup::restored(&app).await.expect("restored"), 1);
        let router = routes(&app);
        Self { app, clock: self.clock.clone(), operator: self.operator, router, scratch }
    }

    /// Offers ready-made files.
    pub(super) fn keep_snapshots(&mut self, snapshots: Arc<Snapshots>) {
        self.app = self.app.clone().with_snapshots(snapshots);
        self.router = routes(&self.app);
    }

    /// Tells people by mail.
    pub(super) fn send_mail(&mut self, mailer: Mailer) {
        self.app = self.app.clone().with_mailer(Arc::new(mailer));
        self.router = routes(&self.app);
    }

    /// Another process on the same database.
    pub(super) async fn second_process(&self) -> Router {
        routes(&open(&self.scratch, &self.clock).await)
    }

    /// The database, for whoever else opens it.
    pub(super) fn url(&self) -> String {
        self.scratch.url()
    }

    /// What opening this database once more comes to.
    pub(super) async fn open_again(&self) -> Result<App, OpenError> {
        let keys = Arc::new(Keys::fixed([1; 32], [2; 32], [3; 32]));
        App::open(&self.scratch.url(), keys, self.clock.clone(), Passwords::fast().expect("parameters")).await
    }

    /// What opening this database with another key file comes to.
    pub(super) async fn open_with_other_keys(&self) -> Result<App, OpenError> {
        let keys = Arc::new(Keys::fixed([1; 32], [2; 32], [4; 32]));
        let passwords = Passwords::fast().expect("parameters");
        App::open(&self.scratch.url(), keys, self.clock.clone(), passwords).await
    }

    /// Another operator in the same database.
    pub(super) async fn other_operator(&self) -> OperatorId {
        let other = mint(START.plus_ms(1));
        new_operator(&self.app, other, "Other Networks").await;
        other
    }

    pub(super) async fn add_staff(&self, username: &str, role: StaffRole) {
        let new = NewStaff { username: username.to_owned(), password: PASSWORD.to_owned(), role };
        staff::create(&self.app, self.operator, &Actor::system(), new).await.expect("staff");
    }

    pub(super) async fn add_reseller(&self, username: &str, parent: Option<ResellerId>) -> ResellerId {
        self.add_reseller_of(self.operator, username, parent, SettlementMode::Wholesale).await
    }

    pub(super) async fn add_reseller_of(
        &self,
        operator: OperatorId,
        username: &str,
        parent: Option<ResellerId>,
        mode: SettlementMode,
    ) -> ResellerId {
        let id = mint(START);
        let asked = save_reseller(id, username, parent, mode);
        resellers::create(&self.app, operator, &Actor::system(), asked).await.expect("reseller");
        id
    }

    /// Signs in and gives the access token.
    pub(super) async fn token(&self, audience: &str, username: &str) -> String {
        self.sign_in(audience, username, PASSWORD).await.expect(200).text("/access_token")
    }

    /// The first sign-in of a member whom somebody gave [`PASSWORD`]: another one is chosen, and then this one again.
    pub(super) async fn first_token(&self, username: &str) -> String {
        let signed_in = tokens(self.sign_in("reseller", username, PASSWORD).await);
        assert!(signed_in.me.must_change_password, "nobody else chose the password of {username}");
        let token = signed_in.access_token;
        for (current, new) in [(PASSWORD, "one in between"), ("one in between", PASSWORD)] {
            let change = json!({ "current_password": current, "new_password": new });
            self.put("/api/v1/me/password", Some(&token), &change).await.expect(204);
        }
        token
    }

    pub(super) async fn staff_token(&self, role: StaffRole) -> String {
        let username = format!("staff-{}", role.as_str());
        if self.sign_in("admin", &username, PASSWORD).await.status != StatusCode::OK {
            self.add_staff(&username, role).await;
        }
        self.token("admin", &username).await
    }

    pub(super) async fn sign_in(&self, audience: &str, username: &str, password: &str) -> Answer {
        let body = json!({ "username": username, "password": password });
        self.post(&format!("/api/v1/{audience}/login"), None, &body).await
    }

    pub(super) async fn refresh(&self, token: &str) -> Answer {
        self.post("/api/v1/session/refresh", None, &json!({ "refresh_token": token })).await
    }

    pub(super) async fn get(&self, path: &str, token: Option<&str>) -> Answer {
        call(&self.router, "GET", path, token, None).await
    }

    pub(super) async fn post(&self, path: &str, token: Option<&str>, body: &Value) -> Answer {
        call(&self.router, "POST", path, token, Some(body)).await
    }

    pub(super) async fn put(&self, path: &str, token: Option<&str>, body: &Value) -> Answer {
        call(&self.router, "PUT", path, token, Some(body)).await
    }
}

async fn open(scratch: &Scratch, clock: &Arc<ManualClock>) -> App {
    let keys = Arc::new(Keys::fixed([1; 32], [2; 32], [3; 32]));
    let passwords = Passwords::fast().expect("parameters");
    App::open(&scratch.url(), keys, clock.clone(), passwords).await.expect("a new database")
}

fn routes(app: &App) -> Router {
    let listen = "127.0.0.1:0".parse().expect("address");
    router(app.clone(), &ServeSettings { listen, trusted_proxies: Vec::new(), tls: None })
}

async fn new_operator(app: &App, id: OperatorId, name: &str) {
    let new = NewOperator {
        name: name.to_owned(),
        time_zone: "Europe/Berlin".to_owned(),
        currency: "EUR".to_owned(),
        code_prefix: "PM2D".to_owned(),
    };
    operators::create(app, id, &new).await.expect("operator");
}

pub(super) fn save_reseller(
    id: ResellerId,
    username: &str,
    parent: Option<ResellerId>,
    mode: SettlementMode,
) -> SaveReseller {
    SaveReseller {
        reseller_id: id,
        version: None,
        username: username.to_owned(),
        password: Some(PASSWORD.to_owned()),
        company: format!("Company of {username}"),
        email: format!("{username}@example.org"),
        contact: "Sam Sample".to_owned(),
        phone: "+49 30 5550100".to_owned(),
        parent_id: parent,
        settlement_mode: mode,
        credit_limit: 0,
        status: ResellerStatus::Active,
        template: None,
    }
}

pub(super) fn new_transfer() -> TransferId {
    mint(START)
}

pub(super) fn tokens(answer: Answer) -> SignedIn {
    serde_json::from_value(answer.expect(200).body).expect("tokens")
}

pub(super) async fn call(
    router: &Router,
    method: &str,
    path: &str,
    token: Option<&str>,
    body: Option<&Value>,
) -> Answer {
    let body = body.map(|body| body.to_string().into_bytes());
    let content_type = body.is_some().then_some("application/json");
    send(router, method, path, token, content_type, body.unwrap_or_default()).await
}

pub(super) async fn send(
    router: &Router,
    method: &str,
    path: &str,
    token: Option<&str>,
    content_type: Option<&str>,
    body: Vec<u8>,
) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    if let Some(token) = token {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    if let Some(content_type) = content_type {
        request = request.header(header::CONTENT_TYPE, content_type);
    }
    let request = request.body(Body::from(body)).expect("a request");
    let response = router.clone().oneshot(request).await.expect("an answer");
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, 10_000_000).await.expect("a body");
    let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
    Answer { status: parts.status, headers: parts.headers, body }
}

/// An id that nothing has.
pub(super) fn foreign() -> Uuid {
    Uuid::from_u128(0xfeed)
}
