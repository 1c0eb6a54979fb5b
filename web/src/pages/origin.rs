//! Tells a form that our own page sent from one that another site sent.

use axum::http::{HeaderMap, header};

/// True when a browser says that the request comes from a page of another origin.
///
/// Fetch Metadata is believed first (`Sec-Fetch-Site`), then `Origin` has to be the one of our address.
/// A caller that sends neither is no browser that somebody could have been lured with.
pub(crate) fn is_foreign(headers: &HeaderMap, own: &str) -> bool {
    let site = headers.get("sec-fetch-site").map(|site| site.as_bytes());
    if site.is_some_and(|site| site != b"same-origin" && site != b"none") {
        return true;
    }
    headers.get(header::ORIGIN).is_some_and(|origin| origin.as_bytes() != own.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_pages_may_send_forms() {
        let own = "https://id.example";
        for (site, origin, foreign) in [
            (None, None, false),
            (Some("same-origin"), Some(own), false),
            (Some("none"), None, false),
            (None, Some(own), false),
            (Some("same-origin"), Some("https://id.example:8443"), true),
            (Some("same-origin"), Some("null"), true),
            (Some("cross-site"), Some(own), true),
            (Some("same-site"), Some(own), true),
            (Some("cross-site"), None, true),
            (Some("nonsense"), None, true),
            (None, Some("null"), true),
            (None, Some("http://id.example"), true),
            (None, Some("https://id.example.evil.example"), true),
        ] {
            let mut headers = HeaderMap::new();
            for (name, value) in [("sec-fetch-site", site), ("origin", origin)] {
                if let Some(value) = value {
                    headers.insert(name, value.parse().unwrap());
                }
            }
            assert_eq!(is_foreign(&headers, own), foreign, "{site:?} {origin:?}");
        }
    }
}
