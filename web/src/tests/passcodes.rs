//! Transcripts of passcodes: both halves of each ceremony.

use data_encoding::BASE64;
use expect_test::expect;

use super::stage::Stage;

#[tokio::test]
async fn a_passcode_is_registered_proved_and_removed() {
    let verifier = BASE64.encode(&[7; 256]);
    let proof = BASE64.encode(&[9; 256]);
    let script = r#"
        POST /api/identity-store/stores/demo/users {"externalId":"anna"}
        POST /api/identity-store/stores/demo/users/ID1/passcodes/registrations/default {}
        POST /api/identity-store/stores/demo/passcodes/registrations/sessions/ID3 {"srpRegistrationData":{"verifier":"VERIFIER"}}
        POST /api/identity-store/stores/demo/passcodes/registrations/sessions/ID3 {"srpRegistrationData":{"verifier":"VERIFIER"}}
        POST /api/identity-store/stores/demo/users/anna/passcodes/registrations/default/ext {}
        POST /api/identity-store/stores/demo/users/anna/passcodes/authentications/default/ext {}
        POST /api/identity-store/stores/demo/passcodes/authentications/sessions/ID5 {"srpVerificationData":{"clientPublicKey":"PROOF","m1":"AAAA"}}
        POST /api/identity-store/stores/demo/users/ID1/passcodes/deregistrations/default {}
        POST /api/identity-store/stores/demo/users/anna/passcodes/deregistrations/default/ext {}
        POST /api/identity-store/stores/demo/users/ID1/passcodes/authentications/default {}
        "#;
    let script = script.replace("VERIFIER", &verifier).replace("PROOF", &proof);
    Stage::new().await.play(&script, expect![[r#"
        POST /api/identity-store/stores/demo/users {"externalId":"anna"}
        201
        {
          "attributes": {},
          "createdBy": "API Key: admin",
          "createdDtm": "2026-01-01T12:00:00Z",
          "externalId": "anna",
          "id": "ID1",
          "lastUpdatedBy": "API Key: admin",
          "lastUpdatedDtm": "2026-01-01T12:00:00Z",
          "locale": "en_US",
          "lockInfo": {
            "invalidCount": 0
          },
          "status": "ACTIVE",
          "summaryInfo": {
            "passcodes": [],
            "passkeys": [],
            "recoveryCodes": [],
            "totps": []
          },
          "timezone": "US/Eastern"
        }
        POST /api/identity-store/stores/demo/users/ID1/passcodes/registrations/default {}
        201
        {
          "algorithmInfo": {
            "parameters": {
              "g": 2,
              "hashAlgorithm": "SHA-256",
              "i": "ID2",
              "n": "BASE64==",
              "salt": "SALT"
            },
            "type": "SRP"
          },
          "passcodeRequirements": {
            "allowedRegExes": [],
            "characterVariety": 4,
            "digitCount": 1,
            "disallowedRegExes": [],
            "lowerCaseCount": 1,
            "maximumLength": 64,
            "minimumLength": 8,
            "passcodeHistory": 0,
            "requiredRegExes": [],
            "symbolCount": 0,
            "upperCaseCount": 1
          },
          "sessionId": "ID3"
        }
        POST /api/identity-store/stores/demo/passcodes/registrations/sessions/ID3 {"srpRegistrationData":{"verifier":"BASE64=="}}
        200
        {
          "user": {
            "attributes": {},
            "createdBy": "API Key: admin",
            "createdDtm": "2026-01-01T12:00:00Z",
            "externalId": "anna",
            "id": "ID1",
            "lastUpdatedBy": "API Key: admin",
            "lastUpdatedDtm": "2026-01-01T12:00:00Z",
            "locale": "en_US",
            "lockInfo": {
              "invalidCount": 0
            },
            "status": "ACTIVE",
            "summaryInfo": {
              "passcodes": [
                {
                  "createdDtm": "2026-01-01T12:00:00Z",
                  "id": "ID4",
                  "lastUpdatedDtm": "2026-01-01T12:00:00Z",
                  "policyName": "default",
                  "status": "ACTIVE"
                }
              ],
              "passkeys": [],
              "recoveryCodes": [],
              "totps": []
            },
            "timezone": "US/Eastern"
          }
        }
        POST /api/identity-store/stores/demo/passcodes/registrations/sessions/ID3 {"srpRegistrationData":{"verifier":"BASE64=="}}
        400
        {
          "code": 2603,
          "detail": "the session is unknown or has expired",
          "status": 400,
          "title": "Bad Request",
          "type": "/docs#code-2603"
        }
        POST /api/identity-store/stores/demo/users/anna/passcodes/registrations/default/ext {}
        400
        {
          "code": 2601,
          "detail": "the user has a passcode for policy default already",
          "status": 400,
          "title": "Bad Request",
          "type": "/docs#code-2601"
        }
        POST /api/identity-store/stores/demo/users/anna/passcodes/authentications/default/ext {}
        201
        {
          "algorithmInfo": {
            "parameters": {
              "g": 2,
              "hashAlgorithm": "SHA-256",
              "i": "ID2",
              "n": "BASE64==",
              "salt": "SALT",
              "serverPublicKey": "BASE64=="
            },
            "type": "SRP"
          },
          "sessionId": "ID5"
        }
        POST /api/identity-store/stores/demo/passcodes/authentications/sessions/ID5 {"srpVerificationData":{"clientPublicKey":"BASE64==","m1":"AAAA"}}
        400
        {
          "authenticationId": "ID6",
          "code": 2615,
          "detail": "the authentication failed",
          "status": 400,
          "title": "Bad Request",
          "type": "/docs#code-2615",
          "user": {
            "attributes": {},
            "createdBy": "API Key: admin",
            "createdDtm": "2026-01-01T12:00:00Z",
            "externalId": "anna",
            "id": "ID1",
            "lastUpdatedBy": "API Key: admin",
            "lastUpdatedDtm": "2026-01-01T12:00:00Z",
            "locale": "en_US",
            "lockInfo": {
              "invalidCount": 1
            },
            "status": "ACTIVE",
            "summaryInfo": {
              "passcodes": [
                {
                  "createdDtm": "2026-01-01T12:00:00Z",
                  "id": "ID4",
                  "lastUpdatedDtm": "2026-01-01T12:00:00Z",
                  "policyName": "default",
                  "status": "ACTIVE"
                }
              ],
              "passkeys": [],
              "recoveryCodes": [],
              "totps": []
            },
            "timezone": "US/Eastern"
          }
        }
        POST /api/identity-store/stores/demo/users/ID1/passcodes/deregistrations/default {}
        200
        {
          "user": {
            "attributes": {},
            "createdBy": "API Key: admin",
            "createdDtm": "2026-01-01T12:00:00Z",
            "externalId": "anna",
            "id": "ID1",
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
              "totps": []
            },
            "timezone": "US/Eastern"
          }
        }
        POST /api/identity-store/stores/demo/users/anna/passcodes/deregistrations/default/ext {}
        404
        {
          "code": 2602,
          "detail": "the user has no passcode for policy default",
          "status": 404,
          "title": "Not Found",
          "type": "/docs#code-2602"
        }
        POST /api/identity-store/stores/demo/users/ID1/passcodes/authentications/default {}
        404
        {
          "code": 2602,
          "detail": "the user has no passcode for policy default",
          "status": 404,
          "title": "Not Found",
          "type": "/docs#code-2602"
        }
    "#]]).await;
}

#[tokio::test]
async fn what_is_missing_is_told_to_whoever_may_know() {
    Stage::new().await.play(
        r#"
        POST /api/identity-store/stores/nowhere/users/x/passcodes/registrations/default
        POST /api/identity-store/stores/demo/users/x/passcodes/registrations/default
        POST /api/identity-store/stores/demo/users/x/passcodes/registrations/default/ext
        POST /api/identity-store/stores/demo/users/x/passcodes/authentications/other/ext
        POST /api/identity-store/stores/demo/passcodes/authentications/sessions/x {"srpVerificationData":{"clientPublicKey":"AAAA","m1":"AAAA"}}
        "#,
        expect![[r#"
            POST /api/identity-store/stores/nowhere/users/x/passcodes/registrations/default
            404
            {
              "code": 100,
              "detail": "identity store nowhere does not exist",
              "status": 404,
              "title": "Not Found",
              "type": "/docs#code-100"
            }
            POST /api/identity-store/stores/demo/users/x/passcodes/registrations/default
            404
            {
              "code": 500,
              "detail": "user x does not exist",
              "status": 404,
              "title": "Not Found",
              "type": "/docs#code-500"
            }
            POST /api/identity-store/stores/demo/users/x/passcodes/registrations/default/ext
            404
            {
              "code": 503,
              "detail": "a user with the external id x does not exist",
              "status": 404,
              "title": "Not Found",
              "type": "/docs#code-503"
            }
            POST /api/identity-store/stores/demo/users/x/passcodes/authentications/other/ext
            404
            {
              "code": 2600,
              "detail": "passcode policy other does not exist",
              "status": 404,
              "title": "Not Found",
              "type": "/docs#code-2600"
            }
            POST /api/identity-store/stores/demo/passcodes/authentications/sessions/x {"srpVerificationData":{"clientPublicKey":"AAAA","m1":"AAAA"}}
            400
            {
              "code": 2603,
              "detail": "the session is unknown or has expired",
              "status": 400,
              "title": "Bad Request",
              "type": "/docs#code-2603"
            }
        "#]],
    ).await;
}
