//! The hosted pages through the router, on a memory store and a still clock.

use std::collections::BTreeMap;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use definitions::Format;
use expect_test::{Expect, expect};
use forms::Language;
use jiff::SignedDuration;
use runtime::{
    Clock, Driver, NewDefinition, NewForm, Outcome, Retention, Runtime, Settings, Tenant,
};
use serde_json::{Map, Value, json};
use tower::ServiceExt as _;

use super::view::{Frame, Page, Plain, html};
use crate::App;

mod generated;

const OWN: &str = "http://localhost:8080";

const QUESTION: &str = r#"{"title": {"values": {"en": "A <question>", "de": "Eine Frage"}}, "components": [
    {"type": "text", "id": "answer", "label": {"values": {"en": "Answer"}}, "validate": {"required": true, "maxLength": 10}},
    {"type": "image", "src": "https://cdn.example.com/a.png", "alt": "A list"}]}"#;

const ASK: &str = "name: ask\nlanguages: [en, de]\nsteps:\n- activity: customDataForm\n  \
    with: { dataFormName: question, dataFormVersion: 1, formDataKey: form1 }\n  \
    on: [{ timer: PT5M, then: late }]\n- end: Done\n- id: late\n  end: Late\n";

const WAIT: &str = "name: wait\nsteps:\n- activity: customDataForm\n  \
    with: { dataFormName: question, dataFormVersion: 1, formDataKey: form1, hideButtons: true }\n- end: Done\n";

struct House {
    runtime: Runtime,
    clock: Clock,
    rooms: Tenant,
    router: Router,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// What stands between two marks of the text.
    fn between(&self, from: &str, to: &str) -> String {
        let rest = self.text.split_once(from).unwrap_or_else(|| panic!("{from}\n{}", self.text)).1;
        rest.split_once(to).map_or(rest, |(found, _)| found).to_owned()
    }

    fn heading(&self) -> String {
        self.between("<h1>", "</h1>")
    }
}

/// One browser on one journey.
struct Visitor<'a> {
    house: &'a House,
    path: String,
    cookie: String,
}

fn definition(name: &str, source: &str) -> NewDefinition {
    NewDefinition {
        name: name.to_owned(),
        description: None,
        process_definition_type: None,
        theme_id: None,
        attributes: Map::new(),
        format: Format::Yaml,
        source: source.to_owned(),
        deploy: true,
        strict: false,
    }
}

impl House {
    async fn open() -> House {
        let clock = Clock::still("2026-03-01T12:00:00Z".parse().expect("a time"));
        let settings = Settings {
            data: None,
            driver: Driver::Sled,
            base_url: OWN.to_owned(),
            retention: Retention::default(),
            master_keys: runtime::MasterKeys::default(),
            throttle: identity::ThrottleLimits::default(),
        };
        let runtime = Runtime::open(settings, clock.clone()).await.expect("a runtime");
        runtime.seed().await.expect("the demonstration");
        let rooms = runtime.tenant("demo", "Test").await.expect("the tenant");
        let form = NewForm {
            name: "question".to_owned(),
            description: None,
            resource: QUESTION.to_owned(),
            deploy: true,
        };
        rooms.add_form(form).await.expect("a form");
        let router = App::new(runtime.clone()).router();
        House { runtime, clock, rooms, router }
    }

    async fn token(&self, source: &str, parameters: Value) -> String {
        let name = source.lines().next().unwrap_or_default().trim_start_matches("name: ");
        self.rooms.add_definition(definition(name, source)).await.expect("a definition");
        let token = json!({ "name": name, "processDefnName": name, "status": "ACTIVE",
            "type": "MULTI_USE_COUNT_LIMITED", "maxCount": 1, "parameters": parameters });
        let token = serde_json::from_value(token).expect("a token");
        self.rooms.add_token(token).await.expect("a token").id
    }

