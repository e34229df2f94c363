//! Invented accounts, as many as wanted, the same ones each time.

use crate::setup::Setup;
use crate::tables::{Tables, User};

const NAMES: &[&str] = &["Ana Ruiz", "Іван Петренко", "Lena Brandt", "Omar Haddad", "Mia Novak", "Jonas Lind"];

/// Adds this many accounts, numbered from `first`. Most are plain; a few are what a portal of some age really holds:
/// rows without a number, without a box, two with one MAC, and MACs that are none.
pub(crate) fn accounts(tables: &mut Tables, setup: &Setup, first: u32, count: u32) {
    for number in first..first.saturating_add(count) {
        tables.add(account(number, setup));
    }
}

fn account(number: u32, setup: &Setup) -> User {
    let [_, high, middle, low] = number.to_be_bytes();
    let mut user = User::new(&format!("user{number:06}"));
    user.password = format!("pw{number}");
    user.full_name.push_str(NAMES[number as usize % NAMES.len()]);
    user.phone = format!("+49301{number:07}");
    user.ls = format!("{}", 100_000 + number);
    user.mac = format!("00:1A:79:{high:02X}:{middle:02X}:{low:02X}");
    user.tariff_plan_id = 1 + number % 2;
    user.off = number.is_multiple_of(7);
    user.comment = Some(format!("sample {number}"));
    user.end_date = Some(format!("2027-{:02}-{:02} 00:00:00", 1 + number % 12, 1 + number % 28));
    match number % 1_000 {
        997 => user.ls = String::new(),
        998 => user.mac = String::new(),
        999 => user.mac = String::from("HELLO-WORLD-12345"),
        _ => {}
    }
    // Every third account belongs to nobody.
    if setup.has_reseller_id() && !number.is_multiple_of(3) {
        user.reseller_id = 1;
    }
    user
}
