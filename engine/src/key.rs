//! Correlation keys: what sender and receiver of a message agree on (BPMN 2.0.2 §8.4.2).

use serde_json::Value;

/// The most values that make one key.
const MOST: usize = 16;

/// The key that a value is: its text, or for a list of several values the JSON list of their texts.
/// What is empty, or nested, is none.
pub fn correlation_key(value: &Value) -> Option<String> {
    match value {
        Value::Array(parts) => match &parts[..] {
            [] => None,
            [only] => text(only),
            parts if parts.len() > MOST => None,
            parts => {
                let texts: Option<Vec<Value>> =
                    parts.iter().map(|part| text(part).map(Value::String)).collect();
                texts.map(|texts| Value::Array(texts).to_string())
            }
        },
        other => text(other),
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_key_is_a_text_or_a_list_of_texts() {
        for (value, key) in [
            (json!("a"), Some("a")),
            (json!(7), Some("7")),
            (json!(true), Some("true")),
            (json!(["a"]), Some("a")),
            (json!(["a", 7, false]), Some(r#"["a","7","false"]"#)),
            (json!(["a\"b", "c"]), Some(r#"["a\"b","c"]"#)),
            (json!(""), None),
            (json!(null), None),
            (json!([]), None),
            (json!(["a", null]), None),
            (json!(["a", ["b"]]), None),
            (json!({"a": 1}), None),
            (json!(vec!["x"; 17]), None),
        ] {
            assert_eq!(correlation_key(&value).as_deref(), key, "{value}");
        }
    }
}
