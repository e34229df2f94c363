//! What the commands of the console give to an engine and get from it.

use std::fmt;
use std::str::FromStr;

use counterfoil_domain::ids::{Epoch, OperatorId};
use counterfoil_domain::permission::StaffRole;

/// What an operator is set up with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOperator {
    pub name: String,
    /// IANA name.
    pub time_zone: String,
    /// ISO 4217.
    pub currency: String,
    pub code_prefix: String,
}

/// Somebody who joins the staff.
#[derive(Clone)]
pub struct NewStaff {
    pub username: String,
    pub password: String,
    pub role: StaffRole,
}

/// What a proof of the books looked at, and what is wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    pub accounts: u64,
    pub entries: u64,
    /// Lines of the audit that are in its chain as they were sealed.
    pub audit_lines: u64,
    /// In words, with the id of what is wrong.
    pub faults: Vec<String>,
}

/// How much sample data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SampleSize {
    pub accounts: u32,
    pub codes: u32,
    /// How many of the four resellers have the codes, from the first.
    pub shops: u32,
}

/// What `sample-data` left behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// False when it was all there before.
    pub fresh: bool,
    pub sign_ins: Vec<SampleSignIn>,
}

/// A sign-in of the sample data. Its password is public: such a Central is for looking around.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleSignIn {
    pub audience: &'static str,
    pub username: String,
    pub password: String,
    pub who: String,
}

/// How far an operator's feed had come when a backup began. As text `operator:epoch:version`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BackupMark {
    pub operator: OperatorId,
    pub epoch: Epoch,
    pub version: i64,
}

impl fmt::Display for BackupMark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.operator.0.simple(), self.epoch.0.simple(), self.version)
    }
}

impl FromStr for BackupMark {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut parts = text.split(':');
        let mut next = || parts.next().ok_or("a mark has three parts, as `backup begin` printed it");
        let operator = next()?.parse().map(OperatorId).map_err(|_| "its operator is no id")?;
        let epoch = next()?.parse().map(Epoch).map_err(|_| "its epoch is no id")?;
        let version = next()?.parse().map_err(|_| "its version is no number")?;
        match parts.next() {
            None => Ok(Self { operator, epoch, version }),
            Some(_) => Err("a mark has three parts".to_owned()),
        }
    }
}
