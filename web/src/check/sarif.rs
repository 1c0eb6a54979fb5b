//! What `check` found as SARIF 2.1.0, the exchange format of static analysis.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::Looked;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// One thing that was found, as a flaw or as a finding.
struct Found<'l> {
    rule: &'static str,
    level: &'static str,
    element: Option<&'l str>,
    line: Option<u32>,
    message: &'l str,
    path: &'l [definitions::Step],
}

/// The log of one run over all files.
pub(super) fn log(looked: &[Looked]) -> Value {
    let found: Vec<(&Looked, Found<'_>)> =
        looked.iter().flat_map(|one| all(one).map(move |found| (one, found))).collect();
    let names = found.iter().map(|(_, found)| found.rule);
    let mut rules: BTreeMap<&str, usize> = names.map(|name| (name, 0)).collect();
    rules.values_mut().zip(0..).for_each(|(index, number)| *index = number);
    let ids: Vec<Value> = rules.keys().map(|name| rule(name)).collect();
    let results: Vec<Value> =
        found.iter().map(|(file, found)| result(file, found, rules[found.rule])).collect();
    let artifacts: Vec<Value> =
        looked.iter().map(|one| json!({ "location": { "uri": uri(&one.file) } })).collect();
    let driver = json!({
        "name": "gatewright",
        "version": env!("CARGO_PKG_VERSION"),
        "rules": ids,
    });
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": driver },
            "artifacts": artifacts,
            "results": results,
        }],
    })
}

fn all(looked: &Looked) -> impl Iterator<Item = Found<'_>> {
    let flaws = looked.flaws.iter().map(|flaw| Found {
        rule: flaw.rule,
        level: "error",
        element: flaw.element.as_deref(),
        line: flaw.line,
        message: &flaw.message,
        path: &[],
    });
    let findings = looked.findings.iter().map(|finding| Found {
        rule: finding.rule,
        level: "warning",
        element: finding.element.as_deref(),
        line: finding.line,
        message: &finding.message,
        path: &finding.path,
    });
    flaws.chain(findings)
}

/// What is said of rules that are not told by their names alone.
const RULES: [(&str, &str); 8] = [
    ("deadlock", "A join or an activity waits for paths that never come"),
    ("lack-of-synchronisation", "Two paths go on side by side where one is meant"),
    ("dead-element", "No path ever comes here"),
    ("endless-path", "No end is reached any more"),
    ("no-way-out", "All conditions may be false"),
    ("waits-for-ever", "Nothing ends the wait for somebody who does not answer"),
    ("uncaught-error", "Nothing catches an error of an activity"),
    ("not-proved", "There are too many ways through it to follow them all"),
];

fn rule(name: &str) -> Value {
    let known = RULES.iter().find(|(rule, _)| *rule == name);
    let said = known.map_or_else(|| name.replace('-', " "), |(_, said)| (*said).to_owned());
    json!({ "id": name, "shortDescription": { "text": said } })
}

fn result(looked: &Looked, found: &Found<'_>, index: usize) -> Value {
    let mut result = Map::new();
    result.insert("ruleId".into(), found.rule.into());
    result.insert("ruleIndex".into(), index.into());
    result.insert("level".into(), found.level.into());
    result.insert("message".into(), json!({ "text": found.message }));
    result.insert("locations".into(), json!([location(looked, found.line, found.element)]));
    let steps: Vec<Value> = found
        .path
        .iter()
        .map(|step| {
            let mut place = location(looked, Some(step.line), Some(&step.element));
            place["message"] = json!({ "text": step.element });
            json!({ "location": place })
        })
        .collect();
    if !steps.is_empty() {
        result.insert("codeFlows".into(), json!([{ "threadFlows": [{ "locations": steps }] }]));
    }
    Value::Object(result)
}

fn location(looked: &Looked, line: Option<u32>, element: Option<&str>) -> Value {
    let mut place = json!({ "artifactLocation": { "uri": uri(&looked.file) } });
    // Lines count from 1; what is not written has none.
    if let Some(line) = line.filter(|line| *line > 0) {
        place["region"] = json!({ "startLine": line });
        if let Some(column) = column(&looked.text, line, element) {
            place["region"]["startColumn"] = column.into();
        }
    }
    let mut location = json!({ "physicalLocation": place });
    if let Some(element) = element {
        location["logicalLocations"] = json!([{ "name": element, "kind": "element" }]);
    }
    location
}

/// The column, counted from 1, where an element is named in its line, or else where the line begins.
fn column(text: &str, line: u32, element: Option<&str>) -> Option<usize> {
    let line = text.lines().nth(line as usize - 1)?;
    let is_part = |one: char| one.is_alphanumeric() || matches!(one, '.' | '-' | '_');
    let whole = |(at, id): &(usize, &str)| {
        !line[..*at].ends_with(is_part) && !line[at + id.len()..].starts_with(is_part)
    };
    let named = element.and_then(|id| line.match_indices(id).find(whole)).map(|(at, _)| at);
    let begins = named.or_else(|| line.find(|one: char| !one.is_whitespace()))?;
    // SARIF counts the units of UTF-16 unless a run says otherwise (§3.14.17).
    Some(line[..begins].encode_utf16().count() + 1)
}

/// The address of a file: a whole one where its path is, and one relative to the run elsewhere.
fn uri(file: &str) -> String {
    if let Ok(url) = url::Url::from_file_path(Path::new(file)) {
        return url.into();
    }
    let segments = file.split(['/', '\\']);
    let encoded = segments.map(|segment| {
        segment.bytes().fold(String::new(), |mut text, byte| {
            match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                    text.push(char::from(byte));
                }
                _ => text.push_str(&format!("%{byte:02X}")),
            }
            text
        })
    });
    encoded.collect::<Vec<String>>().join("/")
}
