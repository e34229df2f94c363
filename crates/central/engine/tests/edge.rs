//! What every route has in common: who may, foreign ids, bad input.

use std::collections::BTreeSet;

use counterfoil_domain::grant::Grant;
use counterfoil_domain::ids::ResellerId;
use counterfoil_domain::permission::{MemberRole, StaffRole};
use counterfoil_wire::endpoint;
use serde_json::json;

use super::routes::{Door, Route, all};
use super::world::{Answer, PASSWORD, World, call, foreign, send};
use crate::engine::audit::Actor;
use crate::engine::http::key_text;
use crate::engine::members;

/// The routes of the table that this Central serves.
fn served() -> Vec<Route> {
    let document = crate::engine::openapi();
    let serves = |route: &Route| {
        let Some(item) = document.paths.paths.get(route.path) else { return false };
        match route.method {
            "GET" => item.get.is_some(),
            "POST" => item.post.is_some(),
            "PUT" => item.put.is_some(),
            _ => item.delete.is_some(),
        }
    };
    all().into_iter().filter(serves).collect()
}

fn signed(door: Door) -> bool {
    !matches!(door, Door::Public | Door::Device)
}

/// What a role may do shows where the operator keeps nothing from the shop.
async fn allow_all(world: &World, staff: &str, shop: ResellerId) {
    let all = json!({ "version": 0, "permissions": { "grants": Grant::ALL, "max_connections": 3 } });
    world.put(&format!("/api/v1/admin/resellers/{shop}/permissions"), Some(staff), &all).await.expect(200);
}

/// A world with one session of each audience that may do everything.
struct Doors {
    world: World,
    staff: String,
    owner: String,
}

impl Doors {
    async fn new() -> Self {
        let world = World::new().await;
        let shop = world.add_reseller("shop", None).await;
        let staff = world.staff_token(StaffRole::SuperAdmin).await;
        allow_all(&world, &staff, shop).await;
        let owner = world.token("reseller", "shop").await;
        Self { world, staff, owner }
    }

    fn key(&self, door: Door) -> Option<&str> {
        match door {
            Door::Public | Door::Device => None,
            Door::Staff(_) => Some(&self.staff),
            Door::SignedIn | Door::Member(_) => Some(&self.owner),
        }
    }

    async fn try_route(&self, route: &Route, id: &str, token: Option<&str>) -> Answer {
        call(&self.world.router, route.method, &route.at(id), token, route.body.as_ref()).await
    }
}

#[test]
fn the_table_of_routes_is_the_one_of_wire() {
    let ours: BTreeSet<_> = all().into_iter().map(|route| (route.method, route.path)).collect();
    let wire: BTreeSet<_> = endpoint::ALL.iter().copied().collect();
    assert_eq!(ours, wire);
}

#[test]
fn every_endpoint_of_wire_is_served_and_described() {
    let served: BTreeSet<_> = served().into_iter().map(|route| (route.method, route.path)).collect();
    let missing: Vec<_> = endpoint::ALL.iter().filter(|endpoint| !served.contains(*endpoint)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[tokio::test]
async fn no_route_opens_without_its_key() {
    let doors = Doors::new().await;
    for route in served().iter().filter(|route| signed(route.door)) {
        for token in [None, Some("wrong"), Some("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")] {
            let answer = doors.try_route(route, &foreign().to_string(), token).await;
            assert_eq!((answer.status.as_u16(), answer.code()), (401, "not_signed_in"), "{route:?}");
        }
        let other = match route.door {
            Door::Staff(_) => &doors.owner,
            Door::Member(_) => &doors.staff,
            _ => continue,
        };
        let answer = doors.try_route(route, &foreign().to_string(), Some(other)).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (403, "not_permitted"), "{route:?}");
    }
    for route in served().iter().filter(|route| route.door == Door::Device) {
        // Some ask for a number; a session is no signature.
        let path = match route.path.rsplit('/').next() {
            Some("log") => format!("{}?after=0", route.path),
            Some("snapshot") => format!("{}?schema=1", route.path),
            _ => route.at(&foreign().to_string()),
        };
        let answer = call(&doors.world.router, route.method, &path, Some(&doors.owner), route.body.as_ref()).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (401, "invalid_signature"), "{route:?}");
    }
}

#[tokio::test]
async fn every_route_lets_exactly_its_roles_in() {
    let doors = Doors::new().await;
    let world = &doors.world;
    for role in StaffRole::ALL {
        let token = world.staff_token(role).await;
        for route in served() {
            let Door::Staff(action) = route.door else { continue };
            let answer = doors.try_route(&route, &foreign().to_string(), Some(&token)).await;
            assert_eq!(answer.status == 403, !role.may(action), "{role:?} {route:?} {}", answer.body);
        }
    }
    let shop = world.add_reseller("big-shop", None).await;
    allow_all(world, &doors.staff, shop).await;
    for role in MemberRole::ALL {
        let username = format!("member-{}", role.as_str());
        let actor = Actor::system();
        members::add(&world.app, world.operator, &actor, shop, &username, PASSWORD.to_owned(), role)
            .await
            .expect("member");
        let token = world.token("reseller", &username).await;
        for route in served() {
            let Door::Member(action) = route.door else { continue };
            let may = action.is_none_or(|action| role.may(action));
            let answer = doors.try_route(&route, &foreign().to_string(), Some(&token)).await;
            assert_eq!(answer.status == 403, !may, "{role:?} {route:?} {}", answer.body);
        }
    }
}

