//! `make run`: Central on an embedded database with sample data, and the application beside it.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};

use crate::process::{Interrupted, Running, succeed};
use crate::screens;
use crate::workspace::{cargo, root, target};

const CENTRAL: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 8787);
/// Where the invented portal listens.
const PORTAL: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 8088);
/// Accounts of its own that the invented portal has, besides those that Central puts there.
const PORTAL_ACCOUNTS: u32 = 60;
const READY_TIMEOUT: Duration = Duration::from_mins(1);
const STOP_GRACE: Duration = Duration::from_secs(15);

/// `cargo xtask run`, with what `counterfoil-central sample-data` is to be told.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let display = ["WAYLAND_DISPLAY", "DISPLAY"]
        .into_iter()
        .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()));
    let (package, program) = if display {
        ("counterfoil-desktop", "counterfoil")
    } else {
        println!("There is no display (neither DISPLAY nor WAYLAND_DISPLAY is set), so the same screens are");
        println!("served to a browser on this machine instead of a window.");
        ("counterfoil-devhost", "counterfoil-devhost")
    };

    let data = std::env::var_os("COUNTERFOIL_DATA").map_or_else(|| root().join("target/run"), PathBuf::from);
    std::fs::create_dir_all(&data).with_context(|| format!("cannot create {}", data.display()))?;
    let data = data.canonicalize()?;
    build(package)?;

    let interrupted = Interrupted::listen()?;
    let database = format!("sqlite:{}", data.join("central.db").display());
    for address in [CENTRAL, PORTAL] {
        ensure!(
            TcpListener::bind(address).is_ok(),
            "another program listens on {address}: stop it (is another `make run` open?)"
        );
    }
    let mut portal = start_portal(&data, &interrupted)?;
    let sample_data = ["sample-data", "--database-url", &database, "--portal", &format!("http://{PORTAL}")];
    succeed("sample data", Command::new(binary("counterfoil-central")).args(sample_data).args(arguments))?;
    let mut central = Running::start(
        "Central",
        on_its_own("counterfoil-central").args([
            "serve",
            "--listen",
            &CENTRAL.to_string(),
            "--database-url",
            &database,
        ]),
    )?;
    wait_until_ready("Central", &mut central, &interrupted, central_is_ready)?;
    println!("An invented portal (Ministra) answers at http://{PORTAL}; its API user is stalker, the password secret.");
    println!("Central answers at http://{CENTRAL} with its data in {}", shown(&data));

    let mut application = Running::start(program, on_its_own(program).arg("--data-dir").arg(data.join("desktop")))?;
    println!("Sign in to http://{CENTRAL}. Ctrl-C stops everything.");
    let mut alone = false;
    while !interrupted.is_set() {
        if let Some(status) = application.exited()? {
            println!("The application was closed: stopping Central.");
            central.stop(STOP_GRACE);
            portal.stop(STOP_GRACE);
            ensure!(status.success(), "the application failed ({status})");
            return Ok(());
        }
        if !alone && let Some(status) = central.exited()? {
            alone = true;
            println!("Central ended ({status}); the application goes on without it. Start it again with:");
            println!("  {} serve --listen {CENTRAL} --database-url {database}", shown(&binary("counterfoil-central")));
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    println!("\nStopping.");
    // The application first: it may have a last thing to tell Central.
    application.stop(STOP_GRACE);
    central.stop(STOP_GRACE);
    portal.stop(STOP_GRACE);
    Ok(())
}

/// The portal keeps its accounts beside Central's, or the two would drift apart from one run to the next.
fn start_portal(data: &Path, interrupted: &Interrupted) -> Result<Running> {
    let mut portal = Running::start(
        "the portal",
        on_its_own("stalker-fake")
            .args(["--listen", &PORTAL.to_string(), "--accounts", &PORTAL_ACCOUNTS.to_string(), "--keep"])
            .arg(data.join("portal.json")),
    )?;
    wait_until_ready("the portal", &mut portal, interrupted, || TcpStream::connect(PORTAL).map(|_| true))?;
    Ok(portal)
}

fn build(package: &str) -> Result<()> {
    println!("Building. The first time takes some minutes.");
    screens::build()?;
    succeed(
        "the build",
        cargo().args([
            "build",
            "--package",
            "counterfoil-central",
            "--package",
            "counterfoil-stalker-fake",
            "--package",
            package,
            "--bins",
        ]),
    )
}

fn binary(name: &str) -> PathBuf {
    target().join("debug").join(name)
}

/// In a process group of its own, so that Ctrl-C reaches only this program, which then stops the others in order; and
/// bound to this program's life should it be killed.
fn on_its_own(name: &str) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "TERM", "--"]).arg(binary(name)).current_dir(root()).process_group(0);
    command
}

fn wait_until_ready(
    name: &str,
    program: &mut Running,
    interrupted: &Interrupted,
    ready: impl Fn() -> std::io::Result<bool>,
) -> Result<()> {
    let deadline = Instant::now() + READY_TIMEOUT;
    while Instant::now() < deadline {
        if let Some(status) = program.exited()? {
            bail!("{name} ended while starting ({status})");
        }
        if interrupted.is_set() {
            bail!("interrupted");
        }
        if ready().unwrap_or(false) {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    bail!("{name} was not ready within {} s", READY_TIMEOUT.as_secs())
}

fn central_is_ready() -> std::io::Result<bool> {
    let mut stream = TcpStream::connect_timeout(&CENTRAL, Duration::from_secs(1))?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    write!(stream, "GET /readyz HTTP/1.1\r\nHost: {CENTRAL}\r\nConnection: close\r\n\r\n")?;
    let mut answer = [0_u8; 12];
    stream.read_exact(&mut answer)?;
    Ok(&answer == b"HTTP/1.1 200")
}

/// As a path from the root of the repository where it is inside.
fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}
