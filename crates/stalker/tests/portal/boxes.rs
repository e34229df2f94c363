//! Boxes, messages and packages; and that none of it ever reaches everybody unasked.

use counterfoil_stalker::{
    AccountKey, BoxFields, Channel, ChannelId, Error, Event, Everybody, ExternalId, Message, MessageText, NewBox,
    PackageId, Refusal, Services, TariffId,
};
use counterfoil_stalker_fake::{Setup, User};

use crate::{both, mac, named, number, portal, start, writes};

fn words(text: &str) -> MessageText {
    MessageText::new(text).expect("a message")
}

#[tokio::test]
async fn a_new_box_is_as_wanted_although_the_portal_turns_its_status_round() {
    for setup in both() {
        let (fake, portal) = start(setup).await;
        for (address, enabled) in [("00:1A:79:00:00:01", true), ("00:1A:79:00:00:02", false)] {
            let new = NewBox {
                mac: mac(address),
                enabled,
                account_number: Some(number(&address[15..])),
                credentials: None,
                end_date: None,
            };
            assert_eq!(portal.create_box(&new).await.map(|made| made.enabled), Ok(enabled));
            assert_eq!(portal.create_box(&new).await, Err(Error::Taken("MAC address")));
        }
        let off = BoxFields { enabled: Some(false), ..BoxFields::default() };
        let changed = portal.update_box(mac("00:1A:79:00:00:01"), &off).await.expect("a change");
        assert!(!changed.enabled);
        assert!(writes(&fake).iter().all(|request| !request.contains("reboot")));
        portal.delete_box(mac("00:1A:79:00:00:02")).await.expect("a deletion");
        assert_eq!(portal.delete_box(mac("00:1A:79:00:00:02")).await, Err(Error::NotFound));
        assert_eq!(fake.state().tables.users().count(), 1);
    }
}

#[tokio::test]
async fn messages_reach_whom_they_name() {
    let (fake, portal) = start(Setup::stalker()).await;
    fake.generate(1, 250);
    let to: Vec<_> = (1..=150).map(|n: u32| mac(&format!("00:1A:79:00:00:{n:02X}"))).collect();
    let delivery = portal.message(&to, &Message::new(words("Добрий день"))).await;
    assert_eq!((delivery.queued, delivery.failed.len()), (150, 0));
    assert_eq!(writes(&fake).len(), 2);
    let events = std::mem::take(&mut fake.state().tables.events);
    assert_eq!(events.len(), 150);
    assert!(events.iter().all(|event| event.user_id <= 150 && event.message == "Добрий день"));

    // Nobody is nobody.
    assert_eq!(portal.message(&[], &Message::new(words("x"))).await.queued, 0);
    assert_eq!(portal.event(&[], &Event::Reboot, None).await.queued, 0);
    assert_eq!(writes(&fake), Vec::<String>::new());

    portal.event_to(Everybody::confirmed(), &Event::ReloadPortal, None).await.expect("a broadcast");
    assert_eq!(fake.state().tables.events.len(), 250);
}

#[tokio::test]
async fn every_event_is_one_that_the_portal_knows() {
    let (fake, portal) = start(Setup::stalker()).await;
    fake.generate(1, 1);
    let channel = ChannelId::new(5).expect("an id");
    let events = [
        Event::Message { text: words("x"), reboot: true },
        Event::MessageWithVideo { text: words("x"), video: "http://example.org/v".to_owned() },
        Event::Reboot,
        Event::ReloadPortal,
        Event::UpdateChannels,
        Event::PlayChannel(channel),
        Event::PlayRadioChannel(channel),
        Event::UpdateImage,
        Event::CutOff,
        Event::ShowMenu,
    ];
    for event in &events {
        let delivery = portal.event(&[mac("00:1A:79:00:00:01")], event, None).await;
        assert_eq!((delivery.queued, delivery.failed), (1, Vec::new()), "{event:?}");
    }
    assert!(writes(&fake).iter().any(|request| request.ends_with("channel=5&event=play_channel")));
    let unknown = portal.event(&[mac("00:1A:79:FF:FF:FE")], &Event::Reboot, None).await;
    assert_eq!(unknown.failed[0].1, Error::Refused(Refusal::BoxNotFound));
}

/// The portal says nothing of members of a list that it does not know.
#[tokio::test]
async fn who_is_reached_is_told_beforehand() {
    let (fake, portal) = start(Setup::ministra()).await;
    fake.generate(1, 3);
    let mut users: Vec<User> = fake.state().tables.users().cloned().collect();
    users[2].mac = users[1].mac.clone();
    fake.state().tables.replace_users(users);
    let asked = [mac("00:1A:79:00:00:01"), mac("00:1A:79:00:00:02"), mac("00:1A:79:00:00:09")];
    let reach = portal.reach(&asked).await.expect("an answer");
    assert_eq!(reach.boxes.len(), 3);
    assert_eq!((reach.shared, reach.unknown), (vec![asked[1]], vec![asked[2]]));
}

