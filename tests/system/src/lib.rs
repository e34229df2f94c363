//! Real Central, real clients, on both engines.
