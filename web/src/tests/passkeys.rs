//! Transcripts of passkeys, with a vector of Web Authentication Level 3 for an authenticator.

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use expect_test::expect;
use serde_json::{Value, json};

use super::stage::Stage;

const STORE: &str = "/api/identity-store/stores/demo";

/// What browser and authenticator give for the vector `none-es256`, and the two challenges.
pub(super) struct Vector(Value);

impl Vector {
    pub(super) fn new() -> Vector {
        let all = include_str!("../../../identity/src/credential/passkey/tests/w3c-level-3.json");
        let all: Value = serde_json::from_str(all).unwrap();
        Vector(all["vectors"]["none-es256"].clone())
    }

    pub(super) fn text(&self, half: &str, member: &str) -> String {
        let hex = self.0[half][member].as_str().unwrap();
        BASE64URL_NOPAD.encode(&HEXLOWER.decode(hex.as_bytes()).unwrap())
    }

    fn credential(&self, half: &str, members: &[&str]) -> Value {
        let id = self.text("registration", "credential_id");
        let response: Value = members
            .iter()
            .map(|member| (member.to_string(), json!(self.text(half, member))))
            .collect();
        json!({ "id": id, "rawId": id, "type": "public-key", "response": response })
    }

    pub(super) fn made(&self) -> Value {
        self.credential("registration", &["clientDataJSON", "attestationObject"])
    }

    /// The same by another authenticator: its credential, and what its client has seen.
    pub(super) fn made_by(&self, credential_id: [u8; 32], client_data: &Value) -> Value {
        let [own, mut object] = ["credential_id", "attestationObject"]
            .map(|member| BASE64URL_NOPAD.decode(self.text("registration", member).as_bytes()));
        let (own, object) = (own.unwrap(), object.as_mut().unwrap());
        let place = object.windows(own.len()).position(|window| window == own).unwrap();
        object[place..place + own.len()].copy_from_slice(&credential_id);
        let id = BASE64URL_NOPAD.encode(&credential_id);
        let response = json!({
            "clientDataJSON": BASE64URL_NOPAD.encode(client_data.to_string().as_bytes()),
            "attestationObject": BASE64URL_NOPAD.encode(object),
        });
        json!({ "id": id, "rawId": id, "type": "public-key", "response": response })
    }

    /// What the client has seen.
    pub(super) fn client_data(&self) -> Value {
        let text = self.text("registration", "clientDataJSON");
        serde_json::from_slice(&BASE64URL_NOPAD.decode(text.as_bytes()).unwrap()).unwrap()
    }

    pub(super) fn used(&self) -> Value {
        self.credential("authentication", &["clientDataJSON", "authenticatorData", "signature"])
    }
}

