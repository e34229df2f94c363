//! Paper: a receipt per sale, and the QR of a code.

mod error;
mod money;
mod page;
mod qr;
mod receipt;

pub(crate) use error::PrintError;
pub(crate) use page::pdf;
pub(crate) use qr::qr_svg;
pub(crate) use receipt::receipt;
