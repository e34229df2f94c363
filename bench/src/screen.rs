//! What a display shows, read from the X server's own memory: nothing is asked of the programs that paint.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};

const LOOK: Duration = Duration::from_millis(5);
const PATIENCE: Duration = Duration::from_mins(1);
/// Unchanged for so long, it is called finished.
const SETTLED: Duration = Duration::from_secs(3);
/// Of a thousand painted pixels, so many may differ: a clock, a caret.
const DIFFERING: usize = 3;
/// Shades of red, green or blue that make no difference: edges of letters are not painted twice the same.
const SHADES: u8 = 32;

pub(crate) struct Screen(PathBuf);

/// The pixels of a moment.
#[derive(PartialEq, Eq)]
pub(crate) struct Picture(Vec<u8>);

impl Screen {
    pub(crate) fn at(file: PathBuf) -> Self {
        Self(file)
    }

    fn look(&self) -> Result<Picture> {
        let file = std::fs::read(&self.0)?;
        // XWD: numbers of four bytes, the largest first.
        let number = |at: usize| -> Result<usize> {
            let bytes = file.get(at * 4..at * 4 + 4).context("the picture has no header")?;
            Ok(u32::from_be_bytes(bytes.try_into()?) as usize)
        };
        let (header, height, line, colours) = (number(0)?, number(5)?, number(12)?, number(19)?);
        let start = header + colours * 12;
        let pixels = file.get(start..start + height * line).context("the picture ends early")?;
        Ok(Picture(pixels.to_vec()))
    }

    /// What it shows once it no longer changes.
    pub(crate) fn settled(&self) -> Result<Picture> {
        let started = Instant::now();
        let mut last = self.look()?;
        let mut since = Instant::now();
        while since.elapsed() < SETTLED {
            ensure!(started.elapsed() < PATIENCE, "the display does not come to rest");
            std::thread::sleep(LOOK);
            let now = self.look()?;
            // A caret blinks for ever.
            if !now.looks_like(&last) {
                since = Instant::now();
            }
            last = now;
        }
        ensure!(last.painted() > 0, "the display stays empty");
        Ok(last)
    }

    /// Waits until it shows this picture.
    pub(crate) fn wait_for(&self, wanted: &Picture) -> Result<()> {
        let started = Instant::now();
        while !self.look()?.looks_like(wanted) {
            ensure!(started.elapsed() < PATIENCE, "the display does not come to show what it showed before");
            std::thread::sleep(LOOK);
        }
        Ok(())
    }
}

impl Picture {
    fn pixels(&self) -> impl Iterator<Item = u32> {
        // The fourth byte means nothing.
        self.0.as_chunks::<4>().0.iter().map(|pixel| u32::from_le_bytes(*pixel) & 0x00ff_ffff)
    }

    /// Pixels that are not the empty display's black.
    fn painted(&self) -> usize {
        self.pixels().filter(|pixel| *pixel != 0).count()
    }

    fn looks_like(&self, wanted: &Self) -> bool {
        let differing = self.pixels().zip(wanted.pixels()).filter(|(a, b)| differ(*a, *b)).count();
        differing * 1_000 <= wanted.painted().max(self.painted()) * DIFFERING
    }
}

fn differ(one: u32, other: u32) -> bool {
    one.to_le_bytes().iter().zip(other.to_le_bytes()).any(|(one, other)| one.abs_diff(other) > SHADES)
}
