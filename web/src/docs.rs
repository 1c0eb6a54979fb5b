//! The description for people: one page made of the OpenAPI description, with nothing from elsewhere.

use axum::body::Bytes;
use handlebars::Handlebars;
use serde_json::{Map, Value, json};

use crate::ask::OpenAsk;
use crate::codes::CODES;
use crate::openapi::describe;
use crate::problem::Problem;
use crate::reply::Page;
use crate::routes::table;

const TEMPLATE: &str = include_str!("docs/page.hbs");
const PIECES: &str =
    "{{#each this}}{{#if code}}<code>{{text}}</code>{{else}}{{text}}{{/if}}{{/each}}";
const STYLE: &str = include_str!("docs/style.css");

/// The page may load its own style and nothing else.
const POLICY: &str = "default-src 'none'; style-src 'self'; frame-ancestors 'none'; \
                      base-uri 'none'; form-action 'none'";

/// `GET /docs`.
pub(crate) async fn page(ask: OpenAsk) -> Result<Page, Problem> {
    let bytes = match ask.app.docs() {
        Some(bytes) => bytes,
        None => ask.app.keep_docs(render(ask.app.runtime().base_url())?),
    };
    Ok(Page { media: "text/html; charset=utf-8", policy: POLICY, bytes })
}

/// `GET /docs/style.css`.
pub(crate) async fn style(_: OpenAsk) -> Result<Page, Problem> {
    let bytes = Bytes::from_static(STYLE.as_bytes());
    Ok(Page { media: "text/css; charset=utf-8", policy: POLICY, bytes })
}

fn render(base_url: &str) -> Result<Bytes, Problem> {
    let mut templates = Handlebars::new();
    templates.set_strict_mode(true);
    templates.register_partial("pieces", PIECES).map_err(|error| Problem::unforeseen(&error))?;
    let mut view = view(&describe(&table()));
    view["base"] = base_url.into();
    let page = templates.render_template(TEMPLATE, &view);
    page.map(Bytes::from).map_err(|error| Problem::unforeseen(&error))
}

/// What the template shows of a description.
fn view(description: &Value) -> Value {
    let schemas = &description["components"]["schemas"];
    let mut services: Vec<(String, Vec<Value>)> = Vec::new();
    for route in table() {
        let operation = &description["paths"][route.path][route.method.as_str().to_lowercase()];
        let shown = shown(route.method.as_str(), route.path, operation, schemas);
        match services.iter_mut().find(|(name, _)| name == route.service()) {
            Some((_, operations)) => operations.push(shown),
            None => services.push((route.service().to_owned(), vec![shown])),
        }
    }
    let services = services
        .into_iter()
        .map(|(name, operations)| json!({ "name": name, "operations": operations }));
    let codes = CODES.iter().map(|(code, meaning)| json!({ "code": code, "meaning": meaning }));
    let types = schemas.as_object().into_iter().flatten().map(|(name, schema)| {
        json!({
            "name": name,
            "about": pieces(&text(&schema["description"])),
            "members": members(schema, schemas),
            "values": values(schema),
        })
    });
    json!({
        "version": description["info"]["version"],
        "services": services.collect::<Vec<_>>(),
        "types": types.collect::<Vec<_>>(),
        "codes": codes.collect::<Vec<_>>(),
    })
}

fn shown(method: &str, path: &str, operation: &Value, schemas: &Value) -> Value {
    let parameters = operation["parameters"].as_array().into_iter().flatten().map(|parameter| {
        json!({
            "name": parameter["name"],
            "in": parameter["in"],
            "required": parameter["required"],
            "type": type_of(&parameter["schema"]),
            "about": pieces(&text(&parameter["description"])),
        })
    });
    let about = text(&operation["description"]);
    let body = &operation["requestBody"]["content"]["application/json"]["schema"];
    let (status, answer) = answer_of(&operation["responses"]);
    json!({
        "id": operation["operationId"],
        "method": method,
        "path": path,
        "title": operation["summary"],
        "about": about.split("\n\n").map(pieces).collect::<Vec<_>>(),
        "parameters": parameters.collect::<Vec<_>>(),
        "body": linked(body, schemas),
        "status": status,
        "answer": linked(&answer, schemas),
    })
}

