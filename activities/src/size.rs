//! How large process variables may be: one value, and all of an instance together.

use serde_json::{Map, Value};

/// The most bytes that one value of a process variable may have.
pub const LARGEST_VALUE: usize = 1024 * 1024;
/// The most bytes that all process variables of an instance may have together.
pub const LARGEST_INSTANCE: usize = 8 * 1024 * 1024;

/// How deep lists and objects may lie in each other in one value: as deep as in what an expression gives.
pub const DEEPEST_VALUE: usize = 64;

/// Why process variables cannot be set. It names no value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TooLarge {
    /// One value is.
    #[error(
        "{name} has {bytes} bytes; a value of a process variable may have {LARGEST_VALUE}, so \
         keep what is large outside the process and its address in the variable"
    )]
    Value {
        /// The variable, or the place in it.
        name: String,
        /// How large the value is.
        bytes: usize,
    },
    /// Lists and objects lie in each other too deep.
    #[error(
        "in {name} lists and objects lie in each other more than {DEEPEST_VALUE} deep; make it flatter"
    )]
    Deep {
        /// The variable, or the place in it.
        name: String,
    },
    /// All variables of the instance together are.
    #[error(
        "with {name} the process variables have {bytes} bytes; those of an instance may have \
         {LARGEST_INSTANCE}, so empty what is not needed any more"
    )]
    Instance {
        /// The variable that was one too many, or the place in it.
        name: String,
        /// How large all would be.
        bytes: usize,
    },
}

/// Says whether values fit beside the process variables there are. What a value replaces counts
/// until it is replaced.
///
/// # Errors
/// The first value that does not fit.
pub fn fit<'v>(
    variables: &Map<String, Value>,
    added: impl IntoIterator<Item = (String, &'v Value)>,
) -> Result<(), TooLarge> {
    let mut added = added.into_iter().peekable();
    if added.peek().is_none() {
        return Ok(());
    }
    let mut total: usize =
        variables.iter().map(|(name, value)| name.len() + measure(value).0).sum();
    for (name, value) in added {
        let (bytes, depth) = measure(value);
        if bytes > LARGEST_VALUE {
            return Err(TooLarge::Value { name, bytes });
        }
        if depth > DEEPEST_VALUE {
            return Err(TooLarge::Deep { name });
        }
        total += name.len() + bytes;
        if total > LARGEST_INSTANCE {
            return Err(TooLarge::Instance { name, bytes: total });
        }
    }
    Ok(())
}

/// About how many bytes a value has as JSON, never fewer than its texts and names, and how deep lists and objects lie in
/// each other in it.
fn measure(value: &Value) -> (usize, usize) {
    let (mut total, mut deepest, mut open) = (0, 0, vec![(value, 0)]);
    while let Some((value, depth)) = open.pop() {
        deepest = deepest.max(depth + usize::from(value.is_array() || value.is_object()));
        total += match value {
            Value::Null | Value::Bool(_) | Value::Number(_) => 8,
            Value::String(text) => text.len() + 2,
            Value::Array(items) => {
                open.extend(items.iter().map(|item| (item, depth + 1)));
                items.len() + 2
            }
            Value::Object(members) => {
                open.extend(members.values().map(|member| (member, depth + 1)));
                members.keys().map(|name| name.len() + 4).sum::<usize>() + 2
            }
        };
    }
    (total, deepest)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_value_and_an_instance_have_their_limits() {
        let text = |bytes: usize| Value::String("x".repeat(bytes));
        let full: Map<String, Value> =
            (0..7).map(|number| (format!("v{number}"), text(LARGEST_VALUE))).collect();
        let empty = Map::new();
        let deep = |depth: usize| (1..depth).fold(json!([]), |value, _| json!([value]));
        #[rustfmt::skip]
        let cases = [
            (&empty, vec![],                                       None),
            (&empty, vec![json!(null), json!(7), json!([])],       None),
            (&empty, vec![text(LARGEST_VALUE - 2)],                None),
            (&empty, vec![text(LARGEST_VALUE - 1)],                Some("added0 has 1048577 bytes")),
            (&empty, vec![json!([text(LARGEST_VALUE)])],           Some("added0 has 1048581 bytes")),
            (&empty, vec![json!({ "x".repeat(LARGEST_VALUE): 1 })], Some("added0 has 1048590 bytes")),
            (&empty, vec![deep(DEEPEST_VALUE)],                    None),
            (&empty, vec![deep(DEEPEST_VALUE + 1)],                Some("in added0 lists and objects")),
            (&full,  vec![],                                       None),
            (&full,  vec![text(1_000_000)],                        None),
            (&full,  vec![text(1_000_000), text(100_000)],         Some("with added1 the process variables have")),
        ];
        for (variables, added, expected) in cases {
            let named = added.iter().enumerate().map(|(at, value)| (format!("added{at}"), value));
            let told = fit(variables, named).err().map(|error| error.to_string());
            match expected {
                None => assert_eq!(told, None),
                Some(words) => assert!(told.as_ref().unwrap().starts_with(words), "{told:?}"),
            }
        }
    }
}
