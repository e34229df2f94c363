//! A mail server for tests: it speaks SMTP over a real connection, keeps what it takes, and refuses what it is told to.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use counterfoil_central_platform::mail::{MailSettings, Mailer};
use counterfoil_wire::notices::MailEncryption;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use super::certificate::Identity;

/// One mail as it came over the wire.
#[derive(Debug, Clone)]
pub(super) struct Taken {
    /// The envelope's.
    pub(super) recipients: Vec<String>,
    pub(super) data: String,
}

impl Taken {
    /// A header as a person reads it.
    #[track_caller]
    pub(super) fn header(&self, name: &str) -> String {
        let (headers, _) = self.data.split_once("\r\n\r\n").expect("headers and a body");
        let unfolded = headers.replace("\r\n ", " ");
        let start = format!("{name}: ");
        let value = unfolded.lines().find_map(|line| line.strip_prefix(&start)).unwrap_or_default();
        decoded_words(value)
    }

    /// The names of all headers.
    pub(super) fn headers(&self) -> Vec<String> {
        let (headers, _) = self.data.split_once("\r\n\r\n").expect("headers and a body");
        let named = headers.lines().filter(|line| !line.starts_with([' ', '\t']));
        named.filter_map(|line| line.split_once(':')).map(|(name, _)| name.to_owned()).collect()
    }

    /// The text as a person reads it.
    pub(super) fn text(&self) -> String {
        let (_, body) = self.data.split_once("\r\n\r\n").expect("headers and a body");
        let bytes = match self.header("Content-Transfer-Encoding").as_str() {
            "base64" => STANDARD.decode(body.split_whitespace().collect::<String>()).expect("base64"),
            "quoted-printable" => quoted_printable(body),
            _ => body.as_bytes().to_vec(),
        };
        String::from_utf8(bytes).expect("UTF-8").replace("\r\n", "\n")
    }
}

/// Adjacent encoded words belong together.
fn decoded_words(value: &str) -> String {
    let (mut read, mut encoded_before) = (Vec::new(), false);
    for word in value.split(' ') {
        let encoded = word.strip_prefix("=?utf-8?b?").and_then(|word| word.strip_suffix("?="));
        if !(read.is_empty() || encoded.is_some() && encoded_before) {
            read.push(b' ');
        }
        match encoded {
            Some(encoded) => read.extend(STANDARD.decode(encoded).expect("base64")),
            None => read.extend_from_slice(word.as_bytes()),
        }
        encoded_before = encoded.is_some();
    }
    String::from_utf8(read).expect("UTF-8")
}

fn quoted_printable(body: &str) -> Vec<u8> {
    let joined = body.replace("=\r\n", "");
    let (mut read, mut rest) = (Vec::new(), joined.as_bytes());
    while let Some((first, after)) = rest.split_first() {
        if *first == b'=' && after.len() >= 2 {
            let digits = std::str::from_utf8(&after[..2]).expect("digits");
            read.push(u8::from_str_radix(digits, 16).expect("digits"));
            rest = &after[2..];
        } else {
            read.push(*first);
            rest = after;
        }
    }
    read
}

#[derive(Default)]
struct Memory {
    taken: Vec<Taken>,
    /// What is said to the recipients to come, one after the other; then all are welcome.
    answers: VecDeque<String>,
    /// What is said instead of a welcome, as long as it is set.
    greeting: Option<String>,
    /// Every line that came over a way that anybody could read.
    heard_in_plain: Vec<String>,
    /// Every sign-in that came over an encrypted one.
    signed_in: Vec<String>,
}

/// How a sink is reached.
#[derive(Clone)]
enum Way {
    Plain,
    /// Encrypted from the first byte.
    Tls(TlsAcceptor),
    /// Plain until it is asked for TLS.
    Starttls(TlsAcceptor),
}

/// What is known of one connection as it is spoken over.
#[derive(Clone, Copy)]
struct Talk {
    greets: bool,
    offers_tls: bool,
    encrypted: bool,
}

/// Runs until the test ends.
pub(super) struct Sink {
    port: u16,
    memory: Arc<Mutex<Memory>>,
}

impl Sink {
    pub(super) async fn new() -> Self {
        Self::over(Way::Plain).await
    }

    /// One that speaks TLS from the first byte.
    pub(super) async fn with_tls(identity: &Identity) -> Self {
        Self::over(Way::Tls(identity.acceptor())).await
    }

    /// One that offers STARTTLS.
    pub(super) async fn with_starttls(identity: &Identity) -> Self {
        Self::over(Way::Starttls(identity.acceptor())).await
    }

    async fn over(way: Way) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let memory = Arc::<Mutex<Memory>>::default();
        let kept = Arc::clone(&memory);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(receive(stream, way.clone(), Arc::clone(&kept)));
            }
        });
        Self { port, memory }
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        lock(&self.memory)
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// Who sends through it.
    pub(super) fn mailer(&self) -> Mailer {
        mailer(self.port)
    }

    pub(super) fn taken(&self) -> Vec<Taken> {
        self.memory().taken.clone()
    }

    /// The last one it took.
    #[track_caller]
    pub(super) fn last(&self) -> Taken {
        self.memory().taken.last().expect("a mail").clone()
    }

    /// Says this to the next recipient.
    pub(super) fn answer_next(&self, answer: &str) {
        self.memory().answers.push_back(answer.to_owned());
    }

    /// Says this to whoever connects; with nothing everybody is welcome.
    pub(super) fn greet_with(&self, greeting: Option<&str>) {
        self.memory().greeting = greeting.map(str::to_owned);
    }

    /// What anybody on the way could have read.
    pub(super) fn heard_in_plain(&self) -> Vec<String> {
        self.memory().heard_in_plain.clone()
    }

    /// The sign-ins that came encrypted.
    pub(super) fn signed_in(&self) -> Vec<String> {
        self.memory().signed_in.clone()
    }
}

