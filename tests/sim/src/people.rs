//! Calls of people: staff and shops' owners, who sign in again when their session has ended, and customers.

use std::net::SocketAddr;

use anyhow::{Context as _, Result, ensure};
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header};
use serde_json::{Value, json};

use crate::central::{Answer, GIVEN, PASSWORD, ask};
use crate::market::door;
use crate::network::Parcel;
use crate::story::Weather;
use crate::world::{SHOPS, World};

/// Who has a session of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Person {
    Staff,
    /// The owner of a shop.
    Owner(usize),
}

impl World {
    /// Staff's call, over a line that never fails.
    pub async fn staff(&mut self, method: &str, path: &str, body: Option<Value>) -> Result<Answer> {
        self.call(Person::Staff, method, path, body).await
    }

    /// A shop's owner's call, over a line that never fails.
    pub(crate) async fn owner(&mut self, shop: usize, method: &str, path: &str, body: Option<Value>) -> Result<Answer> {
        self.call(Person::Owner(shop), method, path, body).await
    }

    async fn call(&mut self, person: Person, method: &str, path: &str, body: Option<Value>) -> Result<Answer> {
        for _ in 0..2 {
            let request = Request::builder()
                .method(method)
                .uri(path)
                .header(header::AUTHORIZATION, format!("Bearer {}", self.token(person)))
                .header(header::CONTENT_TYPE, "application/json");
            let body = body.as_ref().map_or_else(Body::empty, |body| Body::from(body.to_string()));
            let router = self.street.router().context("Central runs")?;
            let answer = ask(router, request.body(body)?).await?;
            if answer.status != StatusCode::UNAUTHORIZED {
                if method != "GET" {
                    self.street.touch();
                }
                return Ok(answer);
            }
            self.sign_in(person).await?;
        }
        anyhow::bail!("{method} {path} is refused to {person:?}")
    }

    /// What a shop's desk sends, over a line that may fail. None: nobody saw a whole answer.
    pub(crate) async fn desk(
        &mut self,
        shop: usize,
        path: &str,
        body: &Value,
        weather: Weather,
    ) -> Result<Option<Answer>> {
        let person = Person::Owner(shop);
        for _ in 0..2 {
            let bearer = format!("Bearer {}", self.token(person));
            let parcel = parcel(door::method_of(path), path, body, Some(&bearer), None)?;
            match self.street.exchange(&parcel, weather).await {
                Some(answer) if answer.status == StatusCode::UNAUTHORIZED => self.sign_in(person).await?,
                seen => return Ok(seen),
            }
        }
        Ok(None)
    }

    /// What a customer sends, from an address of their own, over a line that may fail.
    pub(crate) async fn customer(
        &self,
        who: usize,
        path: &str,
        body: &Value,
        weather: Weather,
    ) -> Result<Option<Answer>> {
        let place = u8::try_from(who % 250).unwrap_or(0);
        let peer = SocketAddr::from(([198, 51, place, 7], 4_000));
        let parcel = parcel(Method::POST, path, body, None, Some(peer))?;
        Ok(self.street.exchange(&parcel, weather).await)
    }

    fn token(&self, person: Person) -> &str {
        match person {
            Person::Staff => &self.token,
            Person::Owner(shop) => &self.desks[shop],
        }
    }

    /// A new shop's owner signs in with what staff gave, and chooses another password.
    pub(crate) async fn settle_in(&self, username: &str) -> Result<()> {
        let router = || self.street.router().context("Central runs");
        let login = json!({ "username": username, "password": GIVEN });
        let request = Request::post("/api/v1/reseller/login").header(header::CONTENT_TYPE, "application/json");
        let first = ask(router()?, request.body(Body::from(login.to_string()))?).await?;
        ensure!(first.status.is_success(), "{username} signs in first: {}", first.json());
        let token = first.json()["access_token"].as_str().context("a token")?.to_owned();
        let change = json!({ "current_password": GIVEN, "new_password": PASSWORD });
        let request = Request::put("/api/v1/me/password")
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, "application/json");
        let changed = ask(router()?, request.body(Body::from(change.to_string()))?).await?;
        ensure!(changed.status.is_success(), "{username} chooses a password: {}", changed.json());
        Ok(())
    }

    async fn sign_in(&mut self, person: Person) -> Result<()> {
        let (path, username) = match person {
            Person::Staff => ("/api/v1/admin/login", "admin"),
            Person::Owner(shop) => ("/api/v1/reseller/login", SHOPS[shop].0),
        };
        let login = json!({ "username": username, "password": PASSWORD });
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/json");
        let router = self.street.router().context("Central runs")?;
        let answer = ask(router, request.body(Body::from(login.to_string()))?).await?;
        ensure!(answer.status.is_success(), "{username} signs in: {}", answer.json());
        let token = answer.json()["access_token"].as_str().unwrap_or_default().to_owned();
        match person {
            Person::Staff => self.token = token,
            Person::Owner(shop) => {
                self.street.judge().market.signed_in(&token, shop);
                self.desks[shop] = token;
            }
        }
        Ok(())
    }
}

fn parcel(method: Method, path: &str, body: &Value, bearer: Option<&str>, peer: Option<SocketAddr>) -> Result<Parcel> {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Some(bearer) = bearer {
        headers.insert(header::AUTHORIZATION, HeaderValue::from_str(bearer)?);
    }
    let body = body.to_string().into_bytes();
    Ok(Parcel { method, path: path.to_owned(), headers, body, peer })
}
