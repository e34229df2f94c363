//! A request body as PHP's `parse_str` understands it.

use percent_encoding::percent_decode_str;

/// What one field holds. Bytes, not text: a form may carry any encoding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FieldValue {
    One(Vec<u8>),
    /// `name[]=a&name[]=b`
    Many(Vec<Vec<u8>>),
}

/// The fields in the order they came; a repeated name keeps its place and takes the last value.
#[derive(Clone, Debug, Default)]
pub(crate) struct Form(Vec<(String, FieldValue)>);

impl Form {
    pub(crate) fn parse(body: &[u8]) -> Self {
        let mut form = Self::default();
        for pair in body.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let name = String::from_utf8_lossy(&decode(halves.next().unwrap_or_default())).into_owned();
            let value = decode(halves.next().unwrap_or_default());
            form.put(&name, value);
        }
        form
    }

    fn put(&mut self, name: &str, value: Vec<u8>) {
        if let Some(name) = name.strip_suffix("[]") {
            if let Some((_, FieldValue::Many(values))) = self.0.iter_mut().find(|(known, _)| known == name) {
                values.push(value);
                return;
            }
            self.0.retain(|(known, _)| known != name);
            self.0.push((name.to_owned(), FieldValue::Many(vec![value])));
        } else if let Some((_, known)) = self.0.iter_mut().find(|(known, _)| known == name) {
            *known = FieldValue::One(value);
        } else {
            self.0.push((name.to_owned(), FieldValue::One(value)));
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn get(&self, name: &str) -> Option<&FieldValue> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    pub(crate) fn bytes(&self, name: &str) -> Option<&[u8]> {
        match self.get(name)? {
            FieldValue::One(value) => Some(value),
            FieldValue::Many(_) => None,
        }
    }

    /// The text of a field, without bytes that are no UTF-8.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.bytes(name).map(|bytes| String::from_utf8_lossy(bytes).into_owned())
    }

    pub(crate) fn list(&self, name: &str) -> Vec<String> {
        match self.get(name) {
            Some(FieldValue::Many(values)) => {
                values.iter().map(|value| String::from_utf8_lossy(value).into_owned()).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Only the fields of this list, in their order in the form.
    pub(crate) fn only(&self, names: &[&str]) -> Self {
        Self(self.0.iter().filter(|(name, _)| names.contains(&name.as_str())).cloned().collect())
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &(String, FieldValue)> {
        self.0.iter()
    }
}

/// `%XX` and `+`, of a query or a form.
pub(crate) fn decode(text: &[u8]) -> Vec<u8> {
    let spaced: Vec<u8> = text.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    percent_encoding::percent_decode(&spaced).collect()
}

/// `%XX` alone, of a path.
pub(crate) fn decode_path(text: &str) -> Vec<u8> {
    percent_decode_str(text).collect()
}

/// What PHP takes for false.
pub(crate) fn is_falsy(value: &[u8]) -> bool {
    value.is_empty() || value == b"0"
}
