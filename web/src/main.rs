//! The binary: settings, store, first start, listening socket, and a clear word when one of them fails.

use std::io::{IsTerminal as _, StdoutLock, Write as _};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use clap::Parser as _;
use runtime::{Clock, Link, OpenError, Runtime};
use tokio::net::TcpListener;
use web::audit::Audit;
use web::check::Outcome;
use web::settings::{Command, Flags, Settings};
use web::{App, server};

/// Rows and requests are allocated by one thread and freed by another, which costs the system's allocator far more.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How often recorded figures are put where they belong.
const TIDY: Duration = Duration::from_secs(5);

/// Why the server ended other than as asked; the number is the exit code.
enum Failure {
    Unforeseen(anyhow::Error),
    Settings(anyhow::Error),
    Store(anyhow::Error),
    InUse(anyhow::Error),
    Listen(anyhow::Error),
}

fn main() -> ExitCode {
    let begin = Instant::now();
    let mut flags = Flags::parse();
    match flags.command.take() {
        Some(Command::Check(check)) => return print(|out| check.run(&runtime::catalog(), out)),
        Some(Command::Convert(convert)) => {
            return print(|out| convert.run(&runtime::catalog(), out));
        }
        Some(Command::Audit(Audit::Verify(verify))) => return print(|out| verify.run(out)),
        None => {}
    }
    let (code, error) = match run(flags, begin) {
        Ok(()) => return ExitCode::SUCCESS,
        Err(Failure::Unforeseen(error)) => (1, error),
        Err(Failure::Settings(error)) => (2, error),
        Err(Failure::Store(error)) => (3, error),
        Err(Failure::InUse(error)) => (4, error),
        Err(Failure::Listen(error)) => (5, error),
    };
    let _ = writeln!(std::io::stderr(), "gatewright: {error:#}");
    ExitCode::from(code)
}

/// Runs a command that looks at files and prints what it finds.
fn print(command: impl FnOnce(&mut StdoutLock<'_>) -> anyhow::Result<Outcome>) -> ExitCode {
    let mut out = std::io::stdout().lock();
    let outcome = command(&mut out).and_then(|outcome| {
        out.flush().context("what was found cannot be printed")?;
        Ok(outcome)
    });
    match outcome {
        Ok(Outcome::Accepted) => ExitCode::SUCCESS,
        Ok(Outcome::Refused) => ExitCode::from(1),
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "gatewright: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn run(flags: Flags, begin: Instant) -> Result<(), Failure> {
    let settings = Settings::gather(flags).map_err(Failure::Settings)?;
    log_to_stderr(&settings.log).map_err(Failure::Settings)?;
    if let Some(warning) = settings.warning() {
        tracing::warn!("{warning}");
    }
    if settings.manual_clock {
        tracing::warn!("the clock stands still until POST /api/test/clock moves it");
    }
    let threads = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let threads = threads.context("no threads can be started").map_err(Failure::Unforeseen)?;
    threads.block_on(start(settings, begin))
}

async fn start(settings: Settings, begin: Instant) -> Result<(), Failure> {
    let end = asked_to_end().context("signals cannot be listened for");
    let end = end.map_err(Failure::Unforeseen)?;
    let listener = server::listen(&settings.listen).await.map_err(|error| {
        let addresses: Vec<String> = settings.listen.iter().map(ToString::to_string).collect();
        let sentence = format!("{} cannot be listened on", addresses.join(", "));
        Failure::Listen(anyhow::Error::new(error).context(sentence))
    })?;
    let runtime = open(&settings).await?;
    let links = match runtime.seed().await {
        Ok(links) => links,
        Err(error) => {
            runtime.close().await;
            let sentence = "the first start could not be finished";
            return Err(Failure::Unforeseen(anyhow::Error::new(error).context(sentence)));
        }
    };
    let workers = runtime.workers();
    let app = App::behind(runtime.clone(), settings.trusted_proxies.clone());
    let tidy = tokio::spawn(tidy(app.clone()));
    if let Err(error) = say(&settings, &runtime, &links, &listener, begin) {
        tracing::warn!(%error, "nobody reads what is printed");
    }
    server::serve(listener, app.router(), end).await;
    tracing::info!("ending");
    tidy.abort();
    runtime.close().await;
    let _ = workers.await;
    Ok(())
}

async fn open(settings: &Settings) -> Result<Runtime, Failure> {
    let asked = runtime::Settings {
        data: Some(settings.data.clone()),
        driver: settings.driver,
        base_url: settings.base_url.clone(),
        retention: settings.retention,
        master_keys: settings.master_keys.clone(),
        throttle: settings.throttle,
    };
    let clock = if settings.manual_clock { Clock::manual() } else { Clock::system() };
    Runtime::open(asked, clock).await.map_err(|error| match error {
        OpenError::Store(_) if error.to_string().contains("is in use") => {
            Failure::InUse(error.into())
        }
        OpenError::Store(_) => Failure::Store(error.into()),
        _ => Failure::Unforeseen(error.into()),
    })
}

/// What a person who starts the server needs to know. The key itself is never printed.
fn say(
    settings: &Settings,
    runtime: &Runtime,
    links: &[Link],
    listener: &TcpListener,
    begin: Instant,
) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    for link in links {
        writeln!(out, "{}  {}", link.name, link.url)?;
    }
    if let Some(file) = runtime.admin_key_file().filter(|file| file.is_file()) {
        writeln!(out, "administrator's API key in  {}", file.display())?;
    }
    let (address, took) = (listener.local_addr()?, begin.elapsed().as_millis());
    writeln!(out, "ready at {} (listening on {address}, {took} ms)", settings.base_url)?;
    Ok(out.flush()?)
}

async fn tidy(app: App) {
    let mut ticks = tokio::time::interval(TIDY);
    loop {
        ticks.tick().await;
        app.tidy();
    }
}

/// Listens for Ctrl-C and for the system's request to end, from now on; what it gives ends when one
/// of them comes.
#[cfg(unix)]
fn asked_to_end() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut terminated = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = terminated.recv() => {}
        }
    })
}

/// Listens for Ctrl-C; what it gives ends when that comes.
#[cfg(not(unix))]
fn asked_to_end() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}

fn log_to_stderr(filter: &str) -> anyhow::Result<()> {
    let filter = tracing_subscriber::EnvFilter::try_new(filter)
        .with_context(|| format!("\"{filter}\" is no log filter"))?;
    let colours = std::io::stderr().is_terminal();
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colours);
    log.with_writer(std::io::stderr).init();
    Ok(())
}