#[tokio::test]
async fn a_device_reset_reaches_one_box_and_takes_its_mac() {
    let (fake, portal) = start(Setup::stalker()).await;
    fake.generate(1, 3);
    let first = mac("00:1A:79:00:00:01");
    portal.reset_tokens(first).await.expect("a reset");
    assert!(portal.look(&AccountKey::Mac(first)).await.is_ok());
    portal.reset_device(first).await.expect("a reset");
    let macs: Vec<bool> = fake.state().tables.users().map(|user| user.mac.is_empty()).collect();
    assert_eq!(macs, [true, false, false]);
    assert_eq!(portal.reset_device(first).await, Err(Error::NotFound));
}

#[tokio::test]
async fn packages_are_added_and_taken_away_once() {
    for setup in both() {
        let (fake, portal) = start(setup).await;
        // Two: an even number has the tariff T1, in which HBO can be chosen.
        fake.generate(2, 1);
        let first = mac("00:1A:79:00:00:02");
        let package = |text: &str| ExternalId::new(text).expect("an id");
        let hbo = [package("HBO")];
        assert_eq!(portal.subscribe(first, &hbo).await.map(|now| now.subscribed), Ok(vec!["HBO".to_owned()]));
        fake.asked();
        assert!(portal.subscribe(first, &hbo).await.is_ok());
        assert_eq!(writes(&fake), Vec::<String>::new());
        assert_eq!(portal.subscribe(first, &[package("NOPE")]).await, Err(Error::Declined));
        assert_eq!(portal.unsubscribe(first, &hbo).await.map(|now| now.subscribed), Ok(Vec::new()));
        assert_eq!(portal.replace_packages(first, &hbo).await.map(|now| now.subscribed_id), Ok(vec!["2".to_owned()]));
        assert_eq!(portal.clear_packages(first).await.map(|now| now.subscribed), Ok(Vec::new()));
        assert_eq!(portal.subscribed_packages(mac("00:1A:79:00:00:09")).await, Err(Error::NotFound));
    }
}

/// For a box without channels of its own a portal answers with everybody's.
#[tokio::test]
async fn channels_of_another_box_are_not_taken_for_its_own() {
    let (fake, portal) = start(Setup::stalker()).await;
    fake.generate(1, 2);
    let channels: Vec<ChannelId> = [1, 2].into_iter().filter_map(ChannelId::new).collect();
    let first = mac("00:1A:79:00:00:01");
    let made = portal.replace_channels(first, &channels, true).await.expect("a change");
    assert_eq!(made.sub_ch, ["1", "2"]);
    assert_eq!(portal.subscribed_channels(mac("00:1A:79:00:00:02")).await, Ok(None));
    fake.asked();
    assert_eq!(portal.replace_channels(mac("00:1A:79:00:00:09"), &channels, true).await, Err(Error::NotFound));
    assert_eq!(writes(&fake), Vec::<String>::new());
}

#[tokio::test]
async fn the_catalog_is_read() {
    for setup in both() {
        let (fake, portal) = start(setup).await;
        fake.generate(1, 1);
        let tariffs = portal.tariffs().await.expect("tariffs");
        assert_eq!(tariffs.iter().map(|tariff| tariff.name.as_str()).collect::<Vec<_>>(), ["Standard", "Премиум"]);
        assert!(tariffs[0].packages[1].optional && tariffs[0].packages[1].package.external_id == "HBO");
        let id = |id| TariffId::new(id).expect("an id");
        assert_eq!(portal.tariff(id(2)).await, Ok(Some(tariffs[1].clone())));
        assert_eq!(portal.tariff(id(99)).await, Ok(None));
        let packages = portal.packages().await.expect("packages");
        assert_eq!((&packages[0].services, packages[1].price.as_str()), (&Services::All, "5.50"));
        assert_eq!(portal.package(PackageId::new(99).expect("an id")).await, Ok(None));
        let channels: Vec<Channel> = portal.channels().await.expect("channels");
        let second = channels[1].id.expect("an id");
        assert_eq!(portal.channels_of(&[second]).await.map(|some| some[0].name.clone()), Ok("Два ТВ".to_owned()));
        assert_eq!(portal.monitoring_links().await, Ok(String::new()));
        assert_eq!(portal.set_monitoring(second, true).await, Ok(()));
        let modules = portal.restrict_modules(mac("00:1A:79:00:00:01"), &["karaoke".to_owned()]).await;
        assert_eq!(modules.map(|modules| modules.restricted), Ok(vec!["karaoke".to_owned()]));
        assert!(portal.modules(mac("00:1A:79:00:00:01")).await.is_ok_and(|modules| modules.disabled.len() == 7));
    }
}

/// Two writers of one account take turns, whatever each knows it by.
#[tokio::test]
async fn writes_to_one_account_take_turns() {
    let (fake, _) = start(Setup::stalker()).await;
    fake.generate(1, 1);
    let client = portal(&fake);
    let key = AccountKey::Mac(mac("00:1A:79:00:00:01"));
    let other = crate::by_login("user000001");
    let (first, second) = tokio::join!(async { client.update(&key, &named("one")).await }, async {
        client.update(&other, &named("two")).await
    });
    // Each saw its own name when it looked again: nobody wrote in between.
    assert!(first.is_ok_and(|written| written.comparison.agrees()));
    assert!(second.is_ok_and(|written| written.comparison.agrees()));
}
