//! A line between a client and a server that counts what it carries and can be cut after any byte.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Result;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Which way bytes go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From the client to the server.
    Up,
    /// From the server to the client.
    Down,
}

/// How both ends learn that the line is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// As if the other end had hung up.
    Finish,
    /// As if a router had forgotten the connection.
    Reset,
}

/// Where a line is cut: so many bytes in this direction still arrive, over all connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cut {
    pub direction: Direction,
    pub after: u64,
    pub ending: Ending,
}

/// What a line has carried since it was last mended or armed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Carried {
    pub up: u64,
    pub down: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Whole,
    Armed(Cut),
    /// Cut, or never laid: connections are refused.
    Gone(Ending),
}

struct Shared {
    server: SocketAddr,
    state: State,
    carried: Carried,
    /// Where each piece ended that came at once.
    pieces: Vec<(Direction, u64)>,
    /// What carries the connections there are.
    carrying: Vec<JoinHandle<()>>,
}

/// The line. Dropping it ends every connection.
pub struct Line {
    address: SocketAddr,
    shared: Arc<Mutex<Shared>>,
    /// Changes when the connections there are must end.
    hung_up: Arc<watch::Sender<u64>>,
    accepting: JoinHandle<()>,
}

impl Line {
    /// A line on a free loopback port, not laid yet.
    pub async fn new() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let state = State::Gone(Ending::Finish);
        let shared =
            Shared { server: address, state, carried: Carried::default(), pieces: Vec::new(), carrying: Vec::new() };
        let shared = Arc::new(Mutex::new(shared));
        let hung_up = Arc::new(watch::Sender::new(0));
        let accepting = tokio::spawn(accept(listener, Arc::clone(&shared), Arc::clone(&hung_up)));
        Ok(Self { address, shared, hung_up, accepting })
    }

    /// What the client is told to call.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The same where the client does not speak HTTP.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Leads to this server from now on.
    pub fn lead_to(&self, server: SocketAddr) {
        lock(&self.shared).server = server;
    }

    /// Carries everything, and counts from zero.
    pub async fn mend(&self) {
        self.set(State::Whole).await;
    }

    /// Ends what there is, and refuses what comes.
    pub async fn take_down(&self) {
        self.set(State::Gone(Ending::Finish)).await;
    }

    /// Carries everything up to the cut, and nothing after it.
    pub async fn arm(&self, cut: Cut) {
        self.set(State::Armed(cut)).await;
    }

    /// What went over it since.
    pub fn carried(&self) -> Carried {
        lock(&self.shared).carried
    }

    /// Where each piece ended that one end said before it listened: with a database, a statement or its answer.
    pub fn pieces(&self) -> Vec<(Direction, u64)> {
        lock(&self.shared).pieces.clone()
    }

    /// Whether the cut that it was armed with has happened.
    pub fn was_cut(&self) -> bool {
        matches!(lock(&self.shared).state, State::Gone(_))
    }

    /// Comes back when every connection from before has ended at both its ends: one kept alive would carry what was
    /// counted before, and one that ends a moment later would fail what nothing was to disturb.
    async fn set(&self, state: State) {
        for connection in self.change(state) {
            let _ = connection.await;
        }
    }

    fn change(&self, state: State) -> Vec<JoinHandle<()>> {
        let mut shared = lock(&self.shared);
        shared.state = state;
        shared.carried = Carried::default();
        shared.pieces.clear();
        self.hung_up.send_modify(|count| *count += 1);
        std::mem::take(&mut shared.carrying)
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.change(State::Gone(Ending::Finish));
        self.accepting.abort();
    }
}

fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn accept(listener: TcpListener, shared: Arc<Mutex<Shared>>, hung_up: Arc<watch::Sender<u64>>) {
    while let Ok((client, _)) = listener.accept().await {
        let mut line = lock(&shared);
        if matches!(line.state, State::Gone(_)) {
            end(&client, Ending::Reset);
            continue;
        }
        let (server, shared, hung_up) = (line.server, Arc::clone(&shared), Arc::clone(&hung_up));
        let mut ended = hung_up.subscribe();
        line.carrying.retain(|connection| !connection.is_finished());
        line.carrying.push(tokio::spawn(async move {
            let server = tokio::select! {
                server = TcpStream::connect(server) => server,
                _ = ended.changed() => return,
            };
            if let Ok(server) = server {
                carry(client, server, &shared, ended, &hung_up).await;
            }
        }));
    }
}

