//! What a handler answers: each kind of answer knows its status and describes itself.

use axum::Json;
use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;

use crate::problem::Problem;

/// A typed answer.
pub(crate) trait Reply: Send + 'static {
    /// Its status.
    const STATUS: StatusCode;
    /// Its media type; none without a body.
    const MEDIA: Option<&'static str>;

    /// The shape of its body.
    fn schema(generator: &mut SchemaGenerator) -> Schema;

    /// The answer as it is sent.
    fn answer(self) -> Response;
}

/// 200 with a JSON body.
pub(crate) struct Ok200<T>(pub(crate) T);

/// 201 with a JSON body.
pub(crate) struct Created<T>(pub(crate) T);

/// 200 without a body.
pub(crate) struct Done;

/// 307 to another address, without a body.
pub(crate) struct Redirect(pub(crate) String);

/// 200 with a text that is not JSON, as a file of this media type.
pub(crate) struct Document {
    pub(crate) media: &'static str,
    pub(crate) text: String,
}

/// 200 with a JSON object on each line, as many as there are.
pub(crate) struct Lines(pub(crate) Body);

/// 200 with bytes that were made once and are the same for everybody.
pub(crate) struct Asset {
    pub(crate) media: &'static str,
    pub(crate) bytes: Bytes,
}

/// 200 with a readable page, or a part of one, under its own content security policy.
pub(crate) struct Page {
    pub(crate) media: &'static str,
    pub(crate) policy: &'static str,
    pub(crate) bytes: Bytes,
}

/// 200 with a JSON body and cookies.
pub(crate) struct WithCookies<T> {
    pub(crate) cookies: Vec<HeaderValue>,
    pub(crate) body: T,
}

const JSON: Option<&str> = Some("application/json");

impl<T: Serialize + JsonSchema + Send + 'static> Reply for Ok200<T> {
    const STATUS: StatusCode = StatusCode::OK;
    const MEDIA: Option<&'static str> = JSON;

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<T>()
    }

    fn answer(self) -> Response {
        (Self::STATUS, Json(self.0)).into_response()
    }
}

impl<T: Serialize + JsonSchema + Send + 'static> Reply for Created<T> {
    const STATUS: StatusCode = StatusCode::CREATED;
    const MEDIA: Option<&'static str> = JSON;

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<T>()
    }

    fn answer(self) -> Response {
        (Self::STATUS, Json(self.0)).into_response()
    }
}

impl Reply for Done {
    const STATUS: StatusCode = StatusCode::OK;
    const MEDIA: Option<&'static str> = None;

    fn schema(_: &mut SchemaGenerator) -> Schema {
        Schema::default()
    }

    fn answer(self) -> Response {
        Self::STATUS.into_response()
    }
}

impl Reply for Redirect {
    const STATUS: StatusCode = StatusCode::TEMPORARY_REDIRECT;
    const MEDIA: Option<&'static str> = None;

    fn schema(_: &mut SchemaGenerator) -> Schema {
        Schema::default()
    }

    fn answer(self) -> Response {
        match HeaderValue::try_from(self.0) {
            Ok(address) => (Self::STATUS, [(header::LOCATION, address)]).into_response(),
            Err(error) => Problem::unforeseen(&error).into_response(),
        }
    }
}

impl Reply for Document {
    const STATUS: StatusCode = StatusCode::OK;
    const MEDIA: Option<&'static str> = Some("*/*");

    fn schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({ "type": "string" })
    }

    fn answer(self) -> Response {
        let media = HeaderValue::from_static(self.media);
        ([(header::CONTENT_TYPE, media)], self.text).into_response()
    }
}

impl Reply for Lines {
    const STATUS: StatusCode = StatusCode::OK;
    const MEDIA: Option<&'static str> = Some("application/x-ndjson");

    fn schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({ "type": "string" })
    }

    fn answer(self) -> Response {
        let media = HeaderValue::from_static("application/x-ndjson");
        ([(header::CONTENT_TYPE, media)], self.0).into_response()
    }
}

impl Reply for Asset {
    const STATUS: StatusCode = StatusCode::OK;
    const MEDIA: Option<&'static str> = Some("*/*");

    fn schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({ "type": "string" })
    }

    fn answer(self) -> Response {
        let media = HeaderValue::from_static(self.media);
        let keep = HeaderValue::from_static("public, max-age=300");
        let headers = [(header::CONTENT_TYPE, media), (header::CACHE_CONTROL, keep)];
        (headers, self.bytes).into_response()
    }
}

impl Reply for Page {
    const STATUS: StatusCode = StatusCode::OK;
    const MEDIA: Option<&'static str> = Some("*/*");

    fn schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({ "type": "string" })
    }

    fn answer(self) -> Response {
        let mut response = Asset { media: self.media, bytes: self.bytes }.answer();
        let policy = HeaderValue::from_static(self.policy);
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
        response
    }
}

impl<T: Serialize + JsonSchema + Send + 'static> Reply for WithCookies<T> {
    const STATUS: StatusCode = StatusCode::OK;
    const MEDIA: Option<&'static str> = JSON;

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<T>()
    }

    fn answer(self) -> Response {
        let mut response = Json(self.body).into_response();
        for cookie in self.cookies {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        response
    }
}
