//! The cookie that binds a browser to an instance that it started.

use axum::http::{HeaderMap, HeaderValue, header};
use runtime::{Presented, Screen};

/// How the names of all of these cookies begin. `__Host-` keeps them to this host, this path and https.
const PREFIX: &str = "__Host-gw-";
/// How long the secret of a running instance is kept, in seconds: 30 days.
const RUNNING: u32 = 30 * 24 * 60 * 60;
/// How long that of an instance that is over is kept, so that its last page can be loaded again, in seconds: an hour.
const OVER: u32 = 60 * 60;
/// The most secrets that a browser keeps; what it shows at each request grows with them.
const MOST: usize = 32;

/// The name of an instance's cookie. It has the end of the identifier, which is random: it begins with its time, so
/// that instances made together begin alike.
pub(crate) fn name(instance: &str) -> String {
    let letters: Vec<char> = instance.chars().filter(char::is_ascii_alphanumeric).collect();
    let short: String = letters[letters.len().saturating_sub(8)..].iter().collect();
    format!("{PREFIX}{short}")
}

/// The secret that a browser shows for an instance.
pub(crate) fn secret_of(headers: &HeaderMap, instance: &str) -> Option<String> {
    let wanted = name(instance);
    shown(headers).find(|(name, _)| *name == wanted).map(|(_, value)| value.to_owned())
}

/// Names and values of all cookies that a browser shows, in its order.
fn shown(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='))
}

/// What a browser is told to keep and to forget when it is shown where an instance stands.
///
/// It keeps the secret while the instance runs, also when it is closed meanwhile; of one that is over it keeps it only
/// a little longer. Of more instances than anybody goes through at a time it forgets the first.
pub(crate) fn kept(headers: &HeaderMap, presented: &Presented) -> Vec<HeaderValue> {
    let instance = &presented.instance_id;
    let is_over =
        matches!(presented.screen, Screen::Ended { .. } | Screen::Expired { .. } | Screen::Stopped);
    let (secret, seconds) = match (&presented.secret, is_over) {
        (Some(made), true) => (Some(made.clone()), OVER),
        (Some(made), false) => (Some(made.clone()), RUNNING),
        (None, true) => (secret_of(headers, instance), OVER),
        (None, false) => (None, RUNNING),
    };
    let Some(secret) = secret else { return Vec::new() };
    let own = name(instance);
    let others: Vec<&str> = shown(headers)
        .map(|(name, _)| name)
        .filter(|name| name.starts_with(PREFIX) && *name != own)
        .collect();
    // A browser shows those first that it was given first (RFC 6265 §5.4).
    let forgotten = others.iter().take((others.len() + 1).saturating_sub(MOST));
    let forgotten = forgotten.map(|name| cookie(name, "", 0));
    forgotten.chain([cookie(&own, &secret, seconds)]).flatten().collect()
}

/// The header that gives a browser a cookie for so many seconds. `None` when name or value cannot stand in a header.
fn cookie(name: &str, value: &str, seconds: u32) -> Option<HeaderValue> {
    let text = format!("{name}={value}; HttpOnly; Secure; SameSite=Lax; Path=/; Max-Age={seconds}");
    let mut value = HeaderValue::from_str(&text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use runtime::InstanceStatus;

    #[test]
    fn a_browser_shows_one_secret_for_each_instance() {
        let mut headers = HeaderMap::new();
        let lines = ["a=1; __Host-gw-ABCDEFGH=one", "__Host-gw-IJKLMNOP=two ; b=2"];
        for line in lines {
            headers.append(header::COOKIE, HeaderValue::from_static(line));
        }
        assert_eq!(secret_of(&headers, "XXXXXXXXXXXXXXXXXXABCDEFGH").as_deref(), Some("one"));
        assert_eq!(secret_of(&headers, "XXXXXXXXXXXXXXXXXXIJKLMNOP").as_deref(), Some("two"));
        assert_eq!(secret_of(&headers, "XXXXXXXXXXXXXXXXXXQRSTUVWX"), None);
    }

    #[test]
    fn an_identifier_from_outside_cannot_bend_the_header() {
        assert_eq!(name("A\r\nSet-Cookie: x=1"), "__Host-gw-Cookiex1");
        assert_eq!(cookie("ABCDEFGH", "x\r\ny", 1), None);
    }

    fn presented(secret: Option<&str>, screen: Screen) -> Presented {
        Presented {
            instance_id: "ABCDEFGH".to_owned(),
            secret: secret.map(str::to_owned),
            screen,
            definition_name: "demo".to_owned(),
            languages: Default::default(),
            status: InstanceStatus::Active,
            stale: false,
        }
    }

    fn told(headers: &HeaderMap, presented: &Presented) -> Vec<String> {
        let lines = kept(headers, presented);
        lines.iter().map(|line| line.to_str().expect("text").to_owned()).collect()
    }

    #[test]
    fn a_secret_outlasts_the_window_of_the_browser_and_not_much_the_instance() {
        let mut headers = HeaderMap::new();
        let rest = "HttpOnly; Secure; SameSite=Lax; Path=/; Max-Age=";
        let given = told(&headers, &presented(Some("one"), Screen::Waiting));
        assert_eq!(given, [format!("__Host-gw-ABCDEFGH=one; {rest}2592000")]);
        let cookie = HeaderValue::from_static("__Host-gw-ABCDEFGH=one");
        headers.append(header::COOKIE, cookie);
        assert!(told(&headers, &presented(None, Screen::Waiting)).is_empty());
        let given = told(&headers, &presented(None, Screen::Stopped));
        assert_eq!(given, [format!("__Host-gw-ABCDEFGH=one; {rest}3600")]);
    }

    #[test]
    fn of_many_instances_the_first_are_forgotten() {
        let mut headers = HeaderMap::new();
        let line: Vec<String> =
            (0..40).map(|n| format!("__Host-gw-{n:08}=x; theme=dark")).collect();
        headers.append(header::COOKIE, HeaderValue::from_str(&line.join("; ")).expect("a line"));
        let told = told(&headers, &presented(Some("one"), Screen::Waiting));
        let forgotten: Vec<&String> =
            told.iter().filter(|line| line.contains("Max-Age=0")).collect();
        assert_eq!((told.len(), forgotten.len()), (10, 9));
        assert!(forgotten[0].starts_with("__Host-gw-00000000=;"));
        assert!(forgotten[8].starts_with("__Host-gw-00000008=;"));
        assert!(told[9].starts_with("__Host-gw-ABCDEFGH=one;"));
    }
}
