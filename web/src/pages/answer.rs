//! Reads a submitted form as the answer to a step.

use activities::{PasskeyResponse, SrpRegistrationData, SrpVerificationData, Submission};
use serde_json::{Map, Value};
use url::form_urlencoded;

/// The beginning of the names of the form's own fields; the others are the page's.
const DATA: &str = "data.";
/// The most fields that are read.
const MOST_FIELDS: usize = 2_000;

/// What a page sent: which question it answers, and with what.
pub(crate) struct Sent {
    pub(crate) topic: String,
    pub(crate) nonce: String,
    pub(crate) submission: Submission,
}

/// Reads `application/x-www-form-urlencoded`; nothing when it does not say what it answers.
pub(crate) fn read(body: &[u8]) -> Option<Sent> {
    let mut data = Map::new();
    let mut own: Vec<(String, String)> = Vec::new();
    for (name, value) in form_urlencoded::parse(body).take(MOST_FIELDS) {
        match name.strip_prefix(DATA) {
            Some(id) => {
                data.insert(id.to_owned(), Value::String(value.into_owned()));
            }
            None => own.push((name.into_owned(), value.into_owned())),
        }
    }
    let take =
        |wanted: &str| own.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.clone());
    let history = take("historyVerifiers").unwrap_or_default();
    let history = history.split(',').filter(|one| !one.is_empty()).map(str::to_owned);
    let registration = take("verifier")
        .map(|verifier| SrpRegistrationData { verifier, history_verifiers: history.collect() });
    let verification = take("clientPublicKey")
        .zip(take("m1"))
        .map(|(client_public_key, m1)| SrpVerificationData { client_public_key, m1 });
    let passkey_response = take("passkey")
        .and_then(|response| serde_json::from_str::<PasskeyResponse>(&response).ok());
    let submission = Submission {
        data,
        srp_registration_data: registration,
        srp_verification_data: verification,
        passkey_response,
        another_way: take("anotherWay").is_some(),
    };
    Some(Sent { topic: take("topic")?, nonce: take("nonce")?, submission })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_and_proofs_are_told_apart() {
        let sent = read(b"topic=T&nonce=N&data.a=1&data.a=2&data.topic=x&data.%C3%BC+b=%2B&m1=M&clientPublicKey=C&verifier=V&historyVerifiers=W,X&x=y").unwrap();
        assert_eq!((sent.topic.as_str(), sent.nonce.as_str()), ("T", "N"));
        assert_eq!(
            Value::Object(sent.submission.data),
            serde_json::json!({ "a": "2", "topic": "x", "ü b": "+" })
        );
        let new = sent.submission.srp_registration_data.unwrap();
        assert_eq!((new.verifier.as_str(), new.history_verifiers.join(" ")), ("V", "W X".into()));
        let proof = sent.submission.srp_verification_data.unwrap();
        assert_eq!((proof.client_public_key.as_str(), proof.m1.as_str()), ("C", "M"));
    }

    #[test]
    fn a_passkey_and_the_choice_of_another_way_are_told_apart() {
        let sent = |body: &str| read(format!("topic=T&nonce=N&{body}").as_bytes()).unwrap();
        let given = sent(r#"passkey={"failure":{"outcome":"CANCELLED"}}"#).submission;
        assert!(given.passkey_response.unwrap().failure.is_some() && !given.another_way);
        assert_eq!(sent("passkey={&data.a=1").submission.passkey_response, None);
        assert!(sent("anotherWay=true").submission.another_way);
    }

    #[test]
    fn what_answers_no_question_is_not_read() {
        for body in ["", "topic=T", "nonce=N", "%", "\u{0}&&&=", "data.topic=T&data.nonce=N"] {
            assert!(read(body.as_bytes()).is_none(), "{body}");
        }
        assert!(read(b"topic=&nonce=").is_some());
        assert!(read(&[0xff, b'=', 0xfe]).is_none());
    }
}
