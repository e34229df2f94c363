//! Orders of an older system, out of a file: history under the contract ids that it has, booked like any other.
//!
//! A part of the file is taken as a whole or not at all, and an order that is there already is left alone, so that the same
//! file twice does nothing the second time. Nobody is told and nobody reminded of what is over, and no stock is taken: it was
//! delivered from another one. The books move now, because that is when they learn of it; the order keeps its days.
//!
//! Lock order: orders by contract id, the books of each relationship by id, feed.

mod find;
mod history;
mod line;
mod repo;

use std::collections::{BTreeMap, HashMap};

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_central_platform::keys::Keys;
use counterfoil_central_platform::tokens::token_hash;
use counterfoil_domain::feed::FeedTable;
use counterfoil_domain::subscription;
use counterfoil_wire::live::News;
use counterfoil_wire::order_import::{ImportOrders, ImportedOrders, OrderLine};
use counterfoil_wire::problem::Code;
use counterfoil_wire::providers::RefusedLine;
use jiff::tz::TimeZone;
use serde::Serialize;
use uuid::Uuid;

use super::taken::{by, id_reused};
use super::{Asker, books, names, repo as orders};
use crate::engine::audit::{self, NOTHING};
use crate::engine::stored::stored;
use crate::engine::work::Work;
use crate::engine::{App, operators};
use find::Places;
use history::Past;
use line::Wrong;

/// Lines of one part.
const MOST: usize = 500;

/// Why a line is not taken.
enum Stop {
    Wrong(Wrong),
    Failed(Failure),
}

impl From<Wrong> for Stop {
    fn from(wrong: Wrong) -> Self {
        Self::Wrong(wrong)
    }
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<sqlx::Error> for Stop {
    fn from(error: sqlx::Error) -> Self {
        Self::Failed(error.into())
    }
}

/// What the lines before one were, and what every line is read with.
struct Reading {
    zone: TimeZone,
    places: Places,
    /// By contract id, the line it stood in.
    first: HashMap<String, u32>,
}

/// What the audit keeps of a part.
#[derive(Serialize)]
struct Imported<'a> {
    created: Vec<&'a str>,
    same: u32,
}

/// Takes over orders, all of the lines or, where one of them is refused, none.
pub(crate) async fn import(app: &App, asker: &Asker<'_>, asked: &ImportOrders) -> Result<ImportedOrders, Failure> {
    if !(1..=MOST).contains(&asked.lines.len()) {
        let message = format!("1 to {MOST} lines at a time, not {}", asked.lines.len());
        return Err(Failure::validation(vec![field("lines", message)]));
    }
    let mut work = app.begin(asker.operator).await?;
    let settings = operators::get(work.conn(), asker.operator).await?;
    let zone = stored(subscription::zone(&settings.time_zone).ok(), "operator", "time_zone", asker.operator)?;
    let mut reading = Reading { zone, places: Places::default(), first: HashMap::new() };
    let (mut pasts, mut same, mut refused) = (Vec::new(), 0, Vec::new());
    for line in &asked.lines {
        match read(&mut work, &mut reading, line).await {
            Ok(Some(past)) => pasts.push(past),
            Ok(None) => same += 1,
            Err(Stop::Wrong((field, detail))) => {
                refused.push(RefusedLine { line: line.line, field: field.to_owned(), detail });
            }
            Err(Stop::Failed(failure)) => return Err(failure),
        }
    }
    let written = !asked.dry_run && refused.is_empty();
    let created = u32::try_from(pasts.len()).map_err(Failure::internal)?;
    if written && !pasts.is_empty() {
        write(&mut work, app.keys(), asker, pasts, same).await?;
    }
    work.commit().await?;
    Ok(ImportedOrders { created, same, written, refused })
}

/// The order of a line; none where it is there already.
async fn read(work: &mut Work, reading: &mut Reading, line: &OrderLine) -> Result<Option<Past>, Stop> {
    let (operator, now) = (work.operator(), work.now());
    let cells = line::read(line, &reading.zone, now)?;
    if let Some(other) = reading.first.insert(cells.contract_id.clone(), line.line) {
        return Err(Stop::Wrong(line::wrong(
            "contract_id",
            format!("line {other} has the same contract id: keep one of them"),
        )));
    }
    let place = reading.places.of(work.conn(), operator, line).await?;
    let past = history::past(&cells, &place, operator, now)?;
    match orders::by_contract(work.conn(), operator, &cells.contract_id).await? {
        None => Ok(Some(past)),
        Some(known) if past.is(&known) => Ok(None),
        Some(known) => Err(Stop::Wrong(line::wrong(
            "contract_id",
            format!(
                "{} has another order with this contract id, of {} × {}: this one needs a name of its own",
                known.company, known.quantity, known.offering_name
            ),
        ))),
    }
}

async fn write(
    work: &mut Work,
    keys: &Keys,
    asker: &Asker<'_>,
    mut pasts: Vec<Past>,
    same: u32,
) -> Result<(), Failure> {
    // Of two at once the second waits for the first, whatever the order of their lines.
    pasts.sort_by(|one, other| one.order.contract_id.cmp(&other.order.contract_id));
    let now = work.now();
    let mut moved: BTreeMap<Uuid, Vec<books::History<'_>>> = BTreeMap::new();
    for past in &pasts {
        let order = &past.order;
        let hash = token_hash(&names::token(keys, order.order_id()));
        if !repo::insert(work.conn(), order, &hash).await? {
            return Err(meanwhile(&order.contract_id));
        }
        for step in past.steps(by(asker.actor), now) {
            orders::insert_step(work.conn(), order, &step, now).await?.ok_or_else(id_reused)?;
        }
        work.touch(FeedTable::Order, order.order_id(), &order.reseller_path);
        work.ring(News::Orders, &order.reseller_path);
        if order.paid_at.is_some() {
            moved.entry(order.relationship_id).or_default().push((order, past.refund));
        }
    }
    for (relationship, orders) in &moved {
        books::take_over(work, *relationship, orders).await?;
    }
    let created = pasts.iter().map(|past| past.order.contract_id.as_str()).collect();
    audit::record(work, asker.actor, "order.import", None, NOTHING, Some(&Imported { created, same })).await
}

fn meanwhile(contract_id: &str) -> Failure {
    let detail =
        format!("Somebody made order {contract_id} at the same moment. Try the file again; nothing was written.");
    Failure::new(Code::Conflict, detail)
}
