//! The desktop program of a shop with a million codes, from its start to the Sell page, against a window of Chromium
//! that shows an empty page: the least that a program built on Electron can be.
//!
//! Both start on the same display with what the system keeps in memory of their files. Each is started once before the
//! turns; what the display then shows at rest is what is waited for.

use std::path::Path;
use std::process::{Command, Stdio};
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use counterfoil_testkit::desk::Desk;

use crate::prepared::{Prepared, needs};
use crate::process_tree::ProcessTree;
use crate::row::{About, Plan, Row, Target};
use crate::screen::{Picture, Screen};
use crate::server::{folder, program};
use crate::till::{Data, Till};

const CODES: u32 = 1_000_000;
const PROGRAM: &str = "counterfoil";
/// Memory is counted so long after the page is there.
const REST: Duration = Duration::from_secs(2);
const MIB: f64 = 1_048_576.0;

struct Desktop {
    desk: Rc<Desk>,
    screen: Screen,
    data: Data,
    sell_page: Picture,
    empty_page: Picture,
    /// MiB.
    sizes: [f64; 2],
    processes: [usize; 2],
}

pub(super) fn row(prepared: &mut Prepared) -> Result<Box<dyn Row>> {
    needs(&["chromium"])?;
    let (desk, shop, data) = (prepared.desk()?, prepared.shop(CODES)?, Data::new()?);
    let till = Till::open(&desk, data.path())?;
    till.sign_in(&shop.url)?;
    till.close()?;
    let screen = Screen::at(desk.picture());
    let ours = ProcessTree::start(&desk, &mut desktop(&desk, &data)?)?;
    let sell_page = screen.settled().context("the desktop program")?;
    ours.end()?;
    let own = bytes(&program(PROGRAM)?)?;
    let profile = folder()?;
    let chromium = ProcessTree::start(&desk, &mut browser(&desk, profile.path()))?;
    let empty_page = screen.settled().context("Chromium")?;
    let installed = bytes(chromium.program()?.parent().context("a program lies in a folder")?)?;
    drop(chromium);
    let (sizes, processes) = ([own, installed], [0; 2]);
    Ok(Box::new(Desktop { desk, screen, data, sell_page, empty_page, sizes, processes }))
}

fn desktop(desk: &Desk, data: &Data) -> Result<Command> {
    let mut command = desk.command(&program(PROGRAM)?);
    command.arg("--data-dir").arg(data.path()).env("RUST_LOG", "warn").stdout(Stdio::null());
    Ok(command)
}

fn browser(desk: &Desk, profile: &Path) -> Command {
    let mut command = desk.command(Path::new("chromium"));
    command
        .arg(format!("--user-data-dir={}", profile.display()))
        // Without a sandbox it starts sooner, and a superuser has no other choice.
        .args(["--app=about:blank", "--no-first-run", "--no-default-browser-check", "--no-sandbox"])
        .args(["--window-size=1280,800", "--window-position=0,0"])
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

impl Desktop {
    /// Seconds and MiB.
    fn turn(&mut self, ours: bool, command: &mut Command) -> Result<Vec<f64>> {
        let started = Instant::now();
        let tree = ProcessTree::start(&self.desk, command)?;
        self.screen.wait_for(if ours { &self.sell_page } else { &self.empty_page })?;
        let seconds = started.elapsed().as_secs_f64();
        std::thread::sleep(REST);
        #[expect(clippy::cast_precision_loss, reason = "some hundred megabytes")]
        let memory = tree.memory()? as f64 / MIB;
        let side = usize::from(!ours);
        self.processes[side] = tree.members().len();
        if ours {
            tree.end()?;
        }
        Ok(vec![seconds, memory, self.sizes[side]])
    }
}

impl Row for Desktop {
    fn about(&self) -> Vec<About> {
        let part = |part, ours, anchor, unit, bound| About { part, ours, anchor, unit, target: Target::AtMost(bound) };
        vec![
            part(
                "start",
                "from the start of the program to the Sell page, 1,000,000 codes kept",
                "`chromium --app=about:blank` with a fresh profile, to its empty page",
                "s",
                0.5,
            ),
            part("memory", "all processes, shared pages in parts (PSS)", "the same", "MiB", 0.5),
            part("size", "the program", "Chromium's folder", "MiB", 0.06),
        ]
    }

    fn ours(&mut self, _plan: &Plan) -> Result<Vec<f64>> {
        let mut command = desktop(&self.desk, &self.data)?;
        self.turn(true, &mut command)
    }

    fn anchor(&mut self, _plan: &Plan) -> Result<Vec<f64>> {
        let profile = folder()?;
        let mut command = browser(&self.desk, profile.path());
        self.turn(false, &mut command)
    }

    fn notes(&self) -> Vec<String> {
        vec![format!(
            "{} processes against {}. The program's size is without WebKitGTK, which the system has for all its \
             programs; the memory is with it.",
            self.processes[0], self.processes[1]
        )]
    }
}

/// MiB of a file, or of a folder with all that is in it.
fn bytes(path: &Path) -> Result<f64> {
    let about = std::fs::symlink_metadata(path)?;
    #[expect(clippy::cast_precision_loss, reason = "some hundred megabytes")]
    let mut size = if about.is_file() { about.len() as f64 / MIB } else { 0.0 };
    if about.is_dir() {
        for entry in std::fs::read_dir(path)? {
            size += bytes(&entry?.path())?;
        }
    }
    Ok(size)
}
