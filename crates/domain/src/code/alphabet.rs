//! The 32 symbols of Crockford's base 32: no I, L, O, U.

pub(crate) const SYMBOLS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Stands in [`VALUES`] where there is no symbol.
const NONE: u8 = u8::MAX;

static VALUES: [u8; 256] = values();

const fn values() -> [u8; 256] {
    let mut values = [NONE; 256];
    let mut value = 0;
    while value < 32 {
        values[SYMBOLS[value as usize] as usize] = value;
        value += 1;
    }
    values
}

/// The value of a canonical symbol.
pub(super) fn value_of(symbol: u8) -> Option<u8> {
    match VALUES[usize::from(symbol)] {
        NONE => None,
        value => Some(value),
    }
}

/// What a person may have meant: upper case, I and L as 1, O as 0.
pub(crate) fn canonical(typed: char) -> Option<u8> {
    let upper = typed.to_ascii_uppercase();
    let symbol = match upper {
        'I' | 'L' => '1',
        'O' => '0',
        other => other,
    };
    let byte = u8::try_from(symbol).ok()?;
    value_of(byte).map(|_| byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_symbol_has_its_place_as_value_and_nothing_else_has_one() {
        for byte in 0..=u8::MAX {
            let place = SYMBOLS.iter().position(|symbol| *symbol == byte);
            assert_eq!(value_of(byte).map(usize::from), place, "{byte}");
        }
    }
}
