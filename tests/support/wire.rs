//! A loopback relay in front of the server that keeps a copy of all that clients send.

use std::io;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// The relay; it stops when it is dropped.
pub struct Wire {
    /// The port that clients talk to.
    pub port: u16,
    sent: Arc<Mutex<Vec<u8>>>,
    task: JoinHandle<()>,
}

impl Wire {
    /// Listens on a free port; connections are passed on to `server_port`.
    ///
    /// # Errors
    /// When no port is free.
    pub async fn in_front_of(listener: TcpListener, server_port: u16) -> io::Result<Wire> {
        let port = listener.local_addr()?.port();
        let sent = Arc::new(Mutex::new(Vec::new()));
        let copy = Arc::clone(&sent);
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(relay(client, server_port, Arc::clone(&copy)));
            }
        });
        Ok(Wire { port, sent, task })
    }

    /// All bytes that clients have sent so far, as text.
    #[must_use]
    pub fn sent(&self) -> String {
        String::from_utf8_lossy(&self.sent.lock().expect("the copy")).into_owned()
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn relay(client: TcpStream, server_port: u16, copy: Arc<Mutex<Vec<u8>>>) -> io::Result<()> {
    let server = TcpStream::connect(("127.0.0.1", server_port)).await?;
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let up = async {
        let mut buffer = vec![0; 16 * 1024];
        loop {
            let count = from_client.read(&mut buffer).await?;
            if count == 0 {
                to_server.shutdown().await?;
                // The rest of the answer may still be on its way.
                return std::future::pending().await;
            }
            copy.lock().expect("the copy").extend_from_slice(&buffer[..count]);
            to_server.write_all(&buffer[..count]).await?;
        }
    };
    // A connection that the server closes is closed for the client too.
    tokio::select! {
        failed = up => failed,
        done = tokio::io::copy(&mut from_server, &mut to_client) => done.map(drop),
    }
}
