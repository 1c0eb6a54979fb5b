//! Generated forms of Camunda 7: the fields that a user task carries become the form that it shows.

mod field;

use super::element::Element;
use super::extensions::Extensions;
use super::reader::Reader;
use super::tasks::FORM;
use crate::TaskKind;
use crate::draft::{DraftActivity, DraftTask, DraftWork, Parameter, Raw};
use crate::expression::{end_of, literal};
use field::{DATES, Field, Type};
use serde_json::Value;
use std::collections::BTreeSet;

/// The words with which a user task carries fields: the one of today, and the one before it.
pub(super) const FIELDS: [&str; 2] = ["camunda:formData", "camunda:formProperty"];

/// What names another form or activity, as an attribute and as an element.
const NAMING: [&str; 4] = ["formKey", "formRef", "delegateExpression", "class"];
const BESIDE: [&str; 5] = [
    "zeebe:taskDefinition",
    "zeebe:taskHeaders",
    "zeebe:userTask",
    "zeebe:formDefinition",
    "camunda:field",
];

fn constant(value: impl Into<Value>) -> Raw {
    Raw::Constant(value.into())
}

fn member(name: &str, value: Raw) -> (String, Raw) {
    (name.to_owned(), value)
}

fn refused(element: &Element, reader: &mut Reader<'_, '_>, message: String) {
    element.tell(reader.flaws, "unsupported-value", message);
}

