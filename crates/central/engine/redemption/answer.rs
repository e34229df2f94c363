//! What a customer is shown.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::{AccountId, ResellerId};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::public::Activation;

use crate::engine::App;
use crate::engine::account::{self, AccountRecord};
use crate::engine::code::CodeRecord;

/// What opens an account.
pub(super) struct Secrets {
    password: String,
    token: String,
}

impl Secrets {
    pub(super) fn of(app: &App, account: &AccountRecord) -> Self {
        let (id, generation) = (AccountId(account.id), account.credential_generation);
        Self {
            password: account::password(app.keys(), id, generation),
            token: account::token(app.keys(), id, generation),
        }
    }
}

/// How long service lasts.
#[derive(Clone)]
pub(super) struct Ending {
    pub(super) last_day: String,
    pub(super) ends_at: Timestamp,
    pub(super) time_zone: String,
}

/// What a customer gets for a code, and whose code it was.
#[derive(Debug)]
pub(crate) struct Activated {
    pub(crate) activation: Activation,
    pub(crate) seller: ResellerId,
}

pub(super) fn answer(
    code: &CodeRecord,
    account: &AccountRecord,
    end: Ending,
    secrets: Option<Secrets>,
    repeated: bool,
) -> Result<Activated, Failure> {
    let (password, token) = secrets.map_or((None, None), |secrets| (Some(secrets.password), Some(secrets.token)));
    let activation = Activation {
        account_id: AccountId(account.id),
        username: account.username.clone(),
        password,
        token,
        plan_name: code.plan_name.clone(),
        term_days: code.term_days()?,
        last_day: end.last_day,
        ends_at: end.ends_at,
        time_zone: end.time_zone,
        repeated,
    };
    Ok(Activated { activation, seller: ResellerId(code.reseller_id) })
}
