//! Accounts from the lines of a file. Its lines come in parts, and once all are there each is tried like any account of a
//! bulk operation: by creating it, in a transaction that is dropped.

mod account;
mod created;
mod repo;

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_central_platform::ids::mint;
use counterfoil_domain::bulk::{LONGEST_CELL, LONGEST_FILE_NAME, MOST_ACCOUNTS, MOST_LINES_AT_ONCE};
use counterfoil_domain::ids::{AccountId, BulkId};
use counterfoil_domain::time::Timestamp;
use counterfoil_portals::Mac;
use counterfoil_wire::bulk::{AddBulkLines, Bulk, BulkLine};
use counterfoil_wire::problem::{Code, Problem};
use uuid::Uuid;

use super::{BulkRecord, Orderer};
use crate::engine::App;

pub(super) use account::{Beside, create};
pub(crate) use created::created;

/// A file that can be read.
pub(super) fn check(file: &str, lines: u32) -> Result<(), Failure> {
    let mut wrong = Vec::new();
    if !(1..=LONGEST_FILE_NAME).contains(&file.trim().chars().count()) {
        wrong.push(field("file", format!("its name, in 1 to {LONGEST_FILE_NAME} characters")));
    }
    if !(1..=MOST_ACCOUNTS).contains(&lines) {
        wrong.push(field("lines", format!("1 to {MOST_ACCOUNTS} lines; divide a longer file")));
    }
    if wrong.is_empty() { Ok(()) } else { Err(Failure::validation(wrong)) }
}

/// The next lines. Those that are there already are answered, so that a part whose answer was lost can be sent again.
pub(crate) async fn receive(
    app: &App,
    orderer: &Orderer<'_>,
    id: BulkId,
    asked: &AddBulkLines,
) -> Result<Bulk, Failure> {
    let operator = orderer.asker.operator;
    let mut work = app.begin(operator).await?;
    super::known(work.conn(), operator, orderer.of, id).await?;
    check_part(asked)?;
    let count = i64::try_from(asked.lines.len()).map_err(Failure::internal)?;
    let (first, last) = (i64::from(asked.first), i64::from(asked.first) + count - 1);
    // Of the same part sent twice at once, the second finds its lines there.
    let Some(open) = repo::hold(work.conn(), id).await? else {
        let known = super::known(work.conn(), operator, orderer.of, id).await?;
        if known.lines.is_none() || last > known.total {
            let detail = "This operation takes no lines any more. Plan a new one from the file.";
            return Err(Failure::new(Code::WrongState, detail));
        }
        let known = known.view()?;
        work.commit().await?;
        return Ok(known);
    };
    if last > open.total {
        follows(&open, first, last)?;
        let now = work.now();
        let rows: Vec<_> = asked.lines.iter().map(|_| new_row(now)).collect();
        super::repo::insert_rows(work.conn(), id, first, &rows).await?;
        let lines: Vec<BulkLine> = asked.lines.iter().map(trimmed).collect();
        repo::insert(work.conn(), id, first, &lines).await?;
        repo::received(work.conn(), id, last).await?;
    }
    let after = super::known(work.conn(), operator, orderer.of, id).await?.view()?;
    work.commit().await?;
    app.bulk_wake().notify_one();
    Ok(after)
}

/// The id of an account, which is the id of its first subscription as well: a line makes one account, however often it is
/// run.
fn new_row(now: Timestamp) -> (AccountId, Uuid) {
    let account = mint::<AccountId>(now);
    (account, account.0)
}

fn check_part(asked: &AddBulkLines) -> Result<(), Failure> {
    if !(1..=MOST_LINES_AT_ONCE).contains(&asked.lines.len()) {
        return Err(Failure::validation(vec![field("lines", format!("1 to {MOST_LINES_AT_ONCE} lines in a part"))]));
    }
    if asked.first == 0 {
        return Err(Failure::validation(vec![field("first", "the first line is number 1")]));
    }
    let long = asked.lines.iter().find(|line| cells(line).iter().any(|cell| cell.chars().count() > LONGEST_CELL));
    let Some(long) = long else { return Ok(()) };
    let message = format!("line {} has a cell of more than {LONGEST_CELL} characters", long.line);
    Err(Failure::validation(vec![field("lines", message)]))
}

/// No line is left out, and none is one too many.
fn follows(open: &BulkRecord, first: i64, last: i64) -> Result<(), Failure> {
    if first != open.total + 1 {
        let detail = format!("The next line is number {}, and this part begins with {first}.", open.total + 1);
        return Err(Failure::new(Code::Conflict, detail));
    }
    let expected = open.expected()?;
    if last > i64::from(expected) {
        let message = format!("this file was to have {expected} lines");
        return Err(Failure::validation(vec![field("lines", message)]));
    }
    Ok(())
}

const fn cells(line: &BulkLine) -> [&String; 9] {
    let BulkLine { line: _, username, email, plan, last_day, gift, mac, max_connections, notes, reseller } = line;
    [username, email, plan, last_day, gift, mac, max_connections, notes, reseller]
}

/// A MAC address in the spelling of everybody, so that one that stands there twice is found.
fn trimmed(line: &BulkLine) -> BulkLine {
    let text = |cell: &String| cell.trim().to_owned();
    BulkLine {
        line: line.line,
        username: text(&line.username),
        email: text(&line.email),
        plan: text(&line.plan),
        last_day: text(&line.last_day),
        gift: text(&line.gift),
        mac: line.mac.trim().parse::<Mac>().map_or_else(|_| text(&line.mac), |mac| mac.to_string()),
        max_connections: text(&line.max_connections),
        notes: text(&line.notes),
        reseller: text(&line.reseller),
    }
}

/// What a field of an account is called in a file.
fn column(field: &str) -> &str {
    match field {
        "plan_id" => "plan",
        "reseller_id" => "reseller",
        other => other,
    }
}

/// Which cells of a line stand in the way.
pub(super) fn columns_of(problem: &Problem) -> Vec<&str> {
    match problem.code {
        Code::UsernameTaken => vec!["username"],
        Code::MacTaken => vec!["mac"],
        Code::ResellerSuspended => vec!["reseller"],
        _ => problem.fields.iter().map(|wrong| column(wrong.field.as_str())).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line() -> BulkLine {
        BulkLine { line: 2, plan: "Month".into(), ..BulkLine::default() }
    }

    #[test]
    fn a_part_has_lines_and_no_cell_that_no_field_takes() {
        let part = |first, lines| check_part(&AddBulkLines { first, lines });
        assert!(part(1, vec![line()]).is_ok());
        assert!(part(1, vec![line(); MOST_LINES_AT_ONCE]).is_ok());
        for (first, lines) in [
            (0, vec![line()]),
            (1, Vec::new()),
            (1, vec![line(); MOST_LINES_AT_ONCE + 1]),
            (1, vec![line(), BulkLine { notes: "x".repeat(LONGEST_CELL + 1), ..line() }]),
        ] {
            assert!(part(first, lines).is_err());
        }
    }

    #[test]
    fn a_box_is_the_same_however_it_is_spelt() {
        let spelt = |mac: &str| trimmed(&BulkLine { mac: mac.into(), ..line() }).mac;
        assert_eq!(spelt(" 00-1a-79-0b-2c-3d "), spelt("00:1A:79:0B:2C:3D"));
        assert_eq!(spelt(" no box "), "no box");
    }
}