impl<'x> Reader<'x, '_> {
    /// Reads a user task that carries the fields of its form; nothing when it carries none.
    pub(super) fn generated_form(
        &mut self,
        element: &'x Element,
        found: &mut Extensions<'x>,
    ) -> Option<DraftActivity> {
        let data = found.one(FIELDS[0], self.flaws);
        let properties: Vec<&Element> = found.all(FIELDS[1]).collect();
        let at = data.or(properties.first().copied())?;
        let named = NAMING.iter().find(|name| element.camunda(name).is_some());
        let beside = BESIDE.iter().find(|name| found.all(name).next().is_some()).copied();
        let both = data.is_some() && !properties.is_empty();
        let other = named.map(|name| format!("camunda:{name}"));
        let other = other.or(beside.or(both.then_some(FIELDS[1])).map(str::to_owned));
        if let Some(other) = other {
            let message = format!(
                "the fields of a user task are its form, and {other} says otherwise; take one away"
            );
            refused(at, self, message);
        }
        let mut fields: Vec<Field<'x>> = Vec::new();
        if let Some(data) = data {
            data.allow(&["businessKey"], &[], self.flaws);
            data.no_text(self.flaws);
            if data.given("businessKey").is_some() {
                let message = "whoever creates the instance gives its business key; take \
                               businessKey away";
                refused(data, self, message.into());
            }
            for child in &data.children {
                match child.is_camunda("formField") {
                    true => fields.extend(self.form_field(child)),
                    false => child.refuse(data, self.flaws),
                }
            }
        }
        for property in properties {
            fields.extend(self.form_property(property));
        }
        let activity = vec![FORM.0.to_owned()];
        self.listen(element, &activity, &found.listeners);
        let (kind, raises, people) =
            (TaskKind::User, self.raises(found), self.people(element, found));
        let task = DraftTask { kind, activity: Some(activity), raises, people };
        let outputs = self.kept(element, &fields, &found.outputs);
        let mut draft = DraftActivity::of(DraftWork::Task(task));
        draft.inputs = self.shown(element, at.line, &fields, &found.inputs);
        draft.inputs.append(&mut found.inputs);
        draft.outputs = outputs;
        draft.outputs.append(&mut found.outputs);
        Some(draft)
    }

    /// The parameters of the activity: the form, and where the answer is kept.
    fn shown(
        &mut self,
        element: &Element,
        line: u32,
        fields: &[Field<'x>],
        given: &[Parameter],
    ) -> Vec<Parameter> {
        let heading = &self.draft.heading;
        let mut languages = heading.default_language.iter().chain(&heading.supported_languages);
        let language = languages.next().cloned().unwrap_or_else(|| "en".to_owned());
        let title = Some(element.title()).filter(|title| !title.is_empty());
        let title = self.words(element, "name", title.as_deref(), element.id(), &language);
        let components =
            fields.iter().filter_map(|field| self.component(field, &language)).collect();
        let form =
            Raw::Map(vec![member("title", title), member("components", Raw::List(components))]);
        let mut inputs = vec![
            ("dataForm", form),
            ("formDataKey", constant(element.id())),
            // There a form may be answered as often as the process comes to it.
            ("maxAttempts", constant(u32::MAX)),
        ];
        inputs.retain(|(name, _)| {
            *name != "maxAttempts" || given.iter().all(|input| input.name != *name)
        });
        let parameter = |(name, value): (&str, Raw)| Parameter { name: name.into(), line, value };
        inputs.into_iter().map(parameter).collect()
    }

    /// The outputs that make each field a variable, before those that the task has itself.
    fn kept(
        &mut self,
        element: &Element,
        fields: &[Field<'x>],
        own: &[Parameter],
    ) -> Vec<Parameter> {
        let (mut ids, mut variables) = (BTreeSet::new(), BTreeSet::new());
        let mut kept = Vec::new();
        for field in fields {
            let twice = !ids.insert(field.id) || !variables.insert(field.variable);
            if twice || own.iter().any(|output| output.name == field.variable) {
                let name = crate::excerpt(field.variable);
                let message = match twice {
                    true => format!("the field {name} is there twice; keep one"),
                    false => format!(
                        "the field {name} sets a variable that an output of the task sets as \
                         well; name the output otherwise"
                    ),
                };
                refused(field.element, self, message);
            }
            let (key, id) = (literal(element.id()), literal(field.id));
            let value = Raw::Text(format!("${{_customFormData[{key}][{id}]}}"));
            let name = field.variable.to_owned();
            kept.push(Parameter { name, line: field.element.line, value });
        }
        kept
    }

    /// A text of the file as a localised one.
    fn words(
        &mut self,
        at: &Element,
        what: &str,
        text: Option<&str>,
        otherwise: &str,
        language: &str,
    ) -> Raw {
        let text = text.and_then(|text| self.ours(at, what, text)).map(Raw::Text);
        let text = text.unwrap_or_else(|| constant(otherwise));
        Raw::Map(vec![member("values", Raw::Map(vec![member(language, text)]))])
    }

    /// A field as a component of our forms.
    fn component(&mut self, field: &Field<'x>, language: &str) -> Option<Raw> {
        let kind = match field.takes {
            Type::Text => "text",
            Type::Whole => "number",
            Type::Truth => "checkbox",
            Type::Date(_) => "date",
            Type::Choice => "select",
        };
        let label = self.words(field.element, "label", field.label, field.id, language);
        let mut members = vec![
            member("type", constant(kind)),
            member("id", constant(field.id)),
            member("label", label),
            member("default", self.first_value(field)?),
        ];
        if field.read_only {
            members.push(member("readOnly", constant(true)));
        }
        if let Type::Date(pattern) = field.takes {
            members.push(member("defaultDateFormat", constant(DATES[pattern].1)));
        }
        if field.takes == Type::Choice {
            let option = |(id, name): &(&str, &str)| {
                let label = Raw::Map(vec![member(language, constant(*name))]);
                let label = Raw::Map(vec![member("values", label)]);
                Raw::Map(vec![member("value", constant(*id)), member("label", label)])
            };
            let options = field.values.iter().map(option).collect();
            members.push(member("options", Raw::List(options)));
        }
        if !field.rules.is_empty() {
            let rule = |(name, value): &(&str, Value)| member(name, constant(value.clone()));
            members.push(member("validate", Raw::Map(field.rules.iter().map(rule).collect())));
        }
        Some(Raw::Map(members))
    }

    /// What a field begins with: its variable if there is one already, else its default.
    fn first_value(&mut self, field: &Field<'x>) -> Option<Raw> {
        let variable = literal(field.variable);
        let known = format!("execution.getVariable({variable})");
        let Some(default) = field.default else {
            return Some(Raw::Text(format!("${{{known}}}")));
        };
        let text = self.ours(field.element, "the default", default)?;
        let at = field.element;
        let template = self.flaws.template(&at.owner, at.line, "the default", &text)?;
        let otherwise = match template.constant() {
            None => expression(&text),
            Some(Value::String(text)) => self.fitting(field, text)?,
            Some(other) => other.to_string(),
        };
        Some(Raw::Text(format!("${{execution.hasVariable({variable}) ? {known} : {otherwise}}}")))
    }

    /// A default that is no expression, as an expression of its type.
    fn fitting(&mut self, field: &Field<'x>, text: &str) -> Option<String> {
        let (fits, wanted) = match field.takes {
            Type::Text => (true, String::new()),
            Type::Whole => (text.parse::<i64>().is_ok(), "a whole number".to_owned()),
            Type::Truth => (["true", "false"].contains(&text), "true or false".to_owned()),
            Type::Date(pattern) => {
                (is_date(text, DATES[pattern].0), format!("a date as {}", DATES[pattern].0))
            }
            Type::Choice => {
                (field.values.iter().any(|(id, _)| *id == text), "one of its values".to_owned())
            }
        };
        if !fits {
            let (id, text) = (field.id, crate::excerpt(text));
            let message = format!("the default of {id} is {wanted}, not {text}");
            field.element.tell(self.flaws, "wrong-type", message);
            return None;
        }
        Some(match field.takes {
            Type::Whole | Type::Truth => text.to_owned(),
            _ => literal(text),
        })
    }
}

/// Whether a text has digits where a pattern has letters, and is the same elsewhere.
fn is_date(text: &str, pattern: &str) -> bool {
    let fits = |(one, wanted): (u8, u8)| match wanted.is_ascii_alphabetic() {
        true => one.is_ascii_digit(),
        false => one == wanted,
    };
    text.len() == pattern.len() && text.bytes().zip(pattern.bytes()).all(fits)
}

/// A template as one expression.
fn expression(text: &str) -> String {
    let (mut parts, mut plain, mut rest) = (Vec::new(), String::new(), text);
    while let Some((before, inside)) = rest.split_once("${") {
        rest = inside;
        if let Some(kept) = before.strip_suffix('\\') {
            plain.push_str(&format!("{kept}${{"));
            continue;
        }
        plain.push_str(before);
        if !plain.is_empty() {
            parts.push(literal(&std::mem::take(&mut plain)));
        }
        let end = end_of(inside).unwrap_or(inside.len());
        parts.push(format!("({})", inside[..end].trim()));
        rest = inside.get(end + 1..).unwrap_or_default();
    }
    plain.push_str(rest);
    if !plain.is_empty() {
        parts.push(literal(&plain));
    }
    parts.join(" += ")
}
