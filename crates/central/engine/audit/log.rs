//! A reseller's own log: the lines that concern it and those below it, the newest first.
//!
//! The operator's people are called the operator, people of other resellers another reseller; neither has a name, an address
//! or an id here. What something is called today is told only while it is still in sight.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::{AuditId, ResellerId};
use counterfoil_domain::reseller::Scope;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::audit::{AuditEntry, AuditQuery, LOG_OPERATOR};
use counterfoil_wire::page::Page;

use super::concern;
use super::repo::log::{self, Filter, LogRow, Who};
use crate::dialect::Conn;
use crate::engine::App;
use crate::engine::http::{key_text, limit, newest_before, page};

/// What is told of a line whose detail is not.
const NO_DETAIL: &str = "{}";

/// A page of a reseller's lines.
pub(crate) async fn log(
    app: &App,
    scope: &Scope,
    reseller: ResellerId,
    query: &AuditQuery,
) -> Result<Page<AuditEntry>, Failure> {
    let limit = limit(query.limit)?;
    let mut reader = app.reader().await?;
    let mut search = LogSearch::of(&mut reader, scope, reseller, query).await?;
    let page = page(search.rows(&mut reader, limit + 1).await?, limit, |row| key_text(&(row.at, row.id)));
    Ok(Page { items: page.items.into_iter().map(|row| entry(scope, row)).collect(), next: page.next })
}

/// A question of one reseller.
pub(super) struct LogSearch {
    filter: Filter,
    scope: Scope,
}

impl LogSearch {
    pub(super) async fn of(
        conn: &mut Conn,
        scope: &Scope,
        reseller: ResellerId,
        query: &AuditQuery,
    ) -> Result<Self, Failure> {
        let before = newest_before(query.after.as_deref())?;
        let who = match query.who.as_deref().map(str::trim).unwrap_or_default() {
            "" => Who::Anybody,
            LOG_OPERATOR => Who::Kind("staff"),
            "system" => Who::Kind("system"),
            name => {
                let found = log::member(conn, name).await?;
                let own = found.filter(|(_, path)| in_sight(scope, Some(path.as_str())));
                own.map_or(Who::Nobody, |(id, _)| Who::User(id))
            }
        };
        let filter = Filter {
            reseller,
            who,
            action: pattern(query.action.as_deref().map(str::trim).unwrap_or_default()),
            subject: query.subject_id,
            from: query.from.map_or(i64::MIN, |at| at.0),
            until: query.until.map_or(i64::MAX, |at| at.0),
            before,
        };
        Ok(Self { filter, scope: scope.clone() })
    }

    /// The next lines as they are told, and moves on behind them.
    pub(super) async fn next(&mut self, conn: &mut Conn, rows: i64) -> Result<Vec<AuditEntry>, Failure> {
        let found = self.rows(conn, rows).await?;
        Ok(found.into_iter().map(|row| entry(&self.scope, row)).collect())
    }

    async fn rows(&mut self, conn: &mut Conn, rows: i64) -> Result<Vec<LogRow>, Failure> {
        let found = log::lines(conn, &self.filter, rows).await?;
        if let Some(last) = found.last() {
            self.filter.before = (last.at, last.id);
        }
        Ok(found)
    }
}

/// An action, all of a family, or everything.
fn pattern(action: &str) -> String {
    let escaped = action.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
    match action {
        "" => "%".to_owned(),
        one if one.contains('.') => escaped,
        _ => format!("{escaped}.%"),
    }
}

fn in_sight(scope: &Scope, path: Option<&str>) -> bool {
    path.is_some_and(|path| path.starts_with(scope.path_prefix()))
}

fn entry(scope: &Scope, row: LogRow) -> AuditEntry {
    let own = in_sight(scope, row.actor_path.as_deref());
    let named = in_sight(scope, row.subject_path.as_deref());
    let number = row.subject_number.map(|number| format!("{number:06}"));
    let actor = match row.actor.as_str() {
        "staff" => LOG_OPERATOR.to_owned(),
        "member" | "device" if !own => "reseller".to_owned(),
        _ => row.actor,
    };
    AuditEntry {
        audit_id: AuditId(row.id),
        at: Timestamp(row.at),
        actor,
        actor_id: row.actor_id.filter(|_| own),
        actor_name: row.actor_name.filter(|_| own),
        subject_id: row.subject_id,
        subject_name: row.subject_name.or(number).filter(|_| named),
        detail: if own || concern::is_open(&row.action, &row.detail) { row.detail } else { NO_DETAIL.to_owned() },
        address: if own { row.address } else { String::new() },
        action: row.action,
        seal: None,
    }
}

#[cfg(test)]
mod tests {
    use super::pattern;

    #[test]
    fn a_pattern_matches_one_action_a_family_or_everything_and_no_character_is_special() {
        assert_eq!(pattern(""), "%");
        assert_eq!(pattern("account"), "account.%");
        assert_eq!(pattern("account.reset_token"), r"account.reset\_token");
        assert_eq!(pattern("top_up"), r"top\_up.%");
        assert_eq!(pattern("%"), r"\%.%");
    }
}
