//! Steps that do something: tasks, sub-processes and calls, and how often they do it.

use super::form::{Form, inputs, scalar_text, wrong};
use super::naming;
use super::scope::Begins;
use super::steps::Reader;
use super::tree::Tree;
use crate::draft::{DraftActivity, DraftKind, DraftTask, DraftWork};
use crate::people;
use crate::{
    AdHoc, Binding, Call, Concern, Container, DecisionTask, ErrorDefinition, Mapping,
    MultiInstance, People, Raise, Repeat, ResultShape, Retries, SubProcess, SubProcessKind,
    TaskKind, Work,
};

/// The words for how a task of an activity is drawn.
pub(super) const TASKS: [(&str, TaskKind); 6] = [
    ("service", TaskKind::Service),
    ("user", TaskKind::User),
    ("send", TaskKind::Send),
    ("rule", TaskKind::BusinessRule),
    ("throw", TaskKind::Throw),
    ("end", TaskKind::End),
];
/// The words for tasks that the engine has nothing to do for.
pub(super) const IDLE: [(&str, TaskKind); 2] =
    [("nothing", TaskKind::Abstract), ("manual", TaskKind::Manual)];

impl Reader<'_> {
    /// Reads a step that does something.
    pub(super) fn activity(&mut self, id: &str, kind: &str, form: &Form<'_>, next: Option<&str>) {
        let work = self.work(id, kind, form);
        let refused = work.is_none();
        let inner = work.as_ref().and_then(|work| match work {
            DraftWork::Other(Work::SubProcess(sub_process)) => {
                Some(matches!(sub_process.kind, SubProcessKind::AdHoc(_)))
            }
            _ => None,
        });
        let usual = match &work {
            Some(DraftWork::Other(work)) => naming::step_name(id, work),
            _ => naming::words(id),
        };
        let undoing = self.is_undoing(id);
        let ends = matches!(&work, Some(DraftWork::Task(task)) if task.kind == TaskKind::End);
        let next = next.filter(|_| !undoing && !ends);
        let draft = match work {
            None => DraftKind::Refused,
            Some(work) => DraftKind::Activity(Box::new(DraftActivity {
                inputs: form.parameters("with", self.flaws),
                outputs: form.parameters("out", self.flaws),
                repeat: self.repeat(id, form),
                retries: self.retries(id, form),
                start_quantity: self.quantity("needs", form),
                completion_quantity: self.quantity("makes", form),
                for_compensation: undoing,
                ..DraftActivity::of(work)
            })),
        };
        form.mark("undoes", self.flaws);
        let name = form.text("name", self.flaws).unwrap_or(usual);
        self.node(id.into(), name, form.line, draft);
        self.refuse_last(refused);
        self.then(id, form, next);
        self.boundaries(id, form);
        if let Some(ad_hoc) = inner {
            let startless = form.mark("startless", self.flaws);
            let begins = match (ad_hoc, startless) {
                (true, _) => Begins::AdHoc,
                (false, true) => Begins::Everywhere,
                (false, false) => Begins::Start,
            };
            self.steps(Some(id), form, begins);
        }
    }

    /// What is done; nothing when it cannot be told.
    fn work(&mut self, id: &str, kind: &str, form: &Form<'_>) -> Option<DraftWork> {
        Some(DraftWork::Other(match kind {
            "activity" => {
                let kind = self.word("task", TaskKind::Service, &TASKS, form);
                let activity = form.text("activity", self.flaws).map(|name| vec![name]);
                let raises = self.raises(id, form);
                let people = self.people(id, form);
                return Some(DraftWork::Task(DraftTask { kind, activity, raises, people }));
            }
            "do" => Work::Nothing(self.word("do", TaskKind::Abstract, &IDLE, form)),
            "script" => {
                let result = form.text("result", self.flaws);
                Work::Script { script: form.value("script", id, self.flaws)?, result }
            }
            "decide" => {
                let (binding, result) = (self.binding(id, form), form.text("result", self.flaws));
                let shape = self.shape(form);
                let tenant = form.template("tenant", id, self.flaws);
                let decision = form.template("decide", id, self.flaws)?;
                Work::Decision(DecisionTask { decision, binding, result, shape, tenant })
            }
            "send" => Work::Send(self.message(id, form, "send")?),
            "receive" => {
                let instantiate = form.mark("starts", self.flaws);
                Work::Receive { message: self.message(id, form, "receive")?, instantiate }
            }
            "call" => {
                let (binding, given, taken, kept) = (
                    self.binding(id, form),
                    self.mapping(id, "give", form),
                    self.mapping(id, "take", form),
                    form.inputs("keep", id, self.flaws),
                );
                let tenant = form.template("tenant", id, self.flaws);
                let business_key = form.template("businessKey", id, self.flaws);
                let process = form.template("call", id, self.flaws)?;
                Work::Call(Call { process, binding, tenant, business_key, given, taken, kept })
            }
            _ => {
                let variables = form.variables(id, self.flaws);
                let kind = self.sub_process(id, form);
                if form.list("steps", self.flaws).is_empty() {
                    let message = "a sub-process needs steps, at least one";
                    self.flaws.add("missing-key", id, form.line, message);
                }
                let contents = Container { variables, ..Container::default() };
                Work::SubProcess(SubProcess { kind, contents })
            }
        }))
    }

    /// Whose a user task is.
    fn people(&mut self, id: &str, form: &Form<'_>) -> Option<Box<People>> {
        let (known, before) = (Concern::ALL.map(Concern::word), self.flaws.count());
        let inner = form.form("people", &known, self.flaws)?;
        let mut people = People::default();
        for concern in Concern::ALL {
            let Some(entry) = inner.entry(concern.word()) else { continue };
            let text = match &entry.value.tree {
                Tree::List(items) => {
                    let names: Option<Vec<String>> = items.iter().map(scalar_text).collect();
                    names.map(|names| names.join(", "))
                }
                _ => scalar_text(&entry.value),
            };
            let Some(text) = text else {
                wrong(concern.word(), "a text, or a list of names", entry, self.flaws);
                continue;
            };
            let text = people::plain(concern, &text);
            let template = self.flaws.template(id, entry.line, concern.word(), &text);
            template.map(|template| people.put(concern, template));
        }
        let known = people.known();
        if known.is_none() && self.flaws.count() == before {
            let message = "people says whose the task is: with assignee, candidateUsers or \
                           candidateGroups";
            self.flaws.add("missing-key", id, inner.line, message);
        }
        known
    }

    /// The errors with which a task ends by a condition.
    fn raises(&mut self, id: &str, form: &Form<'_>) -> Vec<Raise> {
        let mut raises = Vec::new();
        for node in form.list("raise", self.flaws) {
            let known = ["error", "message", "when"];
            let Some(form) = Form::of(node, "an error", &known, self.flaws) else { continue };
            if !form.has("error") || !form.has("when") {
                let message = "an error that is raised has error, its code, and when";
                self.flaws.add("missing-key", id, form.line, message);
                continue;
            }
            let Some(code) = form.text("error", self.flaws) else { continue };
            if !self.flaws.code(id, form.line_of("error"), "error", &code) {
                continue;
            }
            let message = form.shared("message", id, self.flaws);
            let when = form.condition("when", id, self.flaws);
            let error =
                ErrorDefinition { code: Some(code.into()), message, ..ErrorDefinition::default() };
            raises.extend(when.map(|when| Raise { error, when }));
        }
        raises
    }

    /// One of some words.
    fn word(
        &mut self,
        key: &str,
        usual: TaskKind,
        words: &[(&str, TaskKind)],
        form: &Form<'_>,
    ) -> TaskKind {
        let Some(entry) = form.entry(key) else { return usual };
        let text = scalar_text(&entry.value);
        let found = words.iter().find(|(word, _)| Some(*word) == text.as_deref());
        if found.is_none() {
            let hint = self
                .flaws
                .hint(text.as_deref().unwrap_or_default(), words.iter().map(|(word, _)| *word));
            let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            let wanted = format!("one of {}{hint}", words.join(", "));
            wrong(key, &wanted, entry, self.flaws);
        }
        found.map_or(usual, |(_, kind)| *kind)
    }

    fn shape(&mut self, form: &Form<'_>) -> Option<ResultShape> {
        let entry = form.entry("shape")?;
        let shape = scalar_text(&entry.value).and_then(|word| ResultShape::named(&word));
        if shape.is_none() {
            wrong("shape", &format!("one of {}", ResultShape::words()), entry, self.flaws);
        }
        shape
    }

    fn binding(&mut self, id: &str, form: &Form<'_>) -> Binding {
        let given: Vec<&str> =
            ["version", "tag", "binding"].into_iter().filter(|key| form.has(key)).collect();
        if given.len() > 1 {
            let message = "one of version, tag and binding says which version is meant";
            self.flaws.add("wrong-shape", id, form.line_of(given[1]), message);
        }
        if let Some(version) = form.template("version", id, self.flaws) {
            return Binding::Version(version);
        }
        if let Some(tag) = form.template("tag", id, self.flaws) {
            return Binding::Tag(tag);
        }
        match form.text("binding", self.flaws).as_deref() {
            None | Some("latest") => Binding::Latest,
            Some("deployment") => Binding::Deployment,
            Some(_) => {
                if let Some(entry) = form.entry("binding") {
                    wrong("binding", "latest or deployment", entry, self.flaws);
                }
                Binding::Latest
            }
        }
    }

    /// Variables that pass between a caller and the called: `all`, a map, or a list of both.
    pub(super) fn mapping(&mut self, id: &str, key: &str, form: &Form<'_>) -> Mapping {
        let mut mapping = Mapping::default();
        let Some(entry) = form.entry(key) else { return mapping };
        let items = match &entry.value.tree {
            Tree::List(items) => &items[..],
            _ => std::slice::from_ref(&entry.value),
        };
        for item in items {
            match &item.tree {
                Tree::Map(entries) => {
                    mapping.entries.extend(inputs(id, entries, self.flaws));
                }
                Tree::Scalar(serde_json::Value::String(word)) if word == "all" => {
                    mapping.all = true;
                }
                _ => wrong(
                    key,
                    "all, a map from names to values, or a list of both",
                    entry,
                    self.flaws,
                ),
            }
        }
        mapping
    }

    /// How a sub-process behaves.
    fn sub_process(&mut self, id: &str, form: &Form<'_>) -> SubProcessKind {
        let transaction = form.mark("transaction", self.flaws);
        let Some(entry) = form.entry("adhoc") else {
            return match transaction {
                true => SubProcessKind::Transaction,
                false => SubProcessKind::Embedded,
            };
        };
        if transaction {
            let message = "a sub-process is either a transaction or ad hoc";
            self.flaws.add("wrong-shape", id, entry.line, message);
        }
        let mut ad_hoc =
            AdHoc { sequential: false, completion: None, cancel_remaining: true, active: None };
        match &entry.value.tree {
            Tree::Null | Tree::Scalar(serde_json::Value::Bool(true)) => {}
            Tree::Scalar(serde_json::Value::Bool(false)) => return SubProcessKind::Embedded,
            _ => {
                let known = ["order", "until", "keep", "active"];
                let Some(form) = form.form("adhoc", &known, self.flaws) else {
                    return SubProcessKind::AdHoc(ad_hoc);
                };
                ad_hoc.sequential = match form.text("order", self.flaws).as_deref() {
                    None | Some("parallel") => false,
                    Some("sequential") => true,
                    Some(_) => {
                        let message = "order takes parallel or sequential";
                        self.flaws.add("wrong-shape", id, form.line_of("order"), message);
                        false
                    }
                };
                ad_hoc.completion = form.condition("until", id, self.flaws);
                ad_hoc.cancel_remaining = !form.mark("keep", self.flaws);
                ad_hoc.active = form.value("active", id, self.flaws);
            }
        }
        SubProcessKind::AdHoc(ad_hoc)
    }

    /// How often an activity is done.
    fn repeat(&mut self, id: &str, form: &Form<'_>) -> Option<Repeat> {
        let given: Vec<&str> =
            ["each", "loop", "while"].into_iter().filter(|key| form.has(key)).collect();
        if given.len() > 1 {
            let message = "one of each, loop and while says how often a step is done";
            self.flaws.add("wrong-shape", id, form.line_of(given[1]), message);
        }
        match given.first().copied()? {
            "each" => self.each(id, form).map(|each| Repeat::Multiple(Box::new(each))),
            "while" => {
                let condition = form.condition("while", id, self.flaws);
                Some(Repeat::Standard { condition, before: true, maximum: None })
            }
            _ => {
                let form = form.form("loop", &["while", "before", "most"], self.flaws)?;
                let condition = form.condition("while", id, self.flaws);
                let before = form.mark("before", self.flaws);
                let maximum = form.template("most", id, self.flaws);
                Some(Repeat::Standard { condition, before, maximum })
            }
        }
    }

    /// When an activity that failed is tried again: one text, or a list of durations.
    fn retries(&mut self, id: &str, form: &Form<'_>) -> Option<Retries> {
        let entry = form.entry("retry")?;
        let text = match &entry.value.tree {
            Tree::List(items) => {
                let spans: Option<Vec<String>> = items.iter().map(scalar_text).collect();
                spans.map(|spans| spans.join(","))
            }
            _ => scalar_text(&entry.value),
        };
        if text.is_none() {
            wrong("retry", "a text such as R5/PT10M, or a list of durations", entry, self.flaws);
        }
        self.flaws.retries(id, entry.line, "retry", &text?)
    }

    fn each(&mut self, id: &str, form: &Form<'_>) -> Option<MultiInstance> {
        let known = ["in", "as", "times", "sequential", "until", "collect"];
        let form = form.form("each", &known, self.flaws)?;
        if !form.has("in") && !form.has("times") {
            let message = "each says with in for which list, or with times how often";
            self.flaws.add("missing-key", id, form.line, message);
        }
        let collection = form.value("in", id, self.flaws);
        let cardinality = form.template("times", id, self.flaws);
        let element = form.text("as", self.flaws);
        let sequential = form.mark("sequential", self.flaws);
        let completion = form.condition("until", id, self.flaws);
        let mut gathered = None;
        if let Some(form) = form.form("collect", &["into", "value"], self.flaws) {
            let into = form.text("into", self.flaws);
            let value = form
                .entry("value")
                .and_then(|entry| inputs(id, std::slice::from_ref(entry), self.flaws).pop());
            if !form.has("into") || !form.has("value") {
                let message = "collect says a value, and into which variable";
                self.flaws.add("missing-key", id, form.line, message);
            }
            gathered = into.zip(value).map(|(into, (_, value))| (into, value));
        }
        Some(MultiInstance { sequential, cardinality, collection, element, completion, gathered })
    }

    /// A number of paths, 1 unless the text says otherwise.
    fn quantity(&mut self, key: &str, form: &Form<'_>) -> u32 {
        form.number(key, self.flaws).unwrap_or(1)
    }
}
