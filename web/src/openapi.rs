//! The OpenAPI 3.1 description, derived from the table of routes.

use axum::body::Bytes;
use schemars::generate::SchemaSettings;
use schemars::{Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use crate::ask::OpenAsk;
use crate::codes::CODES;
use crate::problem::{self, Problem};
use crate::reply::Asset;
use crate::route::{Access, Route};
use crate::routes::table;

/// `GET /openapi.json`.
pub(crate) async fn document(ask: OpenAsk) -> Result<Asset, Problem> {
    let make = || Bytes::from(describe(&table()).to_string());
    Ok(Asset { media: "application/json", bytes: ask.app.description(make) })
}

/// The description of these routes.
pub(crate) fn describe(routes: &[Route]) -> Value {
    let settings = SchemaSettings::draft2020_12()
        .with(|settings| settings.definitions_path = "/components/schemas".into());
    // What is sent and what is answered differ in which members are required.
    let mut asked = SchemaGenerator::new(settings.clone().for_deserialize());
    let mut answered = SchemaGenerator::new(settings.for_serialize());
    let problem = answered.subschema_for::<problem::Body>();
    let mut paths = Map::new();
    for route in routes {
        let described = operation(route, &mut asked, &mut answered);
        let item = paths.entry(route.path).or_insert_with(|| json!({}));
        item[route.method.as_str().to_lowercase()] = described;
    }
    let mut schemas = asked.take_definitions(true);
    schemas.extend(answered.take_definitions(true));
    json!({
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
    })
}

fn operation(route: &Route, asked: &mut SchemaGenerator, answered: &mut SchemaGenerator) -> Value {
    let shape = &route.shape;
    let mut responses = Map::new();
    let mut success = json!({ "description": phrase(shape.status) });
    if let Some(media) = shape.media {
        success["content"] = json!({ media: { "schema": (shape.reply)(answered) } });
    }
    responses.insert(shape.status.to_string(), success);
    responses.insert("default".to_owned(), json!({ "$ref": "#/components/responses/Problem" }));
    let mut parameters = Vec::new();
    for (place, schema) in [("path", shape.path), ("query", shape.query)] {
        if let Some(schema) = schema {
            parameters.extend(listed(place, schema(asked), asked));
        }
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
        let content = json!({ "application/json": { "schema": body(asked) } });
        described["requestBody"] = json!({ "required": true, "content": content });
    }
    if route.access == Access::Permitted {
        described["security"] = json!([{ "bearer": [] }]);
        described["x-permission"] = json!(format!("TNT#{{tenant}}#{}", route.operation));
    }
    described
}

/// The members of an object as parameters.
fn listed(place: &str, schema: Schema, generator: &SchemaGenerator) -> Vec<Value> {
    let schema = resolved(schema.to_value(), generator);
    let required: Vec<&str> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let Some(members) = schema["properties"].as_object() else { return Vec::new() };
    let parameter = |(name, schema): (&String, &Value)| {
        let mut schema = schema.clone();
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
