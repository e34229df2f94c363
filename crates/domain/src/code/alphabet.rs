//! The 32 symbols of Crockford's base 32: no I, L, O, U.

pub(super) const SYMBOLS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The value of a canonical symbol.
pub(super) fn value_of(symbol: u8) -> Option<u8> {
    SYMBOLS.iter().position(|s| *s == symbol).and_then(|at| u8::try_from(at).ok())
}

/// What a person may have meant: upper case, I and L as 1, O as 0.
pub(super) fn canonical(typed: char) -> Option<u8> {
    let upper = typed.to_ascii_uppercase();
    let symbol = match upper {
        'I' | 'L' => '1',
        'O' => '0',
        other => other,
    };
    let byte = u8::try_from(symbol).ok()?;
    value_of(byte).map(|_| byte)
}
