//! What Camunda 7 sets by an expression: `${execution.setVariable("name", value)}`.

/// A variable that an expression sets.
#[derive(Debug)]
pub(super) struct Assignment {
    pub(super) name: String,
    /// The value, an expression in braces.
    pub(super) value: String,
    /// Whether it is set for the activity alone.
    pub(super) local: bool,
}

/// Reads a text that sets a variable and does nothing else; what follows the name is taken for the
/// value, and is parsed by whoever reads it.
pub(super) fn assignment(text: &str) -> Option<Assignment> {
    let text = text.trim();
    let text = text.strip_prefix("${").or_else(|| text.strip_prefix("#{"))?.strip_suffix('}')?;
    let (of, rest) = text.trim().split_once('.')?;
    if !matches!(of.trim(), "execution" | "task") {
        return None;
    }
    let (method, rest) = rest.split_once('(')?;
    let local = match method.trim() {
        "setVariable" => false,
        "setVariableLocal" => true,
        _ => return None,
    };
    let rest = rest.strip_suffix(')')?.trim_start();
    let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let (name, value) = rest[1..].split_once(quote)?;
    let value = value.trim_start().strip_prefix(',')?.trim();
    Some(Assignment { name: name.to_owned(), value: format!("${{{value}}}"), local })
}
