//! What the real server refuses: strangers, wrong permissions, bad input, a folder in use.

use serde_json::{Value, json};
use tests::api::Api;
use tests::folder::Folder;
use tests::http::{Connection, JSON};
use tests::server::{Setup, free_port};

/// What needs no permission: the key exchange itself, the end user's side, and what only describes or watches.
const OPEN: &[&str] = &[
    "POST /api/arthr/apiKeys/issue",
    "POST /api/process-server/startProcess",
    "POST /api/process-server/processes/{processDefinitionName}/businessKeys/{businessKey}/topicName/{topicName}/continue",
    "GET /health/live",
    "GET /health/ready",
    "GET /metrics",
    "GET /.well-known/webauthn",
    "GET /openapi.json",
    "GET /docs",
    "GET /docs/style.css",
];

#[tokio::test(flavor = "multi_thread")]
async fn every_route_that_is_described_is_closed_to_strangers() {
    let folder = Folder::new("closed");
    let server = Setup::new("sled", &folder.path().join("data")).start();
    let mut api = Api::open(server.port, &server.admin_key()).await;
    let described = api.get("/openapi.json").await;
    assert_eq!(described["openapi"], "3.1.0");
    let mut stranger = Connection::new(server.port);
    let mut closed = 0;
    for (path, item) in described["paths"].as_object().expect("paths") {
        for method in item.as_object().expect("methods").keys() {
            let method = method.to_uppercase();
            if ["PARAMETERS", "SUMMARY"].contains(&method.as_str())
                || OPEN.contains(&format!("{method} {path}").as_str())
            {
                continue;
            }
            let path = filled(path);
            for headers in [
                vec![JSON],
                vec![JSON, ("authorization", "Bearer x.y.z")],
                vec![JSON, ("x-api-key", "wrong")],
            ] {
                let answer =
                    stranger.send(&method, &path, &headers, "{}").await.expect("an answer");
                assert_eq!(answer.status, 401, "{method} {path} for a stranger");
                assert_eq!(answer.header("content-type"), "application/problem+json");
            }
            closed += 1;
        }
    }
    assert!(closed > 30, "{closed} routes are described");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_server_on_the_same_folder_is_refused_with_the_reason() {
    for store in ["sled", "redb"] {
        let folder = Folder::new("twice");
        let setup = Setup::new(store, &folder.path().join("data"));
        let first = setup.start();
        let second = Setup { port: free_port(), ..setup.clone() };
        let (status, said) = second.refused();
        assert_eq!(status.code(), Some(4), "{store}: {said}");
        let process = format!("in use by process {}", first.process());
        assert!(said.contains(&process), "{store}: {said}");
        assert!(said.contains(&*setup.data.to_string_lossy()), "{store}: {said}");
        assert!(!said.contains("panicked"), "{store}: {said}");
        assert!(first.end().success(), "{store}: the first one is not harmed");
        assert!(setup.start().end().success(), "{store}: and the folder is free again");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_cannot_be_opened_is_refused_with_the_reason() {
    for store in ["sled", "redb"] {
        let folder = Folder::new("broken");
        let file = folder.path().join("data");
        std::fs::write(&file, "a file where a folder should be").expect("a file");
        let (status, said) = Setup::new(store, &file).refused();
        assert_eq!(status.code(), Some(3), "{store}: {said}");
        assert!(said.contains(&*file.to_string_lossy()), "{store}: {said}");
        assert!(!said.contains("panicked"), "{store}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_definition_with_flaws_is_refused_with_all_of_them_at_once() {
    let folder = Folder::new("flaws");
    let server = Setup::new("sled", &folder.path().join("data")).start();
    let mut api = Api::open(server.port, &server.admin_key()).await;
    let yaml = "name: flawed\nsteps:\n  - activity: addUser\n    with: { storeNam: demo }\n  - activity: teleport\n  - end: Done\n";
    let body = json!({
        "name": "flawed",
        "resources": {"yaml": {"data": data_encoding::BASE64.encode(yaml.as_bytes()), "type": "YAML"}},
        "creationOption": "Save & Deploy",
    });
    let answer = api.call("POST", "/api/process-manager/processDefinitions", Some(&body)).await;
    let told = answer.expect("an answer").expect(422).json();
    let flaws = told["flaws"].as_array().or(told["errors"].as_array()).expect("flaws");
    let text = serde_json::to_string(flaws).expect("text");
    for word in ["storeNam", "teleport", "storeName"] {
        assert!(text.contains(word), "no flaw names {word}: {told}");
    }
    assert!(text.contains("\"line\":"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_of_the_wrong_shape_is_refused_with_the_path_of_the_field() {
    let folder = Folder::new("shape");
    let server = Setup::new("sled", &folder.path().join("data")).start();
    let mut api = Api::open(server.port, &server.admin_key()).await;
    let body = json!({
        "name": "odd", "processDefnName": "passcode-registration", "status": "ACTIVE",
        "type": "UNLIMITED", "parameters": {"deep": 7},
    });
    let answer = api.call("POST", "/api/process-manager/processTokens", Some(&body)).await;
    let told = answer.expect("an answer").expect(400).json();
    assert_eq!(told["errors"][0]["path"], "parameters.deep", "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_administrators_key_is_in_one_private_file_and_in_no_log() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new("key");
    let setup = Setup::new("sled", &folder.path().join("data"));
    let server = setup.start();
    let (file, key) = (server.admin_key_file(), server.admin_key());
    let mode = std::fs::metadata(file).expect("the key's file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(key.len() >= 26, "a key that cannot be guessed");
    let printed = server.printed.join("\n");
    assert!(!printed.contains(&key) && !setup.log().contains(&key), "the key is never printed");
}

/// A path with something in the place of each parameter.
fn filled(path: &str) -> String {
    let parts = path.split('/').map(|part| if part.starts_with('{') { "X" } else { part });
    parts.collect::<Vec<&str>>().join("/")
}

/// Kept so that a change of the interface's own description is seen here.
#[tokio::test(flavor = "multi_thread")]
async fn the_readable_manual_names_no_other_host() {
    let folder = Folder::new("docs");
    let server = Setup::new("sled", &folder.path().join("data")).start();
    let mut connection = Connection::new(server.port);
    let page = connection.send("GET", "/docs", &[], "").await.expect("an answer").expect(200);
    assert!(page.text().contains("startProcess"), "the manual lists the calls");
    let foreign = page
        .text()
        .split('"')
        .filter(|word| {
            (word.starts_with("http://") || word.starts_with("https://") || word.starts_with("//"))
                && !word.contains("localhost")
        })
        .count();
    assert_eq!(foreign, 0, "{}", page.text());
    let _: Value =
        connection.send("GET", "/openapi.json", &[], "").await.expect("an answer").json();
}
