//! What the disk itself gives: appends, each made durable before the next.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::time::{Duration, Instant};

/// How long appends are made.
const TIME: Duration = Duration::from_secs(1);

/// Appends a second, and how long they took.
pub(crate) struct Rate {
    each_second: f64,
    /// The time within which half of them were durable.
    pub(crate) p50: Duration,
    p99: Duration,
}

/// Appends blocks of 4 KiB to a file, with a sync of its data after each.
pub(crate) fn rate(folder: &Path) -> Rate {
    let mut file = file(folder);
    timed(|| append(&mut file))
}

/// The same, each asked for over a connection and answered when it is done: what a client waits for whose server does
/// nothing else. Processors that rest between two appends make it slower than appends without a pause.
pub(crate) fn rate_of_a_bare_server(folder: &Path) -> Rate {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let address = listener.local_addr().expect("an address");
    let mut file = file(folder);
    let server = std::thread::spawn(move || -> io::Result<()> {
        let (mut client, _) = listener.accept()?;
        client.set_nodelay(true)?;
        let mut asked = [0; 1];
        while client.read(&mut asked)? > 0 {
            append(&mut file);
            client.write_all(&asked)?;
        }
        Ok(())
    });
    let mut connection = TcpStream::connect(address).expect("a connection");
    connection.set_nodelay(true).expect("small packets");
    let rate = timed(|| {
        let mut answered = [0; 1];
        connection
            .write_all(b".")
            .and_then(|()| connection.read_exact(&mut answered))
            .expect("an answer");
    });
    drop(connection);
    server.join().expect("the server ends").expect("the connection lasts");
    rate
}

fn file(folder: &Path) -> File {
    OpenOptions::new().create(true).append(true).open(folder.join("appended")).expect("a file")
}

fn append(file: &mut File) {
    file.write_all(&[0x47; 4096]).and_then(|()| file.sync_data()).expect("an append");
}

fn timed(mut one: impl FnMut()) -> Rate {
    let begun = Instant::now();
    let mut times = Vec::new();
    while begun.elapsed() < TIME {
        let begun = Instant::now();
        one();
        times.push(begun.elapsed());
    }
    let each_second = times.len() as f64 / begun.elapsed().as_secs_f64();
    times.sort();
    let at = |share: usize| times[times.len() * share / 100];
    Rate { each_second, p50: at(50), p99: at(99) }
}

impl fmt::Display for Rate {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millis = |time: Duration| time.as_secs_f64() * 1e3;
        let (p50, p99) = (millis(self.p50), millis(self.p99));
        write!(out, "{:.0} a second, p50 {p50:.2} ms, p99 {p99:.1} ms", self.each_second)
    }
}
