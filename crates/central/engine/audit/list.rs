//! The audit as staff read it, the newest first.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::audit::genesis_hash;
use counterfoil_domain::ids::{AuditId, OperatorId};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::audit::{AuditEntry, AuditQuery, AuditSeal};
use counterfoil_wire::page::Page;

use super::repo::list::{self, Filter, Row, Who};
use crate::dialect::Conn;
use crate::engine::App;
use crate::engine::http::{key_text, limit, newest_before, page};

/// A page of lines.
pub(crate) async fn list(app: &App, operator: OperatorId, query: &AuditQuery) -> Result<Page<AuditEntry>, Failure> {
    let limit = limit(query.limit)?;
    let mut reader = app.reader().await?;
    let mut search = Search::of(&mut reader, operator, query).await?;
    let rows = search.next(&mut reader, limit + 1).await?;
    let page = page(rows, limit, |row| key_text(&(row.at, row.id)));
    Ok(Page { items: page.items.into_iter().map(|row| entry(operator, row)).collect(), next: page.next })
}

/// A question, as parts that each follow an index.
pub(super) struct Search {
    parts: Vec<Filter>,
}

impl Search {
    pub(super) async fn of(conn: &mut Conn, operator: OperatorId, query: &AuditQuery) -> Result<Self, Failure> {
        let before = newest_before(query.after.as_deref())?;
        let named = |text: &Option<String>| text.as_deref().map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned);
        let who = match named(&query.who) {
            None => vec![Who::Anybody],
            Some(name) if name == "system" => vec![Who::System],
            Some(name) => list::users(conn, operator, &name).await?.into_iter().map(Who::User).collect(),
        };
        let actions = match named(&query.action) {
            None => vec![None],
            Some(action) if action.contains('.') => vec![Some(action)],
            Some(family) => {
                let family = format!("{family}.");
                let known = list::actions(conn, operator).await?;
                known.into_iter().filter(|action| action.starts_with(&family)).map(Some).collect()
            }
        };
        let part = |who: Who, action: Option<String>| Filter {
            operator,
            who,
            action,
            subject: query.subject_id,
            from: query.from.map_or(i64::MIN, |at| at.0),
            until: query.until.map_or(i64::MAX, |at| at.0),
            before,
        };
        let parts = who.iter().flat_map(|who| actions.iter().map(|action| part(*who, action.clone()))).collect();
        Ok(Self { parts })
    }

    /// The next rows, and moves on behind them.
    pub(super) async fn next(&mut self, conn: &mut Conn, rows: i64) -> Result<Vec<Row>, Failure> {
        let mut found: Vec<Row> = Vec::new();
        for part in &self.parts {
            found.extend(list::lines(conn, part, rows).await?);
        }
        found.sort_by_key(|row| std::cmp::Reverse((row.at, row.id)));
        found.truncate(usize::try_from(rows).unwrap_or(usize::MAX));
        if let Some(last) = found.last() {
            for part in &mut self.parts {
                part.before = (last.at, last.id);
            }
        }
        Ok(found)
    }
}

pub(super) fn entry(operator: OperatorId, row: Row) -> AuditEntry {
    let previous = row.previous_hash.unwrap_or_else(|| genesis_hash(operator).to_vec());
    let seal = row.seq.zip(row.hash).map(|(seq, hash)| AuditSeal {
        seq,
        previous_hash: hex::encode(&previous),
        hash: hex::encode(hash),
    });
    AuditEntry {
        audit_id: AuditId(row.id),
        at: Timestamp(row.at),
        actor: row.actor,
        actor_id: row.actor_id,
        actor_name: row.actor_name,
        action: row.action,
        subject_id: row.subject_id,
        subject_name: row.subject_name,
        detail: row.detail,
        address: row.address,
        seal,
    }
}
