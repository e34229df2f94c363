//! The brand that this computer shows: it arrives with the feed, its logo is asked for once, and both stay without a network.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use counterfoil_wire::brand::ShownBrand;
use futures_util::FutureExt as _;
use sha2::{Digest as _, Sha256};

use super::stand_in::{StandIn, restarted, synced};
use crate::api::brand::shown_brand;
use crate::api::{Event, Topic};
use crate::brand::{Shown, shown};

/// One transparent pixel.
const PIXEL: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";
const LOGOS: &str = "GET /api/v1/public/brand/logo";

fn pixel() -> Vec<u8> {
    STANDARD.decode(PIXEL).expect("a picture")
}

fn hash(png: &[u8]) -> String {
    hex::encode(Sha256::digest(png))
}

/// What Central says from now on, with a picture under the logo's name.
fn wear(central: &StandIn, name: &str, accent: Option<&str>, logo: Option<&[u8]>) {
    let mut world = central.world();
    if let Some(png) = logo {
        world.logos.insert(hash(png), png.to_vec());
    }
    world.brand = Some(ShownBrand { name: name.into(), accent: accent.map(Into::into), logo: logo.map(hash) });
}

fn worn(name: &str, accent: Option<&str>, logo: Option<Vec<u8>>) -> Shown {
    Shown { name: name.into(), accent: accent.map(Into::into), logo }
}

#[tokio::test]
async fn a_brand_arrives_is_kept_without_a_network_and_goes_again() {
    let (central, rig, client, till) = StandIn::with_till().await;
    central.fill(1..3);
    synced(&till).await;
    assert_eq!(shown(&till).await.expect("read"), worn("Example TV", None, None), "from before brands");

    wear(&central, "Corner TV", Some("#7a1f5c"), Some(&pixel()));
    let mut events = client.events();
    synced(&till).await;
    let mut told = 0;
    while let Some(Some(event)) = events.next().now_or_never() {
        told += usize::from(event == Event::Changed(Topic::Brand));
    }
    assert_eq!(told, 2, "the name, and the logo once it has come");
    let whole = worn("Corner TV", Some("#7a1f5c"), Some(pixel()));
    assert_eq!(shown(&till).await.expect("read"), whole);
    for _ in 0..3 {
        synced(&till).await;
    }
    assert_eq!(central.count(LOGOS), 1, "a picture is asked for once");

    // Opened anew: nothing is asked, everything is there.
    central.forget_requests();
    let (client, till) = restarted(&rig, client, till).await;
    let view = shown_brand(&client, ()).await.expect("no network is needed");
    assert_eq!(
        (view.name.as_str(), view.accent.as_deref(), view.logo.as_deref()),
        ("Corner TV", Some("#7a1f5c"), Some(PIXEL))
    );
    assert_eq!(central.count(LOGOS), 0);

    // Another name alone leaves the picture where it is.
    wear(&central, "Harbour TV", None, Some(&pixel()));
    synced(&till).await;
    assert_eq!(shown(&till).await.expect("read"), worn("Harbour TV", None, Some(pixel())));
    assert_eq!(central.count(LOGOS), 0);
    wear(&central, "Harbour TV", None, None);
    synced(&till).await;
    assert_eq!(shown(&till).await.expect("read"), worn("Harbour TV", None, None));
    client.shutdown().await;
}

#[tokio::test]
async fn what_is_not_the_logo_that_was_named_is_not_shown_and_asked_for_again() {
    let (central, _rig, client, till) = StandIn::with_till().await;
    let png = pixel();
    wear(&central, "Corner TV", None, Some(&png));
    central.world().logos.insert(hash(&png), b"<svg/>".to_vec());
    synced(&till).await;
    assert_eq!(shown(&till).await.expect("read"), worn("Corner TV", None, None));
    // Nobody has it: the sync succeeds all the same.
    central.world().logos.clear();
    synced(&till).await;
    central.world().logos.insert(hash(&png), png.clone());
    synced(&till).await;
    assert_eq!(shown(&till).await.expect("read"), worn("Corner TV", None, Some(png)));
    assert_eq!(central.count(LOGOS), 3);
    client.shutdown().await;
}
