//! Source text in the making: how tightly it binds, and what must not be null in it.

pub(super) const CHOICE: u8 = 0;
pub(super) const OR: u8 = 1;
pub(super) const AND: u8 = 2;
pub(super) const EQUALITY: u8 = 3;
pub(super) const ORDERING: u8 = 4;
pub(super) const JOINING: u8 = 5;
pub(super) const ADDITION: u8 = 6;
pub(super) const PREFIX: u8 = 8;
pub(super) const POSTFIX: u8 = 9;

/// What is known of a value before it is evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    Unknown,
    Null,
    Number,
    Text,
    List,
    Truth,
    /// What a comparison gives: false where FEEL says null.
    Judgement,
}

/// Source text and how tightly it binds.
#[derive(Clone, Debug)]
pub(super) struct Source {
    pub(super) text: String,
    pub(super) level: u8,
}

impl Source {
    pub(super) fn new(text: impl Into<String>, level: u8) -> Source {
        Source { text: text.into(), level }
    }

    /// The text as an operand of what binds as tightly as `level`.
    pub(super) fn within(&self, level: u8) -> String {
        if self.level < level { format!("({})", self.text) } else { self.text.clone() }
    }
}

/// A value in the making.
pub(super) struct Term {
    pub(super) source: Source,
    pub(super) sort: Sort,
    /// Whether the source itself may give null.
    pub(super) nullable: bool,
    /// Sources that must not be null; if one of them is, so is the value.
    pub(super) needs: Vec<String>,
}

impl Term {
    pub(super) fn of(text: impl Into<String>, level: u8, sort: Sort) -> Term {
        let nullable = matches!(sort, Sort::Unknown | Sort::Null);
        Term { source: Source::new(text, level), sort, nullable, needs: Vec::new() }
    }

    pub(super) fn all_needs(&self) -> impl Iterator<Item = String> {
        let own = self.nullable.then(|| self.source.within(ORDERING));
        self.needs.iter().cloned().chain(own)
    }

    /// The source with its questions for null.
    pub(super) fn closed(&self) -> Source {
        if self.needs.is_empty() {
            return self.source.clone();
        }
        let needs: Vec<String> = self.needs.iter().map(|need| format!("{need} == null")).collect();
        let text = format!("{} ? null : {}", needs.join(" || "), self.source.within(OR));
        Source::new(text, CHOICE)
    }
}

/// What is made of terms is null when one of them is.
pub(super) fn made(source: Source, sort: Sort, terms: &[&Term]) -> Term {
    let mut needs = Vec::new();
    for need in terms.iter().flat_map(|term| term.all_needs()) {
        if !needs.contains(&need) {
            needs.push(need);
        }
    }
    Term { source, sort, nullable: false, needs }
}

/// A condition that is false when something that it needs is null.
pub(super) fn needing(needs: Vec<String>, condition: Source) -> Source {
    let mut parts: Vec<String> = Vec::new();
    for need in needs {
        let need = format!("{need} != null");
        if !parts.contains(&need) {
            parts.push(need);
        }
    }
    if parts.is_empty() {
        return condition;
    }
    parts.push(condition.text);
    Source::new(parts.join(" && "), AND)
}

/// The name of a sort for messages, with its article.
pub(super) fn kind(sort: Sort) -> &'static str {
    match sort {
        Sort::Unknown => "a value",
        Sort::Null => "null",
        Sort::Number => "a number",
        Sort::Text => "a text",
        Sort::List => "a list",
        Sort::Truth | Sort::Judgement => "a truth value",
    }
}