    async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.to_owned())).expect("a request");
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.expect("a body");
        let text = String::from_utf8(body.to_vec()).expect("UTF-8");
        Answer { status: parts.status, headers: parts.headers, text }
    }

    async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], "").await
    }

    /// Opens the link of a token and is led to the journey's page.
    async fn visit(&self, token: &str, query: &str) -> Visitor<'_> {
        let opened = self.get(&format!("/web/trustweb?tn=demo&pt={token}{query}")).await;
        assert_eq!(opened.status, StatusCode::SEE_OTHER, "{}", opened.text);
        let cookie = opened.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
        Visitor { house: self, path: opened.header("location").to_owned(), cookie }
    }
}

impl Visitor<'_> {
    async fn look(&self) -> Answer {
        self.house.send("GET", &self.path, &[("cookie", &self.cookie)], "").await
    }

    /// Sends the form of a page with these values.
    async fn answer(&self, page: &Answer, values: &str) -> Answer {
        let topic = page.between("name=\"topic\" value=\"", "\"");
        let nonce = page.between("name=\"nonce\" value=\"", "\"");
        let action = page.between("action=\"", "\"").replace("&amp;", "&").replace("&#x3D;", "=");
        let body = format!("topic={topic}&nonce={nonce}&{values}");
        self.post(&action, &[("origin", OWN), ("sec-fetch-site", "same-origin")], &body).await
    }

    async fn post(&self, path: &str, more: &[(&str, &str)], body: &str) -> Answer {
        let kind = ("content-type", "application/x-www-form-urlencoded");
        let mut headers = vec![kind, ("cookie", self.cookie.as_str())];
        headers.extend(more);
        self.house.send("POST", path, &headers, body).await
    }
}

#[tokio::test]
async fn a_link_leads_to_a_page_that_belongs_to_one_browser() {
    let house = House::open().await;
    let token = house.token(ASK, json!({})).await;
    let opened = house.get(&format!("/web/trustweb?pt={token}")).await;
    assert_eq!(opened.status, StatusCode::SEE_OTHER);
    let path = opened.header("location");
    let instance = path.strip_prefix("/web/journeys/demo/").expect("the journey's page");
    let cookie = opened.header("set-cookie");
    assert!(cookie.starts_with(&format!("__Host-gw-{}=", &instance[18..])), "{cookie}");
    let rest = "; HttpOnly; Secure; SameSite=Lax; Path=/; Max-Age=2592000";
    assert!(cookie.ends_with(rest), "{cookie}");

    let secret = cookie.split(';').next().unwrap_or_default();
    let page = house.send("GET", path, &[("cookie", secret)], "").await;
    assert_eq!((page.status, page.heading().as_str()), (StatusCode::OK, "A &lt;question&gt;"));
    let stranger = house.get(path).await;
    assert_eq!(stranger.status, StatusCode::FORBIDDEN);
    assert_eq!(stranger.heading(), "Opened in another browser");
    assert!(stranger.text.contains("did not keep our cookie") && !stranger.text.contains("<form"));
    let other = house.send("GET", path, &[("cookie", "__Host-gw-OTHER=x")], "").await;
    assert!(!other.text.contains("did not keep our cookie"));
}

