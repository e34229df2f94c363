//! The check symbol: a weighted sum over GF(32) of prefix and body.
//!
//! It finds every single wrong symbol, every swap of two symbols and every doubled-pair error, and stays inside
//! the alphabet, which Crockford's own mod-37 check does not.

use super::alphabet::value_of;

/// a^5 + a^2 + 1.
const POLYNOMIAL: u16 = 0b10_0101;

fn multiply(a: u8, b: u8) -> u8 {
    let mut product = 0_u16;
    for bit in 0..5 {
        if b >> bit & 1 == 1 {
            product ^= u16::from(a) << bit;
        }
    }
    for bit in (5..9).rev() {
        if product >> bit & 1 == 1 {
            product ^= POLYNOMIAL << (bit - 5);
        }
    }
    (product & 31) as u8
}

fn power_of_alpha(exponent: usize) -> u8 {
    (0..exponent % 31).fold(1, |power, _| multiply(power, 2))
}

/// The check value of eleven body values under a canonical prefix.
pub(super) fn check_value(prefix: &[u8], body: &[u8]) -> u8 {
    let of_body = body.iter().take(11).enumerate().map(|(i, d)| multiply(power_of_alpha(i + 1), *d));
    let of_prefix = prefix.iter().enumerate().map(|(j, s)| multiply(power_of_alpha(12 + j), value_of(*s).unwrap_or(0)));
    of_body.chain(of_prefix).fold(0, |sum, term| sum ^ term)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alpha_has_order_31() {
        let powers: std::collections::HashSet<u8> = (0..31).map(power_of_alpha).collect();
        assert_eq!(powers.len(), 31);
        assert_eq!(power_of_alpha(31), 1);
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
