//! How the refusals of the rooms become problems: which status and code each gets.

use std::time::Duration;

use axum::http::{HeaderValue, StatusCode, header};

use crate::problem::{
    ASSIGNED, BOUND_ELSEWHERE, Fault, NO_RECEIVER, Problem, SEVERAL_RECEIVERS, SUSPENDED,
    TOKEN_NOT_USABLE, TOO_LARGE, UNFIT,
};

impl From<access::TokenError> for Problem {
    fn from(error: access::TokenError) -> Problem {
        Problem::unauthorized(error.code(), error.to_string())
    }
}

impl From<access::Error> for Problem {
    fn from(error: access::Error) -> Problem {
        match &error {
            _ if error.is_conflict() => Problem::conflict(&error),
            access::Error::Invalid { path, message, code } => {
                Problem::at(path, message).code(*code)
            }
            access::Error::Taken { .. } => Problem::new(StatusCode::CONFLICT, error.to_string()),
            access::Error::Storage(_) => out_of_order(&error),
            _ => Problem::unforeseen(&error),
        }
    }
}

impl From<identity::Error> for Problem {
    fn from(error: identity::Error) -> Problem {
        let status = match error.kind() {
            _ if error.is_conflict() => return Problem::conflict(&error),
            identity::Kind::Unavailable => return out_of_order(&error),
            identity::Kind::Throttled => StatusCode::TOO_MANY_REQUESTS,
            identity::Kind::NotFound => StatusCode::NOT_FOUND,
            // The documented interface knows 400 for all of these; the code tells them apart.
            identity::Kind::Invalid | identity::Kind::Conflict | identity::Kind::Refused => {
                StatusCode::BAD_REQUEST
            }
        };
        let fault = |flaw: &identity::Flaw| Fault {
            path: flaw.path.clone(),
            message: flaw.message.clone(),
        };
        let problem = Problem::new(status, error.to_string())
            .code(error.code())
            .faults(error.flaws().iter().map(fault));
        match error {
            identity::Error::Throttled(wait) => {
                problem.header(header::RETRY_AFTER, retry_after(wait))
            }
            _ => problem,
        }
    }
}

impl From<runtime::Error> for Problem {
    fn from(error: runtime::Error) -> Problem {
        use runtime::Error;
        let sentence = error.to_string();
        match error {
            _ if error.is_conflict() => Problem::conflict(&sentence),
            Error::NotFound { .. } => Problem::new(StatusCode::NOT_FOUND, sentence),
            Error::Invalid { path, message } => Problem::at(path, message),
            Error::Unauthorized { code, .. } => Problem::unauthorized(code, sentence),
            Error::TokenNotUsable { .. } => {
                Problem::new(StatusCode::BAD_REQUEST, sentence).code(TOKEN_NOT_USABLE)
            }
            Error::BoundElsewhere => {
                Problem::new(StatusCode::FORBIDDEN, sentence).code(BOUND_ELSEWHERE)
            }
            Error::NoReceiver { .. } => {
                Problem::new(StatusCode::NOT_FOUND, sentence).code(NO_RECEIVER)
            }
            Error::SeveralReceivers { .. } | Error::SeveralStarts { .. } => {
                Problem::new(StatusCode::CONFLICT, sentence).code(SEVERAL_RECEIVERS)
            }
            Error::Flaws(flaws) | Error::DecisionFlaws(flaws) => flawed(&sentence, &flaws),
            Error::Unsound(warnings) => unsound(&sentence, &warnings),
            Error::FormFlaws(flaws) => unreadable_form(&sentence, flaws),
            Error::Migration(reasons) => {
                let fault = |message| Fault { path: "elements".to_owned(), message };
                Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "the migration plan is not valid")
                    .faults(reasons.into_iter().map(fault))
            }
            Error::Suspended => Problem::new(StatusCode::CONFLICT, sentence).code(SUSPENDED),
            Error::Assigned { .. } => Problem::new(StatusCode::CONFLICT, sentence).code(ASSIGNED),
            Error::Refused(errors) => unfit(sentence, &errors),
            Error::TooLarge(_) => Problem::at("variables", sentence).code(TOO_LARGE),
            Error::CannotBeKept(_) => Problem::new(StatusCode::PAYLOAD_TOO_LARGE, sentence),
            Error::Rejected(_) => Problem::new(StatusCode::CONFLICT, sentence),
            Error::Identity(error) => error.into(),
            Error::Access(error) => error.into(),
            Error::Storage(error) => out_of_order(&error),
            Error::Fault(error) => Problem::unforeseen(&format!("{error:#}")),
        }
    }
}

/// Everything that a definition may do and should not, in the shape of flaws, each with its path.
fn unsound(sentence: &str, warnings: &[runtime::Warning]) -> Problem {
    let fault = |warning: &runtime::Warning| Fault {
        path: warning.element.clone().unwrap_or_default(),
        message: warning.message.clone(),
    };
    let problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, sentence.to_owned());
    problem.faults(warnings.iter().map(fault)).with("flaws", &warnings)
}

/// Everything that is wrong with a definition, each with its rule, element and line.
fn flawed(sentence: &str, flaws: &[definitions::Flaw]) -> Problem {
    let fault = |flaw: &definitions::Flaw| Fault {
        path: flaw.element.clone().unwrap_or_default(),
        message: flaw.message.clone(),
    };
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, sentence.to_owned())
        .faults(flaws.iter().map(fault))
        .with("flaws", &flaws)
}

/// What was filled in, field by field, with the rule that each did not keep.
fn unfit(sentence: String, errors: &[forms::FieldError]) -> Problem {
    let fault = |error: &forms::FieldError| {
        let values = error.values.iter().map(|(name, value)| format!("{name} {value}"));
        let values = values.collect::<Vec<_>>().join(", ");
        let values = if values.is_empty() { values } else { format!(" ({values})") };
        let path = error.field.as_ref().map(|field| format!("data.{field}"));
        let message = format!("does not keep the rule `{}`{values}", error.rule);
        Fault { path: path.unwrap_or_else(|| "data".to_owned()), message }
    };
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, sentence)
        .code(UNFIT)
        .faults(errors.iter().map(fault))
        .with("fields", &errors)
}

fn unreadable_form(sentence: &str, flaws: Vec<forms::FormFlaw>) -> Problem {
    let fault = |flaw: forms::FormFlaw| Fault { path: flaw.at, message: flaw.message };
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, sentence.to_owned())
        .faults(flaws.into_iter().map(fault))
}

/// The store failed: the cause goes to the log, once, and not to the caller.
fn out_of_order(cause: &dyn std::fmt::Display) -> Problem {
    tracing::error!(%cause, "the store failed");
    Problem::unavailable("the store does not answer")
}

/// A time to wait in whole seconds, as the header `Retry-After` has it (RFC 9110 §10.2.3).
pub(crate) fn retry_after(wait: Duration) -> HeaderValue {
    HeaderValue::from(wait.as_millis().div_ceil(1000).try_into().unwrap_or(u64::MAX))
}
