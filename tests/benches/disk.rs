//! What the disk itself gives: appends, each made durable before the next.

use std::fmt;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

/// Appends a second, and how long the slowest hundredth took.
pub(crate) struct Rate {
    each_second: f64,
    p99: Duration,
}

/// Appends blocks of 4 KiB to a file for two seconds, with a sync of its data after each.
pub(crate) fn rate(folder: &Path) -> Rate {
    let file = folder.join("appended");
    let mut file = OpenOptions::new().create(true).append(true).open(file).expect("a file");
    let (block, begun) = ([0x47; 4096], Instant::now());
    let mut times = Vec::new();
    while begun.elapsed() < Duration::from_secs(2) {
        let one = Instant::now();
        file.write_all(&block).and_then(|()| file.sync_data()).expect("an append");
        times.push(one.elapsed());
    }
    let each_second = times.len() as f64 / begun.elapsed().as_secs_f64();
    times.sort();
    Rate { each_second, p99: times[times.len() * 99 / 100] }
}

impl fmt::Display for Rate {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let slowest = self.p99.as_secs_f64() * 1e3;
        write!(out, "{:.0} a second, p99 {slowest:.1} ms", self.each_second)
    }
}
