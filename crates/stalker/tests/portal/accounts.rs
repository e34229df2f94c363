//! Accounts: write, read back, compare; and nothing written to anybody else.

use counterfoil_stalker::{
    AccountFields, AccountKey, Balance, BoxOf, Creation, EndDate, Error, ExternalId, Field, Mismatch, NewAccount,
    Outcome, Password, Refusal, UniqueNumber,
};
use counterfoil_stalker_fake::Setup;
use jiff::civil::date;

use crate::{account, both, by_login, login, mac, named, number, start, text, writes};

fn everything() -> AccountFields {
    AccountFields {
        password: Some(Password::new("pw & = +").expect("a password")),
        full_name: Some(text("Іван \"Петренко\" & <Co> \\ '")),
        phone: Some(text("+380501112233")),
        account_number: Some(number("1001")),
        tariff: Some(ExternalId::new("T2").expect("a tariff")),
        enabled: Some(true),
        mac: Some(BoxOf::Mac(mac("001a.7900.0001"))),
        comment: Some(text("first line\nsecond")),
        end_date: Some(EndDate::cut_on(date(2027, 2, 1)).expect("a date")),
        balance: Some(Balance::new("-12.50").expect("a balance")),
        ..AccountFields::default()
    }
}

#[tokio::test]
async fn every_field_is_written_and_read_back() {
    for setup in both() {
        let (fake, portal) = start(setup).await;
        let new = NewAccount { login: login("ivan"), fields: everything() };
        let Ok(Creation::Created(written)) = portal.create(&new).await else { panic!("not created") };
        assert_eq!(written.comparison.mismatches, []);
        assert_eq!(written.comparison.unseen, [Field::Password]);
        assert_eq!(fake.state().tables.user("ivan").expect("a row").password, "pw & = +");
        assert_eq!(written.record.stb_mac, "00:1A:79:00:00:01");

        // Once more it is there already, and as wanted.
        fake.asked();
        let Ok(Creation::AlreadyThere(written)) = portal.create(&new).await else { panic!("created twice") };
        assert!(written.comparison.agrees());
        assert_eq!(writes(&fake), Vec::<String>::new());
    }
}

#[tokio::test]
async fn only_what_differs_is_sent() {
    let (fake, portal) = start(Setup::stalker()).await;
    portal.create(&NewAccount { login: login("ivan"), fields: everything() }).await.expect("an account");
    fake.asked();
    let wanted = AccountFields { password: None, phone: Some(text("555")), ..everything() };
    let written = portal.update(&by_login("ivan"), &wanted).await.expect("a change");
    assert!(written.wrote && written.comparison.agrees());
    assert_eq!(writes(&fake), ["PUT /stalker_portal/api/users/ivan phone=555"]);

    let written = portal.update(&by_login("ivan"), &wanted).await.expect("no change");
    assert!(!written.wrote);
    assert_eq!(writes(&fake), Vec::<String>::new());
}

/// The nightly run switches off whose end has come; extending alone does not switch it on again.
#[tokio::test]
async fn an_extension_carries_the_status() {
    let (fake, portal) = start(Setup::stalker()).await;
    portal.create(&account("ivan")).await.expect("an account");
    fake.asked();
    let end = EndDate::cut_on(date(2027, 3, 1)).expect("a date");
    portal.update(&by_login("ivan"), &AccountFields::running_until(end)).await.expect("a change");
    assert_eq!(writes(&fake), ["PUT /stalker_portal/api/users/ivan status=1&end_date=2027-03-01+00%3A00%3A00"]);
}

#[tokio::test]
async fn what_the_portal_made_of_a_value_is_told() {
    let (_fake, portal) = start(Setup::stalker()).await;
    let tariff = Some(ExternalId::new("NOPE").expect("an id"));
    let new = NewAccount { login: login("ivan"), fields: AccountFields { tariff, ..AccountFields::default() } };
    let Ok(Creation::Created(written)) = portal.create(&new).await else { panic!("not created") };
    let mismatch = Mismatch { field: Field::Tariff, wanted: "NOPE".to_owned(), found: "T1".to_owned() };
    assert_eq!(written.comparison.mismatches, [mismatch]);
}

/// Without internal billing the end date is stored and not shown.
#[tokio::test]
async fn a_date_that_is_not_shown_is_written_and_not_vouched_for() {
    let (fake, portal) = start(Setup { internal_billing: false, ..Setup::stalker() }).await;
    portal.create(&account("ivan")).await.expect("an account");
    let end = EndDate::cut_on(date(2027, 3, 1)).expect("a date");
    let written = portal.update(&by_login("ivan"), &AccountFields::running_until(end)).await.expect("a change");
    assert_eq!(written.comparison.unseen, [Field::EndDate]);
    assert_eq!(fake.state().tables.user("ivan").expect("a row").end_date.as_deref(), Some("2027-03-01 00:00:00"));
}

