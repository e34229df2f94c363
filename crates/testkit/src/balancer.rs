//! One address before several Centrals, as an operator's load balancer is: it takes turns, and goes on with the next when
//! one does not answer.

use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// Dropping it closes the address.
pub struct Balancer {
    port: u16,
    /// Connections each process has been given.
    given: Arc<Mutex<Vec<u64>>>,
    task: JoinHandle<()>,
}

impl Balancer {
    /// Listens on a port of its own, for processes on these.
    pub async fn before(ports: &[u16]) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let port = listener.local_addr()?.port();
        let given = Arc::new(Mutex::new(vec![0; ports.len()]));
        let task = tokio::spawn(serve(listener, ports.to_vec(), Arc::clone(&given)));
        Ok(Self { port, given, task })
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// How many connections each process was given so far.
    pub fn given(&self) -> Vec<u64> {
        self.given.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Balancer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(listener: TcpListener, ports: Vec<u16>, given: Arc<Mutex<Vec<u64>>>) {
    let turn = Arc::new(AtomicUsize::new(0));
    while let Ok((client, _)) = listener.accept().await {
        let (ports, given, turn) = (ports.clone(), Arc::clone(&given), Arc::clone(&turn));
        tokio::spawn(async move {
            let first = turn.fetch_add(1, Ordering::Relaxed);
            for place in (0..ports.len()).map(|step| (first + step) % ports.len()) {
                let Ok(server) = TcpStream::connect((Ipv4Addr::LOCALHOST, ports[place])).await else { continue };
                given.lock().unwrap_or_else(PoisonError::into_inner)[place] += 1;
                carry(client, server).await;
                return;
            }
        });
    }
}

/// Until either side ends. What was under way at a killed process is cut in the middle.
async fn carry(mut client: TcpStream, mut server: TcpStream) {
    let _ = copy_bidirectional(&mut client, &mut server).await;
}
