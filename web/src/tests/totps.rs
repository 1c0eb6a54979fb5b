//! Transcripts of TOTPs and of recovery codes, by internal and by external identifier.

use data_encoding::BASE32_NOPAD;
use expect_test::expect;
use hmac::{Hmac, Mac as _};
use serde_json::json;
use sha2::Sha256;

use super::stage::Stage;

const STORE: &str = "/api/identity-store/stores/demo";

/// A stage with the policies `app` and `codes` and the user `anna`; gives her identifier.
async fn stage() -> (Stage, String) {
    let stage = Stage::new().await;
    let app = r#"{"policyName":"app","algorithm":"SHA256","issuer":"Example"}"#;
    for (path, body) in [
        ("totpPolicy", app),
        ("recoveryCodePolicy", r#"{"policyName":"codes","count":2}"#),
        ("users", r#"{"externalId":"anna"}"#),
    ] {
        let answer = stage.call("POST", &format!("{STORE}/{path}"), body).await;
        assert_eq!(answer.status.as_u16(), 201, "{}", answer.text);
    }
    let anna = stage.call("GET", &format!("{STORE}/users/anna/ext"), "").await.json();
    let id = anna["id"].as_str().unwrap().to_owned();
    (stage, id)
}

/// What an authenticator app that has scanned the registration of `anna` shows, so many periods from noon.
pub(super) async fn code(stage: &Stage, periods: u64) -> String {
    let path = format!("{STORE}/users/anna/totps/registrations/app/ext");
    let registration = stage.call("GET", &path, "").await.json();
    shown(registration["secret"].as_str().unwrap(), periods)
}

/// What an app with this secret shows, so many periods from noon.
pub(super) fn shown(secret: &str, periods: u64) -> String {
    let mut mac: Hmac<Sha256> =
        Hmac::new_from_slice(&BASE32_NOPAD.decode(secret.as_bytes()).unwrap()).unwrap();
    mac.update(&(1_767_268_800 / 30 + periods).to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let offset = usize::from(digest[31] & 15);
    let word = u32::from_be_bytes(digest[offset..offset + 4].try_into().unwrap()) & 0x7FFF_FFFF;
    format!("{:03} {:03}", word % 1_000_000 / 1000, word % 1000)
}

/// Makes requests and tells the status, code and some members of each answer.
async fn told(stage: &Stage, requests: &[(&str, String, String)]) -> String {
    let mut told = String::new();
    for (method, path, body) in requests {
        let answer = stage.call(method, &format!("{STORE}/{path}"), body).await;
        let (status, json) = (answer.status.as_u16(), answer.json());
        let user = json.get("user").unwrap_or(&json);
        let mut line = format!("{method} {path} {status}");
        for member in
            [&json["code"], &json["status"], &user["lockInfo"]["invalidCount"], &user["status"]]
        {
            if !member.is_null() {
                line += &format!(" {member}");
            }
        }
        for totp in user["summaryInfo"]["totps"].as_array().into_iter().flatten() {
            line += &format!(" totp {}", totp["status"]);
        }
        for set in user["summaryInfo"]["recoveryCodes"].as_array().into_iter().flatten() {
            line += &format!(" {} of {} codes", set["remaining"], set["count"]);
        }
        told += &format!("{line}\n");
    }
    told
}

fn submitted(code: &str) -> String {
    json!({ "submittedCode": code }).to_string()
}

#[tokio::test]
async fn an_app_is_registered_used_and_removed_by_either_identifier() {
    let (stage, id) = stage().await;
    let none = String::new;
    let start = [
        ("POST", format!("users/{id}/totps/registrations/app"), "{}".to_owned()),
        (
            "POST",
            "users/anna/totps/registrations/app/ext".to_owned(),
            r#"{"username":"Anna"}"#.to_owned(),
        ),
        ("GET", format!("users/{id}/totps/registrations/app"), none()),
        ("POST", format!("users/{id}/totps/registrations/app/complete"), submitted("1")),
        ("POST", format!("users/{id}/totps/authentications/app"), submitted("1")),
    ];
    let mut all = told(&stage, &start).await;
    let (first, second) = (code(&stage, 0).await, code(&stage, 1).await);
    let totps = stage.call("GET", &format!("{STORE}/users/{id}/totps"), "").await.json();
    let totp = totps["content"][0]["id"].as_str().unwrap().to_owned();
    let rest = [
        ("POST", "users/anna/totps/registrations/app/complete/ext".to_owned(), submitted(&first)),
        ("POST", format!("users/{id}/totps/registrations/app/complete"), submitted(&second)),
        ("GET", "users/anna/totps/registrations/app/ext".to_owned(), none()),
        ("POST", format!("users/{id}/totps/registrations/app"), "{}".to_owned()),
        ("POST", format!("users/{id}/totps/authentications/app"), submitted(&first)),
        ("POST", "users/anna/totps/authentications/app/ext".to_owned(), submitted(&second)),
        ("POST", "users/anna/totps/authentications/app/ext".to_owned(), submitted(&second)),
        ("POST", format!("users/{id}/totps/{totp}"), r#"{"status":"DISABLED"}"#.to_owned()),
        ("POST", format!("users/{id}/totps/authentications/app"), submitted(&second)),
        ("POST", format!("users/anna/totps/{totp}/ext"), r#"{"status":"PENDING"}"#.to_owned()),
        ("POST", format!("users/anna/totps/{totp}/ext"), r#"{"status":"ACTIVE"}"#.to_owned()),
        ("GET", format!("users/anna/totps/{totp}/ext"), none()),
        ("GET", format!("users/{id}/totps/{totp}"), none()),
        ("POST", format!("users/{id}/totps/authentications/app"), submitted("1")),
        ("POST", format!("users/{id}/totps/authentications/app"), submitted("1")),
        ("POST", format!("users/{id}/totps/authentications/app"), submitted("1")),
        ("DELETE", format!("users/{id}/totps/{totp}"), none()),
        ("DELETE", format!("users/anna/totps/{totp}/ext"), none()),
        ("GET", format!("users/{id}/totps/{totp}"), none()),
        ("POST", format!("users/{id}/totps/deregistrations/app"), none()),
        ("POST", "users/anna/totps/deregistrations/app/ext".to_owned(), none()),
        ("POST", format!("users/{id}/totps/registrations/app"), "{}".to_owned()),
        ("GET", "users/anna/totps/ext".to_owned(), none()),
    ];
    all += &told(&stage, &rest).await;
    expect![[r#"
        POST users/ID/totps/registrations/app 201
        POST users/anna/totps/registrations/app/ext 201
        GET users/ID/totps/registrations/app 200
        POST users/ID/totps/registrations/app/complete 400 2704 400 400
        POST users/ID/totps/authentications/app 400 2715 400 1 "ACTIVE" totp "PENDING"
        POST users/anna/totps/registrations/app/complete/ext 200 1 "ACTIVE" totp "ACTIVE"
        POST users/ID/totps/registrations/app/complete 400 2701 400 400
        GET users/anna/totps/registrations/app/ext 400 2701 400 400
        POST users/ID/totps/registrations/app 400 2701 400 400
        POST users/ID/totps/authentications/app 400 2715 400 2 "ACTIVE" totp "ACTIVE"
        POST users/anna/totps/authentications/app/ext 200 0 "ACTIVE" totp "ACTIVE"
        POST users/anna/totps/authentications/app/ext 400 2715 400 1 "ACTIVE" totp "ACTIVE"
        POST users/ID/totps/TOTP 200 "DISABLED" "DISABLED"
        POST users/ID/totps/authentications/app 400 2715 400 2 "ACTIVE" totp "DISABLED"
        POST users/anna/totps/TOTP/ext 400 2706 400 400
        POST users/anna/totps/TOTP/ext 200 "ACTIVE" "ACTIVE"
        GET users/anna/totps/TOTP/ext 200 "ACTIVE" "ACTIVE"
        GET users/ID/totps/TOTP 200 "ACTIVE" "ACTIVE"
        POST users/ID/totps/authentications/app 400 2715 400 3 "TEMP_LOCKED" totp "ACTIVE"
        POST users/ID/totps/authentications/app 400 2100 400 3 "TEMP_LOCKED" totp "ACTIVE"
        POST users/ID/totps/authentications/app 400 2100 400 3 "TEMP_LOCKED" totp "ACTIVE"
        DELETE users/ID/totps/TOTP 200
        DELETE users/anna/totps/TOTP/ext 404 2702 404 404
        GET users/ID/totps/TOTP 404 2702 404 404
        POST users/ID/totps/deregistrations/app 404 2702 404 404
        POST users/anna/totps/deregistrations/app/ext 404 2702 404 404
        POST users/ID/totps/registrations/app 400 502 400 400
        GET users/anna/totps/ext 200
    "#]]
    .assert_eq(&all.replace(&id, "ID").replace(&totp, "TOTP"));
}

#[tokio::test]
async fn what_is_answered_has_this_shape() {
    let (mut stage, _) = stage().await;
    let script = r#"
        POST /api/identity-store/stores/demo/users/anna/totps/registrations/app/ext {}
        GET /api/identity-store/stores/demo/users/anna/totps/ext
        POST /api/identity-store/stores/demo/users/anna/totps/authentications/app/ext {"submittedCode":"1"}
        GET /api/identity-store/stores/demo/totpPolicy/app
        POST /api/identity-store/stores/demo/totpPolicy/app {"issuer":null,"digits":8}
        POST /api/identity-store/stores/demo/totpPolicy/app {"digits":5,"period":1}
        POST /api/identity-store/stores/demo/totpPolicy {"policyName":"app"}
        POST /api/identity-store/stores/demo/totpPolicy {"policyName":"b","colour":"red"}
        DELETE /api/identity-store/stores/demo/totpPolicy/app
        GET /api/identity-store/stores/demo/totpPolicy/app
        GET /api/identity-store/stores/demo/recoveryCodePolicy/codes
        POST /api/identity-store/stores/demo/recoveryCodePolicy/codes {"length":20}
        DELETE /api/identity-store/stores/demo/recoveryCodePolicy/codes
        POST /api/identity-store/stores/demo/users/anna/recoveryCodes/registrations/codes/ext
        "#;
    stage.play(script, expect![[r#"
        POST /api/identity-store/stores/demo/users/anna/totps/registrations/app/ext {}
        201
        {
          "digits": 6,
          "period": 30,
          "qrCodeImage": "data:image/svg+xml;base64,BASE64",
          "qrCodeString": "otpauth://totp/Example:anna?secret=SECRET&issuer=Example&algorithm=SHA256&digits=6&period=30",
          "secret": "SECRET",
          "totp": {
            "algorithm": "SHA256",
            "createdDtm": "2026-01-01T12:00:00Z",
            "expirationDtm": "2026-01-01T12:10:00Z",
            "id": "ID1",
            "issuer": "Example",
            "lastUpdatedDtm": "2026-01-01T12:00:00Z",
            "policyName": "app",
            "status": "PENDING",
            "username": "anna"
          }
        }
        GET /api/identity-store/stores/demo/users/anna/totps/ext
        200
        {
          "content": [
            {
              "algorithm": "SHA256",
              "createdDtm": "2026-01-01T12:00:00Z",
              "expirationDtm": "2026-01-01T12:10:00Z",
              "id": "ID1",
              "issuer": "Example",
              "lastUpdatedDtm": "2026-01-01T12:00:00Z",
              "policyName": "app",
              "status": "PENDING",
              "username": "anna"
            }
          ],
          "page": "page 0 of 1, 1 of 1 items, by policyName ASC"
        }
        POST /api/identity-store/stores/demo/users/anna/totps/authentications/app/ext {"submittedCode":"1"}
        400
        {
          "authenticationId": "ID2",
          "code": 2715,
          "detail": "the authentication failed",
          "status": 400,
          "title": "Bad Request",
          "type": "/docs#code-2715",
          "user": {
            "attributes": {},
            "createdBy": "API Key: admin",
            "createdDtm": "2026-01-01T12:00:00Z",
            "externalId": "anna",
            "id": "ID3",
            "lastUpdatedBy": "API Key: admin",
            "lastUpdatedDtm": "2026-01-01T12:00:00Z",
            "locale": "en_US",
            "lockInfo": {
              "invalidCount": 1
            },
            "status": "ACTIVE",
            "summaryInfo": {
              "passcodes": [],
              "passkeys": [],
              "recoveryCodes": [],
              "totps": [
                {
                  "algorithm": "SHA256",
                  "createdDtm": "2026-01-01T12:00:00Z",
                  "expirationDtm": "2026-01-01T12:10:00Z",
                  "id": "ID1",
                  "issuer": "Example",
                  "lastUpdatedDtm": "2026-01-01T12:00:00Z",
                  "policyName": "app",
                  "status": "PENDING",
                  "username": "anna"
                }
              ]
            },
            "timezone": "US/Eastern"
          }
        }
        GET /api/identity-store/stores/demo/totpPolicy/app
        200
        {
          "algorithm": "SHA256",
          "digits": 6,
          "issuer": "Example",
          "pendingExpiration": "PT10M",
          "period": 30,
          "policyName": "app",
          "secretReadable": false,
          "skew": 1
        }
        POST /api/identity-store/stores/demo/totpPolicy/app {"issuer":null,"digits":8}
        200
        {
          "algorithm": "SHA256",
          "digits": 8,
          "pendingExpiration": "PT10M",
          "period": 30,
          "policyName": "app",
          "secretReadable": false,
          "skew": 1
        }
        POST /api/identity-store/stores/demo/totpPolicy/app {"digits":5,"period":1}
        400
        {
          "code": 102,
          "detail": "the identity store is not usable: configuration.totpPolicies.app.digits: a code has 6 to 8 digits; configuration.totpPolicies.app.period: a period has 10 to 300 seconds",
          "errors": [
            {
              "message": "a code has 6 to 8 digits",
              "path": "configuration.totpPolicies.app.digits"
            },
            {
              "message": "a period has 10 to 300 seconds",
              "path": "configuration.totpPolicies.app.period"
            }
          ],
          "status": 400,
          "title": "Bad Request",
          "type": "/docs#code-102"
        }
        POST /api/identity-store/stores/demo/totpPolicy {"policyName":"app"}
        400
        {
          "code": 2705,
          "detail": "TOTP policy app exists already",
          "status": 400,
          "title": "Bad Request",
          "type": "/docs#code-2705"
        }
        POST /api/identity-store/stores/demo/totpPolicy {"policyName":"b","colour":"red"}
        400
        {
          "code": 102,
          "detail": "the identity store is not usable: configuration.totpPolicies.b.colour: unknown field `colour`, expected one of `description`, `issuer`, `algorithm`, `digits`, `period`, `skew`, `pendingExpiration`, `secretReadable`",
          "errors": [
            {
              "message": "unknown field `colour`, expected one of `description`, `issuer`, `algorithm`, `digits`, `period`, `skew`, `pendingExpiration`, `secretReadable`",
              "path": "configuration.totpPolicies.b.colour"
            }
          ],
          "status": 400,
          "title": "Bad Request",
          "type": "/docs#code-102"
        }
        DELETE /api/identity-store/stores/demo/totpPolicy/app
        200
        GET /api/identity-store/stores/demo/totpPolicy/app
        404
        {
          "code": 2700,
          "detail": "TOTP policy app does not exist",
          "status": 404,
          "title": "Not Found",
          "type": "/docs#code-2700"
        }
        GET /api/identity-store/stores/demo/recoveryCodePolicy/codes
        200
        {
          "count": 2,
          "length": 16,
          "policyName": "codes"
        }
        POST /api/identity-store/stores/demo/recoveryCodePolicy/codes {"length":20}
        200
        {
          "count": 2,
          "length": 20,
          "policyName": "codes"
        }
        DELETE /api/identity-store/stores/demo/recoveryCodePolicy/codes
        200
        POST /api/identity-store/stores/demo/users/anna/recoveryCodes/registrations/codes/ext
        404
        {
          "code": 2800,
          "detail": "recovery code policy codes does not exist",
          "status": 404,
          "title": "Not Found",
          "type": "/docs#code-2800"
        }
    "#]]).await;
}

#[tokio::test]
async fn recovery_codes_are_made_used_and_removed_by_either_identifier() {
    let (stage, id) = stage().await;
    let path = format!("{STORE}/users/{id}/recoveryCodes/registrations/codes");
    let made = stage.call("POST", &path, "").await;
    assert_eq!(made.status.as_u16(), 201);
    let made = made.json();
    let codes: Vec<_> = made["codes"].as_array().unwrap().iter().collect();
    assert_eq!((codes.len(), codes[0].as_str().unwrap().len()), (2, 19));
    let code = codes[0].as_str().unwrap();
    let requests = [
        ("POST", format!("users/{id}/recoveryCodes/authentications/codes"), submitted(code)),
        ("POST", "users/anna/recoveryCodes/authentications/codes/ext".to_owned(), submitted(code)),
        ("GET", format!("users/{id}/recoveryCodes"), String::new()),
        ("GET", "users/anna/recoveryCodes/ext".to_owned(), String::new()),
        ("POST", "users/anna/recoveryCodes/registrations/codes/ext".to_owned(), String::new()),
        ("POST", format!("users/{id}/recoveryCodes/authentications/other"), submitted(code)),
        ("POST", "users/anna/recoveryCodes/deregistrations/codes/ext".to_owned(), String::new()),
        ("POST", format!("users/{id}/recoveryCodes/deregistrations/codes"), String::new()),
        ("POST", "users/nobody/recoveryCodes/registrations/codes/ext".to_owned(), String::new()),
    ];
    expect![[r#"
        POST users/ID/recoveryCodes/authentications/codes 200 0 "ACTIVE" 1 of 2 codes
        POST users/anna/recoveryCodes/authentications/codes/ext 400 2815 400 1 "ACTIVE" 1 of 2 codes
        GET users/ID/recoveryCodes 200
        GET users/anna/recoveryCodes/ext 200
        POST users/anna/recoveryCodes/registrations/codes/ext 201 1 "ACTIVE" 2 of 2 codes
        POST users/ID/recoveryCodes/authentications/other 404 2800 404 404
        POST users/anna/recoveryCodes/deregistrations/codes/ext 200 1 "ACTIVE"
        POST users/ID/recoveryCodes/deregistrations/codes 404 2802 404 404
        POST users/nobody/recoveryCodes/registrations/codes/ext 404 503 404 404
    "#]]
    .assert_eq(&told(&stage, &requests).await.replace(&id, "ID"));
}

#[tokio::test]
async fn a_set_of_recovery_codes_is_read_and_deleted_by_its_identifier() {
    let (stage, user) = stage().await;
    let own = format!("{STORE}/users/{user}/recoveryCodes");
    let external = format!("{STORE}/users/anna/recoveryCodes");
    let call = async |method, path: String| {
        let answer = stage.call(method, &path, "").await;
        (answer.status.as_u16(), answer.json())
    };
    for by_external_id in [false, true] {
        stage.call("POST", &format!("{own}/registrations/codes"), "").await;
        let set = call("GET", own.clone()).await.1["content"][0].clone();
        assert_eq!(set["policyName"], "codes");
        let id = set["id"].as_str().unwrap();
        let [one, other] = [format!("{own}/{id}"), format!("{external}/{id}/ext")];
        assert_eq!(call("GET", one.clone()).await, (200, set.clone()));
        assert_eq!(call("GET", other.clone()).await, (200, set.clone()));
        let chosen = if by_external_id { &other } else { &one };
        assert_eq!(call("DELETE", chosen.clone()).await.0, 200);
        for path in [one, other] {
            for method in ["GET", "DELETE"] {
                let (status, told) = call(method, path.clone()).await;
                assert_eq!((status, &told["code"]), (404, &json!(2802)), "{method} {path}");
            }
        }
    }
}
