//! The signed lease: big-endian bytes under Central's Ed25519 signature, so that a restored Central can be shown
//! what it granted and a device can prove what it holds.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use thiserror::Error;

use super::terms::{LeaseTerms, Slot, TermsError};
use crate::amount::{Currency, Unit};
use crate::code::Prefix;
use crate::ids::{DeviceId, LeaseId, OperatorId, PlanId, ResellerId};
use crate::time::Timestamp;

const MAGIC: &[u8; 4] = b"LSE1";
const SIGNATURE_BYTES: usize = 64;

/// A lease's terms with the bytes that were signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedLease {
    terms: LeaseTerms,
    bytes: Vec<u8>,
}

/// Why bytes are not a lease of this Central.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum BlobError {
    #[error("not a lease: wrong length or mark")]
    Malformed,
    #[error("the lease is not signed by this Central")]
    BadSignature,
    #[error(transparent)]
    Terms(#[from] TermsError),
}

impl SignedLease {
    /// Validates and signs.
    pub fn sign(terms: LeaseTerms, key: &SigningKey) -> Result<Self, BlobError> {
        terms.validate()?;
        let mut bytes = encode(&terms)?;
        let signature = key.sign(&bytes);
        bytes.extend_from_slice(&signature.to_bytes());
        Ok(Self { terms, bytes })
    }

    /// Reads bytes and checks the signature before believing anything in them.
    pub fn verify(bytes: &[u8], key: &VerifyingKey) -> Result<Self, BlobError> {
        let at = bytes.len().checked_sub(SIGNATURE_BYTES).ok_or(BlobError::Malformed)?;
        let (body, signature) = bytes.split_at(at);
        let signature = Signature::from_slice(signature).map_err(|_| BlobError::Malformed)?;
        key.verify_strict(body, &signature).map_err(|_| BlobError::BadSignature)?;
        let terms = decode(body)?;
        terms.validate()?;
        Ok(Self { terms, bytes: bytes.to_vec() })
    }

