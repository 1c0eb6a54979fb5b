//! Says what an activity looks like from outside: its parameters, errors and outputs, read off its declaration.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde::de::value::Error as Unread;
use serde::de::{DeserializeOwned, Deserializer, Error as _, Visitor};
use serde::{Serialize, forward_to_deserialize_any};
use serde_json::{Map, Value};

use crate::{Acts, EventCode};

/// Everything that a designer, a manual or the check of a definition has to know about an activity.
#[derive(Serialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct Shape {
    /// Canonical name, for example `addUser`.
    pub name: String,
    /// Name that people read, for example `Add User`.
    pub label: String,
    /// Group of the palette in which a designer shows the activity.
    pub category: String,
    /// Other names under which definitions call the activity.
    pub aliases: Vec<String>,
    /// What the activity does, in full sentences.
    pub doc: String,
    /// Where the activity acts.
    pub acts: Acts,
    /// The parameters, in the order of their declaration.
    pub parameters: Vec<ParameterShape>,
    /// The error events that a boundary event may catch.
    pub errors: Vec<ErrorShape>,
    /// The local results that an output parameter may read.
    pub outputs: Vec<OutputShape>,
}

/// One parameter of an activity.
#[derive(Serialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct ParameterShape {
    /// Name in the definition, for example `storeName`.
    pub name: String,
    /// Name that people read, for example `Store Name`.
    pub label: String,
    /// Type to which a given value is coerced.
    pub kind: Kind,
    /// Type of the members of a list or a map; `Any` for everything else.
    pub members: Kind,
    /// Whether a definition has to give it: it has no default and the activity cannot do without.
    pub required: bool,
    /// Whether it is never empty: it is required, or its default stands in. Declared as
    /// `#[schemars(extend("x-required" = true))]` where there is a default.
    pub filled: bool,
    /// Value that holds when none is given.
    pub default: Option<Value>,
    /// The texts that are allowed, when the set is closed; empty otherwise.
    pub choices: Vec<String>,
    /// What the parameter means, in full sentences.
    pub doc: String,
}

/// One error event of an activity.
#[derive(Serialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct ErrorShape {
    /// Error code that a boundary event names, for example `ExtIdNotUnique`.
    pub code: String,
    /// Name that people read, for example `ExtId Not Unique`.
    pub label: String,
    /// When the event is raised, in full sentences.
    pub doc: String,
    /// Whether something is not configured, so that only an operator can go on: an incident is right where no definition
    /// catches it. Declared as `#[schemars(extend("x-of-configuration" = true))]`.
    pub of_configuration: bool,
    /// Parameters by name with values, any of which rules the event out. Declared as
    /// `#[schemars(extend("x-never-with" = {"parameter": value}))]`.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub never_with: Map<String, Value>,
}

/// One local result of an activity.
#[derive(Serialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct OutputShape {
    /// Name of the local variable, for example `decision`.
    pub name: String,
    /// What it holds, in full sentences.
    pub doc: String,
}

/// Type of a parameter, in the words of process definitions.
#[derive(Serialize, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A text.
    String,
    /// A whole number.
    Integer,
    /// `true` or `false`.
    Boolean,
    /// A list of values.
    List,
    /// Values by name.
    Map,
    /// Whatever the definition gives, taken as it is.
    Any,
}

/// Reads the description of a declaration.
pub(crate) fn doc<T: JsonSchema>() -> String {
    text(&schema_of::<T>().to_value(), "description")
}

/// Reads the parameters off the struct that declares them.
pub(crate) fn parameters<T: JsonSchema + DeserializeOwned>() -> Vec<ParameterShape> {
    let schema = schema_of::<T>();
    let mut order: &[&str] = &[];
    let _ = T::deserialize(FieldNames(&mut order));
    let required: Vec<&str> = names(schema.get("required"));
    let mut parameters: Vec<ParameterShape> = members(&schema)
        .map(|(name, member)| {
            let default = member.get("default").filter(|value| !value.is_null()).cloned();
            let required = default.is_none() && required.contains(&name.as_str());
            ParameterShape {
                name: name.clone(),
                label: label(member, name),
                kind: kind(member),
                members: inner(member).map_or(Kind::Any, kind),
                required,
                filled: required || member.get("x-required") == Some(&Value::Bool(true)),
                default,
                choices: choices(member),
                doc: text(member, "description"),
            }
        })
        .collect();
    parameters.sort_by_key(|p| order.iter().position(|name| *name == p.name).unwrap_or(usize::MAX));
    parameters
}

