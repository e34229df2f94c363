//! The check symbol: a weighted sum over GF(32) of prefix and body.
//!
//! It finds every single wrong symbol, every swap of two symbols and every doubled-pair error, and stays inside
//! the alphabet, which Crockford's own mod-37 check does not.

use super::alphabet::value_of;

/// a^5 + a^2 + 1.
const POLYNOMIAL: u16 = 0b10_0101;

/// What a value counts at a place: alpha to the power of the place, times the value.
static WEIGHED: [[u8; 32]; 31] = weighed();

const fn weighed() -> [[u8; 32]; 31] {
    let mut table = [[0; 32]; 31];
    let (mut place, mut power) = (0, 1);
    while place < 31 {
        let mut value = 0;
        while value < 32 {
            table[place][value as usize] = multiply(power, value);
            value += 1;
        }
        power = multiply(power, 2);
        place += 1;
    }
    table
}

const fn multiply(a: u8, b: u8) -> u8 {
    let mut product = 0_u16;
    let mut bit = 0;
    while bit < 5 {
        if b >> bit & 1 == 1 {
            product ^= (a as u16) << bit;
        }
        bit += 1;
    }
    bit = 8;
    while bit >= 5 {
        if product >> bit & 1 == 1 {
            product ^= POLYNOMIAL << (bit - 5);
        }
        bit -= 1;
    }
    (product & 31) as u8
}

fn weigh(place: usize, value: u8) -> u8 {
    WEIGHED[place % 31][usize::from(value & 31)]
}

/// The check value of eleven body values under a canonical prefix.
pub(super) fn check_value(prefix: &[u8], body: &[u8]) -> u8 {
    let of_body = body.iter().take(11).enumerate().map(|(i, d)| weigh(i + 1, *d));
    let of_prefix = prefix.iter().enumerate().map(|(j, s)| weigh(12 + j, value_of(*s).unwrap_or(0)));
    of_body.chain(of_prefix).fold(0, |sum, term| sum ^ term)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alpha_has_order_31() {
        let powers: std::collections::HashSet<u8> = (0..31).map(|place| weigh(place, 1)).collect();
        assert_eq!(powers.len(), 31);
        assert_eq!(multiply(weigh(30, 1), 2), 1);
    }

    #[test]
    fn every_single_wrong_symbol_and_every_swap_is_found() {
        let body = [20, 0, 11, 22, 0, 4, 1, 9, 5, 12, 30];
        let right = check_value(b"PM2D", &body);
        for at in 0..11 {
            for wrong in (0..32).filter(|w| *w != body[at]) {
                let mut slipped = body;
                slipped[at] = wrong;
                assert_ne!(check_value(b"PM2D", &slipped), right);
            }
            for other in at + 1..11 {
                let mut swapped = body;
                swapped.swap(at, other);
                assert_eq!(check_value(b"PM2D", &swapped) == right, body[at] == body[other]);
            }
        }
    }
}
