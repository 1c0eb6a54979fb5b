//! The fields of a generated form, as a user task carries them.

use super::super::element::Element;
use super::super::formal::is_name;
use super::super::reader::Reader;
use super::refused;
use serde_json::Value;

/// The longest id of a field, in characters.
const LONGEST_ID: usize = 100;
/// How a date may be written, there and in our forms; the first is the usual one.
pub(super) const DATES: [(&str, &str); 4] = [
    ("dd/MM/yyyy", "DD/MM/YYYY"),
    ("yyyy-MM-dd", "YYYY-MM-DD"),
    ("MM/dd/yyyy", "MM/DD/YYYY"),
    ("dd.MM.yyyy", "DD.MM.YYYY"),
];

/// What a field takes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    Text,
    Whole,
    Truth,
    /// A date, by its pattern among [`DATES`].
    Date(usize),
    Choice,
}

const TYPES: [(&str, Type); 5] = [
    ("string", Type::Text),
    ("long", Type::Whole),
    ("boolean", Type::Truth),
    ("date", Type::Date(0)),
    ("enum", Type::Choice),
];

/// One field, whichever word it is written with.
pub(super) struct Field<'x> {
    pub(super) element: &'x Element,
    pub(super) id: &'x str,
    /// The variable that it shows and sets.
    pub(super) variable: &'x str,
    pub(super) label: Option<&'x str>,
    pub(super) default: Option<&'x str>,
    pub(super) takes: Type,
    pub(super) read_only: bool,
    /// The members of `validate`.
    pub(super) rules: Vec<(&'static str, Value)>,
    /// The values of an enum, each with its name.
    pub(super) values: Vec<(&'x str, &'x str)>,
}

