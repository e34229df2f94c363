//! The receipt of a sale.

use counterfoil_domain::subscription::zone;
use counterfoil_domain::time::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::{PrintError, money, page, qr_svg};
use crate::brand;
use crate::device;
use crate::selling::Issued;
use crate::till::Till;

/// Symbols of a prefix that still fit before the code.
const WIDEST_PREFIX: usize = 6;
const TEMPLATE: &str = include_str!("receipt.typ");

/// A receipt as a file.
pub(crate) struct Receipt {
    pub(crate) file_name: String,
    pub(crate) pdf: Vec<u8>,
}

#[derive(Serialize)]
struct Data {
    title: String,
    shop: String,
    operator: String,
    till: String,
    zone: String,
    sold_at: String,
    total: String,
    email: Option<String>,
    codes: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    plan: String,
    prefix: String,
    groups: String,
    qr: String,
    serial: String,
    term: String,
    redeem_by: String,
    price: String,
}

pub(crate) async fn receipt(till: &Till, codes: Vec<Issued>) -> Result<Receipt, PrintError> {
    let first = codes.first().ok_or(PrintError::Nothing)?;
    let file_name = format!("receipt-{}.pdf", first.serial);
    let mut db = till.read().await?;
    let device = device::repo::device(&mut db).await?.ok_or(PrintError::Nothing)?;
    let member = device::repo::member(&mut db).await?;
    drop(db);
    let brand = brand::shown(till).await?;
    // A zone this build does not know must not keep a customer waiting: UTC, and said so.
    let (zone_name, zone) = zone(&device.time_zone)
        .map_or_else(|_| ("UTC".to_owned(), TimeZone::UTC), |zone| (device.time_zone.clone(), zone));
    let total = codes.iter().fold(0_i64, |sum, code| sum.saturating_add(code.price));
    let data = Data {
        title: format!("Receipt {}", first.serial),
        shop: member.and_then(|member| member.reseller_name).unwrap_or_else(|| device.operator_name.clone()),
        operator: brand.name,
        till: device.name,
        zone: zone_name,
        sold_at: at(first.sold_at, &zone),
        total: money::text(total, &first.currency),
        email: first.customer_email.clone(),
        codes: codes.iter().map(|code| line(code, &zone)).collect::<Result<_, _>>()?,
    };
    let data = serde_json::to_string(&data).map_err(|error| PrintError::Layout(error.to_string()))?;
    let pdf = tokio::task::spawn_blocking(move || page::pdf(TEMPLATE, &data, brand.logo))
        .await
        .map_err(|error| PrintError::Layout(error.to_string()))??;
    Ok(Receipt { file_name, pdf })
}

fn line(code: &Issued, zone: &TimeZone) -> Result<Line, PrintError> {
    // In one line where the paper is wide enough.
    let (prefix, groups) = match code.code.split_once('-') {
        Some((prefix, groups)) if prefix.len() > WIDEST_PREFIX => (prefix, groups),
        _ => ("", code.code.as_str()),
    };
    Ok(Line {
        plan: code.plan_name.clone(),
        prefix: prefix.to_owned(),
        // A line break may not fall inside a code.
        groups: groups.replace('-', "\u{2011}"),
        qr: qr_svg(&code.code)?,
        serial: code.serial.clone(),
        term: if code.term_days == 1 { "1 day".into() } else { format!("{} days", code.term_days) },
        redeem_by: at(code.redeem_by, zone),
        price: money::text(code.price, &code.currency),
    })
}

/// `2026-11-21 14:05`
fn at(moment: Timestamp, zone: &TimeZone) -> String {
    jiff::Timestamp::from_millisecond(moment.0)
        .map(|moment| moment.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    use counterfoil_domain::ids::{CodeId, LeaseId, PlanId, SaleId};

    use super::*;

    /// One transparent pixel.
    const PIXEL: &str =
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

    /// The squares are drawn, so the logo is the only one.
    fn has_picture(pdf: &[u8]) -> bool {
        String::from_utf8_lossy(pdf).replace("/Subtype /", "/Subtype/").contains("/Subtype/Image")
    }

    fn issued(seq: u32) -> Issued {
        Issued {
            code_id: CodeId::from_bytes([1; 16]),
            lease_id: LeaseId::from_bytes([2; 16]),
            seq,
            slot: 0,
            sale_id: SaleId::from_bytes([3; 16]),
            serial: format!("000123-{seq:04}"),
            code: "PM2D-M0BP-0419-5CYQ".into(),
            masked: "PM2D-····-····-5CYQ".into(),
            plan_id: PlanId::from_bytes([4; 16]),
            plan_name: "Family \"Plus\" #30 $x$ 30 días".into(),
            term_days: 30,
            cost: 30,
            unit: "credits".into(),
            price: 999,
            currency: "EUR".into(),
            customer_email: None,
            sold_at: Timestamp(1_764_000_000_000),
            redeem_by: Timestamp(1_795_000_000_000),
            op_seq: 1,
        }
    }

    #[test]
    fn a_receipt_becomes_a_pdf_whatever_the_names_hold() {
        let zone = zone("Europe/Berlin").expect("zone");
        let codes = [issued(7), issued(8)];
        let data = Data {
            title: "Receipt".into(),
            shop: "Kiosk *am* #Markt".into(),
            operator: "Example TV".into(),
            till: "Till 2".into(),
            zone: "Europe/Berlin".into(),
            sold_at: at(codes[0].sold_at, &zone),
            total: money::text(1_998, "EUR"),
            email: Some("someone@example.org".into()),
            codes: codes.iter().map(|code| line(code, &zone).expect("line")).collect(),
        };
        let data = serde_json::to_string(&data).expect("json");
        let pdf = page::pdf(TEMPLATE, &data, None).expect("laid out");
        assert!(pdf.starts_with(b"%PDF-") && pdf.len() > 5_000);
        // With a logo on top, and without one that nobody can unpack.
        let pixel = STANDARD.decode(PIXEL).expect("a picture");
        let with_logo = page::pdf(TEMPLATE, &data, Some(pixel.clone())).expect("laid out");
        assert!(has_picture(&with_logo) && !has_picture(&pdf));
        let damaged = page::pdf(TEMPLATE, &data, Some(pixel[..40].to_vec())).expect("laid out");
        assert!(damaged.starts_with(b"%PDF-") && !has_picture(&damaged));
        if let Ok(folder) = std::env::var("COUNTERFOIL_KEEP_RECEIPT") {
            std::fs::write(std::path::Path::new(&folder).join("receipt.pdf"), &pdf).expect("kept");
        }
    }
}
