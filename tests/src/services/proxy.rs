//! A TCP proxy in front of any server, with faults on demand.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use super::background::Background;

/// How the proxy treats connections, open and new ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Passes everything.
    Pass,
    /// Resets every connection.
    Refuse,
    /// Leaves connections open and passes nothing, like a network that has failed.
    BlackHole,
    /// Resets a connection after this many bytes from the server.
    CutAfter(usize),
    /// Delays each piece by this time.
    Delay(Duration),
    /// Passes this many bytes a second in each direction.
    Rate(usize),
}

/// A running proxy. Dropping it stops it and closes every connection.
pub struct Proxy {
    running: Background,
    settings: watch::Sender<Settings>,
    accepted: Arc<AtomicUsize>,
}

#[derive(Clone, Copy)]
struct Settings {
    mode: Mode,
    resets: usize,
}

impl Proxy {
    /// Listens on a free port for a server that may start later.
    #[must_use]
    pub fn start(server: SocketAddr) -> Self {
        let settings = watch::Sender::new(Settings { mode: Mode::Pass, resets: 0 });
        let accepted = Arc::new(AtomicUsize::new(0));
        let (shared, count) = (settings.clone(), Arc::clone(&accepted));
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let running =
            Background::start(any, move |listener| accept(listener, server, shared, count));
        Self { running, settings, accepted }
    }

    /// Returns the address on which it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.running.address()
    }

    /// Changes how it treats connections, open ones too.
    pub fn set_mode(&self, mode: Mode) {
        self.settings.send_modify(|settings| settings.mode = mode);
    }

    /// Resets open connections and treats new ones as before.
    pub fn reset_connections(&self) {
        self.settings.send_modify(|settings| settings.resets += 1);
    }

    /// Returns how many connections it has accepted.
    #[must_use]
    pub fn accepted(&self) -> usize {
        self.accepted.load(Ordering::SeqCst)
    }
}

async fn accept(
    listener: TcpListener,
    server: SocketAddr,
    settings: watch::Sender<Settings>,
    count: Arc<AtomicUsize>,
) {
    loop {
        let Ok((client, _)) = listener.accept().await else { continue };
        count.fetch_add(1, Ordering::SeqCst);
        tokio::spawn(connect(client, server, settings.subscribe()));
    }
}

async fn connect(client: TcpStream, server: SocketAddr, settings: watch::Receiver<Settings>) {
    let refuses = settings.borrow().mode == Mode::Refuse;
    let server = if refuses { None } else { TcpStream::connect(server).await.ok() };
    let Some(server) = server else {
        let _ = client.set_zero_linger();
        return;
    };
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let up = pass(from_client, to_server, settings.clone(), false);
    let down = pass(from_server, to_client, settings, true);
    // a reset of one direction ends the other
    let _ = tokio::try_join!(up, down);
}

struct Reset;

/// Passes bytes in one direction until the sender closes it.
async fn pass(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut changes: watch::Receiver<Settings>,
    is_download: bool,
) -> Result<(), Reset> {
    let resets = changes.borrow().resets;
    let mut buffer = vec![0; 16 << 10];
    let mut passed = 0;
    loop {
        let settings = *changes.borrow_and_update();
        let limit = match settings.mode {
            _ if settings.resets != resets => return reset(&from, &to),
            Mode::Refuse => return reset(&from, &to),
            Mode::CutAfter(limit) if is_download && limit <= passed => return reset(&from, &to),
            Mode::BlackHole => match changes.changed().await {
                Ok(()) => continue,
                Err(_) => return reset(&from, &to),
            },
            Mode::Rate(bytes) => (bytes / 20).clamp(1, buffer.len()),
            Mode::CutAfter(limit) if is_download => (limit - passed).min(buffer.len()),
            Mode::CutAfter(_) | Mode::Pass | Mode::Delay(_) => buffer.len(),
        };
        let read = tokio::select! {
            read = from.read(&mut buffer[..limit]) => read,
            changed = changes.changed() => match changed {
                Ok(()) => continue,
                Err(_) => return reset(&from, &to),
            },
        };
        let read = match read {
            Ok(0) => return to.shutdown().await.map_err(|_| Reset),
            Ok(read) => read,
            Err(_) => return reset(&from, &to),
        };
        match settings.mode {
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

/// Makes closing send a reset instead of an end.
fn reset(from: &OwnedReadHalf, to: &OwnedWriteHalf) -> Result<(), Reset> {
    let _ = from.as_ref().set_zero_linger();
    let _ = to.as_ref().set_zero_linger();
    Err(Reset)
}
