//! Writing a portal's own earlier values back: the way back from a repair.

use counterfoil_domain::portal::DriftField;
use counterfoil_stalker::{AccountFields, AccountKey, EndDate, Error, ExternalId, Login, Owner, Portal, ResellerId};

use super::compare::Values;
use super::provision::{Wrote, judged};
use super::trouble::Trouble;

/// Writes these values, as the portal showed them before, and reads back. A value that cannot be written, such as an end
/// that never comes, is a trouble for a person; nothing is written then.
pub async fn put_back(portal: &Portal, login: &str, values: &Values) -> Wrote {
    let read = Login::new(login).map_err(Error::from).and_then(|login| Ok((login, fields(values)?)));
    let (login, fields) = match read {
        Ok(read) => read,
        Err(error) => return Wrote::Stopped(error.into()),
    };
    match portal.update(&AccountKey::Login(login), &fields).await {
        Ok(written) => judged(&written.comparison),
        Err(error) => Wrote::Stopped(Trouble::from(error)),
    }
}

fn fields(values: &Values) -> Result<AccountFields, Error> {
    let value = |field: DriftField| values.get(field.as_str()).map(String::as_str);
    let end_date = value(DriftField::EndDate).map(|text| {
        let day = text.parse().map_err(|_| Error::Unsupported("an end date that is none cannot be written"))?;
        EndDate::cut_on(day).map_err(Error::from)
    });
    let owner = value(DriftField::Owner).map(|text| text.parse().ok().and_then(ResellerId::new));
    Ok(AccountFields {
        enabled: value(DriftField::Enabled).map(|text| text == "on"),
        end_date: end_date.transpose()?,
        tariff: value(DriftField::Tariff).map(ExternalId::new).transpose()?,
        owner: owner.map(|owner| owner.map_or(Owner::Nobody, Owner::Reseller)),
        ..AccountFields::default()
    })
}
