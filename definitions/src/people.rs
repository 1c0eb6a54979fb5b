//! People: whose a user task is where it is not the end user's (BPMN 2.0.2 §10.3.4.1, and the words
//! of Camunda 7 and 8).

use crate::expression::text_of;
use crate::{Scope, Template, Timer};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// The activity that others than the end user may be given: it shows a form.
pub(crate) const FORM: &str = "customDataForm";

/// What is said of the people who do a user task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Concern {
    /// Who does it (human performer): a text, or null for nobody yet.
    Assignee,
    /// Who may do it (potential owners): a list of texts, or one text with commas between them.
    CandidateUsers,
    /// Whose members may do it, in the same way.
    CandidateGroups,
    /// When it should be done: a date and time (RFC 3339).
    DueDate,
    /// When somebody should look at it again, in the same way.
    FollowUpDate,
    /// How urgent it is: a whole number.
    Priority,
}

impl Concern {
    /// All of them, in the order in which they are written.
    pub(crate) const ALL: [Concern; 6] = [
        Concern::Assignee,
        Concern::CandidateUsers,
        Concern::CandidateGroups,
        Concern::DueDate,
        Concern::FollowUpDate,
        Concern::Priority,
    ];

    /// Its word, the same in YAML and in files of Camunda.
    pub fn word(self) -> &'static str {
        match self {
            Concern::Assignee => "assignee",
            Concern::CandidateUsers => "candidateUsers",
            Concern::CandidateGroups => "candidateGroups",
            Concern::DueDate => "dueDate",
            Concern::FollowUpDate => "followUpDate",
            Concern::Priority => "priority",
        }
    }

    /// Whether it says whose the task is.
    fn says_whose(self) -> bool {
        matches!(self, Concern::Assignee | Concern::CandidateUsers | Concern::CandidateGroups)
    }
}

/// The people who do a user task. Whoever has the link of the journey does not.
#[derive(Clone, Debug, Default)]
pub struct People(BTreeMap<Concern, Template>);

/// A text that names several people, with commas and one blank between them.
pub(crate) fn plain(concern: Concern, text: &str) -> String {
    let several = matches!(concern, Concern::CandidateUsers | Concern::CandidateGroups);
    if !several || text.contains(['{', '=']) {
        return text.trim().to_owned();
    }
    let names = text.split(',').map(str::trim).filter(|name| !name.is_empty());
    names.collect::<Vec<_>>().join(", ")
}

impl People {
    /// Says one thing more; false where it was said already.
    pub(crate) fn put(&mut self, concern: Concern, value: Template) -> bool {
        self.0.insert(concern, value).is_none()
    }

    /// Itself, if it says whose the task is.
    pub(crate) fn known(self) -> Option<Box<People>> {
        self.0.keys().any(|concern| concern.says_whose()).then(|| Box::new(self))
    }

    /// Whose the task is when it begins.
    ///
    /// # Errors
    /// What has no value, or one that is none of its kind, in words.
    pub fn assignment(&self, scope: &dyn Scope, now: Timestamp) -> Result<Assignment, String> {
        let mut assignment = Assignment::default();
        for (concern, template) in self.iter() {
            let word = concern.word();
            let value = template.evaluate(scope).map_err(|flaw| format!("{word}: {flaw}"))?;
            assignment.take(concern, &value, now).map_err(|flaw| format!("{word}: {flaw}"))?;
        }
        Ok(assignment)
    }

    /// What is wrong with values that no variable changes, each as a clause.
    pub(crate) fn flaws(&self) -> impl Iterator<Item = String> {
        self.iter().filter_map(|(concern, template)| {
            let mut taken = Assignment::default();
            let taken = taken.take(concern, template.constant()?, Timestamp::UNIX_EPOCH);
            taken.err().map(|flaw| format!("{}: {flaw}", concern.word()))
        })
    }

