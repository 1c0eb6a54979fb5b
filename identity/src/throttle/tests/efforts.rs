//! What a stranger's guess reads and writes: as much for one name as for another.

use std::sync::Arc;

use sha2::Sha256;

use super::ceremonies::{HERE, NAMES, Town, Way};
use super::*;
use crate::credential::client::Client;
use crate::scene::{answer, external};
use crate::{
    ClientProof, Manner, NewPasscode, NewUser, PasscodeAuthentication, PasscodeChange,
    PasscodeStatus, UserChange, UserStatus, decode_base64,
};

/// Who else there is: with an expired passcode or one that was switched off, with as many former passcodes as are
/// compared.
const OTHERS: [&str; 3] = ["expired", "off", "old"];

/// Who has passkeys, and how many: one, as many as are shown, and more.
const KEYED: [(&str, usize); 4] = [("one", 1), ("eight", 8), ("nine", 9), ("twenty", 20)];

const WAYS: [Way; 10] = [
    Way::Passcode,
    Way::Lane,
    Way::Skipped,
    Way::Renewal,
    Way::History,
    Way::Totp,
    Way::RecoveryCode,
    Way::Passkey,
    Way::OwnPasskey,
    Way::Reported,
];

impl Town {
    async fn crowded(user: &str) -> Town {
        let town = Town::new(&Arc::new(throttle(MANY, user, MANY))).await;
        let mut work = town.scene.work();
        for name in OTHERS.into_iter().chain(KEYED.map(|(name, _)| name)) {
            let new = NewUser { external_id: Some(name.to_owned()), ..NewUser::default() };
            work.add_user("s", new).await.unwrap();
        }
        for (name, count) in KEYED {
            work.give_passkeys("s", &external(name), "example.org", count).await.unwrap();
        }
        work.commit().await.unwrap();
        for name in ["expired", "off", "old"] {
            town.scene.register(&external(name), "p", "right").await;
        }
        for name in ["alice", "locked", "expired", "off", "old"] {
            let mut work = town.scene.work();
            let active = UserChange { status: Some(UserStatus::Active), ..UserChange::default() };
            match name {
                "locked" => work.unlock_user("s", &external(name)).await.unwrap(),
                _ => work.update_user("s", &external(name), active).await.unwrap(),
            };
            work.commit().await.unwrap();
            town.scene.register(&external(name), "h", "right 0").await;
        }
        let mut work = town.scene.work();
        let lock = UserChange { status: Some(UserStatus::Locked), ..UserChange::default() };
        work.update_user("s", &external("locked"), lock).await.unwrap();
        work.commit().await.unwrap();
        for number in 0..5 {
            let (present, new) = (format!("right {number}"), format!("right {}", number + 1));
            town.renew("old", &present, &new).await;
        }
        town.change(
            "expired",
            PasscodeChange {
                expiration_dtm: Some(Some(town.scene.now)),
                ..PasscodeChange::default()
            },
        )
        .await;
        town.change(
            "off",
            PasscodeChange { status: Some(PasscodeStatus::Disabled), ..PasscodeChange::default() },
        )
        .await;
        town
    }

    /// Changes each passcode of a user.
    async fn change(&self, name: &str, change: PasscodeChange) {
        let mut work = self.scene.work();
        let who = external(name);
        let user = work.read_user("s", &who).await.unwrap();
        for passcode in user.summary_info.passcodes {
            work.update_passcode("s", &who, &passcode.id, &change).await.unwrap();
        }
        work.commit().await.unwrap();
    }

    async fn renew(&self, name: &str, present: &str, new: &str) {
        let mut work = self.scene.work();
        let who = external(name);
        let start = work.start_passcode_renewal("s", &who, "h", Manner::Open).await.unwrap();
        let verifier = |i: &str, salt: &str| {
            let salt = decode_base64(salt).unwrap();
            Client::new(i, &salt, new).verifier::<Sha256>().into()
        };
        let info = &start.algorithm_info.parameters;
        let new = NewPasscode {
            verifier: verifier(info.i.as_deref().unwrap(), info.salt.as_deref().unwrap()),
            history: start.passcode_history.iter().map(|one| verifier(&one.i, &one.salt)).collect(),
        };
        let (session_id, algorithm_info) = (start.session_id, start.current_algorithm_info);
        let typed =
            answer(&PasscodeAuthentication { algorithm_info, session_id: String::new() }, present);
        let proof = ClientProof { client_public_key: &typed.a_public, m1: &typed.m1 };
        let given = Some((proof, &new));
        work.complete_passcode_renewal("s", &session_id, given).await.unwrap();
        work.commit().await.unwrap();
    }
}

/// How many bytes more one may take than another: names and times are shorter or longer, and only who has a TOTP has it
/// in the audit.
const BYTES: u64 = 400;

/// Times are compared elsewhere, as far as noise lets; this counts.
#[tokio::test]
async fn as_much_is_read_and_written_for_one_name_as_for_another() {
    for user in [MANY, "1/PT1H"] {
        let town = Town::crowded(user).await;
        let names = NAMES.into_iter().chain(OTHERS).chain(KEYED.map(|(name, _)| name));
        for way in WAYS {
            let mut seen = Vec::new();
            for name in names.clone() {
                // The first guess makes the stand-ins.
                town.guess(way, "s", name, HERE).await;
                town.efforts.lock().unwrap().clear();
                town.guess(way, "s", name, HERE).await;
                seen.push((name, std::mem::take(&mut *town.efforts.lock().unwrap())));
            }
            let (_, of_alice) = seen[1].clone();
            assert!(!of_alice.is_empty());
            for (name, efforts) in seen {
                assert_eq!(efforts.len(), of_alice.len(), "{way:?} {name}");
                for (step, (one, hers)) in efforts.iter().zip(&of_alice).enumerate() {
                    let case = format!("{user} {way:?} {step} {name}: {one:?}, alice: {hers:?}");
                    assert_eq!(one.looks, hers.looks, "{case}");
                    assert_eq!(one.found, hers.found, "{case}");
                    assert_eq!(one.rows_written, hers.rows_written, "{case}");
                    assert_eq!(one.rows_removed, hers.rows_removed, "{case}");
                    assert!(one.read.abs_diff(hers.read) < BYTES, "{case}");
                    assert!(one.written.abs_diff(hers.written) < BYTES, "{case}");
                }
            }
        }
    }
}
