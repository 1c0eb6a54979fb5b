//! How locales and time zones are written.

/// What is wrong with a locale, if anything: `en`, `en_US`, `zh-Hant-TW`.
pub(crate) fn flaw_of_locale(locale: &str) -> Option<&'static str> {
    let mut parts = locale.split(['_', '-']);
    let language = parts.next().unwrap_or_default();
    let good = (2..=8).contains(&language.len())
        && language.bytes().all(|b| b.is_ascii_alphabetic())
        && parts.clone().count() <= 6
        && parts.all(|part| {
            (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
        });
    (!good).then_some("a locale is a language and perhaps a region, such as `en_US`")
}

/// What is wrong with the name of a time zone, if anything: `US/Eastern`, `Etc/GMT+1`.
///
/// Which names there are changes from release to release of the time zone database, so only the form is checked.
pub(crate) fn flaw_of_timezone(zone: &str) -> Option<&'static str> {
    let letter = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'+');
    let good = zone.len() <= 64
        && zone.starts_with(|c: char| c.is_ascii_alphabetic())
        && zone.split('/').all(|part| !part.is_empty() && part.bytes().all(letter));
    (!good).then_some("a time zone is a name such as `US/Eastern`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locales_and_time_zones_are_checked_by_their_form() {
        let locales =
            ["en", "en_US", "zh-Hant-TW", "de-DE-1996", "!", "e", "en_", "en US", "1n", ""];
        let good: Vec<_> = locales.into_iter().filter(|l| flaw_of_locale(l).is_none()).collect();
        assert_eq!(good, ["en", "en_US", "zh-Hant-TW", "de-DE-1996"]);
        let zones = ["UTC", "US/Eastern", "Etc/GMT+1", "America/Argentina/Buenos_Aires"];
        let wrong = ["", "/etc/passwd", "US//Eastern", "US/", "../x", "US Eastern", "+01:00"];
        for (zone, good) in zones.map(|z| (z, true)).into_iter().chain(wrong.map(|z| (z, false))) {
            assert_eq!(flaw_of_timezone(zone).is_none(), good, "{zone}");
        }
    }
}
