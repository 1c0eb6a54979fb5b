//! Transcripts of locks by hand, by internal and by external identifier.

use expect_test::expect;

use super::stage::Stage;

#[tokio::test]
async fn a_user_is_locked_and_unlocked_by_either_identifier() {
    let mut stage = Stage::new().await;
    stage.call("POST", "/api/identity-store/stores/demo/users", r#"{"externalId":"anna"}"#).await;
    let anna = "/api/identity-store/stores/demo/users/anna/ext";
    let id = stage.call("GET", anna, "").await.json()["id"].as_str().unwrap().to_owned();
    let users = "/api/identity-store/stores/demo/users";
    let mut told = String::new();
    for path in [
        format!("{id}/lock"),
        "anna/unlock/ext".to_owned(),
        "anna/lock/ext".to_owned(),
        format!("{id}/unlock"),
        format!("{id}/modalities/PASSCODE/lock"),
        "anna/modalities/TOTP/lock/ext".to_owned(),
        format!("{id}/modalities/TOTP/unlock"),
        "anna/modalities/PASSCODE/unlock/ext".to_owned(),
        "NOBODY/lock".to_owned(),
        "nobody/unlock/ext".to_owned(),
        "nobody/modalities/PASSKEY/lock/ext".to_owned(),
        format!("{id}/modalities/SMELL/lock"),
    ] {
        let answer = stage.call("POST", &format!("{users}/{path}"), "").await;
        let json = answer.json();
        let path = stage.plain(&path);
        told += &match json["code"].as_u64() {
            Some(code) => format!("{path}: {} {code}\n", answer.status.as_u16()),
            None if answer.status.is_success() => {
                format!("{path}: {} {}\n", json["status"].as_str().unwrap(), json["lockInfo"])
            }
            None => format!("{path}: {} {}\n", answer.status.as_u16(), json["detail"]),
        };
    }
    expect![[r#"
        ID1/lock: LOCKED {"invalidCount":0}
        anna/unlock/ext: ACTIVE {"invalidCount":0}
        anna/lock/ext: LOCKED {"invalidCount":0}
        ID1/unlock: ACTIVE {"invalidCount":0}
        ID1/modalities/PASSCODE/lock: ACTIVE {"invalidCount":0,"lockedModalities":["PASSCODE"]}
        anna/modalities/TOTP/lock/ext: ACTIVE {"invalidCount":0,"lockedModalities":["PASSCODE","TOTP"]}
        ID1/modalities/TOTP/unlock: ACTIVE {"invalidCount":0,"lockedModalities":["PASSCODE"]}
        anna/modalities/PASSCODE/unlock/ext: ACTIVE {"invalidCount":0}
        NOBODY/lock: 404 500
        nobody/unlock/ext: 404 503
        nobody/modalities/PASSKEY/lock/ext: 404 503
        ID1/modalities/SMELL/lock: 400 "modality: unknown variant `SMELL`, expected one of `PASSCODE`, `TOTP`, `PASSKEY`, `RECOVERY_CODE`"
    "#]].assert_eq(&told);
}

#[tokio::test]
async fn who_cannot_authenticate_is_shown_to_the_caller_as_they_are() {
    const STORE: &str = "/api/identity-store/stores/demo";
    let stage = super::passkeys::stage(false).await;
    let call = async |path: &str, body: &str| stage.call("POST", path, body).await.json();
    let anna = format!("{STORE}/users/anna");
    let begun = call(&format!("{anna}/passcodes/registrations/default/ext"), "").await;
    let session = begun["sessionId"].as_str().unwrap();
    let verifier = data_encoding::BASE64.encode(&[7; 256]);
    let body = format!(r#"{{"srpRegistrationData":{{"verifier":"{verifier}"}}}}"#);
    call(&format!("{STORE}/passcodes/registrations/sessions/{session}"), &body).await;
    let passkey = "passkeys/relyingParties/example.org/authentications/p";
    let starts = ["passcodes/authentications/default", "passcodes/renewals/default", passkey];
    let mut told = String::new();
    for (path, change, back) in [
        ("lock/ext", "", "unlock/ext"),
        ("modalities/PASSCODE/lock/ext", "", "modalities/PASSCODE/unlock/ext"),
        ("modalities/PASSKEY/lock/ext", "", "modalities/PASSKEY/unlock/ext"),
        ("ext", r#"{"status":"DISABLED"}"#, "unlock/ext"),
    ] {
        call(&format!("{anna}/{path}"), change).await;
        told += &format!("{path}\n");
        for start in starts {
            let answer = stage.call("POST", &format!("{anna}/{start}/ext"), "").await;
            let (status, json) = (answer.status.as_u16(), answer.json());
            let (code, user) = (&json["code"], &json["user"]);
            told +=
                &format!("    {start}: {status} {code} {} {}\n", user["status"], user["lockInfo"]);
        }
        call(&format!("{anna}/{back}"), "").await;
    }
    expect![[r#"
        lock/ext
            passcodes/authentications/default: 400 2615 "LOCKED" {"invalidCount":0}
            passcodes/renewals/default: 400 2615 "LOCKED" {"invalidCount":0}
            passkeys/relyingParties/example.org/authentications/p: 400 2100 "LOCKED" {"invalidCount":0}
        modalities/PASSCODE/lock/ext
            passcodes/authentications/default: 400 2615 "ACTIVE" {"invalidCount":0,"lockedModalities":["PASSCODE"]}
            passcodes/renewals/default: 400 2615 "ACTIVE" {"invalidCount":0,"lockedModalities":["PASSCODE"]}
            passkeys/relyingParties/example.org/authentications/p: 201 null null null
        modalities/PASSKEY/lock/ext
            passcodes/authentications/default: 201 null null null
            passcodes/renewals/default: 201 null null null
            passkeys/relyingParties/example.org/authentications/p: 400 2101 "ACTIVE" {"invalidCount":0,"lockedModalities":["PASSKEY"]}
        ext
            passcodes/authentications/default: 400 2615 "DISABLED" {"invalidCount":0}
            passcodes/renewals/default: 400 2615 "DISABLED" {"invalidCount":0}
            passkeys/relyingParties/example.org/authentications/p: 400 502 "DISABLED" {"invalidCount":0}
    "#]].assert_eq(&told);
}
