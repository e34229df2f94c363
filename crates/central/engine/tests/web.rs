//! The pages for customers, over the router.

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use tower::ServiceExt as _;

use super::proof::count;
use super::world::World;

const CODE: &str = "code=PM2D-M0BP-0419-5CYQ";
const FORM: &str = "application/x-www-form-urlencoded";

pub(super) struct Page {
    status: StatusCode,
    headers: HeaderMap,
    pub(super) html: String,
}

impl Page {
    #[track_caller]
    pub(super) fn expect(self, status: u16, says: &str) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.html);
        assert!(self.html.contains(says), "no `{says}` in {}", self.html);
        self
    }

    pub(super) fn header(&self, name: header::HeaderName) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The value of the hidden id.
    fn account_id(&self) -> &str {
        let (_, rest) = self.html.split_once("name=\"account_id\" value=\"").expect("an id");
        rest.split('"').next().expect("its end")
    }
}

async fn ask(world: &World, request: Request<Body>) -> Page {
    let (parts, body) = world.router.clone().oneshot(request).await.expect("an answer").into_parts();
    let bytes = to_bytes(body, 1_000_000).await.expect("a body");
    Page { status: parts.status, headers: parts.headers, html: String::from_utf8(bytes.to_vec()).expect("text") }
}

pub(super) async fn get(world: &World, path: &str) -> Page {
    ask(world, Request::get(path).body(Body::empty()).expect("a request")).await
}

pub(super) async fn post(world: &World, path: &str, site: &str, body: impl Into<Body>) -> Page {
    let request = Request::post(path).header(header::CONTENT_TYPE, FORM).header("sec-fetch-site", site);
    ask(world, request.body(body.into()).expect("a request")).await
}

async fn activate(world: &World, body: &str) -> Page {
    post(world, "/activate", "same-origin", body.to_owned()).await
}

#[tokio::test]
async fn the_forms_open_with_the_operators_name_and_a_sheet_to_keep() {
    let world = World::new().await;
    for path in ["/activate", "/subscription", "/apply", "/market"] {
        let page = get(&world, path).await.expect(200, "Lumen Networks");
        assert!(page.header(header::CONTENT_TYPE).starts_with("text/html"));
        assert_eq!(page.header(header::CACHE_CONTROL), "no-store");
        assert_eq!(page.header(header::X_FRAME_OPTIONS), "DENY");
        assert!(page.header(header::CONTENT_SECURITY_POLICY).contains("form-action 'self'"));
        let (_, rest) = page.html.split_once("rel=\"stylesheet\" href=\"").expect("a sheet");
        let sheet = get(&world, rest.split('"').next().expect("its path")).await.expect(200, ".voucher");
        assert!(sheet.header(header::CACHE_CONTROL).contains("immutable"));
    }
    let [one, other] = [get(&world, "/activate").await, get(&world, "/activate").await];
    assert_ne!(one.account_id(), other.account_id());
}

#[tokio::test]
async fn a_wrong_code_is_answered_on_the_form() {
    let world = World::new().await;
    activate(&world, "code=&account_id=x").await.expect(422, "Type your code");
    activate(&world, "code=pm2d+m0bp").await.expect(422, "The code is not complete");
    let mistyped = activate(&world, "code=PM2D-M08P-0419-5CYQ&username=eve").await;
    let mistyped = mistyped.expect(422, "value=\"PM2D-M0BP-0419-5CYQ\"");
    assert!(mistyped.html.contains("value=\"eve\""));
    activate(&world, "code=PM2D-M0BP-0419-5CYQ&username=nobody").await.expect(404, "We do not know this code");
    activate(&world, "code=PM2D-M0BP-0419-5CYQ&username=e%00ve").await.expect(422, "There is a zero byte");
    let unknown = activate(&world, "code=PM2D-M0BP-0419-5CYQ").await.expect(404, "We do not know this code");
    assert!(unknown.html.contains("value=\"PM2D-M0BP-0419-5CYQ\""));
}

#[tokio::test]
async fn a_form_of_another_site_only_fills_ours() {
    let world = World::new().await;
    post(&world, "/activate", "cross-site", CODE).await.expect(200, "The form is filled in");
    post(&world, "/activate", "same-origin", format!("{CODE}&fill=1")).await.expect(200, "The form is filled in");
    // Nothing in the address fills anything.
    let page = get(&world, &format!("/activate?{CODE}")).await.expect(200, "Activate your code");
    assert!(!page.html.contains("5CYQ"));
}

#[tokio::test]
async fn what_is_no_form_gets_a_page_too() {
    let world = World::new().await;
    for path in ["/activate", "/subscription", "/apply"] {
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/json");
        let json = ask(&world, request.body(Body::from("{}")).expect("a request")).await;
        json.expect(415, "The form did not arrive whole");
        post(&world, path, "none", "code=a&code=b&token=a&token=b&name=a&name=b")
            .await
            .expect(400, "The form did not arrive whole");
        post(&world, path, "none", vec![b'a'; 20_000]).await.expect(413, "more than this form takes");
    }
}

#[tokio::test]
async fn a_token_nobody_has_finds_nothing() {
    let world = World::new().await;
    let ask = |body: &'static str| post(&world, "/subscription", "same-origin", body);
    ask("token=").await.expect(422, "Type your token");
    ask("token=nobody-has-this-token-at-all").await.expect(404, "No subscription has this token");
}

const APPLICATION: &str = "application_id=00000000-0000-7000-8000-000000000009&name=Sam+Sample&email=sam%40example.org\
    &phone=030+5550100&business_name=Corner+Shop&address=1+Long+Road%0D%0ASpringfield&kind=company\
    &expected_customers=1,200&password=correct+horse&password_again=correct+horse&terms_accepted=yes";

#[tokio::test]
async fn an_application_is_sent_from_the_page_and_sent_twice_it_is_one() {
    let world = World::new().await;
    let send = |body: String| post(&world, "/apply", "same-origin", body);
    let slips = send("name=Sam+Sample&password=short&password_again=other".to_owned()).await;
    let slips = slips.expect(422, "Something on the form is not right yet");
    for field in ["email", "phone", "business_name", "kind", "address", "expected_customers", "password_again"] {
        assert!(slips.html.contains(&format!("id=\"{field}-wrong\"")), "{field}");
    }
    assert!(slips.html.contains("value=\"Sam Sample\"") && !slips.html.contains("short"));
    send(APPLICATION.to_owned()).await.expect(200, "Your application is received");
    send(APPLICATION.to_owned()).await.expect(200, "Your application is received");
    assert_eq!(count(&world, "SELECT COUNT(*) FROM application WHERE expected_customers = 1200").await, 1);
    let other = APPLICATION.replace("000000000009", "00000000000a");
    // Whoever knows nothing but an address learns nothing more of it.
    send(other).await.expect(200, "Your application is received");
    post(&world, "/apply", "cross-site", APPLICATION).await.expect(200, "Send the application");
}
