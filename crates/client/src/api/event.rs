//! What the core tells the UI without being asked.

use counterfoil_wire::live::News;
use serde::Serialize;
use serde_json::Value;
use ts_rs::TS;

use super::status::Status;

/// What to read again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    Accounts,
    Applications,
    /// What this computer shows.
    Brand,
    Codes,
    Credit,
    Earnings,
    Notices,
    Orders,
    Payouts,
    Queue,
    Selling,
    Session,
    TopUps,
}

impl Topic {
    /// Every one of them.
    pub const ALL: [Self; 13] = [
        Self::Accounts,
        Self::Applications,
        Self::Brand,
        Self::Codes,
        Self::Credit,
        Self::Earnings,
        Self::Notices,
        Self::Orders,
        Self::Payouts,
        Self::Queue,
        Self::Selling,
        Self::Session,
        Self::TopUps,
    ];
}

impl From<News> for Topic {
    fn from(news: News) -> Self {
        match news {
            News::Applications => Self::Applications,
            News::Earnings => Self::Earnings,
            News::Notices => Self::Notices,
            News::Orders => Self::Orders,
            News::Payouts => Self::Payouts,
            News::TopUps => Self::TopUps,
        }
    }
}

/// An event for the UI.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    Status(Box<Status>),
    Changed(Topic),
}

impl Event {
    /// The name hosts send it under.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Status(_) => "status",
            Self::Changed(_) => "changed",
        }
    }

    /// The payload hosts send.
    pub fn payload(&self) -> Value {
        let payload = match self {
            Self::Status(status) => serde_json::to_value(status),
            Self::Changed(topic) => serde_json::to_value(topic),
        };
        payload.unwrap_or(Value::Null)
    }
}
