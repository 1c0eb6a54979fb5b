//! Passkeys that are exported and imported: who signed in there signs in here.

use std::collections::BTreeSet;

use serde_json::json;

use super::*;
use crate::audit::Action;
use crate::{LimitsChange, NewStore};

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
    let mut scene = scene(json!({ "maximumPasskeysPerUser": 2 })).await;
    let (mut phone, mut key) = (Authenticator::new(1), Authenticator::new(2));
    let hers = register(&scene, &alice(), &mut phone).await.id;
    let his = register(&scene, &external("bob"), &mut key).await.id;
    let lost = register(&scene, &alice(), &mut Authenticator::new(3)).await.id;
    let mut work = scene.work();
    let change = PasskeyChange { name: None, status: Some(PasskeyStatus::Disabled) };
    work.update_passkey("s", &alice(), &lost, change).await.unwrap();
    work.commit().await.unwrap();
    let passkeys = BTreeSet::from([hers, his, lost]);
    key.counter = 7;
    sign_in(&scene, None, &mut key).await.unwrap();
    let mut work = scene.work();
    let (configuration, name) = (work.read_store("s").await.unwrap().configuration, "t".to_owned());
    work.add_store(NewStore { name, description: None, configuration }).await.unwrap();
    work.commit().await.unwrap();

    let file = exported(&scene, "s").await;
    scene.pass("PT1S");
    assert_eq!(imported(&scene, "t", &file).await, Vec::<String>::new());
    assert_eq!(exported(&scene, "t").await, file);
    assert_eq!(imported(&scene, "t", &file).await, Vec::<String>::new());
    let entries = scene.work().list_audit(100).await.unwrap();
    let moved = entries.iter().filter(|entry| entry.action == Action::PasskeyImported);
    let moved = moved.map(|entry| entry.passkey_info.clone().unwrap().id);
    assert_eq!(moved.collect::<BTreeSet<_>>(), passkeys);
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
        ["passkeys: the credential is registered already"]
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
    let too_many = ["passkeys: the user has as many as there may be"];
    assert_eq!(imported(&scene, "s", &carl.to_string()).await, too_many);
    let mut work = scene.work();
    let one = LimitsChange { maximum_passkeys_per_user: Some(1), ..LimitsChange::default() };
    work.change_limits(one).await.unwrap();
    work.commit().await.unwrap();
    carl["passkeys"] = json!(others[..2]);
    assert_eq!(imported(&scene, "s", &carl.to_string()).await, too_many, "of the tenant");
    assert!(scene.work().read_user("s", &external("carl")).await.is_err());
}
