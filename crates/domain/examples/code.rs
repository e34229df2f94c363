//! Prints the code of a number, or says whether a given code is it. For whoever wants to check Counterfoil's codes with a
//! program of their own; the derivation is in docs/OFFLINE.md, section 3.

// An example prints: that is what it is for.
#![allow(clippy::print_stdout)]

use std::collections::BTreeMap;
use std::process::ExitCode;

use counterfoil_domain::code::{CURRENT_LIST, Code, Prefix, derive_code, derive_key};
use counterfoil_domain::ids::{DeviceId, LeaseId, OperatorId};

const HELP: &str = "\
cargo run -p counterfoil-domain --example code -- --master HEX --salt HEX --operator HEX --device HEX --lease HEX
    --prefix TEXT --slot N --seq N [--check CODE]

The master key has 32 bytes; salt and ids have 16, ids also as UUIDs. Codes made online have the lot's id as --lease and
the nil id as --device. With --check it ends with status 1 unless the code is the one of this number; case, blanks and
hyphens do not matter, and I, L and O are read as 1, 1 and 0.

With master 000102…1f, salt a5 sixteen times, operator 01, device 02 and lease 03 sixteen times each, prefix PM2D:
    slot 0, seq 1      PM2D-M0BP-0419-5CYQ
    slot 0, seq 2      PM2D-7Y53-DVFR-X0MS
    slot 3, seq 128    PM2D-2E6W-MA7B-QHPV
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.is_empty() || arguments.iter().any(|argument| argument == "--help") {
        print!("{HELP}");
        return ExitCode::SUCCESS;
    }
    match answer(&arguments) {
        Ok((text, fits)) => {
            println!("{text}");
            if fits { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(wrong) => {
            println!("{wrong}\n\n{HELP}");
            ExitCode::from(2)
        }
    }
}

/// What to print, and whether a code that was given is right.
fn answer(arguments: &[String]) -> Result<(String, bool), String> {
    let mut given = BTreeMap::new();
    for pair in arguments.chunks(2) {
        let [name, value] = pair else { return Err(format!("{} wants a value", pair[0])) };
        given.insert(name.trim_start_matches("--"), value.as_str());
    }
    let value = |name: &str| given.get(name).copied().ok_or_else(|| format!("--{name} is missing"));
    let number = |name: &str| value(name)?.parse::<u32>().map_err(|_| format!("--{name} is a number"));
    let lease = LeaseId(uuid::Uuid::from_bytes(bytes(value("lease")?)?));
    let operator = OperatorId(uuid::Uuid::from_bytes(bytes(value("operator")?)?));
    let device = DeviceId(uuid::Uuid::from_bytes(bytes(value("device")?)?));
    let prefix = Prefix::new(value("prefix")?).map_err(|error| format!("--prefix: {error}"))?;
    let slot = u8::try_from(number("slot")?).map_err(|_| "--slot is 0 to 255".to_owned())?;
    let key = derive_key(&bytes(value("master")?)?, &bytes(value("salt")?)?, operator, device, lease.into());
    let code = derive_code(&key, lease.into(), &prefix, slot, number("seq")?, CURRENT_LIST).reveal();
    let Some(typed) = given.get("check") else { return Ok((code, true)) };
    match Code::parse(typed) {
        Ok(parsed) if parsed.reveal() == code => Ok((format!("{code} is the code of this number"), true)),
        Ok(parsed) => Ok((format!("{} is well formed, and not the code of this number", parsed.reveal()), false)),
        Err(error) => Ok((format!("{typed} is no code: {error}"), false)),
    }
}

/// Exactly as many bytes as wanted, in hexadecimal; hyphens as in a UUID are skipped.
fn bytes<const N: usize>(text: &str) -> Result<[u8; N], String> {
    let digits: String = text.chars().filter(|c| *c != '-').collect();
    let bytes = hex::decode(&digits).map_err(|error| format!("{text}: {error}"))?;
    bytes.try_into().map_err(|_| format!("{text} has not {N} bytes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(slot: u32, seq: u32, check: Option<&str>) -> (String, bool) {
        let master = hex::encode((0..32).collect::<Vec<u8>>());
        let mut arguments: Vec<String> = [
            ("master", master),
            ("salt", "a5".repeat(16)),
            ("operator", "01".repeat(16)),
            ("device", "02".repeat(16)),
            ("lease", "03030303-0303-0303-0303-030303030303".into()),
            ("prefix", "PM2D".into()),
            ("slot", slot.to_string()),
            ("seq", seq.to_string()),
        ]
        .into_iter()
        .flat_map(|(name, value)| [format!("--{name}"), value])
        .collect();
        arguments.extend(check.into_iter().flat_map(|code| ["--check".to_owned(), code.to_owned()]));
        answer(&arguments).expect("complete")
    }

    #[test]
    fn the_vectors_of_the_help_text() {
        for (slot, seq) in [(0, 1), (0, 2), (3, 128)] {
            let line = format!("slot {slot}, seq {seq} ");
            let stated = HELP.lines().find(|known| known.trim_start().starts_with(&line)).expect("in the help");
            let stated = stated.split_whitespace().last().expect("a code");
            assert_eq!(ask(slot, seq, None).0, stated);
            assert!(ask(slot, seq, Some(&stated.to_lowercase().replace('-', " "))).1);
        }
    }

    #[test]
    fn another_code_and_a_slip_are_told_apart() {
        let (text, fits) = ask(0, 1, Some("PM2D-7Y53-DVFR-X0MS"));
        assert!(!fits && text.contains("well formed"), "{text}");
        let (text, fits) = ask(0, 1, Some("PM2D-M0BP-0419-5CYR"));
        assert!(!fits && text.contains("no code"), "{text}");
        assert!(answer(&["--seq".into(), "1".into()]).is_err());
    }
}
