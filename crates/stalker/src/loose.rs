//! Reading what PHP writes: numbers as texts, null for nothing, fields that are missing, rows that are none.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::date::Stamp;

/// A field that only some portals have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Presence<T> {
    /// The portal does not show this field.
    #[default]
    Absent,
    /// The portal shows it.
    Shown(T),
}

impl<T> Presence<T> {
    /// The value, where it is shown.
    pub fn shown(&self) -> Option<&T> {
        match self {
            Self::Absent => None,
            Self::Shown(value) => Some(value),
        }
    }

    /// Whether the portal shows the field at all.
    pub fn is_shown(&self) -> bool {
        matches!(self, Self::Shown(_))
    }
}

/// Anything, as the text that it stands for.
pub(crate) struct Scalar(Option<String>);

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_str<E>(self, text: &str) -> Result<Scalar, E> {
        Ok(Scalar(Some(storable(text))))
    }

    fn visit_string<E>(self, text: String) -> Result<Scalar, E> {
        Ok(Scalar(Some(if text.contains('\0') { storable(&text) } else { text })))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Scalar, E> {
        // As PHP casts it.
        Ok(Scalar(Some(if value { "1" } else { "" }.to_owned())))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Scalar, E> {
        Ok(Scalar(Some(value.to_string())))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Scalar, E> {
        Ok(Scalar(Some(value.to_string())))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Scalar, E> {
        Ok(Scalar(Some(value.to_string())))
    }

    fn visit_unit<E>(self) -> Result<Scalar, E> {
        Ok(Scalar(None))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Scalar, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Scalar(None))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Scalar, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar(None))
    }
}

/// A text without zero bytes, which few databases keep. What stands for one is the control character that was made for
/// this, so that no login or number with one becomes another that can be asked for.
pub(crate) fn storable(text: &str) -> String {
    text.replace('\0', "\u{1a}")
}

impl From<Scalar> for String {
    fn from(scalar: Scalar) -> Self {
        scalar.0.unwrap_or_default()
    }
}

/// A text; null is the empty one.
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(Scalar::deserialize(deserializer)?.0.unwrap_or_default())
}

/// A text that is not empty.
pub(crate) fn some_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Scalar::deserialize(deserializer)?.0.filter(|text| !text.is_empty()))
}

pub(crate) fn shown_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Presence<Option<String>>, D::Error> {
    some_text(deserializer).map(Presence::Shown)
}

/// On or off, as PHP takes it.
pub(crate) fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    let text = Scalar::deserialize(deserializer)?.0.unwrap_or_default();
    Ok(!matches!(text.as_str(), "" | "0"))
}

/// On, off, or not known.
pub(crate) fn some_flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    Ok(some_text(deserializer)?.map(|text| text != "0"))
}

pub(crate) fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    Ok(some_text(deserializer)?.and_then(|text| text.trim().parse().ok()))
}

pub(crate) fn shown_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Presence<Option<u32>>, D::Error> {
    number(deserializer).map(|number| Presence::Shown(number.filter(|number| *number > 0)))
}

pub(crate) fn stamp<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Stamp, D::Error> {
    Ok(Scalar::deserialize(deserializer)?.0.map_or(Stamp::Unset, |text| Stamp::of(&text)))
}

pub(crate) fn shown_stamp<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Presence<Stamp>, D::Error> {
    stamp(deserializer).map(Presence::Shown)
}

/// A list of texts; anything else is an empty one. PHP writes a list with a gap as an object.
pub(crate) fn texts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    struct Texts;

    impl<'de> Visitor<'de> for Texts {
        type Value = Vec<String>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a list of texts")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<String>, A::Error> {
            let mut texts = Vec::new();
            while let Some(Scalar(text)) = seq.next_element()? {
                texts.extend(text);
            }
            Ok(texts)
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Vec<String>, A::Error> {
            let mut texts = Vec::new();
            while let Some((IgnoredAny, Scalar(text))) = map.next_entry()? {
                texts.extend(text);
            }
            Ok(texts)
        }

        fn visit_unit<E>(self) -> Result<Vec<String>, E> {
            Ok(Vec::new())
        }

        fn visit_bool<E>(self, _: bool) -> Result<Vec<String>, E> {
            Ok(Vec::new())
        }

        fn visit_str<E>(self, text: &str) -> Result<Vec<String>, E> {
            Ok(if text.is_empty() { Vec::new() } else { vec![storable(text)] })
        }

        fn visit_i64<E>(self, value: i64) -> Result<Vec<String>, E> {
            Ok(vec![value.to_string()])
        }

        fn visit_u64<E>(self, value: u64) -> Result<Vec<String>, E> {
            Ok(vec![value.to_string()])
        }

        fn visit_f64<E>(self, _: f64) -> Result<Vec<String>, E> {
            Ok(Vec::new())
        }
    }
    deserializer.deserialize_any(Texts)
}

/// A row of a list: a record, or something else that is passed over.
pub(crate) struct Row<T>(pub(crate) Option<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Row<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RowVisitor(PhantomData))
    }
}

struct RowVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for RowVisitor<T> {
    type Value = Row<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a record")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Row<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(|record| Row(Some(record)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Row<T>, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Row(None))
    }

    fn visit_str<E>(self, _: &str) -> Result<Row<T>, E> {
        Ok(Row(None))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Row<T>, E> {
        Ok(Row(None))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Row<T>, E> {
        Ok(Row(None))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Row<T>, E> {
        Ok(Row(None))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Row<T>, E> {
        Ok(Row(None))
    }

    fn visit_unit<E>(self) -> Result<Row<T>, E> {
        Ok(Row(None))
    }
}

/// Rows, handed to a function one by one. PHP writes a list with a gap as an object with numbers for names.
pub(crate) struct Rows<'f, T, F>(&'f mut F, PhantomData<T>);

impl<'f, T, F: FnMut(Row<T>) -> bool> Rows<'f, T, F> {
    /// `take` says whether to go on.
    pub(crate) fn new(take: &'f mut F) -> Self {
        Self(take, PhantomData)
    }

    fn take<E: serde::de::Error>(&mut self, row: Row<T>) -> Result<(), E> {
        if (self.0)(row) { Ok(()) } else { Err(E::custom("no more rows are wanted")) }
    }
}

impl<'de, T: Deserialize<'de>, F: FnMut(Row<T>) -> bool> Visitor<'de> for Rows<'_, T, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut seq: A) -> Result<(), A::Error> {
        while let Some(row) = seq.next_element()? {
            self.take(row)?;
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<String>()? {
            if !name.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(A::Error::custom("a list was expected, a record came"));
            }
            let row = map.next_value()?;
            self.take(row)?;
        }
        Ok(())
    }
}

/// All rows of a list that are records.
pub(crate) fn rows<T: DeserializeOwned>(json: &str) -> Result<Vec<T>, serde_json::Error> {
    let mut found = Vec::new();
    let mut take = |row: Row<T>| {
        found.extend(row.0);
        true
    };
    serde_json::Deserializer::from_str(json).deserialize_any(Rows::new(&mut take))?;
    Ok(found)
}
