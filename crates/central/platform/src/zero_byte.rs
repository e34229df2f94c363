//! The zero byte (U+0000): PostgreSQL takes it in no text and SQLite keeps it, so it is refused at the door, in whatever
//! a request brings.

use counterfoil_wire::problem::FieldProblem;
use serde_json::Value;

use crate::failure::{Failure, field};

const WHAT: &str = "there is a zero byte (U+0000) in it, which no text can have: take it out and send it again";
/// What is told of a request that has them everywhere: so many fields, and so much of the name of each.
const MOST_FIELDS: usize = 20;
const LONGEST_NAME: usize = 100;

/// Whether any text or name in this JSON has one. What is no JSON is for the parser to refuse.
pub fn is_in_json(json: &[u8]) -> bool {
    let mut rest = json;
    // A backslash stands in texts only, and takes the character behind it with it.
    while let Some(at) = rest.iter().position(|byte| *byte == b'\\') {
        rest = &rest[at + 1..];
        if rest.starts_with(b"u0000") {
            return true;
        }
        rest = rest.get(1..).unwrap_or_default();
    }
    false
}

/// The refusal of a JSON body, at each field that has one: `customer.name`, `lines.3.notes`.
pub(crate) fn refused_body(body: &Value) -> Failure {
    let mut found = Vec::new();
    collect(body, &mut Vec::new(), &mut found);
    refused(found)
}

/// Refuses a query or a form that has one, at each field that has one.
pub(crate) fn refuse_in_pairs(encoded: &[u8]) -> Result<(), Failure> {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_bytes(encoded).unwrap_or_default();
    let found: Vec<String> =
        pairs.into_iter().filter(|(name, value)| has(name) || has(value)).map(|(name, _)| name).collect();
    if found.is_empty() { Ok(()) } else { Err(refused(found)) }
}

/// Whether this text has one.
pub(crate) fn has(text: &str) -> bool {
    text.contains('\0')
}

fn collect(value: &Value, place: &mut Vec<String>, found: &mut Vec<String>) {
    if found.len() >= MOST_FIELDS {
        return;
    }
    match value {
        Value::String(text) if has(text) => found.push(place.join(".")),
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                place.push(at.to_string());
                collect(item, place, found);
                place.pop();
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                place.push(name.clone());
                if has(name) {
                    found.push(place.join("."));
                }
                collect(member, place, found);
                place.pop();
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn refused(found: Vec<String>) -> Failure {
    let mut fields: Vec<FieldProblem> = Vec::new();
    for name in found.into_iter().take(MOST_FIELDS) {
        let name: String = name.chars().filter(|c| *c != '\0').take(LONGEST_NAME).collect();
        if !fields.iter().any(|known| known.field == name) {
            fields.push(field(&name, WHAT));
        }
    }
    // A member that stands there twice hides the first.
    if fields.is_empty() {
        fields.push(field("body", WHAT));
    }
    Failure::validation(fields)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn names(failure: &Failure) -> Vec<&str> {
        failure.problem().fields.iter().map(|problem| problem.field.as_str()).collect()
    }

    #[test]
    fn only_what_becomes_one_is_one() {
        for json in [r#"{"a":"x\u0000y"}"#, r#"["\\\u0000"]"#, r#"{"\u0000":1}"#, "\"\\u0000"] {
            assert!(is_in_json(json.as_bytes()), "{json}");
        }
        // Behind a backslash of its own it is six characters; so are the operations in a push, which are JSON in JSON.
        for json in [r#"{"a":"x\\u0000y"}"#, r#"["\u0001","\u000"]"#, r#"["\\\\u0000"]"#, "u0000", "\\", ""] {
            assert!(!is_in_json(json.as_bytes()), "{json}");
        }
    }

    #[test]
    fn each_place_in_a_body_is_named_once() {
        let body = json!({ "name": "a\0", "customer": { "note": "\0\0" }, "lines": [{ "notes": "" }, { "notes": "\0" }],
            "details": { "lo\0gin": "\0" }, "count": 0 });
        let mut told = names(&refused_body(&body)).into_iter().map(str::to_owned).collect::<Vec<_>>();
        told.sort();
        assert_eq!(told, ["customer.note", "details.login", "lines.1.notes", "name"]);
        assert_eq!(names(&refused_body(&json!({ "name": "hidden" }))), ["body"]);
    }

    #[test]
    fn a_refusal_is_short_however_much_is_wrong() {
        let all: Vec<String> = (0..500).map(|_| "\0".to_owned()).collect();
        let body = json!({ "x".repeat(100_000): all });
        let failure = refused_body(&body);
        assert!(serde_json::to_string(failure.problem()).expect("JSON").len() < 5_000);
        assert!(!names(&failure).is_empty());
    }

    #[test]
    fn queries_and_forms_are_read_as_they_are_decoded() {
        assert!(refuse_in_pairs(b"search=a%2500b&limit=3&a=%%0x").is_ok());
        let refused = refuse_in_pairs(b"code=PM2D&user+name=a%00b&raw=\0&%%00=1").expect_err("refused");
        assert_eq!(names(&refused), ["user name", "raw", "%"]);
        assert!(refused.problem().fields[0].message.contains("zero byte"));
    }
}
