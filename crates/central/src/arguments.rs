//! The command line.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use counterfoil_central_platform::console::BackupMark;
use counterfoil_central_platform::settings::MAIL_KEPT_DAYS;
use counterfoil_central_platform::snapshots::SnapshotLimits;
use counterfoil_domain::permission::StaffRole;

const EXAMPLES: &str = "\
Examples:
  counterfoil-central admin create --username me --operator-name 'Lumen Networks' --time-zone Europe/Berlin \\
      --currency EUR --prefix PM2D
  counterfoil-central serve
  counterfoil-central serve --listen 0.0.0.0:443 --tls-cert chain.pem --tls-key key.pem \\
      --database-url postgres://counterfoil@db/counterfoil --keys /etc/counterfoil/central.keys
  COUNTERFOIL_SMTP_PASSWORD=… counterfoil-central serve --smtp-host mail.example.org --smtp-user desk \\
      --mail-from desk@example.org --mail-from-name 'Lumen Networks' --public-address https://central.example.org
  counterfoil-central sample-data --accounts 1000 --database-url sqlite:sample.db

  counterfoil-central backup --to /backups/central-monday.db

Back up the database and the key file, but not to the same place: whoever has both has every code.";

#[derive(Parser)]
#[command(name = "counterfoil-central", version, about = "The operator's server of Counterfoil", after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Write the log as JSON lines.
    #[arg(long, global = true)]
    pub(crate) json_log: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Answer requests until SIGTERM or Ctrl-C.
    Serve(Box<Serve>),
    /// The operator's staff.
    Admin {
        #[command(subcommand)]
        command: Admin,
    },
    /// Fill an empty database with invented data and print its sign-ins. For looking around only: its passwords are
    /// public.
    SampleData(SampleData),
    /// Bring the schema of the database up to date (`serve` does it too).
    Migrate(Database),
    /// Prove the books (every chain, balance, unit and equation) and the sums of the feed.
    Verify(Database),
    /// Copy the database while it serves, and tell devices what they need not keep any more.
    Backup(Backup),
    /// Say, once, that this database was restored from a backup: devices then show and send again what it lost.
    Restored(Database),
    /// Print the OpenAPI document.
    Openapi,
}

/// Where the data is.
#[derive(Args, Clone)]
pub(crate) struct Database {
    /// `sqlite:FILE`, made when it is not there, or `postgres://user@host/database`.
    #[arg(long, env = "COUNTERFOIL_DATABASE_URL", default_value = "sqlite:counterfoil.db", hide_env_values = true)]
    pub(crate) database_url: String,
    /// Central's secrets; made at the first start. Beside an SQLite file when not given, otherwise
    /// `counterfoil.keys`. All processes on one database need the same file.
    #[arg(long, env = "COUNTERFOIL_KEYS")]
    pub(crate) keys: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct Backup {
    #[command(flatten)]
    pub(crate) database: Database,
    #[command(flatten)]
    pub(crate) way: BackupWay,
}

/// Either all at once, or around a backup by other means.
#[derive(Args)]
#[group(required = true, multiple = false)]
pub(crate) struct BackupWay {
    /// Write a copy into this new file: a database of SQLite, or an archive of `pg_dump` for `pg_restore`.
    #[arg(long, value_name = "FILE")]
    pub(crate) to: Option<PathBuf>,
    /// Print a mark for each operator; then make the backup, and have it safe.
    #[arg(long)]
    pub(crate) begin: bool,
    /// The backup that was made after these marks were printed is whole and safe.
    #[arg(long, value_name = "MARK", num_args = 1..)]
    pub(crate) done: Vec<BackupMark>,
}

#[derive(Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    pub(crate) database: Database,
    /// Address and port.
    #[arg(long, env = "COUNTERFOIL_LISTEN", default_value = "127.0.0.1:8787")]
    pub(crate) listen: SocketAddr,
    /// Address and port where `/metrics` answers, plain HTTP, for Prometheus; nowhere when not given. Not for the public.
    #[arg(long, env = "COUNTERFOIL_METRICS_LISTEN", value_name = "ADDRESS")]
    pub(crate) metrics_listen: Option<SocketAddr>,
    /// Certificate chain, PEM. Without it: plain HTTP, for this machine or a reverse proxy.
    #[arg(long, requires = "tls_key")]
    pub(crate) tls_cert: Option<PathBuf>,
    /// Private key, PEM.
    #[arg(long, requires = "tls_cert")]
    pub(crate) tls_key: Option<PathBuf>,
    /// A peer whose `X-Forwarded-For` is believed; may be given several times.
    #[arg(long)]
    pub(crate) trusted_proxy: Vec<IpAddr>,
    /// Folder for the files a new device fetches instead of half a thousand pages; they can be thrown away at any
    /// time. `snapshots` beside an SQLite file, otherwise here, when not given.
    #[arg(long, env = "COUNTERFOIL_SNAPSHOTS", value_name = "DIR")]
    pub(crate) snapshots: Option<PathBuf>,
    /// A device that sees fewer rows than this pulls pages.
    #[arg(long, default_value_t = SnapshotLimits::default().min_rows, value_name = "ROWS")]
    pub(crate) snapshot_rows: u64,
    #[command(flatten)]
    pub(crate) mail: Mail,
    /// How large the files may be together, MiB; what was asked for longest ago goes first.
    #[arg(long, default_value_t = SnapshotLimits::default().max_bytes >> 20, value_name = "MIB")]
    pub(crate) snapshot_mib: u64,
}

