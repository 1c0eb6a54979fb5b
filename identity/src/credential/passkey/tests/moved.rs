//! Passkeys that are exported and imported: who signed in there signs in here.

use serde_json::json;

use super::*;
use crate::NewStore;

async fn exported(scene: &Scene, store: &str) -> String {
    let mut work = scene.work();
    let mut export = work.start_user_export(store, false, None).await.unwrap();
    work.read_user_export(&mut export, 100).await.unwrap()
}

async fn imported(scene: &Scene, store: &str, text: &str) -> Vec<String> {
    let mut work = scene.work();
    let id = work.start_import(store, None, 1).await.unwrap().id;
    let lines: Vec<_> = text.lines().map(|line| Some(line.as_bytes().to_vec())).collect();
    let import = work.import_lines(store, &id, 1, &lines).await.unwrap();
    work.commit().await.unwrap();
    import.failures.into_iter().map(|failure| failure.reason).collect()
}

#[tokio::test]
async fn a_passkey_opens_another_store_to_which_it_was_moved() {
    let scene = scene(json!({ "maximumPasskeysPerUser": 2 })).await;
    let (mut phone, mut key) = (Authenticator::new(1), Authenticator::new(2));
    register(&scene, &alice(), &mut phone).await;
    register(&scene, &external("bob"), &mut key).await;
    key.counter = 7;
    sign_in(&scene, None, &mut key).await.unwrap();
    let mut work = scene.work();
    let (configuration, name) = (work.read_store("s").await.unwrap().configuration, "t".to_owned());
    work.add_store(NewStore { name, description: None, configuration }).await.unwrap();
    work.commit().await.unwrap();

    let file = exported(&scene, "s").await;
    assert_eq!(imported(&scene, "t", &file).await, Vec::<String>::new());
    assert_eq!(exported(&scene, "t").await, file);
    assert_eq!(imported(&scene, "t", &file).await, Vec::<String>::new());
    let signs_in = async |device: &mut Authenticator| {
        let mut work = scene.work();
        let rp_id = "example.org";
        let manner = Manner::Open;
        let start = work.start_passkey_authentication("t", None, rp_id, Some("p"), None, manner);
        let start = start.await.unwrap();
        work.commit().await.unwrap();
        let mut work = scene.work();
        let answer = given(device.get(&start.public_key));
        let session = start.session_id.as_deref();
        let verdict = work.complete_passkey_authentication("t", session, answer).await.unwrap();
        work.commit().await.unwrap();
        match verdict {
            PasskeyVerdict::Accepted { user, .. } => user.external_id.unwrap(),
            PasskeyVerdict::Refused { error, .. } => error.code().to_string(),
        }
    };
    assert_eq!(signs_in(&mut phone).await, "alice");
    // The counter went along: a copy is found.
    let mut copy = key.clone();
    copy.counter = 3;
    assert_eq!(signs_in(&mut copy).await, "372");

    // A passkey is nobody else's, and nobody has more than they may.
    let bobs = file.lines().find(|line| line.contains("bob")).unwrap();
    let mut carl: Value = serde_json::from_str(bobs).unwrap();
    carl.as_object_mut().unwrap().remove("id");
    carl["externalId"] = "carl".into();
    assert_eq!(
        imported(&scene, "s", &carl.to_string()).await,
        ["the credential is registered already"]
    );
    let one = carl["passkeys"][0].clone();
    let others = ["AQ", "Ag", "Aw"].map(|id| {
        let mut other = one.clone();
        other["credentialId"] = id.into();
        other["userHandle"] = "AQ".into();
        other.as_object_mut().unwrap().remove("id");
        other
    });
    carl["passkeys"] = json!(others);
    assert_eq!(
        imported(&scene, "s", &carl.to_string()).await,
        ["passkeys: the user has as many as there may be"]
    );
    assert!(scene.work().read_user("s", &external("carl")).await.is_err());
}
