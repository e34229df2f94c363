//! A range of serials, and what of it each lot has.

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_domain::ids::OperatorId;
use counterfoil_domain::lot::{MOST_IN_A_RANGE, Serial};

use super::record::LotRecord;
use super::stock_repo::{self, Whose};
use crate::dialect::Conn;

/// Numbers of one lot.
pub(super) struct Piece {
    pub(super) lot: LotRecord,
    pub(super) from: u32,
    pub(super) to: u32,
}

/// What the lots have of a range, in the order of the serials. Refused where that is nothing, or of too many lots.
pub(super) async fn pieces(
    conn: &mut Conn,
    operator: OperatorId,
    whose: Whose,
    (from, to): (&str, &str),
) -> Result<Vec<Piece>, Failure> {
    let (from, to) = range(from, to)?;
    let limit = i64::try_from(MOST_IN_A_RANGE).map_err(Failure::internal)? + 1;
    let lots = stock_repo::numbered(conn, operator, whose, (from.number, to.number), limit).await?;
    if lots.len() > MOST_IN_A_RANGE {
        let message = format!("this range goes through more than {MOST_IN_A_RANGE} lots: choose a smaller one");
        return Err(Failure::validation(vec![field("serial_to", message)]));
    }
    let mut pieces = Vec::with_capacity(lots.len());
    for lot in lots {
        let number = u32::try_from(lot.number).map_err(Failure::internal)?;
        let (mut first, mut last) = (lot.first_seq()?, lot.last_seq()?);
        if number == from.number {
            first = first.max(from.seq);
        }
        if number == to.number {
            last = last.min(to.seq);
        }
        if first <= last {
            pieces.push(Piece { lot, from: first, to: last });
        }
    }
    if pieces.is_empty() {
        let message = match whose {
            Whose::Nobodys => "the operator keeps no codes with these serials",
            Whose::Resellers => "no lot of a reseller has codes with these serials",
            Whose::Anybodys => "no lot has codes with these serials",
        };
        return Err(Failure::validation(vec![field("serial_from", message)]));
    }
    Ok(pieces)
}

fn range(from: &str, to: &str) -> Result<(Serial, Serial), Failure> {
    let mut problems = Vec::new();
    let mut read =
        |name: &str, text: &str| text.parse::<Serial>().map_err(|no| problems.push(field(name, no.to_string()))).ok();
    let (first, last) = (read("serial_from", from), read("serial_to", to));
    match (first, last) {
        (Some(first), Some(last)) if first <= last => Ok((first, last)),
        (Some(_), Some(_)) => {
            Err(Failure::validation(vec![field("serial_to", "the last serial comes before the first one")]))
        }
        _ => Err(Failure::validation(problems)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_has_two_serials_in_their_order() {
        assert!(range("12-9999", "12-10000").is_ok());
        assert!(range("12-1", "13-1").is_ok());
        for (from, to, field) in [("12-2", "12-1", "serial_to"), ("x", "12-1", "serial_from"), ("1-1", "", "serial_to")]
        {
            let refused = range(from, to).expect_err("no range");
            assert_eq!(refused.problem().fields.first().map(|one| one.field.as_str()), Some(field), "{from} to {to}");
        }
        assert_eq!(range("", "").expect_err("no range").problem().fields.len(), 2);
    }
}
