//! Portals that are wrong, broken or gone: each a clear error, none a wrong conclusion.

use std::time::Duration;

use counterfoil_stalker::{
    ApiAddress, Config, Credentials, Error, Limits, Outcome, Portal, Refusal, Trust, presented_certificate,
};
use counterfoil_stalker_fake::{FakePortal, Fault, Planned, Setup};

use crate::{account, by_login, config, named, start};

/// Every call and every list meets the same error.
async fn meets(fault: Fault, expected: impl Fn(&Error) -> bool) {
    for setup in crate::both() {
        let (fake, portal) = start(setup).await;
        fake.generate(1, 20);
        fake.plan(Planned::always(fault));
        let call = portal.tariffs().await.map(|_| ()).expect_err("a bad portal");
        assert!(expected(&call), "{fault:?}: {call:?}");
        let list = match portal.boxes().await {
            Ok(rows) => rows.collect().await.map(|_| ()),
            Err(error) => Err(error),
        };
        let list = list.expect_err("a bad portal");
        assert!(expected(&list), "{fault:?}: {list:?}");
        assert!(!call.remedy().is_empty() && call.to_string().len() < 400);
    }
}

#[tokio::test]
async fn each_trouble_has_its_own_error() {
    meets(Fault::ApiDisabled, |error| *error == Error::ApiDisabled).await;
    meets(Fault::Nothing, |error| *error == Error::EmptyAnswer).await;
    meets(Fault::HalfAnswer, |error| *error == Error::CutShort).await;
    meets(Fault::MemoryExhausted { megabytes: 128 }, |error| *error == Error::OutOfMemory { megabytes: 128 }).await;
    meets(Fault::ServerError, |error| *error == Error::Server(500)).await;
    meets(Fault::BadGateway, |error| *error == Error::Server(502)).await;
    meets(Fault::LoginPage, |error| *error == Error::NotThePortal("Sign in".to_owned())).await;
    meets(Fault::DatabaseDown, |error| *error == Error::Refused(Refusal::DatabaseDown)).await;
    meets(Fault::MissingExtension, |error| matches!(error, Error::Refused(Refusal::MissingExtension(_)))).await;
    meets(Fault::PhpFatal, |error| match error {
        Error::PhpFailed(words) => words.contains("geoip_country_code_by_name") && !words.contains("/var/www"),
        _ => false,
    })
    .await;
}

#[tokio::test]
async fn a_warning_behind_the_answer_is_passed_over() {
    let (fake, portal) = start(Setup::stalker()).await;
    fake.generate(1, 20);
    fake.plan(Planned::always(Fault::TrailingWarning));
    assert_eq!(portal.tariffs().await.map(|tariffs| tariffs.len()), Ok(2));
    let rows = portal.boxes().await.expect("a list").collect().await;
    assert_eq!(rows.map(|rows| rows.len()), Ok(20));
}

#[tokio::test]
async fn silence_ends_with_the_time_that_was_given() {
    let wait = Duration::from_millis(300);
    for fault in [Fault::Silence, Fault::Stall] {
        let fake = FakePortal::start(Setup::stalker()).await;
        fake.generate(1, 2_000);
        fake.plan(Planned::always(fault));
        let limits = Limits { call: wait, list: wait, ..Limits::default() };
        let portal = Portal::new(&Config { limits, ..config(&fake) }).expect("a client");
        assert_eq!(portal.tariffs().await, Err(Error::TimedOut(wait)), "{fault:?}");
        let end = match portal.boxes().await {
            Ok(rows) => rows.end().await,
            Err(error) => Err(error),
        };
        assert_eq!(end, Err(Error::TimedOut(wait)), "{fault:?}");
        // A write that met it may have happened.
        assert_eq!(Error::TimedOut(wait).outcome(), Outcome::Unknown);
    }
}

#[tokio::test]
async fn wrong_password_wrong_path_and_nobody_there() {
    let fake = FakePortal::start(Setup::stalker()).await;
    let with = |api: &str, password: &str| {
        let api = ApiAddress::new(api).expect("an address");
        Portal::new(&Config::new(api, Some(Credentials::new("stalker", password)))).expect("a client")
    };
    assert_eq!(with(&fake.api(), "wrong").tariffs().await, Err(Error::WrongCredentials));
    let elsewhere = format!("{}/portal/api/", fake.origin());
    assert_eq!(with(&elsewhere, "secret").tariffs().await, Err(Error::WrongPath));
    let api = fake.api();
    drop(fake);
    let gone = with(&api, "secret").tariffs().await;
    assert!(matches!(gone, Err(Error::Unreachable(_))), "{gone:?}");
}

