//! What a repair does to one account, decided from what was shown: the same for the dry run and for the repair.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::account::AccountStatus;
use counterfoil_domain::portal::{DriftField, DriftKind, RepairChange, RepairDirection, RepairRefusal};
use counterfoil_domain::subscription::{End, day_of};
use counterfoil_portals::Login;
use counterfoil_wire::drift::{FieldDrift, PreviewRow};
use uuid::Uuid;

use super::Previewed;
use super::ground::Ground;
use super::record::Row;

/// What the column of user names holds.
const LONGEST_NAME: usize = 50;

#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) changes: Vec<RepairChange>,
    pub(super) refusals: Vec<RepairRefusal>,
    pub(super) undoable: bool,
    /// Toward Central: what the customer's account becomes.
    pub(super) take: Take,
}

/// Values of a customer's account; what is none stays as it is.
#[derive(Debug, Default)]
pub(super) struct Take {
    pub(super) status: Option<AccountStatus>,
    pub(super) end: Option<End>,
    pub(super) plan: Option<Uuid>,
    /// Id and path.
    pub(super) reseller: Option<(Uuid, String)>,
}

impl Plan {
    fn refused(refusal: RepairRefusal) -> Self {
        Self { refusals: vec![refusal], ..Self::default() }
    }

    pub(super) fn into_row(self, row: Row) -> Previewed {
        let (changes, refusals) = (self.changes, self.refusals);
        let row = PreviewRow { key: row.key, login: row.login, changes, refusals };
        Previewed { row, undoable: self.undoable }
    }
}

pub(super) fn plan(row: &Row, toward: RepairDirection, ground: &Ground) -> Result<Plan, Failure> {
    if row.copies > 1 {
        return Ok(Plan::refused(RepairRefusal::Shared));
    }
    match toward {
        RepairDirection::Portal => to_portal(row),
        RepairDirection::Central => to_central(row, ground),
    }
}

fn to_portal(row: &Row) -> Result<Plan, Failure> {
    let mut plan = Plan::default();
    match row.kind()? {
        DriftKind::Unknown => return Ok(Plan::refused(RepairRefusal::NotOurs)),
        DriftKind::Missing => plan.changes.push(RepairChange::Create),
        // The password is written too, and nobody knows the one that was there.
        DriftKind::Unlinked => plan.changes.push(RepairChange::Link),
        DriftKind::Differs => {
            plan.undoable = true;
            for field in row.fields()? {
                plan.write(&field);
            }
        }
    }
    if Login::new(row.login.as_str()).is_err() {
        return Ok(Plan::refused(RepairRefusal::NotAddressable));
    }
    Ok(plan)
}

fn to_central(row: &Row, ground: &Ground) -> Result<Plan, Failure> {
    let kind = row.kind()?;
    let mut plan = Plan { undoable: true, ..Plan::default() };
    match kind {
        DriftKind::Missing => return Ok(Plan::refused(RepairRefusal::NotThere)),
        DriftKind::Differs => {}
        DriftKind::Unlinked => plan.changes.push(RepairChange::Link),
        DriftKind::Unknown => {
            let fits = (1..=LONGEST_NAME).contains(&row.login.chars().count());
            if row.shown.is_none() || Login::new(row.login.as_str()).is_err() {
                let refusal =
                    if row.login.is_empty() { RepairRefusal::NameUnfit } else { RepairRefusal::NotAddressable };
                return Ok(Plan::refused(refusal));
            }
            if !fits {
                return Ok(Plan::refused(RepairRefusal::NameUnfit));
            }
            plan.changes.push(RepairChange::TakeIn);
        }
    }
    plan.take(row, kind, ground)?;
    Ok(plan)
}

impl Plan {
    fn write(&mut self, field: &FieldDrift) {
        let Some(central) = &field.central else {
            // Nobody owns it here, and the portal's own word is not wiped out for that.
            return self.refusals.push(RepairRefusal::NobodyNamed);
        };
        self.changes.push(match field.field {
            DriftField::Enabled if central == "on" => RepairChange::SwitchOn,
            DriftField::Enabled => RepairChange::SwitchOff,
            DriftField::EndDate => RepairChange::EndDate,
            DriftField::Tariff => RepairChange::Tariff,
            DriftField::Owner => RepairChange::Owner,
        });
    }

    fn take(&mut self, row: &Row, kind: DriftKind, ground: &Ground) -> Result<(), Failure> {
        let fields = row.fields()?;
        let value = |name: DriftField| fields.iter().find(|field| field.field == name);
        // An account that Central holds to be over is compared without its end; taken as running, it needs one.
        let shown_end = row.shown()?.and_then(|shown| shown.end_date.text().map(str::to_owned));
        let switched_on = value(DriftField::Enabled).is_some_and(|field| field.portal.as_deref() == Some("on"));
        let end = match value(DriftField::EndDate) {
            Some(field) => Some(field.portal.clone()),
            None if switched_on => shown_end.map(Some),
            None => None,
        };
        if let Some(end) = end {
            self.take_end(end.as_deref(), kind, ground);
        }
        if let Some(field) = value(DriftField::Enabled) {
            self.take_status(field.portal.as_deref() == Some("on"), kind, ground)?;
        }
        if let Some(tariff) = value(DriftField::Tariff).and_then(|field| field.portal.as_deref()) {
            match ground.plans.get(tariff) {
                Some(Some(plan)) => {
                    self.take.plan = Some(*plan);
                    self.note(RepairChange::Tariff);
                }
                _ => self.refusals.push(RepairRefusal::NoPlan),
            }
        }
        if let Some(field) = value(DriftField::Owner) {
            self.take_owner(field.portal.as_deref(), row, kind, ground);
        }
        Ok(())
    }

    fn take_end(&mut self, end: Option<&str>, kind: DriftKind, ground: &Ground) {
        match end.map(|day| ground.reading.end_before(day, &ground.zone)) {
            Some(Some(end)) => {
                self.take.end = Some(end);
                self.note(RepairChange::EndDate);
            }
            // A portal turns dates that it cannot read into "never": no service is given away for that.
            Some(None) => self.refusals.push(RepairRefusal::Unreadable),
            None if kind == DriftKind::Differs => self.refusals.push(RepairRefusal::Unreadable),
            None => {}
        }
    }

    fn take_status(&mut self, on: bool, kind: DriftKind, ground: &Ground) -> Result<(), Failure> {
        let today = day_of(ground.now, &ground.zone).map_err(Failure::internal)?;
        let over = self.take.end.is_some_and(|end| end.last_day < today);
        // One that ended by itself was not suspended by anybody.
        let status = if on || over { AccountStatus::Active } else { AccountStatus::Suspended };
        self.take.status = Some(status);
        if kind == DriftKind::Differs {
            self.note(if on { RepairChange::SwitchOn } else { RepairChange::SwitchOff });
        }
        Ok(())
    }

    fn take_owner(&mut self, remote: Option<&str>, row: &Row, kind: DriftKind, ground: &Ground) {
        let named = remote.and_then(|text| text.parse::<u32>().ok()).filter(|number| *number > 0);
        let Some(number) = named else {
            if kind == DriftKind::Differs {
                self.refusals.push(RepairRefusal::NobodyNamed);
            }
            return;
        };
        match ground.resellers.get(&number) {
            None => self.refusals.push(RepairRefusal::OwnerUnknown),
            Some((id, path)) if row.reseller_id != Some(*id) => {
                self.take.reseller = Some((*id, path.clone()));
                self.note(RepairChange::Owner);
            }
            Some(_) => {}
        }
    }

    fn note(&mut self, change: RepairChange) {
        self.changes.push(change);
    }
}
