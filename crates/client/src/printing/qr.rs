//! The QR of a code, as SVG.

use fast_qr::convert::Builder as _;
use fast_qr::convert::svg::SvgBuilder;
use fast_qr::{ECL, QRBuilder};

use super::PrintError;

/// Readable from a worn screen or a thermal strip: a fourth of it may be damaged.
pub(crate) fn qr_svg(code: &str) -> Result<String, PrintError> {
    let qr = QRBuilder::new(code).ecl(ECL::Q).build().map_err(|error| PrintError::Qr(error.to_string()))?;
    Ok(SvgBuilder::default().margin(2).to_str(&qr))
}
