//! The public codes of problems and what they mean.

use crate::problem::{
    ACCESS_DENIED, BOUND_ELSEWHERE, NO_RECEIVER, SEVERAL_RECEIVERS, STALE_ANSWER, SUSPENDED,
    TOKEN_NOT_USABLE, TOO_LARGE,
};

/// Every code that an answer may carry, in order.
pub(crate) const CODES: &[(u32, &str)] = &[
    (1, "something unforeseen went wrong"),
    (ACCESS_DENIED, "access is denied"),
    (90, "the tenant does not exist"),
    (100, "the identity store does not exist"),
    (101, "the name belongs to another identity store"),
    (102, "a member of the identity store is not usable"),
    (220, "the bearer token cannot be parsed"),
    (221, "there is no bearer token, or it has no header"),
    (222, "the bearer token names no key"),
    (223, "the bearer token names no algorithm"),
    (224, "the bearer token has no body"),
    (225, "the bearer token is of another issuer"),
    (226, "the bearer token is of an unknown owner"),
    (264, "the permission is of no known form"),
    (271, "the API key opens nothing, or the bearer token's key is not known"),
    (273, "the bearer token is compressed"),
    (274, "the bearer token is malformed"),
    (275, "a claim of the bearer token has the wrong type"),
    (276, "the bearer token's signature is not valid"),
    (277, "the bearer token's algorithm or header is not accepted"),
    (279, "the bearer token has expired"),
    (280, "the bearer token is not yet valid"),
    (281, "the bearer token is for another audience"),
    (282, "a claim of the bearer token is missing"),
    (500, "no user has this identifier"),
    (501, "neither identifier nor external identifier of a user was given"),
    (502, "the user is not active"),
    (503, "no user has this external identifier"),
    (504, "the external identifier belongs to another user"),
    (505, "a member of the user is not usable"),
    (506, "the user's status cannot become that one"),
    (510, "the user has no such record of an authentication"),
    (2100, "the user is locked"),
    (2101, "this form of authentication is locked for the user"),
    (2102, "the user is disabled"),
    (2600, "the passcode policy does not exist"),
    (2601, "the user has a passcode already"),
    (2602, "the user has no passcode"),
    (2603, "the session is unknown, over or expired"),
    (2604, "the browser's response is missing"),
    (2605, "the browser's response cannot be read"),
    (2606, "the verifier is not usable"),
    (2615, "the passcode authentication failed, for whatever reason"),
    (STALE_ANSWER, "the answer is for an earlier question"),
    (BOUND_ELSEWHERE, "the process instance belongs to another browser"),
    (TOKEN_NOT_USABLE, "the process token is used up, inactive, too early or too late"),
    (SUSPENDED, "the process instance is suspended"),
    (TOO_LARGE, "process variables are too large"),
    (NO_RECEIVER, "nobody awaits the message"),
    (SEVERAL_RECEIVERS, "several await the message, and it cannot be told whom it is for"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_stand_in_order_and_once() {
        assert!(CODES.is_sorted_by(|(one, _), (next, _)| one < next));
    }
}
