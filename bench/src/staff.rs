//! The operator's staff at Central's own API.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context as _, Result, ensure};
use counterfoil_testkit::central::{ADMIN, SignIn};
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

/// Requests at the same time: they share commits.
const HANDS: usize = 64;

pub(crate) struct Staff {
    runtime: Runtime,
    http: reqwest::Client,
    url: String,
    /// `admin` or `reseller`.
    audience: &'static str,
    person: SignIn,
    token: String,
}

impl Staff {
    pub(crate) fn sign_in(url: &str) -> Result<Self> {
        Self::of(url, "admin", ADMIN)
    }

    /// Somebody of a shop instead.
    pub(crate) fn of_shop(url: &str, person: SignIn) -> Result<Self> {
        Self::of(url, "reseller", person)
    }

    fn of(url: &str, audience: &'static str, person: SignIn) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let http = reqwest::Client::builder().pool_max_idle_per_host(HANDS).build()?;
        let mut staff = Self { runtime, http, url: url.to_owned(), audience, person, token: String::new() };
        staff.renew()?;
        Ok(staff)
    }

    /// Signs in again: a session ends after a quarter of an hour.
    pub(crate) fn renew(&mut self) -> Result<()> {
        let body = json!({ "username": self.person.username, "password": self.person.password });
        let request = self.http.post(format!("{}/api/v1/{}/login", self.url, self.audience)).json(&body);
        let signed_in: Value = serde_json::from_str(&self.runtime.block_on(answer(request))?)?;
        signed_in["access_token"].as_str().context("a token")?.clone_into(&mut self.token);
        Ok(())
    }

    /// One call, which must succeed.
    pub(crate) fn call(&self, method: &'static str, path: &str, body: Option<&Value>) -> Result<Value> {
        let method = reqwest::Method::from_bytes(method.as_bytes())?;
        let request = self.http.request(method, format!("{}{path}", self.url)).bearer_auth(&self.token);
        let request = match body {
            Some(body) => request.json(body),
            None => request,
        };
        Ok(serde_json::from_str(&self.runtime.block_on(answer(request))?)?)
    }

    /// One read, which must succeed, of whatever is there; gives how long it is.
    pub(crate) fn fetch(&self, path: &str) -> Result<usize> {
        let request = self.http.get(format!("{}{path}", self.url)).bearer_auth(&self.token);
        Ok(self.runtime.block_on(answer(request))?.len())
    }

    /// The ids of so many sold codes.
    pub(crate) fn sold_codes(&self, count: usize) -> Result<Vec<String>> {
        let mut ids = Vec::new();
        let mut after = String::new();
        while ids.len() < count {
            let address = format!("{}/api/v1/admin/codes?state=sold&limit=500{after}", self.url);
            let page = self.runtime.block_on(answer(self.http.get(address).bearer_auth(&self.token)))?;
            let page: Value = serde_json::from_str(&page)?;
            let items = page["items"].as_array().context("a page")?;
            ids.extend(items.iter().filter_map(|row| Some(row["code_id"].as_str()?.to_owned())));
            match page["next"].as_str() {
                Some(next) => after = format!("&after={next}"),
                None => break,
            }
        }
        ensure!(ids.len() >= count, "only {} codes are sold", ids.len());
        ids.truncate(count);
        Ok(ids)
    }

    /// Does the same to each code; gives back the changed rows as JSON lines, in no order.
    pub(crate) fn change(&self, codes: &[String], what: &'static str) -> Result<Vec<u8>> {
        let (next, codes) = (Arc::new(AtomicUsize::new(0)), Arc::new(codes.to_vec()));
        self.runtime.block_on(async {
            let mut hands = JoinSet::new();
            for _ in 0..HANDS.min(codes.len()) {
                let (http, url, token) = (self.http.clone(), self.url.clone(), self.token.clone());
                let (next, codes) = (Arc::clone(&next), Arc::clone(&codes));
                hands.spawn(async move {
                    let mut rows = Vec::new();
                    while let Some(code) = codes.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let request = http.post(format!("{url}/api/v1/admin/codes/{code}/{what}")).bearer_auth(&token);
                        rows.push(answer(request.json(&json!({ "reason": "checked" }))).await?);
                    }
                    Ok::<_, anyhow::Error>(rows)
                });
            }
            let mut lines = Vec::new();
            while let Some(hand) = hands.join_next().await {
                for row in hand?? {
                    lines.extend_from_slice(row.as_bytes());
                    lines.push(b'\n');
                }
            }
            Ok(lines)
        })
    }
}

async fn answer(request: reqwest::RequestBuilder) -> Result<String> {
    let answer = request.send().await?;
    let status = answer.status();
    let body = answer.text().await?;
    ensure!(status.is_success(), "{status}: {body}");
    Ok(body)
}
