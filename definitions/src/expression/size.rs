//! How many bytes a value takes.

use super::DEEPEST_VALUE;
use serde_json::Value;

/// About how many bytes a value takes; counting stops beyond the limit, which a value that is
/// nested too deeply exceeds.
pub(crate) fn size(value: &Value, limit: usize) -> usize {
    measure(value, limit, DEEPEST_VALUE)
}

/// About how many bytes a value takes, and never fewer than its texts and names.
pub fn bytes(value: &Value) -> usize {
    measure(value, usize::MAX - 1, usize::MAX)
}

fn measure(value: &Value, limit: usize, deepest: usize) -> usize {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => return 8,
        Value::String(text) => return 8 + text.len(),
        Value::Array(_) | Value::Object(_) => {}
    }
    let mut total = 0;
    let mut open = vec![(value, 1)];
    while let Some((value, depth)) = open.pop() {
        total += 8;
        match value {
            Value::String(text) => total += text.len(),
            Value::Array(items) => open.extend(items.iter().map(|item| (item, depth + 1))),
            Value::Object(map) => {
                total += map.keys().map(String::len).sum::<usize>();
                open.extend(map.values().map(|value| (value, depth + 1)));
            }
            _ => {}
        }
        if total > limit || depth > deepest {
            return limit.max(total).saturating_add(1);
        }
    }
    total
}