/// Carries one connection until an end hangs up or the line is cut.
async fn carry(
    client: TcpStream,
    server: TcpStream,
    shared: &Mutex<Shared>,
    mut ended: watch::Receiver<u64>,
    hung_up: &watch::Sender<u64>,
) {
    let _ = (client.set_nodelay(true), server.set_nodelay(true));
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    {
        let up = flow(&mut from_client, &mut to_server, Direction::Up, shared, hung_up);
        let down = flow(&mut from_server, &mut to_client, Direction::Down, shared, hung_up);
        tokio::select! {
            () = async { tokio::join!(up, down); } => {}
            _ = ended.changed() => {}
        }
    }
    let ending = match lock(shared).state {
        State::Gone(ending) => ending,
        State::Whole | State::Armed(_) => Ending::Finish,
    };
    for stream in [from_client.reunite(to_client), from_server.reunite(to_server)].into_iter().flatten() {
        end(&stream, ending);
    }
}

/// Carries one direction until its end, which it passes on.
async fn flow(
    from: &mut OwnedReadHalf,
    to: &mut OwnedWriteHalf,
    direction: Direction,
    shared: &Mutex<Shared>,
    hung_up: &watch::Sender<u64>,
) {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let read = match from.read(&mut buffer).await {
            Ok(0) | Err(_) => break,
            Ok(read) => read,
        };
        let (allowed, cut) = admit(&mut lock(shared), direction, read);
        if to.write_all(&buffer[..allowed]).await.is_err() {
            break;
        }
        if cut {
            hung_up.send_modify(|count| *count += 1);
            return;
        }
    }
    let _ = to.shutdown().await;
}

/// How many of these bytes still arrive, and whether the line ends behind them.
fn admit(shared: &mut Shared, direction: Direction, bytes: usize) -> (usize, bool) {
    let carried = match direction {
        Direction::Up => &mut shared.carried.up,
        Direction::Down => &mut shared.carried.down,
    };
    match shared.state {
        State::Gone(_) => (0, true),
        State::Armed(cut) if cut.direction == direction && *carried + bytes as u64 > cut.after => {
            let allowed = cut.after.saturating_sub(*carried);
            *carried += allowed;
            shared.state = State::Gone(cut.ending);
            (usize::try_from(allowed).unwrap_or(bytes), true)
        }
        State::Whole | State::Armed(_) => {
            *carried += bytes as u64;
            let end = *carried;
            shared.pieces.push((direction, end));
            (bytes, false)
        }
    }
}

fn end(stream: &TcpStream, ending: Ending) {
    if ending == Ending::Reset {
        let _ = stream.set_zero_linger();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A server that answers each connection with what it was sent.
    async fn echo() -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("listens");
        let address = listener.local_addr().expect("address");
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let (mut from, mut to) = stream.split();
                    let _ = tokio::io::copy(&mut from, &mut to).await;
                });
            }
        });
        address
    }

    async fn say(line: &Line, text: &[u8]) -> Vec<u8> {
        let mut stream = TcpStream::connect(line.address).await.expect("connects");
        let _ = stream.write_all(text).await;
        let _ = stream.shutdown().await;
        let mut heard = Vec::new();
        // A reset loses nothing that was read before it.
        let _ = stream.read_to_end(&mut heard).await;
        heard
    }

    #[tokio::test]
    async fn it_carries_counts_and_ends_after_exactly_the_byte_told() {
        let line = Line::new().await.expect("line");
        assert_eq!(say(&line, b"hello").await, b"");
        line.lead_to(echo().await);
        line.mend().await;
        assert_eq!(say(&line, b"hello").await, b"hello");
        assert_eq!(line.carried(), Carried { up: 5, down: 5 });
        assert_eq!(line.pieces(), [(Direction::Up, 5), (Direction::Down, 5)]);
        for ending in [Ending::Finish, Ending::Reset] {
            for after in 0..5 {
                line.arm(Cut { direction: Direction::Down, after, ending }).await;
                let heard = say(&line, b"hello").await;
                assert!(heard.len() as u64 <= after, "{heard:?} {after}");
                assert!(line.was_cut());
                assert_eq!(line.carried().down, after);
                assert_eq!(say(&line, b"hello").await, b"", "it stays cut");
            }
        }
        line.arm(Cut { direction: Direction::Up, after: 5, ending: Ending::Reset }).await;
        assert_eq!(say(&line, b"hello").await, b"hello", "the cut lies behind what was sent");
        assert!(!line.was_cut());
        assert_eq!(say(&line, b"!").await, b"", "over all connections");
    }
}
