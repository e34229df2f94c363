//! Do two copies of the same rows agree? One sum per followed table answers without reading a row.
//!
//! A row's term is the first 8 bytes, big-endian, of SHA-256(table ordinal, 1 byte ‖ key, 16 bytes ‖ version, 8 bytes
//! big-endian); a table's digest is the sum of the terms of its living rows modulo 2^64. Order does not matter, and a
//! row comes, goes or changes in constant time, so both ends keep running sums. Sums of disjoint sets add up: Central
//! keeps one for each scope path and adds those a device may see.
//!
//! It detects a missing row, an extra row, a row that stayed behind at an older version and a row counted twice. Two
//! unrelated faults cancel out once in 2^64. It does not see a row whose content differs at the right version, nor a
//! copy whose sums were changed along with it: it finds mistakes and damage, and authenticates nothing.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::feed::FeedTable;

/// The sum of each followed table. As JSON a base64 text: 8 bytes, big-endian, for each table in the order of
/// [`FeedTable::ALL`]. A reader passes over tables it does not know; one it misses counts as empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Digests([u64; FeedTable::ALL.len()]);

/// The term of one row.
pub fn term(table: FeedTable, key: Uuid, version: i64) -> u64 {
    let mut hash = Sha256::new();
    hash.update([table.ordinal()]);
    hash.update(key.as_bytes());
    hash.update(version.to_be_bytes());
    hash.finalize().iter().take(8).fold(0, |value, byte| value << 8 | u64::from(*byte))
}

impl Digests {
    pub fn of(&self, table: FeedTable) -> u64 {
        self.0[place(table)]
    }

    pub fn set(&mut self, table: FeedTable, sum: u64) {
        self.0[place(table)] = sum;
    }

    /// A row came, or its new version.
    pub fn add(&mut self, table: FeedTable, key: Uuid, version: i64) {
        let sum = &mut self.0[place(table)];
        *sum = sum.wrapping_add(term(table, key, version));
    }

    /// A row went, or its old version.
    pub fn remove(&mut self, table: FeedTable, key: Uuid, version: i64) {
        let sum = &mut self.0[place(table)];
        *sum = sum.wrapping_sub(term(table, key, version));
    }

    /// Adds the sums of other rows of the same tables.
    pub fn join(&mut self, other: &Self) {
        for (sum, more) in self.0.iter_mut().zip(other.0) {
            *sum = sum.wrapping_add(more);
        }
    }

    /// The tables in which two copies differ.
    pub fn differences(&self, other: &Self) -> Vec<FeedTable> {
        FeedTable::ALL.into_iter().filter(|table| self.of(*table) != other.of(*table)).collect()
    }
}

fn place(table: FeedTable) -> usize {
    usize::from(table.ordinal())
}

impl Serialize for Digests {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let bytes: Vec<u8> = self.0.iter().flat_map(|sum| sum.to_be_bytes()).collect();
        serializer.serialize_str(&STANDARD.encode(bytes))
    }
}

impl<'de> Deserialize<'de> for Digests {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error as _;
        let text = String::deserialize(deserializer)?;
        let bytes = STANDARD.decode(text).map_err(|_| D::Error::custom("digests are base64"))?;
        let (sums, rest) = bytes.as_chunks::<8>();
        if !rest.is_empty() {
            return Err(D::Error::custom("a digest has 8 bytes"));
        }
        let mut digests = Self::default();
        for (own, sum) in digests.0.iter_mut().zip(sums) {
            *own = u64::from_be_bytes(*sum);
        }
        Ok(digests)
    }
}

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for Digests {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        String::schema()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for Digests {}

#[cfg(test)]
mod tests {
    use super::*;

    const CODE: FeedTable = FeedTable::Code;

    fn sum(rows: &[(FeedTable, u128, i64)]) -> Digests {
        let mut digests = Digests::default();
        for (table, key, version) in rows {
            digests.add(*table, Uuid::from_u128(*key), *version);
        }
        digests
    }

    #[test]
    fn the_term_is_the_documented_one() {
        // printf 06 ‖ key 00…01 ‖ version 2 | sha256sum
        let bytes = [&[6_u8][..], Uuid::from_u128(1).as_bytes(), &2_i64.to_be_bytes()].concat();
        let hash = Sha256::digest(&bytes);
        assert_eq!(term(CODE, Uuid::from_u128(1), 2).to_be_bytes(), hash[..8]);
        assert_eq!(bytes.len(), 25);
    }

    #[test]
    fn order_does_not_matter_and_what_goes_leaves_nothing() {
        let rows = [(CODE, 1, 5), (CODE, 2, 6), (FeedTable::Plan, 1, 5)];
        let mut reversed = rows;
        reversed.reverse();
        assert_eq!(sum(&rows), sum(&reversed));
        let mut digests = sum(&rows);
        for (table, key, version) in rows {
            digests.remove(table, Uuid::from_u128(key), version);
        }
        assert_eq!(digests, Digests::default());
    }

    #[test]
    fn missing_extra_stale_and_doubled_rows_show_in_their_table() {
        let right = sum(&[(CODE, 1, 5), (CODE, 2, 6), (FeedTable::Plan, 1, 5)]);
        for wrong in [
            vec![(CODE, 1, 5), (FeedTable::Plan, 1, 5)],
            vec![(CODE, 1, 5), (CODE, 2, 6), (CODE, 3, 6), (FeedTable::Plan, 1, 5)],
            vec![(CODE, 1, 5), (CODE, 2, 5), (FeedTable::Plan, 1, 5)],
            vec![(CODE, 1, 5), (CODE, 2, 6), (CODE, 2, 6), (FeedTable::Plan, 1, 5)],
        ] {
            assert_eq!(right.differences(&sum(&wrong)), [CODE], "{wrong:?}");
        }
        assert_eq!(right.differences(&right), []);
    }

    #[test]
    fn disjoint_sums_add_up() {
        let mut joined = sum(&[(CODE, 1, 5)]);
        joined.join(&sum(&[(CODE, 2, 6), (FeedTable::Plan, 1, 5)]));
        assert_eq!(joined, sum(&[(CODE, 1, 5), (CODE, 2, 6), (FeedTable::Plan, 1, 5)]));
    }

    #[test]
    fn text_and_back_with_more_and_with_fewer_tables() {
        let digests = sum(&[(CODE, 1, 5), (FeedTable::Account, 9, 7)]);
        let text = serde_json::to_string(&digests).expect("text");
        assert_eq!(serde_json::from_str::<Digests>(&text).expect("digests"), digests);
        let bytes = STANDARD.decode(text.trim_matches('"')).expect("base64");
        let read = |bytes: &[u8]| serde_json::from_value::<Digests>(STANDARD.encode(bytes).into());
        assert_eq!(read(&[&bytes[..], &[7; 8]].concat()).expect("one table more"), digests);
        assert_eq!(read(&bytes[..64]).expect("one table fewer").of(CODE), digests.of(CODE));
        assert!(read(&bytes[..71]).is_err());
        assert!(serde_json::from_str::<Digests>("\"no base64\"").is_err());
    }
}
