//! `docs/openapi.json` is what the code says. `COUNTERFOIL_WRITE=1` (as `make bindings` does) writes it.

use std::path::Path;

#[test]
fn the_committed_document_is_the_one_of_the_code() {
    let document = serde_json::to_string_pretty(&counterfoil_central_sqlite::openapi()).expect("JSON") + "\n";
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    if std::env::var("COUNTERFOIL_WRITE").is_ok_and(|value| value == "1") {
        std::fs::write(&file, &document).expect("docs/openapi.json can be written");
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        committed == document,
        "docs/openapi.json is not what the code says: run `make bindings`, read what changed, commit it"
    );
}

#[test]
fn both_engines_have_one_document() {
    let sqlite = serde_json::to_value(counterfoil_central_sqlite::openapi()).expect("JSON");
    let postgres = serde_json::to_value(counterfoil_central_postgres::openapi()).expect("JSON");
    assert_eq!(sqlite, postgres);
}

#[test]
fn every_reference_leads_somewhere_and_every_operation_has_a_name_of_its_own() {
    let document = serde_json::to_value(counterfoil_central_sqlite::openapi()).expect("JSON");
    let mut names = Vec::new();
    visit(&document, &mut |key, value| {
        let Some(text) = value.as_str() else { return };
        match key {
            "$ref" => {
                let place = text.strip_prefix('#').expect("a reference inside the document");
                assert!(document.pointer(place).is_some(), "{text}");
            }
            "operationId" => names.push(text.to_owned()),
            _ => {}
        }
    });
    let count = names.len();
    names.sort();
    names.dedup();
    assert!(count > 20 && names.len() == count, "{names:?}");
}

fn visit(value: &serde_json::Value, see: &mut dyn FnMut(&str, &serde_json::Value)) {
    match value {
        serde_json::Value::Object(fields) => {
            for (key, value) in fields {
                see(key, value);
                visit(value, see);
            }
        }
        serde_json::Value::Array(items) => items.iter().for_each(|item| visit(item, see)),
        _ => {}
    }
}
