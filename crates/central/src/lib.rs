//! The operator's server: truth for money, codes, ownership and permissions.
