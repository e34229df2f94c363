//! What somebody shows beside the password: six digits from an app, or a recovery code where the app is lost.

mod recovery;
mod totp;

pub use recovery::RecoveryCode;
pub use totp::{SECRET_BYTES, Secret, step_at};

/// As somebody typed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// Six digits.
    Digits(u32),
    Recovery(RecoveryCode),
}

impl Shown {
    /// None: it is neither, and so right for nobody.
    pub fn read(typed: &str) -> Option<Self> {
        let close: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
        if close.len() == 6 && close.bytes().all(|byte| byte.is_ascii_digit()) {
            return close.parse().ok().map(Self::Digits);
        }
        RecoveryCode::read(&close).map(Self::Recovery)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_digits_and_recovery_codes_are_told_apart_however_they_are_spaced() {
        assert_eq!(Shown::read(" 081 804 "), Some(Shown::Digits(81_804)));
        let code = RecoveryCode::from_random([7; RecoveryCode::LENGTH]);
        assert_eq!(Shown::read(&format!(" {} ", code.shown())), Some(Shown::Recovery(code)));
        for neither in ["", "12345", "1234567", "12345a", "٠٨١٨٠٤", "correct horse battery"] {
            assert_eq!(Shown::read(neither), None, "{neither:?}");
        }
    }
}
