//! Full lists, row by row: the portal has no pages, and 50,000 accounts are 20 MB.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::io::{BufRead, BufReader, Read};
use std::marker::PhantomData;
use std::rc::Rc;
use std::time::Duration;

use futures_util::{StreamExt as _, TryStreamExt as _};
use reqwest::Response;
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::error::Category;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;
use tokio_util::io::{StreamReader, SyncIoBridge};
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::answer;
use crate::error::Error;
use crate::loose::{Row, Rows, Scalar};
use crate::transport;

/// Rows that may wait for whoever reads them.
const WAITING_ROWS: usize = 256;
/// The largest row that is believed.
const ROW_BYTES: u64 = 1024 * 1024;
const BUFFER_BYTES: usize = 16 * 1024;

/// What a finished list held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ListEnd {
    /// Rows handed out.
    pub rows: u64,
    /// Rows that were no records at all.
    pub unreadable: u64,
}

enum Message<T> {
    Row(T),
    End(Result<ListEnd, Error>),
}

/// A list in the making. Rows are worth nothing until [`RowStream::end`] is there: an answer that breaks off, or an error
/// behind the rows, leaves a part of the list. Dropping it ends the call.
#[derive(Debug)]
pub struct RowStream<T> {
    rows: mpsc::Receiver<Message<T>>,
    end: Option<Result<ListEnd, Error>>,
    _cancel: DropGuard,
}

impl<T> RowStream<T> {
    /// The next row, or none at the end of the list, whichever end it is.
    pub async fn next(&mut self) -> Option<T> {
        if self.end.is_some() {
            return None;
        }
        match self.rows.recv().await {
            Some(Message::Row(row)) => Some(row),
            Some(Message::End(end)) => {
                self.end = Some(end);
                None
            }
            None => {
                self.end = Some(Err(Error::CutShort));
                None
            }
        }
    }

    /// How the list ended. Reads on to the end when it is not there yet.
    ///
    /// # Errors
    /// Whatever was wrong with the answer. The rows before it were only a part.
    pub async fn end(mut self) -> Result<ListEnd, Error> {
        while self.next().await.is_some() {}
        self.end.unwrap_or(Err(Error::CutShort))
    }

    /// The whole list in memory.
    pub async fn collect(mut self) -> Result<Vec<T>, Error> {
        let mut rows = Vec::new();
        while let Some(row) = self.next().await {
            rows.push(row);
        }
        self.end().await.map(|_| rows)
    }
}

impl<T: DeserializeOwned + Send + 'static> RowStream<T> {
    /// Reads this answer as it comes. `held` is let go with the last byte.
    pub(crate) fn over<H: Send + 'static>(response: Response, largest: u64, wait: Duration, held: H) -> Self {
        let (sender, rows) = mpsc::channel(WAITING_ROWS);
        let cancel = CancellationToken::new();
        let bytes = response
            .bytes_stream()
            .map_err(move |error| std::io::Error::other(transport::failure(&error, wait)))
            .take_until(cancel.clone().cancelled_owned());
        let reader = SyncIoBridge::new(StreamReader::new(Box::pin(bytes)));
        let reading = spawn_blocking(move || {
            let end = read(reader, largest, |row| sender.blocking_send(Message::Row(row)).is_ok());
            let _ = sender.blocking_send(Message::End(end));
            drop(held);
        });
        // It ends by itself: with the list, or when nobody wants the rows.
        drop(reading);
        Self { rows, end: None, _cancel: cancel.drop_guard() }
    }
}

/// Reads an envelope with a list, handing out rows. `take` says whether to go on.
///
/// # Errors
/// What [`answer::read`] says of the same bytes; [`Error::TooLarge`] for a row or a list beyond its limit.
pub(crate) fn read<T: DeserializeOwned>(
    reader: impl Read,
    largest: u64,
    mut take: impl FnMut(T) -> bool,
) -> Result<ListEnd, Error> {
    let progress = Rc::new(Progress::default());
    let limited = Limited { reader, largest, left: largest, progress: progress.clone() };
    let mut reader = BufReader::with_capacity(BUFFER_BYTES, limited);
    let head = reader.fill_buf().map_err(|_| progress.failure())?;
    let trimmed = answer::trimmed(head);
    let skipped = head.len() - trimmed.len();
    if !trimmed.starts_with(b"{") {
        // What is no list is short; what is long is no portal's.
        let mut page = Vec::new();
        reader.take(BUFFER_BYTES as u64).read_to_end(&mut page).map_err(|_| progress.failure())?;
        return Err(answer::no_envelope(answer::trimmed(&page), &[]));
    }
    reader.consume(skipped);
    let mut end = ListEnd::default();
    let mut unwanted = false;
    let mut each = |row: Row<T>| {
        progress.row_bytes.set(0);
        let Some(row) = row.0 else {
            end.unreadable += 1;
            return true;
        };
        unwanted = !take(row);
        end.rows += u64::from(!unwanted);
        !unwanted
    };
    let mut deserializer = serde_json::Deserializer::from_reader(reader);
    let envelope = deserializer.deserialize_map(Envelope { each: &mut each, row: PhantomData });
    if unwanted {
        return Err(Error::CutShort);
    }
    let envelope = envelope.map_err(|error| broken(&error, &progress))?;
    answer::verdict(&envelope.status, &envelope.error, &[])?;
    match envelope.results {
        Shown::List => Ok(end),
        Shown::False => Err(Error::Declined),
        Shown::Other => Err(Error::Unreadable("a list was expected".to_owned())),
    }
}

fn broken(error: &serde_json::Error, progress: &Progress) -> Error {
    match error.classify() {
        Category::Eof => Error::CutShort,
        Category::Io => progress.failure(),
        other => Error::Unreadable(format!("the list is no JSON: {other:?}")),
    }
}

