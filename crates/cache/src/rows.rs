//! A row of each kind into its table.

use counterfoil_domain::amount::Amount;
use counterfoil_domain::market::Details;
use counterfoil_wire::accounts::Account;
use counterfoil_wire::codes::CodeRow;
use counterfoil_wire::credits::EntryView;
use counterfoil_wire::devices::Device;
use counterfoil_wire::leases::Lease;
use counterfoil_wire::orders::Order;
use counterfoil_wire::plans::Plan;
use counterfoil_wire::pull::{Balance, FeedRow, Settings};
use counterfoil_wire::resellers::Reseller;
use sqlx::SqliteConnection;

use crate::CacheError;

/// Writes a row in place of its older version. The end of a row is not written.
pub(crate) async fn put(db: &mut SqliteConnection, row: &FeedRow, version: i64) -> Result<(), CacheError> {
    match row {
        FeedRow::Settings(row) => settings(db, row, version).await,
        FeedRow::Reseller(row) => reseller(db, row, version).await,
        FeedRow::Plan(row) => plan(db, row, version).await,
        FeedRow::Device(row) => device(db, row, version).await,
        FeedRow::Lease(row) => lease(db, row, version).await,
        FeedRow::Balance(row) => balance(db, row, version).await,
        FeedRow::Code(row) => code(db, row, version).await,
        FeedRow::Entry(row) => entry(db, row, version).await,
        FeedRow::Account(row) => account(db, row, version).await,
        FeedRow::Order(row) => order(db, row, version).await,
        FeedRow::Gone(_) => Ok(()),
    }
}

