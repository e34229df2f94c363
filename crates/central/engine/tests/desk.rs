//! A device as Central meets it: it signs its requests, derives its codes and keeps its log.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, HeaderValue, Request, StatusCode, header};
use axum::response::Response;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use counterfoil_central_platform::ids::mint;
use counterfoil_domain::code::{SourceKey, WordList, derive_code};
use counterfoil_domain::ids::{DeviceId, LeaseId, OpId, PlanId, ResellerId, SaleId};
use counterfoil_domain::lease::{LeaseTerms, SignedLease};
use counterfoil_domain::ledger::TransferKind;
use counterfoil_domain::oplog::{LogHead, Lost, Op, OpBody};
use counterfoil_domain::plan::{PlanKind, PlanStatus};
use counterfoil_wire::credits::MoveCredits;
use counterfoil_wire::leases::GrantedLease;
use counterfoil_wire::plans::SavePlan;
use counterfoil_wire::push::{PushRequest, PushResponse};
use counterfoil_wire::signature::{DEVICE_HEADER, SIGNATURE_HEADER, message};
use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::world::{Answer, START, World, new_transfer};
use crate::engine::audit::Actor;
use crate::engine::{credits, plans};

/// A month of 30 days for 10.00, and a quarter of 90 days for 25.00: slots 0 and 1 of every lease.
pub(super) async fn add_plans(world: &World) -> [PlanId; 2] {
    let mut ids = Vec::new();
    for (name, term_days, price) in [("Month", 30, 1_000), ("Quarter", 90, 2_500)] {
        let plan_id: PlanId = mint(START);
        let unit = "EUR".parse().expect("unit");
        let plan = SavePlan {
            plan_id,
            version: None,
            name: name.to_owned(),
            kind: PlanKind::Custom,
            price: counterfoil_domain::amount::Amount::new(price, unit).expect("amount"),
            term_days,
            features: Vec::new(),
            status: PlanStatus::Active,
            sold_by: None,
            trials_a_month: None,
        };
        plans::create(&world.app, world.operator, &Actor::system(), &plan).await.expect("plan");
        ids.push(plan_id);
    }
    [ids[0], ids[1]]
}

pub(super) async fn fund(world: &World, reseller: ResellerId, amount: i64) -> u32 {
    let movement = MoveCredits {
        transfer_id: new_transfer(),
        kind: TransferKind::Purchase,
        amount,
        note: String::new(),
        pack: None,
    };
    let moved = credits::move_credits(&world.app, world.operator, &Actor::system(), reseller, &movement).await;
    moved.expect("funded").settled_held
}

/// A reseller with a device, credits and plans.
pub(super) struct Shop {
    pub(super) world: World,
    pub(super) reseller: ResellerId,
    pub(super) plans: [PlanId; 2],
    pub(super) desk: Desk,
}

impl Shop {
    pub(super) async fn with_credits(amount: i64) -> Self {
        let world = World::new().await;
        let plans = add_plans(&world).await;
        let reseller = world.add_reseller("shop", None).await;
        if amount > 0 {
            fund(&world, reseller, amount).await;
        }
        let token = world.token("reseller", "shop").await;
        let desk = Desk::enrol(&world, &token, 1).await;
        Self { world, reseller, plans, desk }
    }

    pub(super) async fn redeem(&self, code: &str, account: u8) -> Answer {
        redeem(&self.world, code, account).await
    }

    pub(super) async fn balance(&self) -> counterfoil_domain::ledger::Equation {
        let mut reader = self.world.app.reader().await.expect("reader");
        crate::engine::ledger::equation(&mut reader, self.reseller).await.expect("equation")
    }
}

pub(super) async fn redeem(world: &World, code: &str, account: u8) -> Answer {
    let account = uuid::Uuid::from_bytes([account; 16]);
    world.post("/api/v1/public/activations", None, &json!({ "code": code, "account_id": account })).await
}

#[derive(Clone)]
pub(super) struct Desk {
    pub(super) id: DeviceId,
    key: SigningKey,
    /// What it believes Central has.
    pub(super) base: LogHead,
    /// The end of its own log.
    pub(super) head: LogHead,
    unsent: Vec<String>,
}

/// A lease in the device's hands.
#[derive(Clone)]
pub(super) struct Stock {
    pub(super) terms: LeaseTerms,
    key: SourceKey,
}

