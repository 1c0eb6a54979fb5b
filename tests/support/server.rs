//! The real binary as a child process: started on a data folder, ready when it says so, killed on drop.

use crate::folder;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

/// How a server is to be started.
#[derive(Debug, Clone)]
pub struct Setup {
    /// `sled` or `redb`.
    pub store: &'static str,
    /// The data folder.
    pub data: PathBuf,
    /// The port to listen on.
    pub port: u16,
    /// The address that links begin with, where it differs from the port.
    pub base_url: Option<String>,
    /// Variables of its environment.
    pub environment: Vec<(String, String)>,
    /// The binary.
    pub binary: PathBuf,
}

/// A running server.
#[derive(Debug)]
pub struct Server {
    /// The port it listens on.
    pub port: u16,
    /// The lines it printed up to the one that says it is ready.
    pub printed: Vec<String>,
    /// The time from the start of the process to that line.
    pub ready_after: Duration,
    child: Child,
}

impl Setup {
    /// A server of this build on a data folder, on a free port.
    #[must_use]
    pub fn new(store: &'static str, data: &Path) -> Setup {
        let data = data.to_owned();
        let environment = Vec::new();
        Setup { store, data, port: free_port(), base_url: None, environment, binary: binary() }
    }

    /// Starts it and waits until it says that it is ready.
    ///
    /// # Panics
    /// When it ends instead, with all that it said.
    #[must_use]
    #[track_caller]
    pub fn start(&self) -> Server {
        let begun = Instant::now();
        let (mut child, lines) = self.spawn();
        let mut printed = Vec::new();
        loop {
            match lines.recv_timeout(Duration::from_secs(60)) {
                Ok(line) => printed.push(line),
                Err(_) => {
                    let _ = child.kill();
                    panic!("the server is not ready: {printed:#?}\n{}", self.log());
                }
            }
            if printed.last().is_some_and(|line| line.contains("ready")) {
                return Server { port: self.port, printed, ready_after: begun.elapsed(), child };
            }
        }
    }

    /// Starts it, expects that it ends by itself, and returns how and with what words.
    #[must_use]
    pub fn refused(&self) -> (ExitStatus, String) {
        let (mut child, lines) = self.spawn();
        let printed: Vec<String> = lines.iter().collect();
        let status = child.wait().expect("the server ends");
        (status, format!("{}\n{}", printed.join("\n"), self.log()))
    }

    /// What the server wrote to its log.
    #[must_use]
    pub fn log(&self) -> String {
        fs::read_to_string(log_file(self.port)).unwrap_or_default()
    }

    fn spawn(&self) -> (Child, Receiver<String>) {
        let log = File::create(log_file(self.port)).expect("a log file");
        let listen = format!("127.0.0.1:{}", self.port);
        let mut command = Command::new(&self.binary);
        command.args(["--store", self.store, "--listen", &listen, "--data"]).arg(&self.data);
        let base_url = self.base_url.clone();
        let base_url = base_url.unwrap_or_else(|| format!("http://localhost:{}", self.port));
        command.args(["--base-url", &base_url]);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log);
        command.env_remove("RUST_LOG").envs(self.environment.iter().cloned());
        let mut child = command.spawn().expect("the server's process");
        let stdout = BufReader::new(child.stdout.take().expect("the server's output"));
        let (sender, receiver) = mpsc::channel();
        std::thread::spawn(move || {
            for line in stdout.lines().map_while(Result::ok) {
                // Read on when nobody listens any more, so that the server never blocks.
                let _ = sender.send(line);
            }
        });
        (child, receiver)
    }
}

fn log_file(port: u16) -> PathBuf {
    folder::target().join("tmp").join(format!("server-{port}.log"))
}

impl Server {
    /// What it wrote to its log.
    #[must_use]
    pub fn log(&self) -> String {
        fs::read_to_string(log_file(self.port)).unwrap_or_default()
    }

    /// The process identifier.
    #[must_use]
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Ends it as `kill -9` does and waits until it is gone.
    pub fn kill(mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Stops its threads where they are, or lets them go on.
    pub fn signal(&self, signal: &str) {
        let process = self.process().to_string();
        let sent = Command::new("kill").args([signal, &process]).status();
        assert!(sent.is_ok_and(|status| status.success()), "the signal {signal} is sent");
    }

    /// Asks it to end as a person does with Ctrl-C or a service with SIGTERM, and waits.
    #[must_use]
    pub fn end(mut self) -> ExitStatus {
        self.signal("-TERM");
        self.child.wait().expect("the server ends")
    }

    /// The first link that it printed for a journey whose line has this word.
    #[must_use]
    pub fn link(&self, journey: &str) -> String {
        let words = self.printed.iter().filter(|line| line.contains(journey));
        let mut words = words.flat_map(|line| line.split_whitespace());
        let link = words.find(|word| word.starts_with("http") && word.contains("pt="));
        link.unwrap_or_else(|| panic!("no link for {journey}: {:#?}", self.printed)).to_owned()
    }

    /// The process token of the first link for a journey.
    #[must_use]
    pub fn token(&self, journey: &str) -> String {
        let link = self.link(journey);
        let token = link.split("pt=").nth(1).expect("a token in the link");
        token.split('&').next().unwrap_or_default().to_owned()
    }

    /// The administrator's key, read from the file that it printed the name of.
    #[must_use]
    pub fn admin_key(&self) -> String {
        let file = self.admin_key_file();
        fs::read_to_string(file).expect("the key").trim().to_owned()
    }

    /// The file that it printed the name of.
    #[must_use]
    pub fn admin_key_file(&self) -> PathBuf {
        let words = self.printed.iter().flat_map(|line| line.split_whitespace());
        let mut files = words.map(PathBuf::from).filter(|word| word.is_file());
        files.next().unwrap_or_else(|| panic!("no key file is named: {:#?}", self.printed))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port that was free a moment ago.
#[must_use]
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("its address").port()
}

/// The binary of this test's own profile, built once in a test run.
pub fn binary() -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| build(if cfg!(debug_assertions) { "dev" } else { "release" })).clone()
}

/// Builds the binary in a profile and says where it is. It is built by itself, as it is shipped: the libraries of the
/// tests would lend it their features.
#[must_use]
pub fn build(profile: &str) -> PathBuf {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let built = Command::new(cargo)
        .args(["build", "--quiet", "--package", "web", "--locked", "--profile", profile])
        .current_dir(folder::root())
        .status();
    assert!(built.is_ok_and(|status| status.success()), "the server is built");
    let folder = if profile == "dev" { "debug" } else { profile };
    folder::target().join(folder).join("gatewright")
}
