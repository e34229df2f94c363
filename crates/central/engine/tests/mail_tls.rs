//! Mail over encrypted ways: what is trusted, what is refused, and that nothing is said in plain instead.

use counterfoil_central_platform::mail::{MailSettings, Mailer, SignIn, Zeroizing};
use counterfoil_domain::permission::StaffRole;
use counterfoil_wire::notices::MailEncryption;
use serde_json::{Value, json};
use uuid::Uuid;

use super::certificate::Identity;
use super::mail_sink::{Sink, settings};
use super::world::{PASSWORD as OF_AN_APPLICANT, World};
use crate::engine::run_notices_once;

const PASSWORD: &str = "correct horse battery";
const MINUTE_MS: i64 = 60_000;

/// `PLAIN` puts name and password into one word of base64.
const SIGN_IN: &str = "AUTH PLAIN AGRlc2sAY29ycmVjdCBob3JzZSBiYXR0ZXJ5";

/// Signs in to this sink, and trusts whom it is told to.
fn over(sink: &Sink, encryption: MailEncryption, trusted: Option<&Identity>) -> MailSettings {
    MailSettings {
        encryption,
        trusted: trusted.map(Identity::certificate).into_iter().collect(),
        sign_in: Some(SignIn { user: "desk".to_owned(), password: Zeroizing::new(PASSWORD.to_owned()) }),
        ..settings(sink.port())
    }
}

/// A Central that sends through what these settings name, with one mail that waits.
async fn central(settings: MailSettings) -> World {
    let mut world = World::new().await;
    world.send_mail(Mailer::new(settings).expect("settings"));
    let asked = json!({ "application_id": Uuid::from_u128(1), "name": "Sam Sample", "email": "sam@example.org",
        "phone": "+49 30 5550100", "password": OF_AN_APPLICANT, "business_name": "Corner Shop", "address": "1 Long Road",
        "kind": "company", "expected_customers": 40, "terms_accepted": true });
    world.post("/api/v1/reseller/signup", None, &asked).await.expect(200);
    world
}

/// The only notice, as staff see it.
async fn notice(world: &World) -> Value {
    let admin = world.staff_token(StaffRole::Admin).await;
    world.get("/api/v1/admin/notices", Some(&admin)).await.expect(200).body["items"][0].clone()
}

fn trouble(notice: &Value) -> String {
    notice["trouble"].as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_trusted_server_gets_the_mail_and_nothing_of_it_is_read_on_the_way() {
    let identity = Identity::of_this_machine(1);
    let tls = Sink::with_tls(&identity).await;
    let starttls = Sink::with_starttls(&identity).await;
    for (sink, encryption) in [(&tls, MailEncryption::Tls), (&starttls, MailEncryption::Starttls)] {
        let world = central(over(sink, encryption, Some(&identity))).await;
        let ended = run_notices_once(&world.app).await;
        let why = trouble(&notice(&world).await);
        assert_eq!(ended, 1, "{encryption:?}: {why}");
        assert_eq!(sink.last().header("Subject"), "Lumen Networks has received your application", "{encryption:?}");
        assert_eq!(notice(&world).await["state"], "sent", "{encryption:?}");
        // A second connection may be opened for the mail itself.
        let signed_in = sink.signed_in();
        assert!(!signed_in.is_empty() && signed_in.iter().all(|line| line == SIGN_IN), "{encryption:?}: {signed_in:?}");
    }
    assert!(tls.heard_in_plain().is_empty());
    let heard = starttls.heard_in_plain();
    assert!(!heard.is_empty());
    for line in heard {
        let verb = line.split(' ').next().unwrap_or_default();
        assert!(["EHLO", "STARTTLS"].contains(&verb), "said in plain: {line}");
    }
}

#[tokio::test]
async fn an_unknown_certificate_is_said_and_tried_again() {
    let (known, other) = (Identity::of_this_machine(1), Identity::of_this_machine(2));
    let tls = Sink::with_tls(&known).await;
    let starttls = Sink::with_starttls(&known).await;
    for (sink, encryption) in [(&tls, MailEncryption::Tls), (&starttls, MailEncryption::Starttls)] {
        let mut world = central(over(sink, encryption, Some(&other))).await;
        assert_eq!(run_notices_once(&world.app).await, 0, "{encryption:?}");
        let waiting = notice(&world).await;
        assert_eq!((waiting["state"].as_str(), waiting["attempts"].as_u64()), (Some("queued"), Some(1)));
        let why = trouble(&waiting);
        assert!(why.contains("from nobody whom Central trusts") && why.contains("--smtp-trust"), "{why}");
        assert!(sink.taken().is_empty() && sink.signed_in().is_empty(), "{encryption:?}");

        // Once it is trusted, the same mail goes.
        world.send_mail(Mailer::new(over(sink, encryption, Some(&known))).expect("settings"));
        world.clock.advance_ms(2 * MINUTE_MS);
        assert_eq!(run_notices_once(&world.app).await, 1, "{encryption:?}");
        assert_eq!(sink.taken().len(), 1, "{encryption:?}");
    }
}

#[tokio::test]
async fn a_certificate_for_another_name_is_refused() {
    let identity = Identity::of_this_machine(1);
    let sink = Sink::with_tls(&identity).await;
    let named = MailSettings { host: "localhost".to_owned(), ..over(&sink, MailEncryption::Tls, Some(&identity)) };
    let world = central(named).await;
    assert_eq!(run_notices_once(&world.app).await, 0);
    let why = trouble(&notice(&world).await);
    assert!(why.contains("for another name"), "{why}");
    assert!(sink.taken().is_empty() && sink.signed_in().is_empty());
}

#[tokio::test]
async fn where_encryption_is_asked_for_nothing_is_said_in_plain() {
    // It offers a sign-in and no STARTTLS, as one would whose way somebody else holds.
    let sink = Sink::new().await;
    let world = central(over(&sink, MailEncryption::Starttls, None)).await;
    assert_eq!(run_notices_once(&world.app).await, 0);
    let waiting = notice(&world).await;
    assert_eq!(waiting["state"], "queued");
    assert!(trouble(&waiting).contains("STARTTLS"), "{}", trouble(&waiting));
    assert!(sink.taken().is_empty());
    for line in sink.heard_in_plain() {
        let verb = line.split(' ').next().unwrap_or_default();
        assert!(["EHLO", "QUIT"].contains(&verb), "said in plain: {line}");
    }
}