/// Who sends through what listens at this port, or does not.
pub(super) fn mailer(port: u16) -> Mailer {
    Mailer::new(settings(port)).expect("settings")
}

/// Without encryption and without a sign-in.
pub(super) fn settings(port: u16) -> MailSettings {
    MailSettings {
        host: "127.0.0.1".to_owned(),
        port: Some(port),
        encryption: MailEncryption::None,
        trusted: Vec::new(),
        sign_in: None,
        from_address: "desk@lumen.example".to_owned(),
        from_name: "Lumen Networks".to_owned(),
        central_address: Some("https://central.lumen.example".to_owned()),
    }
}

fn lock(memory: &Mutex<Memory>) -> MutexGuard<'_, Memory> {
    memory.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A client that does not trust the certificate goes away while TLS is agreed on.
async fn receive(stream: TcpStream, way: Way, memory: Arc<Mutex<Memory>>) {
    let talk = Talk { greets: true, offers_tls: false, encrypted: false };
    match way {
        Way::Plain => {
            converse(stream, talk, &memory).await;
        }
        Way::Tls(acceptor) => {
            if let Ok(stream) = acceptor.accept(stream).await {
                converse(stream, Talk { encrypted: true, ..talk }, &memory).await;
            }
        }
        Way::Starttls(acceptor) => {
            let Some(stream) = converse(stream, Talk { offers_tls: true, ..talk }, &memory).await else { return };
            if let Ok(stream) = acceptor.accept(stream).await {
                converse(stream, Talk { greets: false, encrypted: true, ..talk }, &memory).await;
            }
        }
    }
}

/// Until one of both hangs up. The connection comes back where TLS is to go on with it.
async fn converse<S>(stream: S, talk: Talk, memory: &Mutex<Memory>) -> Option<S>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut stream = BufReader::new(stream);
    if talk.greets {
        let greeting: Option<String> = lock(memory).greeting.clone();
        let welcome = greeting.is_none();
        say(&mut stream, greeting.as_deref().unwrap_or("220 sink.example ready")).await?;
        if !welcome {
            return None;
        }
    }
    let mut recipients = Vec::new();
    while let Some(line) = heard(&mut stream, talk, memory).await {
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        let answer = match verb.as_str() {
            "EHLO" if talk.offers_tls => {
                "250-sink.example\r\n250-STARTTLS\r\n250-AUTH PLAIN\r\n250 8BITMIME".to_owned()
            }
            "EHLO" => "250-sink.example\r\n250-AUTH PLAIN\r\n250-8BITMIME\r\n250 SMTPUTF8".to_owned(),
            "STARTTLS" if talk.offers_tls => {
                say(&mut stream, "220 go on").await?;
                return Some(stream.into_inner());
            }
            "AUTH" => {
                if talk.encrypted {
                    lock(memory).signed_in.push(line.clone());
                }
                "235 welcome".to_owned()
            }
            "RCPT" => {
                let planned: Option<String> = lock(memory).answers.pop_front();
                if planned.is_none() {
                    recipients.push(line.clone());
                }
                planned.unwrap_or_else(|| "250 welcome".to_owned())
            }
            "DATA" => {
                say(&mut stream, "354 go on").await?;
                let data = body(&mut stream, talk, memory).await;
                let recipients = std::mem::take(&mut recipients);
                lock(memory).taken.push(Taken { recipients, data });
                "250 taken".to_owned()
            }
            "MAIL" | "NOOP" | "RSET" | "HELO" => "250 fine".to_owned(),
            "QUIT" => "221 good-bye".to_owned(),
            _ => "502 not here".to_owned(),
        };
        say(&mut stream, &answer).await?;
        if verb == "QUIT" {
            return None;
        }
    }
    None
}

/// Up to the line that ends a mail.
async fn body<S>(stream: &mut BufReader<S>, talk: Talk, memory: &Mutex<Memory>) -> String
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut data = String::new();
    while let Some(line) = heard(stream, talk, memory).await {
        if line == "." {
            break;
        }
        data.push_str(line.strip_prefix('.').unwrap_or(&line));
        data.push_str("\r\n");
    }
    data
}

/// The next line; none when the other side hung up.
async fn heard<S>(stream: &mut BufReader<S>, talk: Talk, memory: &Mutex<Memory>) -> Option<String>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut line = String::new();
    let read = stream.read_line(&mut line).await.ok()?;
    if read == 0 {
        return None;
    }
    let line = line.trim_end_matches(['\r', '\n']).to_owned();
    if !talk.encrypted {
        lock(memory).heard_in_plain.push(line.clone());
    }
    Some(line)
}

async fn say<S>(stream: &mut BufReader<S>, answer: &str) -> Option<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    stream.write_all(format!("{answer}\r\n").as_bytes()).await.ok()?;
    stream.flush().await.ok()
}
