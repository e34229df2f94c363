//! The schema of the database, and which programs may use it.
//!
//! Processes on one database are replaced one after the other, so the first new one migrates while old ones answer. A
//! migration therefore only adds what an older program need not know. One that an older program cannot live with is in a
//! file whose name ends in `_breaking`; the database remembers the name, and with it turns every older program away.

use sqlx::migrate::{Migrate as _, MigrateError, Migration, Migrator};
use thiserror::Error;

use crate::dialect::{Conn, MIGRATOR};

/// Where sqlx notes what was applied.
const TABLE: &str = "_sqlx_migrations";

/// How the description of a breaking migration ends; sqlx makes it from the name of the file.
const BREAKING: &str = " breaking";

/// Why this program must not use a database.
#[derive(Debug, Error)]
pub enum SchemaError {
    #[error(
        "the database was changed by a newer Central (migration {version}) in a way that this one cannot live with. \
         Start the newer one"
    )]
    Newer { version: i64 },
    #[error(
        "the database has migration {version}, which this Central does not know although it knows later ones: it was \
         made by another line of Central"
    )]
    Foreign { version: i64 },
    #[error("the database is behind this Central: migration {version} is missing. Run `counterfoil-central migrate`")]
    Behind { version: i64 },
    #[error(transparent)]
    Migration(#[from] MigrateError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// A migration that a database has.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct Applied {
    version: i64,
    description: String,
}

/// How a program and a database that it may use stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fit {
    Exact,
    /// A newer Central has added this migration, and maybe more, that this program need not know.
    Ahead(i64),
}

/// The migrations of one program.
pub(crate) struct Schema(Vec<Migration>);

impl Schema {
    pub(crate) fn of_this_program() -> Self {
        Self(MIGRATOR.iter().cloned().collect())
    }

    /// This program's and further ones, as a newer program has them.
    #[cfg(test)]
    pub(crate) fn newer(further: impl IntoIterator<Item = Migration>) -> Self {
        let mut schema = Self::of_this_program();
        schema.0.extend(further);
        schema
    }

    /// Names what these migrations make; a change of any gives another name.
    #[cfg(test)]
    pub(crate) fn fingerprint(&self) -> String {
        use sha2::{Digest as _, Sha256};

        let mut hash = Sha256::new();
        for migration in &self.0 {
            hash.update(&*migration.checksum);
        }
        hex::encode(&hash.finalize()[..8])
    }

    /// Applies what is missing, on a connection of its own: after an error it must be closed, which ends its lock.
    pub(crate) async fn apply(&self, conn: &mut Conn) -> Result<Fit, SchemaError> {
        conn.lock().await?;
        conn.ensure_migrations_table(TABLE).await?;
        let there = applied(conn).await?;
        judge_newer(&self.versions(), &there)?;
        let mut migrator = Migrator::with_migrations(self.0.clone());
        migrator.set_ignore_missing(true).set_locking(false);
        migrator.run(&mut *conn).await?;
        let fit = judge(&self.versions(), &applied(conn).await?);
        conn.unlock().await?;
        fit
    }

    /// Whether a database still has a schema for this program, while it serves.
    pub(crate) async fn check(&self, conn: &mut Conn) -> Result<Fit, SchemaError> {
        judge(&self.versions(), &applied(conn).await?)
    }

    fn versions(&self) -> Vec<i64> {
        self.0.iter().map(|migration| migration.version).collect()
    }
}

async fn applied(conn: &mut Conn) -> Result<Vec<Applied>, sqlx::Error> {
    sqlx::query_as("SELECT version, description FROM _sqlx_migrations ORDER BY version").fetch_all(conn).await
}

fn judge(known: &[i64], applied: &[Applied]) -> Result<Fit, SchemaError> {
    let fit = judge_newer(known, applied)?;
    let missing = known.iter().find(|version| applied.iter().all(|there| there.version != **version));
    missing.map_or(Ok(fit), |version| Err(SchemaError::Behind { version: *version }))
}

/// Looks only at what the program does not know.
fn judge_newer(known: &[i64], applied: &[Applied]) -> Result<Fit, SchemaError> {
    let newest = known.iter().copied().max().unwrap_or_default();
    let mut fit = Fit::Exact;
    for Applied { version, description } in applied.iter().filter(|there| !known.contains(&there.version)) {
        if *version < newest {
            return Err(SchemaError::Foreign { version: *version });
        }
        if description.ends_with(BREAKING) {
            return Err(SchemaError::Newer { version: *version });
        }
        fit = Fit::Ahead(*version);
    }
    Ok(fit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(known: &[i64], applied: &[(i64, &str)]) -> String {
        let applied: Vec<_> = applied
            .iter()
            .map(|(version, description)| Applied { version: *version, description: (*description).to_owned() })
            .collect();
        match judge(known, &applied) {
            Ok(Fit::Exact) => "exact".to_owned(),
            Ok(Fit::Ahead(version)) => format!("ahead {version}"),
            Err(SchemaError::Newer { version }) => format!("newer {version}"),
            Err(SchemaError::Foreign { version }) => format!("foreign {version}"),
            Err(SchemaError::Behind { version }) => format!("behind {version}"),
            Err(other) => other.to_string(),
        }
    }

    #[test]
    fn an_older_program_lives_with_what_was_added_and_with_nothing_else() {
        let (books, stock) = ((1, "books"), (2, "stock"));
        for (known, applied, expected) in [
            (&[1, 2][..], &[books, stock][..], "exact"),
            (&[1, 2], &[books, stock, (3, "notes"), (4, "more notes")], "ahead 4"),
            (&[1, 2], &[books, stock, (3, "drop notes breaking")], "newer 3"),
            // A later addition does not mend what an earlier one broke.
            (&[1, 2], &[books, stock, (3, "drop notes breaking"), (4, "more notes")], "newer 3"),
            // It is for the program that has it to know.
            (&[1, 2, 3], &[books, stock, (3, "drop notes breaking")], "exact"),
            (&[1, 3], &[books, stock, (3, "notes")], "foreign 2"),
            (&[1, 2], &[books], "behind 2"),
            (&[1, 2], &[books, (3, "notes")], "behind 2"),
            // Only the end of the name counts.
            (&[1], &[books, (2, "breaking news")], "ahead 2"),
        ] {
            assert_eq!(outcome(known, applied), expected, "{known:?} {applied:?}");
        }
    }
}
