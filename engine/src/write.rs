//! Writes: setting one process variable, or a place inside one.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A value for a process variable, or for a place at some depth in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Write {
    /// The variable's name, then the keys that lead into it. Never empty.
    ///
    /// What stands on the way and is not a map is replaced by one.
    pub at: Vec<String>,
    /// The value that stands there afterwards.
    pub value: Value,
}

impl Write {
    /// Sets the variable of this name.
    pub fn variable(name: impl Into<String>, value: impl Into<Value>) -> Write {
        Write { at: vec![name.into()], value: value.into() }
    }

    /// Changes the variables as this write says.
    pub(crate) fn change(&self, variables: &mut Map<String, Value>) {
        let Some((last, way)) = self.at.split_last() else { return };
        let mut map = variables;
        for key in way {
            let there = map.entry(key.as_str()).or_insert(Value::Null);
            if !there.is_object() {
                *there = Value::Object(Map::new());
            }
            let Value::Object(inner) = there else { return };
            map = inner;
        }
        match map.get_mut(last) {
            Some(there) => there.clone_from(&self.value),
            None => {
                map.insert(last.clone(), self.value.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_write_makes_maps_on_the_way_and_leaves_their_other_keys_alone() {
        for (before, at, after) in [
            (json!({}), "a", json!({"a": 1})),
            (json!({"a": 0, "b": 2}), "a", json!({"a": 1, "b": 2})),
            (json!({}), "a.b.c", json!({"a": {"b": {"c": 1}}})),
            (json!({"a": {"x": 0}}), "a.b", json!({"a": {"x": 0, "b": 1}})),
            (json!({"a": {"b": {"c": 0}}}), "a.b", json!({"a": {"b": 1}})),
            (json!({"a": null}), "a.b", json!({"a": {"b": 1}})),
            (json!({"a": "text"}), "a.b", json!({"a": {"b": 1}})),
            (json!({"a": [7]}), "a.0", json!({"a": {"0": 1}})),
        ] {
            let Value::Object(mut variables) = before.clone() else { panic!("a case is a map") };
            let at = at.split('.').map(str::to_owned).collect();
            Write { at, value: json!(1) }.change(&mut variables);
            assert_eq!(Value::Object(variables), after, "from {before}");
        }
    }
}
