//! Everything around the window that one user's session has, and nothing of the machine's own.

use std::fs::Permissions;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

/// Marks every process of a desk, so that all of them can be found and ended, also those nobody here started.
const MARK: &str = "COUNTERFOIL_DATA_DIR";

const SCREEN: &str = "1440x1000x24";

/// One user's session. Windows opened on it one after the other share its data and its keyring. Dropping it ends
/// everything that runs on it.
pub struct Desk {
    folder: TempDir,
    display: String,
    bus: String,
}

impl Desk {
    /// Starts a display, a session bus and an unlocked keyring.
    pub fn new() -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("counterfoil-desk-").tempdir()?;
        for name in ["home", "runtime", "data", "home/.local/share/keyrings"] {
            std::fs::create_dir_all(folder.path().join(name))?;
        }
        std::fs::set_permissions(folder.path().join("runtime"), Permissions::from_mode(0o700))?;
        let bus = format!("unix:path={}", folder.path().join("runtime/bus").display());
        // From here on a failure drops the desk, which ends what was started.
        let mut desk = Self { folder, display: String::new(), bus };
        desk.start_display()?;
        desk.start_bus()?;
        desk.start_keyring()?;
        Ok(desk)
    }

    /// Where the application on this desk keeps its data.
    pub fn data_dir(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Where it saves documents.
    pub fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// The address of its session bus.
    pub fn bus(&self) -> &str {
        &self.bus
    }

    /// What the display shows, as the X server keeps it: an XWD file that is always current.
    pub fn picture(&self) -> PathBuf {
        self.folder.path().join("runtime/Xvfb_screen0")
    }

    /// A command that runs on this desk.
    pub fn command(&self, program: &Path) -> Command {
        let mut command = Command::new("setpriv");
        command
            // A test that is killed cannot tidy up: then the system does.
            .args(["--pdeathsig", "KILL", "--"])
            .arg(program)
            .env(MARK, self.data_dir())
            .env("HOME", self.home())
            .env("XDG_RUNTIME_DIR", self.folder.path().join("runtime"))
            .env("DISPLAY", &self.display)
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus)
            .env("GDK_BACKEND", "x11")
            .env("LANG", "C.UTF-8")
            .env("NO_AT_BRIDGE", "1")
            .env_remove("WAYLAND_DISPLAY")
            .stdin(Stdio::null());
        for variable in ["XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_CURRENT_DESKTOP"] {
            command.env_remove(variable);
        }
        command
    }

    /// The processes on this desk that run the given program.
    pub fn running(&self, program: &Path) -> Vec<Pid> {
        let program = program.canonicalize().ok();
        self.processes()
            .into_iter()
            .filter(|(_, folder)| std::fs::read_link(folder.join("exe")).ok() == program)
            .map(|(pid, _)| pid)
            .collect()
    }

    /// Whether nothing is left of a killed process: its last thread is gone, and with it its files and connections.
    /// The process itself looks ended a moment earlier.
    pub fn is_gone(pid: Pid) -> bool {
        let threads = std::fs::read_dir(format!("/proc/{}/task", pid.as_raw_nonzero()));
        let ended = std::fs::read_link(format!("/proc/{}/exe", pid.as_raw_nonzero())).is_err();
        ended && threads.map_or(0, Iterator::count) <= 1
    }

    /// Every process on this desk that still says so, with its folder in `/proc`.
    pub fn processes(&self) -> Vec<(Pid, PathBuf)> {
        let mark = format!("{MARK}={}", self.data_dir().display());
        let Ok(entries) = std::fs::read_dir("/proc") else { return Vec::new() };
        entries
            .flatten()
            .filter_map(|entry| {
                let pid = Pid::from_raw(entry.file_name().to_str()?.parse().ok()?)?;
                let environment = std::fs::read(entry.path().join("environ")).ok()?;
                let marked = environment.split(|byte| *byte == 0).any(|variable| variable == mark.as_bytes());
                marked.then(|| (pid, entry.path()))
            })
            .collect()
    }

    fn start_display(&mut self) -> Result<()> {
        let mut server = self
            .command(Path::new("Xvfb"))
            // It chooses a free number itself and writes it to the descriptor named.
            .args(["-displayfd", "1", "-screen", "0", SCREEN, "-nolisten", "tcp", "-fbdir"])
            .arg(self.folder.path().join("runtime"))
            .stdout(Stdio::piped())
            .stderr(self.log("xvfb")?)
            .spawn()
            .context("cannot start Xvfb: run scripts/setup.sh test")?;
        let mut number = String::new();
        BufReader::new(server.stdout.take().context("its output was piped")?).read_line(&mut number)?;
        if number.trim().is_empty() {
            bail!("Xvfb did not start: {}", self.read_log("xvfb"));
        }
        self.display = format!(":{}", number.trim());
        Ok(())
    }

    fn start_bus(&self) -> Result<()> {
        self.command(Path::new("dbus-daemon"))
            .args(["--session", "--nofork", "--nopidfile", "--address", &self.bus])
            .stdout(Stdio::null())
            .stderr(self.log("dbus")?)
            .spawn()
            .context("cannot start dbus-daemon: run scripts/setup.sh test")?;
        self.wait_for("the session bus", "dbus", || self.folder.path().join("runtime/bus").exists())
    }

    fn start_keyring(&self) -> Result<()> {
        let control = self.folder.path().join("runtime/keyring");
        let mut keyring = self
            .command(Path::new("gnome-keyring-daemon"))
            .args(["--foreground", "--unlock", "--components=secrets", "--control-directory"])
            .arg(&control)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(self.log("keyring")?)
            .spawn()
            .context("cannot start gnome-keyring-daemon: run scripts/setup.sh test")?;
        // Closing the pipe ends the password; only then does the daemon go on.
        keyring.stdin.take().context("its input was piped")?.write_all(b"a password for tests")?;
        self.wait_for("the keyring", "keyring", || {
            self.folder.path().join("home/.local/share/keyrings/login.keyring").exists()
        })
    }

    pub fn log(&self, name: &str) -> Result<Stdio> {
        Ok(std::fs::File::create(self.folder.path().join(format!("{name}.log")))?.into())
    }

    pub fn read_log(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(format!("{name}.log"))).unwrap_or_default()
    }

    fn wait_for(&self, what: &str, log: &str, ready: impl Fn() -> bool) -> Result<()> {
        let deadline = Instant::now() + Duration::from_secs(10);
        while Instant::now() < deadline {
            if ready() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        bail!("{what} did not start: {}", self.read_log(log))
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        // More than once, for what a dying process starts meanwhile.
        for _ in 0..20 {
            let running = self.processes();
            if running.is_empty() {
                return;
            }
            for (pid, _) in running {
                let _ = kill_process(pid, Signal::KILL);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}
