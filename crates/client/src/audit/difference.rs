//! What a line changed, as people read it.

use std::collections::BTreeMap;

use serde_json::Value;

/// One field that is another than before, or that came or went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Change {
    /// `price.value`
    pub(crate) field: String,
    pub(crate) before: Option<String>,
    pub(crate) after: Option<String>,
}

/// What differs between `before` and `after` of a line's detail. Where only one of the two is there, all of it.
pub(crate) fn difference(detail: &str) -> Vec<Change> {
    let detail: Value = serde_json::from_str(detail).unwrap_or_default();
    let fields = |side: &str| {
        let mut fields = BTreeMap::new();
        flatten(&mut fields, String::new(), detail.get(side).unwrap_or(&Value::Null));
        fields
    };
    let (mut before, after) = (fields("before"), fields("after"));
    let mut changes: Vec<Change> = after
        .into_iter()
        .map(|(field, after)| Change { before: before.remove(&field), after: Some(after), field })
        .filter(|change| change.before != change.after)
        .collect();
    changes.extend(before.into_iter().map(|(field, before)| Change { field, before: Some(before), after: None }));
    changes.sort_by(|one, other| one.field.cmp(&other.field));
    changes
}

fn flatten(fields: &mut BTreeMap<String, String>, path: String, value: &Value) {
    match value {
        Value::Null => {}
        Value::Object(object) => {
            for (name, value) in object {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                flatten(fields, path, value);
            }
        }
        Value::Array(all) if all.iter().any(|one| one.is_object() || one.is_array()) => {
            for (at, value) in all.iter().enumerate() {
                flatten(fields, format!("{path}[{}]", at + 1), value);
            }
        }
        Value::Array(all) => {
            fields.insert(path, all.iter().map(text).collect::<Vec<_>>().join(", "));
        }
        other => {
            fields.insert(path, text(other));
        }
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(detail: &str) -> Vec<(String, Option<String>, Option<String>)> {
        difference(detail).into_iter().map(|one| (one.field, one.before, one.after)).collect()
    }

    #[test]
    fn only_what_differs_is_told_with_both_sides() {
        let detail = r#"{"before":{"name":"Month","price":{"value":999,"unit":"EUR"},"features":["a"],"old":true},
            "after":{"name":"Month","price":{"value":1099,"unit":"EUR"},"features":["a","b"],"new":"x"}}"#;
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(
            told(detail),
            [
                ("features".into(), text("a"), text("a, b")),
                ("new".into(), None, text("x")),
                ("old".into(), text("true"), None),
                ("price.value".into(), text("999"), text("1099")),
            ]
        );
    }

    #[test]
    fn one_side_alone_is_told_whole_and_nonsense_is_nothing() {
        let detail = r#"{"after":{"rows":[{"id":1},{"id":2}],"none":null}}"#;
        let fields: Vec<_> = told(detail).into_iter().map(|(field, ..)| field).collect();
        assert_eq!(fields, ["rows[1].id", "rows[2].id"]);
        assert_eq!(told(r#"{"after":"Till 2"}"#), [(String::new(), None, Some("Till 2".into()))]);
        assert!(told("{}").is_empty() && told("not JSON").is_empty());
    }
}
