//! Renewals: the present passcode is proved, the new one takes its place, and none of the last few comes again.

use data_encoding::BASE64URL_NOPAD;
use num_bigint::BigUint;
use sha2::Sha256;

use super::*;
use crate::NewUser;
use crate::audit::{Action, Entry};
use crate::credential::client::{Answer, Client};
use crate::decode_base64;

/// What a page sends.
struct Sent {
    answer: Answer,
    new: NewPasscode,
}

fn client(info: &AlgorithmInfo, passcode: &str) -> Client {
    let parameters = &info.parameters;
    let salt = decode_base64(parameters.salt.as_deref().unwrap()).unwrap();
    Client::new(parameters.i.as_deref().unwrap(), &salt, passcode)
}

fn compared(history: &[FormerPasscode], passcode: &str) -> Vec<zeroize::Zeroizing<Vec<u8>>> {
    let verifier = |former: &FormerPasscode| {
        let salt = decode_base64(&former.salt).unwrap();
        Client::new(&former.i, &salt, passcode).verifier::<Sha256>().into()
    };
    history.iter().map(verifier).collect()
}

fn sent(start: &PasscodeRenewal, present: &str, new: &str) -> Sent {
    let a = BigUint::from_bytes_be(&crate::random::random::<32>().unwrap());
    let server = start.current_algorithm_info.parameters.server_public_key.as_deref().unwrap();
    let server = decode_base64(server).unwrap();
    let answer = client(&start.current_algorithm_info, present).answer::<Sha256>(&a, &server);
    let verifier = client(&start.algorithm_info, new).verifier::<Sha256>().into();
    let history = compared(&start.passcode_history, new);
    Sent { answer, new: NewPasscode { verifier, history } }
}

async fn start(scene: &Scene, who: &Who, policy: &str) -> PasscodeRenewal {
    let mut work = scene.work();
    let start = work.start_passcode_renewal("s", who, policy, Manner::Blind).await.unwrap();
    work.commit().await.unwrap();
    start
}

/// `accepted`, `refused`, or the code of the error.
async fn complete(scene: &Scene, start: &PasscodeRenewal, sent: &Sent) -> String {
    let mut work = scene.work();
    let proof = ClientProof { client_public_key: &sent.answer.a_public, m1: &sent.answer.m1 };
    let given = Some((proof, &sent.new));
    match work.complete_passcode_renewal("s", &start.session_id, given).await {
        Ok(verdict) => {
            work.commit().await.unwrap();
            match verdict {
                Verdict::Accepted { m2, .. } => {
                    assert_eq!(m2, sent.answer.m2);
                    "accepted".to_owned()
                }
                Verdict::Refused { .. } | Verdict::Expired { .. } => "refused".to_owned(),
                Verdict::Unfit { fault, .. } => Error::from(fault).code().to_string(),
                Verdict::TooCommon { .. } => "too common".to_owned(),
            }
        }
        Err(error) => error.code().to_string(),
    }
}

async fn renew(scene: &Scene, policy: &str, present: &str, new: &str) -> String {
    let start = start(scene, &alice(), policy).await;
    let sent = sent(&start, present, new);
    complete(scene, &start, &sent).await
}

async fn remember(scene: &Scene, count: u32) {
    let requirements = json!({ "passcodeRequirements": { "passcodeHistory": count } });
    configure(scene, json!({ "passcodePolicies": { "p": requirements, "q": requirements } })).await;
}

#[tokio::test]
async fn a_passcode_is_renewed_by_whoever_knows_it() {
    let mut scene = Scene::with_alice().await;
    scene.register(&alice(), "p", "first").await;
    scene.changes().await;
    assert_eq!(renew(&scene, "p", "first", "second").await, "accepted");
    assert_eq!(scene.failed_guesses(), 0);
    let changes = scene.changes().await;
    assert!(
        changes.contains("PASSCODE_RENEWED") && !changes.contains("passcode-former"),
        "{changes}"
    );
    assert!(!scene.guess(&alice(), "p", "first").await);
    assert!(scene.guess(&alice(), "p", "second").await);
    // Where the policy remembers nothing, the same passcode may be chosen again.
    assert_eq!(renew(&scene, "p", "second", "second").await, "accepted");
}

