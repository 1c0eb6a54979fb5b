//! The OpenAPI 3.1 description, derived from the table of routes.

use std::collections::BTreeSet;

use axum::body::Bytes;
use axum::http::Method;
use schemars::generate::SchemaSettings;
use schemars::{Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use crate::ask::OpenAsk;
use crate::codes::CODES;
use crate::problem::{self, Problem};
use crate::reply::Asset;
use crate::route::{Access, Route};
use crate::routes::table;
use crate::source;

/// `GET /openapi.json`.
pub(crate) async fn document(ask: OpenAsk) -> Result<Asset, Problem> {
    let make = || Bytes::from(describe(&table()).to_string());
    Ok(Asset { media: "application/json", bytes: ask.app.description(make) })
}

/// The description of these routes.
pub(crate) fn describe(routes: &[Route]) -> Value {
    // One contract for both directions: what an answer always has but a request may leave out is
    // not called required.
    let settings = SchemaSettings::draft2020_12().for_deserialize();
    let settings = settings.with(|settings| {
        settings.definitions_path = "/components/schemas".into();
    });
    let mut schemas = settings.into_generator();
    let problem = schemas.subschema_for::<problem::Body>();
    let mut paths = Map::new();
    for route in routes {
        let described = operation(route, &mut schemas);
        let item = paths.entry(route.path).or_insert_with(|| json!({}));
        item[route.method.as_str().to_lowercase()] = described;
    }
    let schemas = schemas.take_definitions(true);
    let mut description = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Gatewright",
            "version": env!("CARGO_PKG_VERSION"),
            "description": about(),
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": { "Problem": {
                "description": "The request was refused.",
                "content": { "application/problem+json": { "schema": problem } },
            } },
            "securitySchemes": { "bearer": {
                "type": "http",
                "scheme": "bearer",
                "bearerFormat": "JWT",
                "description": "The token that POST /api/arthr/apiKeys/issue gives for an API key.",
            } },
        },
    });
    keep_used(&mut description);
    description
}

/// Drops the schemas that nothing refers to: those of paths and queries stand as parameters.
fn keep_used(description: &mut Value) {
    let mut used = BTreeSet::new();
    let mut waiting = Vec::new();
    gather(&description["paths"], &mut waiting);
    gather(&description["components"]["responses"], &mut waiting);
    while let Some(name) = waiting.pop() {
        if !used.contains(&name) {
            gather(&description["components"]["schemas"][&name], &mut waiting);
            used.insert(name);
        }
    }
    if let Some(schemas) = description["components"]["schemas"].as_object_mut() {
        schemas.retain(|name, _| used.contains(name));
    }
}

/// The names of the schemas that a part of the description refers to.
fn gather(part: &Value, names: &mut Vec<String>) {
    match part {
        Value::Object(members) => {
            let path = members.get("$ref").and_then(Value::as_str);
            names.extend(path.and_then(|path| path.rsplit('/').next()).map(str::to_owned));
            members.values().for_each(|member| gather(member, names));
        }
        Value::Array(items) => items.iter().for_each(|item| gather(item, names)),
        _ => {}
    }
}

fn operation(route: &Route, schemas: &mut SchemaGenerator) -> Value {
    let shape = &route.shape;
    let mut responses = Map::new();
    let mut success = json!({ "description": phrase(shape.status) });
    if let Some(media) = shape.media {
        success["content"] = json!({ media: { "schema": (shape.reply)(schemas) } });
    }
    responses.insert(shape.status.to_string(), success);
    for refusal in refusals(route).iter().chain(route.refuses) {
        let refused = json!({ "$ref": "#/components/responses/Problem" });
        responses.insert((*refusal).to_owned(), refused);
    }
    let mut parameters = Vec::new();
    for (place, schema) in [("path", shape.path), ("query", shape.query)] {
        if let Some(schema) = schema {
            parameters.extend(listed(place, schema(schemas), schemas));
        }
    }
    if route.for_end_users {
        parameters.push(end_user_address());
    }
    let mut described = json!({
        "operationId": route.id(),
        "tags": [route.service()],
        "summary": route.title,
        "description": told(route),
        "responses": responses,
    });
    if !parameters.is_empty() {
        described["parameters"] = Value::Array(parameters);
    }
    if let Some(body) = shape.body {
        let content = json!({ shape.takes: { "schema": body(schemas) } });
        let required = route.method != Method::GET;
        described["requestBody"] = json!({ "required": required, "content": content });
    }
    if route.access == Access::Permitted {
        described["security"] = json!([{ "bearer": [] }]);
        described["x-permission"] = json!(format!("TNT#{{tenant}}#{}", route.operation));
    }
    described
}

