//! Forms that stand in a definition: what is wrong with one before its expressions are evaluated, and the form after.

use serde_json::Value;

use crate::fill;
use crate::form::{Form, FormFlaw};
use crate::object::Flaws;
use crate::read;

impl Form {
    /// Everything that is wrong with the JSON of a form in which expressions stand, at the JSON paths in `open`: what
    /// they come to is not known yet.
    pub fn flaws_around(json: &Value, open: &[String]) -> Vec<FormFlaw> {
        if open.iter().any(|path| path == "$") {
            return Vec::new();
        }
        let mut flaws = Flaws::default();
        let _ = read::form(json, &mut flaws);
        flaws.found.retain(|flaw| !is_open(&flaw.at, open));
        fill::refuse("$", json, &mut flaws);
        flaws.found
    }

    /// Reads a form whose expressions have been evaluated. What its texts and defaults came to is nobody's flaw: it is
    /// shown as it is, and a default that does not fit its field is left out.
    ///
    /// # Errors
    /// Everything else that is wrong with it.
    pub fn evaluated(json: &Value) -> Result<Form, Vec<FormFlaw>> {
        let mut flaws = Flaws { filled: true, ..Flaws::default() };
        let form = read::form(json, &mut flaws);
        read::without_flaws(form, flaws)
    }
}

/// Whether an expression says what stands at a path, or what a default there has to be.
fn is_open(at: &str, open: &[String]) -> bool {
    let texts = format!("{at}.values");
    let component = at.strip_suffix(".default");
    let decides = |path: &str| {
        let member = component.and_then(|component| path.strip_prefix(component));
        member.is_some_and(|member| {
            member.starts_with(".options") || [".defaultDateFormat", ".type"].contains(&member)
        })
    };
    open.iter().any(|path| path == at || *path == texts || decides(path))
}
