//! Of the second factor. The secret is the one of RFC 6238.

use counterfoil_wire::second_factor::{
    BeginSecondFactor, ConfirmSecondFactor, ProveSecondFactor, RecoveryCodes, RemoveSecondFactor, RemovedSecondFactor,
    SecondFactorSecret,
};
use counterfoil_wire::sessions::Audience;

pub(crate) fn begin_second_factor() -> BeginSecondFactor {
    BeginSecondFactor { password: "correct horse".into() }
}

pub(crate) fn second_factor_secret() -> SecondFactorSecret {
    SecondFactorSecret {
        secret: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ".into(),
        uri: "otpauth://totp/Lumen%20TV:nina?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Lumen%20TV\
              &algorithm=SHA1&digits=6&period=30"
            .into(),
    }
}

pub(crate) fn confirm_second_factor() -> ConfirmSecondFactor {
    ConfirmSecondFactor { code: "081804".into() }
}

pub(crate) fn prove_second_factor() -> ProveSecondFactor {
    ProveSecondFactor { password: "correct horse".into(), code: "7KQM-3XWP-0ZTR".into() }
}

pub(crate) fn recovery_codes() -> RecoveryCodes {
    RecoveryCodes { codes: vec!["7KQM-3XWP-0ZTR".into()] }
}

pub(crate) fn remove_second_factor() -> RemoveSecondFactor {
    RemoveSecondFactor { audience: Audience::Admin, username: "nina".into() }
}

pub(crate) fn removed_second_factor() -> RemovedSecondFactor {
    RemovedSecondFactor { username: "nina".into(), was_on: true }
}
