//! What an authenticator app reads from a QR code: the `otpauth` address that holds the secret.

use std::fmt::Write;

use data_encoding::BASE32_NOPAD;
use zeroize::Zeroizing;

use super::registered::Row;

/// The secret as people type it into an app that cannot scan: base32 without padding.
pub(super) fn text_of(secret: &[u8]) -> Zeroizing<String> {
    Zeroizing::new(BASE32_NOPAD.encode(secret))
}

/// The address. The label is the issuer and the name of the user, or the name alone without an issuer.
pub(super) fn address(row: &Row, secret: &[u8]) -> String {
    let mut address = "otpauth://totp/".to_owned();
    if let Some(issuer) = &row.issuer {
        escape(&mut address, issuer);
        address.push(':');
    }
    escape(&mut address, &row.username);
    address.push_str("?secret=");
    address.push_str(&text_of(secret));
    if let Some(issuer) = &row.issuer {
        address.push_str("&issuer=");
        escape(&mut address, issuer);
    }
    let (algorithm, digits, period) = (row.algorithm.as_str(), row.digits, row.period);
    // Writing into a String does not fail.
    let _ = write!(address, "&algorithm={algorithm}&digits={digits}&period={period}");
    address
}

/// Writes a text so that it can stand anywhere in an address: all but the unreserved characters (RFC 3986 section
/// 2.3) as percent and hexadecimal, a space as `%20` because apps do not read `+`.
fn escape(address: &mut String, text: &str) {
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                address.push(char::from(byte));
            }
            other => {
                let _ = write!(address, "%{other:02X}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::super::{TotpPolicy, TotpStatus};
    use super::*;

    #[test]
    fn the_address_is_what_authenticator_apps_read() {
        let sample = |issuer: Option<&str>, username: &str| {
            let issuer = issuer.map(str::to_owned);
            let policy = TotpPolicy { issuer, digits: 8, ..TotpPolicy::default() };
            let row = Row::new("I".to_owned(), "p", &policy, username, Timestamp::UNIX_EPOCH);
            assert_eq!(row.status, TotpStatus::Pending);
            address(&row, b"Hello!\xDE\xAD\xBE\xEF")
        };
        assert_eq!(
            sample(Some("Example & Co"), "anna@example.org"),
            "otpauth://totp/Example%20%26%20Co:anna%40example.org?secret=JBSWY3DPEHPK3PXP\
             &issuer=Example%20%26%20Co&algorithm=SHA1&digits=8&period=30"
        );
        assert_eq!(
            sample(None, "Jürgen"),
            "otpauth://totp/J%C3%BCrgen?secret=JBSWY3DPEHPK3PXP&algorithm=SHA1&digits=8&period=30"
        );
    }
}
