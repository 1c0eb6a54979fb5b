//! The HTML of a page: a pure function of what is shown, to whom, and in which language.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use activities::{FormPart, PasscodePart, Wait};
use forms::{Ceremony, Language, PasscodeRules, PasscodeView, View};
use handlebars::Handlebars;
use runtime::Outcome;
use serde_json::{Map, Value, json};
use url::Url;

use super::{assets, passkey};

/// Seconds after which a page that only waits looks again.
const PATIENCE: u32 = 3;

/// The same for a page that waits for a check.
const SOON: u32 = 1;

/// The same for a page that others keep waiting, often for days.
const CALM: u32 = 15;

/// The templates by name; a triple brace stands only where another template's HTML is put in.
const TEMPLATES: [(&str, &str); 3] = [
    ("layout", include_str!("templates/layout.hbs")),
    ("step", include_str!("templates/step.hbs")),
    ("message", include_str!("templates/message.hbs")),
];

/// A template that cannot be read is missing here, and rendering then says so.
static REGISTRY: LazyLock<Handlebars<'static>> = LazyLock::new(|| {
    let mut registry = Handlebars::new();
    registry.set_strict_mode(true);
    registry.set_prevent_indent(true);
    for (name, template) in TEMPLATES {
        let _ = registry.register_template_string(name, template);
    }
    registry
});

/// What is the same on every page.
pub(crate) struct Frame<'a> {
    pub(crate) language: &'static Language,
    /// The languages on offer, each with the address of this page in it.
    pub(crate) links: Vec<(&'static Language, String)>,
    pub(crate) prefix: &'a str,
    pub(crate) nonce: &'a str,
}

