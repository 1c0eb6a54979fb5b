//! The rules of the house, each a test: who leans on whom, how files look, which words are kept out.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Who may lean on whom. A new arrow is a decision made on purpose, in a diff of this list.
const ARROWS: &[(&str, &[&str])] = &[
    ("definitions", &[]),
    ("forms", &[]),
    ("storage", &[]),
    ("engine", &["definitions"]),
    ("identity", &["storage"]),
    ("access", &["storage"]),
    ("activities", &["forms", "identity"]),
    ("runtime", &["access", "activities", "definitions", "engine", "forms", "identity", "storage"]),
    ("web", &["access", "activities", "definitions", "engine", "forms", "identity", "runtime"]),
];

/// Rooms without clock, network, database and hidden order.
const PURE: &[&str] = &["definitions", "engine", "forms"];

/// The one or two rooms where a package is at home.
const HOMES: &[(&str, &[&str])] = &[
    ("aws-lc-rs", &["identity"]),
    ("axum", &["web"]),
    ("clap", &["web"]),
    ("handlebars", &["forms", "web"]),
    ("jsonwebtoken", &["access"]),
    ("petgraph", &["definitions"]),
    ("quick-xml", &["definitions"]),
    ("redb", &["storage"]),
    ("serde-saphyr", &["definitions"]),
    ("sled", &["storage"]),
    ("srp", &["identity"]),
    ("tower-http", &["web"]),
];

/// Words that name no thing of the domain.
const HOLLOW: &[&str] = &[
    "utils", "util", "common", "core", "helper", "helpers", "manager", "handler", "handlers",
    "service", "services", "base", "impl", "misc",
];

#[test]
fn a_room_leans_only_on_the_rooms_it_may() {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (room, dependency) in dependencies(|kind| kind.is_none()) {
        if is_room(&dependency) {
            found.entry(room).or_default().insert(dependency);
        }
    }
    for (room, allowed) in ARROWS {
        let allowed: BTreeSet<String> = allowed.iter().map(ToString::to_string).collect();
        let leans = found.remove(*room).unwrap_or_default();
        assert_eq!(leans, allowed, "the arrows of `{room}` (left: its manifest, right: the house)");
    }
    found.remove("tests");
    assert!(found.is_empty(), "rooms that the house does not know: {found:?}");
}

#[test]
fn tests_inside_a_room_reach_no_further_than_its_arrows_lead() {
    for (room, dependency) in dependencies(|kind| kind == Some("dev")) {
        if room != "tests" && is_room(&dependency) {
            let reach = reach(&room);
            assert!(reach.contains(dependency.as_str()), "`{room}` is tested with `{dependency}`");
        }
    }
}

#[test]
fn packages_stay_in_their_homes() {
    let strayed = dependencies(|_| true).into_iter().filter(|(room, dependency)| {
        HOMES
            .iter()
            .any(|(package, homes)| dependency == package && !homes.contains(&room.as_str()))
    });
    none(strayed.map(|(room, dependency)| format!("`{room}` has `{dependency}`")));
}

#[test]
fn pure_rooms_have_no_async_runtime_and_no_database() {
    let impure = ["tokio", "futures", "async-trait", "tracing", "getrandom", "metrics"];
    let found = dependencies(|_| true).into_iter().filter(|(room, dependency)| {
        PURE.contains(&room.as_str()) && impure.contains(&dependency.as_str())
    });
    none(found.map(|(room, dependency)| format!("`{room}` has `{dependency}`")));
}

#[test]
fn pure_rooms_have_no_hidden_order_and_no_clock() {
    let words = ["HashMap", "HashSet", "Timestamp::now", "SystemTime", "Instant::now"];
    none(shipped(&words, |source| PURE.iter().any(|room| source.in_room(room))));
}

#[test]
fn only_web_knows_status_codes() {
    none(shipped(&["StatusCode"], outside(&["web"])));
}

