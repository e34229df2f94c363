//! A page of the feed into the cache.

use counterfoil_domain::feed::FeedTable;
use counterfoil_wire::codes::CodeRow;
use counterfoil_wire::credits::EntryView;
use counterfoil_wire::devices::Device;
use counterfoil_wire::leases::Lease;
use counterfoil_wire::plans::Plan;
use counterfoil_wire::pull::{Account, Balance, FeedRow, Gone, PullPage, Settings};
use counterfoil_wire::resellers::Reseller;
use sqlx::SqliteConnection;

use crate::store::StoreError;
use crate::till::Till;

/// Applies a page together with its cursor: both or neither.
pub(crate) async fn page(till: &Till, page: &PullPage) -> Result<(), StoreError> {
    let mut transaction = till.store().write_cache().await?;
    for change in &page.changes {
        row(&mut transaction, &change.row).await?;
    }
    sqlx::query!(
        "INSERT INTO feed_position (one, cursor, version) VALUES (1, ?1, ?2)
        ON CONFLICT (one) DO UPDATE SET cursor = ?1, version = ?2",
        page.cursor,
        page.version
    )
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(())
}

/// Empties the cache: the next pull starts from nothing.
pub(crate) async fn forget(till: &Till) -> Result<(), StoreError> {
    let mut transaction = till.store().write_cache().await?;
    let db = &mut *transaction;
    sqlx::query!("DELETE FROM feed_position").execute(&mut *db).await?;
    sqlx::query!("DELETE FROM cached_settings").execute(&mut *db).await?;
    sqlx::query!("DELETE FROM cached_reseller").execute(&mut *db).await?;
    sqlx::query!("DELETE FROM cached_plan").execute(&mut *db).await?;
    sqlx::query!("DELETE FROM cached_device").execute(&mut *db).await?;
    sqlx::query!("DELETE FROM cached_lease").execute(&mut *db).await?;
    sqlx::query!("DELETE FROM cached_balance").execute(&mut *db).await?;
    sqlx::query!("DELETE FROM cached_code").execute(&mut *db).await?;
    sqlx::query!("DELETE FROM cached_entry").execute(&mut *db).await?;
    sqlx::query!("DELETE FROM cached_account").execute(&mut *db).await?;
    transaction.commit().await?;
    Ok(())
}

async fn row(db: &mut SqliteConnection, row: &FeedRow) -> Result<(), StoreError> {
    match row {
        FeedRow::Settings(row) => settings(db, row).await?,
        FeedRow::Reseller(row) => reseller(db, row).await?,
        FeedRow::Plan(row) => plan(db, row).await?,
        FeedRow::Device(row) => device(db, row).await?,
        FeedRow::Lease(row) => lease(db, row).await?,
        FeedRow::Balance(row) => balance(db, row).await?,
        FeedRow::Code(row) => code(db, row).await?,
        FeedRow::Entry(row) => entry(db, row).await?,
        FeedRow::Account(row) => account(db, row).await?,
        FeedRow::Gone(row) => gone(db, row).await?,
    }
    Ok(())
}

