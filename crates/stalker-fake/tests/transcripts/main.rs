//! Every recorded exchange, sent again as it was recorded: status, content type and body must be the same bytes.

mod order;
mod recording;

use std::collections::BTreeSet;

use counterfoil_stalker_fake::{FakePortal, Fault, Planned, Setup, Tables, User};
use jiff::civil::date;
use recording::{Recording, folder};

/// Not claimed, each with its reason.
const NOT_PLAYED: &[(&str, &str)] = &[
    ("INDEX", "the list of the recordings"),
    ("v4935x-stb-put-reboot-plus-ls.db", "a table before and after, compared by its own test"),
];

/// Recordings of portals that were in some trouble, each with the trouble.
const TROUBLES: &[(&str, Fault)] = &[
    ("v4935-php-fatal-is-200-html", Fault::PhpFatal),
    ("v4935-missing-ext-error", Fault::MissingExtension),
    ("v4935-trailing-php-warning-when-log-dir-missing", Fault::TrailingWarning),
    ("v4935dbdown-list", Fault::DatabaseDown),
    ("v4935big-50k-accounts-mem64M", Fault::MemoryExhausted { megabytes: 64 }),
    ("v4935big-50k-stb-mem128M", Fault::MemoryExhausted { megabytes: 128 }),
];

/// Plays the recordings `PREFIX-NAME` in this order and tells what differs.
async fn play(portal: &FakePortal, prefix: &str, names: &str, played: &mut BTreeSet<String>) -> Vec<String> {
    let mut differences = Vec::new();
    for name in names.split_whitespace() {
        let Some(recording) = Recording::read(&format!("{prefix}-{name}")) else { continue };
        differences.extend(recording.play(portal).await.err());
        played.insert(recording.name);
    }
    differences
}

async fn stalker(played: &mut BTreeSet<String>) -> Vec<String> {
    let portal = FakePortal::start(Setup::stalker()).await;
    let mut differences = play(&portal, "v4935", order::BOTH, played).await;
    // Without a reseller resource.
    differences.extend(play(&portal, "v4935", "reseller-list", played).await);
    before_paths(&mut portal.state().tables);
    differences.extend(play(&portal, "v4935x", order::PATHS, played).await);
    portal.state().tables = Tables::default();
    differences.extend(play(&portal, "v4935x", order::VALUES, played).await);
    portal.state().setup.internal_billing = false;
    let without = "user-get-no-internal-billing stb-get-no-internal-billing";
    differences.extend(play(&portal, "v4935", without, played).await);
    portal.state().setup.internal_billing = true;
    differences.extend(play(&portal, "v4935x", order::REBOOT, played).await);
    differences.extend(reboot_reached_every_row(&portal));
    portal.state().setup.api_enabled = false;
    differences.extend(play(&portal, "v4935", "api-disabled", played).await);
    differences
}

/// The exchanges between the two series were not kept; the next answers show what they left.
fn before_paths(tables: &mut Tables) {
    let mut users: Vec<User> = tables.users().cloned().collect();
    let like =
        |users: &[User], login: &str| users.iter().find(|user| user.login == login).cloned().expect("an account");
    let (plain, stb1) = (like(&users, "a+b"), like(&users, "stb1"));
    users.retain(|user| user.login != "stb1");
    users.extend(["blank2", "blank1"].map(|login| User { login: login.into(), ls: String::new(), ..plain.clone() }));
    users.push(stb1);
    tables.replace_users(users);
}

/// The table that was dumped after `PUT stb` with `reboot` and `ls`.
fn reboot_reached_every_row(portal: &FakePortal) -> Option<String> {
    let dump = std::fs::read_to_string(folder().join("v4935x-stb-put-reboot-plus-ls.db.txt")).expect("the dump");
    let (_, after) = dump.split_once("\nafter\n").expect("the table after");
    let recorded: Vec<&str> = after.lines().skip(1).collect();
    let state = portal.state();
    let rows: Vec<String> = state
        .tables
        .users()
        .map(|user| format!("{}\t{}\t{}\t{}\t{}", user.id, user.login, user.ls, user.mac, u8::from(user.off)))
        .collect();
    (rows != recorded).then(|| format!("the table after the reboot\n  recorded {recorded:?}\n  played   {rows:?}"))
}

async fn ministra(played: &mut BTreeSet<String>) -> Vec<String> {
    let portal = FakePortal::start(Setup::ministra()).await;
    portal.state().tables.add_reseller("Acme Reseller", "0", date(2026, 11, 21).at(0, 13, 49, 0));
    let mut differences = play(&portal, "m561hybrid", order::BOTH, played).await;
    differences.extend(play(&portal, "m561hybrid", order::RESELLERS, played).await);
    portal.state().setup.resellers_for_api = false;
    differences.extend(play(&portal, "m561hybrid", order::RESELLERS_OFF, played).await);
    differences
}

async fn troubles(played: &mut BTreeSet<String>) -> Vec<String> {
    let portal = FakePortal::start(Setup::stalker()).await;
    let mut differences = Vec::new();
    for (name, fault) in TROUBLES {
        portal.plan(Planned { times: Some(1), ..Planned::always(*fault) });
        let (prefix, name) = name.split_once('-').expect("a prefix");
        differences.extend(play(&portal, prefix, name, played).await);
        assert!(portal.state().faults.is_empty(), "{name} did not meet its fault");
    }
    differences.extend(play(&portal, "v4935dbdown", "auth-bad recovered", played).await);
    differences
}

#[tokio::test]
async fn every_recorded_exchange_is_answered_the_same() {
    let mut played = BTreeSet::new();
    let mut differences = stalker(&mut played).await;
    differences.extend(ministra(&mut played).await);
    differences.extend(troubles(&mut played).await);
    assert!(differences.is_empty(), "{} of {} differ:\n{}", differences.len(), played.len(), differences.join("\n"));

    let recorded: BTreeSet<String> = std::fs::read_dir(folder())
        .expect("the recordings")
        .map(|entry| entry.expect("an entry").path().file_stem().expect("a name").to_string_lossy().into_owned())
        .collect();
    let mut told: BTreeSet<String> = NOT_PLAYED.iter().map(|(name, _)| (*name).to_owned()).collect();
    told.extend(played.iter().cloned());
    let forgotten: Vec<_> = recorded.symmetric_difference(&told).collect();
    assert!(forgotten.is_empty(), "neither played nor named as not claimed: {forgotten:?}");
    println!("{} played, {} not claimed: {NOT_PLAYED:?}", played.len(), NOT_PLAYED.len());
}
