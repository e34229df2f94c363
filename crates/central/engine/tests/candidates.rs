//! Codes before anybody sold them: made many at once, and written in another order than they are numbered in.

use counterfoil_central_platform::ids::mint;
use counterfoil_domain::code::CURRENT_LIST;
use counterfoil_domain::ids::{DeviceId, LotId};
use uuid::Uuid;

use super::world::{START, World};
use crate::engine::App;
use crate::engine::candidate::{self, Candidates};
use crate::engine::code::{Family, Source};

/// Not in their order.
const SLOTS: [u8; 3] = [2, 0, 9];

fn family(world: &World, id: Uuid) -> Family {
    let source = Source {
        id,
        operator: world.operator,
        device: DeviceId(Uuid::nil()),
        key_id: i64::from(world.app.keys().key_id()),
        salt: vec![7; 16],
        word_list: i64::from(CURRENT_LIST.version()),
        prefix: "PM2D".to_owned(),
    };
    Family::open(world.app.keys(), &source).expect("a family")
}

fn one_by_one(app: &App, family: &Family, last: u32) -> Vec<u8> {
    let of_slot = |slot: u8| (1..=last).flat_map(move |seq| app.keys().code_hash(&family.code(slot, seq)));
    SLOTS.into_iter().flat_map(of_slot).collect()
}

#[tokio::test]
async fn few_codes_and_many_are_the_same_as_one_by_one() {
    let world = World::new().await;
    let family = family(&world, mint::<LotId>(START).0);
    for last in [1, 40, 700] {
        let made = candidate::derive(world.app.keys(), &family, &SLOTS, last).await.expect("made");
        assert_eq!(made.hashes, one_by_one(&world.app, &family, last), "{last} of each slot");
        assert_eq!((made.slots, made.first, made.each), (vec![2, 0, 9], 1, i64::from(last)));
    }
}

#[tokio::test]
async fn each_code_is_stored_under_its_own_slot_and_number() {
    let world = World::new().await;
    let source = mint::<LotId>(START).0;
    let family = family(&world, source);
    let made = candidate::derive(world.app.keys(), &family, &SLOTS, 40).await.expect("made");
    let mut work = world.app.begin(world.operator).await.expect("begun");
    assert!(candidate::insert(&mut work, source, &made).await.expect("stored"));
    for slot in SLOTS {
        for seq in 1..=40 {
            let hash = world.app.keys().code_hash(&family.code(slot, seq));
            let stored: (i64, i64) = sqlx::query_as("SELECT slot, seq FROM candidate WHERE code_hash = $1")
                .bind(hash.as_slice())
                .fetch_one(&mut *work.conn())
                .await
                .expect("the code is there");
            assert_eq!(stored, (i64::from(slot), i64::from(seq)));
        }
    }
    assert!(!candidate::insert(&mut work, source, &made).await.expect("asked"), "they are there already");
}

#[tokio::test]
async fn of_codes_that_partly_exist_the_others_are_stored() {
    let world = World::new().await;
    let source = mint::<LotId>(START).0;
    let family = family(&world, source);
    let numbered = |first: u32, last: u32| -> Candidates {
        let codes: Vec<_> = (first..=last).map(|seq| family.code(0, seq)).collect();
        candidate::of_codes(world.app.keys(), 0, first, &codes).expect("hashed")
    };
    let mut work = world.app.begin(world.operator).await.expect("begun");
    assert!(candidate::insert(&mut work, source, &numbered(11, 20)).await.expect("stored"));
    let new = candidate::insert_new(&mut work, source, &numbered(16, 25)).await.expect("stored");
    assert_eq!(new, 5);
    let stored = candidate::numbers(work.conn(), source, 0, 1, 100).await.expect("read");
    assert_eq!(stored, (11..=25).collect::<Vec<_>>());
    let none = candidate::insert_new(&mut work, source, &numbered(1, 0)).await.expect("asked");
    assert_eq!(none, 0);
}