#[tokio::test]
async fn a_wrong_present_passcode_counts_as_a_failure_and_uses_the_session_up() {
    let scene = Scene::with_alice().await;
    scene.register(&alice(), "p", "first").await;
    let start = start(&scene, &alice(), "p").await;
    assert_eq!(complete(&scene, &start, &sent(&start, "wrong", "second")).await, "refused");
    assert_eq!(state(&scene).await.1, 1);
    assert_eq!(complete(&scene, &start, &sent(&start, "first", "second")).await, "2603");
    for _ in 0..2 {
        assert_eq!(renew(&scene, "p", "wrong", "second").await, "refused");
    }
    assert_eq!(state(&scene).await.0, UserStatus::TempLocked);
    assert_eq!(renew(&scene, "p", "first", "second").await, "refused");
}

#[tokio::test]
async fn an_expired_passcode_can_be_renewed_and_a_disabled_one_cannot() {
    let mut scene = Scene::with_alice().await;
    let user = scene.register(&alice(), "q", "first").await;
    scene.pass("P2D");
    assert!(!scene.guess(&alice(), "q", "first").await);
    assert_eq!(renew(&scene, "q", "first", "second").await, "accepted");
    assert!(scene.guess(&alice(), "q", "second").await);
    let id =
        scene.work().read_user("s", &alice()).await.unwrap().summary_info.passcodes[0].id.clone();
    assert_ne!(id, user.summary_info.passcodes[0].id);
    let mut work = scene.work();
    let off = PasscodeChange { status: Some(PasscodeStatus::Disabled), ..Default::default() };
    work.update_passcode("s", &alice(), &id, &off).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(renew(&scene, "q", "second", "third").await, "refused");
}

#[tokio::test]
async fn none_of_the_last_passcodes_is_used_again() {
    let mut scene = Scene::with_alice().await;
    remember(&scene, 3).await;
    scene.register(&alice(), "p", "first").await;
    assert_eq!(renew(&scene, "p", "first", "first").await, "2609");
    for (present, new) in [("first", "second"), ("second", "third")] {
        scene.pass("P1D");
        assert_eq!(renew(&scene, "p", present, new).await, "accepted");
    }
    for used in ["first", "second", "third"] {
        assert_eq!(renew(&scene, "p", "third", used).await, "2609", "{used}");
    }
    // Who does not know the present passcode learns nothing of the former ones.
    assert_eq!(renew(&scene, "p", "wrong", "second").await, "refused");
    scene.pass("P1D");
    assert_eq!(renew(&scene, "p", "third", "fourth").await, "accepted");
    assert_eq!(renew(&scene, "p", "fourth", "first").await, "accepted");
}

#[tokio::test]
async fn a_passcode_used_before_leaves_the_session_for_another() {
    let scene = Scene::with_alice().await;
    remember(&scene, 1).await;
    scene.register(&alice(), "p", "first").await;
    let start = start(&scene, &alice(), "p").await;
    assert_eq!(complete(&scene, &start, &sent(&start, "first", "first")).await, "2609");
    assert_eq!(complete(&scene, &start, &sent(&start, "first", "second")).await, "accepted");
}

/// How many failures are recorded of Alice.
async fn recorded(scene: &Scene) -> usize {
    let entries = scene.work().list_audit(1000).await.unwrap();
    let of_alice = |entry: &&Entry| {
        entry.action == Action::PasscodeRefused && entry.reason.is_some() && entry.user_id.is_some()
    };
    entries.iter().filter(of_alice).count()
}

#[tokio::test]
async fn a_right_proof_is_recorded_also_where_the_new_passcode_is_not_taken() {
    let scene = Scene::with_alice().await;
    remember(&scene, 1).await;
    scene.register(&alice(), "p", "first").await;
    let start = start(&scene, &alice(), "p").await;
    let bare = Sent { new: new_one(), ..sent(&start, "first", "second") };
    assert_eq!(complete(&scene, &start, &bare).await, "2610");
    assert_eq!(recorded(&scene).await, 1);
    for more in 2..=5 {
        assert_eq!(complete(&scene, &start, &sent(&start, "first", "first")).await, "2609");
        assert_eq!(recorded(&scene).await, more);
    }
    // Who knows the passcode does not guess, but does not learn it again and again either.
    assert_eq!(complete(&scene, &start, &sent(&start, "first", "second")).await, "2603");
    assert_eq!(state(&scene).await.1, 0);
    assert_eq!(scene.failed_guesses(), 0);
    assert_eq!(renew(&scene, "p", "first", "second").await, "accepted");
}

