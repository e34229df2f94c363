//! What the commands of the console give to an engine and get from it.

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
    /// In words, with the id of what is wrong.
    pub faults: Vec<String>,
}

/// How much sample data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SampleSize {
    pub accounts: u32,
    pub codes: u32,
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
