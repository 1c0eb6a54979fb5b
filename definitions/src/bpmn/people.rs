//! Whose a user task is: the words of Camunda 7 and 8, and those of the standard (BPMN 2.0.2
//! §10.3.4.1, human performers and potential owners).

use super::element::Element;
use super::extensions::Extensions;
use super::reader::Reader;
use crate::expression::end_of;
use crate::people::{self, Concern, People};

/// The children of a user task that say whose it is.
pub(super) const OWNERS: [&str; 2] = ["humanPerformer", "potentialOwner"];

/// The elements of Camunda 8 that do, and what each says.
const ZEEBE: [(&str, &[Concern]); 3] = [
    (
        "zeebe:assignmentDefinition",
        &[Concern::Assignee, Concern::CandidateUsers, Concern::CandidateGroups],
    ),
    ("zeebe:taskSchedule", &[Concern::DueDate, Concern::FollowUpDate]),
    ("zeebe:priorityDefinition", &[Concern::Priority]),
];

/// Their names.
pub(super) const SCHEDULE: [&str; 3] = [ZEEBE[0].0, ZEEBE[1].0, ZEEBE[2].0];

/// The attributes of Camunda 7 that say whose a user task is.
pub(super) const WHOSE: [&str; 3] = ["assignee", "candidateUsers", "candidateGroups"];

impl Reader<'_, '_> {
    /// Reads whose a user task is; nothing where it is the end user's.
    pub(super) fn people(
        &mut self,
        element: &Element,
        found: &Extensions<'_>,
    ) -> Option<Box<People>> {
        let mut people = People::default();
        for concern in Concern::ALL {
            if let Some(text) = element.given_camunda(concern.word()) {
                self.say(&mut people, element, concern, text);
            }
        }
        for (name, concerns) in ZEEBE {
            let Some(at) = found.one(name, self.flaws) else { continue };
            let words: Vec<&str> = concerns.iter().map(|concern| concern.word()).collect();
            at.allow(&words, &[], self.flaws);
            at.nothing_inside(self.flaws);
            for concern in concerns {
                if let Some(text) = at.given(concern.word()) {
                    self.say(&mut people, at, *concern, text);
                }
            }
        }
        let (mut users, mut groups) = (Vec::new(), Vec::new());
        let mut owned = None;
        for child in element.children.iter().filter(|c| OWNERS.iter().any(|name| c.is(name))) {
            let Some(text) = self.resource(child) else { continue };
            if child.is("humanPerformer") {
                self.say(&mut people, child, Concern::Assignee, text);
                continue;
            }
            owned = Some(child);
            for one in parts(text) {
                match (within(one, "user("), within(one, "group(")) {
                    (Some(user), _) => users.push(user),
                    (None, Some(group)) => groups.push(group),
                    (None, None) => groups.push(one),
                }
            }
        }
        for (names, concern) in
            [(users, Concern::CandidateUsers), (groups, Concern::CandidateGroups)]
        {
            if let Some(child) = owned.filter(|_| !names.is_empty()) {
                self.say(&mut people, child, concern, &names.join(", "));
            }
        }
        people.known()
    }

    fn say(&mut self, people: &mut People, at: &Element, concern: Concern, text: &str) {
        let Some(template) = self.template(at, concern.word(), &people::plain(concern, text))
        else {
            return;
        };
        if !people.put(concern, template) {
            let message = format!("the {} of a user task is said twice; keep one", concern.word());
            at.tell(self.flaws, "wrong-shape", message);
        }
    }

    /// The expression that assigns people (§8.4.10).
    fn resource<'e>(&mut self, owner: &'e Element) -> Option<&'e str> {
        let before = self.flaws.count();
        owner.allow(&["id", "name"], &[], self.flaws);
        owner.no_text(self.flaws);
        let mut text = None;
        for child in owner.children.iter().filter(|child| !child.is("documentation")) {
            if !child.is("resourceAssignmentExpression") {
                let message = "people are named by a resourceAssignmentExpression; nobody else \
                               knows the resources of a file";
                child.tell(self.flaws, "unsupported-element", message);
                continue;
            }
            child.allow(&["id"], &[], self.flaws);
            child.no_text(self.flaws);
            for inner in &child.children {
                match inner.is("formalExpression") || inner.is("expression") {
                    true => text = Some(inner.words()),
                    false => inner.refuse(child, self.flaws),
                }
            }
        }
        let given = text.filter(|text| !text.is_empty());
        if given.is_none() && self.flaws.count() == before {
            let message = format!("{} names nobody; say who in an expression", owner.name);
            owner.tell(self.flaws, "missing-element", message);
        }
        given
    }
}

/// The parts of a list between commas, but for those in expressions.
fn parts(text: &str) -> Vec<&str> {
    let (mut parts, mut from, mut at) = (Vec::new(), 0, 0);
    while let Some(found) = text.get(at..).and_then(|rest| rest.find(['$', ',', '#'])) {
        at += found;
        if text[at..].starts_with(',') {
            parts.push(text[from..at].trim());
            at += 1;
            from = at;
        } else if let Some(inside) = text.get(at + 2..).filter(|_| text[at + 1..].starts_with('{'))
        {
            at += 2 + end_of(inside).map_or(0, |length| length + 1);
        } else {
            at += 1;
        }
    }
    parts.push(text[from..].trim());
    parts.retain(|part| !part.is_empty());
    parts
}

/// What stands between the brackets of `user(…)` or `group(…)`.
fn within<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    Some(text.strip_prefix(word)?.strip_suffix(')')?.trim())
}
