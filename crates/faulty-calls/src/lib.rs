//! File-system calls of a real program that end it or fail on demand.
//!
//! The library is loaded into a program with `LD_PRELOAD` and stands in for the calls of the C library that change
//! files. It counts those on files below one folder, and at the one it is told to, the program ends on the spot, as when
//! it is killed, or the call fails. A [`Switch`] in the test and the library in the program share a small file.

#[allow(unsafe_code, reason = "stands in for functions of the C library")]
mod calls;
mod switch;

pub use switch::{At, FOLDER, Fault, SWITCH, Switch};