    /// What is said, in order.
    pub fn iter(&self) -> impl Iterator<Item = (Concern, &Template)> {
        self.0.iter().map(|(concern, value)| (*concern, value))
    }
}

/// The longest name of a person or a group in bytes.
const LONGEST_NAME: usize = 256;
/// The most candidates of one kind.
const MOST_CANDIDATES: usize = 100;

/// Whose a user task is while it waits.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Assignment {
    /// Who does it; nobody yet if it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<String>,
    /// Who may do it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub candidate_users: Vec<String>,
    /// Whose members may do it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub candidate_groups: Vec<String>,
    /// When it should be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_date: Option<Timestamp>,
    /// When somebody should look at it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follow_up_date: Option<Timestamp>,
    /// How urgent it is; the larger, the more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<i64>,
}

impl Assignment {
    /// Whether a text may be the name of a person or a group.
    ///
    /// # Errors
    /// Why not, as a clause.
    pub fn check_name(name: &str) -> Result<(), String> {
        if name.is_empty() || name.trim() != name {
            return Err("a name is a text without blanks around it".into());
        }
        if name.len() > LONGEST_NAME {
            return Err(format!("a name has at most {LONGEST_NAME} bytes"));
        }
        Ok(())
    }

    fn take(&mut self, concern: Concern, value: &Value, now: Timestamp) -> Result<(), String> {
        match concern {
            Concern::Assignee => self.assignee = one(value)?.map(name).transpose()?,
            Concern::CandidateUsers => self.candidate_users = candidates(value)?,
            Concern::CandidateGroups => self.candidate_groups = candidates(value)?,
            Concern::DueDate => self.due_date = date(value, now)?,
            Concern::FollowUpDate => self.follow_up_date = date(value, now)?,
            Concern::Priority => {
                let number = one(value)?.map(|text| text.parse()).transpose();
                self.priority = number.map_err(|_| "it is no whole number".to_owned())?;
            }
        }
        Ok(())
    }
}

/// A single text; nothing of null or a blank one.
fn one(value: &Value) -> Result<Option<String>, String> {
    if value.is_array() || value.is_object() {
        return Err("it is a list or a map, not one text".into());
    }
    Ok(Some(text_of(value)?.trim().to_owned()).filter(|text| !text.is_empty()))
}

fn name(text: String) -> Result<String, String> {
    Assignment::check_name(&text).map(|()| text)
}

/// A list of names, or one text with commas between them; each name once.
fn candidates(value: &Value) -> Result<Vec<String>, String> {
    let texts = match value {
        Value::Array(items) => {
            items.iter().filter_map(|item| one(item).transpose()).collect::<Result<_, _>>()?
        }
        _ => one(value)?
            .iter()
            .flat_map(|text| text.split(','))
            .map(|name| name.trim().to_owned())
            .collect::<Vec<_>>(),
    };
    let mut names: Vec<String> = Vec::new();
    for text in texts.into_iter().filter(|text| !text.is_empty()) {
        if !names.contains(&text) {
            names.push(name(text)?);
        }
        if names.len() > MOST_CANDIDATES {
            return Err(format!("there are more than {MOST_CANDIDATES} candidates; name a group"));
        }
    }
    Ok(names)
}

/// A date and time, or a duration from now on.
fn date(value: &Value, now: Timestamp) -> Result<Option<Timestamp>, String> {
    let Some(text) = one(value)? else { return Ok(None) };
    let kind = if text.starts_with('P') { Timer::Duration } else { Timer::Date };
    let due = kind(Template::of_constant(text.into())).schedule(&Nothing, now);
    Ok(Some(due.map_err(|flaw| flaw.message)?.due))
}

/// Sees no variables.
struct Nothing;

impl Scope for Nothing {
    fn variable(&self, _: &str) -> Option<&Value> {
        None
    }

    fn local(&self, _: &str) -> Option<&Value> {
        None
    }
}
