//! A portal's values of an account beside those that Central would write.

use std::collections::BTreeMap;

use counterfoil_domain::portal::{DriftField, Moved};
use counterfoil_domain::subscription::{self, End};
use counterfoil_domain::time::Timestamp;
use counterfoil_stalker::{EndDate, PortalZone};
use counterfoil_wire::drift::FieldDrift;
use counterfoil_wire::portals::WantedService;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp as Moment, ToSpan as _};

use super::connection::{Connection, InvalidConnection};
use super::shown::{EndShown, Shown};

/// Values by field, as a portal writes them.
pub type Values = BTreeMap<String, String>;

/// A portal's clock and whether it has a place for owners: what values mean there.
#[derive(Debug, Clone)]
pub struct Reading {
    zone: PortalZone,
    holds_owner: bool,
}

impl Reading {
    /// # Errors
    /// When the time zone is none.
    pub fn of(connection: &Connection) -> Result<Self, InvalidConnection> {
        Ok(Self { zone: connection.zone()?, holds_owner: connection.owner.holds_one() })
    }

    /// What Central would write of these fields.
    pub fn values(&self, wanted: &WantedService) -> Values {
        let mut values = Values::new();
        let mut put = |field: DriftField, value: Option<String>| {
            if let Some(value) = value {
                values.insert(field.as_str().to_owned(), value);
            }
        };
        put(DriftField::Enabled, Some(on_or_off(wanted.enabled).to_owned()));
        if wanted.enabled {
            put(DriftField::EndDate, wanted.until.and_then(|until| self.cut_after(until)).map(|day| day.to_string()));
            put(DriftField::Tariff, wanted.tariff.clone());
        }
        put(DriftField::Owner, wanted.owner.filter(|_| self.holds_owner).map(|owner| owner.to_string()));
        values
    }

    /// The values that a portal shows. A field that it does not show is not among them.
    pub fn shown(&self, shown: &Shown) -> Values {
        let mut values = Values::from([(DriftField::Enabled.as_str().to_owned(), on_or_off(shown.enabled).to_owned())]);
        let mut put = |field: DriftField, value: String| values.insert(field.as_str().to_owned(), value);
        match &shown.end_date {
            EndShown::Hidden => {}
            EndShown::Never => drop(put(DriftField::EndDate, String::new())),
            EndShown::On(text) | EndShown::Unreadable(text) => drop(put(DriftField::EndDate, text.clone())),
        }
        put(DriftField::Tariff, shown.tariff.clone().unwrap_or_default());
        if self.holds_owner {
            put(DriftField::Owner, shown.owner.map_or_else(|| "0".to_owned(), |owner| owner.to_string()));
        }
        values
    }

    /// Where both have a say and disagree. An account that `nobody` owns in Central disagrees with a portal that names
    /// somebody.
    pub fn drift(
        &self,
        wanted: &WantedService,
        shown: &Shown,
        nobody: bool,
        agreed: Option<&Values>,
    ) -> Vec<FieldDrift> {
        let (mut central, portal) = (self.values(wanted), self.shown(shown));
        if self.cuts_by_itself(wanted, shown) {
            central.remove(DriftField::Enabled.as_str());
        }
        DriftField::ALL
            .iter()
            .filter_map(|field| {
                let (ours, theirs) = (central.get(field.as_str()), portal.get(field.as_str()));
                let named = *field == DriftField::Owner && nobody && shown.owner.is_some();
                let differs = match (ours, theirs) {
                    (Some(ours), Some(theirs)) => ours != theirs,
                    _ => named,
                };
                differs.then(|| three_ways(*field, theirs, ours, agreed.and_then(|agreed| agreed.get(field.as_str()))))
            })
            .collect()
    }

