//! The portal did its work and its answer was lost: nothing is done twice, and nothing is claimed that was not seen.

use counterfoil_stalker::{Creation, Error, Event, Outcome};
use counterfoil_stalker_fake::{Fault, Planned, Setup, When};

use crate::{account, both, by_login, mac, named, start, writes};

const LOSSES: [Fault; 5] =
    [Fault::Nothing, Fault::HalfAnswer, Fault::PhpFatal, Fault::GatewayTimeout, Fault::LoginPage];

#[tokio::test]
async fn a_creation_is_seen_afterwards() {
    for setup in both() {
        for fault in LOSSES {
            let (fake, portal) = start(setup.clone()).await;
            fake.plan(Planned::lost_answer("POST", fault));
            let Ok(Creation::Created(written)) = portal.create(&account("ivan")).await else { panic!("{fault:?}") };
            assert!(written.answer_lost && written.comparison.agrees());
            assert_eq!(writes(&fake).len(), 1);
            assert_eq!(fake.state().tables.users().count(), 1);
        }
    }
}

#[tokio::test]
async fn a_creation_that_did_not_happen_is_an_error_and_can_be_tried_again() {
    for fault in LOSSES {
        let (fake, portal) = start(Setup::stalker()).await;
        // Half an answer always comes after the work.
        if fault == Fault::HalfAnswer {
            continue;
        }
        fake.plan(Planned { when: When::Before, ..Planned::lost_answer("POST", fault) });
        let error = portal.create(&account("ivan")).await.expect_err("no account");
        assert_eq!(error.outcome(), Outcome::Unknown, "{fault:?}");
        assert!(matches!(portal.create(&account("ivan")).await, Ok(Creation::Created(_))));
        assert_eq!(fake.state().tables.users().count(), 1);
    }
}

/// The look that would tell is lost too: the next try looks first and makes no second account.
#[tokio::test]
async fn a_creation_that_nobody_saw_is_not_made_twice() {
    let (fake, portal) = start(Setup::stalker()).await;
    fake.plan(Planned::lost_answer("POST", Fault::Nothing));
    // The first look is spared, the second one not.
    let spoilt_look = Planned { after: 1, ..Planned::lost_answer("GET", Fault::Nothing) };
    fake.plan(spoilt_look);
    let error = portal.create(&account("ivan")).await.expect_err("nobody saw it");
    assert_eq!((error.outcome(), fake.state().tables.users().count()), (Outcome::Unknown, 1));
    let again = portal.create(&account("ivan")).await;
    assert!(matches!(again, Ok(Creation::AlreadyThere(written)) if written.comparison.agrees()));
    assert_eq!(writes(&fake).len(), 1);
}

#[tokio::test]
async fn a_change_is_claimed_only_where_it_is_seen() {
    for fault in LOSSES {
        let (fake, portal) = start(Setup::ministra()).await;
        portal.create(&account("ivan")).await.expect("an account");
        fake.plan(Planned::lost_answer("PUT", fault));
        let written = portal.update(&by_login("ivan"), &named("Other")).await.expect("seen afterwards");
        assert!(written.answer_lost && written.comparison.agrees());

        // A password cannot be seen.
        fake.plan(Planned::lost_answer("PUT", fault));
        let mut wanted = named("Third");
        wanted.password = Some(counterfoil_stalker::Password::new("pw").expect("a password"));
        let error = portal.update(&by_login("ivan"), &wanted).await.expect_err("not to be seen");
        assert_eq!(error.outcome(), Outcome::Unknown, "{fault:?}");
    }
}

#[tokio::test]
async fn a_deletion_is_seen_afterwards() {
    for fault in LOSSES {
        let (fake, portal) = start(Setup::stalker()).await;
        portal.create(&account("ivan")).await.expect("an account");
        fake.plan(Planned::lost_answer("DELETE", fault));
        assert_eq!(portal.delete(&by_login("ivan")).await, Ok(()), "{fault:?}");
        assert_eq!(fake.state().tables.users().count(), 0);
    }
}

/// Nothing shows whether a message was queued, so it is not sent again.
#[tokio::test]
async fn a_message_is_never_sent_twice() {
    let (fake, portal) = start(Setup::stalker()).await;
    fake.generate(1, 1);
    fake.plan(Planned::lost_answer("POST", Fault::Nothing));
    let delivery = portal.event(&[mac("00:1A:79:00:00:01")], &Event::Reboot, None).await;
    assert_eq!(delivery.queued, 0);
    assert_eq!(delivery.failed, [(vec![mac("00:1A:79:00:00:01")], Error::EmptyAnswer)]);
    assert_eq!(fake.state().tables.events.len(), 1);
}
