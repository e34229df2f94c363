//! A device that does nothing but read, and judges what it reads: through whichever process, one feed.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, bail, ensure};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use counterfoil_domain::digest::Digests;
use counterfoil_domain::feed::{Cursor, FeedTable};
use counterfoil_testkit::central::SignIn;
use counterfoil_wire::live::Head;
use counterfoil_wire::pull::{Change, FeedRow, PullPage};
use counterfoil_wire::signature::{DEVICE_HEADER, SIGNATURE_HEADER, message};
use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::fresh_id;

/// Small, so that most reads end in the middle of what there is.
const ROWS: u32 = 40;

const LIVE: &str = "/api/v1/sync/live";

/// A row of the feed and its table.
type Place = (FeedTable, Uuid);

/// An enrolled device and all it has read.
pub struct Follower {
    id: Uuid,
    key: SigningKey,
    http: reqwest::Client,
    cursor: Option<Cursor>,
    /// The last version that was told to be whole.
    version: i64,
    rows: BTreeMap<Place, i64>,
}

/// What one request for a page came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pulled {
    /// More pages wait.
    More,
    /// Everything up to this version.
    All(i64),
    /// The process is not there, or about to go.
    NoAnswer,
}

impl Follower {
    /// Signs in at this address and enrols a device there.
    pub async fn enrol(url: &str, who: SignIn) -> Result<Self> {
        let (id, http) = (fresh_id(), reqwest::Client::new());
        let key = SigningKey::from_bytes(&std::array::from_fn(|place| id.as_bytes()[place % 16]));
        let session = json!({ "username": who.username, "password": who.password });
        let session: Value = http
            .post(format!("{url}/api/v1/reseller/login"))
            .json(&session)
            .send()
            .await?
            .error_for_status()?
            .json()
            .await?;
        let enrolment = json!({
            "device_id": id,
            "name": "Follower",
            "signing_key": STANDARD.encode(key.verifying_key().as_bytes()),
            "sealing_key": STANDARD.encode([9; 32]),
        });
        let enrolled = http
            .post(format!("{url}/api/v1/sync/devices"))
            .bearer_auth(session["access_token"].as_str().context("an access token")?)
            .json(&enrolment);
        enrolled.send().await?.error_for_status()?;
        Ok(Self { id, key, http, cursor: None, version: 0, rows: BTreeMap::new() })
    }

    /// Reads one page at this address and judges it: nothing comes twice, nothing comes late, nothing is missing.
    pub async fn pull(&mut self, url: &str) -> Result<Pulled> {
        let after = self.cursor.map(|cursor| format!("&cursor={}", cursor.to_text())).unwrap_or_default();
        let path = format!("/api/v1/sync/pull?limit={ROWS}{after}");
        let Ok(answer) = self.signed(url, &path).send().await else { return Ok(Pulled::NoAnswer) };
        let status = answer.status();
        let Ok(body) = answer.bytes().await else { return Ok(Pulled::NoAnswer) };
        if status.is_server_error() {
            return Ok(Pulled::NoAnswer);
        }
        ensure!(status.is_success(), "{status}: {}", String::from_utf8_lossy(&body));
        let page: PullPage = serde_json::from_slice(&body)?;
        self.apply(&page)?;
        Ok(if page.more { Pulled::More } else { Pulled::All(page.version) })
    }

    /// Reads at this address until the feed has no more.
    pub async fn pull_all(&mut self, url: &str) -> Result<i64> {
        loop {
            match self.pull(url).await? {
                Pulled::More => {}
                Pulled::All(version) => return Ok(version),
                Pulled::NoAnswer => bail!("no answer from {url}"),
            }
        }
    }

    /// Every row it holds, with its version.
    pub const fn rows(&self) -> &BTreeMap<Place, i64> {
        &self.rows
    }

    /// Opens the live stream at this address.
    pub async fn listen(&self, url: &str) -> Result<Ear> {
        let answer = self.signed(url, LIVE).send().await?.error_for_status()?;
        Ok(Ear { answer, text: String::new() })
    }

    fn signed(&self, url: &str, path: &str) -> reqwest::RequestBuilder {
        let signature = self.key.sign(&message("GET", path, b""));
        let request = self.http.get(format!("{url}{path}")).header(DEVICE_HEADER, self.id.to_string());
        request.header(SIGNATURE_HEADER, STANDARD.encode(signature.to_bytes()))
    }

    fn apply(&mut self, page: &PullPage) -> Result<()> {
        let end = Cursor::from_text(&page.cursor)?;
        let mut last = self.cursor.unwrap_or(Cursor::start(end.epoch));
        ensure!(last.epoch == end.epoch, "another epoch, and nobody restored anything");
        for Change { version, row } in &page.changes {
            let (table, key) = row.place();
            ensure!(last.is_before(*version, table, key), "{table:?} {key} at {version} does not come after {last:?}");
            last = Cursor { epoch: end.epoch, version: *version, table, key };
            let known = match row {
                FeedRow::Gone(_) => self.rows.remove(&(table, key)),
                _ => self.rows.insert((table, key), *version),
            };
            ensure!(known.is_none_or(|known| known < *version), "{table:?} {key} again at {version}");
        }
        ensure!(
            last == end || last.is_before(end.version, end.table, end.key),
            "the cursor {end:?} is before the last row {last:?}"
        );
        self.cursor = Some(end);
        ensure!(page.version >= self.version, "version {} after {}", page.version, self.version);
        self.version = page.version;
        if page.more {
            return Ok(());
        }
        let differences = self.digests().differences(&page.digests.context("the last page has digests")?);
        ensure!(differences.is_empty(), "at version {} these tables differ: {differences:?}", page.version);
        Ok(())
    }

    fn digests(&self) -> Digests {
        let mut digests = Digests::default();
        for ((table, key), version) in &self.rows {
            digests.add(*table, *key, *version);
        }
        digests
    }
}

/// A live stream.
pub struct Ear {
    answer: reqwest::Response,
    text: String,
}

impl Ear {
    /// The next head; none at the end of the stream.
    pub async fn head(&mut self) -> Result<Option<Head>> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let data = event.lines().find_map(|line| line.strip_prefix("data: ")).map(serde_json::from_str);
                let rest = rest.to_owned();
                self.text = rest;
                match data {
                    Some(head) => return Ok(Some(head?)),
                    // A comment that keeps the connection alive.
                    None => continue,
                }
            }
            let Some(piece) = self.answer.chunk().await? else { return Ok(None) };
            self.text.push_str(std::str::from_utf8(&piece)?);
        }
    }

    /// Listens until the feed has come so far.
    pub async fn until(&mut self, version: i64) -> Result<()> {
        while self.head().await?.context("the stream ended")?.version < version {}
        Ok(())
    }
}
