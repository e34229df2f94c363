//! The real program: its commands, its log, its end.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_counterfoil-central");

fn central(folder: &Path, arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(PROGRAM)
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    child.stdin.take().expect("piped").write_all(input.as_bytes()).expect("input");
    child.wait_with_output().expect("the program ends")
}

#[track_caller]
fn text(output: &Output, success: bool) -> String {
    let all = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.success(), success, "{all}");
    all
}

/// A serving Central; killed when dropped.
struct Server {
    child: Child,
    address: String,
    /// Where `/metrics` answers.
    figures: String,
    log: Arc<Mutex<String>>,
}

impl Server {
    fn start(folder: &Path, level: &str) -> Self {
        let mut child = Command::new(PROGRAM)
            .args(["serve", "--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0"])
            .current_dir(folder)
            .env("RUST_LOG", level)
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let (log, (say, hear)) = (Arc::new(Mutex::new(String::new())), std::sync::mpsc::channel());
        let (stderr, written) = (child.stderr.take().expect("piped"), Arc::clone(&log));
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                for said in ["answering /metrics address=", "answering address="] {
                    if let Some((_, address)) = line.split_once(said) {
                        let _ = say.send(address.trim().to_owned());
                    }
                }
                let mut log = written.lock().expect("log");
                log.push_str(&line);
                log.push('\n');
            }
        });
        let [figures, address] = [(); 2].map(|()| hear.recv_timeout(Duration::from_secs(20)).expect("it answers"));
        Self { child, address, figures, log }
    }

    fn connect(&self) -> TcpStream {
        connect(&self.address)
    }

    fn request(&self, method: &str, path: &str, token: &str, body: &str) -> String {
        Self::ask(self.connect(), method, path, token, body)
    }

    fn ask(mut stream: TcpStream, method: &str, path: &str, token: &str, body: &str) -> String {
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nhost: central\r\nconnection: close\r\nauthorization: Bearer {token}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )
        .expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        answer
    }

    fn terminate(&self) {
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        assert!(told.expect("kill").success());
    }

    fn end(mut self) -> String {
        self.terminate();
        assert!(self.child.wait().expect("it ends").success());
        std::thread::sleep(Duration::from_millis(100));
        let log = self.log.lock().expect("log");
        log.clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn connect(address: &str) -> TcpStream {
    let stream = TcpStream::connect(address).expect("a connection");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a time limit");
    stream
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

fn login(username: &str, password: &str) -> String {
    format!(r#"{{"username":"{username}","password":"{password}"}}"#)
}

#[test]
fn an_operator_is_set_up_at_the_console() {
    let folder = folder();
    let create = ["admin", "create", "--username", "boss", "--operator-name", "Lumen", "--password-file", "-"];
    let said = text(&central(folder.path(), &create, "correct horse\n"), true);
    assert!(said.contains("Lumen is set up") && !said.contains("correct horse"), "{said}");
    let said = text(&central(folder.path(), &create, "correct horse\n"), false);
    assert!(said.contains("boss is taken"), "{said}");
    let said = text(&central(folder.path(), &create, "short\n"), false);
    assert!(said.contains("12 to 200 characters"), "{said}");
    let said =
        text(&central(folder.path(), &["admin", "create", "--username", "second", "--role", "auditor"], ""), true);
    let made = said.split("only now: ").nth(1).expect("a password").trim().to_owned();

    let said = text(&central(folder.path(), &["admin", "create", "--help"], ""), true);
    assert!(said.contains("[default: PM2D]"), "{said}");

    let remove = |username| {
        text(
            &central(folder.path(), &["admin", "remove-second-factor", "--username", username], ""),
            username == "Boss",
        )
    };
    assert!(remove("Boss").contains("has no second factor"));
    assert!(remove("nobody").contains("no such user name"));

    let server = Server::start(folder.path(), "info");
    for (username, password, role) in [("boss", "correct horse", "super_admin"), ("second", &made, "auditor")] {
        let answer = server.request("POST", "/api/v1/admin/login", "", &login(username, password));
        assert!(answer.starts_with("HTTP/1.1 200") && answer.contains(role), "{answer}");
    }
    drop(server);
    let said = text(&central(folder.path(), &["sample-data"], ""), false);
    assert!(said.contains("belongs to Lumen"), "{said}");
    std::fs::remove_file(folder.path().join("counterfoil.keys")).expect("the key file");
    let said = text(&central(folder.path(), &["migrate"], ""), false);
    assert!(said.contains("not the one of this database"), "{said}");
}

#[test]
fn sample_data_is_made_once_and_proves() {
    let folder = folder();
    let sample = ["sample-data", "--accounts", "25"];
    assert!(text(&central(folder.path(), &sample, ""), true).contains("sample-anker"));
    let again = text(&central(folder.path(), &sample, ""), true);
    assert!(again.contains("already there") && again.contains("sample-anker"), "{again}");
    assert!(text(&central(folder.path(), &["verify"], ""), true).contains("equation holds"));
}

#[test]
fn a_restored_database_says_what_it_forgot() {
    let folder = folder();
    text(&central(folder.path(), &["sample-data", "--accounts", "0"], ""), true);
    text(&central(folder.path(), &["backup", "--to", "copy.db"], ""), true);
    let copy = ["--database-url", "sqlite:copy.db", "--keys", "counterfoil.keys"];
    let said = text(&central(folder.path(), &[&["restored"][..], &copy[..]].concat(), ""), true);
    assert!(said.contains("machines that were blocked") && said.contains("revoked: 0 are let in now"), "{said}");
    let said = text(&central(folder.path(), &[&["admin", "revoke-api-keys"][..], &copy[..]].concat(), ""), true);
    assert!(said.contains("Nothing was changed"), "{said}");
}

#[test]
fn the_log_tells_no_secret() {
    let folder = folder();
    text(&central(folder.path(), &["sample-data", "--accounts", "0"], ""), true);
    let server = Server::start(folder.path(), "debug");
    let answer = server.request("POST", "/api/v1/reseller/login", "", &login("anker", "sample-anker"));
    let token = |name: &str| {
        let (_, rest) = answer.split_once(&format!("\"{name}\":\"")).expect("a token");
        rest.split('"').next().unwrap_or_default().to_owned()
    };
    let (access, refresh) = (token("access_token"), token("refresh_token"));
    server.request("POST", "/api/v1/reseller/login", "", &login("anker", "canary-password"));
    server.request("POST", "/api/v1/reseller/login", "", &login("canary-name", "x"));
    server.request("GET", "/api/v1/me", &access, "");
    server.request("GET", "/api/v1/me", "canary-token", "");
    server.request("POST", "/api/v1/session/refresh", "", &format!(r#"{{"refresh_token":"{refresh}"}}"#));
    server.request("GET", "/api/v1/public/codes/PM2D-CANA-RYCA-NARY", "", "");
    server.request("GET", "/api/v1/public/subscriptions/canary-subscription", "", "");
    server.request("GET", "/api/v1/reseller/plans?search=canary-search", &access, "");
    server.request("GET", "/canary-path", "", "");
    let figures = Server::ask(connect(&server.figures), "GET", "/metrics", "", "");
    assert!(figures.contains(r#"route="/api/v1/me",status="401""#), "{figures}");
    let log = server.end();
    assert!(log.contains("route=/api/v1/public/codes/{code}"), "{log}");
    let told = (log + &figures).to_lowercase();
    for secret in ["canary", "cana-ryca", "sample-anker", &access.to_lowercase(), &refresh.to_lowercase()] {
        assert!(!told.contains(secret), "{secret} is in:\n{told}");
    }
}

#[test]
fn figures_are_told_at_an_address_of_their_own_and_nowhere_else() {
    let folder = folder();
    text(&central(folder.path(), &["sample-data", "--accounts", "0"], ""), true);
    let server = Server::start(folder.path(), "info");
    let public = server.request("GET", "/metrics", "", "");
    assert!(public.starts_with("HTTP/1.1 404 "), "{public}");
    let figures = Server::ask(connect(&server.figures), "GET", "/metrics", "", "");
    assert!(figures.starts_with("HTTP/1.1 200 ") && figures.contains("counterfoil_ledger_faults 0"), "{figures}");
    let nothing_else = Server::ask(connect(&server.figures), "GET", "/api/v1/about", "", "");
    assert!(nothing_else.starts_with("HTTP/1.1 404 "), "{nothing_else}");
}

#[test]
fn a_request_in_flight_is_finished_before_the_end() {
    let folder = folder();
    text(&central(folder.path(), &["sample-data", "--accounts", "0"], ""), true);
    let server = Server::start(folder.path(), "info");
    let body = login("admin", "sample-admin");
    let mut stream = server.connect();
    let (first, second) = body.split_at(10);
    write!(
        stream,
        "POST /api/v1/admin/login HTTP/1.1\r\nhost: central\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n{first}",
        body.len()
    )
    .expect("sent");
    std::thread::sleep(Duration::from_millis(300));
    server.terminate();
    std::thread::sleep(Duration::from_millis(300));
    assert!(TcpStream::connect(&server.address).is_err(), "no new connection is taken");
    write!(stream, "{second}").expect("sent");
    let mut answer = [0; 15];
    stream.read_exact(&mut answer).expect("an answer");
    assert_eq!(&answer, b"HTTP/1.1 200 OK");
    drop(stream);
    let mut server = server;
    assert!(server.child.wait().expect("it ends").success());
}

#[test]
fn a_wrong_start_says_what_is_wrong_and_no_password() {
    let folder = folder();
    for (url, says) in [
        ("mysql://user:canary@host/db", "begins with sqlite: or postgres://"),
        ("postgres://user:canary@127.0.0.1:99999/db", "cannot open the PostgreSQL database"),
    ] {
        let said = text(&central(folder.path(), &["migrate", "--database-url", url], ""), false);
        assert!(said.contains(says) && !said.contains("canary"), "{said}");
    }
    std::fs::write(folder.path().join("bad.keys"), "{").expect("a file");
    let said = text(&central(folder.path(), &["migrate", "--keys", "bad.keys"], ""), false);
    assert!(said.contains("Restore it from its backup"), "{said}");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let listen = taken.local_addr().expect("an address").to_string();
    let said = text(&central(folder.path(), &["serve", "--listen", &listen], ""), false);
    assert!(said.contains(&format!("cannot listen on {listen}")), "{said}");
}

#[test]
fn no_database_is_made_of_a_mistyped_name() {
    let folder = folder();
    let remove = ["admin", "remove-second-factor", "--username", "me"];
    for arguments in [&["backup", "--to", "copy.db"][..], &["verify"], &["restored"], &remove] {
        let said = text(&central(folder.path(), arguments, ""), false);
        assert!(said.contains("there is no database counterfoil.db"), "{arguments:?}: {said}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).expect("folder").count(), 0);
}
