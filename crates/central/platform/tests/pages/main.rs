//! The public pages as they leave Central. Run, it also leaves them as files in the target folder's `tmp/pages`, to be
//! opened in a browser.

mod gallery;

use std::fs;
use std::path::Path;

use axum::http::{StatusCode, header};
use axum::response::IntoResponse as _;
use counterfoil_central_platform::pages::{
    Letterhead, activate, apply, go_to, market, order, order_form, stylesheet, stylesheet_path, subscription,
};
use counterfoil_domain::market::OrderState;
use counterfoil_wire::brand::ShownBrand;
use counterfoil_wire::market::PublicOrder;
use counterfoil_wire::problem::Code;
use counterfoil_wire::public::{Activation, Subscription};
use gallery::{
    APPLICATION, CHOSEN, FRESH, FRESH_APPLICATION, FRESH_ORDER, GOOD, ID, NOW, ORDER, activation, all, applied,
    empty_application, letterhead, ordered, refusal, token, typed,
};

#[test]
fn every_page_holds_without_a_script_and_under_the_strict_policy() {
    for (name, page) in all() {
        let html = page.html();
        for never in ["<script", "<style", " style=", " onclick", "javascript:", "http://", "https://"] {
            let html = html.replace("xmlns='http://www.w3.org/2000/svg'", "");
            assert!(!html.contains(never), "{name} has {never}");
        }
        assert!(html.starts_with("<!doctype html>") && html.contains(r#"<html lang="en" dir="ltr">"#), "{name}");
        assert_eq!(html.matches("<h1").count(), 1, "{name}");
        assert!(html.contains(stylesheet_path()), "{name}");
    }
}

#[test]
fn the_pages_are_left_to_look_at() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pages");
    fs::create_dir_all(&folder).expect("folder");
    let css = include_str!("../../templates/public.css");
    fs::write(folder.join("public.css"), css).expect("sheet");
    for (name, page) in all() {
        let html = page.html().replace(stylesheet_path(), "public.css");
        fs::write(folder.join(format!("{name}.html")), html).expect("page");
    }
}

#[tokio::test]
async fn answers_keep_no_secret_anywhere_and_the_sheet_for_ever() {
    let response = activate::done(&letterhead(), &activation(), None);
    let headers = response.into_response().headers().clone();
    assert_eq!(headers[header::CACHE_CONTROL], "no-store");
    assert_eq!(headers[header::REFERRER_POLICY], "no-referrer");
    let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().expect("text");
    assert_eq!(
        policy,
        "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; \
         img-src 'self' data:"
    );
    let sheet = stylesheet().await;
    assert!(sheet.headers()[header::CACHE_CONTROL].to_str().expect("text").contains("immutable"));
    assert_eq!(sheet.headers()[header::CONTENT_TYPE], "text/css; charset=utf-8");
}

#[test]
fn an_answer_has_the_status_of_its_problem_and_keeps_what_was_typed() {
    for code in [Code::CodeMistyped, Code::CodeUnknown, Code::AlreadyActivated, Code::CodeHeld, Code::Unavailable] {
        let failure = refusal(code);
        let page = activate::refused(&letterhead(), &typed("pm2d typed here", "somebody"), &failure, FRESH);
        assert_eq!(page.status().as_u16(), failure.problem().status);
        for kept in ["pm2d typed here", "somebody", &ID.to_string()] {
            assert!(page.html().contains(&format!("value=\"{kept}\"")), "{code:?} lost {kept}");
        }
        assert!(page.html().contains("role=\"alert\""));
    }
    let limited = activate::refused(&letterhead(), &typed(GOOD, ""), &refusal(Code::RateLimited), FRESH);
    assert_eq!(limited.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(limited.into_response().headers()[header::RETRY_AFTER], "200");
}

#[test]
fn a_wrong_field_is_linked_and_described() {
    let page = activate::refused(&letterhead(), &typed("PM2D-M0BP", ""), &refusal(Code::CodeMistyped), FRESH);
    for part in ["href=\"#code\"", "aria-describedby=\"code-wrong code-help\"", "id=\"code-wrong\"", "aria-invalid"] {
        assert!(page.html().contains(part), "{part}");
    }
    let page = activate::refused(&letterhead(), &typed(GOOD, "nobody"), &refusal(Code::NotFound), FRESH);
    assert!(page.html().contains("<details open>") && page.html().contains("href=\"#username\""));
    let page = subscription::refused(&letterhead(), &token("abc"), &refusal(Code::NotFound));
    assert!(page.html().contains("href=\"#token\"") && page.html().contains("value=\"abc\""));
}

#[test]
fn what_was_meant_is_offered_only_for_a_wrong_check_symbol() {
    let offered = |typed_code| {
        let page = activate::refused(&letterhead(), &typed(typed_code, ""), &refusal(Code::CodeMistyped), FRESH);
        page.html().contains(&format!("name=\"code\" value=\"{GOOD}\""))
    };
    assert!(offered("pm2d m08p 0419 5cyq"));
    assert!(!offered("pm2d m08p 0419"));
    let unknown = activate::refused(&letterhead(), &typed(GOOD, ""), &refusal(Code::CodeUnknown), FRESH);
    assert!(!unknown.html().contains("data-testid=\"suggestion\""));
}

#[test]
fn a_used_up_form_gets_a_fresh_id_and_any_other_keeps_its_own() {
    let page = |code| activate::refused(&letterhead(), &typed(GOOD, ""), &refusal(code), FRESH);
    assert!(page(Code::IdReused).html().contains(&FRESH.to_string()));
    assert!(!page(Code::Unavailable).html().contains(&FRESH.to_string()));
    assert!(typed(GOOD, " ").request().expect("request").username.is_none());
    assert_eq!(typed(GOOD, "").with_id_or(FRESH).request().expect("request").account_id, ID);
    assert_eq!(typed("  ", "").request().expect_err("empty").code(), Code::CodeMistyped);
}

#[test]
fn hostile_input_comes_out_as_text() {
    const HOSTILE: &str = "\"><script>alert(1)</script><img src=x onerror='x'>&{{ 7*7 }}";
    let head = Letterhead {
        operator_name: HOSTILE.to_owned(),
        code_prefix: HOSTILE.to_owned(),
        support_email: HOSTILE.to_owned(),
        support_phone: HOSTILE.to_owned(),
        ..Letterhead::default()
    };
    let hostile = Activation {
        username: HOSTILE.to_owned(),
        password: Some(HOSTILE.to_owned()),
        token: Some(HOSTILE.to_owned()),
        plan_name: HOSTILE.to_owned(),
        last_day: HOSTILE.to_owned(),
        time_zone: HOSTILE.to_owned(),
        ..activation()
    };
    let standing = Subscription {
        username: HOSTILE.to_owned(),
        plan_name: Some(HOSTILE.to_owned()),
        brand: Some(gallery::worn(HOSTILE)),
        ..gallery::subscription(HOSTILE, Some(HOSTILE))
    };
    let brand = Some(gallery::worn(HOSTILE));
    let placed = PublicOrder { brand, ..gallery::order_of(HOSTILE, OrderState::Partial) };
    let pages = [
        activate::form(&head, &typed(HOSTILE, HOSTILE)),
        activate::refused(&head, &typed(HOSTILE, HOSTILE), &refusal(Code::CodeMistyped), FRESH),
        activate::done(&head, &hostile, Some(&gallery::worn(HOSTILE))),
        subscription::refused(&head, &token(HOSTILE), &refusal(Code::NotFound)),
        subscription::shown(&head, &standing, NOW),
        apply::refused(&head, &applied(HOSTILE), &empty_application(), FRESH_APPLICATION),
        apply::done(&head, &applied(HOSTILE)),
        market::shown(&head, &gallery::looked(HOSTILE, true), &gallery::found(vec![gallery::offer(HOSTILE, Some(1))])),
        order_form::refused(
            &head,
            &gallery::offer(HOSTILE, None),
            &ordered(HOSTILE),
            &gallery::empty_order(),
            FRESH_ORDER,
        ),
        order_form::review(&head, &gallery::offer(HOSTILE, None), &ordered(HOSTILE), gallery::euros(1)),
        order::shown(&head, &placed, HOSTILE),
    ];
    for page in pages {
        // A seller's own picture is the only one, and its name stays inside the address.
        let others =
            page.html().replace("<img class=\"logo\" src=\"/api/v1/public/brand/logo/&#34;&#62;&#60;script", "");
        assert!(!others.contains("<script") && !others.contains("<img"), "{others}");
        assert!(page.html().contains("&#60;script"));
    }
}

#[test]
fn every_page_names_whom_to_ask_where_somebody_is_named() {
    let with = |email: &str, phone: &str| {
        let (support_email, support_phone) = (email.to_owned(), phone.to_owned());
        let page = activate::form(&Letterhead { support_email, support_phone, ..letterhead() }, &typed("", ""));
        page.html().to_owned()
    };
    assert!(!with("", "").contains("data-testid=\"support\""));
    let both = with("help@lumen.example", "+49 30 5550100");
    assert!(both.contains("Write to <a href=\"mailto:help@lumen.example\" dir=\"ltr\">help@lumen.example</a>"));
    assert!(both.contains(" or call <bdi dir=\"ltr\">+49 30 5550100</bdi>."));
    assert!(with("", "+49 30 5550100").contains("Questions? Call <bdi dir=\"ltr\">+49 30 5550100</bdi>."));
}

#[test]
fn every_page_wears_the_operators_brand_where_there_is_one() {
    let plain = activate::form(&letterhead(), &typed("", ""));
    assert!(!plain.html().contains("/brand"));
    let page = activate::form(&gallery::branded(), &typed("", ""));
    let (before, behind) =
        page.html().split_once("<link rel=\"stylesheet\" href=\"/brand/7a1f5c.css\">").expect("a sheet");
    assert!(before.contains("href=\"/public-") && behind.contains("<bdi>Lumen TV</bdi>"));
    let logo = format!("src=\"/api/v1/public/brand/logo/{}\" alt=\"\"", "ab".repeat(32));
    assert!(behind.contains(&logo));
    assert!(!page.html().contains("style="));
}

#[test]
fn a_shop_with_a_brand_of_its_own_is_known_by_it_where_the_shop_is_known() {
    let logo = format!("src=\"/api/v1/public/brand/logo/{}\"", "cd".repeat(32));
    let brand = ShownBrand { logo: Some("cd".repeat(32)), ..gallery::worn("Corner TV") };
    let plain = subscription::shown(&letterhead(), &gallery::subscription("active", Some("2026-12-22")), NOW);
    assert!(!plain.html().contains("data-testid=\"brand\"") && plain.html().contains("<dd><bdi>Lumen Networks</bdi>"));
    let of_shop = Subscription { brand: Some(brand.clone()), ..gallery::subscription("active", Some("2026-12-22")) };
    let page = subscription::shown(&letterhead(), &of_shop, NOW);
    assert!(page.html().contains(&logo) && page.html().contains("<dd><bdi>Corner TV</bdi>"), "{}", page.html());
    let page = activate::done(&letterhead(), &activation(), Some(&brand));
    assert!(page.html().contains(&logo) && page.html().contains("<dd><bdi>Corner TV</bdi>"), "{}", page.html());
    let plain = activate::done(&letterhead(), &activation(), None);
    assert!(!plain.html().contains("data-testid=\"brand\"") && plain.html().contains("<dd><bdi>Lumen Networks</bdi>"));

    let placed = PublicOrder { brand: Some(brand.clone()), ..gallery::order_of("Corner Shop", OrderState::Paid) };
    assert!(order::shown(&letterhead(), &placed, "Europe/Berlin").html().contains(&logo));

    let mut offer = gallery::offer("Corner Shop", None);
    offer.brand = Some(brand);
    let form = order_form::form(&letterhead(), &offer, &order_form::OrderForm::new(ORDER));
    assert!(form.html().contains(&logo) && form.html().contains("<bdi>Corner Shop</bdi>"));
    let page = market::shown(&letterhead(), &gallery::looked("", false), &gallery::found(vec![offer]));
    assert!(page.html().contains(&format!(
        "{logo} alt=\"\" data-testid=\"badge-logo\"><bdi>Corner TV</bdi> (<bdi>Corner Shop</bdi>)</a>"
    )));
}

#[test]
fn an_application_shows_every_wrong_field_and_keeps_what_was_typed_but_the_password() {
    let page = apply::refused(&letterhead(), &applied("Corner Shop"), &empty_application(), FRESH_APPLICATION);
    assert_eq!(page.status(), StatusCode::UNPROCESSABLE_ENTITY);
    for name in ["name", "email", "phone", "password", "business_name", "address", "kind", "terms_accepted"] {
        for part in [format!("href=\"#{name}\""), format!("id=\"{name}-wrong\""), format!("id=\"{name}\"")] {
            assert!(page.html().contains(&part), "{part}");
        }
    }
    assert_eq!(page.html().matches("value=\"Corner Shop\"").count(), 5);
    assert!(page.html().contains("\nCorner Shop</textarea>") && page.html().contains("value=\"company\" checked"));
    assert!(!page.html().contains(CHOSEN));
    assert!(page.html().contains(&APPLICATION.to_string()) && !page.html().contains(&FRESH_APPLICATION.to_string()));
    let used = apply::refused(&letterhead(), &applied("x"), &refusal(Code::IdReused), FRESH_APPLICATION);
    assert!(used.html().contains(&FRESH_APPLICATION.to_string()));
}

#[test]
fn what_only_a_form_can_get_wrong_is_found_before_it_is_sent() {
    let slips = |form: &apply::ApplyForm| form.slips().into_iter().map(|slip| slip.field).collect::<Vec<_>>();
    assert_eq!(slips(&apply::ApplyForm::new(APPLICATION)), ["kind", "expected_customers"]);
    assert_eq!(slips(&applied("1.200")), [""; 0]);
    assert_eq!(applied("1,200").request().expect("request").expected_customers, 1_200);
    assert_eq!(slips(&applied("many")), ["expected_customers"]);
    let printed = format!("{:?} {:?}", applied("Corner Shop"), applied("1").request());
    assert!(!printed.contains(CHOSEN) && !printed.contains("Corner"), "{printed}");
}

#[test]
fn nothing_prints_what_was_typed_or_shown() {
    let printed = format!(
        "{:?} {:?} {:?}",
        typed(GOOD, "somebody"),
        token("q3ZkYv8J"),
        activate::done(&letterhead(), &activation(), None)
    );
    for secret in [GOOD, "somebody", "q3ZkYv8J", "k7mq-2xw9"] {
        assert!(!printed.contains(secret), "{printed}");
    }
}

#[test]
fn days_left_stand_beside_the_last_day_and_its_place() {
    let page = subscription::shown(&letterhead(), &gallery::subscription("active", Some("2026-12-22")), NOW);
    for part in ["<strong>21</strong> days left", "22 December 2026", "(Berlin)", "<rect class=\"left\" width=\"21\""] {
        assert!(page.html().contains(part), "{part}");
    }
    let over = subscription::shown(&letterhead(), &gallery::subscription("active", Some("2026-11-30")), NOW);
    assert!(over.html().contains("It is over") && over.html().contains("Renew with a new code"));
}

#[test]
fn an_order_that_is_refused_keeps_what_was_typed_and_is_looked_at_again() {
    let offer = gallery::offer("Sports package", Some(3));
    let page = order_form::refused(&letterhead(), &offer, &ordered("Sam"), &refusal(Code::Conflict), FRESH_ORDER);
    assert_eq!(page.status(), StatusCode::CONFLICT);
    for kept in ["value=\"Sam\"", "value=\"3\"", &ORDER.to_string(), "3 left"] {
        assert!(page.html().contains(kept), "lost {kept}");
    }
    assert!(!page.html().contains("name=\"total\""), "its price is shown before it is ordered");
    let reused = order_form::refused(&letterhead(), &offer, &ordered("Sam"), &refusal(Code::IdReused), FRESH_ORDER);
    assert!(reused.html().contains(&FRESH_ORDER.to_string()));
    let review = order_form::review(&letterhead(), &offer, &ordered("Sam"), gallery::euros(4_148));
    assert!(review.html().contains("41.48 EUR") && review.html().contains("name=\"total\" value=\"4148 EUR\""));
}

#[test]
fn the_address_of_an_order_is_told_to_nobody() {
    let answer = go_to("/order/abc");
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert_eq!(answer.headers()[header::LOCATION], "/order/abc");
    assert_eq!(answer.headers()[header::CACHE_CONTROL], "no-store");
    assert_eq!(answer.headers()[header::REFERRER_POLICY], "no-referrer");
    let page = order::shown(&letterhead(), &gallery::order_of("Sports package", OrderState::Placed), "Europe/Berlin");
    assert!(page.html().contains("noindex"));
}

#[test]
fn whoever_has_the_money_back_of_what_failed_waits_for_nothing() {
    let failed = |refunded| {
        let order = PublicOrder { refunded, ..gallery::order_of("Sports package", OrderState::Failed) };
        order::shown(&letterhead(), &order, "Europe/Berlin").html().to_owned()
    };
    // One of three units at 41.48 in all.
    assert!(failed(gallery::euros(1_381)).contains("gives you back what you paid"));
    assert!(failed(gallery::euros(1_382)).contains("You have all back that you paid for what was not delivered."));
}
