//! The tree of a YAML text with the lines of its values.

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Number, Value};
use serde_saphyr::{DuplicateKeyPolicy, Error, MergeKeyPolicy, Spanned};
use std::fmt;

use crate::draft::Flaws;

/// The longest text in bytes.
const LONGEST: usize = 1 << 20;

/// The most lists and maps in each other; a sub-process in a sub-process takes two.
const DEEPEST: usize = 48;

/// A value with the line where it is written.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) line: u32,
    pub(super) tree: Tree,
}

#[derive(Debug)]
pub(super) enum Tree {
    Null,
    Scalar(Value),
    List(Vec<Node>),
    Map(Vec<Entry>),
}

#[derive(Debug)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) line: u32,
    pub(super) value: Node,
}

/// The most documents in one text.
const MOST_DOCUMENTS: usize = 100;

/// Reads the documents of a YAML text; a text that is no YAML, or too much of it, is one flaw.
pub(super) fn read(text: &str, flaws: &mut Flaws) -> Option<Vec<Node>> {
    if text.len() > LONGEST {
        flaws.add("too-large", "", 0, "the text is larger than 1 MiB; a definition is shorter");
        return None;
    }
    let options = serde_saphyr::options! {
        strict_booleans: true,
        duplicate_keys: DuplicateKeyPolicy::Error,
        merge_keys: MergeKeyPolicy::Error,
        reject_unsupported_tags: true,
        with_snippet: false,
        budget: serde_saphyr::budget! {
            max_depth: DEEPEST,
            flow_nesting_limit: 24,
            max_nodes: 50_000,
            max_events: 200_000,
            max_aliases: 200,
            max_anchors: 200,
            max_recorded_anchor_events: 20_000,
            max_recorded_anchor_bytes: 1 << 20,
            max_documents: MOST_DOCUMENTS,
            max_total_scalar_bytes: LONGEST,
        },
        alias_limits: serde_saphyr::alias_limits! {
            max_total_replayed_events: 20_000,
            max_replay_stack_depth: 8,
        },
    };
    match serde_saphyr::from_multiple_with_options::<Spanned<Tree>>(text, options) {
        Ok(trees) => Some(trees.into_iter().map(Node::from).collect()),
        Err(error) => {
            let line = error.location().map_or(0, |location| line(location.line()));
            let (rule, mut message) = refusal(error.without_snippet());
            if rule == "not-yaml" && is_bare(text, line) {
                message.push_str("; put what has ${…} in it in quotes");
            }
            flaws.add(rule, "", line, message);
            None
        }
    }
}

/// Whether an expression stands without quotes in a line, where YAML takes its braces for a map.
fn is_bare(text: &str, line: u32) -> bool {
    let line = text.lines().nth((line as usize).saturating_sub(1)).unwrap_or_default();
    line.match_indices("${").any(|(at, _)| line[..at].ends_with([' ', '[', '{', ',']))
}

/// The rule that an error of the YAML reader breaks, and what to do about it.
fn refusal(error: &Error) -> (&'static str, String) {
    match error {
        Error::Budget { .. }
        | Error::AliasReplayLimitExceeded { .. }
        | Error::AliasExpansionLimitExceeded { .. }
        | Error::AliasReplayStackDepthExceeded { .. } => {
            let message = "the text holds too much, is nested too deeply, repeats itself too often \
                           or has too many documents; a definition is simpler";
            ("too-large", message.into())
        }
        Error::DuplicateMappingKey { key, .. } => {
            let key = crate::excerpt(key.as_deref().unwrap_or_default());
            ("duplicate-key", format!("the key {key} stands twice in the same map; keep one"))
        }
        Error::MergeKeyNotAllowed { .. } => {
            ("not-yaml", "merging with << is not understood; write the keys out".into())
        }
        other => {
            let message = crate::sentence(&other.to_string());
            let reason = message.split(" at line ").next().unwrap_or_default();
            ("not-yaml", reason.to_owned())
        }
    }
}

fn line(line: u64) -> u32 {
    u32::try_from(line).unwrap_or(u32::MAX)
}

impl From<Spanned<Tree>> for Node {
    fn from(spanned: Spanned<Tree>) -> Node {
        Node { line: line(spanned.referenced.line()), tree: spanned.value }
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Tree, D::Error> {
        deserializer.deserialize_any(TreeVisitor)
    }
}

/// Refuses what could not be written as BPMN.
fn held<E: serde::de::Error>(text: &str) -> Result<(), E> {
    crate::refused_character(text).map_or(Ok(()), |message| Err(E::custom(message)))
}

struct TreeVisitor;

impl<'de> Visitor<'de> for TreeVisitor {
    type Value = Tree;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a text, a number, true or false, a list or a map")
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }

    fn visit_none<E>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Tree, D::Error> {
        Tree::deserialize(deserializer)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Tree, E> {
        Ok(Tree::Scalar(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Tree, E> {
        Ok(Tree::Scalar(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Tree, E> {
        Ok(Tree::Scalar(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Tree, E> {
        let number = Number::from_f64(value).ok_or_else(|| E::custom("the number is too large"))?;
        Ok(Tree::Scalar(Value::Number(number)))
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Tree, E> {
        held(value)?;
        Ok(Tree::Scalar(value.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Tree, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element::<Spanned<Tree>>()? {
            list.push(Node::from(item));
        }
        Ok(Tree::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Tree, A::Error> {
        let mut map = Vec::new();
        while let Some((key, value)) = entries.next_entry::<Spanned<String>, Spanned<Tree>>()? {
            held(&key.value)?;
            let line = line(key.referenced.line());
            map.push(Entry { key: key.value, line, value: Node::from(value) });
        }
        Ok(Tree::Map(map))
    }
}