    /// Its service is over, and the portal's next night ends it there too.
    fn cuts_by_itself(&self, wanted: &WantedService, shown: &Shown) -> bool {
        let EndShown::On(end) = &shown.end_date else { return false };
        let promised = wanted.until.filter(|_| wanted.over).and_then(|until| self.cut_after(until));
        promised.zip(end.parse::<Date>().ok()).is_some_and(|(promised, end)| end <= promised)
    }

    /// What is shown of an account that Central has nothing to compare with.
    pub fn alone(&self, shown: &Shown) -> Vec<FieldDrift> {
        let portal = self.shown(shown);
        let field = |field: &DriftField| Some(three_ways(*field, Some(portal.get(field.as_str())?), None, None));
        DriftField::ALL.iter().filter_map(field).collect()
    }

    /// The same of an account whose name a customer's has: beside the day that Central would write for its end.
    pub fn namesake(&self, shown: &Shown, until: Option<Timestamp>) -> Vec<FieldDrift> {
        let mut fields = self.alone(shown);
        let end = until.and_then(|until| self.cut_after(until)).map(|day| day.to_string());
        if let Some(field) = fields.iter_mut().find(|field| field.field == DriftField::EndDate) {
            field.central = end;
        }
        fields
    }

    /// The day on which the portal has to cut an account for it to be served until this moment.
    fn cut_after(&self, until: Timestamp) -> Option<Date> {
        let until = Moment::from_millisecond(until.0).ok()?;
        EndDate::serving_until(until, &self.zone).ok().map(EndDate::day)
    }

    /// The last day, in the operator's zone, of an account that the portal cuts on this day: the one for which Central
    /// would write just that.
    pub fn end_before(&self, cut: &str, zone: &TimeZone) -> Option<End> {
        let cut: Date = cut.parse().ok()?;
        (-1..=2)
            .filter_map(|days| cut.checked_sub(days.days()).ok())
            .filter_map(|day| subscription::end_of(day, zone).ok())
            .find(|end| self.cut_after(end.at) == Some(cut))
    }
}

fn three_ways(
    field: DriftField,
    portal: Option<&String>,
    central: Option<&String>,
    agreed: Option<&String>,
) -> FieldDrift {
    let moved = match agreed {
        None => Moved::Unknown,
        Some(agreed) if Some(agreed) == central => Moved::Portal,
        Some(agreed) if Some(agreed) == portal => Moved::Central,
        Some(_) => Moved::Both,
    };
    // An end that never comes is no day.
    let shown = |value: Option<&String>| value.filter(|text| !text.is_empty()).cloned();
    FieldDrift { field, portal: shown(portal), central: shown(central), agreed: shown(agreed), moved }
}

fn on_or_off(enabled: bool) -> &'static str {
    if enabled { "on" } else { "off" }
}

#[cfg(test)]
mod tests {
    use counterfoil_domain::subscription::zone;

    use super::*;

    fn reading(zone: &str, holds_owner: bool) -> Reading {
        Reading { zone: PortalZone::named(zone).expect("a zone"), holds_owner }
    }

    fn wanted(until: &str, owner: Option<u32>) -> WantedService {
        let until: Moment = until.parse().expect("a moment");
        WantedService {
            enabled: true,
            over: false,
            until: Some(Timestamp(until.as_millisecond())),
            tariff: Some("T2".into()),
            owner,
        }
    }

    fn shown(end: &str, owner: Option<u32>) -> Shown {
        Shown {
            enabled: true,
            end_date: EndShown::On(end.into()),
            tariff: Some("T2".into()),
            owner,
            ..Shown::default()
        }
    }

