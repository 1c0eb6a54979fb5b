//! The safety net around handlers: conflicts are tried again, panics and failures become problems.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::Method;
use axum::response::Response;
use axum::routing::get;
use serde_json::Value;
use tower::ServiceExt as _;

use super::stage::Stage;
use crate::App;
use crate::ask::OpenAsk;
use crate::observe;
use crate::problem::Problem;
use crate::reply::Done;
use crate::route::{Route, open};

/// A route whose handler loses to others so many times before it wins.
fn contested(losses: usize, runs: Arc<AtomicUsize>) -> Route {
    let handler = move |_: OpenAsk| {
        let run = runs.fetch_add(1, Ordering::Relaxed);
        async move { if run < losses { Err(Problem::conflict(&"a row was changed")) } else { Ok(Done) } }
    };
    open(Method::GET, "/contested", "Test:contested", "it is a test", handler, "Contested.")
}

async fn called(route: Route) -> Response {
    let app = Stage::new().await.app;
    route.call(app, Request::new(Body::empty())).await
}

async fn problem_of(response: Response) -> Value {
    let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

#[tokio::test]
async fn a_handler_is_run_again_while_others_write_first() {
    for (losses, status, expected) in [(0, 200, 1), (1, 200, 2), (99, 200, 100), (100, 503, 100)] {
        let runs = Arc::new(AtomicUsize::new(0));
        let response = called(contested(losses, runs.clone())).await;
        assert_eq!(response.status().as_u16(), status, "{losses}");
        assert_eq!(runs.load(Ordering::Relaxed), expected, "{losses}");
    }
}

#[tokio::test]
async fn who_loses_too_often_is_told_when_to_come_back() {
    let response = called(contested(100, Arc::default())).await;
    assert_eq!(response.headers()["retry-after"], "1");
    assert_eq!(problem_of(response).await["status"], 503);
}

#[tokio::test]
async fn a_panic_is_a_problem_that_tells_nothing() {
    let app = Stage::new().await.app;
    let broken = || async {
        if true {
            panic!("a secret")
        }
    };
    let router: Router<App> = Router::new().route("/broken", get(broken));
    let router = observe::around(router, &app).with_state(app);
    let request = Request::builder().uri("/broken").body(Body::empty()).unwrap();
    let response = router.oneshot(request).await.unwrap();
    assert_eq!(response.status().as_u16(), 500);
    let problem = problem_of(response).await;
    assert_eq!((&problem["code"], &problem["title"]), (&1.into(), &"Internal Server Error".into()));
    assert!(!problem.to_string().contains("secret"));
}

#[tokio::test]
async fn a_server_whose_store_is_closed_is_alive_but_not_ready() {
    let stage = Stage::new().await;
    stage.app.runtime().close().await;
    let live = stage.send("GET", "/health/live", &[], "").await;
    assert_eq!(live.status.as_u16(), 200);
    for (method, path, body) in
        [("GET", "/health/ready", ""), ("POST", "/api/identity-store/stores", r#"{"name":"x"}"#)]
    {
        let answer = stage.call(method, path, body).await;
        assert_eq!(answer.status.as_u16(), 503, "{path}: {}", answer.text);
        assert_eq!(answer.json()["detail"], "the store does not answer");
    }
}
