//! Codes as people type them, and as outside checkers derive them.

use counterfoil_domain::code::{CURRENT_LIST, Code, CodeError, Prefix, SourceId, derive_code, derive_key};
use counterfoil_domain::ids::{DeviceId, LeaseId, OperatorId};
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use proptest::prelude::*;
use sha2::Sha256;

const SYMBOLS: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

fn prefixes() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(SYMBOLS.chars().collect::<Vec<_>>()), 1..=Prefix::MAX_SYMBOLS)
        .prop_map(|symbols| symbols.into_iter().collect())
}

fn codes() -> impl Strategy<Value = Code> {
    (any::<[u8; 32]>(), any::<[u8; 16]>(), prefixes(), any::<u8>(), any::<u32>()).prop_map(
        |(key, source, prefix, slot, seq)| {
            let key = counterfoil_domain::code::SourceKey::from_bytes(key);
            let prefix = Prefix::new(&prefix).expect("of the alphabet");
            derive_code(&key, SourceId(source), &prefix, slot, seq, CURRENT_LIST)
        },
    )
}

/// The symbols without hyphens, and how many of them are the prefix.
fn symbols(code: &Code) -> (Vec<char>, usize) {
    let symbols: Vec<char> = code.reveal().chars().filter(|c| *c != '-').collect();
    let prefix = symbols.len() - 12;
    (symbols, prefix)
}

/// One symbol as somebody may type it: other case, a look-alike, a separator before it.
fn typed(symbol: char, in_prefix: bool, noise: u8) -> String {
    let other = match symbol {
        '0' if noise & 1 == 1 => 'O',
        '1' if noise & 3 == 1 => 'I',
        '1' if noise & 3 == 3 => 'L',
        'V' if in_prefix && noise & 1 == 1 => 'U',
        other => other,
    };
    let cased = if noise & 4 == 0 { other.to_ascii_lowercase() } else { other };
    let separator = match noise >> 4 {
        0 | 1 => "-",
        2 => " ",
        3 => "\u{2013}",
        _ => "",
    };
    format!("{separator}{cased}")
}

/// The derivation of docs/OFFLINE.md written down a second time, from the text of that page.
fn outside_checker(key: &[u8; 32], source: [u8; 16], prefix: &str, slot: u8, seq: u32, retry: u8) -> String {
    let mut message = b"offline-code/v1\0".to_vec();
    message.extend_from_slice(&source);
    message.push(u8::try_from(prefix.len()).expect("short"));
    message.extend_from_slice(prefix.as_bytes());
    message.push(slot);
    message.extend_from_slice(&seq.to_be_bytes());
    message.push(retry);
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length");
    mac.update(&message);
    let tag = mac.finalize().into_bytes();
    let bits = format!("{:064b}", u64::from_be_bytes(tag[..8].try_into().expect("eight")));
    let values: Vec<usize> =
        (0..11).map(|i| usize::from_str_radix(&bits[5 * i..5 * i + 5], 2).expect("bits")).collect();
    let alphabet: Vec<char> = SYMBOLS.chars().collect();
    // Powers of 2 in GF(32) with x^5 = x^2 + 1.
    let mut power = vec![1_usize];
    for _ in 0..31 {
        let doubled = power[power.len() - 1] << 1;
        power.push(if doubled > 31 { (doubled ^ 0b10_0101) & 31 } else { doubled });
    }
    let log = |value: usize| power.iter().position(|p| *p == value).expect("not zero");
    let times = |a: usize, b: usize| if a == 0 || b == 0 { 0 } else { power[(log(a) + log(b)) % 31] };
    let body = values.iter().enumerate().map(|(i, v)| times(power[i + 1], *v));
    let of_prefix = prefix.chars().enumerate().map(|(j, symbol)| {
        times(power[(12 + j) % 31], alphabet.iter().position(|a| *a == symbol).expect("of the alphabet"))
    });
    let check = body.chain(of_prefix).fold(0, |sum, term| sum ^ term);
    let text: String = values.iter().chain([&check]).map(|v| alphabet[*v]).collect();
    format!("{prefix}-{}-{}-{}", &text[..4], &text[4..8], &text[8..])
}

