//! Comparing all accounts.

use counterfoil_domain::portal::{DriftKind, ProvisioningState};
use counterfoil_stalker_fake::{Fault, Planned, User};

use super::{Office, PORTAL, account, as_it_is, login};
use crate::direct::{self, Comparison, State};

async fn now(office: &Office) -> Comparison {
    direct::comparison(&office.till, PORTAL).await.expect("a look").expect("one was started")
}

async fn until(office: &Office, is_so: impl Fn(&Comparison) -> bool) -> Comparison {
    let reached = async {
        loop {
            let now = now(office).await;
            if is_so(&now) {
                return now;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_mins(1), reached).await.expect("it comes to that")
}

async fn compared(office: &Office) -> Comparison {
    direct::compare(&office.till, PORTAL).await.expect("started");
    until(office, |now| now.state != State::Running).await
}

fn logins(comparison: &Comparison, kind: DriftKind) -> Vec<String> {
    comparison.rows.iter().filter(|row| row.kind == kind).map(|row| row.login.clone()).collect()
}

#[tokio::test]
async fn thousands_of_accounts_are_told_apart_by_kind() {
    let office = Office::of(2_500).await;
    let missing = |number: u32, change: fn(&mut User)| {
        let mut user = office.fake.state().tables.user(&login(1)).expect("an account").clone();
        user.login = login(number);
        change(&mut user);
        as_it_is(&user)
    };
    let gone = [missing(9_001, |_| ()), missing(9_002, |_| ()), missing(9_003, |user| user.off = true)];
    let mut waiting = missing(9_004, |_| ());
    waiting.state = ProvisioningState::Waiting;
    {
        let mut world = office.central.world();
        // Of these the portal alone knows; one of them has no MAC that is one, and one no number.
        world.standings.retain(|one| ![5, 997, 999].map(account).contains(&one.account_id));
        world.standings.extend(gone);
        world.standings.push(waiting);
    }
    office.want(8, |one| one.state = ProvisioningState::Waiting);
    office.sets_up(super::PASSWORD).await.expect("set up");
    office.change(1, |user| user.off = true);
    office.change(2, |user| user.tariff_plan_id = 2);
    office.change(4, |user| user.reseller_id = 2);
    // It was still written to when Central was asked.
    office.change(8, |user| user.off = true);
    office.fake.asked();
    let found = compared(&office).await;
    assert_eq!((found.state, found.accounts, found.of), (State::Done, 2_500, Some(2_500)), "{:?}", found.trouble);
    assert_eq!(logins(&found, DriftKind::Differs), [1, 2, 4].map(login));
    assert_eq!(logins(&found, DriftKind::Unknown), [5, 997, 999].map(login));
    assert_eq!(logins(&found, DriftKind::Missing), [9_001, 9_002].map(login));
    let counts = found.counts;
    assert_eq!((counts.differs, counts.unknown, counts.missing, counts.unlinked), (3, 3, 2, 0));
    let asked = office.fake.asked();
    assert!(asked.iter().all(|asked| asked.starts_with("GET ")), "a comparison writes nothing");
    assert!(asked.len() < 60, "a hundred in a call, not {}", asked.len());
    office.client.shutdown().await;
}

#[tokio::test]
async fn a_portal_that_fails_half_way_leaves_what_was_found_and_says_why() {
    let office = Office::set_up(1_000).await;
    office.change(1, |user| user.off = true);
    // The first four hundred are told, in four calls.
    let fault = Planned { resource: Some("accounts"), after: 4, ..Planned::always(Fault::ApiDisabled) };
    office.fake.plan(fault);
    let found = compared(&office).await;
    assert_eq!((found.state, found.accounts, found.of), (State::Failed, 400, Some(1_000)));
    assert_eq!((found.counts.differs, found.counts.missing), (1, 0), "who is missing only a whole list tells");
    let trouble = found.trouble.expect("why");
    assert_eq!(trouble.code, "api_disabled");
    assert!(trouble.remedy.contains("enable_api"));
    office.fake.heal();
    assert_eq!(compared(&office).await.state, State::Done, "again, from the beginning");
    office.client.shutdown().await;
}

#[tokio::test]
async fn a_list_that_breaks_off_says_nothing_of_anybody() {
    let office = Office::set_up(300).await;
    office.fake.plan(Planned::always(Fault::HalfAnswer).on("stb"));
    let found = compared(&office).await;
    assert_eq!((found.state, found.accounts, found.of, found.rows.len()), (State::Failed, 0, None, 0));
    assert_eq!(found.trouble.expect("why").code, "cut_short");
    office.client.shutdown().await;
}

#[tokio::test]
async fn a_comparison_is_cancelled_while_the_portal_keeps_it_waiting() {
    let office = Office::set_up(500).await;
    office.fake.plan(Planned::always(Fault::Silence).on("accounts"));
    direct::compare(&office.till, PORTAL).await.expect("started");
    until(&office, |now| now.of == Some(500)).await;
    let second = direct::compare(&office.till, PORTAL).await.expect("the same");
    assert_eq!((second.state, second.of), (State::Running, Some(500)), "it goes on");
    let cancelled = direct::cancel(&office.till, PORTAL).await.expect("cancelled");
    assert_eq!((cancelled.state, cancelled.accounts, cancelled.counts.missing), (State::Cancelled, 0, 0));
    assert!(cancelled.ended_at.is_some());
    office.fake.heal();
    assert_eq!(compared(&office).await.state, State::Done);
    direct::forget(&office.till, PORTAL).await.expect("forgotten");
    assert!(direct::comparison(&office.till, PORTAL).await.expect("a look").is_none());
    office.client.shutdown().await;
}
