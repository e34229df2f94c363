//! Notices: what is told by e-mail, to whom, and what became of it.

use serde::{Deserialize, Serialize};

/// What a notice tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum NoticeKind {
    /// To the applicant.
    ApplicationReceived,
    ApplicationApproved,
    ApplicationRejected,
    /// To the reseller, as those that follow.
    LowCredit,
    /// Staff moved credit, or approved a request for it.
    CreditMoved,
    /// Staff rejected a request for credit.
    TopUpRejected,
    /// The reseller above gave credit out of its own wallet.
    CreditFunded,
    /// The reseller above took credit back that it gave.
    CreditTakenBack,
    /// To the reseller above: it gave credit to one below it, or took some back.
    DownlineCredit,
    PayoutApproved,
    PayoutSent,
    PayoutFailed,
    /// Somebody ordered on the public market.
    OrderPlaced,
    /// Somebody waits for the reseller.
    OrderWaiting,
    /// Once a day: whose service ends soon.
    ServicesEnding,
    /// To the customer of an order, as all that follow.
    OrderReceived,
    OrderPaid,
    /// Asked of the provider.
    OrderPending,
    /// Some of its units, or all.
    OrderDelivered,
    OrderFailed,
    OrderCancelled,
    OrderRefunded,
    /// To the customer who has an account, as those that follow; the reseller may do without them.
    AccountCreated,
    CodeActivated,
    /// Service ends in some days.
    ExpirySoon,
}

/// What became of a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum NoticeState {
    /// Waits for its first or its next try.
    Queued,
    Sending,
    /// The mail server took it; whether it was read, nobody knows.
    Sent,
    /// Refused for good: it is not tried again by itself.
    Failed,
    /// Tried so often that it is not tried again by itself.
    GivenUp,
}

