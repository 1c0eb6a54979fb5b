//! The end user's calls: start an instance, answer what it asks. The hosted pages do the same.
//!
//! No permission guards them but the instance's identifier at the start, and from then on the
//! cookie of the browser that started it together with the single-use nonce of each question.

use std::net::IpAddr;
use std::time::Duration;

use axum::http::{HeaderMap, StatusCode, header};
use identity::{AlgorithmInfo, ClientFailure, FormerPasscode, PasscodeRequirements};
use runtime::{Answer, InstanceStatus, Outcome, Presented, Screen, Tenant};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::App;
use crate::ask::OpenAsk;
use crate::caller::admit;
use crate::cookie;
use crate::problem::{ACCESS_DENIED, Problem, STALE_ANSWER, SUSPENDED};
use crate::reply::WithCookies;
use crate::source;

pub(crate) const ABOUT_START: &str = "Answers with the first question. The browser that starts an instance is bound to it by a cookie; started again by the same browser, the instance shows where it stands.";
pub(crate) const ABOUT_CONTINUE: &str = "Answers with the next question or with the outcome. Each question has a topic and a single-use nonce. After a new passcode the answer comes when it has been compared with those that everybody tries first, mostly within two seconds. An answer for an earlier question changes nothing: 409 with code 2901 and the present step in the member `present`. An instance that a person has suspended takes no answer: 409 with code 2904.";

/// The operations, as permissions name them.
pub(crate) const START: &str = "ProcessServer:startProcess";
pub(crate) const CONTINUE: &str = "ProcessServer:continueProcess";

/// Who is named as the maker of what an end user does.
const END_USER: &str = "End user";

/// How long an answer is held back while a new passcode is checked; an end user waits less.
const PATIENCE: Duration = Duration::from_secs(20);

/// The instance to start.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StartQuery {
    /// Identifier of the instance.
    pi: String,
    /// Its tenant; without it the usual one.
    tn: Option<String>,
}

/// The tenant of an instance.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TenantQuery {
    /// The tenant; without it the usual one.
    tn: Option<String>,
}

/// The question that is answered.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct QuestionPath {
    /// Name of the process definition. The instance knows its own; this one is for people.
    #[expect(dead_code, reason = "the instance knows its own definition")]
    process_definition_name: String,
    /// Identifier of the instance.
    business_key: String,
    /// Identity of the waiting activity.
    topic_name: String,
}

/// What the end user gives.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(rename = "AnswerOfEndUser")]
pub(crate) struct Given {
    /// The single-use value that came with the question.
    nonce: String,
    /// Values of the form's components, by their identifiers.
    #[serde(default)]
    data: Map<String, Value>,
    /// A new passcode.
    srp_registration_data: Option<Verifier>,
    /// The proof of a passcode.
    srp_verification_data: Option<Proof>,
    /// What the browser gave for a passkey, or why it gave nothing.
    passkey_response: Option<BrowserResponse>,
    /// Whether the end user chose another way than the passkey that was asked for.
    #[serde(default)]
    another_way: bool,
}

/// What a browser gave for a passkey, or why it gave nothing: one of both.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(rename = "PasskeyBrowserResponse")]
pub(crate) struct BrowserResponse {
    /// What `toJSON()` of the browser's `PublicKeyCredential` gives.
    credential: Option<Map<String, Value>>,
    /// Why the browser gave none.
    failure: Option<ClientFailure>,
}

/// A new passcode, as its SRP verifier.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Verifier {
    /// v = g^x mod N (RFC 5054 §2.4), base64.
    pub(crate) verifier: String,
    /// What v would be with `i` and salt of each member of `passcodeHistory`, in order, base64.
    #[serde(default)]
    pub(crate) history_verifiers: Vec<String>,
}

/// The proof of a passcode.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Proof {
    /// A (RFC 5054 §2.5.4), base64.
    pub(crate) client_public_key: String,
    /// M1 (RFC 2945 §3), base64.
    pub(crate) m1: String,
}

/// What is asked of the end user now, or how it ended.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Step {
    /// Identifier of the instance.
    process_instance_id: String,
    /// Name of its definition.
    process_definition_name: String,
    /// Identifier of the instance, for `continue`.
    business_key: String,
    /// Where the instance stands.
    status: InstanceStatus,
    /// The question, if there is one.
    #[serde(flatten)]
    question: Option<Question>,
    /// How it ended: `ACCEPTED`, `DECLINED`, `REVIEW`, `EXPIRED` or `STOPPED`, which somebody did by hand.
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<&'static str>,
    /// Where the end user goes afterwards.
    #[serde(skip_serializing_if = "Option::is_none")]
    redirect_url: Option<String>,
    /// Where the end user goes from an expired session.
    #[serde(skip_serializing_if = "Option::is_none")]
    timeout_redirect_url: Option<String>,
}