/// A stage with the relying party `example.org` and the user `anna`.
pub(super) async fn stage(outside: bool) -> Stage {
    let stage = Stage::new().await;
    let config = json!({
        "relyingPartyId": "example.org",
        "sessionManagementExternal": outside,
        "registrationPolicies": { "p": { "allowExternalChallenge": true } },
        "authenticationPolicies": { "p": { "allowExternalChallenge": true } },
    });
    stage.call("POST", &format!("{STORE}/passkeyConfig"), &config.to_string()).await;
    stage.call("POST", &format!("{STORE}/users"), r#"{"externalId":"anna"}"#).await;
    stage
}

#[tokio::test]
async fn relying_parties_are_configured() {
    let script = format!(
        r#"
        POST {STORE}/passkeyConfig {{"relyingPartyId":"example.org","name":"Example","registrationPolicies":{{"p":{{}}}}}}
        POST {STORE}/passkeyConfig {{"relyingPartyId":"example.org"}}
        POST {STORE}/passkeyConfig {{"relyingPartyId":"Example.org"}}
        POST {STORE}/passkeyConfig/example.org {{"registrationPolicies":{{"p":{{"keyTypes":"PLATFORM"}}}},"authenticationPolicies":{{"q":{{}}}}}}
        GET {STORE}/passkeyConfig/example.org
        DELETE {STORE}/passkeyConfig/example.org
        GET {STORE}/passkeyConfig/example.org
        "#
    );
    Stage::new().await.play(&script, expect![[r#"
        POST /api/identity-store/stores/demo/passkeyConfig {"relyingPartyId":"example.org","name":"Example","registrationPolicies":{"p":{}}}
        201
        {
          "maximumPasskeysPerUser": 20,
          "name": "Example",
          "registrationPolicies": {
            "p": {
              "allowExternalChallenge": false,
              "attestation": "NONE",
              "keyTypes": "ANY",
              "residentKey": "REQUIRED",
              "timeout": "PT5M",
              "userVerification": "PREFERRED"
            }
          },
          "relyingPartyId": "example.org",
          "sessionDuration": "PT10M",
          "sessionManagementExternal": false
        }
        POST /api/identity-store/stores/demo/passkeyConfig {"relyingPartyId":"example.org"}
        400
        {
          "code": 418,
          "detail": "passkey relying party example.org exists already",
          "status": 400,
          "title": "Bad Request",
          "type": "/docs#code-418"
        }
        POST /api/identity-store/stores/demo/passkeyConfig {"relyingPartyId":"Example.org"}
        400
        {
          "code": 102,
          "detail": "the identity store is not usable: configuration.passkeyConfigs.Example.org: the identifier of a relying party is a domain in lower case",
          "errors": [
            {
              "message": "the identifier of a relying party is a domain in lower case",
              "path": "configuration.passkeyConfigs.Example.org"
            }
          ],
          "status": 400,
          "title": "Bad Request",
          "type": "/docs#code-102"
        }
        POST /api/identity-store/stores/demo/passkeyConfig/example.org {"registrationPolicies":{"p":{"keyTypes":"PLATFORM"}},"authenticationPolicies":{"q":{}}}
        200
        {
          "authenticationPolicies": {
            "q": {
              "allowExternalChallenge": false,
              "timeout": "PT5M",
              "userVerification": "PREFERRED"
            }
          },
          "maximumPasskeysPerUser": 20,
          "name": "Example",
          "registrationPolicies": {
            "p": {
              "allowExternalChallenge": false,
              "attestation": "NONE",
              "keyTypes": "PLATFORM",
              "residentKey": "REQUIRED",
              "timeout": "PT5M",
              "userVerification": "PREFERRED"
            }
          },
          "relyingPartyId": "example.org",
          "sessionDuration": "PT10M",
          "sessionManagementExternal": false
        }
        GET /api/identity-store/stores/demo/passkeyConfig/example.org
        200
        {
          "authenticationPolicies": {
            "q": {
              "allowExternalChallenge": false,
              "timeout": "PT5M",
              "userVerification": "PREFERRED"
            }
          },
          "maximumPasskeysPerUser": 20,
          "name": "Example",
          "registrationPolicies": {
            "p": {
              "allowExternalChallenge": false,
              "attestation": "NONE",
              "keyTypes": "PLATFORM",
              "residentKey": "REQUIRED",
              "timeout": "PT5M",
              "userVerification": "PREFERRED"
            }
          },
          "relyingPartyId": "example.org",
          "sessionDuration": "PT10M",
          "sessionManagementExternal": false
        }
        DELETE /api/identity-store/stores/demo/passkeyConfig/example.org
        200
        GET /api/identity-store/stores/demo/passkeyConfig/example.org
        404
        {
          "code": 235,
          "detail": "passkey relying party example.org does not exist",
          "status": 404,
          "title": "Not Found",
          "type": "/docs#code-235"
        }
    "#]]).await;
}

#[tokio::test]
async fn a_passkey_is_registered_used_shown_changed_and_removed() {
    let vector = Vector::new();
    let mut stage = stage(false).await;
    let start =
        json!({ "userHandle": "AQID", "challenge": vector.text("registration", "challenge") });
    let made = json!({ "credential": vector.made() });
    let challenge = json!({ "challenge": vector.text("authentication", "challenge") });
    let used = json!({ "credential": vector.used() });
    let wrong = json!({ "credential": vector.made() });
    let failed = json!({ "failure": { "outcome": "CANCELLED" } });
    let script = format!(
        r#"
        POST {STORE}/users/anna/passkeys/relyingParties/example.org/registrations/p/ext {start}
        POST {STORE}/passkeys/registrations/sessions/ID1 {failed}
        POST {STORE}/passkeys/registrations/sessions/ID1 {made}
        POST {STORE}/passkeys/registrations/sessions/ID1 {made}
        POST {STORE}/users/anna/passkeys/relyingParties/example.org/authentications/p/ext {challenge}
        POST {STORE}/passkeys/authentications/sessions/ID4 {wrong}
        POST {STORE}/passkeys/authentications/sessions/ID4 {used}
        POST {STORE}/users/ID3/passkeys/relyingParties/example.org/authentications/p {challenge}
        POST {STORE}/passkeys/authentications/sessions/ID6 {used}
        GET {STORE}/users/ID3/passkeys/ID2
        POST {STORE}/users/anna/passkeys/ID2/ext {{"name":"Phone","status":"DISABLED"}}
        POST {STORE}/users/ID3/passkeys/ID2 {{}}
        GET {STORE}/users/anna/passkeys/ext
        GET {STORE}/users/ID3/passkeys/ID2/registrationAudit
        DELETE {STORE}/users/anna/passkeys/ID2/ext
        GET {STORE}/users/anna/passkeys/ID2/registrationAudit/ext
        DELETE {STORE}/users/ID3/passkeys/ID2
        GET {STORE}/users/ID3/passkeys
        "#
    );
    stage.play(&script, expect![[r#"
        POST /api/identity-store/stores/demo/users/anna/passkeys/relyingParties/example.org/registrations/p/ext {"challenge":"SALT","userHandle":"AQID"}
        201
        {
          "publicKey": {
            "attestation": "none",
            "attestationFormats": [],
            "authenticatorSelection": {
              "requireResidentKey": true,
              "residentKey": "required",
              "userVerification": "preferred"
            },
            "challenge": "SALT",
            "excludeCredentials": [],
            "extensions": {
              "credProps": true
            },
            "pubKeyCredParams": [
              {
                "alg": -7,
                "type": "public-key"
              },
              {
                "alg": -8,
                "type": "public-key"
              },
              {
                "alg": -35,
                "type": "public-key"
              },
              {
                "alg": -36,
                "type": "public-key"
              },
              {
                "alg": -257,
                "type": "public-key"
              }
            ],
            "rp": {
              "id": "example.org",
              "name": "example.org"
            },
            "timeout": 300000,
            "user": {
              "displayName": "anna",
              "id": "AQID",
              "name": "anna"
            }
          },
          "sessionId": "ID1"
        }
        POST /api/identity-store/stores/demo/passkeys/registrations/sessions/ID1 {"failure":{"outcome":"CANCELLED"}}
        400
        {
          "code": 399,
          "detail": "the registration was cancelled on the client",
          "status": 400,
          "title": "Bad Request",
          "type": "/docs#code-399"
        }
        POST /api/identity-store/stores/demo/passkeys/registrations/sessions/ID1 {"credential":{"id":"SALT","rawId":"SALT","response":{"attestationObject":"BASE64","clientDataJSON":"BASE64"},"type":"public-key"}}
        200
        {
          "passkey": {
            "algorithm": "ES256",
            "attestationFormat": "none",
            "backupEligible": true,
            "backupState": true,
            "createdDtm": "2026-01-01T12:00:00Z",
            "credentialId": "SALT",
            "id": "ID2",
            "lastUpdatedDtm": "2026-01-01T12:00:00Z",
            "name": "Passkey 1",
            "registrationPolicy": "p",
            "relyingPartyId": "example.org",
            "signCount": 0,
            "status": "ACTIVE",
            "transports": [],
            "userHandle": "AQID",
            "userName": "anna",
            "userVerified": false
          },
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
              "invalidCount": 0
            },
            "status": "ACTIVE",
            "summaryInfo": {
              "passcodes": [],
              "passkeys": [
                {
                  "algorithm": "ES256",
                  "attestationFormat": "none",
                  "backupEligible": true,
                  "backupState": true,
                  "createdDtm": "2026-01-01T12:00:00Z",
                  "credentialId": "SALT",
                  "id": "ID2",
                  "lastUpdatedDtm": "2026-01-01T12:00:00Z",
                  "name": "Passkey 1",
                  "registrationPolicy": "p",
                  "relyingPartyId": "example.org",
                  "signCount": 0,
                  "status": "ACTIVE",
                  "transports": [],
                  "userHandle": "AQID",
                  "userName": "anna",
                  "userVerified": false
                }
              ],
              "recoveryCodes": [],
              "totps": []
            },
            "timezone": "US/Eastern"
          }
        }
        POST /api/identity-store/stores/demo/passkeys/registrations/sessions/ID1 {"credential":{"id":"SALT","rawId":"SALT","response":{"attestationObject":"BASE64","clientDataJSON":"BASE64"},"type":"public-key"}}
        400
        {
          "code": 2603,
          "detail": "the session is unknown or has expired",
          "status": 400,
          "title": "Bad Request",
          "type": "/docs#code-2603"
        }
        POST /api/identity-store/stores/demo/users/anna/passkeys/relyingParties/example.org/authentications/p/ext {"challenge":"SALT"}
        201
        {
          "publicKey": {
            "allowCredentials": [
              {
                "id": "SALT",
                "transports": [],
                "type": "public-key"
              }
            ],
            "challenge": "SALT",
            "rpId": "example.org",
            "timeout": 300000,
            "userVerification": "preferred"
          },
          "sessionId": "ID4"
        }
        POST /api/identity-store/stores/demo/passkeys/authentications/sessions/ID4 {"credential":{"id":"SALT","rawId":"SALT","response":{"attestationObject":"BASE64","clientDataJSON":"BASE64"},"type":"public-key"}}
        400
        {
          "authenticationId": "ID5",
          "code": 352,
          "detail": "the client's response is not of type webauthn.get",
          "status": 400,
          "title": "Bad Request",
          "type": "/docs#code-352",
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
              "passkeys": [
                {
                  "algorithm": "ES256",
                  "attestationFormat": "none",
                  "backupEligible": true,
                  "backupState": true,
                  "createdDtm": "2026-01-01T12:00:00Z",
                  "credentialId": "SALT",
                  "id": "ID2",
                  "lastUpdatedDtm": "2026-01-01T12:00:00Z",
                  "name": "Passkey 1",
                  "registrationPolicy": "p",
                  "relyingPartyId": "example.org",
                  "signCount": 0,
                  "status": "ACTIVE",
                  "transports": [],
                  "userHandle": "AQID",
                  "userName": "anna",
                  "userVerified": false
                }
              ],
              "recoveryCodes": [],
              "totps": []
            },
            "timezone": "US/Eastern"
          }
        }
        POST /api/identity-store/stores/demo/passkeys/authentications/sessions/ID4 {"credential":{"id":"SALT","rawId":"SALT","response":{"authenticatorData":"v6vDdDKViwYzYNOtZGHJxHNa5_jt1GWSpeDwFFKy5LUZAAAAAA","clientDataJSON":"BASE64","signature":"MEYCIQD1Ck4uRAkknEqFO6NhKC8JhB303UVHoTqHeAIY3v_NOAIhAISArA8Lk1OBdPV1vxGh3V14xuSGAT-TcpXqE2U-Mx6H"},"type":"public-key"}}
        400
        {
          "code": 2603,
          "detail": "the session is unknown or has expired",
          "status": 400,
          "title": "Bad Request",
          "type": "/docs#code-2603"
        }
        POST /api/identity-store/stores/demo/users/ID3/passkeys/relyingParties/example.org/authentications/p {"challenge":"SALT"}
        201
        {
          "publicKey": {
            "allowCredentials": [
              {
                "id": "SALT",
                "transports": [],
                "type": "public-key"
              }
            ],
            "challenge": "SALT",
            "rpId": "example.org",
            "timeout": 300000,
            "userVerification": "preferred"
          },
          "sessionId": "ID6"
        }
        POST /api/identity-store/stores/demo/passkeys/authentications/sessions/ID6 {"credential":{"id":"SALT","rawId":"SALT","response":{"authenticatorData":"v6vDdDKViwYzYNOtZGHJxHNa5_jt1GWSpeDwFFKy5LUZAAAAAA","clientDataJSON":"BASE64","signature":"MEYCIQD1Ck4uRAkknEqFO6NhKC8JhB303UVHoTqHeAIY3v_NOAIhAISArA8Lk1OBdPV1vxGh3V14xuSGAT-TcpXqE2U-Mx6H"},"type":"public-key"}}
        200
        {
          "authenticationId": "ID7",
          "passkey": {
            "algorithm": "ES256",
            "attestationFormat": "none",
            "backupEligible": true,
            "backupState": true,
            "createdDtm": "2026-01-01T12:00:00Z",
            "credentialId": "SALT",
            "id": "ID2",
            "lastAuthenticatedWithDtm": "2026-01-01T12:00:00Z",
            "lastUpdatedDtm": "2026-01-01T12:00:00Z",
            "name": "Passkey 1",
            "registrationPolicy": "p",
            "relyingPartyId": "example.org",
            "signCount": 0,
            "status": "ACTIVE",
            "transports": [],
            "userHandle": "AQID",
            "userName": "anna",
            "userVerified": false
          },
          "user": {
            "attributes": {},
            "createdBy": "API Key: admin",
            "createdDtm": "2026-01-01T12:00:00Z",
            "externalId": "anna",
            "id": "ID3",
            "lastAuthenticatedDtm": "2026-01-01T12:00:00Z",
            "lastUpdatedBy": "API Key: admin",
            "lastUpdatedDtm": "2026-01-01T12:00:00Z",
            "locale": "en_US",
            "lockInfo": {
              "invalidCount": 0
            },
            "status": "ACTIVE",
            "summaryInfo": {
              "passcodes": [],
              "passkeys": [
                {
                  "algorithm": "ES256",
                  "attestationFormat": "none",
                  "backupEligible": true,
                  "backupState": true,
                  "createdDtm": "2026-01-01T12:00:00Z",
                  "credentialId": "SALT",
                  "id": "ID2",
                  "lastAuthenticatedWithDtm": "2026-01-01T12:00:00Z",
                  "lastUpdatedDtm": "2026-01-01T12:00:00Z",
                  "name": "Passkey 1",
                  "registrationPolicy": "p",
                  "relyingPartyId": "example.org",
                  "signCount": 0,
                  "status": "ACTIVE",
                  "transports": [],
                  "userHandle": "AQID",
                  "userName": "anna",
                  "userVerified": false
                }
              ],
              "recoveryCodes": [],
              "totps": []
            },
            "timezone": "US/Eastern"
          },
          "userVerified": false
        }
        GET /api/identity-store/stores/demo/users/ID3/passkeys/ID2
        200
        {
          "algorithm": "ES256",
          "attestationFormat": "none",
          "backupEligible": true,
          "backupState": true,
          "createdDtm": "2026-01-01T12:00:00Z",
          "credentialId": "SALT",
          "id": "ID2",
          "lastAuthenticatedWithDtm": "2026-01-01T12:00:00Z",
          "lastUpdatedDtm": "2026-01-01T12:00:00Z",
          "name": "Passkey 1",
          "registrationPolicy": "p",
          "relyingPartyId": "example.org",
          "signCount": 0,
          "status": "ACTIVE",
          "transports": [],
          "userHandle": "AQID",
          "userName": "anna",
          "userVerified": false
        }
        POST /api/identity-store/stores/demo/users/anna/passkeys/ID2/ext {"name":"Phone","status":"DISABLED"}
        200
        {
          "algorithm": "ES256",
          "attestationFormat": "none",
          "backupEligible": true,
          "backupState": true,
          "createdDtm": "2026-01-01T12:00:00Z",
          "credentialId": "SALT",
          "id": "ID2",
          "lastAuthenticatedWithDtm": "2026-01-01T12:00:00Z",
          "lastUpdatedDtm": "2026-01-01T12:00:00Z",
          "name": "Phone",
          "registrationPolicy": "p",
          "relyingPartyId": "example.org",
          "signCount": 0,
          "status": "DISABLED",
          "transports": [],
          "userHandle": "AQID",
          "userName": "anna",
          "userVerified": false
        }
        POST /api/identity-store/stores/demo/users/ID3/passkeys/ID2 {}
        400
        {
          "code": 393,
          "detail": "neither a name nor a status was given",
          "status": 400,
          "title": "Bad Request",
          "type": "/docs#code-393"
        }
        GET /api/identity-store/stores/demo/users/anna/passkeys/ext
        200
        {
          "content": [
            {
              "algorithm": "ES256",
              "attestationFormat": "none",
              "backupEligible": true,
              "backupState": true,
              "createdDtm": "2026-01-01T12:00:00Z",
              "credentialId": "SALT",
              "id": "ID2",
              "lastAuthenticatedWithDtm": "2026-01-01T12:00:00Z",
              "lastUpdatedDtm": "2026-01-01T12:00:00Z",
              "name": "Phone",
              "registrationPolicy": "p",
              "relyingPartyId": "example.org",
              "signCount": 0,
              "status": "DISABLED",
              "transports": [],
              "userHandle": "AQID",
              "userName": "anna",
              "userVerified": false
            }
          ],
          "page": "page 0 of 1, 1 of 1 items, by id ASC"
        }
        GET /api/identity-store/stores/demo/users/ID3/passkeys/ID2/registrationAudit
        200
        {
          "attestationFormat": "none",
          "attestationObject": "BASE64",
          "challenge": "SALT",
          "clientDataJSON": "BASE64",
          "origin": "https://example.org",
          "passkeyId": "ID2",
          "registeredDtm": "2026-01-01T12:00:00Z",
          "registrationPolicy": "p",
          "relyingPartyId": "example.org",
          "transports": []
        }
        DELETE /api/identity-store/stores/demo/users/anna/passkeys/ID2/ext
        200
        GET /api/identity-store/stores/demo/users/anna/passkeys/ID2/registrationAudit/ext
        404
        {
          "code": 390,
          "detail": "passkey ID2 does not exist",
          "status": 404,
          "title": "Not Found",
          "type": "/docs#code-390"
        }
        DELETE /api/identity-store/stores/demo/users/ID3/passkeys/ID2
        404
        {
          "code": 390,
          "detail": "passkey ID2 does not exist",
          "status": 404,
          "title": "Not Found",
          "type": "/docs#code-390"
        }
        GET /api/identity-store/stores/demo/users/ID3/passkeys
        200
        {
          "content": [],
          "page": "page 0 of 0, 0 of 0 items, by id ASC"
        }
    "#]]).await;
}

#[tokio::test]
async fn each_refusal_has_its_status_and_code() {
    let stage = stage(true).await;
    let session =
        json!({ "challenge": "AAAA", "relyingPartyId": "example.org", "registrationPolicy": "p" });
    let without = |member: &str| {
        let mut session = session.clone();
        session.as_object_mut().unwrap().remove(member);
        json!({ "session": session }).to_string()
    };
    let none = "{}".to_owned();
    let cases = [
        ("users/X/passkeys/relyingParties/example.org/registrations/p", none.clone()),
        ("users/x/passkeys/relyingParties/example.org/registrations/p/ext", none.clone()),
        ("users/anna/passkeys/relyingParties/example.net/registrations/p/ext", none.clone()),
        ("users/anna/passkeys/relyingParties/example.org/registrations/q/ext", none.clone()),
        ("passkeys/relyingParties/example.org/registrations/p", none.clone()),
        (
            "passkeys/relyingParties/example.org/registrations/p",
            r#"{"externalUserId":"new"}"#.to_owned(),
        ),
        ("passkeys/relyingParties/example.org/authentications/p", none.clone()),
        ("passkeys/relyingParties/example.org/authentications/q", none.clone()),
        ("users/X/passkeys/relyingParties/example.org/authentications/p", none.clone()),
        ("passkeys/registrations", none.clone()),
        ("passkeys/registrations", without("registrationPolicy")),
        ("passkeys/registrations", without("challenge")),
        ("passkeys/registrations", without("relyingPartyId")),
        ("passkeys/authentications", without("")),
        ("passkeys/registrations/sessions/X", without("")),
        ("passkeys/registrations/sessions/X", none.clone()),
        ("passkeys/authentications/sessions/X", none.clone()),
        ("users/anna/passkeys/X/ext", r#"{"name":"n"}"#.to_owned()),
        ("users/x/passkeys/X/ext", r#"{"name":"n"}"#.to_owned()),
    ];
    let mut told = String::new();
    for (path, body) in cases {
        let answer = stage.call("POST", &format!("{STORE}/{path}"), &body).await;
        let code = answer.json()["code"].as_u64().unwrap_or_default();
        told.push_str(&format!("{path}: {} {code}\n", answer.status.as_u16()));
    }
    expect![[r#"
        users/X/passkeys/relyingParties/example.org/registrations/p: 404 500
        users/x/passkeys/relyingParties/example.org/registrations/p/ext: 404 503
        users/anna/passkeys/relyingParties/example.net/registrations/p/ext: 404 235
        users/anna/passkeys/relyingParties/example.org/registrations/q/ext: 404 233
        passkeys/relyingParties/example.org/registrations/p: 400 501
        passkeys/relyingParties/example.org/registrations/p: 201 0
        passkeys/relyingParties/example.org/authentications/p: 201 0
        passkeys/relyingParties/example.org/authentications/q: 404 234
        users/X/passkeys/relyingParties/example.org/authentications/p: 404 500
        passkeys/registrations: 400 384
        passkeys/registrations: 400 385
        passkeys/registrations: 400 386
        passkeys/registrations: 400 387
        passkeys/authentications: 400 394
        passkeys/registrations/sessions/X: 400 388
        passkeys/registrations/sessions/X: 400 2603
        passkeys/authentications/sessions/X: 400 2603
        users/anna/passkeys/X/ext: 404 390
        users/x/passkeys/X/ext: 404 503
    "#]]
    .assert_eq(&told);
}

#[tokio::test]
async fn a_session_that_the_caller_keeps_is_sent_back() {
    let vector = Vector::new();
    let stage = stage(true).await;
    let start = json!({
        "externalUserId": "new",
        "passkey": { "challenge": vector.text("registration", "challenge") },
    });
    let path = format!("{STORE}/passkeys/relyingParties/example.org/registrations/p");
    let begun = stage.call("POST", &path, &start.to_string()).await;
    assert_eq!((begun.status.as_u16(), begun.json()["sessionId"].is_null()), (201, true));
    let body =
        json!({ "session": begun.json()["session"], "credential": vector.made() }).to_string();
    let path = format!("{STORE}/passkeys/registrations");
    let done = stage.call("POST", &path, &body).await;
    assert_eq!(done.json()["user"]["externalId"], "new");
    let again = stage.call("POST", &path, &body).await;
    assert_eq!((again.status.as_u16(), &again.json()["code"]), (400, &json!(2603)));
}

#[tokio::test]
async fn a_host_lists_the_origins_that_are_related_to_it_and_no_others() {
    let stage = stage(false).await;
    let related = async |change: &str| {
        let path = format!("{STORE}/passkeyConfig/example.org");
        assert_eq!(stage.call("POST", &path, change).await.status.as_u16(), 200);
    };
    let asked = async |host: &str| {
        let answer = stage.send("GET", "/.well-known/webauthn", &[("host", host)], "").await;
        (answer.status.as_u16(), answer.json()["origins"].clone())
    };
    assert_eq!(asked("example.org").await, (404, Value::Null));
    related(r#"{"relatedOrigins":["https://example.net","https://shop.example.com"]}"#).await;
    let both = json!(["https://example.net", "https://shop.example.com"]);
    assert_eq!(asked("example.org").await, (200, both.clone()));
    assert_eq!(asked("EXAMPLE.org:8443").await, (200, both));
    for host in
        ["login.example.org", "example.net", "192.0.2.1", "[::1]:80", "x@example.org", "a b", ""]
    {
        assert_eq!(asked(host).await, (404, Value::Null), "{host}");
    }
    related(r#"{"relatedOrigins":[]}"#).await;
    assert_eq!(asked("example.org").await, (404, Value::Null));
    related(r#"{"relatedOrigins":["https://example.net"]}"#).await;
    let second = json!({ "name": "second", "configuration": { "passkeyConfigs": {
        "example.org": { "relatedOrigins": ["https://second.example"] } } } });
    stage.call("POST", "/api/identity-store/stores", &second.to_string()).await;
    let both = json!(["https://example.net", "https://second.example"]);
    assert_eq!(asked("example.org").await, (200, both));
    stage.call("DELETE", "/api/identity-store/stores/second", "").await;
    assert_eq!(asked("example.org").await, (200, json!(["https://example.net"])));
    stage.call("DELETE", &format!("{STORE}/passkeyConfig/example.org"), "").await;
    assert_eq!(asked("example.org").await, (404, Value::Null));
}