impl NoticeKind {
    pub const ALL: [Self; 25] = [
        Self::ApplicationReceived,
        Self::ApplicationApproved,
        Self::ApplicationRejected,
        Self::LowCredit,
        Self::CreditMoved,
        Self::TopUpRejected,
        Self::CreditFunded,
        Self::CreditTakenBack,
        Self::DownlineCredit,
        Self::PayoutApproved,
        Self::PayoutSent,
        Self::PayoutFailed,
        Self::OrderPlaced,
        Self::OrderWaiting,
        Self::ServicesEnding,
        Self::OrderReceived,
        Self::OrderPaid,
        Self::OrderPending,
        Self::OrderDelivered,
        Self::OrderFailed,
        Self::OrderCancelled,
        Self::OrderRefunded,
        Self::AccountCreated,
        Self::CodeActivated,
        Self::ExpirySoon,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ApplicationReceived => "application_received",
            Self::ApplicationApproved => "application_approved",
            Self::ApplicationRejected => "application_rejected",
            Self::LowCredit => "low_credit",
            Self::CreditMoved => "credit_moved",
            Self::TopUpRejected => "top_up_rejected",
            Self::CreditFunded => "credit_funded",
            Self::CreditTakenBack => "credit_taken_back",
            Self::DownlineCredit => "downline_credit",
            Self::PayoutApproved => "payout_approved",
            Self::PayoutSent => "payout_sent",
            Self::PayoutFailed => "payout_failed",
            Self::OrderPlaced => "order_placed",
            Self::OrderWaiting => "order_waiting",
            Self::ServicesEnding => "services_ending",
            Self::OrderReceived => "order_received",
            Self::OrderPaid => "order_paid",
            Self::OrderPending => "order_pending",
            Self::OrderDelivered => "order_delivered",
            Self::OrderFailed => "order_failed",
            Self::OrderCancelled => "order_cancelled",
            Self::OrderRefunded => "order_refunded",
            Self::AccountCreated => "account_created",
            Self::CodeActivated => "code_activated",
            Self::ExpirySoon => "expiry_soon",
        }
    }

    pub fn from_stored(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// Whether a reseller may do without it. Who applied is always told what was decided, and a customer what became of an
    /// order.
    pub const fn may_be_switched_off(self) -> bool {
        match self {
            Self::LowCredit
            | Self::CreditMoved
            | Self::TopUpRejected
            | Self::CreditFunded
            | Self::CreditTakenBack
            | Self::DownlineCredit
            | Self::PayoutApproved
            | Self::PayoutSent
            | Self::PayoutFailed
            | Self::OrderPlaced
            | Self::OrderWaiting
            | Self::ServicesEnding
            | Self::AccountCreated
            | Self::CodeActivated
            | Self::ExpirySoon => true,
            Self::ApplicationReceived
            | Self::ApplicationApproved
            | Self::ApplicationRejected
            | Self::OrderReceived
            | Self::OrderPaid
            | Self::OrderPending
            | Self::OrderDelivered
            | Self::OrderFailed
            | Self::OrderCancelled
            | Self::OrderRefunded => false,
        }
    }

    /// Whether it has the address of a page that opens without a sign-in. It is put in when the mail is sent, and kept nowhere.
    pub fn has_link(self) -> bool {
        self.placeholders().contains(&"link")
    }

    /// What its words may name, in braces; `operator` is in each.
    pub const fn placeholders(self) -> &'static [&'static str] {
        match self {
            Self::ApplicationReceived => &["operator", "name", "business"],
            Self::ApplicationApproved => &["operator", "name", "business", "username", "server"],
            Self::ApplicationRejected => &["operator", "name", "business", "reason"],
            Self::LowCredit => &["operator", "company", "balance", "threshold"],
            Self::CreditMoved => &["operator", "company", "amount", "movement", "note", "balance"],
            Self::TopUpRejected => &["operator", "company", "amount", "reason"],
            Self::CreditFunded | Self::CreditTakenBack => {
                &["operator", "company", "upline", "amount", "note", "balance"]
            }
            Self::DownlineCredit => &["operator", "company", "downline", "done", "amount", "note", "balance"],
            Self::PayoutApproved => &["operator", "company", "amount", "description"],
            Self::PayoutSent => &["operator", "company", "amount", "description", "reference"],
            Self::PayoutFailed => &["operator", "company", "amount", "description", "reason"],
            Self::OrderPlaced => {
                &["operator", "company", "contract", "offering", "provider", "quantity", "total", "name"]
            }
            Self::OrderWaiting => {
                &["operator", "company", "contract", "offering", "provider", "name", "waiting", "next"]
            }
            Self::ServicesEnding => &["operator", "company", "days", "count", "list"],
            Self::OrderReceived | Self::OrderPaid | Self::OrderPending => {
                &["operator", "company", "name", "contract", "offering", "quantity", "total", "link"]
            }
            Self::OrderDelivered => {
                &["operator", "company", "name", "contract", "offering", "quantity", "units", "delivered", "link"]
            }
            Self::OrderFailed | Self::OrderCancelled => {
                &["operator", "company", "name", "contract", "offering", "reason", "link"]
            }
            Self::OrderRefunded => {
                &["operator", "company", "name", "contract", "offering", "amount", "refunded", "reason", "link"]
            }
            Self::AccountCreated | Self::CodeActivated | Self::ExpirySoon => {
                &["operator", "company", "username", "plan", "last_day"]
            }
        }
    }
}

