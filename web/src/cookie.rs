//! The cookie that binds a browser to an instance that it started.

use axum::http::{HeaderMap, HeaderValue, header};

/// The name of an instance's cookie: the `__Host-` prefix keeps it to this host, this path and https. It has the end of
/// the identifier, which is random: it begins with its time, so that instances made together begin alike.
pub(crate) fn name(instance: &str) -> String {
    let letters: Vec<char> = instance.chars().filter(char::is_ascii_alphanumeric).collect();
    let short: String = letters[letters.len().saturating_sub(8)..].iter().collect();
    format!("__Host-gw-{short}")
}

/// The secret that a browser shows for an instance.
pub(crate) fn secret_of(headers: &HeaderMap, instance: &str) -> Option<String> {
    let wanted = name(instance);
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    cookies
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == wanted)
        .map(|(_, value)| value.to_owned())
}

/// The header that gives a browser its secret. `None` when the secret cannot stand in a header.
pub(crate) fn giving(instance: &str, secret: &str) -> Option<HeaderValue> {
    let name = name(instance);
    let text = format!("{name}={secret}; HttpOnly; Secure; SameSite=Lax; Path=/");
    let mut value = HeaderValue::from_str(&text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(giving("ABCDEFGH", "x\r\ny"), None);
    }
}
