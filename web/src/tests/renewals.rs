//! Transcripts of passcode policies, of the passcodes of a user, and of renewals.

use data_encoding::BASE64;
use expect_test::{Expect, expect};
use serde_json::Value;

use super::stage::Stage;

/// Plays requests in the store `demo`; tells status and code, or the members that are asked for.
async fn play(stage: &mut Stage, script: &str, expected: Expect) {
    let mut told = String::new();
    for line in script.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (request, members) = line.split_once(" => ").unwrap_or((line, ""));
        let mut words = request.splitn(3, ' ');
        let mut word = || words.next().unwrap_or_default();
        let (method, path, body) = (word(), word(), word());
        let path = format!("/api/identity-store/stores/demo/{path}");
        let answer = stage.call(method, &path, body).await;
        let json = answer.json();
        let member = |name: &str| json.pointer(name).map_or("-".to_owned(), Value::to_string);
        let found: Vec<String> = match json["code"].as_u64() {
            Some(code) => vec![code.to_string()],
            None => members.split_whitespace().map(member).collect(),
        };
        let line = stage.plain(request);
        let line = format!("{line}: {} {}", answer.status.as_u16(), found.join(" "));
        told += &format!("{}\n", stage.plain(line.trim_end()));
    }
    expected.assert_eq(&told);
}