impl NoticeState {
    pub const ALL: [Self; 5] = [Self::Queued, Self::Sending, Self::Sent, Self::Failed, Self::GivenUp];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::GivenUp => "given_up",
        }
    }

    pub fn from_stored(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

/// Minutes from one try to the next; the last of them again and again.
const PAUSES: [i64; 7] = [1, 5, 15, 60, 180, 360, 720];

/// Minutes between two tries of a server that nobody reaches, at most: its mails have waited for it all the while.
const LONGEST_WITHOUT_SERVER: i64 = 60;

/// How long to wait after this many tries, in milliseconds. No number of tries is too often: some of them no server may have
/// heard of. What waits for days is given up.
pub fn pause_after(attempts: u32, server_reached: bool) -> i64 {
    let place = usize::try_from(attempts.saturating_sub(1)).unwrap_or(usize::MAX);
    let minutes = PAUSES[place.min(PAUSES.len() - 1)];
    60_000 * if server_reached { minutes } else { minutes.min(LONGEST_WITHOUT_SERVER) }
}

/// Words with their placeholders put in. A brace that names no placeholder stays as it is: [`unknown_in`] refused it before.
///
/// What is put in is not looked at again, so a name such as `{reason}` stays a name.
pub fn fill(words: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(words.len());
    for piece in pieces(words) {
        match piece {
            Piece::Text(text) => filled.push_str(text),
            Piece::Named(name) => {
                if let Some((_, value)) = values.iter().find(|(known, _)| *known == name) {
                    filled.push_str(value);
                } else {
                    filled.push('{');
                    filled.push_str(name);
                    filled.push('}');
                }
            }
        }
    }
    filled
}

/// The first thing in braces that is not among these.
pub fn unknown_in<'a>(words: &'a str, known: &[&str]) -> Option<&'a str> {
    pieces(words).into_iter().find_map(|piece| match piece {
        Piece::Named(name) if !known.contains(&name) => Some(name),
        Piece::Named(_) | Piece::Text(_) => None,
    })
}

enum Piece<'a> {
    Text(&'a str),
    Named(&'a str),
}

/// An opening brace up to the next closing one, with no other opening one and no end of line between, is a name.
fn pieces(words: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = words;
    while let Some(open) = rest.find('{') {
        let (before, from) = rest.split_at(open);
        let inner = &from[1..];
        let end = inner.find(['{', '}', '\n']).filter(|end| inner[*end..].starts_with('}'));
        if let Some(end) = end {
            pieces.push(Piece::Text(before));
            pieces.push(Piece::Named(&inner[..end]));
            rest = &inner[end + 1..];
        } else {
            pieces.push(Piece::Text(&rest[..=open]));
            rest = inner;
        }
    }
    pieces.push(Piece::Text(rest));
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_names_are_those_of_json() {
        for kind in NoticeKind::ALL {
            assert_eq!(serde_json::to_value(kind).expect("plain"), kind.as_str());
            assert_eq!(NoticeKind::from_stored(kind.as_str()), Some(kind));
            assert!(kind.placeholders().contains(&"operator"));
        }
        for state in NoticeState::ALL {
            assert_eq!(serde_json::to_value(state).expect("plain"), state.as_str());
            assert_eq!(NoticeState::from_stored(state.as_str()), Some(state));
        }
        assert_eq!(NoticeState::from_stored("lost"), None);
    }

    #[test]
    fn no_notice_can_name_a_password() {
        for kind in NoticeKind::ALL {
            assert!(kind.placeholders().iter().all(|name| !name.contains("password") && !name.contains("token")));
        }
    }

    #[test]
    fn pauses_grow_and_a_server_that_is_away_is_tried_every_hour() {
        let minutes = |reached: bool| (0..=9).map(|tries| pause_after(tries, reached) / 60_000).collect::<Vec<_>>();
        assert_eq!(minutes(true), [1, 1, 5, 15, 60, 180, 360, 720, 720, 720]);
        assert_eq!(minutes(false), [1, 1, 5, 15, 60, 60, 60, 60, 60, 60]);
    }

    #[test]
    fn placeholders_are_put_in_once() {
        let values = [("name", "{reason}"), ("reason", "no room")];
        assert_eq!(fill("Dear {name}: {reason}.", &values), "Dear {reason}: no room.");
        assert_eq!(fill("a { b } {name", &values), "a { b } {name");
        assert_eq!(fill("{{name}}", &values), "{{reason}}");
        assert_eq!(fill("", &values), "");
        assert_eq!(fill("سلام {reason}", &values), "سلام no room");
    }

    #[test]
    fn what_no_notice_knows_is_found() {
        let known = ["name"];
        assert_eq!(unknown_in("Dear {name}", &known), None);
        assert_eq!(unknown_in("Dear {name}, {pasword}", &known), Some("pasword"));
        assert_eq!(unknown_in("an { open brace", &known), None);
        assert_eq!(unknown_in("{}", &known), Some(""));
    }
}