    pub fn terms(&self) -> &LeaseTerms {
        &self.terms
    }

    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

fn encode(terms: &LeaseTerms) -> Result<Vec<u8>, BlobError> {
    let mut out = Vec::with_capacity(512);
    out.extend_from_slice(MAGIC);
    out.extend_from_slice(terms.lease_id.as_bytes());
    out.extend_from_slice(terms.operator_id.as_bytes());
    out.extend_from_slice(terms.reseller_id.as_bytes());
    out.extend_from_slice(terms.device_id.as_bytes());
    out.extend_from_slice(&terms.key_id.to_be_bytes());
    out.push(match terms.unit {
        Unit::Credits => 0,
        Unit::Minor(currency) if currency == terms.currency => 1,
        Unit::Minor(_) => return Err(BlobError::Malformed),
    });
    out.extend_from_slice(&terms.currency.as_bytes());
    push_unsigned(&mut out, terms.amount)?;
    out.extend_from_slice(&terms.max_codes.to_be_bytes());
    push_length(&mut out, terms.prefix.as_str().len())?;
    out.extend_from_slice(terms.prefix.as_str().as_bytes());
    push_length(&mut out, terms.slots.len())?;
    for slot in &terms.slots {
        out.push(slot.slot);
        out.extend_from_slice(slot.plan_id.as_bytes());
        out.extend_from_slice(&slot.plan_version.to_be_bytes());
        out.extend_from_slice(&slot.term_days.to_be_bytes());
        push_unsigned(&mut out, slot.cost)?;
        push_unsigned(&mut out, slot.price)?;
    }
    for at in [terms.issued_at, terms.issue_until, terms.settle_until, terms.redeem_by] {
        push_unsigned(&mut out, at.0)?;
    }
    out.extend_from_slice(&terms.salt);
    out.push(terms.word_list);
    Ok(out)
}

fn push_unsigned(out: &mut Vec<u8>, value: i64) -> Result<(), BlobError> {
    out.extend_from_slice(&u64::try_from(value).map_err(|_| BlobError::Malformed)?.to_be_bytes());
    Ok(())
}

fn push_length(out: &mut Vec<u8>, length: usize) -> Result<(), BlobError> {
    out.push(u8::try_from(length).map_err(|_| BlobError::Malformed)?);
    Ok(())
}

fn decode(body: &[u8]) -> Result<LeaseTerms, BlobError> {
    let mut reader = Reader(body);
    if reader.array::<4>()? != *MAGIC {
        return Err(BlobError::Malformed);
    }
    let lease_id = LeaseId::from_bytes(reader.array()?);
    let operator_id = OperatorId::from_bytes(reader.array()?);
    let reseller_id = ResellerId::from_bytes(reader.array()?);
    let device_id = DeviceId::from_bytes(reader.array()?);
    let key_id = u16::from_be_bytes(reader.array()?);
    let [unit] = reader.array()?;
    let currency = Currency::new(reader.array()?).map_err(|_| BlobError::Malformed)?;
    let unit = match unit {
        0 => Unit::Credits,
        1 => Unit::Minor(currency),
        _ => return Err(BlobError::Malformed),
    };
    let amount = reader.unsigned()?;
    let max_codes = u16::from_be_bytes(reader.array()?);
    let [prefix_length] = reader.array()?;
    let prefix = std::str::from_utf8(reader.take(usize::from(prefix_length))?).map_err(|_| BlobError::Malformed)?;
    let prefix = Prefix::new(prefix).map_err(|_| BlobError::Malformed)?;
    let [slot_count] = reader.array()?;
    let slots = (0..slot_count).map(|_| reader.slot()).collect::<Result<_, _>>()?;
    let terms = LeaseTerms {
        lease_id,
        operator_id,
        reseller_id,
        device_id,
        key_id,
        unit,
        currency,
        amount,
        max_codes,
        prefix,
        slots,
        issued_at: Timestamp(reader.unsigned()?),
        issue_until: Timestamp(reader.unsigned()?),
        settle_until: Timestamp(reader.unsigned()?),
        redeem_by: Timestamp(reader.unsigned()?),
        salt: reader.array()?,
        word_list: reader.array::<1>()?[0],
    };
    if reader.0.is_empty() { Ok(terms) } else { Err(BlobError::Malformed) }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], BlobError> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(BlobError::Malformed)?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], BlobError> {
        self.take(N)?.try_into().map_err(|_| BlobError::Malformed)
    }

    fn unsigned(&mut self) -> Result<i64, BlobError> {
        i64::try_from(u64::from_be_bytes(self.array()?)).map_err(|_| BlobError::Malformed)
    }

    fn slot(&mut self) -> Result<Slot, BlobError> {
        Ok(Slot {
            slot: self.array::<1>()?[0],
            plan_id: PlanId::from_bytes(self.array()?),
            plan_version: u32::from_be_bytes(self.array()?),
            term_days: u16::from_be_bytes(self.array()?),
            cost: self.unsigned()?,
            price: self.unsigned()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms() -> LeaseTerms {
        LeaseTerms {
            lease_id: LeaseId::from_bytes([3; 16]),
            operator_id: OperatorId::from_bytes([1; 16]),
            reseller_id: ResellerId::from_bytes([4; 16]),
            device_id: DeviceId::from_bytes([2; 16]),
            key_id: 1,
            unit: Unit::Credits,
            currency: Currency::new(*b"EUR").expect("currency"),
            amount: 365,
            max_codes: 128,
            prefix: Prefix::new("PM2D").expect("prefix"),
            slots: vec![Slot {
                slot: 0,
                plan_id: PlanId::from_bytes([5; 16]),
                plan_version: 1,
                term_days: 30,
                cost: 30,
                price: 999,
            }],
            issued_at: Timestamp(1_000),
            issue_until: Timestamp(2_000),
            settle_until: Timestamp(3_000),
            redeem_by: Timestamp(4_000),
            salt: [0xa5; 16],
            word_list: 1,
        }
    }

    #[test]
    fn what_was_signed_is_what_is_read() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let signed = SignedLease::sign(terms(), &key).expect("valid terms");
        assert_eq!(SignedLease::verify(signed.bytes(), &key.verifying_key()), Ok(signed.clone()));
        assert_eq!(signed.terms(), &terms());
    }

    #[test]
    fn every_changed_or_missing_byte_is_refused() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let signed = SignedLease::sign(terms(), &key).expect("valid terms");
        for at in 0..signed.bytes().len() {
            let mut changed = signed.bytes().to_vec();
            changed[at] ^= 1;
            assert!(SignedLease::verify(&changed, &key.verifying_key()).is_err(), "byte {at}");
            assert!(SignedLease::verify(&signed.bytes()[..at], &key.verifying_key()).is_err(), "cut at {at}");
        }
        let stranger = SigningKey::from_bytes(&[8; 32]).verifying_key();
        assert_eq!(SignedLease::verify(signed.bytes(), &stranger), Err(BlobError::BadSignature));
    }

    #[test]
    fn terms_that_cannot_stand_are_not_signed() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let no_codes = LeaseTerms { max_codes: 0, ..terms() };
        assert_eq!(SignedLease::sign(no_codes, &key), Err(BlobError::Terms(TermsError::MaxCodes)));
        let twice = LeaseTerms { slots: [terms().slots, terms().slots].concat(), ..terms() };
        assert_eq!(SignedLease::sign(twice, &key), Err(BlobError::Terms(TermsError::Slots)));
        let backwards = LeaseTerms { issue_until: Timestamp(500), ..terms() };
        assert_eq!(SignedLease::sign(backwards, &key), Err(BlobError::Terms(TermsError::Deadlines)));
    }
}