/// A question to the end user.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Question {
    /// Identity of the waiting activity, for `continue`.
    topic_name: String,
    /// Good for one answer.
    nonce: String,
    /// Name of the activity.
    activity: String,
    /// Screen of the user interface.
    screen_id: String,
    /// Step of the user interface.
    step_id: String,
    /// The screens that the activity leads through.
    screens: Vec<String>,
    /// The form to fill in: name, version, dataKey, form, readOnly, hideButtons.
    #[serde(skip_serializing_if = "Option::is_none")]
    form: Option<Value>,
    /// The passcode ceremony to take part in.
    #[serde(skip_serializing_if = "Option::is_none")]
    passcode: Option<Ceremony>,
    /// The passkey ceremony to take part in.
    #[serde(skip_serializing_if = "Option::is_none")]
    passkey: Option<PasskeyCeremony>,
    /// What was wrong with the answer before, field by field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Value>,
}

/// A passkey ceremony.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PasskeyCeremony {
    /// `registration` or `authentication`.
    ceremony: &'static str,
    /// What `PublicKeyCredential.parseCreationOptionsFromJSON()` or `parseRequestOptionsFromJSON()` reads.
    public_key: Value,
    /// Whether the browser may offer passkeys in the field for the user's name (conditional mediation).
    autofill: bool,
    /// Whether the answer may be `anotherWay`.
    another_way: bool,
}

/// A passcode ceremony.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Ceremony {
    /// `registration`, `authentication` or `renewal`.
    ceremony: &'static str,
    /// Group, salt and keys.
    algorithm_info: AlgorithmInfo,
    /// The rules for a new passcode.
    #[serde(skip_serializing_if = "Option::is_none")]
    passcode_requirements: Option<PasscodeRequirements>,
    /// Group, salt and keys to prove the present passcode; in a renewal alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    current_algorithm_info: Option<AlgorithmInfo>,
    /// The passcodes that a new one is compared with.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    passcode_history: Vec<FormerPasscode>,
}

/// Starts an instance, or shows whoever started it where it stands.
pub(crate) async fn start(ask: OpenAsk<(), StartQuery>) -> Result<WithCookies<Step>, Problem> {
    let OpenAsk { app, headers, source, query, .. } = ask;
    refuse_foreign(&app, &headers)?;
    let named = named_end_user(&app, &headers, START, query.tn.as_deref()).await?;
    let tenant = tenant(&app, query.tn.as_deref()).await?.reached_from(source).on_behalf_of(named);
    let secret = cookie::secret_of(&headers, &query.pi);
    let presented = tenant.start(&query.pi, secret.as_deref()).await?;
    let presented = tenant.wait_for_check(presented, secret.as_deref(), PATIENCE).await?;
    packed(&headers, presented)
}

/// Takes an answer and shows what comes next.
pub(crate) async fn go_on(
    ask: OpenAsk<QuestionPath, TenantQuery, Given>,
) -> Result<WithCookies<Step>, Problem> {
    let OpenAsk { app, headers, source, path, query, body } = ask;
    refuse_foreign(&app, &headers)?;
    let named = named_end_user(&app, &headers, CONTINUE, query.tn.as_deref()).await?;
    if named.is_none() {
        source::refuse_throttled(&app, source)?;
    }
    let tenant = tenant(&app, query.tn.as_deref()).await?.reached_from(source).on_behalf_of(named);
    let secret = cookie::secret_of(&headers, &path.business_key);
    let answer = body.into_answer(path.topic_name);
    let presented = tenant.submit(&path.business_key, secret.as_deref(), answer).await?;
    let presented = tenant.wait_for_check(presented, secret.as_deref(), PATIENCE).await?;
    let stale = presented.stale;
    let paused = matches!(presented.screen, Screen::Paused);
    let reply = packed(&headers, presented)?;
    if paused {
        let detail = "the process instance is on hold and takes no answer now; try again later";
        let problem = Problem::new(StatusCode::CONFLICT, detail).code(SUSPENDED);
        return Err(problem.with("present", &reply.body));
    }
    if stale {
        let detail = "the answer is for an earlier question; the present one is in \"present\"";
        let problem = Problem::new(StatusCode::CONFLICT, detail).code(STALE_ANSWER);
        return Err(problem.with("present", &reply.body));
    }
    Ok(reply)
}

