//! A TCP proxy that can be told to misbehave, in front of any server.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use super::background::Background;

/// What the proxy does with connections, open and new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Passes all that comes.
    Pass,
    /// Resets every connection.
    Refuse,
    /// Keeps connections and passes nothing: a network that is gone.
    BlackHole,
    /// Resets a connection once the server has sent it so many bytes.
    CutAfter(usize),
    /// Passes each piece so much later.
    Delay(Duration),
    /// Passes so many bytes a second each way.
    Rate(usize),
}

/// Stopped when dropped, with every connection.
pub struct Proxy {
    running: Background,
    order: watch::Sender<Order>,
    accepted: Arc<AtomicUsize>,
}

#[derive(Clone, Copy)]
struct Order {
    mode: Mode,
    cuts: usize,
}

impl Proxy {
    /// Listens on a free port for a server that need not be up yet.
    #[must_use]
    pub fn start(server: SocketAddr) -> Self {
        let order = watch::Sender::new(Order { mode: Mode::Pass, cuts: 0 });
        let accepted = Arc::new(AtomicUsize::new(0));
        let (orders, count) = (order.clone(), Arc::clone(&accepted));
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let running =
            Background::start(any, move |listener| accept(listener, server, orders, count));
        Self { running, order, accepted }
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.running.address()
    }

    /// Changes what it does, for open connections too.
    pub fn set(&self, mode: Mode) {
        self.order.send_modify(|order| order.mode = mode);
    }

    /// Resets what is open; new connections are dealt with as before.
    pub fn cut(&self) {
        self.order.send_modify(|order| order.cuts += 1);
    }

    /// How many connections it took.
    #[must_use]
    pub fn accepted(&self) -> usize {
        self.accepted.load(Ordering::SeqCst)
    }
}

async fn accept(
    listener: TcpListener,
    server: SocketAddr,
    orders: watch::Sender<Order>,
    count: Arc<AtomicUsize>,
) {
    loop {
        let Ok((client, _)) = listener.accept().await else { continue };
        count.fetch_add(1, Ordering::SeqCst);
        tokio::spawn(connection(client, server, orders.subscribe()));
    }
}

async fn connection(client: TcpStream, server: SocketAddr, order: watch::Receiver<Order>) {
    let refuses = order.borrow().mode == Mode::Refuse;
    let server = if refuses { None } else { TcpStream::connect(server).await.ok() };
    let Some(server) = server else {
        let _ = client.set_zero_linger();
        return;
    };
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let up = pass(from_client, to_server, order.clone(), false);
    let down = pass(from_server, to_client, order, true);
    // a reset of one way ends the other
    let _ = tokio::try_join!(up, down);
}

struct Reset;

/// Ends well when its side has nothing more to say.
async fn pass(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut orders: watch::Receiver<Order>,
    counts: bool,
) -> Result<(), Reset> {
    let cuts = orders.borrow().cuts;
    let mut buffer = vec![0; 16 << 10];
    let mut passed = 0;
    loop {
        let order = *orders.borrow_and_update();
        let most = match order.mode {
            _ if order.cuts != cuts => return reset(&from, &to),
            Mode::Refuse => return reset(&from, &to),
            Mode::CutAfter(most) if counts && most <= passed => return reset(&from, &to),
            Mode::BlackHole => match orders.changed().await {
                Ok(()) => continue,
                Err(_) => return reset(&from, &to),
            },
            Mode::Rate(bytes) => (bytes / 20).clamp(1, buffer.len()),
            Mode::CutAfter(most) if counts => (most - passed).min(buffer.len()),
            Mode::CutAfter(_) | Mode::Pass | Mode::Delay(_) => buffer.len(),
        };
        let read = tokio::select! {
            read = from.read(&mut buffer[..most]) => read,
            changed = orders.changed() => match changed {
                Ok(()) => continue,
                Err(_) => return reset(&from, &to),
            },
        };
        let read = match read {
            Ok(0) => return to.shutdown().await.map_err(|_| Reset),
            Ok(read) => read,
            Err(_) => return reset(&from, &to),
        };
        match order.mode {
            Mode::Delay(by) => tokio::time::sleep(by).await,
            Mode::Rate(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            _ => {}
        }
        if to.write_all(&buffer[..read]).await.is_err() {
            return reset(&from, &to);
        }
        passed += read;
    }
}

/// Closing then sends a reset, not an end.
fn reset(from: &OwnedReadHalf, to: &OwnedWriteHalf) -> Result<(), Reset> {
    let _ = from.as_ref().set_zero_linger();
    let _ = to.as_ref().set_zero_linger();
    Err(Reset)
}