/// A client that follows sends the password to whoever is named, and drops the body of a write.
#[tokio::test]
async fn a_redirection_is_told_and_not_followed() {
    let (fake, portal) = start(Setup::stalker()).await;
    fake.plan(Planned::always(Fault::Moved));
    let moved = Error::Moved("https://portal.example/stalker_portal/api/".to_owned());
    assert_eq!(portal.tariffs().await, Err(moved.clone()));
    assert_eq!(portal.boxes().await.map(|_| ()), Err(moved.clone()));
    assert_eq!(portal.create(&account("ivan")).await, Err(moved.clone()));
    assert_eq!(moved.outcome(), Outcome::Nothing);
    assert_eq!(fake.asked().len(), 3);
}

/// A statement with the customer's password comes back in the portal's error.
#[tokio::test]
async fn no_password_comes_out_of_an_error() {
    let (fake, portal) = start(Setup { strict_sql: true, ..Setup::stalker() }).await;
    let mut new = account("ivan");
    new.fields.password = Some(counterfoil_stalker::Password::new("hunter2").expect("a password"));
    portal.create(&new).await.expect("an account");
    // What the client itself would never send.
    let raw = "login=x&password=hunter2&end_date=31.01.2027";
    let answer = raw_post(&fake, raw).await;
    assert!(answer.contains("hunter2"), "the portal tells it: {answer}");
    let shown = counterfoil_stalker::fuzzing::answer::<counterfoil_stalker::AccountRecord>(200, answer.as_bytes(), &[]);
    let shown = format!("{shown:?}");
    assert!(shown.contains("Incorrect datetime value") && !shown.contains("hunter2"), "{shown}");
    assert!(!format!("{portal:?}{new:?}").contains("hunter2"));
    assert!(!format!("{portal:?}").contains("secret"));
}

async fn raw_post(fake: &FakePortal, body: &str) -> String {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let mut socket = tokio::net::TcpStream::connect(fake.origin().replace("http://", "")).await.expect("a connection");
    let request = format!(
        "POST /stalker_portal/api/accounts/ HTTP/1.1\r\nHost: portal\r\nConnection: close\r\n\
         Authorization: Basic c3RhbGtlcjpzZWNyZXQ=\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    socket.write_all(request.as_bytes()).await.expect("a request sent");
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.expect("an answer");
    answer.split_once("\r\n\r\n").expect("a body").1.to_owned()
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_told_and_can_be_trusted_alone() {
    let (fake, certificate) = crate::bad_portals::tls::start().await;
    let api = ApiAddress::new(&fake).expect("an address");
    let config = Config::new(api.clone(), None);
    let refused = Portal::new(&config).expect("a client").tariffs().await;
    assert!(matches!(refused, Err(Error::UntrustedCertificate(_))), "{refused:?}");

    let presented = presented_certificate(&api, Duration::from_secs(10)).await.expect("a certificate");
    assert_eq!(presented, certificate);
    let trusting = Config { trust: Trust::Only(presented), ..config.clone() };
    assert_eq!(Portal::new(&trusting).expect("a client").tariffs().await, Ok(Vec::new()));
    let another = Config { trust: Trust::Only(vec![1, 2, 3]), ..config };
    let refused = Portal::new(&another).expect("a client").tariffs().await;
    assert!(matches!(refused, Err(Error::UntrustedCertificate(_))), "{refused:?}");
}

#[tokio::test]
async fn a_broken_portal_is_not_written_to() {
    let (fake, portal) = start(Setup::stalker()).await;
    portal.create(&account("ivan")).await.expect("an account");
    fake.asked();
    fake.plan(Planned::always(Fault::LoginPage));
    let refused = portal.update(&by_login("ivan"), &named("Other")).await;
    assert!(matches!(refused, Err(Error::NotThePortal(_))));
    assert!(portal.create(&account("maria")).await.is_err());
    assert!(portal.delete(&by_login("ivan")).await.is_err());
    assert_eq!(crate::writes(&fake), Vec::<String>::new());
}

/// A server that signed its own certificate and knows no tariffs.
mod tls {
    use std::sync::Arc;

    use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _};
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    /// Its API address and its certificate.
    pub(super) async fn start() -> (String, Vec<u8>) {
        let certificate = CertificateDer::from_pem_slice(include_bytes!("self_signed.pem")).expect("a certificate");
        let key = PrivateKeyDer::from_pem_slice(include_bytes!("self_signed.key")).expect("a key");
        let config = rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![certificate.clone()], key)
            .expect("a certificate and its key");
        let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(async move {
            loop {
                let Ok((socket, _)) = listener.accept().await else { return };
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    // A client that does not trust it goes away here.
                    let Ok(mut socket) = acceptor.accept(socket).await else { return };
                    let mut request = [0; 4096];
                    let _ = socket.read(&mut request).await;
                    let body = r#"{"status":"OK","results":[]}"#;
                    let head =
                        format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
                    let _ = socket.write_all(format!("{head}{body}").as_bytes()).await;
                    let _ = socket.shutdown().await;
                });
            }
        });
        (format!("https://{address}/stalker_portal/api/"), certificate.to_vec())
    }
}