impl Given {
    fn into_answer(self, topic: String) -> Answer {
        let submission = activities::Submission {
            data: self.data,
            srp_registration_data: self.srp_registration_data.map(|given| {
                activities::SrpRegistrationData {
                    verifier: given.verifier,
                    history_verifiers: given.history_verifiers,
                }
            }),
            srp_verification_data: self.srp_verification_data.map(|given| {
                activities::SrpVerificationData {
                    client_public_key: given.client_public_key,
                    m1: given.m1,
                }
            }),
            passkey_response: self.passkey_response.map(|given| activities::PasskeyResponse {
                credential: given.credential,
                failure: given.failure,
            }),
            another_way: self.another_way,
        };
        Answer { topic, nonce: self.nonce, submission }
    }
}

/// The address of the end user, where a caller with the permission for this operation of the tenant names it. Of nobody
/// else is the header looked at.
async fn named_end_user(
    app: &App,
    headers: &HeaderMap,
    operation: &str,
    tenant: Option<&str>,
) -> Result<Option<IpAddr>, Problem> {
    let is_caller = headers.contains_key(header::AUTHORIZATION);
    if !is_caller || !headers.contains_key(source::END_USER_ADDRESS) {
        return Ok(None);
    }
    let caller = admit(app, headers, operation).await?;
    if caller.tenant().name() != tenant.unwrap_or(app.runtime().default_tenant()) {
        return Err(Problem::forbidden("the bearer token is of another tenant"));
    }
    source::named_end_user(headers)
}

async fn tenant(app: &App, named: Option<&str>) -> Result<Tenant, Problem> {
    let runtime = app.runtime();
    Ok(runtime.tenant(named.unwrap_or(runtime.default_tenant()), END_USER).await?)
}

/// Refuses a browser that acts for a page of another origin (CSRF). Programs send no such header.
fn refuse_foreign(app: &App, headers: &HeaderMap) -> Result<(), Problem> {
    let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let Some(origin) = text(header::ORIGIN) else { return Ok(()) };
    let host = text(header::HOST).unwrap_or_default();
    let same_host = origin.split_once("://").is_some_and(|(_, authority)| authority == host);
    if origin == app.origin() || same_host {
        return Ok(());
    }
    let detail = "a page of another origin may not act for the end user";
    Err(Problem::new(StatusCode::FORBIDDEN, detail).code(ACCESS_DENIED))
}

fn packed(headers: &HeaderMap, presented: Presented) -> Result<WithCookies<Step>, Problem> {
    let cookies = cookie::kept(headers, &presented);
    let id = presented.instance_id;
    let mut step = Step {
        process_instance_id: id.clone(),
        process_definition_name: presented.definition_name,
        business_key: id,
        status: presented.status,
        question: None,
        outcome: None,
        redirect_url: None,
        timeout_redirect_url: None,
    };
    match presented.screen {
        Screen::Ask { topic, nonce, wait } => step.question = Some(asked(topic, nonce, wait)?),
        Screen::Ended { outcome, redirect_url } => {
            step.outcome = Some(named(outcome));
            step.redirect_url = redirect_url;
        }
        Screen::Expired { back } => {
            step.outcome = Some("EXPIRED");
            step.timeout_redirect_url = back;
        }
        Screen::Stopped => step.outcome = Some("STOPPED"),
        Screen::Paused | Screen::Waiting | Screen::Moment | Screen::Trouble => {}
    }
    Ok(WithCookies { cookies, body: step })
}

fn asked(topic: String, nonce: String, wait: activities::Wait) -> Result<Question, Problem> {
    fn json(value: &impl Serialize) -> Result<Value, Problem> {
        serde_json::to_value(value).map_err(|error| Problem::unforeseen(&error))
    }
    let kind = |ceremony| match ceremony {
        activities::Ceremony::Registration => "registration",
        activities::Ceremony::Authentication => "authentication",
        activities::Ceremony::Renewal => "renewal",
    };
    let passkey = |part: activities::PasskeyPart| PasskeyCeremony {
        ceremony: kind(part.ceremony),
        public_key: part.public_key,
        autofill: part.autofill,
        another_way: part.another_way,
    };
    let ceremony = |part: activities::PasscodePart| Ceremony {
        ceremony: kind(part.ceremony),
        algorithm_info: part.algorithm_info,
        passcode_requirements: part.requirements,
        current_algorithm_info: part.current_algorithm_info,
        passcode_history: part.passcode_history,
    };
    Ok(Question {
        topic_name: topic,
        nonce,
        activity: wait.activity,
        screen_id: wait.screen_id,
        step_id: wait.step_id,
        screens: wait.screens,
        form: wait.form.as_ref().map(json).transpose()?,
        passcode: wait.passcode.map(ceremony),
        passkey: wait.passkey.map(passkey),
        errors: wait.errors.iter().map(json).collect::<Result<_, Problem>>()?,
    })
}

fn named(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Accepted => "ACCEPTED",
        Outcome::Declined => "DECLINED",
        Outcome::Review => "REVIEW",
    }
}
