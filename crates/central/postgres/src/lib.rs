//! Central's engine on PostgreSQL.
