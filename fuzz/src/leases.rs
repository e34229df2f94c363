//! The lease blob. Random bytes never pass its signature, so the bytes are also tried as what Central itself signed.

use counterfoil_domain::lease::SignedLease;
use ed25519_dalek::{Signer, SigningKey};

pub(crate) fn run(bytes: &[u8]) {
    let key = SigningKey::from_bytes(&[7; 32]);
    let signed = [bytes, &key.sign(bytes).to_bytes()].concat();
    match SignedLease::verify(&signed, &key.verifying_key()) {
        Ok(lease) => {
            assert_eq!(lease.bytes(), signed);
            assert_eq!(lease.terms().validate(), Ok(()));
            let again = SignedLease::sign(lease.terms().clone(), &key);
            assert_eq!(again.as_ref().map(SignedLease::bytes), Ok(&signed[..]), "two texts for one lease");
        }
        Err(reason) => crate::says_why(&reason),
    }
    let stranger = SigningKey::from_bytes(&[8; 32]).verifying_key();
    assert!(SignedLease::verify(&signed, &stranger).is_err(), "a lease of another Central");
    assert!(SignedLease::verify(bytes, &stranger).is_err(), "a lease that nobody signed");
}
