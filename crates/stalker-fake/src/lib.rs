//! A Stalker Portal or Ministra in memory, on a loopback port, for tests and for `make run`.
//!
//! Its answers are those of the recorded portals, to the byte in status, content type and body: `tests/transcripts`
//! plays every recording in `transcripts/` against it and lists what it does not claim. The dangerous habits are in it
//! too: a request without an identifier reaches everybody, `PUT stb` with `reboot` writes to every row, a status is
//! turned round on `POST stb`, dates it cannot read become zeros and the answer is still OK.
//!
//! It shares no code with the client that it is used to test.

mod accounts;
mod answer;
mod boxes;
mod catalog;
mod columns;
mod fault;
mod form;
mod generate;
mod json;
mod messages;
mod mysql;
mod portal;
mod reseller;
mod route;
mod select;
mod server;
mod setup;
mod stb;
mod subscriptions;
mod tables;

pub use fault::{Fault, Planned, When};
pub use portal::{Request, State};
pub use server::FakePortal;
pub use setup::{Dialect, Setup};
pub use tables::{Event, Reseller, Tables, User};
