//! Who waits, for how long, and who does not.

use super::*;

mod ceremonies;
mod conflicts;
mod efforts;

impl Throttle {
    /// How long it takes until the bucket of a source is empty: what it was charged, in milliseconds.
    pub(crate) fn charged(&self, source: IpAddr, now: Timestamp) -> i64 {
        let empty = self.empty.lock().unwrap();
        empty.get(&self.place_of(source)).map_or(0, |at| at - now.as_millisecond())
    }
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).unwrap()
}

fn guess(source: &str, user: &str) -> Guess {
    let source = Some(source.parse().unwrap());
    let (by, store_id, user) = ("end user".into(), "S".into(), user.into());
    Guess { source, end_user: None, by, store_id, user }
}

fn throttle(source: &str, user: &str, store: &str) -> Throttle {
    let rate = |text: &str| Some(text.parse().unwrap());
    Throttle::new(ThrottleLimits { source: rate(source), user: rate(user), store: rate(store) })
}

fn seconds(wait: Option<Duration>) -> u64 {
    wait.map_or(0, |wait| wait.as_secs())
}

const MANY: &str = "1000/PT1S";

#[test]
fn a_source_that_failed_too_often_waits_and_goes_on() {
    let throttle = throttle("3/PT10S", MANY, MANY);
    for number in 0..3 {
        let user = format!("user{number}");
        assert_eq!(throttle.wait(&guess("192.0.2.1", &user), at(0)), None);
        throttle.count(&guess("192.0.2.1", &user), at(0));
    }
    let next = guess("192.0.2.1", "anna");
    assert_eq!(seconds(throttle.wait(&next, at(0))), 10);
    assert_eq!(seconds(throttle.wait(&next, at(4))), 6);
    assert_eq!(throttle.wait(&next, at(10)), None);
    assert_eq!(seconds(throttle.wait_of_source("192.0.2.1".parse().unwrap(), at(0))), 10);
    assert_eq!(throttle.wait_of_source("192.0.2.2".parse().unwrap(), at(0)), None);
    assert_eq!(throttle.wait(&guess("192.0.2.2", "anna"), at(0)), None, "another source");
    throttle.count(&next, at(10));
    assert_eq!(seconds(throttle.wait(&next, at(10))), 10, "one each ten seconds");
}

#[test]
fn whoever_guesses_for_one_user_keeps_nobody_else_out() {
    let throttle = throttle(MANY, "3/PT10S", MANY);
    for number in 0..200 {
        throttle.count(&guess(&format!("192.0.2.{number}"), "anna"), at(0));
    }
    assert_eq!(throttle.wait(&guess("198.51.100.1", "anna"), at(0)), None, "anna herself");
    assert!(throttle.wait(&guess("192.0.2.7", "anna"), at(0)).is_some(), "who guessed already");
    assert_eq!(throttle.wait(&guess("192.0.2.7", "bert"), at(0)), None, "another user");
    throttle.count(&guess("198.51.100.1", "anna"), at(0));
    assert_eq!(
        seconds(throttle.wait(&guess("198.51.100.1", "anna"), at(0))),
        10,
        "her own slip is forgotten after ten seconds, whatever the others do"
    );
}

#[test]
fn a_store_under_attack_lets_those_in_who_did_not_fail() {
    let throttle = throttle("50/PT10S", MANY, "100/PT10S");
    for number in 0..250 {
        let attacker = guess(&format!("192.0.2.{number}"), &format!("user{number}"));
        assert_eq!(throttle.wait(&attacker, at(0)), None, "the first guess of each");
        throttle.count(&attacker, at(0));
    }
    assert_eq!(seconds(throttle.wait(&guess("192.0.2.3", "user3"), at(0))), 10, "not fifty");
    assert_eq!(throttle.wait(&guess("198.51.100.1", "anna"), at(0)), None);
}

