//! Which setting goes before which, and what is said of a wrong one.

use std::ffi::OsString;
use std::io::Write as _;

use super::*;

fn flags(words: &[&str]) -> Flags {
    let words = std::iter::once("gatewright").chain(words.iter().copied());
    Flags::try_parse_from(words.map(OsString::from)).unwrap()
}

fn gathered(words: &[&str]) -> Settings {
    Settings::gather(flags(words)).unwrap()
}

fn refused(words: &[&str]) -> String {
    format!("{:#}", Settings::gather(flags(words)).unwrap_err())
}

/// A settings file that is gone when the test is over.
struct File(PathBuf);

impl File {
    fn new(name: &str, text: &str) -> File {
        let path = std::env::temp_dir().join(format!("{}-{name}.toml", std::process::id()));
        std::fs::File::create(&path).unwrap().write_all(text.as_bytes()).unwrap();
        File(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[test]
fn without_a_word_everything_has_a_value() {
    let settings = gathered(&[]);
    assert_eq!(settings.data, PathBuf::from("./gatewright-data"));
    assert_eq!(settings.listen, ["127.0.0.1:8080".parse().unwrap()]);
    assert_eq!(settings.base_url, "http://localhost:8080");
    assert_eq!(settings.driver, Driver::Sled);
    assert_eq!(settings.log, "info");
    assert_eq!(settings.retention.to_string(), "P30D");
    assert!(!settings.manual_clock);
    assert_eq!(settings.warning(), None);
}

#[test]
fn the_base_url_follows_the_port() {
    assert_eq!(gathered(&["--listen", "0.0.0.0:9000"]).base_url, "http://localhost:9000");
}

#[test]
fn a_flag_goes_before_the_file() {
    let file = File::new(
        "before",
        "listen = \"127.0.0.1:1\"\nstore = \"redb\"\nretention = \"P1Y\"\nbase-url = \"https://id.example/\"\n",
    );
    let settings = gathered(&["--config", file.path(), "--listen", "127.0.0.1:2"]);
    assert_eq!(settings.listen, ["127.0.0.1:2".parse().unwrap()]);
    assert_eq!(settings.driver, Driver::Redb);
    assert_eq!(settings.retention.to_string(), "P1Y");
    assert_eq!(settings.base_url, "https://id.example");
}

#[test]
fn every_flag_has_its_variable() {
    use clap::CommandFactory as _;
    for argument in Flags::command().get_arguments() {
        let Some(long) = argument.get_long().filter(|long| !matches!(*long, "help" | "version"))
        else {
            continue;
        };
        let variable = format!("GATEWRIGHT_{}", long.replace('-', "_").to_uppercase());
        assert_eq!(argument.get_env(), Some(std::ffi::OsStr::new(&variable)), "{long}");
        assert!(argument.get_help().is_some(), "{long}");
    }
}

#[test]
fn a_wrong_setting_is_named() {
    let unknown = File::new("unknown", "lisen = \"127.0.0.1:1\"\n");
    #[rustfmt::skip]
    let cases: [(&[&str], &str); 12] = [
        (&["--listen", "8080"],                           "\"8080\" is no address to listen on"),
        (&["--base-url", "id.example"],                   "the base URL \"id.example\" is wrong"),
        (&["--base-url", "ftp://id.example"],             "has to begin with https:// or http://"),
        (&["--base-url", "https://id.example/path"],      "has to be a scheme, a host and a port alone"),
        (&["--base-url", "https://me:pw@id.example"],     "has to be a scheme, a host and a port alone"),
        (&["--retention", "soon"],                        "the retention is wrong: \"soon\" is not an ISO 8601 duration"),
        (&["--retention", "PT0S"],                        "has to be longer than nothing"),
        (&["--config", "/nowhere/at/all.toml"],           "the settings file /nowhere/at/all.toml cannot be read"),
        (&["--config", unknown.path()],                   "unknown field `lisen`"),
        (&["--trusted-proxies", "10.0.0.0/40"],           "\"10.0.0.0/40\" is no address and no network"),
        (&["--failures-per-user", "many"],                "\"many\" is no rate; write one as in 20/PT30S"),
        (&["--master-passphrase-file", "/nowhere"],       "the file /nowhere of the setting master-passphrase-file cannot be read"),
    ];
    for (words, expected) in cases {
        let sentence = refused(words);
        assert!(sentence.contains(expected), "{words:?}: {sentence}");
    }
}

#[test]
fn throttling_is_on_unless_it_is_switched_off() {
    assert_eq!(gathered(&[]).throttle, ThrottleLimits::default());
    let file = File::new("rates", "failures-per-user = \"off\"\nmaster-key-file = \"a.key\"\n");
    let settings = gathered(&["--config", file.path(), "--failures-per-source", "5/PT1M"]);
    assert_eq!(settings.throttle.user, None);
    assert_eq!(settings.throttle.source, Some("5/PT1M".parse().unwrap()));
    assert_eq!(settings.throttle.store, ThrottleLimits::default().store);
    assert_eq!(settings.master_keys.present.to_string(), "the file a.key");
}

#[test]
fn a_manual_clock_is_for_tests_alone() {
    let told = "--clock manual needs --test-mode as well";
    let file = File::new("clock", "clock = \"manual\"\n");
    let test_file = File::new("test-clock", "clock = \"manual\"\ntest-mode = true\n");
    #[rustfmt::skip]
    let refusals: [&[&str]; 3] = [
        &["--clock", "manual"],
        &["--clock", "manual", "--test-mode=false"],
        &["--config", file.path()],
    ];
    for words in refusals {
        let sentence = refused(words);
        assert!(sentence.contains(told), "{words:?}: {sentence}");
    }
    #[rustfmt::skip]
    let cases: [(&[&str], bool); 5] = [
        (&["--clock", "manual", "--test-mode"],                true),
        (&["--config", test_file.path()],                      true),
        (&["--config", file.path(), "--test-mode"],            true),
        (&["--config", test_file.path(), "--clock", "system"], false),
        (&["--test-mode"],                                     false),
    ];
    for (words, expected) in cases {
        assert_eq!(gathered(words).manual_clock, expected, "{words:?}");
    }
}

#[test]
fn an_address_that_browsers_do_not_trust_is_warned_of() {
    #[rustfmt::skip]
    let cases = [
        ("https://id.example",       false),
        ("http://localhost:1",       false),
        ("http://a.localhost",       false),
        ("http://127.0.0.1:8080",    false),
        ("http://[::1]:8080",        false),
        ("http://id.example",        true),
        ("http://192.168.1.2:8080",  true),
        ("http://localhost.example", true),
    ];
    for (url, expected) in cases {
        assert_eq!(gathered(&["--base-url", url]).warning().is_some(), expected, "{url}");
    }
}
