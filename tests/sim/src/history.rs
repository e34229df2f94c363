//! The story as one JSON object a line, for programs that judge it without knowing this one (docs/CHECKING.md).

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};

use crate::central::Answer;

/// Where the lines go, if anywhere.
#[derive(Debug, Default)]
pub struct History {
    out: Mutex<Option<BufWriter<File>>>,
    events: AtomicU64,
    story: AtomicU64,
    now: AtomicI64,
}

/// An operation that was begun.
#[derive(Debug, Clone, Copy)]
pub struct Invoked {
    event: u64,
    at: i64,
}

impl History {
    pub fn to(file: &Path) -> std::io::Result<Self> {
        let out = BufWriter::new(File::create(file)?);
        Ok(Self { out: Mutex::new(Some(out)), ..Self::default() })
    }

    /// Begins a story; nothing of an earlier one is in its world.
    pub fn begin(&self, seed: u64, engine: &str) {
        self.story.store(seed, Ordering::Relaxed);
        let line = json!({ "who": "world", "what": "begin", "arguments": { "engine": engine }, "result": "ok" });
        let begun = self.invoked();
        self.write(begun, line);
    }

    /// Central's clock.
    pub fn at(&self, now: i64) {
        self.now.store(now, Ordering::Relaxed);
    }

    pub fn invoked(&self) -> Invoked {
        Invoked { event: self.events.fetch_add(1, Ordering::Relaxed), at: self.now.load(Ordering::Relaxed) }
    }

    /// An operation that ended: with `ok`, refused with a code, or `unknown` when its answer was lost.
    pub fn answered(&self, invoked: Invoked, who: &str, what: &str, arguments: &Value, result: &Value) {
        if self.is_on() {
            self.write(invoked, json!({ "who": who, "what": what, "arguments": arguments, "result": result }));
        }
    }

    pub fn is_on(&self) -> bool {
        self.out.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// A page of the feed as a machine got it.
    pub fn pulled(&self, machine: &str, path: &str, answer: &Answer) {
        if !path.starts_with("/api/v1/sync/pull") || !answer.status.is_success() || !self.is_on() {
            return;
        }
        let page = answer.json();
        let epoch = page["cursor"].as_str().and_then(|cursor| cursor.split('.').next());
        let result = json!({ "version": page["version"], "epoch": epoch, "more": page["more"] });
        let invoked = self.invoked();
        self.answered(invoked, machine, "pull", &json!({ "from_start": !path.contains("cursor=") }), &result);
    }

    fn write(&self, invoked: Invoked, mut line: Value) {
        let answered = self.events.fetch_add(1, Ordering::Relaxed);
        line["story"] = json!(self.story.load(Ordering::Relaxed));
        line["invoked"] = json!({ "event": invoked.event, "ms": invoked.at });
        line["answered"] = json!({ "event": answered, "ms": self.now.load(Ordering::Relaxed) });
        if let Some(out) = self.out.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            let _ = writeln!(out, "{line}");
        }
    }

    /// Moves it on to the next world.
    pub fn take(&self) -> Self {
        let out = self.out.lock().unwrap_or_else(PoisonError::into_inner).take();
        Self { out: Mutex::new(out), events: AtomicU64::new(self.events.load(Ordering::Relaxed)), ..Self::default() }
    }

    pub fn flush(&self) {
        if let Some(out) = self.out.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            let _ = out.flush();
        }
    }
}
