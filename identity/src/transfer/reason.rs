//! Why a line is not usable, in words of ours: reports are kept, so they name members of the format and nothing that
//! stood in the line.

use serde_path_to_error::Segment;

use crate::credential::passkey::PasskeyFault;
use crate::error::Error;

/// What is wrong with a line that cannot be read. What it holds comes first in what the parser says.
pub(super) fn flaw(error: &serde_path_to_error::Error<serde_json::Error>) -> String {
    let said = error.inner().to_string();
    if !error.inner().is_data() {
        return said;
    }
    let said = said.rfind(" at line ").map_or(said.as_str(), |end| &said[..end]);
    let expected = said.rfind(", expected ").map_or("", |at| &said[at + 2..]);
    let is_unknown = said.starts_with("unknown field");
    let flaw = match said.split([':', ' ']).next().unwrap_or_default() {
        "unknown" if is_unknown => format!("unknown field, {expected}"),
        "invalid" | "unknown" => expected.to_owned(),
        "missing" | "duplicate" => said.to_owned(),
        _ => "it cannot be read".to_owned(),
    };
    match place(error, is_unknown) {
        place if place.is_empty() => flaw,
        place => format!("{place}: {flaw}"),
    }
}

/// Where it is wrong: in which member of the format. An attribute, and a member that the format does not have, has a
/// name that the line chose.
fn place(error: &serde_path_to_error::Error<serde_json::Error>, is_unknown: bool) -> String {
    let mut place = String::new();
    let mut segments = error.path().iter().peekable();
    while let Some(segment) = segments.next() {
        match segment {
            Segment::Map { .. } if is_unknown && segments.peek().is_none() => break,
            Segment::Map { key } => {
                let point = if place.is_empty() { "" } else { "." };
                place = format!("{place}{point}{key}");
            }
            Segment::Seq { index } => place = format!("{place}[{index}]"),
            Segment::Enum { .. } | Segment::Unknown => break,
        }
        if place == "attributes" {
            break;
        }
    }
    place
}

/// Why a line that can be read was refused.
pub(super) fn reason_of(error: &Error) -> String {
    match error {
        Error::ImportLine(reason) => reason.clone(),
        Error::UserNotNamed | Error::TooManyUsers(_) => error.to_string(),
        Error::ExternalIdTaken(_) => "externalId: another user has it".to_owned(),
        Error::StatusOutOfReach { .. } => "status: the user cannot be given it".to_owned(),
        Error::UserInvalid(flaws) => {
            let member = |path: &str| path.split('.').next().unwrap_or_default().to_owned();
            let flaws =
                flaws.iter().map(|flaw| format!("{}: {}", member(&flaw.path), flaw.message));
            flaws.collect::<Vec<_>>().join("; ")
        }
        Error::PolicyMissing(_) => no_policy("passcodes"),
        Error::TotpPolicyMissing(_) => no_policy("totps"),
        Error::RecoveryCodePolicyMissing(_) => no_policy("recoveryCodes"),
        Error::Passkey(fault) => match fault {
            PasskeyFault::RelyingPartyMissing(_) => {
                "passkeys: relyingPartyId: there is no such relying party".to_owned()
            }
            PasskeyFault::Unverified(_) | PasskeyFault::AlgorithmNotAccepted(_) => {
                "passkeys: publicKey: it cannot be read, or its algorithm is not accepted"
                    .to_owned()
            }
            PasskeyFault::AlreadyRegistered
            | PasskeyFault::UserHandleTaken
            | PasskeyFault::MemberInvalid(..) => format!("passkeys: {fault}"),
            _ => format!("passkeys: refused with the code {}", error.code()),
        },
        _ => format!("refused with the code {}", error.code()),
    }
}

fn no_policy(member: &str) -> String {
    format!("{member}: policyName: there is no such policy")
}