#[test]
fn only_runtime_and_the_binary_spawn_tasks() {
    none(shipped(&["tokio::spawn(", "task::spawn("], outside(&["runtime", "web"])));
}

#[test]
fn only_storage_knows_databases() {
    none(shipped(&["sled::", "redb::"], outside(&["storage"])));
}

#[test]
fn no_room_but_runtime_and_web_reads_the_clock() {
    let words = ["Timestamp::now(", "SystemTime::now(", "Zoned::now("];
    none(shipped(&words, outside(&["runtime", "web"])));
}

#[test]
fn every_file_says_in_its_first_sentence_what_it_is_for() {
    none(sources().into_iter().filter_map(|source| {
        let lines = source.text.lines().map_while(|line| line.strip_prefix("//!"));
        let lines = lines.take_while(|line| !line.trim().is_empty());
        let sentence = lines.collect::<Vec<&str>>().join(" ");
        let says =
            sentence.split_whitespace().count() >= 4 && sentence.trim_end().ends_with(['.', ':']);
        (!says).then(|| format!("{}: {sentence:?}", source.name))
    }));
}

#[test]
fn a_file_has_400_lines_at_most_and_a_test_800() {
    none(sources().into_iter().filter_map(|source| {
        let (lines, limit) = (source.text.lines().count(), if source.test { 800 } else { 400 });
        (lines > limit).then(|| format!("{} has {lines} lines", source.name))
    }));
}

#[test]
fn names_are_nouns_of_the_domain() {
    let mut hollow = Vec::new();
    for source in sources() {
        let parts = source.name.trim_end_matches(".rs").split('/');
        hollow.extend(parts.filter(|part| HOLLOW.contains(part)).map(|_| source.name.clone()));
        for (number, line) in source.text.lines().enumerate() {
            let mut words = line.split([' ', ';', '{']).filter(|word| !word.is_empty());
            let module = words.find(|word| *word == "mod").and_then(|_| words.next());
            if module.is_some_and(|name| HOLLOW.contains(&name)) && !line.contains("//") {
                hollow.push(format!("{}:{} {line}", source.name, number + 1));
            }
        }
    }
    none(hollow);
}

#[test]
fn nothing_unfinished_and_nothing_printed_in_product_code() {
    let words = [
        concat!("to", "do!("),
        concat!("unimple", "mented!("),
        concat!("db", "g!("),
        concat!("print", "ln!("),
        concat!("print", "!("),
        concat!("FIX", "ME"),
        concat!("X", "XX"),
    ];
    none(shipped(&words, outside(&[])));
}

#[test]
fn no_test_sleeps_is_ignored_or_expects_a_panic() {
    let words = [
        concat!("thread::sl", "eep"),
        concat!("time::sl", "eep"),
        concat!("#[ig", "nore"),
        concat!("#[should_", "panic"),
    ];
    none(sources().into_iter().flat_map(|source| {
        let from = source.first_test_line();
        let lines = source.text.lines().enumerate().skip(from);
        let bad = lines.filter(|(_, line)| words.iter().any(|word| line.contains(word)));
        bad.map(|(at, line)| format!("{}:{} {line}", source.name, at + 1)).collect::<Vec<String>>()
    }));
}

#[test]
fn versions_stand_only_in_the_root_manifest() {
    let mut flaws = Vec::new();
    for room in rooms() {
        let manifest = read(&root().join(&room).join("Cargo.toml"));
        let manifest: toml::Table = manifest.parse().expect("a manifest is TOML");
        for section in ["dependencies", "dev-dependencies", "build-dependencies"] {
            let section = manifest.get(section).and_then(toml::Value::as_table);
            for (name, what) in section.into_iter().flatten() {
                if what.get("workspace").and_then(toml::Value::as_bool) != Some(true) {
                    flaws.push(format!("`{room}` states the version of `{name}` itself"));
                }
            }
        }
        let lints = manifest.get("lints").and_then(|lints| lints.get("workspace"));
        if lints.and_then(toml::Value::as_bool) != Some(true) {
            flaws.push(format!("`{room}` does not share the lints"));
        }
    }
    none(flaws);
}

