//! Who is erased while ceremonies of theirs are open stays erased when those end.

use super::*;
use crate::decode_base64;

/// What there is of a user beside the audit, the stand-ins and the ceremonies: how many rows.
async fn present(scene: &mut Scene) -> usize {
    let rows = scene.rows().await;
    let of_people = ["users", "passcodes", "passcode-verifiers", "totp", "recovery-codes"];
    rows.iter().filter(|row| of_people.iter().any(|name| row.starts_with(name))).count()
}

#[tokio::test]
async fn whoever_was_erased_stays_erased_when_what_they_began_ends() {
    let mut scene = scene(json!({})).await;
    let mut phone = Authenticator::new(1);
    let passkey = register(&scene, &alice(), &mut phone).await;
    let mut work = scene.work();
    work.add_totp_policy("s", "app", Map::new()).await.unwrap();
    work.commit().await.unwrap();
    let mut work = scene.work();
    let passcode = work.start_passcode_registration("s", &alice(), "p").await.unwrap();
    work.start_totp_registration("s", &alice(), "app", None).await.unwrap();
    work.commit().await.unwrap();
    let making = start_registration(&scene, &alice()).await.unwrap();
    let mut begun = Vec::new();
    for (who, manner) in [
        (Some(&alice()), Manner::Open),
        (Some(&alice()), Manner::Blind),
        (None, Manner::Open),
        (None, Manner::Blind),
    ] {
        begun.push((start(&scene, who, manner).await, who.is_some()));
    }

    let mut work = scene.work();
    let id = work.read_user("s", &alice()).await.unwrap().id;
    work.remove_user("s", &alice()).await.unwrap();
    work.commit().await.unwrap();
    let mut work = scene.work();
    work.sweep_audit_of_erased(100).await.unwrap();
    work.commit().await.unwrap();
    let before = present(&mut scene).await;

    let mut work = scene.work();
    let verifier = vec![9; 256].into();
    let session = &passcode.session_id;
    let error = work.complete_passcode_registration("s", session, Some(&verifier)).await;
    assert_eq!(error.unwrap_err().code(), 500);
    let error = work.complete_totp_registration("s", &Who::from(&id), "app", "123456").await;
    assert_eq!(error.unwrap_err().code(), 500);
    work.commit().await.unwrap();
    let made = given(Authenticator::new(2).create(&making.public_key));
    let error = complete_registration(&scene, &making, made).await.unwrap_err();
    assert_eq!(error.code(), 500);
    for (start, named) in begun {
        let failure = ClientFailure { outcome: ClientOutcome::Cancelled, message: None };
        let answer = PasskeyAnswer { failure: Some(failure), ..PasskeyAnswer::default() };
        let reported = complete(&scene, &start, answer).await;
        assert_eq!(reported.is_ok(), named, "{reported:?}");
        let verdict = complete(&scene, &start, given(phone.get(&start.public_key))).await.unwrap();
        let PasskeyVerdict::Refused { error, user, .. } = verdict else { panic!("she is gone") };
        assert_eq!((error.code(), user), (362, None));
    }

    assert_eq!(present(&mut scene).await, before);
    for entry in scene.work().list_audit(100).await.unwrap() {
        assert_ne!(entry.user_id.as_ref(), Some(&id), "{entry:?}");
        let told = entry.passkey_info.as_ref().map(|info| &info.id);
        assert_ne!(told, Some(&passkey.id), "{entry:?}");
    }
    let mut work = scene.work();
    let credential = decode_base64(&passkey.credential_id).unwrap();
    let store = work.read_store("s").await.unwrap().id;
    assert!(work.find_credential(&store, "example.org", &credential).await.unwrap().is_none());
    let handle = &passkey.user_handle;
    assert!(work.find_handle(&store, "example.org", handle).await.unwrap().is_none());
}