async fn settings(db: &mut SqliteConnection, row: &Settings, version: i64) -> Result<(), CacheError> {
    let (low_credits, low_money) = (row.low_credit.map(|low| low.credits), row.low_credit.map(|low| low.money));
    sqlx::query!(
        "INSERT INTO cached_settings (operator_id, operator_name, time_zone, currency, code_prefix, version, low_credits,
            low_money)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (operator_id) DO UPDATE SET operator_name = ?2,
            time_zone = ?3, currency = ?4, code_prefix = ?5, version = ?6, low_credits = ?7, low_money = ?8",
        row.operator_id.0,
        row.operator_name,
        row.time_zone,
        row.currency,
        row.code_prefix,
        version,
        low_credits,
        low_money
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn reseller(db: &mut SqliteConnection, row: &Reseller, version: i64) -> Result<(), CacheError> {
    let (mode, body) = (row.settlement_mode.as_str(), json(row)?);
    sqlx::query!(
        "INSERT INTO cached_reseller (reseller_id, company, settlement_mode, body, version) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT (reseller_id) DO UPDATE SET company = ?2, settlement_mode = ?3, body = ?4, version = ?5",
        row.reseller_id.0,
        row.company,
        mode,
        body,
        version
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn plan(db: &mut SqliteConnection, row: &Plan, version: i64) -> Result<(), CacheError> {
    let (price, currency) = (row.price.value(), row.price.unit().to_string());
    let (status, body) = (row.status.as_str(), json(row)?);
    sqlx::query!(
        "INSERT INTO cached_plan (plan_id, name, term_days, price, currency, status, body, version)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (plan_id) DO UPDATE SET name = ?2, term_days = ?3,
            price = ?4, currency = ?5, status = ?6, body = ?7, version = ?8",
        row.plan_id.0,
        row.name,
        row.term_days,
        price,
        currency,
        status,
        body,
        version
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn device(db: &mut SqliteConnection, row: &Device, version: i64) -> Result<(), CacheError> {
    let status = json(&row.status)?;
    let status = status.trim_matches('"');
    sqlx::query!(
        "INSERT INTO cached_device (device_id, name, status, version) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (device_id) DO UPDATE SET name = ?2, status = ?3, version = ?4",
        row.device_id.0,
        row.name,
        status,
        version
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn account(db: &mut SqliteConnection, row: &Account, version: i64) -> Result<(), CacheError> {
    let (reseller, plan) = (row.reseller_id.map(|id| id.0), row.plan_id.map(|id| id.0));
    let ends_at = row.ends_at.map_or(0, |at| at.0);
    let (name_key, status) = (row.username.to_lowercase(), row.status.as_str());
    let (price, currency) = (row.price.map(Amount::value), row.price.map(|price| price.unit().to_string()));
    sqlx::query!(
        "INSERT INTO cached_account (account_id, revision, reseller_id, username, name_key, email, mac, notes, status,
            plan_id, plan_name, price, currency, last_day, ends_at, max_connections, created_at, version)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)
        ON CONFLICT (account_id) DO UPDATE SET revision = ?2, reseller_id = ?3, username = ?4, name_key = ?5,
            email = ?6, mac = ?7, notes = ?8, status = ?9, plan_id = ?10, plan_name = ?11, price = ?12, currency = ?13,
            last_day = ?14, ends_at = ?15, max_connections = ?16, created_at = ?17, version = ?18",
        row.account_id.0,
        row.version,
        reseller,
        row.username,
        name_key,
        row.email,
        row.mac,
        row.notes,
        status,
        plan,
        row.plan_name,
        price,
        currency,
        row.last_day,
        ends_at,
        row.max_connections,
        row.created_at.0,
        version
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn lease(db: &mut SqliteConnection, row: &Lease, version: i64) -> Result<(), CacheError> {
    let (state, unit) = (row.state.as_str(), row.amount.unit().to_string());
    let (amount, escrow) = (row.amount.value(), row.escrow.value());
    sqlx::query!(
        "INSERT INTO cached_lease (lease_id, number, reseller_id, device_id, device_name, state, unit, amount, escrow,
            codes_settled, max_codes, issued_at, issue_until, settle_until, version)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
        ON CONFLICT (lease_id) DO UPDATE SET device_name = ?5, state = ?6, escrow = ?9, codes_settled = ?10, version = ?15",
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
        row.settle_until.0,
        version
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn balance(db: &mut SqliteConnection, row: &Balance, version: i64) -> Result<(), CacheError> {
    let books = row.equation;
    let (seq, head) = (row.wallet.as_ref().map(|wallet| wallet.seq), row.wallet.as_ref().map(|wallet| &wallet.hash));
    sqlx::query!(
        "INSERT INTO cached_balance (reseller_id, unit, funded, available, reserved, spent, credit_limit, version,
            low_credit, wallet_seq, wallet_head)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) ON CONFLICT (reseller_id) DO UPDATE SET unit = ?2,
            funded = ?3, available = ?4, reserved = ?5, spent = ?6, credit_limit = ?7, version = ?8, low_credit = ?9,
            wallet_seq = ?10, wallet_head = ?11",
        row.reseller_id.0,
        row.unit,
        books.funded,
        books.available,
        books.reserved,
        books.spent,
        row.credit_limit,
        version,
        row.low_credit,
        seq,
        head
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn code(db: &mut SqliteConnection, row: &CodeRow, version: i64) -> Result<(), CacheError> {
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
            sold_key, settled_at, activated_at, ended_at, redeem_by, version)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22,
            ?23, ?24, ?25, ?26)
        ON CONFLICT (code_id) DO UPDATE SET serial = ?4, masked = ?5, last_group = ?6, reseller_id = ?7,
            device_id = ?8, plan_id = ?9, plan_name = ?10, plan_key = ?11, term_days = ?12, price = ?13,
            currency = ?14, cost = ?15, unit = ?16, state = ?17, customer_email = ?18, email_key = ?19, sold_at = ?20,
            sold_key = ?21, settled_at = ?22, activated_at = ?23, ended_at = ?24, redeem_by = ?25, version = ?26",
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
        row.redeem_by.0,
        version
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn entry(db: &mut SqliteConnection, row: &EntryView, version: i64) -> Result<(), CacheError> {
    let kind = row.kind.as_str();
    sqlx::query!(
        "INSERT INTO cached_entry (transfer_id, account_id, reseller_id, seq, at, kind, delta, balance_before,
            balance_after, unit, note, reference, version, source_event,
            done_by)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15) ON CONFLICT (account_id, seq) DO UPDATE SET
            transfer_id = ?1, reseller_id = ?3, at = ?5, kind = ?6, delta = ?7, balance_before = ?8, balance_after = ?9,
            unit = ?10, note = ?11, reference = ?12, version = ?13, source_event = ?14,
            done_by = ?15",
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
        row.reference,
        version,
        row.source_event,
        row.by
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn order(db: &mut SqliteConnection, row: &Order, version: i64) -> Result<(), CacheError> {
    // They open what the customer paid for, and this file is not encrypted.
    let body = json(&Order { details: Details::default(), ..row.clone() })?;
    let (state, email) = (row.state.as_str(), row.customer.email.to_lowercase());
    sqlx::query!(
        "INSERT INTO cached_order (order_id, contract_id, provider_id, state, customer_email, created_at, body, version)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (order_id) DO UPDATE SET contract_id = ?2,
            provider_id = ?3, state = ?4, customer_email = ?5, created_at = ?6, body = ?7, version = ?8",
        row.order_id.0,
        row.contract_id,
        row.provider_id.0,
        state,
        email,
        row.created_at.0,
        body,
        version
    )
    .execute(db)
    .await?;
    Ok(())
}

fn json<T: serde::Serialize>(value: &T) -> Result<String, CacheError> {
    Ok(serde_json::to_string(value)?)
}
