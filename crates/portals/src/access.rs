//! When accounts were last at their portal, by the portal's own stamps.

use counterfoil_domain::time::Timestamp;
use counterfoil_stalker::{BoxRecord, PortalZone};

use super::connection::Connection;

/// Who was at the portal so shortly before is connected.
const CONNECTED_MS: i64 = 2 * 60_000;
/// A stamp that is further ahead tells of a wrong clock or a wrong zone, and is not believed.
const AHEAD_MS: i64 = 2 * 60_000;

/// What a row of the cheap list says of its box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heard {
    /// None where the portal tells no moment, or one that cannot be true.
    pub last_access: Option<Timestamp>,
    /// The portal calls it online, or it was there less than two minutes before.
    pub connected: bool,
}

/// Reads the stamps of one portal.
#[derive(Debug, Clone)]
pub struct Hearing(Option<PortalZone>);

impl Hearing {
    /// Stamps are in the zone of the portal's database, which is a setting; without one only its flag is read.
    pub fn of(connection: &Connection) -> Self {
        Self(connection.zone().ok())
    }

    /// As of the moment at which the list was asked for.
    pub fn heard(&self, row: &BoxRecord, asked_at: Timestamp) -> Heard {
        let moment = self.0.as_ref().and_then(|zone| zone.moment(&row.last_active));
        let at = moment.map(jiff::Timestamp::as_millisecond);
        let believed = at.filter(|at| *at <= asked_at.0.saturating_add(AHEAD_MS));
        let lately = believed.is_some_and(|at| asked_at.0.saturating_sub(at) < CONNECTED_MS);
        Heard { last_access: believed.map(Timestamp), connected: lately || row.online == Some(true) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(row: &str, asked_at: &str) -> Heard {
        let hearing = Hearing(Some(PortalZone::named("Europe/Berlin").expect("a zone")));
        let row: BoxRecord = serde_json::from_str(row).expect("a row");
        let asked_at: jiff::Timestamp = asked_at.parse().expect("a moment");
        hearing.heard(&row, Timestamp(asked_at.as_millisecond()))
    }

    #[test]
    fn a_stamp_is_read_in_the_zone_of_the_portal_and_two_minutes_are_connected() {
        let row = r#"{"login":"anna","online":"0","last_active":"2026-11-22 12:00:00"}"#;
        let at = Timestamp(1_795_345_200_000);
        assert_eq!(heard(row, "2026-11-22T11:01:59Z"), Heard { last_access: Some(at), connected: true });
        assert_eq!(heard(row, "2026-11-22T11:02:00Z"), Heard { last_access: Some(at), connected: false });
        assert_eq!(heard(row, "2026-11-22T10:59:00Z"), Heard { last_access: Some(at), connected: true });
        // As if the portal were in another zone than somebody set.
        assert_eq!(heard(row, "2026-11-22T10:00:00Z"), Heard { last_access: None, connected: false });
    }

    #[test]
    fn a_portal_that_calls_a_box_online_is_believed_without_a_stamp() {
        let row = r#"{"login":"anna","online":"1","last_active":"0000-00-00 00:00:00"}"#;
        assert_eq!(heard(row, "2026-11-22T11:00:00Z"), Heard { last_access: None, connected: true });
        let row = r#"{"login":"anna","online":null,"last_active":null}"#;
        assert_eq!(heard(row, "2026-11-22T11:00:00Z"), Heard { last_access: None, connected: false });
    }
}
