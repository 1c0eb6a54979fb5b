//! Guesses that come at the same time get into each other's way for one name as for another, and for two names never.

use std::sync::Arc;

use super::ceremonies::{HERE, NAMES, Town, Way};
use super::*;
use crate::credential::passcode::letter_of;
use crate::scene::{answer, external};
use crate::{ClientProof, Manner, PasscodeAuthentication, Work};

/// How a secret is guessed here, each in one commit.
const WAYS: [Way; 3] = [Way::Passcode, Way::Totp, Way::RecoveryCode];

impl Town {
    /// A guess that is still to be committed.
    async fn guessing(&self, way: Way, name: &str) -> Work {
        let who = external(name);
        match way {
            Way::Totp => {
                let mut work = self.work(HERE);
                let done = work.authenticate_with_totp("s", &who, "t", "no code", Manner::Blind);
                done.await.unwrap();
                work
            }
            Way::RecoveryCode => {
                let mut work = self.work(HERE);
                let blind = Manner::Blind;
                let done = work.authenticate_with_recovery_code("s", &who, "r", "no code", blind);
                done.await.unwrap();
                work
            }
            _ => {
                let started = self.started(name).await;
                let typed = answer(&started, "wrong");
                let proof = ClientProof { client_public_key: &typed.a_public, m1: &typed.m1 };
                let (mut work, session) = (self.work(HERE), &started.session_id);
                let done = work.complete_passcode_authentication("s", session, Some(proof));
                done.await.unwrap();
                work
            }
        }
    }

    async fn started(&self, name: &str) -> PasscodeAuthentication {
        let (mut work, who) = (self.work(HERE), external(name));
        let started = work.start_passcode_authentication_blindly("s", &who, "p").await.unwrap();
        work.commit().await.unwrap();
        started
    }

    /// Whether the later of two guesses that come at the same time has to be decided again.
    async fn collide(&self, one: (Way, &str), other: (Way, &str)) -> bool {
        let (first, second) =
            (self.guessing(one.0, one.1).await, self.guessing(other.0, other.1).await);
        first.commit().await.unwrap();
        match second.commit().await {
            Ok(()) => false,
            Err(error) => error.is_conflict(),
        }
    }
}

#[tokio::test]
async fn two_guesses_for_one_name_collide_whoever_it_is() {
    for (limit, collides) in [(MANY, true), ("1/PT1H", false)] {
        let town = Town::new(&Arc::new(throttle(MANY, limit, MANY))).await;
        for name in NAMES {
            // What is throttled changes nothing, for nobody.
            for way in WAYS {
                town.guess(way, "s", name, HERE).await;
                town.guess(way, "s", name, HERE).await;
            }
            for one in WAYS {
                for other in WAYS {
                    let met = town.collide((one, name), (other, name)).await;
                    assert_eq!(met, collides, "{limit}: {one:?} and {other:?} of {name}");
                }
            }
        }
    }
}

#[tokio::test]
async fn guesses_for_two_names_never_collide_also_where_both_are_unknown() {
    let town = Town::new(&Arc::new(throttle(MANY, MANY, MANY))).await;
    // Of more names than there are letters, two have the same one.
    let mut by_letter = std::collections::BTreeMap::new();
    let mut by_i = std::collections::BTreeMap::new();
    let (mut codes, mut passcodes) = (None, None);
    for number in 0..40 {
        let name = format!("unknown {number}");
        let letter = letter_of(&external(&name))[..1].to_owned();
        let i = town.started(&name).await.algorithm_info.parameters.i.unwrap()[..1].to_owned();
        codes = codes.or(by_letter.insert(letter, name.clone()).zip(Some(name.clone())));
        passcodes = passcodes.or(by_i.insert(i, name.clone()).zip(Some(name)));
    }
    for (way, pair) in
        [(Way::Totp, codes.clone()), (Way::RecoveryCode, codes), (Way::Passcode, passcodes)]
    {
        let (one, other) = pair.unwrap();
        for name in [&one, &other] {
            town.guess(way, "s", name, HERE).await;
        }
        for other in [other.as_str(), "alice", "locked"] {
            assert!(!town.collide((way, &one), (way, other)).await, "{way:?}: {one} and {other}");
            assert!(!town.collide((way, other), (way, &one)).await, "{way:?}: {other} and {one}");
        }
    }
}