#[tokio::test]
async fn a_page_may_load_only_what_is_ours_and_what_its_form_names() {
    let house = House::open().await;
    let token = house.token(ASK, json!({})).await;
    let page = house.visit(&token, "").await.look().await;
    let nonce = page.between("nonce=\"", "\"");
    let policy =
        page.header("content-security-policy").replace(&nonce, "NONCE").replace("; ", "\n");
    expect![[r#"
        default-src 'none'
        script-src 'nonce-NONCE'
        style-src 'self'
        img-src 'self' data: https://cdn.example.com
        form-action 'self'
        base-uri 'none'
        frame-ancestors 'none'
        require-trusted-types-for 'script'
        trusted-types 'none'"#]]
    .assert_eq(&policy);
    for (name, value) in [
        ("content-type", "text/html; charset=utf-8"),
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("x-frame-options", "DENY"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(page.header(name), value, "{name}");
    }
    assert!(page.header("permissions-policy").contains("camera=()"));
    for inline in ["<style", "style=", "onclick", "javascript:"] {
        assert!(!page.text.contains(inline), "{inline}");
    }
    assert_eq!(page.text.matches("<script").count(), page.text.matches("nonce=\"").count());
}

#[tokio::test]
async fn what_is_wrong_is_shown_with_what_was_typed() {
    let house = House::open().await;
    let token = house.token(ASK, json!({})).await;
    let visitor = house.visit(&token, "").await;
    let page = visitor.look().await;
    let wrong = visitor.answer(&page, "data.answer=%3Cb%3E+much+too+long").await;
    assert_eq!(wrong.status, StatusCode::OK);
    assert!(wrong.text.contains("<title>Error: A &lt;question&gt; – Gatewright</title>"));
    assert!(wrong.text.contains("value=\"&lt;b&gt; much too long\""), "{}", wrong.text);
    let summary = wrong.between("<div class=\"summary\"", "</div>");
    assert!(summary.contains("role=\"alert\" tabindex=\"-1\" autofocus"), "{summary}");
    assert!(summary.contains("<a href=\"#field-answer\">“Answer” is too long"), "{summary}");
    assert!(wrong.text.contains("aria-invalid=\"true\" aria-describedby=\"error-answer\""));
    let done = visitor.answer(&wrong, "data.answer=short").await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    assert_eq!(done.header("location"), format!("{}?done=1", visitor.path));
    assert_eq!(visitor.look().await.heading(), "All done");
}

#[tokio::test]
async fn a_second_submit_leads_to_the_present_step() {
    let house = House::open().await;
    let token = house.token(ASK, json!({})).await;
    let visitor = house.visit(&token, "&lang=de").await;
    let page = visitor.look().await;
    assert_eq!(page.heading(), "Eine Frage");
    assert_eq!(page.between("action=\"", "\"").replace("&#x3D;", "="), visitor.path);
    let wrong = visitor.answer(&page, "data.answer=").await;
    let again = visitor.answer(&page, "data.answer=yes").await;
    assert_eq!(again.status, StatusCode::SEE_OTHER);
    assert_eq!(again.header("location"), format!("{}&stale=1", visitor.path));
    let stale =
        house.send("GET", again.header("location"), &[("cookie", &visitor.cookie)], "").await;
    assert!(stale.text.contains("Diese Seite war nicht mehr aktuell"), "{}", stale.text);
    visitor.answer(&wrong, "data.answer=yes").await;
    let late = visitor.answer(&wrong, "data.answer=no").await;
    assert_eq!(late.header("location"), format!("{}&stale=1", visitor.path));
    assert_eq!(visitor.look().await.heading(), "Alles erledigt");
}

#[tokio::test]
async fn forms_that_our_pages_did_not_send_are_refused() {
    let house = House::open().await;
    let token = house.token(ASK, json!({})).await;
    let visitor = house.visit(&token, "").await;
    for headers in [
        [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")],
        [("origin", "null"), ("sec-fetch-site", "same-origin")],
        [("origin", OWN), ("sec-fetch-site", "same-site")],
    ] {
        let refused = visitor.post(&visitor.path, &headers, "topic=x&nonce=y").await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{headers:?}");
        let back = refused.between("<a class=\"button\" href=\"", "\"");
        assert_eq!((refused.heading().as_str(), back), ("This was not sent", visitor.path.clone()));
    }
    assert_eq!(visitor.look().await.heading(), "A &lt;question&gt;");
}

#[tokio::test]
async fn what_cannot_be_read_leads_back_to_the_page() {
    let house = House::open().await;
    let token = house.token(ASK, json!({})).await;
    let visitor = house.visit(&token, "").await;
    let long = format!("topic=x&nonce=y&data.a={}", "x".repeat(600 * 1024));
    for (kind, body, status) in [
        ("application/x-www-form-urlencoded", "data.answer=1", StatusCode::BAD_REQUEST),
        ("application/json", "{}", StatusCode::UNSUPPORTED_MEDIA_TYPE),
        ("application/x-www-form-urlencoded", &long, StatusCode::PAYLOAD_TOO_LARGE),
    ] {
        let headers = [("content-type", kind), ("cookie", &visitor.cookie)];
        let answer = house.send("POST", &visitor.path, &headers, body).await;
        assert_eq!((answer.status, answer.heading().as_str()), (status, "That could not be read"));
        assert!(answer.text.contains(&format!("href=\"{}\"", visitor.path)));
    }
    assert_eq!(
        visitor.post(&visitor.path, &[], "topic=&nonce=").await.status,
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn looking_at_a_link_does_not_use_it_up() {
    let house = House::open().await;
    let token = house.token(ASK, json!({})).await;
    let link = format!("/web/trustweb?pt={token}");
    assert_eq!(house.send("HEAD", &link, &[], "").await.status, StatusCode::OK);
    let early = house.send("GET", &link, &[("sec-purpose", "prefetch;prerender")], "").await;
    assert_eq!(early.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(house.get(&link).await.status, StatusCode::SEE_OTHER);
    let used = house.get(&link).await;
    assert_eq!(
        (used.status, used.heading().as_str()),
        (StatusCode::GONE, "This link no longer works")
    );
}

#[tokio::test]
async fn links_that_lead_nowhere_say_so() {
    let house = House::open().await;
    for path in [
        "/web/trustweb",
        "/web/trustweb?pt=AAAA",
        "/web/trustweb?pt=%00%22%3E%3Cscript%3E",
        "/web/trustweb?tn=nobody&pt=AAAA",
        "/web/trustweb?ps=nonsense",
        "/web/trustweb?ps=http%3A%2F%2Flocalhost%3A8080%2Fapi%2Fprocess-server%2FstartProcess%3Fpi%3DAAAA",
    ] {
        let page = house.get(path).await;
        assert_eq!(
            (page.status, page.heading().as_str()),
            (StatusCode::NOT_FOUND, "This link is not valid"),
            "{path}"
        );
        assert!(!page.text.contains("<script>"));
    }
    for path in ["/", "/web/elsewhere", "/web/journeys/demo/AAAA", "/web/journeys/nobody/AAAA"] {
        let page = house.get(path).await;
        assert_eq!(
            (page.status, page.heading().as_str()),
            (StatusCode::NOT_FOUND, "Page not found"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn an_instance_made_by_a_call_is_opened_by_its_address_and_found_again() {
    let house = House::open().await;
    let token = house.token(ASK, json!({})).await;
    let created = house.rooms.create_instance(&token, BTreeMap::new()).await.expect("an instance");
    let link = created.redirect_url.strip_prefix(OWN).expect("an address of ours");
    let first = house.get(link).await;
    let path = format!("/web/journeys/demo/{}", created.instance_id);
    assert_eq!((first.status, first.header("location")), (StatusCode::SEE_OTHER, path.as_str()));
    let cookie = first.header("set-cookie").split(';').next().unwrap_or_default();
    // A call that was answered with 307 comes back as a POST.
    for method in ["GET", "POST"] {
        let again = house.send(method, link, &[("cookie", cookie)], "").await;
        let led = (again.status, again.header("location"));
        assert_eq!(led, (StatusCode::SEE_OTHER, path.as_str()), "{method}");
        assert_eq!(again.header("set-cookie"), "");
    }
    assert_eq!(house.get(link).await.heading(), "Opened in another browser");
}

#[tokio::test]
async fn the_end_leads_on_once_and_offers_the_way_afterwards() {
    for (address, expected) in [
        ("https://example.com/a?b=c&d", Some("https://example.com/a?b=c&d")),
        ("HTTP://Example.com", Some("http://example.com/")),
        ("https://exämple.com/ü \"x", Some("https://xn--exmple-cua.com/%C3%BC%20%22x")),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("//example.com", None),
        ("https://", None),
    ] {
        let house = House::open().await;
        let token = house.token(ASK, json!({ "_redirectUrl": address })).await;
        let visitor = house.visit(&token, "").await;
        let page = visitor.look().await;
        let done = visitor.answer(&page, "data.answer=yes").await;
        let end =
            house.send("GET", done.header("location"), &[("cookie", &visitor.cookie)], "").await;
        let refresh = expected.map(|address| format!("0; url={address}")).unwrap_or_default();
        assert_eq!(end.header("refresh"), refresh, "{address}");
        assert_eq!(end.text.contains("class=\"button\""), expected.is_some(), "{address}");
        let later = visitor.look().await;
        assert_eq!(later.header("refresh"), "");
        assert_eq!(later.text.contains("class=\"button\""), expected.is_some(), "{address}");
    }
}

#[tokio::test]
async fn a_session_that_has_expired_shows_the_way_back() {
    for (back, shown) in [("https://example.com/again", true), ("javascript:alert(1)", false)] {
        let house = House::open().await;
        let token = house.token(ASK, json!({ "timeoutRedirectUrl": back })).await;
        let visitor = house.visit(&token, "").await;
        house.clock.advance(SignedDuration::from_mins(6));
        house.runtime.fire_due().await.expect("timers fire");
        let page = visitor.look().await;
        assert_eq!(page.heading(), "Session expired");
        assert_eq!(page.text.contains(&format!("href=\"{back}\"")), shown);
        assert_eq!(page.text.contains("open your link once more"), !shown);
    }
}

#[tokio::test]
async fn a_page_that_only_waits_looks_again_by_itself() {
    let house = House::open().await;
    let token = house.token(WAIT, json!({})).await;
    let page = house.visit(&token, "").await.look().await;
    assert!(page.text.contains("<noscript><meta http-equiv=\"refresh\" content=\"3\"></noscript>"));
    assert!(page.header("content-security-policy").contains("connect-src 'self'"));
    assert!(!page.text.contains("type=\"submit\"") && page.text.contains("class=\"progress\""));
}

#[tokio::test]
async fn a_passcode_page_names_its_modules_and_gives_no_name_to_the_passcode() {
    let house = House::open().await;
    let links = house.runtime.seed().await.expect("the links");
    let link = links.iter().find(|link| link.name.contains("registration")).expect("a link");
    let token = link.url.rsplit_once("pt=").expect("a token").1;
    let page = house.visit(token, "").await.look().await;
    assert_eq!(page.heading(), "Choose a passcode");
    let input = page.between("<input class=\"input\"", ">");
    assert!(input.contains("autocomplete=\"new-password\"") && !input.contains("name="), "{input}");
    for needle in [
        "passcode.js\" nonce=",
        "<noscript>",
        "data-submit",
        " disabled",
        "data-rule=\"minimumLength\"",
    ] {
        assert!(page.text.contains(needle), "{needle}\n{}", page.text);
    }
    assert!(!page.text.contains("type=\"password\" name"));
    // The link names somebody, and whoever has it is not told whom.
    assert!(!page.text.contains("autocomplete=\"username\""));
}

#[tokio::test]
async fn a_passcode_that_came_as_a_hash_is_shown_once_before_the_form_is_sent() {
    let house = House::open().await;
    let hash = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
    let line =
        json!({ "externalId": "bob", "passcodes": [{ "policyName": "default", "hash": hash }] });
    let mut work = house.rooms.identity();
    work.start_import("demo", Some("one"), 1).await.expect("an import");
    let lines = [Some(line.to_string().into_bytes())];
    assert_eq!(work.import_lines("demo", "one", 1, &lines).await.expect("a line").created, 1);
    work.commit().await.expect("a commit");
    let token = json!({ "name": "bob", "processDefnName": "passcode-authentication", "status": "ACTIVE",
        "type": "UNLIMITED", "parameters": { "userExternalId": "bob" } });
    let token = serde_json::from_value(token).expect("a token");
    let token = house.rooms.add_token(token).await.expect("a token").id;
    let mut ends = Vec::new();
    for passcode in ["wrong", "U*U"] {
        let visitor = house.visit(&token, "").await;
        let page = visitor.look().await;
        assert!(page.header("content-security-policy").contains("; connect-src 'self';"));
        assert!(page.text.contains("&quot;lane&quot;:true"), "{}", page.text);
        let topic = page.between("name=\"topic\" value=\"", "\"");
        let nonce = page.between("name=\"nonce\" value=\"", "\"");
        let path = format!("{}/passcode", visitor.path.split('?').next().unwrap_or_default());
        let proof = "clientPublicKey=Ag%3D%3D&m1=AA%3D%3D";
        let own = [("origin", OWN), ("sec-fetch-site", "same-origin")];
        let shown = format!("passcode={passcode}");
        let clear = [own[0], own[1], ("host", "id.example")];
        let question = format!("topic={topic}&nonce={nonce}");
        let mut told = Vec::new();
        for (question, headers, fields) in [
            (question.as_str(), &[("origin", "https://evil.example")][..], proof),
            ("topic=x&nonce=y", &own, proof),
            (&question, &own, ""),
            (&question, &own, &shown),
            (&question, &own, proof),
            (&question, &clear, &shown),
            (&question, &own, &shown),
            (&question, &own, &shown),
        ] {
            let answer = visitor.post(&path, headers, &format!("{question}&{fields}")).await;
            let json: Value = serde_json::from_str(&answer.text).expect("JSON");
            told.push(format!("{} {}{}", answer.status.as_u16(), json["next"], json["code"]));
        }
        let expected = [
            "403 null7",
            "404 nullnull",
            "400 nullnull",
            "400 null2603",
            "200 \"PASSCODE\"null",
            "403 null2613",
            "200 \"COMPLETE\"null",
            "400 null2603",
        ];
        assert_eq!(told, expected);
        let sent = visitor.answer(&page, proof).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
        ends.push(sent.header("location").contains("done"));
    }
    assert_eq!(ends, [false, true]);
    // No hash waits any more, so the next page asks nothing.
    let page = house.visit(&token, "").await.look().await;
    assert!(!page.header("content-security-policy").contains("connect-src"));
}

#[tokio::test]
async fn assets_are_kept_as_long_as_their_address_is_the_present_one() {
    let house = House::open().await;
    let page = house.get("/").await;
    let css = page.between("rel=\"stylesheet\" href=\"", "\"");
    let kept = house.get(&css).await;
    assert_eq!(kept.header("content-type"), "text/css; charset=utf-8");
    assert_eq!(kept.header("cache-control"), "public, max-age=31536000, immutable");
    let tag = kept.header("etag").to_owned();
    let known = house.send("GET", &css, &[("if-none-match", &tag)], "").await;
    assert_eq!((known.status, known.text.as_str()), (StatusCode::NOT_MODIFIED, ""));
    let old = house.get("/assets/0123456789abcdef/passcode.js").await;
    assert_eq!((old.status, old.header("cache-control")), (StatusCode::OK, "no-cache"));
    assert_eq!(old.header("content-type"), "text/javascript; charset=utf-8");
    assert_eq!(
        house.get("/assets/0123456789abcdef/..%2fmain.rs").await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn the_reader_is_spoken_to_in_their_language() {
    let house = House::open().await;
    let read = |accept: &'static str, path: &'static str| {
        let house = &house;
        async move { house.send("GET", path, &[("accept-language", accept)], "").await }
    };
    let german = read("de-AT,en;q=0.5", "/web/x").await;
    assert!(
        german.text.contains("<html lang=\"de\" dir=\"ltr\">")
            && german.heading() == "Seite nicht gefunden"
    );
    let arabic = read("ar", "/web/x").await;
    assert!(arabic.text.contains("<html lang=\"ar\" dir=\"rtl\">"));
    let wanted = read("ar", "/web/x?lang=de&a=%22%3E&lang=en").await;
    assert!(wanted.text.contains("<html lang=\"de\""));
    let link = wanted.between("<li><a href=\"", "\"").replace("&#x3D;", "=").replace("&amp;", "&");
    assert_eq!(link, "/web/x?a=%22%3E&lang=en");
    assert!(wanted.text.contains("lang=\"de\" hreflang=\"de\" aria-current=\"true\">Deutsch</a>"));
}

#[tokio::test]
async fn a_process_speaks_only_the_languages_it_supports() {
    let house = House::open().await;
    let token = house.token(ASK, json!({})).await;
    let visitor = house.visit(&token, "&lang=ar").await;
    let page = visitor.look().await;
    assert!(page.text.contains("<html lang=\"en\"") && !page.text.contains("hreflang=\"ar\""));
}

#[test]
fn every_message_is_said_in_every_language() {
    for language in Language::all() {
        let links = vec![(language, "/?lang=x".to_owned())];
        let frame = Frame { language, links, prefix: "/base", nonce: "N" };
        let ended = |outcome, address, goes| Page::Ended { outcome, address, goes };
        for (number, page) in [
            ended(Outcome::Accepted, None, false),
            ended(Outcome::Accepted, Some("https://example.com"), true),
            ended(Outcome::Declined, Some("https://example.com"), false),
            ended(Outcome::Review, None, false),
            Page::Expired { back: None },
            Page::Expired { back: Some("https://example.com") },
            Page::Elsewhere { cookies: true },
            Page::Elsewhere { cookies: false },
            Page::Stopped,
            Page::Waiting { again: "/again" },
            Page::Moment { again: "/again" },
            Page::Paused { again: "/again" },
            Page::Trouble { again: "/again" },
            Page::Refused { back: "/back" },
            Page::Unreadable { back: "/back" },
            Page::Failure { again: "/again" },
            Page::Plain(Plain::UnknownLink),
            Page::Plain(Plain::UsedLink),
            Page::Plain(Plain::NotFound),
        ]
        .iter()
        .enumerate()
        {
            let made = html(&frame, page).expect("a page").text;
            let head = format!(
                "<html lang=\"{}\" dir=\"{}\">",
                language.code(),
                language.direction().as_str()
            );
            assert!(made.contains(&head) && made.contains("<h1>"), "{number}");
            assert!(!made.contains("page.") || made.contains("page.css"), "{number}\n{made}");
            let body = made.split_once("<main").map_or("", |(_, body)| body);
            assert!(!body.contains("page.") && !body.contains('{'), "{number}\n{body}");
            assert!(made.contains("href=\"/base/assets/"), "{number}");
        }
    }
}

fn check(page: &Page<'_>, expected: Expect) {
    let language = Language::find("en").expect("English");
    let frame =
        Frame { language, links: vec![(language, "/?lang=en".to_owned())], prefix: "", nonce: "N" };
    let text = html(&frame, page).expect("a page").text;
    let version = super::assets::folder();
    expected.assert_eq(&text.replace(&version, "/assets/VERSION"));
}

#[test]
fn a_message_is_one_heading_a_few_words_and_a_way_on() {
    check(
        &Page::Trouble { again: "/web/journeys/demo/I?lang=en" },
        expect![[r#"
            <!doctype html>
            <html lang="en" dir="ltr">
            <head>
            <meta charset="utf-8">
            <title>This cannot go on right now – Gatewright</title>
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="robots" content="noindex, nofollow">
            <link rel="icon" href="/assets/VERSION/mark.svg" type="image/svg+xml">
            <link rel="stylesheet" href="/assets/VERSION/page.css">
            <script type="module" src="/assets/VERSION/page.js" nonce="N"></script>
            </head>
            <body>
            <div class="page">
            <header class="brand"><img src="/assets/VERSION/mark.svg" alt="" width="28" height="28"><span>Gatewright</span></header>
            <main class="card">
            <div class="sign sign-warn" data-message="trouble" aria-hidden="true"><svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"><path d="M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7.5V12l3 2"/></svg></div>
            <h1>This cannot go on right now</h1>
            <p class="text">Your answers are safe. Something has to be sorted out on our side first. Please look again later.</p>
            <p class="actions"><a class="button" href="/web/journeys/demo/I?lang&#x3D;en">Look again</a></p>

            </main>
            <footer>
            <nav class="languages" aria-label="Language">
            <ul>
            <li><a href="/?lang&#x3D;en" lang="en" hreflang="en" aria-current="true">English</a></li>
            </ul>
            </nav>
            </footer>
            </div>
            </body>
            </html>
        "#]],
    );
}