#[tokio::test]
async fn a_policy_is_a_resource() {
    let mut stage = Stage::new().await;
    let script = r#"
        POST passcodePolicy {"policyName":"pin","passcodeRequirements":{"minimumLength":4}} => /policyName /passcodeRequirements/minimumLength
        POST passcodePolicy {"name":"short"} => /policyName
        POST passcodePolicy {"policyName":"pin"}
        POST passcodePolicy {"policyName":"a/b"}
        GET passcodePolicy/pin => /policyName /expirationDuration
        POST passcodePolicy/pin {"policyName":"pin","description":"four digits"} => /policyName /description
        POST passcodePolicy/pin {"policyName":"long"}
        POST passcodePolicy/pin {"expirationDuration":"P90D"} => /expirationDuration /passcodeRequirements/minimumLength
        POST passcodePolicy/pin {"passcodeRequirements":{"passcodeHistory":25}}
        DELETE passcodePolicy/pin
        GET passcodePolicy/pin
        POST passcodePolicy/pin {}
        DELETE passcodePolicy/pin
        "#;
    play(
        &mut stage,
        script,
        expect![[r#"
            POST passcodePolicy {"policyName":"pin","passcodeRequirements":{"minimumLength":4}}: 201 "pin" 4
            POST passcodePolicy {"name":"short"}: 201 "short"
            POST passcodePolicy {"policyName":"pin"}: 400 2607
            POST passcodePolicy {"policyName":"a/b"}: 400 102
            GET passcodePolicy/pin: 200 "pin" -
            POST passcodePolicy/pin {"policyName":"pin","description":"four digits"}: 200 "pin" "four digits"
            POST passcodePolicy/pin {"policyName":"long"}: 400
            POST passcodePolicy/pin {"expirationDuration":"P90D"}: 200 "P90D" 4
            POST passcodePolicy/pin {"passcodeRequirements":{"passcodeHistory":25}}: 400 102
            DELETE passcodePolicy/pin: 200
            GET passcodePolicy/pin: 404 2600
            POST passcodePolicy/pin {}: 404 2600
            DELETE passcodePolicy/pin: 404 2600
        "#]],
    )
    .await;
}

#[tokio::test]
async fn the_passcodes_of_a_user_are_managed_by_either_identifier() {
    let mut stage = Stage::new().await;
    let id = registered(&mut stage).await;
    let user = stage.call("GET", "/api/identity-store/stores/demo/users/anna/ext", "").await.json();
    let user = user["id"].as_str().unwrap();
    let script = r#"
        GET users/USER/passcodes => /totalElements /content/0/status
        GET users/anna/passcodes/ext => /totalElements /content/0/policyName
        GET users/USER/passcodes/PASS => /status
        GET users/anna/passcodes/PASS/ext => /status
        POST users/USER/passcodes/PASS {"status":"DISABLED"} => /status
        POST users/anna/passcodes/PASS/ext {"status":"ACTIVE","expirationDtm":"2026-01-01T11:00:00Z"} => /status /expirationDtm
        POST users/USER/passcodes/PASS {"expirationDtm":null} => /status /expirationDtm
        POST users/USER/passcodes/PASS {}
        GET users/USER/passcodes/NONE
        GET users/NONE/passcodes
        GET users/none/passcodes/ext
        DELETE users/anna/passcodes/PASS/ext
        DELETE users/USER/passcodes/PASS
        "#;
    let script = script.replace("PASS", &id).replace("USER", user);
    play(&mut stage, &script, expect![[r#"
        GET users/ID1/passcodes: 200 1 "ACTIVE"
        GET users/anna/passcodes/ext: 200 1 "default"
        GET users/ID1/passcodes/ID2: 200 "ACTIVE"
        GET users/anna/passcodes/ID2/ext: 200 "ACTIVE"
        POST users/ID1/passcodes/ID2 {"status":"DISABLED"}: 200 "DISABLED"
        POST users/anna/passcodes/ID2/ext {"status":"ACTIVE","expirationDtm":"2026-01-01T11:00:00Z"}: 200 "EXPIRED" "2026-01-01T11:00:00Z"
        POST users/ID1/passcodes/ID2 {"expirationDtm":null}: 200 "ACTIVE" -
        POST users/ID1/passcodes/ID2 {}: 400 2608
        GET users/ID1/passcodes/NONE: 404 2602
        GET users/NONE/passcodes: 404 500
        GET users/none/passcodes/ext: 404 503
        DELETE users/anna/passcodes/ID2/ext: 200
        DELETE users/ID1/passcodes/ID2: 404 2602
    "#]]).await;
}

#[tokio::test]
async fn a_renewal_is_started_by_either_identifier_and_completed_with_a_proof() {
    let mut stage = Stage::new().await;
    registered(&mut stage).await;
    let history = r#"{"passcodeRequirements":{"passcodeHistory":2}}"#;
    let policy = "/api/identity-store/stores/demo/passcodePolicy/default";
    assert_eq!(stage.call("POST", policy, history).await.status, 200);
    let user = stage.call("GET", "/api/identity-store/stores/demo/users/anna/ext", "").await.json();
    let user = user["id"].as_str().unwrap();
    let path = "/api/identity-store/stores/demo/users/anna/passcodes/renewals/default/ext";
    let start = stage.call("POST", path, "{}").await.json();
    let script = r#"
        POST users/USER/passcodes/renewals/default {} => /currentAlgorithmInfo/parameters/g /passcodeHistory/0/i /passcodeRequirements/passcodeHistory
        POST users/USER/passcodes/renewals/none {}
        POST users/none/passcodes/renewals/default/ext {}
        POST passcodes/renewals/sessions/SESSION {"srpVerificationData":{"clientPublicKey":"PROOF","m1":"AAAA"},"srpRegistrationData":{"verifier":"AA=="}}
        POST passcodes/renewals/sessions/SESSION {"srpVerificationData":{"clientPublicKey":"PROOF","m1":"AAAA"},"srpRegistrationData":{"verifier":"PROOF","historyVerifiers":["PROOF"]}}
        POST passcodes/renewals/sessions/SESSION {"srpVerificationData":{"clientPublicKey":"PROOF","m1":"AAAA"},"srpRegistrationData":{"verifier":"PROOF"}}
        "#;
    let script = script
        .replace("SESSION", start["sessionId"].as_str().unwrap())
        .replace("PROOF", &BASE64.encode(&[9; 256]))
        .replace("USER", user);
    play(&mut stage, &script, expect![[r#"
        POST users/ID1/passcodes/renewals/default {}: 201 2 "ID2" 2
        POST users/ID1/passcodes/renewals/none {}: 404 2600
        POST users/none/passcodes/renewals/default/ext {}: 404 503
        POST passcodes/renewals/sessions/ID3 {"srpVerificationData":{"clientPublicKey":"BASE64==","m1":"AAAA"},"srpRegistrationData":{"verifier":"AA=="}}: 400 2606
        POST passcodes/renewals/sessions/ID3 {"srpVerificationData":{"clientPublicKey":"BASE64==","m1":"AAAA"},"srpRegistrationData":{"verifier":"BASE64==","historyVerifiers":["BASE64=="]}}: 400 2615
        POST passcodes/renewals/sessions/ID3 {"srpVerificationData":{"clientPublicKey":"BASE64==","m1":"AAAA"},"srpRegistrationData":{"verifier":"BASE64=="}}: 400 2603
    "#]]).await;
}

/// Adds anna with a passcode; its identifier.
async fn registered(stage: &mut Stage) -> String {
    let store = "/api/identity-store/stores/demo";
    stage.call("POST", &format!("{store}/users"), r#"{"externalId":"anna"}"#).await;
    let path = format!("{store}/users/anna/passcodes/registrations/default/ext");
    let start = stage.call("POST", &path, "{}").await.json();
    let session = start["sessionId"].as_str().unwrap();
    let verifier = BASE64.encode(&[7; 256]);
    let body = format!(r#"{{"srpRegistrationData":{{"verifier":"{verifier}"}}}}"#);
    let path = format!("{store}/passcodes/registrations/sessions/{session}");
    let user = stage.call("POST", &path, &body).await.json();
    user.pointer("/user/summaryInfo/passcodes/0/id").unwrap().as_str().unwrap().to_owned()
}
