//! The Accounts page of the operator's staff over a million accounts: each kind, order and search through the client's call,
//! against the bound.

use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use crate::prepared::Prepared;
use crate::row::{About, Plan, Row, Target, median, percentile};
use crate::server::Server;
use crate::till::{Data, Till};

const ACCOUNTS: u32 = 1_000_000;
const CODES: u32 = 100;
/// Lines of a page of the screens.
const PAGE: u32 = 100;
/// Pages into the list before the deep one is measured.
const DEEP: usize = 200;
/// Reads of a turn, of each part.
const READS: usize = 100;
/// User names of which searches are made.
const NAMES: usize = 40;
const BOUND_MS: f64 = 100.0;

struct Accounts {
    till: Till,
    _data: Data,
    _server: Server,
    /// What each part asks in turn.
    parts: [Vec<Value>; 6],
    /// Milliseconds of all reads, with what was asked.
    taken: Vec<(f64, String)>,
    synced: f64,
}

pub(super) fn row(prepared: &mut Prepared) -> Result<Box<dyn Row>> {
    let (desk, data) = (prepared.desk()?, Data::new()?);
    let server = Server::with_accounts(ACCOUNTS, CODES)?;
    let till = Till::open(&desk, data.path())?;
    let started = Instant::now();
    till.sign_in_as_staff(&server.url)?;
    let synced = started.elapsed().as_secs_f64();
    let parts = parts(&till)?;
    Ok(Box::new(Accounts { till, _data: data, _server: server, parts, taken: Vec::new(), synced }))
}

fn asked(search: &str, show: &str, sort: Option<(&str, bool)>) -> Value {
    let mut asked = json!({ "search": search, "show": show, "page": { "limit": PAGE } });
    if let Some((by, descending)) = sort {
        asked["sort"] = json!({ "by": by, "descending": descending });
    }
    asked
}

fn parts(till: &Till) -> Result<[Vec<Value>; 6]> {
    let all = asked("", "all", None);
    let (deep, seen) = deep(till, &all)?;
    ensure!(seen >= DEEP * 100, "only {seen} accounts before the deep page");
    let step = |names: &[String]| names.iter().step_by((names.len() / NAMES).max(1)).cloned().collect::<Vec<_>>();
    let names = step(&names(till, &deep)?);
    let kinds = ["active", "expired", "ending_soon", "suspended", "archived"].map(|show| asked("", show, None));
    let orders = ["in_use", "all", "active", "expired", "suspended", "archived"].into_iter().flat_map(|show| {
        ["username", "last_day", "created"]
            .into_iter()
            .flat_map(move |by| [false, true].map(|descending| asked("", show, Some((by, descending)))))
    });
    let begins = names.iter().flat_map(|name| keystrokes(name, 0)).map(|text| asked(&text, "in_use", None));
    let inside = names.iter().flat_map(|name| keystrokes(&tail(name), 2)).map(|text| asked(&text, "in_use", None));
    Ok([
        vec![asked("", "in_use", None), all],
        vec![deep],
        kinds.into(),
        orders.collect(),
        begins.collect(),
        inside.collect(),
    ])
}

/// The page that so many others are before, and how many accounts those have.
fn deep(till: &Till, first: &Value) -> Result<(Value, usize)> {
    let (mut asked, mut seen) = (first.clone(), 0);
    for _ in 0..DEEP {
        let page = till.call("accounts_page", &asked)?;
        seen += page["rows"].as_array().context("rows")?.len();
        asked["page"]["after"] = page.get("next").cloned().context("a further page")?;
    }
    Ok((asked, seen))
}

fn names(till: &Till, asked: &Value) -> Result<Vec<String>> {
    let page = till.call("accounts_page", asked)?;
    let rows = page["rows"].as_array().context("rows")?;
    rows.iter().map(|row| Ok(row["username"].as_str().context("a name")?.to_owned())).collect()
}

/// What a name has behind its first letter.
fn tail(name: &str) -> String {
    name.chars().skip(1).collect()
}

/// The text as it grows while somebody types, without so many of the shortest.
fn keystrokes(text: &str, without: usize) -> Vec<String> {
    let ends = text.char_indices().map(|(at, letter)| at + letter.len_utf8());
    ends.skip(without).map(|end| text[..end].to_owned()).collect()
}

impl Row for Accounts {
    fn about(&self) -> Vec<About> {
        let about = |part, ours| About { part, ours, anchor: "the bound", unit: "ms", target: Target::AtMost(1.0) };
        vec![
            about("the page", "p99 of a page of 100, 1,000,000 accounts, through the client's call"),
            about("deep in it", "p99 of its 201st page"),
            about("of one kind", "p99 of active, expired, suspended, archived ones, and of those that end soon"),
            about("in each order", "p99 of each kind by name, by end and by when they were made, both ways"),
            about("a beginning", "p99 of a page for each keystroke of user names"),
            about("inside words", "p99 of a page for each keystroke of what is inside user names, from the third on"),
        ]
    }

    fn ours(&mut self, _plan: &Plan) -> Result<Vec<f64>> {
        let mut figures = Vec::new();
        for part in &self.parts {
            let mut taken = Vec::new();
            for asked in part.iter().cycle().take(READS.max(part.len())) {
                let started = Instant::now();
                self.till.call("accounts_page", asked)?;
                let ms = started.elapsed().as_secs_f64() * 1_000.0;
                taken.push(ms);
                self.taken.push((ms, format!("{} {} {}", asked["show"], asked["sort"], asked["search"])));
            }
            figures.push(percentile(&taken, 99));
        }
        Ok(figures)
    }

    fn anchor(&mut self, _plan: &Plan) -> Result<Vec<f64>> {
        Ok(vec![BOUND_MS; self.parts.len()])
    }

    fn notes(&self) -> Vec<String> {
        let mut slow = self.taken.clone();
        slow.sort_by(|a, b| b.0.total_cmp(&a.0));
        slow.dedup_by(|a, b| a.1 == b.1);
        let slowest: Vec<String> = slow.iter().take(3).map(|(ms, asked)| format!("{asked} {ms:.1} ms")).collect();
        let all: Vec<f64> = self.taken.iter().map(|(ms, _)| *ms).collect();
        vec![format!(
            "over all {} reads p50 {:.2} ms, p99 {:.2} ms; slowest {}. The first sync of a member of the staff took {:.0} s",
            all.len(),
            median(&all),
            percentile(&all, 99),
            slowest.join(", "),
            self.synced,
        )]
    }
}