/// How far the reading is, and why it ended; a parser's own error tells neither.
#[derive(Default)]
struct Progress {
    row_bytes: Cell<u64>,
    failed: RefCell<Option<Error>>,
}

impl Progress {
    fn failure(&self) -> Error {
        self.failed.borrow().clone().unwrap_or(Error::CutShort)
    }

    fn fail(&self, error: Error) -> std::io::Error {
        *self.failed.borrow_mut() = Some(error);
        std::io::ErrorKind::Other.into()
    }
}

/// Counts bytes, of the whole and of one row.
struct Limited<R> {
    reader: R,
    largest: u64,
    left: u64,
    progress: Rc<Progress>,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.reader.read(buffer).map_err(|error| {
            let told = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>()).cloned();
            self.progress.fail(told.unwrap_or(Error::CutShort))
        })?;
        let row_bytes = self.progress.row_bytes.get() + read as u64;
        self.progress.row_bytes.set(row_bytes);
        if read as u64 > self.left {
            return Err(self.progress.fail(Error::TooLarge(self.largest)));
        }
        if row_bytes > ROW_BYTES {
            return Err(self.progress.fail(Error::TooLarge(ROW_BYTES)));
        }
        self.left -= read as u64;
        Ok(read)
    }
}

#[derive(Default)]
enum Shown {
    List,
    False,
    #[default]
    Other,
}

#[derive(Default)]
struct Ended {
    status: String,
    error: String,
    results: Shown,
}

struct Envelope<'f, T, F> {
    each: &'f mut F,
    row: PhantomData<T>,
}

impl<'de, T: DeserializeOwned, F: FnMut(Row<T>) -> bool> Visitor<'de> for Envelope<'_, T, F> {
    type Value = Ended;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an envelope")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Ended, A::Error> {
        let mut ended = Ended::default();
        while let Some(name) = map.next_key::<String>()? {
            match name.as_str() {
                "status" => ended.status = map.next_value::<Scalar>()?.into(),
                "error" => ended.error = map.next_value::<Scalar>()?.into(),
                "results" => {
                    ended.results = map.next_value_seed(Results { each: &mut *self.each, row: PhantomData })?;
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(ended)
    }
}

struct Results<'f, T, F> {
    each: &'f mut F,
    row: PhantomData<T>,
}

impl<'de, T: DeserializeOwned, F: FnMut(Row<T>) -> bool> DeserializeSeed<'de> for Results<'_, T, F> {
    type Value = Shown;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Shown, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: DeserializeOwned, F: FnMut(Row<T>) -> bool> Visitor<'de> for Results<'_, T, F> {
    type Value = Shown;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("results")
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, seq: A) -> Result<Shown, A::Error> {
        Rows::new(self.each).visit_seq(seq).map(|()| Shown::List)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Shown, A::Error> {
        Rows::new(self.each).visit_map(map).map(|()| Shown::List)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Shown, E> {
        Ok(if value { Shown::Other } else { Shown::False })
    }

    fn visit_unit<E>(self) -> Result<Shown, E> {
        Ok(Shown::Other)
    }

    fn visit_str<E>(self, _: &str) -> Result<Shown, E> {
        Ok(Shown::Other)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Shown, E> {
        Ok(Shown::Other)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Shown, E> {
        Ok(Shown::Other)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Shown, E> {
        Ok(Shown::Other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::BoxRecord;

    fn list(body: &str) -> Result<(usize, ListEnd), Error> {
        let mut rows = 0;
        let end = read(body.as_bytes(), 10 * ROW_BYTES, |_: BoxRecord| {
            rows += 1;
            true
        })?;
        Ok((rows, end))
    }

    #[test]
    fn what_a_list_may_look_like() {
        let whole = |rows, unreadable| Ok((rows, ListEnd { rows: rows as u64, unreadable }));
        assert_eq!(list(r#"{"status":"OK","results":[]}"#), whole(0, 0));
        assert_eq!(list(r#"{"status":"OK","results":[{},null,3,{"login":"a"}]}<br />"#), whole(2, 2));
        assert_eq!(list(r#"{"output":[{}],"results":{"0":{},"7":{}},"status":"OK"}"#), whole(2, 0));
        assert_eq!(list("\u{feff}\n{\"status\":\"OK\",\"results\":[{}]}"), whole(1, 0));
    }

    #[test]
    fn what_is_no_list() {
        assert_eq!(list(""), Err(Error::EmptyAnswer));
        assert_eq!(list(r#"{"status":"OK","results":[{},{"lo"#), Err(Error::CutShort));
        assert_eq!(list(r#"{"status":"OK","results":[{}]"#), Err(Error::CutShort));
        assert_eq!(list(r#"{"status":"OK","results":false}"#), Err(Error::Declined));
        assert!(matches!(list(r#"{"status":"OK","results":null}"#), Err(Error::Unreadable(_))));
        assert!(matches!(list(r#"{"status":"OK","results":{"login":"a"}}"#), Err(Error::Unreadable(_))));
        assert!(matches!(list(r#"{"results":[{}]}"#), Err(Error::Unreadable(_))));
        assert!(matches!(list(r#"{"status":"ERROR","results":[{}],"error":"x"}"#), Err(Error::Refused(_))));
    }

    #[test]
    fn a_row_that_does_not_end_is_not_read_to_its_end() {
        let long = "x".repeat(2 * 1024 * 1024);
        let body = format!(r#"{{"status":"OK","results":[{{}},{{"login":"{long}"}}]}}"#);
        assert_eq!(list(&body), Err(Error::TooLarge(ROW_BYTES)));
    }
}
