//! The market: what resellers sell of others' offerings, to anybody, without a sign-in.

pub(crate) mod told;