impl Stock {
    /// What a device can do with these terms; its key comes from the same derivation as Central's.
    pub(super) fn of(world: &World, terms: LeaseTerms) -> Self {
        let keys = world.app.keys();
        let key = keys.source_key(&terms.salt, terms.operator_id, terms.device_id, terms.lease_id.into());
        Self { terms, key }
    }

    pub(super) fn id(&self) -> LeaseId {
        self.terms.lease_id
    }

    pub(super) fn code(&self, slot: u8, seq: u32) -> String {
        let words = WordList::by_version(self.terms.word_list).expect("list");
        derive_code(&self.key, self.terms.lease_id.into(), &self.terms.prefix, slot, seq, words).reveal()
    }
}

pub(super) fn enrolment(id: DeviceId, key: &SigningKey) -> Value {
    json!({
        "device_id": id,
        "name": "Till",
        "signing_key": STANDARD.encode(key.verifying_key().as_bytes()),
        "sealing_key": STANDARD.encode([9; 32]),
    })
}

impl Desk {
    pub(super) async fn enrol(world: &World, token: &str, seed: u8) -> Self {
        let (id, key): (DeviceId, _) = (mint(START), SigningKey::from_bytes(&[seed; 32]));
        world.post("/api/v1/sync/devices", Some(token), &enrolment(id, &key)).await.expect(200);
        let genesis = LogHead::genesis(id);
        Self { id, key, base: genesis, head: genesis, unsent: Vec::new() }
    }

    /// A signed request.
    pub(super) async fn call(&self, world: &World, method: &str, path: &str, body: Vec<u8>) -> Answer {
        self.call_as(world, self.id, method, path, None, body).await
    }

    pub(super) async fn call_as(
        &self,
        world: &World,
        claimed: DeviceId,
        method: &str,
        path: &str,
        encoding: Option<&str>,
        body: Vec<u8>,
    ) -> Answer {
        let request = self.request_as(claimed, method, path, encoding, body);
        Self::send(world, request).await
    }

    /// Pulls as one who knows a page by its `etag`.
    pub(super) async fn pull_knowing(&self, world: &World, path: &str, tag: &HeaderValue) -> Answer {
        let mut request = self.request_as(self.id, "GET", path, None, Vec::new());
        request.headers_mut().insert(header::IF_NONE_MATCH, tag.clone());
        Self::send(world, request).await
    }

    async fn send(world: &World, request: Request<Body>) -> Answer {
        let (parts, body) = world.router.clone().oneshot(request).await.expect("an answer").into_parts();
        let bytes = to_bytes(body, 20_000_000).await.expect("a body");
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// Opens its live stream at a process of this Central.
    pub(super) async fn listen(&self, router: &Router) -> Response {
        let request = self.request_as(self.id, "GET", "/api/v1/sync/live", None, Vec::new());
        router.clone().oneshot(request).await.expect("an answer")
    }

    fn request_as(
        &self,
        claimed: DeviceId,
        method: &str,
        path: &str,
        encoding: Option<&str>,
        body: Vec<u8>,
    ) -> Request<Body> {
        let signature = self.key.sign(&message(method, path, &body));
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::CONTENT_TYPE, "application/json")
            .header(DEVICE_HEADER, claimed.to_string())
            .header(SIGNATURE_HEADER, STANDARD.encode(signature.to_bytes()));
        if let Some(encoding) = encoding {
            request = request.header(header::CONTENT_ENCODING, encoding);
        }
        request.body(Body::from(body)).expect("a request")
    }

    /// A signed request for bytes, or some of them.
    pub(super) async fn fetch(
        &self,
        world: &World,
        path: &str,
        range: Option<&str>,
    ) -> (StatusCode, HeaderMap, Vec<u8>) {
        let signature = self.key.sign(&message("GET", path, b""));
        let mut request = Request::builder()
            .uri(path)
            .header(header::ACCEPT_ENCODING, "gzip")
            .header(DEVICE_HEADER, self.id.to_string())
            .header(SIGNATURE_HEADER, STANDARD.encode(signature.to_bytes()));
        if let Some(range) = range {
            request = request.header(header::RANGE, range);
        }
        let request = request.body(Body::empty()).expect("a request");
        let (parts, body) = world.router.clone().oneshot(request).await.expect("an answer").into_parts();
        let bytes = to_bytes(body, 20_000_000).await.expect("a body");
        (parts.status, parts.headers, bytes.into())
    }