#[test]
fn the_worked_example_of_the_page() {
    let master: Vec<u8> = (0..32).collect();
    let mut info = b"offline-code/lease/v1\0".to_vec();
    info.extend([1; 16].iter().chain(&[2; 16]).chain(&[3; 16]));
    let mut key = [0; 32];
    Hkdf::<Sha256>::new(Some(&[0xa5; 16]), &master).expand(&info, &mut key).expect("32 bytes");
    assert_eq!(hex::encode(key), "c94891c686e20d755f251c5755f6649af568d98d18bc9849ede8d9501ae6602e");
    for (slot, seq, code) in
        [(0, 1, "PM2D-M0BP-0419-5CYQ"), (0, 2, "PM2D-7Y53-DVFR-X0MS"), (3, 128, "PM2D-2E6W-MA7B-QHPV")]
    {
        assert_eq!(outside_checker(&key, [3; 16], "PM2D", slot, seq, 0), code);
    }
    let ours = derive_key(
        master[..].try_into().expect("32"),
        &[0xa5; 16],
        OperatorId::from_bytes([1; 16]),
        DeviceId::from_bytes([2; 16]),
        LeaseId::from_bytes([3; 16]).into(),
    );
    assert_eq!(ours.reveal(), &key);
}

/// A failure prints its smallest input; that belongs into a test with a name, not into a file beside.
fn kept_nowhere() -> ProptestConfig {
    // Two of the properties try every place and symbol of each code, about 900 texts.
    ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(kept_nowhere())]

    #[test]
    fn an_outside_checker_derives_the_same(key in any::<[u8; 32]>(), source in any::<[u8; 16]>(), prefix in prefixes(),
        slot in any::<u8>(), seq in any::<u32>()) {
        let own = counterfoil_domain::code::SourceKey::from_bytes(key);
        let code = derive_code(&own, SourceId(source), &Prefix::new(&prefix).expect("prefix"), slot, seq, CURRENT_LIST);
        let body = |text: &str| text[prefix.len()..].replace('-', "");
        let outside = (0..=u8::MAX)
            .map(|retry| outside_checker(&key, source, &prefix, slot, seq, retry))
            .find(|text| !CURRENT_LIST.offends(&body(text)));
        prop_assert_eq!(Some(code.reveal()), outside);
    }

    #[test]
    fn a_code_reads_back_however_it_is_typed(code in codes(), noise in prop::collection::vec(any::<u8>(), 31)) {
        let (symbols, prefix) = symbols(&code);
        let text: String =
            symbols.iter().zip(noise).enumerate().map(|(at, (c, noise))| typed(*c, at < prefix, noise)).collect();
        prop_assert_eq!(Code::parse(&text), Ok(code), "{}", text);
    }

    /// Exhaustive over each code: every place, prefix included, and every other symbol.
    #[test]
    fn one_wrong_symbol_never_passes(code in codes()) {
        let (symbols, _) = symbols(&code);
        for at in 0..symbols.len() {
            for wrong in SYMBOLS.chars().filter(|wrong| *wrong != symbols[at]) {
                let mut text = symbols.clone();
                text[at] = wrong;
                prop_assert_eq!(Code::parse(&text.iter().collect::<String>()), Err(CodeError::BadCheck));
            }
        }
    }

    /// Exhaustive over each code: every two places, across the hyphen after the prefix too.
    #[test]
    fn two_symbols_swapped_never_pass(code in codes()) {
        let (symbols, _) = symbols(&code);
        for first in 0..symbols.len() {
            for second in first + 1..symbols.len() {
                let mut text = symbols.clone();
                text.swap(first, second);
                let read = Code::parse(&text.iter().collect::<String>());
                if text == symbols {
                    prop_assert_eq!(read, Ok(code.clone()));
                } else {
                    prop_assert_eq!(read, Err(CodeError::BadCheck), "{} and {}", first, second);
                }
            }
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        if let Ok(code) = Code::parse(&text) {
            prop_assert_eq!(Code::parse(&code.reveal()), Ok(code));
        }
        if let Ok(prefix) = Prefix::new(&text) {
            prop_assert_eq!(prefix.as_str(), text);
        }
    }
}
