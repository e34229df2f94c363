// Generated from the one command list. Do not edit.
export const SHORTEST_PASSWORD = 12;