    pub(super) async fn ask_lease(
        &self,
        world: &World,
        id: LeaseId,
        amount: Option<i64>,
        codes: Option<u16>,
    ) -> Answer {
        let mut body = json!({ "lease_id": id });
        if let Some(amount) = amount {
            body["amount"] = amount.into();
        }
        if let Some(codes) = codes {
            body["max_codes"] = codes.into();
        }
        self.call(world, "POST", "/api/v1/sync/leases", body.to_string().into_bytes()).await
    }

    pub(super) async fn lease(&self, world: &World, amount: i64) -> Stock {
        let answer = self.ask_lease(world, mint(START), Some(amount), None).await.expect(200);
        stock(world, &answer)
    }

    /// Writes an operation into its log.
    pub(super) fn log(&mut self, body: OpBody) -> u32 {
        let op_seq = self.head.seq + 1;
        let op_id: OpId = mint(START);
        let op = Op { op_id, device_id: self.id, op_seq, schema: body.schema(), created_at: START, body };
        self.log_raw(String::from_utf8(op.to_bytes()).expect("JSON"))
    }

    pub(super) fn log_raw(&mut self, bytes: String) -> u32 {
        self.head = self.head.extend(bytes.as_bytes());
        self.unsent.push(bytes);
        self.head.seq
    }

    pub(super) fn sell(&mut self, stock: &Stock, slot: u8, from: u32, to: u32) -> u32 {
        let plan_id = stock.terms.slot(slot).expect("slot").plan_id;
        let sale_id: SaleId = mint(START);
        self.log(OpBody::Sale {
            sale_id,
            lease_id: stock.id(),
            slot,
            plan_id,
            seq_from: from,
            seq_to: to,
            customer_email: Some("ada@example.org".to_owned()),
        })
    }

    pub(super) fn void(&mut self, stock: &Stock, seq: u32) -> u32 {
        self.log(OpBody::Void { lease_id: stock.id(), seq })
    }

    pub(super) fn close(&mut self, stock: &Stock, last_seq: u32, used: i64) -> u32 {
        self.log(OpBody::CloseLease { lease_id: stock.id(), last_seq, used })
    }

    /// What it would push now.
    pub(super) fn request(&self, lost: Option<Lost>) -> PushRequest {
        PushRequest { base: self.base, lost, epoch: None, ops: self.unsent.clone() }
    }

    pub(super) async fn push_request(&self, world: &World, request: &PushRequest) -> Answer {
        let body = serde_json::to_vec(request).expect("JSON");
        self.call(world, "POST", "/api/v1/sync/push", body).await
    }

    /// Pushes everything unsent.
    pub(super) async fn push(&mut self, world: &World) -> PushResponse {
        let answer = self.push_request(world, &self.request(None)).await.expect(200);
        let response: PushResponse = serde_json::from_value(answer.body).expect("push response");
        assert_eq!(response.head, self.head);
        self.base = response.head;
        self.unsent.clear();
        response
    }

    /// Loses what it logged since the last push, as a restored backup does.
    pub(super) fn forget_unsent(&mut self) -> LogHead {
        self.unsent.clear();
        self.head
    }
}

/// What a device makes of a grant.
pub(super) fn stock(world: &World, answer: &Answer) -> Stock {
    let granted: GrantedLease = serde_json::from_value(answer.body.clone()).expect("granted");
    let blob = STANDARD.decode(&granted.blob).expect("base64");
    let keys = world.app.keys();
    let signed = SignedLease::verify(&blob, &keys.lease_verifying_key()).expect("signed by Central");
    // The sealed key is opened by the platform's own test.
    assert_eq!(STANDARD.decode(&granted.sealed_key).expect("base64").len(), 32 + 32 + 16);
    Stock::of(world, signed.terms().clone())
}

/// The outcomes of a push as they stand in JSON, short.
pub(super) fn outcomes(response: &PushResponse) -> Vec<String> {
    let short = |value: &Value| {
        let detail = value["code"].as_str().or(value["reason"].as_str());
        let outcome = value["outcome"].as_str().unwrap_or_default();
        detail.map_or_else(|| outcome.to_owned(), |detail| format!("{outcome} {detail}"))
    };
    response.results.iter().map(|result| short(&serde_json::to_value(result).expect("JSON"))).collect()
}
