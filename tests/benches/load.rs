//! Clients that cost little: each a kept-alive connection that sends the same bytes again and again.

use std::io::{self, Read, Write};
use std::time::{Duration, Instant};
use tests::server::Server;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// What a load came to.
pub(crate) struct Run {
    /// Journeys that were acknowledged.
    pub(crate) done: u64,
    took: Duration,
    times: Vec<Duration>,
}

impl Run {
    fn of(took: Duration, mut times: Vec<Duration>) -> Run {
        times.sort();
        Run { done: times.len() as u64, took, times }
    }

    /// Several loads, one after the other, as one.
    pub(crate) fn joined(runs: Vec<Run>) -> Run {
        let took = runs.iter().map(|run| run.took).sum();
        Run::of(took, runs.into_iter().flat_map(|run| run.times).collect())
    }

    /// Acknowledged journeys a second.
    pub(crate) fn rate(&self) -> f64 {
        self.done as f64 / self.took.as_secs_f64()
    }

    /// The time within which this share of the journeys was acknowledged.
    pub(crate) fn quantile(&self, share: f64) -> Duration {
        self.times[((self.times.len() - 1) as f64 * share) as usize]
    }
}

/// Lets clients create instances with one token for a while; every answer is checked.
pub(crate) async fn run(
    server: &Server,
    bearer: &str,
    token: &str,
    clients: usize,
    time: Duration,
) -> Run {
    let request = format!(
        "POST /api/process-manager/processInstances/create?pt={token} HTTP/1.1\r\n\
         host: localhost:{}\r\nauthorization: {bearer}\r\n\
         content-type: application/json\r\ncontent-length: 2\r\n\r\n{{}}",
        server.port
    );
    let begun = Instant::now();
    if clients == 1 {
        // A runtime's own work would be timed with it; one among 64 clients waits for the others anyway.
        let times = alone(server.port, &request, begun + time).expect("a connection");
        return Run::of(begun.elapsed(), times);
    }
    let mut tasks = JoinSet::new();
    for _ in 0..clients {
        tasks.spawn(client(server.port, request.clone(), begun + time));
    }
    let mut times = Vec::new();
    while let Some(client) = tasks.join_next().await {
        times.extend(client.expect("a client").expect("a connection"));
    }
    Run::of(begun.elapsed(), times)
}

/// The one client of a load.
fn alone(port: u16, request: &str, end: Instant) -> io::Result<Vec<Duration>> {
    let mut stream = std::net::TcpStream::connect(("127.0.0.1", port))?;
    stream.set_nodelay(true)?;
    let (mut answer, mut part) = (Vec::new(), [0; 4096]);
    let mut times = Vec::new();
    while Instant::now() < end {
        let begun = Instant::now();
        stream.write_all(request.as_bytes())?;
        answer.clear();
        while !is_complete(&answer) {
            match stream.read(&mut part)? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                length => answer.extend_from_slice(&part[..length]),
            }
        }
        expect_created(&answer)?;
        times.push(begun.elapsed());
    }
    Ok(times)
}

async fn client(port: u16, request: String, end: Instant) -> io::Result<Vec<Duration>> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.set_nodelay(true)?;
    let mut answer = Vec::with_capacity(4096);
    let mut times = Vec::new();
    while Instant::now() < end {
        let begun = Instant::now();
        stream.write_all(request.as_bytes()).await?;
        answer.clear();
        while !is_complete(&answer) {
            if stream.read_buf(&mut answer).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        expect_created(&answer)?;
        times.push(begun.elapsed());
    }
    Ok(times)
}

fn expect_created(answer: &[u8]) -> io::Result<()> {
    match answer.starts_with(b"HTTP/1.1 201 ") {
        true => Ok(()),
        false => Err(io::Error::other(String::from_utf8_lossy(answer).into_owned())),
    }
}

/// Whether the head and as much body as it promises are there.
fn is_complete(answer: &[u8]) -> bool {
    let Some(head) = answer.windows(4).position(|four| four == b"\r\n\r\n") else { return false };
    let text = String::from_utf8_lossy(&answer[..head]).to_ascii_lowercase();
    let length = text.lines().find_map(|line| line.strip_prefix("content-length:"));
    let length: usize = length.and_then(|length| length.trim().parse().ok()).unwrap_or(0);
    answer.len() >= head + 4 + length
}