/// Through whom people are told by mail. Without a mail server nobody is.
#[derive(Args)]
pub(crate) struct Mail {
    /// Name of the mail server.
    #[arg(long, env = "COUNTERFOIL_SMTP_HOST", value_name = "HOST", requires = "mail_from")]
    pub(crate) smtp_host: Option<String>,
    /// 465 with TLS, 587 with STARTTLS, 25 without, when not given.
    #[arg(long, env = "COUNTERFOIL_SMTP_PORT", value_name = "PORT", requires = "smtp_host")]
    pub(crate) smtp_port: Option<u16>,
    /// `none` only for a mail server on this machine.
    #[arg(long, env = "COUNTERFOIL_SMTP_ENCRYPTION", value_enum, default_value = "tls")]
    pub(crate) smtp_encryption: Encryption,
    /// Certificates, PEM, that are trusted for the mail server beside those of this machine.
    #[arg(long, env = "COUNTERFOIL_SMTP_TRUST", value_name = "FILE", requires = "smtp_host")]
    pub(crate) smtp_trust: Option<PathBuf>,
    /// Who signs in to the mail server; its password is in COUNTERFOIL_SMTP_PASSWORD or in the file of
    /// `--smtp-password-file`, and nowhere else: a command line can be read by others.
    #[arg(long, env = "COUNTERFOIL_SMTP_USER", value_name = "USER", requires = "smtp_host")]
    pub(crate) smtp_user: Option<String>,
    /// File whose first line is the password.
    #[arg(long, env = "COUNTERFOIL_SMTP_PASSWORD_FILE", value_name = "FILE", requires = "smtp_user")]
    pub(crate) smtp_password_file: Option<PathBuf>,
    /// The sender's address; answers go there.
    #[arg(long, env = "COUNTERFOIL_MAIL_FROM", value_name = "ADDRESS")]
    pub(crate) mail_from: Option<String>,
    /// The sender's name.
    #[arg(long, env = "COUNTERFOIL_MAIL_FROM_NAME", value_name = "NAME", default_value = "")]
    pub(crate) mail_from_name: String,
    /// Mails that were sent are deleted after so many days.
    #[arg(long, env = "COUNTERFOIL_KEEP_MAIL_DAYS", value_name = "DAYS", default_value_t = MAIL_KEPT_DAYS,
        value_parser = clap::value_parser!(u32).range(1..=3_660))]
    pub(crate) keep_mail_days: u32,
    /// Where shops reach this Central, for the mail that welcomes them.
    #[arg(long, env = "COUNTERFOIL_PUBLIC_ADDRESS", value_name = "URL")]
    pub(crate) public_address: Option<String>,
}

/// How the way to the mail server is protected.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Encryption {
    Tls,
    Starttls,
    None,
}

#[derive(Subcommand)]
pub(crate) enum Admin {
    /// Add a member of the staff; the first time, set the operator up.
    Create(AdminCreate),
    /// Take the second factor away from a member of the staff who lost the app and the recovery codes. The password
    /// alone opens then, and all sessions are over.
    RemoveSecondFactor(AdminName),
    /// Revoke every API key of every reseller, while Central serves or after it was restored: a backup knows keys as valid
    /// that were revoked since.
    RevokeApiKeys(Database),
}

#[derive(Args)]
pub(crate) struct AdminName {
    #[command(flatten)]
    pub(crate) database: Database,
    #[arg(long)]
    pub(crate) username: String,
}

#[derive(Args)]
pub(crate) struct AdminCreate {
    #[command(flatten)]
    pub(crate) database: Database,
    #[arg(long)]
    pub(crate) username: String,
    #[arg(long, value_enum, default_value = "super-admin")]
    pub(crate) role: Role,
    /// File whose first line is the password; `-` is standard input. Without it a password is made and printed once.
    #[arg(long)]
    pub(crate) password_file: Option<PathBuf>,
    /// Only used while there is no operator yet.
    #[arg(long, default_value = "My Network")]
    pub(crate) operator_name: String,
    /// IANA name; terms end at midnight there. Only used while there is no operator yet.
    #[arg(long, default_value = "UTC")]
    pub(crate) time_zone: String,
    /// ISO 4217. Only used while there is no operator yet.
    #[arg(long, default_value = "EUR")]
    pub(crate) currency: String,
    /// What codes begin with. Only used while there is no operator yet.
    #[arg(long, default_value = "PM2D")]
    pub(crate) prefix: String,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Role {
    SuperAdmin,
    Admin,
    Finance,
    Support,
    Auditor,
}

impl From<Role> for StaffRole {
    fn from(role: Role) -> Self {
        match role {
            Role::SuperAdmin => Self::SuperAdmin,
            Role::Admin => Self::Admin,
            Role::Finance => Self::Finance,
            Role::Support => Self::Support,
            Role::Auditor => Self::Auditor,
        }
    }
}

#[derive(Args)]
pub(crate) struct SampleData {
    #[command(flatten)]
    pub(crate) database: Database,
    /// How many customer accounts, up to 1000000.
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(0..=1_000_000))]
    pub(crate) accounts: u32,
    /// How many codes made online, up to 1000000.
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(0..=1_000_000))]
    pub(crate) codes: u32,
    /// How many of the four resellers have them.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=4))]
    pub(crate) shops: u32,
    /// Address of a portal that the first two plans are provisioned on, such as the one of `stalker-fake`; left out with more
    /// than 20000 accounts.
    #[arg(long)]
    pub(crate) portal: Option<String>,
}
