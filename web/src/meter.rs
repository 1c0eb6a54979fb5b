//! Figures for Prometheus: requests by route and status, the store's commits, the process.

use std::sync::OnceLock;
use std::time::Duration;

use axum::http::Method;
use metrics::{counter, gauge, histogram};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use runtime::Runtime;

use crate::ask::OpenAsk;
use crate::problem::Problem;
use crate::reply::Document;

/// The media type of the Prometheus text format, version 0.0.4.
const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

pub(crate) const ABOUT: &str = "Requests by method, route and status with their durations, the store's commits and syncs, how far the checks of new passcodes are behind, and the process. Open like the probes: keep it from the outside at the proxy if the figures are nobody's business.";

/// Upper bounds of the durations that are told apart, in seconds.
const BOUNDS: [f64; 12] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// The one recorder of the process; every interface in it shares it.
static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Counts requests and tells what was counted.
#[derive(Clone)]
pub(crate) struct Meter(Option<PrometheusHandle>);

impl Meter {
    /// Begins to count, unless the process counts already.
    pub(crate) fn install() -> Meter {
        let installed = RECORDER.get_or_init(|| {
            let recorder = PrometheusBuilder::new().set_buckets(&BOUNDS).ok()?.install_recorder();
            recorder.map_err(|error| tracing::warn!(%error, "no figures are kept")).ok()
        });
        Meter(installed.clone())
    }

    /// Counts an answered request. `route` is the route's template, never the path itself.
    pub(crate) fn count(&self, method: &Method, route: &str, status: u16, took: Duration) {
        let method = known(method);
        let labels = [("method", method.to_owned()), ("route", route.to_owned())];
        histogram!("http_request_duration_seconds", &labels).record(took.as_secs_f64());
        let status = ("status", status.to_string());
        let [method, route] = labels;
        counter!("http_requests_total", &[method, route, status]).increment(1);
    }

    /// Puts what was recorded where it belongs, so that it does not gather.
    pub(crate) fn tidy(&self) {
        if let Some(handle) = &self.0 {
            handle.run_upkeep();
        }
    }

    fn text(&self, runtime: &Runtime) -> String {
        let figures = runtime.store_figures();
        let driver = ("driver", figures.driver);
        counter!("gatewright_store_commits_total", &[driver]).absolute(figures.commits);
        counter!("gatewright_store_syncs_total", &[driver]).absolute(figures.syncs);
        let process = Process::read();
        if let Some(bytes) = process.resident {
            gauge!("process_resident_memory_bytes").set(bytes);
        }
        if let Some(threads) = process.threads {
            gauge!("process_threads").set(threads);
        }
        if let Some(open) = process.open_files {
            gauge!("process_open_fds").set(open);
        }
        self.0.as_ref().map(PrometheusHandle::render).unwrap_or_default()
    }
}

/// `GET /metrics`.
pub(crate) async fn figures(ask: OpenAsk) -> Result<Document, Problem> {
    let text = ask.app.meter().text(ask.app.runtime());
    Ok(Document { media: TEXT, text })
}

/// A method that somebody made up is not counted by its name: names are kept for ever.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        Method::PATCH => "PATCH",
        _ => "OTHER",
    }
}

/// What the operating system tells of this process; nothing where it does not.
#[derive(Default)]
struct Process {
    resident: Option<f64>,
    threads: Option<f64>,
    open_files: Option<f64>,
}

impl Process {
    fn read() -> Process {
        let Ok(status) = std::fs::read_to_string("/proc/self/status") else {
            return Process::default();
        };
        let value = |name: &str| -> Option<f64> {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.split_whitespace().next()?.parse().ok()
        };
        let open = std::fs::read_dir("/proc/self/fd").map(|entries| entries.count() as f64);
        Process {
            resident: value("VmRSS:").map(|kilobytes| kilobytes * 1024.0),
            threads: value("Threads:"),
            open_files: open.ok(),
        }
    }
}
