//! `counterfoil-central`: picks the engine by the database's URL and runs it.

fn main() {}
