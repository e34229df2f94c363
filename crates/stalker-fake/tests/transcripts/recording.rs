//! A recorded exchange, read from its file.

use std::path::{Path, PathBuf};

use counterfoil_stalker_fake::FakePortal;
use jiff::civil::DateTime;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const RESPONSE: &[u8] = b"===== RESPONSE (raw";
const HEAD_END: &[u8] = b"\r\n\r\n";

pub(crate) struct Recording {
    pub(crate) name: String,
    /// The request's bytes, as they were sent.
    request: Vec<u8>,
    status: u16,
    content_type: String,
    body: Vec<u8>,
    /// When the portal answered, by its own clock.
    at: DateTime,
}

/// Status, content type and body.
#[derive(PartialEq, Eq)]
struct Exchanged(u16, String, Vec<u8>);

pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("transcripts")
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().find_map(|line| {
        let (known, value) = line.split_once(':')?;
        known.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

impl Recording {
    /// `None` when this portal was not asked this.
    pub(crate) fn read(name: &str) -> Option<Self> {
        let bytes = std::fs::read(folder().join(format!("{name}.txt"))).ok()?;
        let middle = find(&bytes, RESPONSE)?;
        let (request, response) = bytes.split_at(middle);
        let line_end = |text: &[u8]| find(text, b"\n").expect("a line") + 1;
        let mut request = &request[find(request, b"===== REQUEST").expect("a request")..];
        request = &request[line_end(request)..];
        // The recorder ended both parts with a line end of its own.
        let request = request.strip_suffix(b"\n").unwrap_or(request).to_vec();
        let response = &response[line_end(response)..];
        let response = response.strip_suffix(b"\n").unwrap_or(response);
        // An interim answer comes before the real one.
        let response = match response.strip_prefix(b"HTTP/1.1 100 Continue\r\n\r\n") {
            Some(rest) => rest,
            None => response,
        };
        let Exchanged(status, content_type, body) = parse(response);
        let head = String::from_utf8_lossy(response);
        let date = header(&head, "date").expect("a date");
        let at = jiff::fmt::rfc2822::parse(date).expect("a date").datetime();
        Some(Self { name: name.to_owned(), request, status, content_type, body, at })
    }

    /// Sends the request's own bytes and tells the first difference in the answer.
    pub(crate) async fn play(&self, portal: &FakePortal) -> Result<(), String> {
        portal.state().now = self.at;
        let address = portal.origin().replace("http://", "");
        let mut socket = TcpStream::connect(address).await.expect("a connection");
        socket.write_all(&self.request).await.expect("a request sent");
        let mut answer = Vec::new();
        socket.read_to_end(&mut answer).await.expect("an answer");
        let answer = match answer.strip_prefix(b"HTTP/1.1 100 Continue\r\n\r\n") {
            Some(rest) => rest.to_vec(),
            None => answer,
        };
        let played = parse(&answer);
        if played == Exchanged(self.status, self.content_type.clone(), self.body.clone()) {
            return Ok(());
        }
        Err(format!(
            "{}\n  recorded {} {} {}\n  played   {} {} {}",
            self.name,
            self.status,
            self.content_type,
            self.body.escape_ascii(),
            played.0,
            played.1,
            played.2.escape_ascii()
        ))
    }
}

fn parse(answer: &[u8]) -> Exchanged {
    let end = find(answer, HEAD_END).expect("the end of the head");
    let head = String::from_utf8_lossy(&answer[..end]);
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    let content_type = header(&head, "content-type").unwrap_or_default().to_owned();
    Exchanged(status, content_type, answer[end + HEAD_END.len()..].to_vec())
}
