//! Every route is closed to strangers and to the wrong permission; the exceptions are written down.

use expect_test::expect_file;

use super::stage::{ADMIN, Stage};
use crate::route::{Access, Route};
use crate::routes::table;

/// A path of the route with something in each place.
fn example(route: &Route) -> String {
    let parts = route.path.split('/').map(|part| match part {
        "{status}" => "DEPLOYED_ACTIVE",
        _ if part.starts_with('{') => "x",
        _ => part,
    });
    parts.collect::<Vec<&str>>().join("/")
}

fn permitted() -> Vec<Route> {
    table().into_iter().filter(|route| route.access == Access::Permitted).collect()
}

async fn answer(stage: &Stage, route: &Route, token: Option<&str>) -> (u16, u64) {
    let bearer = format!("Bearer {}", token.unwrap_or_default());
    let headers = [("content-type", "application/json"), ("authorization", bearer.as_str())];
    let headers = if token.is_some() { &headers[..] } else { &headers[..1] };
    let answer = stage.send(route.method.as_str(), &example(route), headers, "{}").await;
    (answer.status.as_u16(), answer.json()["code"].as_u64().unwrap_or_default())
}

#[tokio::test]
async fn every_route_is_closed_to_a_stranger() {
    let stage = Stage::new().await;
    for route in permitted() {
        assert_eq!(answer(&stage, &route, None).await, (401, 221), "{}", route.path);
        assert_eq!(answer(&stage, &route, Some("x")).await, (401, 274), "{}", route.path);
    }
}

#[tokio::test]
async fn every_route_is_closed_to_the_wrong_permission() {
    let stage = Stage::new().await;
    let all = permitted();
    for route in &all {
        let others = all.iter().map(|other| format!("TNT#demo#{}", other.operation));
        let others = others.filter(|other| !other.ends_with(&format!("#{}", route.operation)));
        let others: Vec<String> = others.collect();
        let others: Vec<&str> = others.iter().map(String::as_str).collect();
        stage.grant("others", "demo", &others);
        assert_eq!(answer(&stage, route, Some("others")).await, (403, 7), "{}", route.path);
        let elsewhere = format!("TNT#acme#{}", route.operation);
        stage.grant("elsewhere", "demo", &[&elsewhere]);
        assert_eq!(answer(&stage, route, Some("elsewhere")).await, (403, 7), "{}", route.path);
    }
}

#[tokio::test]
async fn every_route_is_open_to_its_own_permission() {
    for route in permitted() {
        let stage = Stage::new().await;
        let own = format!("TNT#demo#{}", route.operation);
        stage.grant("own", "demo", &[&own]);
        let (status, code) = answer(&stage, &route, Some("own")).await;
        assert!(!matches!(status, 401 | 403 | 405 | 500..), "{}: {status} {code}", route.path);
    }
}

#[tokio::test]
async fn a_token_of_a_tenant_that_is_not_here_is_refused() {
    let stage = Stage::new().await;
    stage.grant("gone", "gone", &["TNT#gone#*"]);
    for route in permitted() {
        let refused = match route.operation.starts_with("IdentityStore:") {
            true => (404, 90),
            false => (401, 226),
        };
        assert_eq!(answer(&stage, &route, Some("gone")).await, refused, "{}", route.path);
    }
}

#[tokio::test]
async fn the_token_is_read_from_one_header_alone() {
    let stage = Stage::new().await;
    let good = format!("Bearer {ADMIN}");
    let path = "/api/identity-store/stores";
    #[rustfmt::skip]
    let cases: [(&[(&str, &str)], u16); 8] = [
        (&[("authorization", &good)],                                   200),
        (&[("authorization", "bearer   admin ")],                       200),
        (&[("authorization", "Basic admin")],                           401),
        (&[("authorization", "admin")],                                 401),
        (&[("authorization", "")],                                      401),
        (&[("authorization", &good), ("authorization", &good)],         401),
        (&[("x-api-key", "admin")],                                     401),
        (&[("cookie", "authorization=Bearer admin")],                   401),
    ];
    for (headers, expected) in cases {
        let answer = stage.send("GET", path, headers, "").await;
        assert_eq!(answer.status.as_u16(), expected, "{headers:?}");
        let challenge = answer.header("www-authenticate");
        assert_eq!(challenge.starts_with("Bearer realm="), expected == 401, "{challenge}");
    }
    let answer = stage.send("GET", &format!("{path}?access_token=admin"), &[], "").await;
    assert_eq!(answer.status.as_u16(), 401);
}

#[tokio::test]
async fn a_remembered_token_is_forgotten_when_it_expires() {
    let stage = Stage::new().await;
    let claims = access::Claims {
        tenant: "demo".to_owned(),
        subject: "KEY".to_owned(),
        name: "API Key: short".to_owned(),
        permissions: vec!["TNT#demo#*".to_owned()],
        id: "ID".to_owned(),
        expires: stage.app.runtime().now() + jiff::SignedDuration::from_secs(10),
    };
    stage.app.verified().learn("short", claims);
    let headers = [("authorization", "Bearer short")];
    let path = "/api/identity-store/stores";
    assert_eq!(stage.send("GET", path, &headers, "").await.status.as_u16(), 200);
    stage.clock.advance(jiff::SignedDuration::from_secs(10));
    assert_eq!(stage.send("GET", path, &headers, "").await.status.as_u16(), 401);
}

#[test]
fn the_open_routes_are_these() {
    let open = table().into_iter().filter_map(|route| match route.access {
        Access::Open(reason) => Some(format!("{} {}: {reason}\n", route.method, route.path)),
        Access::Permitted => None,
    });
    expect_file!["goldens/open-routes.txt"].assert_eq(&open.collect::<String>());
}

#[test]
fn the_permissions_are_these() {
    let mut all: Vec<String> = permitted().iter().map(|r| format!("{}\n", r.operation)).collect();
    all.sort();
    expect_file!["goldens/permissions.txt"].assert_eq(&all.concat());
}

#[test]
fn every_operation_has_a_name_of_its_own() {
    let mut seen = std::collections::BTreeSet::new();
    for route in table() {
        assert!(seen.insert(route.id().to_owned()), "{} twice", route.id());
        assert!(!route.service().is_empty() && !route.id().is_empty(), "{}", route.path);
        assert!(route.title.ends_with('.'), "{}", route.title);
    }
}
