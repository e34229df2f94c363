//! Clock, seeded randomness and builders for tests.
