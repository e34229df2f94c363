//! The code of a number, for whoever has Central's keys.

use counterfoil_domain::code::{CURRENT_LIST, derive_code, derive_key};
use counterfoil_domain::lease::LeaseTerms;

use crate::central::MASTER;
use crate::judge::Typed;

pub(crate) fn code(terms: &LeaseTerms, typed: Typed) -> String {
    let key = derive_key(&MASTER, &terms.salt, terms.operator_id, terms.device_id, terms.lease_id.into());
    derive_code(&key, terms.lease_id.into(), &terms.prefix, typed.slot, typed.seq, CURRENT_LIST).reveal()
}