fn answer_of(responses: &Value) -> (String, Value) {
    let responses = responses.as_object().cloned().unwrap_or_default();
    let success = responses.into_iter().find(|(_, response)| response.get("$ref").is_none());
    let (status, response) = success.unwrap_or_default();
    let content = response["content"].as_object().cloned().unwrap_or_default();
    let schema = content.into_iter().next().map(|(_, media)| media["schema"].clone());
    (status, schema.unwrap_or_default())
}

/// A type with a link to its own table, where it has one.
fn linked(schema: &Value, schemas: &Value) -> Value {
    if schema.is_null() {
        return json!({});
    }
    let name = name_of(schema).filter(|name| schemas.get(name).is_some());
    json!({ "text": type_of(schema), "link": name })
}

fn members(schema: &Value, schemas: &Value) -> Vec<Value> {
    let mut all = Map::new();
    let mut required = Vec::new();
    gather(schema, schemas, &mut all, &mut required, 0);
    let member = |(name, member): (&String, &Value)| {
        json!({
            "name": name,
            "type": linked(member, schemas),
            "required": required.contains(name),
            "about": pieces(&text(&member["description"])),
        })
    };
    all.iter().map(member).collect()
}

/// The members of a type and of those that are part of it.
fn gather(
    schema: &Value,
    schemas: &Value,
    all: &mut Map<String, Value>,
    required: &mut Vec<String>,
    depth: usize,
) {
    if let Some(own) = schema["properties"].as_object() {
        all.extend(own.clone());
    }
    let names = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    required.extend(names.map(str::to_owned));
    let parts = ["allOf", "anyOf"].iter().filter_map(|word| schema[*word].as_array()).flatten();
    for part in parts.filter(|_| depth < 4) {
        let part = name_of(part).and_then(|name| schemas.get(name)).unwrap_or(part);
        gather(part, schemas, all, required, depth + 1);
    }
}

/// The values of an enumeration, each with what it means.
fn values(schema: &Value) -> Vec<Value> {
    let plain = schema["enum"].as_array().into_iter().flatten();
    let plain = plain.map(|value| json!({ "value": text(value), "about": [] }));
    let told = schema["oneOf"].as_array().into_iter().flatten();
    let told = told.filter(|one| one["const"].is_string()).map(
        |one| json!({ "value": text(&one["const"]), "about": pieces(&text(&one["description"])) }),
    );
    plain.chain(told).collect()
}

fn type_of(schema: &Value) -> String {
    if let Some(name) = name_of(schema) {
        return name.to_owned();
    }
    if let Some(items) = schema.get("items") {
        return format!("list of {}", type_of(items));
    }
    if let Some(options) = schema["anyOf"].as_array() {
        let options = options.iter().filter(|option| option["type"] != "null");
        return options.map(type_of).collect::<Vec<_>>().join(" or ");
    }
    if let Some(values) = schema.get("additionalProperties").filter(|values| values.is_object()) {
        return format!("map of {}", type_of(values));
    }
    let named = match &schema["type"] {
        Value::Array(types) => {
            let types = types.iter().filter_map(Value::as_str).filter(|name| *name != "null");
            types.collect::<Vec<_>>().join(" or ")
        }
        Value::String(name) => name.clone(),
        _ => "anything".to_owned(),
    };
    match schema["format"].as_str() {
        Some("date-time") => "time".to_owned(),
        _ => named,
    }
}

fn name_of(schema: &Value) -> Option<&str> {
    let only = schema["anyOf"].as_array().and_then(|options| {
        let mut real = options.iter().filter(|option| option["type"] != "null");
        real.next().filter(|_| real.next().is_none())
    });
    let path = only.unwrap_or(schema)["$ref"].as_str()?;
    path.rsplit('/').next()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// A text in pieces; what stood between backticks is code.
fn pieces(text: &str) -> Value {
    let pieces = text.split('`').enumerate().filter(|(_, piece)| !piece.is_empty());
    pieces.map(|(at, piece)| json!({ "text": piece, "code": at % 2 == 1 })).collect()
}
