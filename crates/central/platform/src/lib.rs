//! What Central needs that knows no database: configuration, keys, passwords, problems, pages.
