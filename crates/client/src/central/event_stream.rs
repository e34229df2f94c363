//! Reading server-sent events from bytes that arrive in pieces (the format of the HTML standard, section 9.2.6).

use std::collections::VecDeque;

/// A line or an event longer than this is nothing Central sends.
const LONGEST: usize = 64 * 1024;

/// One event.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Event {
    /// Empty stands for `message`.
    pub(super) name: String,
    pub(super) data: String,
}

/// What was read and is not yet an event.
#[derive(Debug, Default)]
pub(super) struct EventReader {
    line: Vec<u8>,
    /// A line feed now would belong to the line end before it.
    after_return: bool,
    /// A byte order mark may stand before the first line.
    begun: bool,
    event: Event,
    has_data: bool,
    ready: VecDeque<Event>,
}

impl EventReader {
    /// Takes the next bytes; false when they cannot be Central's.
    pub(super) fn take(&mut self, bytes: &[u8]) -> bool {
        for byte in bytes {
            let after_return = std::mem::replace(&mut self.after_return, *byte == b'\r');
            match byte {
                b'\n' if after_return => {}
                b'\n' | b'\r' => self.end_line(),
                other => self.line.push(*other),
            }
            if self.line.len() + self.event.data.len() + self.event.name.len() > LONGEST {
                return false;
            }
        }
        true
    }

    /// The oldest whole event.
    pub(super) fn next(&mut self) -> Option<Event> {
        self.ready.pop_front()
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        let line = if std::mem::replace(&mut self.begun, true) {
            line.as_slice()
        } else {
            line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&line)
        };
        if line.is_empty() {
            let event = std::mem::take(&mut self.event);
            if std::mem::take(&mut self.has_data) {
                self.ready.push_back(event);
            }
            return;
        }
        let line = String::from_utf8_lossy(line);
        let (field, value) = line.split_once(':').unwrap_or((&line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut self.event.name),
            "data" => {
                if std::mem::replace(&mut self.has_data, true) {
                    self.event.data.push('\n');
                }
                self.event.data.push_str(value);
            }
            // A comment (no field), or what Central does not use.
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pieces: &[&[u8]]) -> Vec<(String, String)> {
        let mut reader = EventReader::default();
        assert!(pieces.iter().all(|piece| reader.take(piece)));
        std::iter::from_fn(|| reader.next()).map(|event| (event.name, event.data)).collect()
    }

    fn event(name: &str, data: &str) -> (String, String) {
        (name.to_owned(), data.to_owned())
    }

    #[test]
    fn events_are_the_same_however_the_bytes_arrive() {
        let text = "\u{feff}retry: 2000\r\nevent: head\rdata: {\"a\":1}\n\n: keep-alive\n\ndata:one\r\ndata:  two\r\n\r\n\
                    event: head\n\nid: 7\nnonsense\ndata\n\nevent: head\ndata: cut o";
        let expected = vec![event("head", "{\"a\":1}"), event("", "one\n two"), event("", "")];
        let bytes = text.as_bytes();
        assert_eq!(read(&[bytes]), expected);
        for cut in 0..=bytes.len() {
            assert_eq!(read(&[&bytes[..cut], &bytes[cut..]]), expected, "cut at {cut}");
        }
        let single: Vec<&[u8]> = bytes.chunks(1).collect();
        assert_eq!(read(&single), expected);
    }

    #[test]
    fn what_has_no_end_is_refused() {
        let mut reader = EventReader::default();
        assert!(!reader.take(&vec![b'x'; LONGEST + 1]));
        let mut reader = EventReader::default();
        let line = format!("data: {}\n", "y".repeat(1_000));
        assert!((0..100).any(|_| !reader.take(line.as_bytes())), "many lines of one event");
    }
}