#[tokio::test]
async fn two_accounts_with_one_number_are_never_written_to_by_it() {
    let (fake, portal) = start(Setup::stalker()).await;
    portal.create(&NewAccount { login: login("ivan"), fields: everything() }).await.expect("an account");
    let unique: UniqueNumber = portal.unique_number(&number("1001")).await.expect("a number of one account");

    // The client makes no second one; somebody else does.
    let mut second = account("maria");
    second.fields.account_number = Some(number("1001"));
    assert_eq!(portal.create(&second).await, Err(Error::Taken("account number")));
    assert!(fake.state().tables.user("maria").is_none());
    let mut row = fake.state().tables.user("ivan").cloned().expect("a row");
    (row.login, row.mac) = ("maria".to_owned(), String::new());
    fake.state().tables.add(row);
    fake.asked();

    let ambiguous = Error::Ambiguous { what: "account number", count: 2 };
    assert_eq!(portal.unique_number(&number("1001")).await, Err(ambiguous.clone()));
    let by_number = AccountKey::Number(unique);
    assert_eq!(portal.update(&by_number, &named("Other")).await, Err(ambiguous.clone()));
    assert_eq!(portal.delete(&by_number).await, Err(ambiguous));
    assert_eq!(writes(&fake), Vec::<String>::new());
    assert_eq!(portal.accounts_of_number(&number("1001")).await.map(|found| found.len()), Ok(2));

    // By its login each can be changed alone.
    portal.update(&by_login("maria"), &named("Maria")).await.expect("a change");
    assert_ne!(fake.state().tables.user("ivan").expect("a row").full_name, "Maria");
}

/// A portal checks a MAC on create only, and stores it on update as it came.
#[tokio::test]
async fn a_mac_is_given_to_one_account_and_in_one_spelling() {
    let (fake, portal) = start(Setup::stalker()).await;
    for name in ["ivan", "maria"] {
        portal.create(&account(name)).await.expect("an account");
    }
    let with = |spelling: &str| AccountFields { mac: Some(BoxOf::Mac(mac(spelling))), ..AccountFields::default() };
    portal.update(&by_login("ivan"), &with("001a7900000a")).await.expect("a change");
    assert_eq!(fake.state().tables.user("ivan").expect("a row").mac, "00:1A:79:00:00:0A");
    let taken = portal.update(&by_login("maria"), &with("00-1A-79-00-00-0A")).await;
    assert_eq!(taken, Err(Error::Taken("MAC address")));
    assert_eq!(fake.state().tables.user("maria").expect("a row").mac, "");

    // The same in another spelling is no change; none at all is one.
    fake.asked();
    assert!(!portal.update(&by_login("ivan"), &with("00:1a:79:00:00:0a")).await.expect("no change").wrote);
    let none = AccountFields { mac: Some(BoxOf::None), ..AccountFields::default() };
    assert!(portal.update(&by_login("ivan"), &none).await.expect("a change").comparison.agrees());
    assert_eq!(writes(&fake), ["PUT /stalker_portal/api/users/ivan stb_mac="]);
}

#[tokio::test]
async fn one_mac_on_two_accounts_stops_a_write_by_it() {
    let (fake, portal) = start(Setup::stalker()).await;
    portal.create(&NewAccount { login: login("ivan"), fields: everything() }).await.expect("an account");
    fake.asked();
    // As long as it is one, the write goes by the login, which stays one account's.
    portal.update(&AccountKey::Mac(mac("00:1A:79:00:00:01")), &named("one")).await.expect("a change");
    assert_eq!(writes(&fake), ["PUT /stalker_portal/api/users/ivan full_name=one"]);
    let mut row = fake.state().tables.user("ivan").cloned().expect("a row");
    row.login = "maria".to_owned();
    fake.state().tables.add(row);
    let key = AccountKey::Mac(mac("00:1A:79:00:00:01"));
    let ambiguous = Error::Ambiguous { what: "MAC address", count: 2 };
    assert_eq!(portal.update(&key, &named("x")).await, Err(ambiguous.clone()));
    assert_eq!(portal.delete(&key).await, Err(ambiguous));
    assert_eq!(fake.state().tables.users().count(), 2);
}

#[tokio::test]
async fn an_account_without_a_login_is_reached_by_its_box() {
    let (fake, portal) = start(Setup::ministra()).await;
    fake.generate(1, 1);
    let mut row = fake.state().tables.user("user000001").cloned().expect("a row");
    row.login = String::new();
    fake.state().tables.replace_users(vec![row]);
    let key = AccountKey::Mac(mac("00:1A:79:00:00:01"));
    let written = portal.update(&key, &named("Box")).await.expect("a change");
    assert!(written.comparison.agrees());
    let moved = AccountFields { mac: Some(BoxOf::Mac(mac("00:1A:79:00:00:02"))), ..AccountFields::default() };
    assert!(portal.update(&key, &moved).await.expect("a change").comparison.agrees());
    let key = AccountKey::Mac(mac("00:1A:79:00:00:02"));
    let none = AccountFields { mac: Some(BoxOf::None), ..AccountFields::default() };
    assert!(matches!(portal.update(&key, &none).await, Err(Error::Unsupported(_))));
    portal.delete(&key).await.expect("a deletion");
    assert_eq!(fake.state().tables.users().count(), 0);
}

#[tokio::test]
async fn what_is_not_there_is_told() {
    for setup in both() {
        let (_fake, portal) = start(setup).await;
        assert_eq!(portal.account(&login("nobody")).await, Ok(None));
        assert_eq!(portal.update(&by_login("nobody"), &named("x")).await, Err(Error::NotFound));
        assert_eq!(portal.delete(&by_login("nobody")).await, Err(Error::NotFound));
        assert_eq!(portal.unique_number(&number("7")).await, Err(Error::NotFound));
        portal.create(&account("ivan")).await.expect("an account");
        portal.delete(&by_login("IVAN")).await.expect("a deletion");
        assert_eq!(portal.account(&login("ivan")).await, Ok(None));
    }
}

#[test]
fn a_refusal_before_the_write_is_known_to_have_done_nothing() {
    assert_eq!(Error::Refused(Refusal::MacTaken).outcome(), Outcome::Nothing);
}
