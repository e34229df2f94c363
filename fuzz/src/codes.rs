//! Codes and prefixes as people type them.

use counterfoil_domain::code::{Code, CodeError, Prefix, did_you_mean};

const SYMBOLS: &[u8] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

pub(crate) fn run(bytes: &[u8]) {
    let typed = String::from_utf8_lossy(bytes);
    match Code::parse(&typed) {
        Ok(code) => one_text(&code, bytes),
        Err(reason) => {
            crate::says_why(&reason);
            offered(&typed, reason);
        }
    }
    match Prefix::new(&typed) {
        Ok(prefix) => assert_eq!(prefix.as_str(), typed),
        Err(reason) => assert_eq!(reason, CodeError::BadPrefix),
    }
}

/// Whatever was typed, the code has one text, and no text with one other symbol is a code.
fn one_text(code: &Code, chosen: &[u8]) {
    let text = code.reveal();
    assert_eq!(Code::parse(&text).as_ref(), Ok(code));
    assert_eq!(Code::parse(&text.to_ascii_lowercase().replace('-', " ")).as_ref(), Ok(code));
    assert!(text.len() <= Prefix::MAX_SYMBOLS + "-XXXX-XXXX-XXXX".len());
    assert!(Prefix::new(code.prefix().as_str()).is_ok());
    let secret = &text[text.len() - 14..text.len() - 5];
    assert!(!code.masked().contains(secret) && !format!("{code:?}").contains(secret));

    let sum: usize = chosen.iter().map(|byte| usize::from(*byte)).sum();
    let mut other = text.clone().into_bytes();
    let at = sum % other.len();
    if other[at] != b'-' {
        let symbol = SYMBOLS[chosen.len() % SYMBOLS.len()];
        let same = other[at] == symbol;
        other[at] = symbol;
        let read = Code::parse(&String::from_utf8_lossy(&other));
        assert_eq!(read.is_ok(), same, "one symbol of {text} was changed at {at}");
    }
}

/// Only real codes are offered, each once, and only for a text that has the shape of one.
fn offered(typed: &str, reason: CodeError) {
    let offers = did_you_mean(typed);
    assert!(offers.is_empty() || reason == CodeError::BadCheck);
    assert!(offers.len() <= typed.chars().count());
    for (at, offer) in offers.iter().enumerate() {
        assert_eq!(Code::parse(&offer.reveal()).as_ref(), Ok(offer));
        assert!(!offers[..at].contains(offer));
    }
}