async fn settings(db: &mut SqliteConnection, row: &Settings) -> Result<(), StoreError> {
    sqlx::query!(
        "INSERT INTO cached_settings (operator_id, operator_name, time_zone, currency, code_prefix)
        VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (operator_id) DO UPDATE SET operator_name = ?2,
            time_zone = ?3, currency = ?4, code_prefix = ?5",
        row.operator_id.0,
        row.operator_name,
        row.time_zone,
        row.currency,
        row.code_prefix
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn reseller(db: &mut SqliteConnection, row: &Reseller) -> Result<(), StoreError> {
    let (mode, body) = (row.settlement_mode.as_str(), json(row)?);
    sqlx::query!(
        "INSERT INTO cached_reseller (reseller_id, company, settlement_mode, body) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (reseller_id) DO UPDATE SET company = ?2, settlement_mode = ?3, body = ?4",
        row.reseller_id.0,
        row.company,
        mode,
        body
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn plan(db: &mut SqliteConnection, row: &Plan) -> Result<(), StoreError> {
    let (price, currency) = (row.price.value(), row.price.unit().to_string());
    let (status, body) = (row.status.as_str(), json(row)?);
    sqlx::query!(
        "INSERT INTO cached_plan (plan_id, name, term_days, price, currency, status, body)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (plan_id) DO UPDATE SET name = ?2, term_days = ?3,
            price = ?4, currency = ?5, status = ?6, body = ?7",
        row.plan_id.0,
        row.name,
        row.term_days,
        price,
        currency,
        status,
        body
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn device(db: &mut SqliteConnection, row: &Device) -> Result<(), StoreError> {
    let status = json(&row.status)?;
    let status = status.trim_matches('"');
    sqlx::query!(
        "INSERT INTO cached_device (device_id, name, status) VALUES (?1, ?2, ?3)
        ON CONFLICT (device_id) DO UPDATE SET name = ?2, status = ?3",
        row.device_id.0,
        row.name,
        status
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn account(db: &mut SqliteConnection, row: &Account) -> Result<(), StoreError> {
    let (reseller, ends_at) = (row.reseller_id.map(|id| id.0), row.ends_at.map(|at| at.0));
    sqlx::query!(
        "INSERT INTO cached_account (account_id, reseller_id, username, status, ends_at, plan_name)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (account_id) DO UPDATE SET reseller_id = ?2,
            username = ?3, status = ?4, ends_at = ?5, plan_name = ?6",
        row.account_id.0,
        reseller,
        row.username,
        row.status,
        ends_at,
        row.plan_name
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn lease(db: &mut SqliteConnection, row: &Lease) -> Result<(), StoreError> {
    let (state, unit) = (row.state.as_str(), row.amount.unit().to_string());
    let (amount, escrow) = (row.amount.value(), row.escrow.value());
    sqlx::query!(
        "INSERT INTO cached_lease (lease_id, number, reseller_id, device_id, device_name, state, unit, amount, escrow,
            codes_settled, max_codes, issued_at, issue_until, settle_until)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
        ON CONFLICT (lease_id) DO UPDATE SET device_name = ?5, state = ?6, escrow = ?9, codes_settled = ?10",
        row.lease_id.0,
        row.number,
        row.reseller_id.0,
        row.device_id.0,
        row.device_name,
        state,
        unit,
        amount,
        escrow,
        row.codes_settled,
        row.max_codes,
        row.issued_at.0,
        row.issue_until.0,
        row.settle_until.0
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn balance(db: &mut SqliteConnection, row: &Balance) -> Result<(), StoreError> {
    let books = row.equation;
    sqlx::query!(
        "INSERT INTO cached_balance (reseller_id, unit, funded, available, reserved, spent, credit_limit)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (reseller_id) DO UPDATE SET unit = ?2, funded = ?3,
            available = ?4, reserved = ?5, spent = ?6, credit_limit = ?7",
        row.reseller_id.0,
        row.unit,
        books.funded,
        books.available,
        books.reserved,
        books.spent,
        row.credit_limit
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn code(db: &mut SqliteConnection, row: &CodeRow) -> Result<(), StoreError> {
    let last_group = row.masked.rsplit('-').next().unwrap_or_default();
    let device = row.device_id.map(|id| id.0);
    let (plan_key, email_key) = (row.plan_name.to_lowercase(), row.customer_email.as_ref().map(|e| e.to_lowercase()));
    let (price, currency) = (row.price.value(), row.price.unit().to_string());
    let (cost, unit) = (row.cost.value(), row.cost.unit().to_string());
    let state = row.state.as_str();
    let (sold_at, sold_key) = (row.sold_at.map(|at| at.0), row.sold_at.unwrap_or(row.settled_at).0);
    let (activated_at, ended_at) = (row.activated_at.map(|at| at.0), row.ended_at.map(|at| at.0));
    sqlx::query!(
        "INSERT INTO cached_code (code_id, source_id, seq, serial, masked, last_group, reseller_id, device_id, plan_id,
            plan_name, plan_key, term_days, price, currency, cost, unit, state, customer_email, email_key, sold_at,
            sold_key, settled_at, activated_at, ended_at, redeem_by)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22,
            ?23, ?24, ?25)
        ON CONFLICT (code_id) DO UPDATE SET serial = ?4, masked = ?5, last_group = ?6, reseller_id = ?7,
            device_id = ?8, plan_id = ?9, plan_name = ?10, plan_key = ?11, term_days = ?12, price = ?13,
            currency = ?14, cost = ?15, unit = ?16, state = ?17, customer_email = ?18, email_key = ?19, sold_at = ?20,
            sold_key = ?21, settled_at = ?22, activated_at = ?23, ended_at = ?24, redeem_by = ?25",
        row.code_id.0,
        row.source_id,
        row.seq,
        row.serial,
        row.masked,
        last_group,
        row.reseller_id.0,
        device,
        row.plan_id.0,
        row.plan_name,
        plan_key,
        row.term_days,
        price,
        currency,
        cost,
        unit,
        state,
        row.customer_email,
        email_key,
        sold_at,
        sold_key,
        row.settled_at.0,
        activated_at,
        ended_at,
        row.redeem_by.0
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn entry(db: &mut SqliteConnection, row: &EntryView) -> Result<(), StoreError> {
    let kind = row.kind.as_str();
    sqlx::query!(
        "INSERT INTO cached_entry (transfer_id, account_id, reseller_id, seq, at, kind, delta, balance_before,
            balance_after, unit, note, reference)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) ON CONFLICT (account_id, seq) DO NOTHING",
        row.transfer_id.0,
        row.account_id.0,
        row.reseller_id.0,
        row.seq,
        row.at.0,
        kind,
        row.delta,
        row.balance_before,
        row.balance_after,
        row.unit,
        row.note,
        row.reference
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn gone(db: &mut SqliteConnection, gone: &Gone) -> Result<(), StoreError> {
    let key = gone.key;
    match gone.of {
        FeedTable::Settings => {
            sqlx::query!("DELETE FROM cached_settings WHERE operator_id = ?1", key).execute(db).await?
        }
        FeedTable::Reseller => {
            sqlx::query!("DELETE FROM cached_reseller WHERE reseller_id = ?1", key).execute(db).await?
        }
        FeedTable::Plan => sqlx::query!("DELETE FROM cached_plan WHERE plan_id = ?1", key).execute(db).await?,
        FeedTable::Device => sqlx::query!("DELETE FROM cached_device WHERE device_id = ?1", key).execute(db).await?,
        FeedTable::Lease => sqlx::query!("DELETE FROM cached_lease WHERE lease_id = ?1", key).execute(db).await?,
        FeedTable::Balance => {
            sqlx::query!("DELETE FROM cached_balance WHERE reseller_id = ?1", key).execute(db).await?
        }
        FeedTable::Code => sqlx::query!("DELETE FROM cached_code WHERE code_id = ?1", key).execute(db).await?,
        FeedTable::Entry => sqlx::query!("DELETE FROM cached_entry WHERE transfer_id = ?1", key).execute(db).await?,
        FeedTable::Account => sqlx::query!("DELETE FROM cached_account WHERE account_id = ?1", key).execute(db).await?,
    };
    Ok(())
}

fn json<T: serde::Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::unknown("cache", "body", error.to_string()))
}