#[test]
fn no_file_names_a_machine_or_a_registry() {
    let words = [
        concat!("/ro", "ot/"),
        concat!("/wo", "rk/"),
        concat!("/fa", "rm/"),
        concat!("/ho", "me/"),
        concat!("artif", "actory"),
        concat!("registry.npm", "js"),
        concat!("py", "pi.org"),
        concat!("index.cra", "tes.io"),
        concat!("deb.deb", "ian.org"),
        concat!("\"res", "olved\": \"http"),
    ];
    none(files().into_iter().flat_map(|path| {
        let text = fs::read_to_string(&path).unwrap_or_default();
        let lines = text.lines().enumerate();
        let bad = lines.filter(|(_, line)| words.iter().any(|word| line.contains(word)));
        bad.map(|(at, _)| format!("{}:{}", path.display(), at + 1)).collect::<Vec<String>>()
    }));
    let lock = read(&root().join("Cargo.lock"));
    let sources: BTreeSet<&str> =
        lock.lines().filter_map(|line| line.strip_prefix("source = ")).collect();
    assert_eq!(sources.len(), 1, "all packages come from the public index: {sources:?}");
}

#[test]
fn every_shipped_journey_is_there_as_bpmn_and_as_yaml_in_kebab_case() {
    let mut journeys: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for path in files() {
        let kind = path.extension().and_then(|kind| kind.to_str()).unwrap_or_default();
        if path.starts_with(root().join("definitions/library")) && ["bpmn", "yaml"].contains(&kind)
        {
            let name = path.file_stem().and_then(|name| name.to_str()).expect("a name");
            let kebab =
                name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
            assert!(kebab, "{} is not in kebab case", path.display());
            journeys.entry(name.to_owned()).or_default().insert(kind.to_owned());
        }
    }
    let both = BTreeSet::from(["bpmn".to_owned(), "yaml".to_owned()]);
    for name in ["passcode-registration", "passcode-authentication"] {
        assert!(journeys.contains_key(name), "the library has no {name}: {journeys:?}");
    }
    assert!(journeys.values().all(|kinds| *kinds == both), "one form is missing: {journeys:?}");
}

#[test]
fn the_readme_has_a_map_of_all_rooms_two_commands_and_twelve_words() {
    let readme = read(&root().join("README.md"));
    for room in rooms() {
        assert!(readme.contains(&format!("{room}/")), "the README's map has no `{room}/`");
    }
    for command in ["cargo run --release", "tests/run"] {
        let at = readme.lines().position(|line| line.contains(command));
        assert!(at.is_some_and(|line| line < 40), "`{command}` stands at the top of the README");
    }
    let glossary = readme.split("## Glossary").nth(1).expect("a glossary");
    let glossary = glossary.split("\n## ").next().unwrap_or_default();
    let words = glossary.lines().filter(|line| line.starts_with("- **")).count();
    assert_eq!(words, 12, "the glossary has twelve words");
}

struct Source {
    name: String,
    text: String,
    /// Whether the whole file is a test.
    test: bool,
}

impl Source {
    fn in_room(&self, room: &str) -> bool {
        self.name.starts_with(&format!("{room}/"))
    }

    /// The index of the first line that only a test build compiles.
    fn first_test_line(&self) -> usize {
        if self.test {
            return 0;
        }
        let lines: Vec<&str> = self.text.lines().collect();
        let module = lines.windows(2).position(|two| {
            two[0].trim() == "#[cfg(test)]" && two[1].trim_start().starts_with("mod ")
        });
        module.unwrap_or(lines.len())
    }

    /// The lines that ship, without comments, each with its number.
    fn product(&self) -> impl Iterator<Item = (&Source, usize, String)> {
        let lines = self.text.lines().enumerate().take(self.first_test_line());
        let lines = lines.filter(|(_, line)| !line.trim_start().starts_with("//"));
        lines.map(move |(at, line)| (self, at + 1, line.to_owned()))
    }
}

