//! The real keyring: a D-Bus and a gnome-keyring of this test's own, in a process of their own.
#![cfg(target_os = "linux")]
#![allow(clippy::print_stdout, reason = "the inner process is heard through its output")]

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use counterfoil_client::{Client, OpenOptions, api};
use serde_json::{Value, json};

/// Set in the inner process: the data folder to use.
const FOLDER: &str = "COUNTERFOIL_KEYRING_TEST_FOLDER";

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn wait_for(what: &str, ready: impl Fn() -> bool) {
    let started = Instant::now();
    while !ready() {
        assert!(started.elapsed() < Duration::from_secs(20), "{what} did not come up");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Runs one of the ignored tests below in a process with these variables.
fn inner(test: &str, environment: &[(&str, &str)]) {
    let this = std::env::current_exe().expect("this program");
    let output = Command::new(this)
        .args(["--ignored", "--exact", test, "--nocapture"])
        .envs(environment.iter().copied())
        .env_remove("DISPLAY")
        .output()
        .expect("runs");
    let text = String::from_utf8_lossy(&output.stdout);
    println!("{text}");
    assert!(output.status.success(), "{test}:\n{text}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(text.contains("1 passed"), "{test} did not run");
}

fn start_bus(folder: &Path) -> (Running, String) {
    let socket = folder.join("bus");
    let address = format!("unix:path={}", socket.display());
    let bus = Command::new("dbus-daemon")
        .args(["--session", "--nofork", "--nopidfile"])
        .arg(format!("--address={address}"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("dbus-daemon: run scripts/setup.sh");
    let bus = Running(bus);
    wait_for("the bus", || socket.exists());
    (bus, address)
}

fn start_keyring(folder: &Path, address: &str) -> Running {
    use std::io::Write as _;
    let control = folder.join("keyring");
    std::fs::create_dir_all(folder.join(".local/share/keyrings")).expect("folder");
    let mut keyring = Command::new("gnome-keyring-daemon")
        .args(["--foreground", "--unlock", "--components=secrets"])
        .arg(format!("--control-directory={}", control.display()))
        .env("DBUS_SESSION_BUS_ADDRESS", address)
        .env("HOME", folder)
        .env("XDG_DATA_HOME", folder.join(".local/share"))
        .env("XDG_RUNTIME_DIR", folder)
        .env_remove("DISPLAY")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("gnome-keyring-daemon: run scripts/setup.sh");
    keyring.stdin.take().expect("its input").write_all(b"testpw").expect("unlocked");
    let keyring = Running(keyring);
    wait_for("the keyring", || control.join("control").exists());
    keyring
}

#[test]
fn secrets_live_in_the_keyring_and_come_back() {
    let folder = tempfile::tempdir().expect("folder");
    let data = folder.path().join("data");
    let data = data.to_str().expect("a plain path");
    let (bus, address) = start_bus(folder.path());
    let keyring = start_keyring(folder.path(), &address);
    let with_keyring = [("DBUS_SESSION_BUS_ADDRESS", address.as_str()), (FOLDER, data)];
    inner("opens_with_a_keyring", &with_keyring);
    inner("opens_with_a_keyring", &with_keyring);
    // A day without a keyring: nothing is made anew, and nothing is lost.
    drop(keyring);
    inner("waits_without_a_keyring", &with_keyring);
    drop(bus);
    inner("waits_without_a_keyring", &with_keyring);
}

#[test]
fn where_no_keyring_answers_a_passphrase_seals_the_secrets() {
    let folder = tempfile::tempdir().expect("folder");
    let data = folder.path().join("data");
    let nowhere = format!("unix:path={}", folder.path().join("no-bus").display());
    let environment = [("DBUS_SESSION_BUS_ADDRESS", nowhere.as_str()), (FOLDER, data.to_str().expect("plain"))];
    inner("seals_with_a_passphrase", &environment);
}

fn folder() -> String {
    std::env::var(FOLDER).expect("run by the tests above")
}

async fn phase(client: &std::sync::Arc<Client>) -> String {
    let state = api::call(client, "app_state", Value::Null).await.expect("state");
    state["phase"].as_str().expect("a phase").to_owned()
}

#[tokio::test]
#[ignore = "run by secrets_live_in_the_keyring_and_come_back"]
async fn opens_with_a_keyring() {
    let started = Instant::now();
    let client = Client::open(OpenOptions::new(folder(), "0.0.0")).await.expect("opens");
    println!("opened in {} ms", started.elapsed().as_millis());
    assert_eq!(phase(&client).await, "sign_in");
    client.shutdown().await;
}

#[tokio::test]
#[ignore = "run by secrets_live_in_the_keyring_and_come_back"]
async fn waits_without_a_keyring() {
    let client = Client::open(OpenOptions::new(folder(), "0.0.0")).await.expect("opens");
    assert_eq!(phase(&client).await, "key_missing");
    let refused = api::call(&client, "sell_page", Value::Null).await.expect_err("no database");
    assert_eq!(refused.code, api::ErrorCode::KeyMissing);
}

#[tokio::test]
#[ignore = "run by where_no_keyring_answers_a_passphrase_seals_the_secrets"]
async fn seals_with_a_passphrase() {
    let client = Client::open(OpenOptions::new(folder(), "0.0.0")).await.expect("opens");
    assert_eq!(phase(&client).await, "choose_passphrase");
    let passphrase = |text: &str| json!({ "passphrase": text });
    let short = api::call(&client, "choose_passphrase", passphrase("short")).await.expect_err("too short");
    assert_eq!(short.code, api::ErrorCode::PassphraseTooShort);
    // What it seals is kept, although what comes behind it fails: another try would make another key for the same database.
    let in_the_way = Path::new(&folder()).join("cache.db");
    std::fs::create_dir(&in_the_way).expect("made");
    api::call(&client, "choose_passphrase", passphrase("four ordinary good words")).await.expect_err("no cache");
    std::fs::remove_dir(&in_the_way).expect("removed");
    assert_eq!(phase(&client).await, "locked");
    let state = api::call(&client, "unlock", passphrase("four ordinary good words")).await.expect("sealed");
    assert_eq!(state["phase"], "sign_in");
    client.shutdown().await;

    let client = Client::open(OpenOptions::new(folder(), "0.0.0")).await.expect("opens");
    assert_eq!(phase(&client).await, "locked");
    let wrong = api::call(&client, "unlock", passphrase("four ordinary bad words")).await.expect_err("wrong");
    assert_eq!(wrong.code, api::ErrorCode::VaultWrongPassphrase);
    let state = api::call(&client, "unlock", passphrase("four ordinary good words")).await.expect("opened");
    assert_eq!(state["phase"], "sign_in");
    client.shutdown().await;

    // Forgotten for good: the machine can be set up again, and what it had lies beside.
    let client = Client::open(OpenOptions::new(folder(), "0.0.0")).await.expect("opens");
    let state = api::call(&client, "start_over", Value::Null).await.expect("set aside");
    assert_eq!(state["phase"], "choose_passphrase");
    let aside = Path::new(&folder()).join("set-aside/1");
    assert!(aside.join("vault.sealed").is_file() && aside.join("local.db").is_file());
    let state = api::call(&client, "choose_passphrase", passphrase("five quite other good words")).await.expect("new");
    assert_eq!(state["phase"], "sign_in");
    client.shutdown().await;
}
