//! The shapes of what is stored and of what goes over the wire.

use expect_test::expect;
use storage::{Range, Seal, SealedTable};

use super::super::ceremony::Ceremony;
use super::VERIFIER;
use crate::credential::fields::split;
use crate::scene::{Bare, Scene, answer, external};
use crate::{AlgorithmInfo, BrowserResponse, ClientProof};

/// The outlines of the ceremonies that are open, and the lengths of their secrets.
async fn ceremonies(scene: &mut Scene) -> String {
    let unit = scene.store.space("t").unit();
    let table = SealedTable::<Bare>::new("passcode-ceremonies");
    let rows = unit.list_sealed(&table, Range::all(), 10).await.unwrap();
    let mut lines = String::new();
    for (_, Bare(bytes)) in rows {
        let again = Ceremony::from_secret_bytes(&bytes).unwrap().to_secret_bytes();
        assert_eq!(*again, bytes);
        let [outline, secrets @ ..] = split::<9>(&bytes).unwrap();
        let lengths = secrets.map(<[u8]>::len);
        let outline = scene.named(std::str::from_utf8(outline).unwrap());
        lines += &format!("{outline} {lengths:?}\n");
    }
    lines
}

#[tokio::test]
async fn a_registration_writes_these_rows() {
    let mut scene = Scene::with_alice().await;
    let mut work = scene.work();
    let start = work.start_passcode_registration("s", &external("alice"), "q").await.unwrap();
    work.commit().await.unwrap();
    let json = serde_json::to_string_pretty(&start).unwrap();
    expect![[r##"
        {
          "passcodeRequirements": {
            "minimumLength": 8,
            "maximumLength": 64,
            "digitCount": 0,
            "symbolCount": 0,
            "lowerCaseCount": 0,
            "upperCaseCount": 0,
            "characterVariety": 0,
            "passcodeHistory": 0,
            "requiredRegExes": [],
            "allowedRegExes": [],
            "disallowedRegExes": []
          },
          "algorithmInfo": {
            "type": "SRP",
            "parameters": {
              "i": "#6",
              "n": "rGvbQTJKmpvxZt5eE4lYL69ytmUZh+4H/DGSlD21YFCjcynLtKCZ7YGT4HV3Z6E91SMSq0sDMQ3Nf0ip2gT9UOgIOWntt2ewz2CVF5oWOrNmGgX71fqq6CkYqZYvC5O4Vfl5k+yXXuqoDXQK2/T/dHNZ0EHVwz6nHSgeRGsUdzvKl7Q6I/uAFna9IHpDbGSB8dK5B4cXRhpbnTLmiPh3SFRFI7UksNV9Xqd6J3XS7PoDLPvb9S+zeGFgJ5AE5Xrmr4dOcwPOUymczAQce8MI2CpWmPOo0MOCca41+Onb+7aUtcgD2J965DXeI21SX1R1m2XjcvzWjvIPpxEfnkr/cw==",
              "g": 2,
              "hashAlgorithm": "SHA-256",
              "salt": "…"
            }
          },
          "sessionId": "#7"
        }"##]].assert_eq(&scene.named(&json));
    expect![[r##"
        {"storeId":"#1","userId":"#2","policyName":"q","expires":"2025-02-05T14:13:35.626Z","i":"#6","salt":"…","purpose":"registration"} [0, 0, 0, 1, 0, 0, 0, 0]
    "##]].assert_eq(&ceremonies(&mut scene).await);
    expect![[r#"
        + passcode-ceremony-expiries 1738764815626/#7 null
        + passcode-ceremonies #7 280 bytes sealed
        + passcode-decoys secret 32 bytes sealed
    "#]]
    .assert_eq(&scene.changes().await);
    let mut work = scene.work();
    let session = &start.session_id;
    let user = work
        .complete_passcode_registration("s", session, Some(&VERIFIER.to_vec().into()))
        .await
        .unwrap();
    work.commit().await.unwrap();
    expect![[r##"
        - passcode-ceremony-expiries 1738764815626/#7 null
        - passcode-ceremonies #7 280 bytes sealed
        + passcodes #1/#2/q {"createdDtm":"2025-02-05T13:58:35.626Z","expirationDtm":"2025-02-06T13:58:35.626Z","i":"#6","id":"#8","lastAuthenticatedWithDtm":null,"lastUpdatedDtm":"2025-02-05T13:58:35.626Z","policyName":"q","salt":"…"}
        + audit 1738763915626/1/#9 {"action":"PASSCODE_REGISTERED","by":"tester","dtm":"2025-02-05T13:58:35.626Z","policyName":"q","storeId":"#1","storeName":"s","userId":"#2"}
        + passcode-verifiers #1/#2/q 256 bytes sealed
    "##]].assert_eq(&scene.changes().await);
    let json = serde_json::to_string_pretty(&user.summary_info).unwrap();
    expect![[r##"
        {
          "passcodes": [
            {
              "id": "#8",
              "policyName": "q",
              "status": "ACTIVE",
              "createdDtm": "2025-02-05T13:58:35.626Z",
              "lastUpdatedDtm": "2025-02-05T13:58:35.626Z",
              "expirationDtm": "2025-02-06T13:58:35.626Z"
            }
          ],
          "passkeys": [],
          "totps": [],
          "recoveryCodes": []
        }"##]]
    .assert_eq(&scene.named(&json));
}

#[tokio::test]
async fn an_authentication_writes_these_rows() {
    let mut scene = Scene::with_alice().await;
    scene.register(&external("alice"), "p", "right").await;
    let (start, wrong) =
        (scene.start(&external("alice"), "p").await, scene.start(&external("alice"), "p").await);
    scene.complete(&wrong.session_id, &answer(&wrong, "wrong")).await.unwrap();
    scene.changes().await;
    expect![[r##"
        {"storeId":"#1","userId":"#2","policyName":"p","expires":"2025-02-05T14:13:35.626Z","i":"#6","salt":"…","purpose":{"authentication":{"passcodeId":"#7","blind":true}}} [32, 256, 256, 1, 0, 0, 0, 0]
    "##]].assert_eq(&ceremonies(&mut scene).await);
    let typed = answer(&start, "right");
    let text = |bytes: &[u8]| data_encoding::BASE64URL_NOPAD.encode(bytes);
    let response = BrowserResponse::authentication(&text(&typed.a_public), &text(&typed.m1));
    let mut work = scene.work();
    work.remember_passcode_response(&start.session_id, response.unwrap()).await.unwrap();
    work.commit().await.unwrap();
    expect![[r##"
        {"storeId":"#1","userId":"#2","policyName":"p","expires":"2025-02-05T14:13:35.626Z","i":"#6","salt":"…","purpose":{"authentication":{"passcodeId":"#7","blind":true}}} [32, 256, 256, 1, 0, 256, 32, 0]
    "##]].assert_eq(&ceremonies(&mut scene).await);
    scene.changes().await;
    scene.complete(&start.session_id, &typed).await.unwrap();
    expect![[r##"
        - users #1/#2 {"attributes":{},"createdBy":"tester","createdDtm":"2025-02-05T13:58:35.626Z","externalId":"alice","id":"#2","lastAuthenticatedDtm":null,"lastUpdatedBy":"tester","lastUpdatedDtm":"2025-02-05T13:58:35.626Z","locale":"en_US","locks":{"byModality":{"passcode":1,"passkey":0,"recoveryCode":0,"totp":0},"failures":1,"lock":null},"standing":"ACTIVE","timezone":"US/Eastern"}
        - passcodes #1/#2/p {"createdDtm":"2025-02-05T13:58:35.626Z","expirationDtm":null,"i":"#6","id":"#7","lastAuthenticatedWithDtm":null,"lastUpdatedDtm":"2025-02-05T13:58:35.626Z","policyName":"p","salt":"…"}
        - passcode-ceremony-expiries 1738764815626/#8 null
        - passcode-ceremonies #8 1173 bytes sealed
        + users #1/#2 {"attributes":{},"createdBy":"tester","createdDtm":"2025-02-05T13:58:35.626Z","externalId":"alice","id":"#2","lastAuthenticatedDtm":"2025-02-05T13:58:35.626Z","lastUpdatedBy":"tester","lastUpdatedDtm":"2025-02-05T13:58:35.626Z","locale":"en_US","locks":{"failures":0,"lock":null},"standing":"ACTIVE","timezone":"US/Eastern"}
        + passcodes #1/#2/p {"createdDtm":"2025-02-05T13:58:35.626Z","expirationDtm":null,"i":"#6","id":"#7","lastAuthenticatedWithDtm":"2025-02-05T13:58:35.626Z","lastUpdatedDtm":"2025-02-05T13:58:35.626Z","policyName":"p","salt":"…"}
        + audit 1738763915626/1/#11 {"action":"PASSCODE_ACCEPTED","by":"tester","dtm":"2025-02-05T13:58:35.626Z","policyName":"p","storeId":"#1","storeName":"s","userId":"#2"}
    "##]].assert_eq(&scene.changes().await);
}

#[tokio::test]
async fn a_refusal_writes_these_rows() {
    let mut scene = Scene::with_alice().await;
    scene.register(&external("alice"), "p", "right").await;
    let mut told = String::new();
    for name in ["alice", "nobody"] {
        scene.guess(&external(name), "p", "wrong").await;
        scene.changes().await;
        let start = scene.start(&external(name), "p").await;
        scene.changes().await;
        scene.complete(&start.session_id, &answer(&start, "wrong")).await.unwrap();
        told += &format!("{name}\n{}", scene.changes().await);
    }
    expect![[r##"
        alice
        - users #1/#2 {"attributes":{},"createdBy":"tester","createdDtm":"2025-02-05T13:58:35.626Z","externalId":"alice","id":"#2","lastAuthenticatedDtm":null,"lastUpdatedBy":"tester","lastUpdatedDtm":"2025-02-05T13:58:35.626Z","locale":"en_US","locks":{"byModality":{"passcode":1,"passkey":0,"recoveryCode":0,"totp":0},"failures":1,"lock":null},"standing":"ACTIVE","timezone":"US/Eastern"}
        - passcode-ceremony-expiries 1738764815626/#10 null
        - passcode-ceremonies #10 885 bytes sealed
        + users #1/#2 {"attributes":{},"createdBy":"tester","createdDtm":"2025-02-05T13:58:35.626Z","externalId":"alice","id":"#2","lastAuthenticatedDtm":null,"lastUpdatedBy":"tester","lastUpdatedDtm":"2025-02-05T13:58:35.626Z","locale":"en_US","locks":{"byModality":{"passcode":2,"passkey":0,"recoveryCode":0,"totp":0},"failures":2,"lock":null},"standing":"ACTIVE","timezone":"US/Eastern"}
        + audit 1738763915626/1/#11 {"action":"PASSCODE_REFUSED","by":"tester","dtm":"2025-02-05T13:58:35.626Z","policyName":"p","reason":"WRONG_PASSCODE","storeId":"#1","storeName":"s","userId":"#2"}
        nobody
        - passcode-ceremony-expiries 1738764815626/#13 null
        - passcode-ceremonies #13 851 bytes sealed
        + audit 1738763915626/1/#14 {"action":"PASSCODE_REFUSED","by":"tester","dtm":"2025-02-05T13:58:35.626Z","policyName":"p","reason":"USER_UNKNOWN","storeId":"#1","storeName":"s"}
    "##]].assert_eq(&told);
}

#[test]
fn the_proof_of_the_server_is_all_that_a_completed_authentication_tells() {
    let json = serde_json::to_string(&AlgorithmInfo::proof(&[0xFB; 32])).unwrap();
    expect![[r#"{"type":"SRP","parameters":{"hashAlgorithm":"SHA-256","m2":"+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/s="}}"#]].assert_eq(&json);
}

#[tokio::test]
async fn nothing_secret_can_be_printed() {
    let scene = Scene::with_alice().await;
    scene.register(&external("alice"), "p", "right").await;
    let mut work = scene.work();
    let manner = crate::Manner::Blind;
    let alice = external("alice");
    let opening = work.open_passcode_authentication("s", &alice, "p", manner).await.unwrap();
    let mut printed = format!("{opening:?} ");
    let offer = opening.offer().unwrap();
    printed += &format!("{offer:?} ");
    let start = work.keep_passcode_offer(offer).await.unwrap();
    let proof = ClientProof { client_public_key: &[2], m1: &[3] };
    printed += &format!("{proof:?} {:?} ", BrowserResponse::registration("AQ", &[]).unwrap());
    let attempt = work.open_passcode_attempt("s", &start.session_id, Some(proof)).await.unwrap();
    printed += &format!("{attempt:?} ");
    printed += &format!("{:?}", attempt.examine());
    assert_eq!(
        printed,
        "Opening(..) Offer(..) ClientProof(..) BrowserResponse(..) Attempt(..) Examined(..)"
    );
}
