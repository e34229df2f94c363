//! Second factors by chance, and what an app is told of one.

use counterfoil_domain::second_factor::{RecoveryCode, SECRET_BYTES, Secret};
use counterfoil_wire::endpoint::encode;
use zeroize::{Zeroize as _, Zeroizing};

use crate::chance;

/// A new secret.
///
/// # Panics
///
/// When the system has no random bytes.
pub fn new_secret() -> Secret {
    let mut random = Zeroizing::new([0; SECRET_BYTES]);
    chance::fill(&mut *random).expect("the system gives random bytes");
    Secret::from_random(*random)
}

/// New recovery codes.
///
/// # Panics
///
/// When the system has no random bytes.
pub fn new_recovery_codes() -> Vec<RecoveryCode> {
    let new = |_| {
        let mut random = [0; RecoveryCode::LENGTH];
        chance::fill(&mut random).expect("the system gives random bytes");
        let code = RecoveryCode::from_random(random);
        random.zeroize();
        code
    };
    (0..RecoveryCode::AT_A_TIME).map(new).collect()
}

/// What an app reads from the square: whose secret it is, and the secret.
pub fn app_uri(secret: &Secret, issuer: &str, username: &str) -> String {
    // Apps take what is before a colon for the issuer.
    let (issuer, username) = (encode(&issuer.replace(':', " ")), encode(username));
    let secret = secret.text();
    format!("otpauth://totp/{issuer}:{username}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits=6&period=30")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_uri_names_issuer_and_user_and_nothing_in_them_changes_its_meaning() {
        let uri = app_uri(&Secret::from_random([0; SECRET_BYTES]), "Lumen: TV & Söhne", "nina@example.org");
        assert_eq!(
            uri,
            "otpauth://totp/Lumen%20%20TV%20%26%20S%C3%B6hne:nina%40example.org?secret=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\
             &issuer=Lumen%20%20TV%20%26%20S%C3%B6hne&algorithm=SHA1&digits=6&period=30"
        );
    }

    #[test]
    fn ten_codes_are_made_and_no_two_are_the_same() {
        let mut codes: Vec<String> = new_recovery_codes().iter().map(RecoveryCode::shown).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), RecoveryCode::AT_A_TIME);
        assert_ne!(new_secret(), new_secret());
    }
}
