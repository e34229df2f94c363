/** As Central takes it (`crates/central/platform/src/passwords.rs`). */
export const SHORTEST_PASSWORD = 12;
