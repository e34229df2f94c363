//! How long a password of the operator's people and of resellers' members is.

/// In characters. A shorter one from before this rule still signs in.
pub const SHORTEST: usize = 12;
/// Hashing a novel is work for nothing.
pub const LONGEST: usize = 200;
