//! One Central on the engine that its database's URL names.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result, anyhow, bail};
use counterfoil_central_platform::clock::SystemClock;
use counterfoil_central_platform::console::{BackupMark, NewOperator, NewStaff, Report, Sample, SampleSize};
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::keys::Keys;
use counterfoil_central_platform::mail::Mailer;
use counterfoil_central_platform::passwords::Passwords;
use counterfoil_central_platform::settings::ServeSettings;
use counterfoil_central_platform::snapshots::{SnapshotLimits, Snapshots};
use {counterfoil_central_postgres as postgres, counterfoil_central_sqlite as sqlite};

use crate::arguments::Database;
use crate::workers::Worker;

/// Both engines have the same functions; only their types differ.
#[derive(Clone)]
pub(crate) enum Central {
    Sqlite(sqlite::App),
    Postgres(postgres::App),
}

macro_rules! on_engine {
    ($central:expr, $engine:ident, $app:ident => $body:expr) => {
        match $central {
            Central::Sqlite($app) => {
                use counterfoil_central_sqlite as $engine;
                $body
            }
            Central::Postgres($app) => {
                use counterfoil_central_postgres as $engine;
                $body
            }
        }
    };
}

impl Central {
    /// As [`Central::open`] for what is of no use to a new database: none is made of a mistyped name, to be found sound or
    /// backed up each night.
    pub(crate) async fn open_existing(database: &Database) -> Result<Self> {
        if let Some(file) = sqlite_file(&database.database_url) {
            file.metadata().with_context(|| format!("there is no database {}", file.display()))?;
        }
        Self::open(database).await
    }

    pub(crate) async fn open(database: &Database) -> Result<Self> {
        let url = database.database_url.as_str();
        let keys = database.keys.clone().unwrap_or_else(|| default_keys(url));
        if let Some(folder) = sqlite_file(url).and_then(|file| file.parent().map(Path::to_owned)) {
            std::fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
        }
        let keys = Arc::new(Keys::load(&keys, true)?);
        let (clock, passwords) = (Arc::new(SystemClock), Passwords::new()?);
        // The URL may have a password in it, so no message repeats it.
        if sqlite_file(url).is_some() {
            let app = sqlite::App::open(url, keys, clock, passwords).await;
            Ok(Self::Sqlite(app.context("cannot open the SQLite database")?))
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let app = postgres::App::open(url, keys, clock, passwords).await;
            Ok(Self::Postgres(app.context("cannot open the PostgreSQL database")?))
        } else {
            bail!("a database URL begins with sqlite: or postgres://")
        }
    }

    /// Offers ready-made files from this folder, or from the one for this database.
    pub(crate) fn keep_snapshots(self, folder: Option<&Path>, url: &str, limits: SnapshotLimits) -> Result<Self> {
        let folder = folder.map_or_else(|| default_snapshots(url), Path::to_owned);
        let snapshots = Snapshots::open(&folder, limits);
        let snapshots = Arc::new(snapshots.with_context(|| format!("cannot use the folder {}", folder.display()))?);
        Ok(match self {
            Self::Sqlite(app) => Self::Sqlite(app.with_snapshots(snapshots)),
            Self::Postgres(app) => Self::Postgres(app.with_snapshots(snapshots)),
        })
    }

    /// Tells people by mail of what happens.
    pub(crate) fn send_mail(self, mailer: Mailer) -> Self {
        let mailer = Arc::new(mailer);
        match self {
            Self::Sqlite(app) => Self::Sqlite(app.with_mailer(mailer)),
            Self::Postgres(app) => Self::Postgres(app.with_mailer(mailer)),
        }
    }

    /// Deletes mails that were sent after so many days.
    pub(crate) fn keep_mail_for(self, days: u32) -> Self {
        match self {
            Self::Sqlite(app) => Self::Sqlite(app.keeping_mail_for(days)),
            Self::Postgres(app) => Self::Postgres(app.keeping_mail_for(days)),
        }
    }

    pub(crate) fn router(&self, settings: &ServeSettings) -> axum::Router {
        on_engine!(self, engine, app => engine::router(app.clone(), settings))
    }

    pub(crate) async fn create_admin(&self, operator: &NewOperator, staff: NewStaff) -> Result<bool> {
        on_engine!(self, engine, app => engine::create_admin(app, operator, staff).await).map_err(|f| told(&f))
    }

    pub(crate) async fn remove_second_factor(&self, username: &str) -> Result<bool> {
        on_engine!(self, engine, app => engine::remove_second_factor(app, username).await).map_err(|f| told(&f))
    }

    pub(crate) async fn count_api_keys(&self) -> Result<u32> {
        on_engine!(self, engine, app => engine::count_api_keys(app).await).map_err(|f| told(&f))
    }

