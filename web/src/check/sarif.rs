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
    let found: Vec<(&str, Found<'_>)> =
        looked.iter().flat_map(|one| all(one).map(|found| (one.file.as_str(), found))).collect();
    let names = found.iter().map(|(_, found)| found.rule);
    let mut rules: BTreeMap<&str, usize> = names.map(|name| (name, 0)).collect();
    rules.values_mut().zip(0..).for_each(|(index, number)| *index = number);
    let ids: Vec<Value> = rules.keys().map(|name| json!({ "id": name })).collect();
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

fn result(file: &str, found: &Found<'_>, index: usize) -> Value {
    let mut result = Map::new();
    result.insert("ruleId".into(), found.rule.into());
    result.insert("ruleIndex".into(), index.into());
    result.insert("level".into(), found.level.into());
    result.insert("message".into(), json!({ "text": found.message }));
    result.insert("locations".into(), json!([location(file, found.line, found.element)]));
    let steps: Vec<Value> = found
        .path
        .iter()
        .map(|step| {
            let mut place = location(file, Some(step.line), Some(&step.element));
            place["message"] = json!({ "text": step.element });
            json!({ "location": place })
        })
        .collect();
    if !steps.is_empty() {
        result.insert("codeFlows".into(), json!([{ "threadFlows": [{ "locations": steps }] }]));
    }
    Value::Object(result)
}

fn location(file: &str, line: Option<u32>, element: Option<&str>) -> Value {
    let mut place = json!({ "artifactLocation": { "uri": uri(file) } });
    // Lines count from 1; what is not written has none.
    if let Some(line) = line.filter(|line| *line > 0) {
        place["region"] = json!({ "startLine": line });
    }
    let mut location = json!({ "physicalLocation": place });
    if let Some(element) = element {
        location["logicalLocations"] = json!([{ "name": element, "kind": "element" }]);
    }
    location
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
