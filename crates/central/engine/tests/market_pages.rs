//! The pages of the market, over the router: found, looked at, ordered, followed.

use axum::http::header;

use super::market::{SPORTS, Stall, id};
use super::proof::count;
use super::web::{Page, get, post};

const SAM: &str = "quantity=3&name=Sam+Sample&email=sam%40example.org&phone=&note=Ring+twice%0D%0Aplease";
const ORDER: &str = "order_id=00000000-0000-7000-8000-000000000401";

/// Where the sports package of the shop is ordered.
fn form() -> String {
    format!("/market/{}/{}", id(SPORTS), id(0x200))
}

async fn send(stall: &Stall, site: &str, body: &str) -> Page {
    post(&stall.world, &form(), site, body.to_owned()).await
}

async fn orders(stall: &Stall) -> i64 {
    count(&stall.world, "SELECT COUNT(*) FROM market_order").await
}

#[tokio::test]
async fn an_offer_is_found_looked_at_ordered_and_followed() {
    let stall = Stall::new().await;
    let market = get(&stall.world, "/market").await.expect(200, "Sports package");
    assert!(market.html.contains("Company of shop") && market.html.contains("13.83 EUR"));
    assert!(market.html.contains("13.827160369 EUR</span> each") && market.html.contains("5 left"));
    assert!(market.html.contains(&form()) && market.html.contains("30 days"));
    get(&stall.world, "/market?search=sport&utm_source=elsewhere").await.expect(200, "Sports package");
    get(&stall.world, "/market?search=films").await.expect(200, "Nothing fits");
    get(&stall.world, &format!("/market?reseller_id={}", stall.shop)).await.expect(200, "Show all sellers");
    for nonsense in ["after=nonsense", "search=a%00b"] {
        let page = get(&stall.world, &format!("/market?{nonsense}")).await;
        page.expect(422, "This page of the market is not there");
    }

    let empty = get(&stall.world, &form()).await.expect(200, "See what it costs");
    assert!(empty.html.contains("name=\"order_id\" value=\"") && !empty.html.contains("name=\"total\""));
    assert!(empty.html.contains("data-testid=\"unit-price\">13.83 EUR<"), "what one costs stands on the form");
    let review = send(&stall, "same-origin", &format!("{ORDER}&{SAM}")).await.expect(200, "41.48 EUR");
    assert!(review.html.contains("name=\"total\" value=\"4148 EUR\"") && review.html.contains("Ring twice\nplease"));
    assert_eq!(orders(&stall).await, 0, "it was only looked at");
    let change = send(&stall, "same-origin", &format!("{ORDER}&{SAM}&total=4148+EUR&change=1")).await;
    assert!(change.expect(200, "See what it costs").html.contains("value=\"Sam Sample\""));

    let total = format!("{ORDER}&{SAM}&total=4148+EUR");
    let placed = send(&stall, "same-origin", &total).await.expect(303, "");
    let path = placed.header(header::LOCATION).to_owned();
    assert_eq!(
        (placed.header(header::CACHE_CONTROL), placed.header(header::REFERRER_POLICY)),
        ("no-store", "no-referrer")
    );
    let again = send(&stall, "same-origin", &total).await.expect(303, "");
    assert_eq!((again.header(header::LOCATION), orders(&stall).await), (path.as_str(), 1));

    let order = get(&stall.world, &path).await.expect(200, "Waits for your payment");
    assert!(order.html.contains("CF-") && order.html.contains("noindex") && !order.html.contains("sam@example.org"));
    assert_eq!(
        (order.header(header::CACHE_CONTROL), order.header(header::REFERRER_POLICY)),
        ("no-store", "no-referrer")
    );
    get(&stall.world, "/order/nobody-has-this").await.expect(404, "No order has this address");
}

#[tokio::test]
async fn what_is_wrong_is_said_at_each_field_and_nothing_is_lost() {
    let stall = Stall::new().await;
    let wrong = send(&stall, "same-origin", &format!("{ORDER}&quantity=two&name=&email=sam&note=Ring+twice")).await;
    let wrong = wrong.expect(422, "Something on the form is not right yet");
    for field in ["quantity", "name", "email"] {
        assert!(wrong.html.contains(&format!("id=\"{field}-wrong\"")), "{field}");
    }
    assert!(wrong.html.contains("value=\"two\"") && wrong.html.contains("Ring twice"));
    // Shown was another price than it has by now.
    let other = send(&stall, "same-origin", &format!("{ORDER}&{SAM}&total=1+EUR")).await;
    other.expect(409, "The offer has changed");
    let many = send(&stall, "same-origin", &format!("{ORDER}&{}&total=8296+EUR", SAM.replace("=3", "=6"))).await;
    assert!(many.html.contains("value=\"6\"") && many.html.contains("data-testid=\"trouble\""), "{}", many.html);
    let zero = send(&stall, "same-origin", &format!("{ORDER}&{SAM}&phone=1%002")).await;
    assert!(zero.expect(422, "Something on the form is not right yet").html.contains("id=\"phone-wrong\""));
    assert_eq!(orders(&stall).await, 0);
}

#[tokio::test]
async fn a_form_of_another_site_orders_nothing() {
    let stall = Stall::new().await;
    let body = format!("{ORDER}&{SAM}&total=4148+EUR");
    let filled = send(&stall, "cross-site", &body).await.expect(200, "See what it costs");
    assert!(filled.html.contains("value=\"Sam Sample\""));
    send(&stall, "same-site", &body).await.expect(200, "See what it costs");
    assert_eq!(orders(&stall).await, 0);
    send(&stall, "none", "name=a&name=b").await.expect(400, "The form did not arrive whole");
    post(&stall.world, &form(), "none", vec![b'a'; 20_000]).await.expect(413, "more than this form takes");
}

#[tokio::test]
async fn what_nobody_sells_has_a_page_too() {
    let stall = Stall::new().await;
    for path in [format!("/market/{}/{}", id(1), id(2)), "/market/x/y".to_owned()] {
        get(&stall.world, &path).await.expect(404, "This is not sold any more");
        post(&stall.world, &path, "same-origin", SAM).await.expect(404, "This is not sold any more");
    }
    let other = stall.world.add_reseller("other", None).await;
    let none = get(&stall.world, &format!("/market?reseller_id={other}")).await.expect(200, "Nothing fits");
    assert!(none.html.contains("this seller"));
}
