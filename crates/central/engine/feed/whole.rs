//! Everything a viewer sees, at one moment: what a snapshot is made of.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::digest::Digests;
use counterfoil_domain::feed::{Cursor, FeedTable};
use counterfoil_domain::ids::{Epoch, OperatorId};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::pull::Change;
use uuid::Uuid;

use super::pull::merge;
use super::repo::{self, KeySpan};
use super::rows::{self, Source};
use super::{digest, table_no};
use crate::dialect::Conn;
use crate::engine::operators::{self, Operator};

/// Rows read at once.
const PIECE: i64 = 2_000;

/// Where the feed stands for a viewer.
#[derive(Debug, Clone)]
pub(crate) struct Standing {
    pub(crate) epoch: Epoch,
    pub(crate) version: i64,
    /// A cursor that has not passed this version cannot go on.
    pub(crate) forgotten: i64,
    /// Rows the viewer sees, and what they add up to.
    pub(crate) rows: i64,
    pub(crate) digests: Digests,
}

/// What a viewer's feed comes to; give it a snapshot.
pub(crate) async fn standing(conn: &mut Conn, operator: OperatorId, viewer: &str) -> Result<Standing, Failure> {
    let epoch = operators::get(conn, operator).await?.epoch;
    let head = repo::head(conn, operator).await?;
    let tally = digest::of_viewer(conn, operator, viewer).await?;
    Ok(Standing { epoch, version: head.version, forgotten: head.forgotten, rows: tally.rows, digests: tally.digests })
}

impl Standing {
    /// Behind everything that this viewer sees now.
    pub(crate) fn cursor(&self) -> Cursor {
        Cursor::after_version(self.epoch, self.version)
    }
}

/// How many rows a viewer must pull behind a version, counted up to a limit.
pub(crate) async fn changed_since(
    conn: &mut Conn,
    operator: OperatorId,
    viewer: &str,
    version: i64,
    limit: i64,
) -> Result<i64, Failure> {
    Ok(repo::count_changed(conn, operator, viewer, version, limit).await?)
}

/// Reads all rows of a viewer, a piece at a time.
pub(crate) struct Whole {
    operator: Operator,
    viewer: String,
    /// The table being read, as its place in the feed's order, and the last key of it.
    at: (usize, Uuid),
    now: Timestamp,
}

impl Whole {
    pub(crate) async fn begin(
        conn: &mut Conn,
        operator: OperatorId,
        viewer: &str,
        now: Timestamp,
    ) -> Result<Self, Failure> {
        let operator = operators::get(conn, operator).await?;
        Ok(Self { operator, viewer: viewer.to_owned(), at: (0, Uuid::nil()), now })
    }

    /// The next rows; none at the end. Give it the same snapshot every time.
    pub(crate) async fn next(&mut self, conn: &mut Conn) -> Result<Vec<Change>, Failure> {
        while let Some(table) = FeedTable::ALL.get(self.at.0) {
            let (operator, viewer, after) = (self.operator.id, self.viewer.as_str(), self.at.1);
            let changed = repo::next_keys(conn, operator, viewer, (table_no(*table), after), PIECE).await?;
            let Some(last) = changed.last().map(|row| row.row_key) else {
                self.at = (self.at.0 + 1, Uuid::nil());
                continue;
            };
            let span = KeySpan { operator, viewer, after, last };
            let rows = rows::read(conn, &self.operator, &Source::Keys(span), &changed, self.now).await?;
            self.at.1 = last;
            return merge(&changed, rows);
        }
        Ok(Vec::new())
    }
}
