//! What the database says, read past Central: the same questions on both engines.

use anyhow::{Context as _, Result};
use counterfoil_domain::ids::Epoch;
use sqlx::{PgPool, SqlitePool};
use uuid::Uuid;

use crate::central::Engine;

/// A connection of its own to Central's database.
pub enum Truth {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// An account of the books.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct BookRow {
    pub reseller_id: Uuid,
    pub owner_id: Uuid,
    pub kind: String,
    pub balance: i64,
    pub floor: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct LeaseRow {
    pub id: Uuid,
    pub reseller_id: Uuid,
    pub state: String,
    pub cut: Option<i64>,
    pub codes_settled: i64,
    pub escrow: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct CodeRow {
    pub id: Uuid,
    pub source_id: Uuid,
    pub seq: i64,
    pub slot: i64,
    pub cost: i64,
    pub state: String,
    pub held_reason: Option<String>,
    pub reseller_id: Uuid,
}

#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct DeviceRow {
    pub id: Uuid,
    pub status: String,
    pub log_seq: i64,
}

/// An order of the market. Prices of a unit are in billionths, sums in minor units.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct OrderRow {
    pub id: Uuid,
    pub reseller_id: Uuid,
    pub offering_id: Uuid,
    pub source: String,
    pub state: String,
    pub quantity: i64,
    pub delivered: i64,
    pub unit_base: i64,
    pub markup: i64,
    pub base: i64,
    pub total: i64,
    pub refunded: i64,
    pub refunded_base: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct OfferingRow {
    pub id: Uuid,
    pub base_price: i64,
    /// None without limit.
    pub stock: Option<i64>,
    pub revision: i64,
    pub status: String,
}

/// A lot that the operator keeps.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct KeptRow {
    pub lot_id: Uuid,
    pub made: i64,
    pub allocated: i64,
    pub revoked: i64,
}

/// A customer's account, and who has it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct AccountRow {
    pub id: Uuid,
    pub reseller_id: Option<Uuid>,
}

#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct PaymentRow {
    pub id: Uuid,
    pub reseller_id: Uuid,
    pub amount: i64,
    pub state: String,
    pub charged: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct PayoutRow {
    pub id: Uuid,
    pub reseller_id: Uuid,
    pub amount: i64,
    pub state: String,
}

/// An account on the portal, as Central sees it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ProvisioningRow {
    pub login: String,
    pub state: String,
    /// Of its trouble; empty for none.
    pub code: String,
    pub ends_at: Option<i64>,
    pub reseller_id: Option<Uuid>,
}

macro_rules! all {
    ($self:expr, $sql:literal) => {
        match $self {
            Truth::Sqlite(pool) => sqlx::query_as($sql).fetch_all(pool).await,
            Truth::Postgres(pool) => sqlx::query_as($sql).fetch_all(pool).await,
        }
    };
}

impl Truth {
    pub async fn open(engine: Engine, url: &str) -> Result<Self> {
        Ok(match engine {
            Engine::Sqlite => {
                let pool = sqlx::sqlite::SqlitePoolOptions::new().max_connections(1).connect(url).await?;
                Self::Sqlite(pool)
            }
            Engine::Postgres => {
                Self::Postgres(sqlx::postgres::PgPoolOptions::new().max_connections(1).connect(url).await?)
            }
        })
    }

    pub async fn close(&self) {
        match self {
            Self::Sqlite(pool) => pool.close().await,
            Self::Postgres(pool) => pool.close().await,
        }
    }

    pub async fn books(&self) -> Result<Vec<BookRow>> {
        Ok(all!(self, "SELECT reseller_id, owner_id, kind, balance, floor FROM ledger_account")?)
    }

    pub async fn leases(&self) -> Result<Vec<LeaseRow>> {
        Ok(all!(
            self,
            "SELECT l.id, l.reseller_id, l.state, l.cut, l.codes_settled, a.balance AS escrow
             FROM lease l JOIN ledger_account a ON a.id = l.ledger_account_id"
        )?)
    }

    pub async fn codes(&self) -> Result<Vec<CodeRow>> {
        Ok(all!(
            self,
            "SELECT id, source_id, seq, slot, cost, state, held_reason, reseller_id FROM code ORDER BY source_id, seq"
        )?)
    }

    pub async fn devices(&self) -> Result<Vec<DeviceRow>> {
        Ok(all!(self, "SELECT id, status, log_seq FROM device")?)
    }