/// The header by which a caller names its end user.
fn end_user_address() -> Value {
    json!({
        "name": source::END_USER_ADDRESS,
        "in": "header",
        "required": false,
        "description": "The IPv4 or IPv6 address of the end user for whom the caller asks (FAPI 1.0 Baseline, \
            section 6.2.2), by which failed authentications are then throttled; without it all end users of a caller \
            are one. It is believed of a caller with the permission for the operation, and ignored of anybody else.",
        "schema": { "type": "string" },
    })
}

/// The statuses with which a request to this route may be refused; `default` is for all others.
fn refusals(route: &Route) -> Vec<&'static str> {
    let shape = &route.shape;
    let mut statuses = vec!["default"];
    if route.access == Access::Permitted {
        // Also where only the tenant can be wrong or missing.
        statuses.extend(["400", "401", "403", "404"]);
        return statuses;
    }
    if route.method == Method::POST {
        // Whoever posts without a token shows something else.
        statuses.push("401");
    }
    if route.method == Method::POST || shape.path.is_some() || shape.query.is_some() {
        statuses.push("400");
    }
    if shape.path.is_some() {
        statuses.push("404");
    }
    statuses
}

/// The members of an object as parameters.
fn listed(place: &str, schema: Schema, generator: &SchemaGenerator) -> Vec<Value> {
    let schema = resolved(schema.to_value(), generator);
    let required: Vec<&str> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let Some(members) = schema["properties"].as_object() else { return Vec::new() };
    let parameter = |(name, schema): (&String, &Value)| {
        let mut schema = present(schema.clone());
        let about = schema.as_object_mut().and_then(|schema| schema.remove("description"));
        json!({
            "name": name,
            "in": place,
            "required": place == "path" || required.contains(&name.as_str()),
            "description": about,
            "schema": schema,
        })
    };
    members.iter().map(parameter).collect()
}

/// A parameter is there or not; it never is null.
fn present(mut schema: Value) -> Value {
    if let Some(types) = schema["type"].as_array() {
        let mut types = types.iter().filter(|name| *name != "null");
        if let (Some(only), None) = (types.next().cloned(), types.next()) {
            schema["type"] = only;
        }
    }
    if let Some(options) = schema["anyOf"].as_array() {
        let mut options = options.iter().filter(|option| option["type"] != "null");
        if let (Some(Value::Object(only)), None) = (options.next().cloned(), options.next())
            && let Some(schema) = schema.as_object_mut()
        {
            schema.remove("anyOf");
            schema.extend(only);
        }
    }
    schema
}

fn resolved(schema: Value, generator: &SchemaGenerator) -> Value {
    let name = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next());
    match name.and_then(|name| generator.definitions().get(name)) {
        Some(definition) => definition.clone(),
        None => schema,
    }
}

fn told(route: &Route) -> String {
    let access = match route.access {
        Access::Permitted => format!("Permission: `TNT#{{tenant}}#{}`.", route.operation),
        Access::Open(reason) => format!("Open to anybody: {reason}."),
    };
    if route.about.is_empty() { access } else { format!("{}\n\n{access}", route.about) }
}

fn phrase(status: u16) -> &'static str {
    match status {
        201 => "Created",
        307 => "Temporary Redirect",
        _ => "OK",
    }
}

fn about() -> String {
    let codes = CODES.iter().map(|(code, meaning)| format!("- {code}: {meaning}\n"));
    let codes: String = codes.collect();
    format!(
        "Runs identity journeys. Times are RFC 3339, durations ISO 8601, identifiers 26 characters \
         of upper-case base32. A refused request is answered with a problem (RFC 9457).\n\n\
         Codes of problems:\n\n{codes}"
    )
}
