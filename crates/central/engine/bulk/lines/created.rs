//! What opens the accounts that were created from a file: shown to whoever ordered them, as for one account to whoever made
//! it. Nothing of it is stored; it derives from Central's secret.

use std::collections::HashMap;

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::account::AccountStatus;
use counterfoil_domain::bulk::{BulkKind, BulkRowState};
use counterfoil_domain::ids::{AccountId, BulkId};
use counterfoil_wire::bulk::CreatedAccount;
use counterfoil_wire::page::{Page, PageQuery};
use counterfoil_wire::problem::Code;

use crate::engine::App;
use crate::engine::account::{self, AccountRecord, FIRST_GENERATION};
use crate::engine::audit::{self, NOTHING};
use crate::engine::bulk::record::RowRecord;
use crate::engine::bulk::{Orderer, known, repo};
use crate::engine::http::{key_of, key_text, limit, page};
use crate::engine::stored::stored_number;

/// In the order of the file. An account that got another password since is left out: its own page gives it a new one.
pub(crate) async fn created(
    app: &App,
    orderer: &Orderer<'_>,
    id: BulkId,
    query: &PageQuery,
) -> Result<Page<CreatedAccount>, Failure> {
    let operator = orderer.asker.operator;
    let mut work = app.begin(operator).await?;
    let record = known(work.conn(), operator, orderer.of, id).await?;
    if record.kind()? != BulkKind::Create {
        let detail = "This operation creates no accounts, so it has no passwords to show.";
        return Err(Failure::new(Code::WrongState, detail));
    }
    if record.ordered_by != orderer.by {
        let detail = "Only who ordered new accounts is shown their passwords. Give an account a new one on its page.";
        return Err(Failure::new(Code::NotPermitted, detail));
    }
    let limit = limit(query.limit)?;
    let after = key_of::<i64>(query.after.as_deref())?.unwrap_or_default();
    let rows = repo::rows(work.conn(), id, Some(BulkRowState::Done.as_str()), after, limit + 1).await?;
    let rows = page(rows, limit, |row| key_text(&row.position));
    let ids: Vec<AccountId> = rows.items.iter().map(RowRecord::account).collect();
    let accounts = account::lock(&mut work, &ids).await?;
    let accounts: HashMap<AccountId, AccountRecord> =
        accounts.into_iter().map(|account| (AccountId(account.id), account)).collect();
    let mut items = Vec::with_capacity(rows.items.len());
    for row in &rows.items {
        let Some(account) = accounts.get(&row.account()).filter(|account| account.is_in(orderer.asker.scope)) else {
            continue;
        };
        let opens = account.credential_generation == FIRST_GENERATION && account.status()? != AccountStatus::Archived;
        let (Some(line), true) = (row.line, opens) else { continue };
        let account_id = row.account();
        items.push(CreatedAccount {
            line: stored_number(line, "account_bulk_line", "line", row.position)?,
            account_id,
            username: account.username.clone(),
            password: account::password(app.keys(), account_id, FIRST_GENERATION),
            token: account::token(app.keys(), account_id, FIRST_GENERATION),
        });
    }
    // Once for all of its parts.
    if query.after.is_none() {
        let (actor, shown) = (orderer.asker.actor, record.view()?);
        audit::record(&mut work, actor, "account.bulk_passwords", Some(id.0), NOTHING, Some(&shown)).await?;
    }
    work.commit().await?;
    Ok(Page { items, next: rows.next })
}
