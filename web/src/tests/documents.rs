//! The descriptions of the interface, and what stands around every answer.

use expect_test::expect_file;
use serde_json::Value;

use super::stage::Stage;
use crate::openapi::describe;
use crate::routes::table;

#[tokio::test]
async fn the_description_is_the_one_on_file() {
    let answer = Stage::new().await.send("GET", "/openapi.json", &[], "").await;
    let mut text = serde_json::to_string_pretty(&answer.json()).unwrap();
    text.push('\n');
    expect_file!["../../openapi.json"].assert_eq(&text);
}

#[test]
fn every_reference_in_the_description_leads_somewhere() {
    fn visit(value: &Value, description: &Value) {
        match value {
            Value::Object(members) => {
                if let Some(path) = members.get("$ref").and_then(Value::as_str) {
                    let pointer = path.strip_prefix('#').unwrap();
                    assert!(description.pointer(pointer).is_some(), "{path}");
                }
                members.values().for_each(|member| visit(member, description));
            }
            Value::Array(items) => items.iter().for_each(|item| visit(item, description)),
            _ => {}
        }
    }
    let description = describe(&table());
    visit(&description, &description);
}

/// `goldens/statuses.txt` has a line for each documented operation that is here: method, path, and its statuses.
#[test]
fn every_documented_status_is_described() {
    let description = describe(&table());
    let mut missing = Vec::new();
    for line in include_str!("goldens/statuses.txt").lines() {
        let [method, path, statuses] = line.splitn(3, ' ').collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };
        let responses = &description["paths"][path][method.to_lowercase()]["responses"];
        let own = statuses.split(' ').filter(|status| responses[status].is_null());
        missing.extend(own.map(|status| format!("{method} {path} {status}")));
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn every_place_in_a_path_is_described() {
    let description = describe(&table());
    for route in table() {
        let operation = &description["paths"][route.path][route.method.as_str().to_lowercase()];
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let described = parameters.iter().filter(|parameter| parameter["in"] == "path");
        let mut described: Vec<&str> =
            described.map(|parameter| parameter["name"].as_str().unwrap()).collect();
        let places = route.path.split('/').filter_map(|part| part.strip_prefix('{'));
        let mut places: Vec<&str> = places.map(|part| part.trim_end_matches('}')).collect();
        described.sort_unstable();
        places.sort_unstable();
        assert_eq!(described, places, "{}", route.path);
        for parameter in &parameters {
            assert!(parameter["description"].is_string(), "{}: {parameter}", route.path);
        }
    }
}

#[test]
fn every_member_of_every_type_is_described() {
    let description = describe(&table());
    for (name, schema) in description["components"]["schemas"].as_object().unwrap() {
        for (member, shape) in schema["properties"].as_object().into_iter().flatten() {
            assert!(shape["description"].is_string(), "{name}.{member} has no description");
        }
    }
}

#[tokio::test]
async fn the_readable_page_stands_alone() {
    let stage = Stage::new().await;
    let page = stage.send("GET", "/docs", &[], "").await;
    assert_eq!(page.status.as_u16(), 200);
    assert!(page.header("content-security-policy").starts_with("default-src 'none'"));
    for foreign in ["//", "<script", "style="] {
        let own = page.text.replace("http://localhost:8080/", "");
        assert!(!own.contains(foreign), "{foreign}");
    }
    assert!(!page.text.contains('`'));
    for route in table() {
        assert!(page.text.contains(&format!("id=\"{}\"", route.id())), "{}", route.id());
    }
    for link in page.text.split("href=\"#").skip(1) {
        let target = link.split('"').next().unwrap();
        assert!(page.text.contains(&format!("id=\"{target}\"")), "#{target} leads nowhere");
    }
    let style = stage.send("GET", "/docs/style.css", &[], "").await;
    assert_eq!(style.header("content-type"), "text/css; charset=utf-8");
}

#[tokio::test]
async fn every_answer_has_the_usual_headers() {
    let stage = Stage::new().await;
    for path in ["/health/live", "/health/ready", "/nothing", "/api/identity-store/stores"] {
        let answer = stage.send("GET", path, &[("x-request-id", "my-number.1")], "").await;
        assert_eq!(answer.header("x-request-id"), "my-number.1");
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        let policy = answer.header("content-security-policy");
        assert_eq!(policy, "default-src 'none'; frame-ancestors 'none'");
    }
    let answer = stage.send("GET", "/health/live", &[("x-request-id", "a b")], "").await;
    assert!(answer.header("x-request-id").parse::<u64>().is_ok());
}

#[tokio::test]
async fn the_figures_tell_routes_and_never_paths() {
    let stage = Stage::new().await;
    stage.call("GET", "/api/identity-store/stores/secret-name", "").await;
    let figures = stage.send("GET", "/metrics", &[], "").await;
    assert_eq!(figures.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    let route = "route=\"/api/identity-store/stores/{storeName}\"";
    assert!(figures.text.contains(route), "{}", figures.text);
    assert!(figures.text.contains("gatewright_store_commits_total"));
    assert!(!figures.text.contains("secret-name"));
}

#[tokio::test]
async fn only_what_is_the_same_for_everybody_is_packed() {
    let stage = Stage::new().await;
    #[rustfmt::skip]
    let cases = [
        ("/openapi.json",               true),
        ("/docs",                       true),
        ("/docs/style.css",             true),
        ("/api/identity-store/stores",  false),
        ("/metrics",                    false),
        ("/nothing",                    false),
    ];
    for (path, packed) in cases {
        let headers = [("accept-encoding", "gzip"), ("authorization", "Bearer admin")];
        let answer = stage.send("GET", path, &headers, "").await;
        let encoding = if packed { "gzip" } else { "" };
        assert_eq!(answer.header("content-encoding"), encoding, "{path}");
    }
    let plain = stage.send("GET", "/docs", &[], "").await;
    assert_eq!(plain.header("content-encoding"), "");
}