#[test]
fn a_permitted_caller_is_no_source_but_waits_for_a_user() {
    let throttle = throttle("2/PT10S", "3/PT10S", MANY);
    let of_caller = |user: &str| Guess { source: None, ..guess("192.0.2.1", user) };
    for number in 0..50 {
        let user = format!("user{number}");
        assert_eq!(throttle.wait(&of_caller(&user), at(0)), None);
        throttle.count(&of_caller(&user), at(0));
    }
    for _ in 0..3 {
        throttle.count(&of_caller("anna"), at(0));
    }
    assert_eq!(seconds(throttle.wait(&of_caller("anna"), at(0))), 10);
}

#[test]
fn the_end_users_whom_a_caller_names_wait_each_for_themselves() {
    let throttle = throttle("3/PT10S", "2/PT10S", MANY);
    let named = |by: &str, end_user: &str, user: &str| {
        let end_user = Some(end_user.parse().unwrap());
        Guess { source: None, end_user, by: by.into(), ..guess("192.0.2.1", user) }
    };
    for user in ["anna", "anna", "bert"] {
        throttle.count(&named("shop", "192.0.2.1", user), at(0));
    }
    #[rustfmt::skip]
    let cases = [
        ("the same address",           named("shop", "192.0.2.1", "cleo"),   true),
        ("another address",            named("shop", "192.0.2.2", "cleo"),   false),
        ("anna from another address",  named("shop", "192.0.2.2", "anna"),   false),
        ("another caller's end user",  named("bank", "192.0.2.1", "cleo"),   false),
        ("another store",              Guess { store_id: "R".into(), ..named("shop", "192.0.2.1", "cleo") }, false),
        ("a browser at that address",  guess("192.0.2.1", "cleo"),           false),
        ("the caller without a name",  Guess { end_user: None, ..named("shop", "192.0.2.1", "anna") }, false),
    ];
    for (who, guess, waits) in cases {
        assert_eq!(throttle.wait(&guess, at(0)).is_some(), waits, "{who}");
    }
    assert_eq!(throttle.wait_of_source("192.0.2.1".parse().unwrap(), at(0)), None);
}

#[test]
fn a_network_of_ipv6_is_one_source_and_a_mapped_address_is_the_address() {
    let throttle = throttle("1/PT10S", MANY, MANY);
    throttle.count(&guess("2001:db8::1", "a"), at(0));
    throttle.count(&guess("::ffff:192.0.2.1", "a"), at(0));
    #[rustfmt::skip]
    let cases = [
        ("2001:db8::ffff:1", true),
        ("2001:db8:0:1::1",  false),
        ("192.0.2.1",        true),
        ("192.0.2.2",        false),
    ];
    for (source, waits) in cases {
        assert_eq!(throttle.wait(&guess(source, "b"), at(0)).is_some(), waits, "{source}");
    }
}

#[test]
fn the_buckets_are_bounded_and_the_fullest_stay() {
    let throttle = throttle("10/PT1M", "10/PT1M", "10/PT1S");
    let persistent = guess("192.0.2.1", "anna");
    for _ in 0..10 {
        throttle.count(&persistent, at(0));
    }
    for number in 0..KEPT as u32 {
        let source = std::net::Ipv4Addr::from_bits(0x0A00_0000 + number);
        throttle.count(&guess(&source.to_string(), "bert"), at(0));
    }
    assert!(throttle.empty.lock().unwrap().len() <= KEPT);
    assert!(throttle.wait(&persistent, at(0)).is_some());
}

#[test]
fn a_rate_is_a_number_and_a_duration() {
    assert_eq!("20/PT30S".parse(), Ok(Rate::new(20, Duration::from_secs(30))));
    assert_eq!("5/PT0.2S".parse(), Ok(Rate::new(5, Duration::from_millis(200))));
    for wrong in ["", "20", "0/PT1S", "x/PT1S", "20/", "20/PT0S", "20/-PT1S", "20/soon", "20/P1Y"] {
        assert!(wrong.parse::<Rate>().unwrap_err().contains("20/PT30S"), "{wrong}");
    }
}