    pub async fn orders(&self) -> Result<Vec<OrderRow>> {
        Ok(all!(
            self,
            "SELECT id, reseller_id, offering_id, source, state, quantity, delivered, unit_base, markup, base, total,
                    refunded, refunded_base
             FROM market_order ORDER BY id"
        )?)
    }

    pub async fn offerings(&self) -> Result<Vec<OfferingRow>> {
        Ok(all!(self, "SELECT id, base_price, stock, revision, status FROM offering ORDER BY id")?)
    }

    pub async fn kept_lots(&self) -> Result<Vec<KeptRow>> {
        Ok(all!(
            self,
            "SELECT lot_id, made, allocated, revoked FROM lot_order WHERE reseller_id IS NULL ORDER BY lot_id"
        )?)
    }

    pub async fn accounts(&self) -> Result<Vec<AccountRow>> {
        Ok(all!(self, "SELECT id, reseller_id FROM account ORDER BY id")?)
    }

    pub async fn payments(&self) -> Result<Vec<PaymentRow>> {
        Ok(all!(self, "SELECT id, reseller_id, amount, state, charged FROM payment ORDER BY id")?)
    }

    pub async fn payouts(&self) -> Result<Vec<PayoutRow>> {
        Ok(all!(self, "SELECT id, reseller_id, amount, state FROM payout ORDER BY id")?)
    }

    /// What is wrong with earnings: their parts and their books.
    pub async fn misearned(&self) -> Result<Vec<(String,)>> {
        Ok(all!(
            self,
            "SELECT CAST('more than all of a sale was given away' AS TEXT) AS fault WHERE EXISTS
               (SELECT 1 FROM earning GROUP BY source_kind, source_id, price HAVING SUM(amount) > price)
             UNION ALL
             SELECT CAST('an earning is not in the books' AS TEXT) WHERE EXISTS
               (SELECT 1 FROM earning e WHERE e.amount > 0 AND NOT EXISTS
                 (SELECT 1 FROM transfer t WHERE t.id = e.transfer_id AND t.amount = e.amount))
             UNION ALL
             SELECT CAST('what is pending is not the pending earnings' AS TEXT) WHERE EXISTS
               (SELECT 1 FROM ledger_account a WHERE a.kind = 'commission_pending' AND a.balance <> COALESCE(
                 (SELECT CAST(SUM(e.amount) AS BIGINT) FROM earning e
                  WHERE e.beneficiary_id = a.reseller_id AND e.state = 'pending'), 0))
             UNION ALL
             SELECT CAST('a debt stands beside what could pay it' AS TEXT) WHERE EXISTS
               (SELECT 1 FROM ledger_account a JOIN ledger_account b
                  ON b.reseller_id = a.reseller_id AND b.kind = 'commission_available'
                WHERE a.kind = 'commission_clawback' AND a.balance < 0 AND b.balance > 0)"
        )?)
    }

    /// Movements that made or lost something, codes with more than one settlement or activation.
    pub async fn crooked(&self) -> Result<Vec<(String,)>> {
        Ok(all!(
            self,
            "SELECT t.source_event FROM transfer t
             WHERE (SELECT CAST(SUM(e.delta) AS BIGINT) FROM entry e WHERE e.transfer_id = t.id) <> 0
             UNION ALL
             SELECT c.serial FROM code c WHERE c.cost > 0 AND c.state = 'activated' AND 1 <>
               (SELECT COUNT(*) FROM transfer t WHERE t.kind = 'activation' AND t.reference = c.serial)
             UNION ALL
             SELECT c.serial FROM code c WHERE c.cost > 0 AND 1 <
               (SELECT COUNT(*) FROM transfer t WHERE t.kind IN ('sale', 'late_sale') AND t.reference = c.serial)"
        )?)
    }

    pub async fn provisioning(&self) -> Result<Vec<ProvisioningRow>> {
        Ok(all!(
            self,
            "SELECT p.login, p.state, COALESCE(p.trouble_code, '') AS code, a.ends_at, a.reseller_id
             FROM provisioning p JOIN account a ON a.id = p.account_id ORDER BY p.login"
        )?)
    }

    /// Central's epoch; a new one after each restore.
    pub async fn epoch(&self) -> Result<Epoch> {
        let epochs: Vec<(Uuid,)> = all!(self, "SELECT epoch FROM operator")?;
        Ok(Epoch(epochs.first().context("an operator")?.0))
    }
}
