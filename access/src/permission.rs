//! Permissions: `TNT#{tenant}#{Service}:{operation}` in one tenant, `SYS#{Service}:{operation}` in all.
//!
//! A granted permission may end in one `*`, which stands for any rest: `TNT#demo#WatchlistManager*`,
//! `TNT#demo#*`, `SYS#*`. The tenant itself is never a wildcard.
//!
//! An operation is asked for as `Service:operation`, or as `SYS#Service:operation` when it concerns
//! the whole installation and no tenant's permission is enough.

use crate::Error;

/// The code of a permission that is not of a known form.
const UNKNOWN_PERMISSION: u32 = 264;

/// Says whether one of the granted permissions covers an operation in a tenant.
pub fn allows(granted: &[String], tenant: &str, operation: &str) -> bool {
    granted.iter().any(|permission| covers(permission, tenant, operation))
}

/// The permission that an operation asks for, as it would be granted.
pub fn required(tenant: &str, operation: &str) -> String {
    if operation.starts_with("SYS#") {
        operation.to_owned()
    } else {
        format!("TNT#{tenant}#{operation}")
    }
}

/// Checks that a text is a permission that can be granted in a tenant.
///
/// # Errors
/// [`Error::Invalid`] with code 264, at `path`.
pub fn check(permission: &str, tenant: &str, path: &str) -> Result<(), Error> {
    let refuse = |message: &str| {
        Err(Error::Invalid {
            path: path.to_owned(),
            message: format!("{message}: {permission}"),
            code: Some(UNKNOWN_PERMISSION),
        })
    };
    let pattern = match permission.split_once('#') {
        Some(("SYS", pattern)) => pattern,
        Some(("TNT", rest)) => match rest.split_once('#') {
            Some((named, pattern)) if named == tenant => pattern,
            Some(_) => return refuse("names another tenant"),
            None => return refuse("names no tenant"),
        },
        _ => return refuse("begins with neither TNT# nor SYS#"),
    };
    let stem = pattern.strip_suffix('*').unwrap_or(pattern);
    let is_name = |part: &str| part.bytes().all(|b| b.is_ascii_alphanumeric());
    let well_formed = match stem.split_once(':') {
        Some((service, operation)) => {
            !service.is_empty()
                && is_name(service)
                && is_name(operation)
                && (!operation.is_empty() || stem != pattern)
        }
        None => stem != pattern && is_name(stem),
    };
    if well_formed { Ok(()) } else { refuse("is not Service:operation") }
}

fn covers(permission: &str, tenant: &str, operation: &str) -> bool {
    let (system, operation) = match operation.strip_prefix("SYS#") {
        Some(operation) => (true, operation),
        None => (false, operation),
    };
    match permission.split_once('#') {
        Some(("SYS", pattern)) => fits(pattern, operation),
        Some(("TNT", rest)) if !system => match rest.split_once('#') {
            Some((named, pattern)) => named == tenant && fits(pattern, operation),
            None => false,
        },
        _ => false,
    }
}

fn fits(pattern: &str, operation: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(stem) => operation.starts_with(stem),
        None => pattern == operation,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permission_covers_what_it_says_and_no_more() {
        #[rustfmt::skip]
        let cases = [
            ("TNT#demo#IdentityStore:addUser",  "IdentityStore:addUser",   true),
            ("TNT#demo#IdentityStore:addUser",  "IdentityStore:addUsers",  false),
            ("TNT#demo#IdentityStore:addUsers", "IdentityStore:addUser",   false),
            ("TNT#demo#IdentityStore:*",        "IdentityStore:addUser",   true),
            ("TNT#demo#IdentityStore:add*",     "IdentityStore:addUser",   true),
            ("TNT#demo#IdentityStore:add*",     "IdentityStore:readUser",  false),
            ("TNT#demo#IdentityStore*",         "IdentityStore:addUser",   true),
            ("TNT#demo#Identity*:addUser",      "IdentityStore:addUser",   false),
            ("TNT#demo#*",                      "IdentityStore:addUser",   true),
            ("TNT#demo2#*",                     "IdentityStore:addUser",   false),
            ("TNT#dem*#*",                      "IdentityStore:addUser",   false),
            ("TNT#*",                           "IdentityStore:addUser",   false),
            ("TNT##*",                          "IdentityStore:addUser",   false),
            ("TNT#demo*",                       "IdentityStore:addUser",   false),
            ("TNT#demo",                        "IdentityStore:addUser",   false),
            ("*",                               "IdentityStore:addUser",   false),
            ("",                                "IdentityStore:addUser",   false),
            ("tnt#demo#IdentityStore:addUser",  "IdentityStore:addUser",   false),
            ("TNT#demo#identitystore:adduser",  "IdentityStore:addUser",   false),
            (" TNT#demo#IdentityStore:addUser", "IdentityStore:addUser",   false),
            ("SYS#*",                           "IdentityStore:addUser",   true),
            ("SYS#IdentityStore:addUser",       "IdentityStore:addUser",   true),
            ("SYS#ArthrServer:rotate",          "SYS#ArthrServer:rotate",  true),
            ("SYS#*",                           "SYS#ArthrServer:rotate",  true),
            ("TNT#demo#*",                      "SYS#ArthrServer:rotate",  false),
            ("TNT#demo#SYS#ArthrServer:rotate", "SYS#ArthrServer:rotate",  false),
        ];
        for (granted, operation, expected) in cases {
            let answer = allows(&[granted.to_owned()], "demo", operation);
            assert_eq!(answer, expected, "{granted} for {operation}");
        }
    }

    #[test]
    fn a_permission_that_can_never_match_is_not_granted() {
        #[rustfmt::skip]
        let cases = [
            ("TNT#demo#IdentityStore:addUser", true),
            ("TNT#demo#IdentityStore:*",       true),
            ("TNT#demo#WatchlistManager*",     true),
            ("TNT#demo#*",                     true),
            ("SYS#*",                          true),
            ("SYS#WatchlistManager:addTrendRecord", true),
            ("TNT#other#*",                    false),
            ("TNT#demo",                       false),
            ("TNT#demo#",                      false),
            ("TNT#demo#IdentityStore",         false),
            ("TNT#demo#IdentityStore:",        false),
            ("TNT#demo#:addUser",              false),
            ("TNT#demo#**",                    false),
            ("TNT#demo#Identity*:addUser",     false),
            ("TNT#demo#Identity Store:x",      false),
            ("IdentityStore:addUser",          false),
            ("",                               false),
        ];
        for (permission, expected) in cases {
            let answer = check(permission, "demo", "permissions[0]");
            assert_eq!(answer.is_ok(), expected, "{permission}");
            if let Err(error) = answer {
                assert_eq!(error.code(), Some(264), "{permission}");
            }
        }
    }

    #[test]
    fn what_is_required_can_be_granted() {
        for operation in ["IdentityStore:addUser", "SYS#ArthrServer:rotateSigningKey"] {
            let permission = required("demo", operation);
            assert!(check(&permission, "demo", "").is_ok(), "{permission}");
            assert!(allows(&[permission], "demo", operation));
        }
    }
}