    #[test]
    fn three_ways_tell_who_moved() {
        let reading = reading("Europe/Berlin", true);
        let central = wanted("2026-12-21T22:59:59.999Z", Some(1));
        assert_eq!(reading.drift(&central, &shown("2026-12-22", Some(1)), false, None), []);
        let of = |agreed: &str| {
            let agreed = Values::from([("end_date".to_owned(), agreed.to_owned())]);
            let drift = reading.drift(&central, &shown("2027-01-01", Some(1)), false, Some(&agreed));
            assert_eq!((drift.len(), drift[0].field), (1, DriftField::EndDate));
            (
                drift[0].portal.as_deref() == Some("2027-01-01"),
                drift[0].central.as_deref() == Some("2026-12-22"),
                drift[0].moved,
            )
        };
        assert_eq!(of("2026-12-22"), (true, true, Moved::Portal));
        assert_eq!(of("2027-01-01"), (true, true, Moved::Central));
        assert_eq!(of("2026-11-22"), (true, true, Moved::Both));
    }

    #[test]
    fn nothing_is_compared_that_a_portal_cannot_hold_or_does_not_show() {
        let reading = reading("Europe/Berlin", false);
        let central = wanted("2026-12-21T22:59:59.999Z", Some(1));
        let hidden = Shown { end_date: EndShown::Hidden, ..shown("", None) };
        assert_eq!(reading.drift(&central, &hidden, false, None), []);
        // An account that is off has no end to be held to.
        let off = WantedService { enabled: false, ..wanted("2026-12-21T22:59:59.999Z", None) };
        let drift = reading.drift(&off, &shown("2029-01-01", None), false, None);
        assert_eq!(drift.iter().map(|one| one.field).collect::<Vec<_>>(), [DriftField::Enabled]);
    }

    #[test]
    fn an_account_that_is_over_is_left_to_the_portals_night() {
        let reading = reading("Europe/Berlin", false);
        let over = WantedService { enabled: false, over: true, ..wanted("2026-12-21T22:59:59.999Z", None) };
        assert_eq!(reading.drift(&over, &shown("2026-12-22", None), false, None), []);
        assert_eq!(reading.drift(&over, &shown("2026-12-23", None), false, None).len(), 1, "served beyond its end");
        let suspended = WantedService { over: false, ..over.clone() };
        assert_eq!(reading.drift(&suspended, &shown("2026-12-22", None), false, None).len(), 1);
        let never = Shown { end_date: EndShown::Never, ..shown("", None) };
        assert_eq!(reading.drift(&over, &never, false, None).len(), 1);
    }

    #[test]
    fn an_account_of_nobody_disagrees_with_a_portal_that_names_somebody() {
        let reading = reading("Europe/Berlin", true);
        let central = wanted("2026-12-21T22:59:59.999Z", None);
        assert_eq!(reading.drift(&central, &shown("2026-12-22", Some(4)), false, None), []);
        let drift = reading.drift(&central, &shown("2026-12-22", Some(4)), true, None);
        assert_eq!((drift.len(), drift[0].portal.as_deref(), drift[0].central.as_deref()), (1, Some("4"), None));
        assert_eq!(reading.drift(&central, &shown("2026-12-22", None), true, None), []);
    }

    #[test]
    fn a_day_that_is_taken_over_is_the_one_that_would_be_written_back() {
        for portal in ["Europe/Berlin", "America/New_York", "Pacific/Auckland", "Asia/Kolkata"] {
            for operator in ["Europe/Berlin", "Asia/Tehran", "America/Los_Angeles", "Pacific/Kiritimati"] {
                let (reading, zone) = (reading(portal, false), zone(operator).expect("a zone"));
                for cut in ["2026-12-22", "2027-03-28", "2027-03-29", "2027-11-01"] {
                    let end = reading.end_before(cut, &zone).unwrap_or_else(|| panic!("{cut} {portal} {operator}"));
                    assert_eq!(reading.cut_after(end.at).map(|day| day.to_string()).as_deref(), Some(cut));
                }
            }
        }
        let berlin = reading("Europe/Berlin", false);
        let end = berlin.end_before("2026-12-22", &zone("Europe/Berlin").expect("a zone")).expect("an end");
        assert_eq!(end.last_day.to_string(), "2026-12-21");
        assert_eq!(berlin.end_before("soon", &TimeZone::UTC), None);
    }
}