impl<'x> Reader<'x, '_> {
    /// Reads `camunda:formField`.
    pub(super) fn form_field(&mut self, element: &'x Element) -> Option<Field<'x>> {
        let known = ["id", "label", "type", "datePattern", "defaultValue"];
        element.allow(&known, &[], self.flaws);
        element.no_text(self.flaws);
        let mut field = self.field(element)?;
        field.label = element.given("label");
        field.default = element.given("defaultValue");
        for child in &element.children {
            if child.is_camunda("validation") {
                child.allow(&[], &[], self.flaws);
                child.no_text(self.flaws);
                for constraint in &child.children {
                    match constraint.is_camunda("constraint") {
                        true => self.constraint(constraint, &mut field),
                        false => constraint.refuse(child, self.flaws),
                    }
                }
            } else if !child.is_camunda("properties") && !child.is_camunda("value") {
                child.refuse(element, self.flaws);
            }
        }
        Some(field)
    }

    /// Reads `camunda:formProperty`, as files of before 7.2 have fields.
    pub(super) fn form_property(&mut self, element: &'x Element) -> Option<Field<'x>> {
        let known = [
            "id",
            "name",
            "type",
            "datePattern",
            "default",
            "variable",
            "required",
            "writable",
            "readable",
        ];
        element.allow(&known, &[], self.flaws);
        element.no_text(self.flaws);
        element.only("readable", "true", self.flaws);
        let values = |child: &&Element| !child.is_camunda("value");
        element.children.iter().filter(values).for_each(|child| child.refuse(element, self.flaws));
        let mut field = self.field(element)?;
        field.label = element.given("name");
        field.default = element.given("default");
        field.variable = element.given("variable").unwrap_or(field.id);
        self.named(element, field.variable)?;
        field.read_only = !element.truth("writable", true, self.flaws);
        if element.truth("required", false, self.flaws) {
            field.rules.push(("required", true.into()));
        }
        Some(field)
    }

    /// What the two words have in common: the id, the type and the values.
    fn field(&mut self, element: &'x Element) -> Option<Field<'x>> {
        element.required("id", self.flaws);
        let id = element.given("id")?;
        self.named(element, id)?;
        let takes = self.type_of(element, id)?;
        let mut values: Vec<(&str, &str)> = Vec::new();
        for value in element.children.iter().filter(|child| child.is_camunda("value")) {
            value.allow(&["id", "name"], &[], self.flaws);
            value.nothing_inside(self.flaws);
            value.required("id", self.flaws);
            let Some(one) = value.given("id") else { continue };
            if values.iter().any(|(known, _)| *known == one) {
                let one = crate::excerpt(one);
                refused(value, self, format!("the value {one} is there twice; keep one"));
            }
            values.push((one, value.given("name").unwrap_or(one)));
        }
        if (takes == Type::Choice) == values.is_empty() {
            let message = match takes {
                Type::Choice => format!("the enum {id} needs values, each a camunda:value"),
                _ => format!("only an enum has values; take them away from {id}, or make it one"),
            };
            refused(element, self, message);
        }
        let (label, default, read_only) = (None, None, false);
        let rules = Vec::from_iter((takes == Type::Whole).then_some(("whole", true.into())));
        Some(Field { element, id, variable: id, label, default, takes, read_only, rules, values })
    }

    /// A field is a variable, so its name has to be that of one.
    fn named(&mut self, element: &Element, name: &str) -> Option<()> {
        if is_name(name) && name.chars().count() <= LONGEST_ID {
            return Some(());
        }
        let name = crate::excerpt(name);
        let message = format!(
            "\"{name}\" cannot be the id of a field, which becomes a variable; use at most \
             {LONGEST_ID} letters, digits and underscores"
        );
        element.tell(self.flaws, "invalid-variable", message);
        None
    }

    fn type_of(&mut self, element: &Element, id: &str) -> Option<Type> {
        let name = element.given("type").unwrap_or("string");
        let Some((_, takes)) = TYPES.iter().find(|(known, _)| *known == name) else {
            let message = format!(
                "the field {id} is of the type {}, and only string, long, boolean, date and enum \
                 are known; take one of them, or deploy a custom data form and name it as \
                 camunda:formRef",
                crate::excerpt(name)
            );
            refused(element, self, message);
            return None;
        };
        let Some(pattern) = element.given("datePattern").filter(|_| *takes == Type::Date(0)) else {
            return Some(*takes);
        };
        let found = DATES.iter().position(|(known, _)| *known == pattern);
        if found.is_none() {
            let known = DATES.map(|(known, _)| known).join(", ");
            let pattern = crate::excerpt(pattern);
            let message = format!("the datePattern {pattern} of {id} is none of {known}; take one");
            refused(element, self, message);
        }
        found.map(Type::Date)
    }

    /// Reads one rule of a field.
    fn constraint(&mut self, element: &Element, field: &mut Field<'_>) {
        element.allow(&["name", "config"], &[], self.flaws);
        element.nothing_inside(self.flaws);
        let name = element.required("name", self.flaws);
        let config = element.given("config");
        let number = config.and_then(|config| config.parse::<i64>().ok());
        let length = number.filter(|number| u32::try_from(*number).is_ok());
        let rule = match (name.as_str(), field.takes) {
            ("required" | "readonly", _) if matches!(config, None | Some("true")) => {
                match name.as_str() {
                    "readonly" => return field.read_only = true,
                    _ => Some(("required", Value::Bool(true))),
                }
            }
            ("min", Type::Whole) => number.map(|number| ("min", number.into())),
            ("max", Type::Whole) => number.map(|number| ("max", number.into())),
            ("minlength", Type::Text) => length.map(|length| ("minLength", length.into())),
            ("maxlength", Type::Text) => length.map(|length| ("maxLength", length.into())),
            _ => None,
        };
        if let Some((rule, value)) = rule {
            return field.rules.push((rule, value));
        }
        let (id, name) = (field.id, crate::excerpt(&name));
        let message = match name.as_str() {
            "" => return,
            "validator" => format!(
                "no Java is run to validate {id}; take the validator away, or ask a condition \
                 after the task"
            ),
            "required" | "readonly" => {
                format!("the constraint {name} of {id} has no config but true; take it away")
            }
            "min" | "max" | "minlength" | "maxlength" => format!(
                "the constraint {name} of {id} takes a whole number, min and max on a long, \
                 minlength and maxlength on a string"
            ),
            _ => format!(
                "the constraint {name} of {id} is none of required, readonly, min, max, minlength \
                 and maxlength; take it away"
            ),
        };
        refused(element, self, message);
    }
}
