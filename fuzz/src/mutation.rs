//! Seeded changes to an input: the same seed makes the same inputs on every machine.

/// What parsers stumble over.
const TOKENS: &[&[u8]] = &[
    b"0",
    b"-1",
    b"1e308",
    b"4294967295",
    b"9223372036854775807",
    b"-9223372036854775808",
    b"18446744073709551616",
    b"null",
    b"true",
    b"\"\"",
    b"[]",
    b"{}",
    b",",
    b":",
    b"\"",
    b"\\u0000",
    b"\\ud800",
    b"%00",
    b"%ff",
    b"&",
    b"=",
    b"-",
    b" ",
    b"\0",
    b"\xff",
    b"\xc3\x28",
    "\u{202e}".as_bytes(),
    "\u{1f9fe}".as_bytes(),
];

/// Longer inputs are cut: a mutation that doubles must not double for ever.
const LONGEST: usize = 64 * 1024;

/// SplitMix64.
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 up to but without `end`; 0 where there is nothing to choose.
    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % (end.max(1) as u64)).unwrap_or(0)
    }

    fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[0]
    }
}

/// One to four changes to `input`, some of them with parts of `other`.
pub fn mutate(input: &[u8], other: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut bytes = input.to_vec();
    for _ in 0..=chance.below(4) {
        change(&mut bytes, other, chance);
        bytes.truncate(LONGEST);
    }
    bytes
}

fn change(bytes: &mut Vec<u8>, other: &[u8], chance: &mut Chance) {
    let at = chance.below(bytes.len() + 1);
    let end = at + chance.below(bytes.len() - at + 1);
    match chance.below(8) {
        0 if at < bytes.len() => bytes[at] ^= 1 << chance.below(8),
        1 if at < bytes.len() => bytes[at] = chance.byte(),
        2 => bytes.insert(at, chance.byte()),
        3 => drop(bytes.drain(at..end.min(at + 8))),
        4 => bytes.truncate(at),
        5 => {
            let twice = bytes[at..end].to_vec();
            bytes.splice(end..end, twice);
        }
        6 => {
            let from = chance.below(other.len() + 1);
            let to = from + chance.below(other.len() - from + 1);
            bytes.splice(at..end, other[from..to].iter().copied());
        }
        _ => {
            let token = TOKENS[chance.below(TOKENS.len())];
            let replaced = if chance.below(2) == 0 { at } else { end };
            bytes.splice(at..replaced.max(at), token.iter().copied());
        }
    }
}