#[tokio::test]
async fn a_foreign_id_is_nothing_on_every_route() {
    let doors = Doors::new().await;
    let other = doors.world.other_operator().await;
    let mode = counterfoil_domain::reseller::SettlementMode::Wholesale;
    let theirs = doors.world.add_reseller_of(other, "their-shop", None, mode).await.to_string();
    let unknown = foreign().to_string();
    for route in served().iter().filter(|route| route.takes_id()) {
        for id in [unknown.as_str(), theirs.as_str(), "7", "%20", "00000000-0000-0000-0000-00000000000g"] {
            let answer = doors.try_route(route, id, doors.key(route.door)).await;
            assert_eq!((answer.status.as_u16(), answer.code()), (404, "not_found"), "{id} {route:?} {}", answer.body);
        }
    }
}

#[tokio::test]
async fn bad_bodies_are_told_what_is_wrong_with_them() {
    let doors = Doors::new().await;
    let router = &doors.world.router;
    let id = foreign().to_string();
    for route in served().iter().filter(|route| route.body.is_some() && route.door != Door::Device) {
        let (path, token) = (route.at(&id), doors.key(route.door));
        let send = |content_type: Option<&'static str>, body: Vec<u8>| {
            send(router, route.method, &path, token, content_type, body)
        };
        let json = Some("application/json");
        let broken = send(json, b"{\"a\": ".to_vec()).await;
        assert_eq!((broken.status.as_u16(), broken.code()), (400, "malformed"), "{route:?}");
        assert!(broken.text("/detail").contains("line 1 column"), "{}", broken.body);

        let mut unknown = route.body.clone().expect("filtered");
        unknown["surprise"] = true.into();
        let unknown = send(json, unknown.to_string().into_bytes()).await;
        assert_eq!((unknown.status.as_u16(), unknown.code()), (400, "malformed"), "{route:?}");
        assert!(unknown.text("/detail").contains("surprise"), "{}", unknown.body);

        let mut zero = route.body.clone().expect("filtered");
        zero["surprise"] = "a\0b".into();
        let zero = send(json, zero.to_string().into_bytes()).await;
        assert_eq!((zero.status.as_u16(), zero.code()), (422, "validation_failed"), "{route:?}");
        assert_eq!(zero.text("/fields/0/field"), "surprise", "{route:?}");

        let empty = send(json, b"{}".to_vec()).await;
        assert_eq!((empty.status.as_u16(), empty.code()), (400, "malformed"), "{route:?}");
        assert!(empty.text("/detail").contains("missing field"), "{}", empty.body);

        let body = route.body.as_ref().expect("filtered").to_string().into_bytes();
        for content_type in [None, Some("text/plain"), Some("application/x-www-form-urlencoded")] {
            let answer = send(content_type, body.clone()).await;
            assert_eq!((answer.status.as_u16(), answer.code()), (415, "unsupported_media_type"), "{route:?}");
        }

        let large = send(json, vec![b' '; 2 * 1024 * 1024]).await;
        assert_eq!((large.status.as_u16(), large.code()), (413, "body_too_large"), "{route:?}");
    }
}

#[tokio::test]
async fn bad_queries_and_paths_are_told_what_is_wrong_with_them() {
    let doors = Doors::new().await;
    let get = async |path: &str| doors.world.get(path, Some(&doors.staff)).await;
    let zero = format!("/api/v1/admin/plans?after={}", key_text(&("Mon\0th", foreign())));
    for (path, status, code, says) in [
        ("/api/v1/admin/plans?limit=x", 400, "malformed", "invalid digit"),
        ("/api/v1/admin/plans?colour=red", 400, "malformed", "colour"),
        ("/api/v1/admin/plans?limit=0", 422, "validation_failed", "fields"),
        ("/api/v1/admin/plans?limit=501", 422, "validation_failed", "fields"),
        ("/api/v1/admin/plans?after=zzz", 422, "validation_failed", "fields"),
        (&*zero, 422, "validation_failed", "fields"),
        ("/api/v1/admin/resellers?search=a%00b", 422, "validation_failed", "fields"),
        ("/api/v1/admin/orders/a%00b", 404, "not_found", "no such"),
        ("/api/v1/admin/nothing", 404, "not_found", "openapi.json"),
        ("/api/v1/admin/login", 405, "method_not_allowed", "allow"),
    ] {
        let answer = get(path).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (status, code), "{path}");
        assert!(answer.text("/detail").contains(says), "{path}: {}", answer.body);
        assert_eq!(answer.headers["content-type"], "application/problem+json", "{path}");
        assert_eq!(answer.headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(answer.headers["cache-control"], "no-store", "{path}");
        assert!(!answer.headers.contains_key("content-security-policy"), "{path} is no page");
    }
    assert_eq!(get("/api/v1/admin/login").await.headers["allow"], "POST");
    for path in ["/healthz", "/readyz", "/api/v1/openapi.json"] {
        doors.world.get(path, None).await.expect(200);
    }
}