#[tokio::test]
async fn a_page_that_does_not_compare_is_refused() {
    let scene = Scene::with_alice().await;
    remember(&scene, 2).await;
    scene.register(&alice(), "p", "first").await;
    let start = start(&scene, &alice(), "p").await;
    let all = sent(&start, "first", "second");
    for history in [Vec::new(), all.new.history[..1].to_vec(), vec![vec![0; 256].into(); 2]] {
        let new = NewPasscode { history, ..all.new.clone() };
        let less = Sent { answer: sent(&start, "first", "second").answer, new };
        assert_eq!(complete(&scene, &start, &less).await, "2610");
    }
    assert_eq!(complete(&scene, &start, &all).await, "accepted");
}

#[tokio::test]
async fn a_removed_or_expired_passcode_is_remembered_at_the_next_registration() {
    let mut scene = Scene::with_alice().await;
    remember(&scene, 2).await;
    for policy in ["p", "q"] {
        scene.register(&alice(), policy, "first").await;
        match policy {
            "p" => {
                let mut work = scene.work();
                work.remove_passcode("s", &alice(), policy).await.unwrap();
                work.commit().await.unwrap();
            }
            _ => scene.pass("P2D"),
        }
        let mut work = scene.work();
        let start = work.start_passcode_registration("s", &alice(), policy).await.unwrap();
        assert_eq!(start.passcode_history.len(), 1);
        for (passcode, code) in [("first", Some(2609)), ("second", None)] {
            let verifier = client(&start.algorithm_info, passcode).verifier::<Sha256>();
            let bare = NewPasscode::from(verifier);
            let error = work.complete_passcode_registration("s", &start.session_id, Some(&bare));
            assert_eq!(error.await.unwrap_err().code(), 2610);
            let new = NewPasscode { history: compared(&start.passcode_history, passcode), ..bare };
            let done = work.complete_passcode_registration("s", &start.session_id, Some(&new));
            assert_eq!(done.await.err().map(|error| error.code()), code, "{policy} {passcode}");
        }
        work.commit().await.unwrap();
    }
    let mut work = scene.work();
    work.remove_user("s", &alice()).await.unwrap();
    work.commit().await.unwrap();
    let rows = scene.rows().await;
    assert!(!rows.iter().any(|row| row.starts_with("passcode-former")), "{rows:#?}");
}

#[tokio::test]
async fn a_stranger_sees_the_same_whether_there_is_such_a_user_or_not() {
    let scene = Scene::with_alice().await;
    remember(&scene, 2).await;
    scene.register(&alice(), "p", "first").await;
    assert_eq!(renew(&scene, "p", "first", "another").await, "accepted");
    let mut work = scene.work();
    let bare = NewUser { external_id: Some("betty".to_owned()), ..NewUser::default() };
    work.add_user("s", bare).await.unwrap();
    work.commit().await.unwrap();
    let mut shapes = Vec::new();
    for who in [alice(), external("norma"), external("betty")] {
        let one = start(&scene, &who, "p").await;
        let again = start(&scene, &who, "p").await;
        assert_eq!(one.passcode_history, again.passcode_history);
        let shown = |start: &PasscodeRenewal| {
            let present = start.current_algorithm_info.parameters.clone();
            (present.i.unwrap(), present.salt.unwrap())
        };
        assert_eq!(shown(&one), shown(&again));
        let FormerPasscode { i, salt } = one.passcode_history[0].clone();
        let salt = BASE64URL_NOPAD.decode(salt.as_bytes()).unwrap();
        assert_eq!((i, salt), (shown(&one).0, decode_base64(&shown(&one).1).unwrap()), "{who:?}");
        shapes.push(serde_json::to_string(&one).unwrap().len());
        let sent = sent(&one, "wrong", "second");
        assert_eq!(complete(&scene, &one, &sent).await, "refused");
    }
    assert_eq!(shapes, [shapes[0]; 3]);
    let open =
        scene.work().start_passcode_renewal("s", &external("nobody"), "p", Manner::Open).await;
    assert_eq!(open.unwrap_err().code(), 503);
    let open = scene.work().start_passcode_renewal("s", &alice(), "q", Manner::Open).await;
    assert_eq!(open.unwrap_err().code(), 2602);
}

/// All `i` and salts that a stranger sees of a name: at a sign-in, and at a renewal.
async fn seen(scene: &Scene, who: &Who) -> Vec<(Option<String>, Option<String>)> {
    let renewal = start(scene, who, "p").await;
    let authentication = scene.start(who, "p").await;
    let infos =
        [authentication.algorithm_info, renewal.current_algorithm_info, renewal.algorithm_info];
    let mut seen = Vec::from(infos.map(|info| (info.parameters.i, info.parameters.salt)));
    let history = renewal.passcode_history.into_iter();
    seen.extend(history.map(|former| (Some(former.i), Some(former.salt))));
    seen
}

