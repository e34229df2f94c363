//! Codes made online, one or many at once. They derive like those of a lease, from the lot's id and salt; Central keeps
//! keyed hashes only and derives a code again to show it.
//!
//! A code made alone is a lot of one ([`create_one`]). What a reseller makes at once is one transaction ([`create`]).
//! What staff order is made part by part by a job ([`order`], `code_jobs`), and each part pays for itself: after every
//! commit ISSUED is what the codes that are there cost, and a job that ends early owes nothing and has kept nothing.
//!
//! What staff make ahead is kept by the operator ([`stock`]) until a reseller is given it ([`allocate`]). A lot that was
//! allocated has its codes from the other one: their serials begin with that one's number, and they derive from it.

mod allocate;
mod bulk;
mod change;
mod given;
mod ground;
mod list;
mod make;
mod order;
mod part;
mod print_file;
mod range;
mod range_jobs;
mod record;
mod repo;
mod revoke;
mod serials;
mod single;
mod stock;
mod stock_repo;

pub(crate) use allocate::{allocate, preview_allocation};
pub(crate) use bulk::{create, note};
pub(crate) use change::{ChangedPart, change_part, preview_change, start_change, start_undo};
pub(crate) use given::allocate_part;
pub(crate) use list::{Viewer, detail, list};
pub(crate) use make::{LotError, NewLot, make};
pub(crate) use order::{order, preview};
pub(crate) use part::{Refused, make_part};
pub(crate) use print_file::print_file;
pub(crate) use range::{change_range, preview_range};
pub(crate) use range_jobs::{cancel_range, undo_range};
pub(crate) use repo::by_id;
pub(crate) use single::create_one;
