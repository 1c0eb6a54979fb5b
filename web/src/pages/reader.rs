//! Who reads a page: their language, the page's own address, and one nonce for its scripts.

use std::borrow::Cow;

use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use data_encoding::BASE64URL_NOPAD;
use forms::Language;
use runtime::Languages;
use url::form_urlencoded;

use super::response;
use super::view::{self, Frame, Page};
use crate::App;

/// The reader of one request.
pub(crate) struct Reader {
    accept: String,
    wanted: Option<String>,
    languages: Languages,
    /// The path of our address, for installations that do not stand at the root of their host.
    prefix: String,
    path: String,
    query: Vec<(String, String)>,
    has_cookies: bool,
}

impl Reader {
    pub(crate) fn new(app: &App, headers: &HeaderMap, uri: &Uri) -> Reader {
        let accept = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let mut query: Vec<(String, String)> =
            form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
                .into_owned()
                .collect();
        let wanted = query.iter().find(|(name, _)| name == "lang").map(|(_, value)| value.clone());
        query.retain(|(name, _)| name != "lang");
        Reader {
            accept: accept.unwrap_or_default().to_owned(),
            wanted: wanted
                .and_then(|code| Language::find(&code))
                .map(|language| language.code().to_owned()),
            languages: Languages::default(),
            prefix: prefix_of(app.runtime().base_url()),
            path: uri.path().to_owned(),
            query,
            has_cookies: headers.contains_key(header::COOKIE),
        }
    }

    /// A parameter of the address.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether the browser showed any cookie at all.
    pub(crate) fn has_cookies(&self) -> bool {
        self.has_cookies
    }

    /// Keeps to the languages of a process from now on.
    pub(crate) fn keep_to(&mut self, languages: &Languages) {
        self.languages = languages.clone();
    }

    /// The language of the process for texts that the page's language lacks.
    pub(crate) fn default_language(&self) -> Option<&str> {
        self.languages.default.as_deref()
    }

    /// The address of a running journey, in the language that the reader asked for by hand.
    pub(crate) fn journey(&self, tenant: &str, instance: &str, mark: Option<&str>) -> String {
        let mut address =
            format!("{}/web/journeys/{}/{}", self.prefix, segment(tenant), segment(instance));
        let lang = self.wanted.as_ref().map(|code| format!("lang={code}"));
        let query: Vec<String> =
            [lang, mark.map(|mark| format!("{mark}=1"))].into_iter().flatten().collect();
        if !query.is_empty() {
            address.push('?');
            address.push_str(&query.join("&"));
        }
        address
    }

    /// The page in the reader's language.
    pub(crate) fn page(&self, status: StatusCode, page: &Page<'_>) -> Response {
        let mut random = [0_u8; 16];
        if getrandom::fill(&mut random).is_err() {
            tracing::error!("the operating system gives no random numbers");
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
        let nonce = BASE64URL_NOPAD.encode(&random);
        let supported = &self.languages.supported;
        let language = Language::negotiate(
            &self.accept,
            self.wanted.as_deref(),
            supported,
            self.default_language(),
        );
        let offered = Language::offered(supported);
        let links =
            offered.into_iter().map(|language| (language, self.link_in(language))).collect();
        let frame = Frame { language, links, prefix: &self.prefix, nonce: &nonce };
        match view::html(&frame, page) {
            Ok(html) => response::page(status, html, &nonce),
            Err(error) => {
                tracing::error!(%error, "a page could not be made");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    }

    /// This page in another language.
    fn link_in(&self, language: &Language) -> String {
        // The marks of what has just happened are not for the next look at the page.
        let kept = self.query.iter().filter(|(name, _)| name != "stale" && name != "done");
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(kept)
            .append_pair("lang", language.code())
            .finish();
        format!("{}{}?{query}", self.prefix, self.path)
    }
}

fn prefix_of(base_url: &str) -> String {
    url::Url::parse(base_url)
        .map(|url| url.path().trim_end_matches('/').to_owned())
        .unwrap_or_default()
}

/// A text as one segment of a path (RFC 3986, section 3.3).
fn segment(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)) {
        return Cow::Borrowed(text);
    }
    let encode = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    Cow::Owned(text.bytes().map(encode).collect())
}
