//! What the operator looks like: saved as it was read, checked by what it is, audited, and shown to customers.

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use counterfoil_domain::permission::StaffRole;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::desk::Shop;
use super::web;
use super::world::{Answer, World, call};

const PATH: &str = "/api/v1/admin/brand";
const LOGO: &str = "/api/v1/admin/brand/logo";
const PULL: &str = "/api/v1/sync/pull";
const PUBLIC: &str = "/api/v1/public/brand/logo";
/// Of a picture that nobody wears.
const NOBODYS: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
/// One transparent pixel.
pub(super) const PIXEL: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

async fn put(world: &World, path: &str, asked: &Value) -> Answer {
    let token = world.staff_token(StaffRole::Admin).await;
    world.put(path, Some(&token), asked).await
}

async fn read(world: &World) -> Value {
    let token = world.staff_token(StaffRole::Auditor).await;
    world.get(PATH, Some(&token)).await.expect(200).body
}

/// The logo as a browser asks for it: status, tag and bytes.
pub(super) async fn fetch(world: &World, hash: &str, kept: Option<&str>) -> (StatusCode, String, Vec<u8>) {
    let mut request = Request::get(format!("{PUBLIC}/{hash}"));
    if let Some(tag) = kept {
        request = request.header(header::IF_NONE_MATCH, tag);
    }
    let request = request.body(Body::empty()).expect("a request");
    let (parts, body) = world.router.clone().oneshot(request).await.expect("an answer").into_parts();
    let tag = parts.headers.get(header::ETAG).map(|tag| tag.to_str().expect("text").to_owned()).unwrap_or_default();
    (parts.status, tag, to_bytes(body, 1_000_000).await.expect("a body").to_vec())
}

#[tokio::test]
async fn name_and_colour_are_saved_as_they_were_read_and_shown_to_customers() {
    let world = World::new().await;
    assert_eq!(read(&world).await, json!({ "version": 1, "panel_name": "" }));
    let page = web::get(&world, "/activate").await.expect(200, "Lumen Networks");
    assert!(!page.html.contains("/brand"));

    let asked = json!({ "version": 1, "panel_name": " Lumen TV ", "accent": "#7A1F5C" });
    let saved = put(&world, PATH, &asked).await.expect(200).body;
    assert_eq!(saved, json!({ "version": 2, "panel_name": "Lumen TV", "accent": "#7a1f5c" }));
    assert_eq!(read(&world).await, saved);
    assert_eq!(put(&world, PATH, &asked).await.expect(409).code(), "conflict");
    web::get(&world, "/activate").await.expect(200, "<bdi>Lumen TV</bdi>").expect(200, "/brand/7a1f5c.css");
    web::get(&world, "/brand/7a1f5c.css").await.expect(200, "--brand: #7a1f5c");
    web::get(&world, "/brand/808080.css").await.expect(404, "sheet");

    let token = world.staff_token(StaffRole::SuperAdmin).await;
    let lines = world.get("/api/v1/admin/audit?action=operator.brand", Some(&token)).await.expect(200);
    assert!(lines.body["items"][0].to_string().contains("Lumen TV"));
    // The settings have a count of their own.
    assert_eq!(world.get("/api/v1/admin/settings", Some(&token)).await.expect(200).body["version"], json!(1));
}

#[tokio::test]
async fn every_wrong_field_is_named_at_once_with_the_contrast_that_is_missing() {
    let world = World::new().await;
    let asked = json!({ "version": 1, "panel_name": "x".repeat(61), "accent": "#808080" });
    let refused = put(&world, PATH, &asked).await.expect(422).body;
    assert_eq!(
        (&refused["fields"][0]["field"], &refused["fields"][1]["field"]),
        (&json!("panel_name"), &json!("accent"))
    );
    let words = refused["fields"][1]["message"].as_str().expect("words");
    assert!(words.contains("3.95:1 with white"), "{words}");
    put(&world, PATH, &json!({ "version": 1, "panel_name": "", "accent": "red" })).await.expect(422);
    put(&world, PATH, &json!({ "version": 1, "panel_name": "x".repeat(60) })).await.expect(200);
}

#[tokio::test]
async fn a_logo_is_a_whole_picture_kept_by_its_tag_until_it_is_taken_away() {
    let world = World::new().await;
    for unknown in [NOBODYS, "", "7", &NOBODYS.to_uppercase()] {
        assert_eq!(fetch(&world, unknown, None).await.0, StatusCode::NOT_FOUND, "{unknown}");
    }
    let mut damaged = STANDARD.decode(PIXEL).expect("bytes");
    damaged[40] ^= 1;
    for wrong in ["%".to_owned(), STANDARD.encode("<svg/>"), STANDARD.encode(damaged)] {
        let refused = put(&world, LOGO, &json!({ "version": 1, "png": wrong })).await.expect(422);
        assert_eq!(refused.body["fields"][0]["field"], json!("png"));
    }
    assert_eq!(read(&world).await["version"], json!(1));

    let saved = put(&world, LOGO, &json!({ "version": 1, "png": PIXEL })).await.expect(200).body;
    assert_eq!(put(&world, LOGO, &json!({ "version": 1, "png": PIXEL })).await.expect(409).code(), "conflict");
    let hash = saved["logo"].as_str().expect("a hash");
    let (status, tag, bytes) = fetch(&world, hash, None).await;
    assert_eq!((status, STANDARD.encode(bytes)), (StatusCode::OK, PIXEL.to_owned()));
    assert_eq!(tag, format!("\"{hash}\""));
    assert_eq!(fetch(&world, hash, Some(&tag)).await, (StatusCode::NOT_MODIFIED, tag, Vec::new()));
    assert_eq!(fetch(&world, hash, Some("\"another\"")).await.0, StatusCode::OK);
    web::get(&world, "/market").await.expect(200, &format!("src=\"{PUBLIC}/{hash}\""));

    let token = world.staff_token(StaffRole::Admin).await;
    let delete = async || call(&world.router, "DELETE", LOGO, Some(&token), None).await.expect(200).body;
    assert_eq!(delete().await, json!({ "version": 3, "panel_name": "" }));
    assert_eq!(delete().await["version"], json!(3));
    assert_eq!(fetch(&world, hash, None).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn devices_and_those_who_sign_in_hear_the_panel_name() {
    let shop = Shop::with_credits(0).await;
    let world = &shop.world;
    let before = shop.desk.call(world, "GET", PULL, Vec::new()).await.expect(200).text("/cursor");
    put(world, PATH, &json!({ "version": 1, "panel_name": "Lumen TV" })).await.expect(200);
    let path = format!("{PULL}?cursor={before}");
    let pulled = shop.desk.call(world, "GET", &path, Vec::new()).await.expect(200);
    let rows = pulled.body["changes"].as_array().expect("changes").iter();
    let named: Vec<_> =
        rows.filter(|of| of["row"]["table"] == "settings").map(|of| &of["row"]["data"]["operator_name"]).collect();
    assert_eq!(named, ["Lumen TV"]);
    assert_eq!(world.get("/api/v1/about", None).await.expect(200).text("/operator_name"), "Lumen TV");
}