#[tokio::test]
async fn a_stranger_who_looks_again_sees_the_same_whatever_happened_in_between() {
    let mut scene = Scene::with_alice().await;
    remember(&scene, 3).await;
    let zoe = external("zoe");
    let unknown = seen(&scene, &zoe).await;
    let mut work = scene.work();
    let new = NewUser { external_id: Some("zoe".to_owned()), ..NewUser::default() };
    let id = Who::from(&work.add_user("s", new).await.unwrap().id);
    work.commit().await.unwrap();
    assert_eq!(seen(&scene, &zoe).await, unknown, "added");
    assert_eq!(seen(&scene, &id).await[..3], unknown[..3], "by either identifier");
    scene.register(&zoe, "p", "first").await;
    assert_eq!(seen(&scene, &zoe).await, unknown, "registered");
    scene.pass("P1D");
    let begun = start(&scene, &zoe, "p").await;
    assert_eq!(complete(&scene, &begun, &sent(&begun, "first", "second")).await, "accepted");
    assert_eq!(seen(&scene, &zoe).await, unknown, "renewed");
    for (removes, passcode) in [(false, "third"), (true, "fourth")] {
        scene.pass("P1D");
        let mut work = scene.work();
        if removes {
            work.remove_passcode("s", &zoe, "p").await.unwrap();
            work.commit().await.unwrap();
            assert_eq!(seen(&scene, &zoe).await, unknown, "removed");
        }
        let mut work = scene.work();
        let begun = work.start_passcode_replacement("s", &zoe, "p").await.unwrap();
        for (tried, code) in [("first", Some(2609)), ("second", Some(2609)), (passcode, None)] {
            // The third from last is forgotten.
            if (tried, passcode) == ("first", "fourth") {
                continue;
            }
            let verifier = client(&begun.algorithm_info, tried).verifier::<Sha256>().into();
            let new = NewPasscode { verifier, history: compared(&begun.passcode_history, tried) };
            let done = work.complete_passcode_registration("s", &begun.session_id, Some(&new));
            let done = done.await;
            assert_eq!(done.err().map(|error| error.code()), code, "{passcode}: {tried}");
        }
        work.commit().await.unwrap();
        assert!(scene.guess(&zoe, "p", passcode).await);
        assert_eq!(seen(&scene, &zoe).await, unknown, "{passcode}");
    }
}

#[tokio::test]
async fn the_response_of_the_page_to_a_renewal_waits_in_the_session() {
    let scene = Scene::with_alice().await;
    remember(&scene, 1).await;
    scene.register(&alice(), "p", "first").await;
    let start = start(&scene, &alice(), "p").await;
    let Sent { answer, new } = sent(&start, "first", "second");
    let mut work = scene.work();
    let missing = work.complete_passcode_renewal("s", &start.session_id, None).await;
    assert_eq!(missing.unwrap_err().code(), 2604);
    let text = |bytes: &[u8]| data_encoding::BASE64.encode(bytes);
    let response = BrowserResponse::renewal(&text(&answer.a_public), &text(&answer.m1), new);
    work.remember_passcode_response(&start.session_id, response.unwrap()).await.unwrap();
    work.commit().await.unwrap();
    let mut work = scene.work();
    let verdict = work.complete_passcode_renewal("s", &start.session_id, None).await.unwrap();
    assert!(matches!(verdict, Verdict::Accepted { .. }));
    let other = work.complete_passcode_registration("s", &start.session_id, Some(&new_one())).await;
    assert_eq!(other.unwrap_err().code(), 2603);
}

fn new_one() -> NewPasscode {
    VERIFIER.to_vec().into()
}

