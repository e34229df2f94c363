//! Whose account it is: written where the probe found a field for it, never alone, never elsewhere.

use counterfoil_stalker::{
    AccountFields, Creation, Error, Field, FieldText, NewAccount, Owner, OwnerField, Portal, Presence, Refusal,
    ResellerId,
};
use counterfoil_stalker_fake::{FakePortal, Setup};

use crate::{account, by_login, config, login, start, text, writes};

fn owned_by(id: u32) -> AccountFields {
    AccountFields { owner: Some(Owner::Reseller(ResellerId::new(id).expect("an id"))), ..AccountFields::default() }
}

#[tokio::test]
async fn an_owner_is_written_and_kept_on_ministra() {
    let (fake, portal) = start(Setup::ministra()).await;
    let shop = portal.create_reseller(&text("North Shop"), Some(100)).await.expect("a reseller");
    let id = shop.id.expect("an id");
    let fields = owned_by(id.get());
    let Ok(Creation::Created(written)) =
        portal.create(&NewAccount { login: login("ivan"), fields: fields.clone() }).await
    else {
        panic!("not created")
    };
    assert!(written.comparison.agrees());
    assert_eq!(written.record.reseller_id, Presence::Shown(Some(id.get())));
    assert_eq!(written.record.reseller_name.as_deref(), Some("North Shop"));

    // An edit keeps it.
    portal.update(&by_login("ivan"), &crate::named("Ivan")).await.expect("a change");
    assert_eq!(fake.state().tables.user("ivan").expect("a row").reseller_id, id.get());

    // And nobody is zero, which a strict database takes too; in company, since some portals refuse it alone.
    fake.asked();
    let nobody = AccountFields { owner: Some(Owner::Nobody), ..AccountFields::default() };
    assert!(portal.update(&by_login("ivan"), &nobody).await.expect("a change").comparison.agrees());
    assert_eq!(writes(&fake), ["PUT /stalker_portal/api/users/ivan full_name=Ivan&reseller_id=0"]);

    let unknown = portal.update(&by_login("ivan"), &owned_by(999)).await;
    assert_eq!(unknown, Err(Error::Refused(Refusal::ResellerUnknown)));
}

#[tokio::test]
async fn an_owner_is_not_sent_where_no_field_holds_it() {
    for setup in [Setup::stalker(), Setup { resellers_for_api: false, ..Setup::ministra() }] {
        let (fake, portal) = start(setup).await;
        let new = NewAccount { login: login("ivan"), fields: owned_by(1) };
        let Ok(Creation::Created(written)) = portal.create(&new).await else { panic!("not created") };
        assert_eq!(written.comparison.not_held, [Field::Owner]);
        assert_eq!(writes(&fake), ["POST /stalker_portal/api/accounts/ login=ivan"]);
        let written = portal.update(&by_login("ivan"), &owned_by(1)).await.expect("nothing to send");
        assert!(!written.wrote);
        assert_eq!(written.comparison.not_held, [Field::Owner]);
        let mut wanted = crate::named("Other");
        wanted.owner = owned_by(1).owner;
        portal.update(&by_login("ivan"), &wanted).await.expect("a change");
        assert_eq!(writes(&fake), ["PUT /stalker_portal/api/users/ivan full_name=Other"]);
    }
}

/// A portal to which its operator has added a column of that name.
#[tokio::test]
async fn an_owner_goes_into_a_field_that_an_operator_added() {
    let fake = FakePortal::start(Setup { custom_reseller: true, ..Setup::stalker() }).await;
    let portal =
        Portal::new(&counterfoil_stalker::Config { owner: OwnerField::Reseller, ..config(&fake) }).expect("a client");
    portal.create(&account("ivan")).await.expect("an account");
    let written = portal.update(&by_login("ivan"), &owned_by(7)).await.expect("a change");
    assert!(written.comparison.agrees());
    assert_eq!(written.record.reseller, Presence::Shown(Some("7".to_owned())));
}

#[tokio::test]
async fn resellers_are_kept_although_the_portal_says_false() {
    let (fake, portal) = start(Setup::ministra()).await;
    let name = text("North Shop");
    let made = portal.create_reseller(&name, None).await.expect("a reseller");
    assert_eq!(portal.create_reseller(&name, None).await, Err(Error::Refused(Refusal::NameTaken)));
    let id = made.id.expect("an id");
    let renamed = portal.update_reseller(id, Some(&FieldText::new("South Shop").expect("a text")), Some(5)).await;
    assert_eq!(renamed.map(|renamed| (renamed.name, renamed.max_users)), Ok(("South Shop".to_owned(), Some(5))));
    portal.create(&NewAccount { login: login("ivan"), fields: owned_by(id.get()) }).await.expect("an account");
    assert_eq!(portal.delete_reseller(id).await, Err(Error::Refused(Refusal::ResellerHasAccounts)));
    portal.delete(&by_login("ivan")).await.expect("a deletion");
    assert_eq!(portal.delete_reseller(id).await, Ok(()));
    assert_eq!(portal.reseller(id).await, Ok(None));

    fake.state().setup.resellers_for_api = false;
    assert_eq!(portal.resellers().await, Err(Error::Refused(Refusal::ResourceDenied)));
    let (_old, portal) = start(Setup::stalker()).await;
    assert!(matches!(portal.resellers().await, Err(Error::Refused(Refusal::NoSuchResource { .. }))));
}