/// Reads the error events off the enum that declares them.
pub(crate) fn errors<E: EventCode>() -> Vec<ErrorShape> {
    let schema = schema_of::<E>().to_value();
    let documented = schema.get("oneOf").and_then(Value::as_array).into_iter().flatten();
    let bare = schema.get("enum").and_then(Value::as_array).into_iter().flatten();
    let single = schema.get("const").map(|_| &schema);
    documented
        .chain(single)
        .filter_map(|variant| Some((variant.get("const")?.as_str()?, variant)))
        .chain(bare.filter_map(|code| Some((code.as_str()?, &Value::Null))))
        .map(|(code, variant)| ErrorShape {
            code: code.to_owned(),
            label: label(variant, code),
            doc: text(variant, "description"),
            of_configuration: variant.get("x-of-configuration") == Some(&Value::Bool(true)),
            never_with: variant
                .get("x-never-with")
                .and_then(Value::as_object)
                .cloned()
                .unwrap_or_default(),
        })
        .collect()
}

/// Reads the local results off the struct that declares them.
pub(crate) fn outputs<T: JsonSchema>() -> Vec<OutputShape> {
    members(&schema_of::<T>())
        .map(|(name, member)| OutputShape { name: name.clone(), doc: text(member, "description") })
        .collect()
}

fn schema_of<T: JsonSchema>() -> Schema {
    let settings =
        SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    settings.into_generator().into_root_schema_for::<T>()
}

fn members(schema: &Schema) -> impl Iterator<Item = (&String, &Value)> {
    schema.get("properties").and_then(Value::as_object).into_iter().flatten()
}

fn names(list: Option<&Value>) -> Vec<&str> {
    list.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
}

/// An optional member is declared as "this or null"; what is not null is what counts.
fn proper(member: &Value) -> &Value {
    let alternatives = member.get("anyOf").and_then(Value::as_array);
    let real = |list: &'_ Vec<Value>| {
        list.iter().position(|one| one.get("type") != Some(&Value::from("null")))
    };
    alternatives.and_then(|list| list.get(real(list)?)).unwrap_or(member)
}

fn kind(member: &Value) -> Kind {
    let member = proper(member);
    let name = match member.get("type") {
        Some(Value::Array(several)) => {
            several.iter().filter_map(Value::as_str).find(|name| *name != "null")
        }
        Some(Value::String(name)) => Some(name.as_str()),
        _ if !choices(member).is_empty() => Some("string"),
        _ => None,
    };
    match name {
        Some("string") => Kind::String,
        Some("integer") => Kind::Integer,
        Some("boolean") => Kind::Boolean,
        Some("array") => Kind::List,
        Some("object") => Kind::Map,
        _ => Kind::Any,
    }
}

fn inner(member: &Value) -> Option<&Value> {
    let member = proper(member);
    member.get("items").or_else(|| member.get("additionalProperties"))
}

fn choices(member: &Value) -> Vec<String> {
    let member = proper(member);
    let documented = member.get("oneOf").and_then(Value::as_array).into_iter().flatten();
    let mut choices: Vec<&str> = documented.filter_map(|one| one.get("const")?.as_str()).collect();
    choices.extend(names(member.get("enum")));
    choices.into_iter().map(str::to_owned).collect()
}

fn label(member: &Value, name: &str) -> String {
    let title = text(member, "title");
    if title.is_empty() { spaced(name) } else { title }
}

fn text(value: &Value, key: &str) -> String {
    value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// `storeName` becomes `Store Name`, for declarations that give no label of their own.
fn spaced(name: &str) -> String {
    let mut label = String::new();
    for (at, letter) in name.chars().enumerate() {
        if letter.is_uppercase() && at > 0 {
            label.push(' ');
        }
        if at == 0 { label.extend(letter.to_uppercase()) } else { label.push(letter) }
    }
    label
}

/// Learns the names of a struct's fields in the order of their declaration, which a schema (a sorted map) loses.
struct FieldNames<'a>(&'a mut &'static [&'static str]);

impl<'de> Deserializer<'de> for FieldNames<'_> {
    type Error = Unread;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Unread> {
        Err(Unread::custom("only a struct has names to tell"))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unread> {
        *self.0 = fields;
        self.deserialize_any(visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}