    pub(crate) async fn revoke_api_keys(&self) -> Result<u32> {
        on_engine!(self, engine, app => engine::revoke_api_keys(app).await).map_err(|f| told(&f))
    }

    pub(crate) async fn fill_with_sample_data(
        &self,
        size: SampleSize,
        portal: Option<&str>,
        progress: &(dyn Fn(&str, u32) + Sync),
    ) -> Result<Sample> {
        on_engine!(self, engine, app => engine::fill_with_sample_data(app, size, portal, progress).await)
            .map_err(|f| told(&f))
    }

    pub(crate) async fn verify(&self) -> Result<Report> {
        on_engine!(self, engine, app => engine::verify(app).await).map_err(|f| told(&f))
    }

    pub(crate) async fn backup_begin(&self) -> Result<Vec<BackupMark>> {
        on_engine!(self, engine, app => engine::backup_begin(app).await).map_err(|f| told(&f))
    }

    pub(crate) async fn backup_finish(&self, marks: &[BackupMark]) -> Result<()> {
        on_engine!(self, engine, app => engine::backup_finish(app, marks).await).map_err(|f| told(&f))
    }

    pub(crate) async fn backup_to(&self, url: &str, file: &Path) -> Result<Vec<BackupMark>> {
        on_engine!(self, engine, app => engine::backup_to(app, url, file).await).map_err(|f| told(&f))
    }

    pub(crate) async fn restored(&self) -> Result<u32> {
        on_engine!(self, engine, app => engine::restored(app).await).map_err(|f| told(&f))
    }

    /// A copy that `backup` made and nobody said was restored.
    pub(crate) async fn is_backup(&self) -> Result<bool> {
        on_engine!(self, engine, app => engine::is_backup(app).await).map_err(|f| told(&f))
    }

    /// What a serving process does by itself.
    pub(crate) fn workers(&self) -> Vec<Worker> {
        on_engine!(self, engine, app => vec![
            Worker::new("jobs", app, engine::run_jobs),
            Worker::new("provisioning", app, engine::run_provisioning),
            Worker::new("jobs of portals", app, engine::run_portal_jobs),
            Worker::new("jobs of codes", app, engine::run_code_jobs),
            Worker::new("bulk operations", app, engine::run_bulk),
            Worker::new("accruals", app, engine::run_accruals),
            Worker::new("counting", app, engine::run_counting),
            Worker::new("sendings", app, engine::run_sendings),
            Worker::new("sealing", app, engine::run_sealing),
            Worker::new("notices", app, engine::run_notices),
        ])
    }

    pub(crate) fn end_live_streams(&self) {
        match self {
            Self::Sqlite(app) => app.end_live_streams(),
            Self::Postgres(app) => app.end_live_streams(),
        }
    }

    /// Ends when a newer Central has taken the database, and says so.
    pub(crate) async fn superseded(&self) -> anyhow::Error {
        match self {
            Self::Sqlite(app) => app.superseded().await.into(),
            Self::Postgres(app) => app.superseded().await.into(),
        }
    }

    pub(crate) async fn observe(&self) -> Result<(), Failure> {
        on_engine!(self, engine, app => engine::observe(app).await)
    }

    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite(app) => app.close().await,
            Self::Postgres(app) => app.close().await,
        }
    }
}

/// What a person at the console needs of a refusal.
fn told(failure: &Failure) -> anyhow::Error {
    let problem = failure.problem();
    let mut lines = vec![problem.detail.clone()];
    lines.extend(problem.fields.iter().map(|wrong| format!("{}: {}", wrong.field, wrong.message)));
    lines.extend(failure.cause().map(str::to_owned));
    anyhow!(lines.join("\n  "))
}

fn sqlite_file(url: &str) -> Option<PathBuf> {
    let rest = url.strip_prefix("sqlite:")?;
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    Some(PathBuf::from(rest.split('?').next().unwrap_or(rest)))
}

fn default_keys(url: &str) -> PathBuf {
    sqlite_file(url).map_or_else(|| PathBuf::from("counterfoil.keys"), |file| file.with_extension("keys"))
}

fn default_snapshots(url: &str) -> PathBuf {
    sqlite_file(url).map_or_else(|| PathBuf::from("snapshots"), |file| file.with_file_name("snapshots"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_keys_lie_beside_the_file() {
        for (url, keys) in [
            ("sqlite:counterfoil.db", "counterfoil.keys"),
            ("sqlite:///var/lib/central.db?mode=rwc", "/var/lib/central.keys"),
            ("postgres://user@host/name", "counterfoil.keys"),
        ] {
            assert_eq!(default_keys(url), PathBuf::from(keys));
        }
    }
}