/// The places in shipped code of the wanted files where one of these words stands.
fn shipped(words: &[&str], wanted: impl Fn(&Source) -> bool) -> Vec<String> {
    let sources = sources();
    let wanted = sources.iter().filter(|source| wanted(source));
    let lines = wanted.flat_map(Source::product);
    let bad = lines.filter(|(_, _, line)| words.iter().any(|word| line.contains(word)));
    bad.map(|(source, number, line)| format!("{}:{number} {line}", source.name)).collect()
}

/// Files of all rooms but those named and the tests.
fn outside(rooms: &'static [&str]) -> impl Fn(&Source) -> bool {
    move |source| !source.test && !rooms.iter().any(|room| source.in_room(room))
}

/// Shows all flaws at once, if there are any.
#[track_caller]
fn none(flaws: impl IntoIterator<Item = String>) {
    let flaws: Vec<String> = flaws.into_iter().collect();
    assert!(flaws.is_empty(), "\n{}", flaws.join("\n"));
}

fn sources() -> Vec<Source> {
    let rust = files().into_iter().filter(|path| path.extension().is_some_and(|kind| kind == "rs"));
    let sources: Vec<Source> = rust
        .map(|path| {
            let relative = path.strip_prefix(root()).expect("a path below the root");
            let name = relative.to_str().expect("a readable path").replace('\\', "/");
            let test = name.starts_with("tests/")
                || name.contains("/tests/")
                || name.ends_with("/tests.rs")
                || name.contains("/benches/");
            Source { name, text: read(&path), test }
        })
        .collect();
    assert!(sources.len() > rooms().len(), "the walk finds the sources");
    sources
}

/// All files of the tree but build products, data folders and version control.
fn files() -> Vec<PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![root()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a readable folder") {
            let path = entry.expect("a readable entry").path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let skipped = [".git", "target", "gatewright-data", "node_modules"].contains(&name);
            match path.is_dir() {
                true if !skipped => folders.push(path),
                false if name != ".git" => found.push(path),
                _ => {}
            }
        }
    }
    found.sort();
    found
}

/// Everything that a room's arrows lead to, the room itself among it.
fn reach(room: &str) -> BTreeSet<&'static str> {
    let mut reached = BTreeSet::new();
    let mut next: Vec<&str> = vec![room];
    while let Some(room) = next.pop() {
        if let Some((room, arrows)) = ARROWS.iter().find(|(name, _)| *name == room)
            && reached.insert(*room)
        {
            next.extend(arrows.iter());
        }
    }
    reached
}

fn is_room(name: &str) -> bool {
    rooms().iter().any(|room| room == name)
}

fn rooms() -> Vec<String> {
    let manifest: toml::Table =
        read(&root().join("Cargo.toml")).parse().expect("the root manifest is TOML");
    let members = manifest["workspace"]["members"].as_array().expect("members");
    members.iter().map(|member| member.as_str().expect("a name").to_owned()).collect()
}

/// Pairs of room and dependency, of the kinds that `wanted` lets pass.
fn dependencies(wanted: fn(Option<&str>) -> bool) -> Vec<(String, String)> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let told = Command::new(cargo)
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(root())
        .output()
        .expect("cargo metadata runs");
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&told.stdout).expect("JSON");
    let mut pairs = Vec::new();
    for package in metadata["packages"].as_array().expect("packages") {
        let room = package["name"].as_str().expect("a name");
        for dependency in package["dependencies"].as_array().expect("dependencies") {
            if wanted(dependency["kind"].as_str()) {
                let name = dependency["name"].as_str().expect("a name");
                pairs.push((room.to_owned(), name.to_owned()));
            }
        }
    }
    pairs
}

fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().expect("the tests stand in the workspace").to_owned()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
