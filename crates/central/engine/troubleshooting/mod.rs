//! Why something is as it is, for staff who are asked: out of the data of now, and nothing is changed.

mod repo;
mod sight;
mod standing;
mod trace;

pub(crate) use sight::sight;
pub(crate) use standing::standing;
pub(crate) use trace::trace;
