//! Central's engine on embedded SQLite.
