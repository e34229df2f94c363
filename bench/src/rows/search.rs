//! Search as you type in the Codes page of a shop with a million codes: every keystroke asks for a page, as the screens
//! do, against reading all rows with LIKE.

use std::str::FromStr as _;
use std::time::Instant;

use anyhow::{Context as _, Result};
use serde_json::json;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, SqliteConnection};
use tokio::runtime::Runtime;

use crate::host::SEED;
use crate::prepared::Prepared;
use crate::row::{About, Plan, Row, Target, median, percentile};
use crate::till::{Data, Till};

const CODES: u32 = 1_000_000;
/// Texts typed in a turn, of each kind.
const TEXTS: usize = 20;
/// Lines of a page of the screens.
const PAGE: u32 = 100;
const SCANS: usize = 5;
/// Of these each keystroke is typed from the third on: shorter texts only find beginnings.
const MIDDLE: usize = 3;

struct Search {
    till: Till,
    _data: Data,
    runtime: Runtime,
    plain: SqliteConnection,
    /// Serials, last groups, plans with addresses, and ends of all of these.
    known: [Vec<String>; 4],
    chance: u64,
    /// Milliseconds: what was typed, and how long its page took; the slowest first.
    slow: Vec<(f64, String)>,
    counts: Vec<f64>,
}

pub(super) fn row(prepared: &mut Prepared) -> Result<Box<dyn Row>> {
    let (desk, shop, data) = (prepared.desk()?, prepared.shop(CODES)?, Data::new()?);
    let till = Till::open(&desk, data.path())?;
    till.sign_in(&shop.url)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let url = format!("sqlite:{}", data.cache()?.display());
    let options = SqliteConnectOptions::from_str(&url)?.read_only(true);
    let (plain, known) = runtime.block_on(async {
        let mut plain = options.connect().await?;
        let some = "FROM cached_code WHERE rowid % 997 = 1";
        let serials = texts(&mut plain, &format!("SELECT serial {some}")).await?;
        let groups = texts(&mut plain, &format!("SELECT last_group {some}")).await?;
        let mut words = texts(&mut plain, "SELECT DISTINCT name FROM cached_plan").await?;
        words.push("customer@mail.example".to_owned());
        let mut ends = texts(&mut plain, "SELECT substr(serial, 5) FROM cached_code WHERE rowid % 99991 = 1").await?;
        ends.extend(words.iter().map(|word| word.chars().skip(2).collect::<String>()));
        Ok::<_, anyhow::Error>((plain, [serials, groups, words, ends]))
    })?;
    let chance = u64::try_from(SEED).unwrap_or_default();
    Ok(Box::new(Search { till, _data: data, runtime, plain, known, chance, slow: Vec::new(), counts: Vec::new() }))
}

async fn texts(plain: &mut SqliteConnection, query: &str) -> Result<Vec<String>> {
    Ok(sqlx::QueryBuilder::<sqlx::Sqlite>::new(query).build_query_scalar().fetch_all(plain).await?)
}

impl Search {
    /// SplitMix64.
    fn draw(&mut self, below: usize) -> usize {
        self.chance = self.chance.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.chance;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % below.max(1) as u64).unwrap_or_default()
    }

    /// Every keystroke of some texts of one kind.
    fn keystrokes(&mut self, kind: usize) -> Result<Vec<String>> {
        let mut typed = Vec::new();
        for _ in 0..TEXTS {
            let at = self.draw(self.known[kind].len());
            let text = self.known[kind].get(at).context("a text to type")?.clone();
            let ends = text.char_indices().map(|(at, letter)| at + letter.len_utf8());
            let ends = ends.skip(if kind == MIDDLE { 2 } else { 0 });
            typed.extend(ends.map(|end| text[..end].to_owned()));
        }
        Ok(typed)
    }
}

impl Row for Search {
    fn about(&self) -> Vec<About> {
        ["serial", "last group of a code", "plan or address", "middle of a word"]
            .map(|part| About {
                part,
                ours: "p99 of a page of 100 for each keystroke, 1,000,000 codes, through the client's call",
                anchor: "`LIKE '%x%'` over the serials of the same rows",
                unit: "ms",
                target: Target::AtMost(0.05),
            })
            .into()
    }

    fn ours(&mut self, _plan: &Plan) -> Result<Vec<f64>> {
        let mut figures = Vec::new();
        for kind in 0..self.known.len() {
            let mut took = Vec::new();
            for typed in self.keystrokes(kind)? {
                let filter = json!({ "search": typed, "states": [] });
                let asked = json!({ "filter": filter, "page": { "limit": PAGE } });
                let started = Instant::now();
                self.till.call("codes_page", &asked)?;
                let ms = started.elapsed().as_secs_f64() * 1_000.0;
                took.push(ms);
                self.slow.push((ms, typed));
                let started = Instant::now();
                self.till.call("codes_counts", &filter)?;
                self.counts.push(started.elapsed().as_secs_f64() * 1_000.0);
            }
            figures.push(percentile(&took, 99));
        }
        Ok(figures)
    }

    fn anchor(&mut self, _plan: &Plan) -> Result<Vec<f64>> {
        let mut took = Vec::new();
        for text in self.keystrokes(1)?.into_iter().take(SCANS) {
            let started = Instant::now();
            let query =
                sqlx::query_scalar::<_, i64>("SELECT COUNT(*) FROM cached_code WHERE serial LIKE '%' || $1 || '%'");
            self.runtime.block_on(query.bind(text).fetch_one(&mut self.plain))?;
            took.push(started.elapsed().as_secs_f64() * 1_000.0);
        }
        Ok(vec![median(&took); self.known.len()])
    }

    fn notes(&self) -> Vec<String> {
        let mut slow = self.slow.clone();
        slow.sort_by(|a, b| b.0.total_cmp(&a.0));
        slow.dedup_by(|a, b| a.1 == b.1);
        let slowest: Vec<String> = slow.iter().take(3).map(|(ms, typed)| format!("“{typed}” {ms:.1} ms")).collect();
        let all: Vec<f64> = self.slow.iter().map(|(ms, _)| *ms).collect();
        vec![format!(
            "over all {} keystrokes p50 {:.2} ms, p99 {:.2} ms; slowest {}. The counts beside the page: p50 {:.2} ms, \
             p99 {:.2} ms.",
            all.len(),
            median(&all),
            percentile(&all, 99),
            slowest.join(", "),
            median(&self.counts),
            percentile(&self.counts, 99),
        )]
    }
}