#[tokio::test]
async fn former_passcodes_go_along_with_an_export() {
    let mut scene = Scene::with_alice().await;
    remember(&scene, 3).await;
    scene.register(&alice(), "p", "a").await;
    for (present, new) in [("a", "b"), ("b", "c"), ("c", "d")] {
        scene.pass("PT1M");
        assert_eq!(renew(&scene, "p", present, new).await, "accepted");
    }
    let whole = exported(&scene, true).await;
    let line: Value = serde_json::from_str(&whole).unwrap();
    assert_eq!(line["passcodes"][0]["former"].as_array().unwrap().len(), 3);
    assert!(!exported(&scene, false).await.contains("former"));
    let import = async |id: &str, line: &Value| {
        let mut work = scene.work();
        work.start_import("s", Some(id), 1).await.unwrap();
        let line = Some(line.to_string().into_bytes());
        let import = work.import_lines("s", id, 1, &[line]).await.unwrap();
        work.commit().await.unwrap();
        let reasons = import.failures.into_iter().map(|failure| failure.reason);
        (import.created, import.unchanged, reasons.collect::<String>())
    };
    let mut work = scene.work();
    work.remove_user("s", &alice()).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(import("one", &line).await, (1, 0, String::new()));
    assert_eq!(exported(&scene, true).await, whole);
    assert_eq!(import("two", &line).await, (0, 1, String::new()));
    let mut many = line.clone();
    (many["id"], many["externalId"]) = ("A".repeat(26).into(), "bob".into());
    many["passcodes"][0]["former"] = vec![line["passcodes"][0]["former"][0].clone(); 25].into();
    let told = "passcodes: there are more than 24 former ones";
    assert_eq!(import("many", &many).await, (0, 0, told.to_owned()));
    many["passcodes"][0]["former"] =
        json!([{ "i": "x", "salt": "", "v": "", "group": "", "hashAlgorithm": "" }]);
    let told = "passcodes: a verifier is of the group RFC5054-2048 and of SHA-256";
    assert_eq!(import("unfit", &many).await, (0, 0, told.to_owned()));
    for (new, told) in [("d", "2609"), ("c", "2609"), ("b", "2609"), ("a", "accepted")] {
        assert_eq!(renew(&scene, "p", "d", new).await, told, "{new}");
    }
    // As many are kept as the policy compares, the latest.
    remember(&scene, 2).await;
    let mut work = scene.work();
    work.remove_user("s", &alice()).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(import("three", &line).await, (1, 0, String::new()));
    let kept: Value = serde_json::from_str(&exported(&scene, true).await).unwrap();
    let former = |line: &Value| line["passcodes"][0]["former"].as_array().unwrap().clone();
    assert_eq!(former(&kept), former(&line)[..2]);
}

/// The line of Alice in an export.
async fn exported(scene: &Scene, secrets: bool) -> String {
    let mut work = scene.work();
    let mut export = work.start_user_export("s", secrets, None).await.unwrap();
    work.read_user_export(&mut export, 10).await.unwrap()
}

#[tokio::test]
async fn a_renewal_ends_a_lock_and_takes_away_what_failed() {
    let mut scene = Scene::with_alice().await;
    scene.register(&alice(), "p", "first").await;
    for _ in 0..3 {
        assert_eq!(renew(&scene, "p", "wrong", "second").await, "refused");
    }
    scene.pass("PT5M");
    assert_eq!(renew(&scene, "p", "first", "second").await, "accepted");
    assert_eq!(state(&scene).await, (UserStatus::Active, 0, None));
    let entries = scene.work().list_audit(100).await.unwrap();
    let count = |action| entries.iter().filter(|entry| entry.action == action).count();
    assert_eq!((count(Action::UserTempLocked), count(Action::UserTempUnlocked)), (1, 1));
}

#[tokio::test]
async fn what_a_stranger_sees_stays_when_the_name_changed_and_another_passcode_takes_the_place() {
    let scene = Scene::with_alice().await;
    scene.register(&alice(), "p", "first").await;
    let shown = seen(&scene, &alice()).await;
    let mut work = scene.work();
    let change = UserChange { external_id: Some("zoe".to_owned()), ..UserChange::default() };
    work.update_user("s", &alice(), change).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(seen(&scene, &external("zoe")).await, shown);
    let mut work = scene.work();
    let begun = work.start_passcode_replacement("s", &external("zoe"), "p").await.unwrap();
    let new = NewPasscode {
        verifier: client(&begun.algorithm_info, "second").verifier::<Sha256>().into(),
        history: Vec::new(),
    };
    work.complete_passcode_registration("s", &begun.session_id, Some(&new)).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(seen(&scene, &external("zoe")).await, shown);
    assert!(scene.guess(&external("zoe"), "p", "second").await);
}

#[tokio::test]
async fn passcodes_of_one_moment_are_all_compared() {
    let scene = Scene::with_alice().await;
    remember(&scene, 3).await;
    scene.register(&alice(), "p", "a").await;
    for (present, new) in [("a", "b"), ("b", "c")] {
        assert_eq!(renew(&scene, "p", present, new).await, "accepted");
    }
    for new in ["a", "b", "c"] {
        assert_eq!(renew(&scene, "p", "c", new).await, "2609", "{new}");
    }
}