/// What a page shows.
pub(crate) enum Page<'a> {
    /// A question.
    Step(Step<'a>),
    /// The journey is over; `goes` when the browser is to go on to the address by itself.
    Ended { outcome: Outcome, address: Option<&'a str>, goes: bool },
    /// The session has expired.
    Expired { back: Option<&'a str> },
    /// The instance is bound to another browser, or to this one, which showed none of our cookies.
    Elsewhere { cookies: bool },
    /// Too many authentications from this place have failed.
    Throttled { back: &'a str },
    /// Somebody ended the journey.
    Stopped,
    /// Others have to do something first, or time has to pass.
    Waiting { again: &'a str },
    /// Something is checked, which takes seconds.
    Moment { again: &'a str },
    /// A person holds the journey.
    Paused { again: &'a str },
    /// Nothing can be asked just now.
    Trouble { again: &'a str },
    /// A form came from another site.
    Refused { back: &'a str },
    /// A form could not be read.
    Unreadable { back: &'a str },
    /// We failed.
    Failure { again: &'a str },
    /// One of the pages that say one thing.
    Plain(Plain),
}

/// The pages that say one thing and lead nowhere of ours.
#[derive(Clone, Copy)]
pub(crate) enum Plain {
    UnknownLink,
    UsedLink,
    NotFound,
}

/// A question and what was answered to it.
pub(crate) struct Step<'a> {
    pub(crate) action: &'a str,
    pub(crate) topic: &'a str,
    pub(crate) nonce: &'a str,
    pub(crate) wait: &'a Wait,
    pub(crate) form: &'a FormPart,
    pub(crate) default_language: Option<&'a str>,
    pub(crate) values: Option<&'a Map<String, Value>>,
    pub(crate) stale: bool,
}

/// A page, and what its response has to allow and to do.
pub(crate) struct Html {
    pub(crate) text: String,
    pub(crate) image_origins: BTreeSet<String>,
    /// Whether its script asks the server something.
    pub(crate) asks: bool,
    /// The value of a `Refresh` header.
    pub(crate) refresh: Option<String>,
}

/// A page that could not be made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Form(#[from] forms::RenderError),
    #[error("{0}")]
    Template(#[from] Box<handlebars::RenderError>),
    #[error("{0}")]
    Json(#[from] serde_json::Error),
}

/// The whole page.
pub(crate) fn html(frame: &Frame<'_>, page: &Page<'_>) -> Result<Html, Error> {
    match page {
        Page::Step(step) => step_page(frame, step),
        page => message_page(frame, page),
    }
}

fn laid_out(
    frame: &Frame<'_>,
    title: &str,
    body: &str,
    scripts: &[&str],
    again: Option<u32>,
) -> Result<String, Error> {
    let languages: Vec<Value> = frame
        .links
        .iter()
        .map(|(language, href)| {
            let current = *language == frame.language;
            json!({ "code": language.code(), "name": language.name(), "href": href, "current": current })
        })
        .collect();
    let data = json!({
        "lang": frame.language.code(),
        "dir": frame.language.direction().as_str(),
        "title": titled(title),
        "assets": format!("{}{}", frame.prefix, assets::folder()),
        "nonce": frame.nonce,
        "scripts": scripts,
        "again": again,
        "body": body,
        "choose_language": frame.language.text("language.choose", &[]),
        "languages": languages,
    });
    Ok(REGISTRY.render("layout", &data).map_err(Box::new)?)
}

/// The title of a page, as tabs and bookmarks show it.
fn titled(title: &str) -> String {
    format!("{title} – Gatewright")
}

fn step_page(frame: &Frame<'_>, step: &Step<'_>) -> Result<Html, Error> {
    let text = |key: &str| frame.language.text(key, &[]);
    let read_only;
    let form = if step.form.read_only {
        read_only = step.form.form.as_read_only();
        &read_only
    } else {
        &step.form.form
    };
    let part_of_passcode = step.wait.passcode.as_ref();
    let passcode = part_of_passcode.map(passcode_view).transpose()?;
    let part = step.wait.passkey.as_ref();
    let view = View {
        language: frame.language,
        default_language: step.default_language,
        values: step.values,
        errors: &step.wait.errors,
        passcode: passcode.as_ref(),
        offers_passkeys: part.is_some_and(|part| passkey::autofills(part, form)),
    };
    let heading = forms::heading(form, &view);
    let summary = forms::summary(form, &view);
    let title_of_error = frame.language.text("errors.page", &[("title", &heading.title.text)]);
    let title = if summary.is_empty() { &heading.title.text } else { &title_of_error };
    // Nobody has entered a passkey.
    let of_passkey = part.is_some() && step.wait.errors.iter().all(|error| error.field.is_none());
    let summary_title = if of_passkey { "passkey.trouble" } else { "errors.title" };
    let typed_before = part_of_passcode.and_then(|part| part.username.as_ref());
    let script = |needed: &str, trouble: &str, target: &str| {
        json!({
            "needed": text(needed),
            "trouble": text(trouble),
            "target": target,
            "title": titled(&heading.title.text),
            "title_of_error": titled(&title_of_error),
        })
    };
    let data = json!({
        "stale": step.stale.then(|| text("page.stale")),
        "summary": summary,
        "summary_title": text(summary_title),
        "title": heading.title,
        "subtitle": heading.subtitle,
        "action": step.action,
        "topic": step.topic,
        "nonce": step.nonce,
        "passkey": part.map(|part| passkey::view(part, form, frame.language)),
        "script": match (part, &passcode) {
            (Some(_), _) => script("passkey.needsScript", "passkey.trouble", "#send"),
            (None, Some(_)) => script("passcode.needsScript", "errors.title", "#field-passcode"),
            (None, None) => Value::Null,
        },
        "not_loaded": text("passcode.notLoaded"),
        "username": typed_before.filter(|_| !forms::asks_user_name(form)),
        "fields": forms::render(form, &view)?,
        "progress": step.form.hide_buttons.then(|| text("form.progress")),
        "button": heading.button,
        "working": text("form.working"),
    });
    let body = REGISTRY.render("step", &data).map_err(Box::new)?;
    let scripts: &[&str] = match (part, &passcode) {
        (Some(_), _) => &["page.js", "passkey.js"],
        (None, Some(_)) => &["page.js", "passcode.js"],
        (None, None) => &["page.js"],
    };
    let again = step.form.hide_buttons.then_some(PATIENCE);
    let takes_lane = part_of_passcode.is_some_and(|part| part.lane.is_some());
    Ok(Html {
        text: laid_out(frame, title, &body, scripts, again)?,
        image_origins: forms::image_origins(form),
        asks: again.is_some() || takes_lane,
        refresh: None,
    })
}

fn passcode_view(part: &PasscodePart) -> Result<PasscodeView, Error> {
    let rules = match &part.requirements {
        Some(requirements) => serde_json::from_value(serde_json::to_value(requirements)?)?,
        None => PasscodeRules::default(),
    };
    let ceremony = match part.ceremony {
        activities::Ceremony::Registration => Ceremony::Registration,
        activities::Ceremony::Authentication => Ceremony::Authentication,
        activities::Ceremony::Renewal => Ceremony::Renewal,
    };
    let mut algorithm = serde_json::to_value(&part.algorithm_info)?;
    if let Some(current) = &part.current_algorithm_info {
        algorithm["current"] = serde_json::to_value(current)?;
    }
    if !part.passcode_history.is_empty() {
        algorithm["history"] = serde_json::to_value(&part.passcode_history)?;
    }
    if part.lane.is_some() {
        algorithm["lane"] = Value::Bool(true);
    }
    Ok(PasscodeView { ceremony, rules, algorithm })
}

/// The outlines of the signs above a message, drawn in a square of 24.
mod sign {
    pub(super) const CHECK: &str = "M5 12.5l4.5 4.5L19 7.5";
    pub(super) const CROSS: &str = "M7 7l10 10M17 7L7 17";
    pub(super) const CLOCK: &str = "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7.5V12l3 2";
    pub(super) const EYE: &str = "M2.5 12S6 6 12 6s9.5 6 9.5 6-3.5 6-9.5 6-9.5-6-9.5-6zM12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z";
    pub(super) const ALERT: &str = "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7.5v5.5M12 16.4v.1";
    pub(super) const WINDOWS: &str = "M4 5h11v3M4 5v9h4M9 9h11v10H9zM9 12h11";
    pub(super) const LINK: &str = "M9.5 14.5l5-5M11 6.5l1.5-1.5a4.2 4.2 0 0 1 6 6L17 12.5M13 17.5L11.5 19a4.2 4.2 0 0 1-6-6L7 11.5";
    pub(super) const LENS: &str = "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5L20 20";
    pub(super) const SHIELD: &str =
        "M12 3l7 3v5c0 4.5-3 8-7 10-4-2-7-5.5-7-10V6zM12 8v4.5M12 15.9v.1";
}

fn message_page(frame: &Frame<'_>, page: &Page<'_>) -> Result<Html, Error> {
    let text = |key: &str| frame.language.text(key, &[]);
    let (mut refresh, mut again) = (None, None);
    let mut more = Vec::new();
    let (key, mood, sign, action) = match page {
        Page::Ended { outcome, address, goes } => {
            let (key, mood, sign) = match outcome {
                Outcome::Accepted => ("accepted", "good", sign::CHECK),
                Outcome::Declined => ("declined", "bad", sign::CROSS),
                Outcome::Review => ("review", "warn", sign::EYE),
            };
            let address = address.and_then(web_address);
            more.push(if address.is_some() && *goes {
                "page.end.redirect"
            } else {
                "page.end.close"
            });
            if *goes {
                refresh = address.as_ref().map(|address| format!("0; url={address}"));
            }
            if address.is_some() && !*goes {
                more.clear();
            }
            (key, mood, sign, address.map(|address| (address, "page.end.continue")))
        }
        Page::Expired { back } => {
            let back = back.and_then(web_address);
            if back.is_none() {
                more.push("page.expired.again");
            }
            ("expired", "warn", sign::CLOCK, back.map(|back| (back, "page.expired.back")))
        }
        Page::Stopped => ("stopped", "plain", sign::CROSS, None),
        Page::Waiting { again: here } => {
            again = Some(CALM);
            let (key, _, sign, action) =
                again_at(here, "waiting", sign::CLOCK, "page.trouble.again");
            (key, "plain", sign, action)
        }
        Page::Moment { again: here } => {
            again = Some(SOON);
            let (key, _, sign, action) = again_at(here, "moment", sign::CLOCK, "page.moment.again");
            (key, "plain", sign, action)
        }
        Page::Paused { again } => again_at(again, "paused", sign::CLOCK, "page.trouble.again"),
        Page::Trouble { again } => again_at(again, "trouble", sign::CLOCK, "page.trouble.again"),
        Page::Refused { back } => again_at(back, "refused", sign::SHIELD, "page.refused.back"),
        Page::Throttled { back } => again_at(back, "throttled", sign::CLOCK, "page.refused.back"),
        Page::Unreadable { back } => again_at(back, "unreadable", sign::ALERT, "page.refused.back"),
        Page::Failure { again } => again_at(again, "failure", sign::ALERT, "page.failure.again"),
        Page::Elsewhere { cookies } => {
            if !*cookies {
                more.push("page.elsewhere.cookies");
            }
            ("elsewhere", "warn", sign::WINDOWS, None)
        }
        Page::Plain(Plain::UnknownLink) => ("unknownLink", "warn", sign::LINK, None),
        Page::Plain(Plain::UsedLink) => ("usedLink", "warn", sign::LINK, None),
        Page::Plain(Plain::NotFound) | Page::Step(_) => ("notFound", "plain", sign::LENS, None),
    };
    let title = text(&format!("page.{key}.title"));
    let texts: Vec<String> = std::iter::once(text(&format!("page.{key}.text")))
        .chain(more.into_iter().map(text))
        .collect();
    let action = action.map(|(href, words)| json!({ "href": href, "text": text(words) }));
    let data = json!({ "name": key, "title": title, "texts": texts, "mood": mood, "sign": sign, "action": action });
    let body = REGISTRY.render("message", &data).map_err(Box::new)?;
    let text = laid_out(frame, &title, &body, &["page.js"], again)?;
    Ok(Html { text, image_origins: BTreeSet::new(), asks: again.is_some(), refresh })
}

type Message = (&'static str, &'static str, &'static str, Option<(String, &'static str)>);

fn again_at(address: &str, key: &'static str, sign: &'static str, words: &'static str) -> Message {
    (key, "warn", sign, Some((address.to_owned(), words)))
}

/// The address, if it is one of the web; others (`javascript:` and the like) are never made a link.
fn web_address(address: &str) -> Option<String> {
    let address = Url::parse(address.trim()).ok()?;
    let is_web = matches!(address.scheme(), "http" | "https") && address.has_host();
    is_web.then(|| address.to_string())
}
