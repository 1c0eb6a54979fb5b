//! Custom Data Form: the end user fills in a form.

use anyhow::anyhow;
use forms::{FieldError, Form};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{Accepted, FORM_NAME, FORM_VERSION, accept, first_version, is_blank, show, written};
use crate::recovery::RecoveryCodeAuthentication;
use crate::variables::{CHECKS, FORM_ATTEMPTS, FORM_DATA, Outcome, find};
use crate::{Activity as _, Context, Failure, Lasting, Submission, Submitted, Wait, Waiting};

/// Shows a custom data form to the end user and keeps what they fill in at `_customFormData.{formDataKey}`.
///
/// Passwords are checked and then forgotten. The texts of transient fields are kept sealed: an activity that takes a
/// submitted code reads them, and a form of this journey can show them; the process variables hold references that
/// nobody else can open. Each answer counts as an attempt, whether it was accepted or not, also when the process comes
/// back to a form with the same Form data key.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct CustomDataForm {
    /// The form itself, as the JSON of a deployed one, instead of a name. Its texts and defaults may hold expressions:
    /// what these come to is text, and a default that does not fit its field is left out. `{{processvar.…}}` is not
    /// filled in.
    #[schemars(title = "Data form")]
    data_form: Option<Map<String, Value>>,
    /// Name of the deployed form. It may be left out when a dynamic name or the form itself is given.
    #[schemars(title = "Data form name")]
    data_form_name: Option<String>,
    /// Version of the form.
    #[serde(default = "first_version")]
    #[schemars(title = "Data form version", extend("x-required" = true))]
    data_form_version: u32,
    /// Name of the form as an expression gives it while the process runs; it counts before the other name.
    #[schemars(title = "Dynamic data form name")]
    dynamic_data_form_name: Option<String>,
    /// Key that tells this form from the others of the process.
    #[serde(default = "form1")]
    #[schemars(title = "Form data key", extend("x-required" = true))]
    form_data_key: String,
    /// Whether nothing in the form may be changed.
    #[serde(default)]
    #[schemars(title = "Readonly")]
    read_only_form: bool,
    /// Whether the form is shown without the button to send it, as for a screen that tells of progress.
    #[serde(default)]
    #[schemars(title = "Hide buttons")]
    hide_buttons: bool,
    /// How many times the form may be answered; 4294967295 is as often as anybody likes.
    #[serde(default = "three")]
    #[schemars(title = "Max Attempts")]
    max_attempts: u32,
    /// Key of the check that the answer goes through afterwards, for example of a TOTP authentication: when the process
    /// comes back to the form after a failure, the form says that the code was not accepted, and not why.
    #[schemars(title = "Check Key")]
    check_key: Option<String>,
    /// The screens that the user interface leads through.
    #[serde(default = "custom_data_form_alone")]
    #[schemars(title = "List of Screens")]
    screens: Vec<String>,
    /// Step of the user interface that the form belongs to.
    #[serde(default = "custom_data_form")]
    #[schemars(title = "Starting Component ID")]
    step_id: String,
    /// Screen of the user interface that shows the form.
    #[serde(default = "custom_data_form")]
    #[schemars(title = "UI Component ID")]
    screen_id: String,
}

impl CustomDataForm {
    fn is_used_up(&self, attempts: u32) -> bool {
        self.max_attempts != UNLIMITED && attempts >= self.max_attempts
    }
}

fn form1() -> String {
    "form1".to_owned()
}

fn three() -> u32 {
    3
}

fn custom_data_form() -> String {
    "custom-data-form".to_owned()
}

fn custom_data_form_alone() -> Vec<String> {
    vec![custom_data_form()]
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FilledIn {
    /// Whether the end user sent the form: always true, for conditions of definitions that ask.
    cdf_continue: bool,
}

#[derive(Serialize, JsonSchema)]
pub(crate) enum Error {
    /// The form has been answered as many times as is allowed.
    #[schemars(
        title = "Exceeded custom data form retake",
        extend("x-never-with" = {"maxAttempts": UNLIMITED})
    )]
    ExceededCustomDataFormRetake,
}

/// The most attempts of a form that may be answered as often as anybody likes.
const UNLIMITED: u32 = u32::MAX;

const FORM: &str = "dataForm";
const DYNAMIC_NAME: &str = "dynamicDataFormName";

impl Waiting for CustomDataForm {
    const NAME: &'static str = "customDataForm";
    const LABEL: &'static str = "Custom Data Form";
    const CATEGORY: &'static str = "General";
    const ALIASES: &'static [&'static str] = &["customDataFormV1", "customDataFormWriterV1"];
    type Output = FilledIn;
    type Error = Error;

    fn check(given: &Map<String, Value>, open: &[String]) -> Vec<(String, String)> {
        let Some(form) = given.get(FORM) else { return Vec::new() };
        let beside = [FORM_NAME, DYNAMIC_NAME, FORM_VERSION]
            .into_iter()
            .filter(|name| given.get(*name).is_some_and(|value| !is_blank(value)));
        let mut complaints: Vec<(String, String)> = beside
            .map(|name| {
                let message = format!("{FORM} is the form itself; take {name} away, or {FORM}");
                (name.to_owned(), message)
            })
            .collect();
        let root = format!("$.{FORM}");
        let inside: Vec<String> = open
            .iter()
            .filter_map(|path| Some(format!("${}", path.strip_prefix(&root)?)))
            .collect();
        let flaws = Form::flaws_around(form, &inside);
        complaints.extend(flaws.iter().map(|flaw| (FORM.to_owned(), flaw.to_string())));
        complaints
    }

    async fn open(self, context: &mut Context<'_>) -> Result<Wait, Failure<Error>> {
        let attempts =
            find(context.variables, &[FORM_ATTEMPTS, &self.form_data_key]).and_then(Value::as_u64);
        let attempts = u32::try_from(attempts.unwrap_or(0)).unwrap_or(u32::MAX);
        if self.is_used_up(attempts) {
            return Err(Failure::Event(Error::ExceededCustomDataFormRetake));
        }
        let name = self.dynamic_data_form_name.or(self.data_form_name);
        let mut form = match (name, self.data_form) {
            (Some(name), None) => {
                show(context, &name, self.data_form_version, &self.form_data_key).await?
            }
            (None, Some(form)) => written(form, &self.form_data_key)?,
            (Some(_), Some(_)) => {
                return Err(
                    anyhow!(Lasting("a data form and the name of one were given".into())).into()
                );
            }
            (None, None) => {
                return Err(anyhow!("neither a data form nor the name of one was given").into());
            }
        };
        form.read_only = self.read_only_form;
        form.hide_buttons = self.hide_buttons;
        if form.read_only {
            form.form = form.form.as_read_only();
        }
        let refused = self.check_key.and_then(|key| refused(context, &key, &form.form));
        Ok(Wait {
            activity: Self::NAME.to_owned(),
            screen_id: self.screen_id,
            step_id: self.step_id,
            screens: self.screens,
            form: Some(form),
            passcode: None,
            passkey: None,
            errors: Vec::from_iter(refused),
            attempts,
        })
    }

    async fn submit(
        self,
        context: &mut Context<'_>,
        wait: &Wait,
        submission: Submission,
    ) -> Result<Submitted<FilledIn>, Failure<Error>> {
        let form = wait
            .form
            .as_ref()
            .ok_or_else(|| anyhow!("a custom data form waits without its form"))?;
        let attempts = wait.attempts.saturating_add(1);
        context.write(&[FORM_ATTEMPTS, &self.form_data_key], json!(attempts));
        let accepted = match submission.has_more_than_data() {
            true => Err(vec![FieldError::new(FieldError::UNKNOWN)]),
            false => accept(&form.form, &submission.data),
        };
        match accepted {
            Ok(Accepted { mut kept, transient }) => {
                context.erase_texts_at(&[FORM_DATA, &self.form_data_key]).await?;
                if !transient.is_empty() {
                    let texts: Vec<&str> =
                        transient.iter().map(|(_, text)| text.as_str()).collect();
                    let sealed = context.seal(&texts).await?;
                    let ids = transient.into_iter().map(|(id, _)| id);
                    kept.extend(ids.zip(sealed.into_iter().map(Value::String)));
                }
                context.write(&[FORM_DATA, &self.form_data_key], Value::Object(kept));
                Ok(Submitted::Done(FilledIn { cdf_continue: true }))
            }
            Err(_) if self.is_used_up(attempts) => {
                Err(Failure::Event(Error::ExceededCustomDataFormRetake))
            }
            Err(errors) => Ok(Submitted::Again(errors)),
        }
    }
}

/// What the form says when the check that its answer went through has failed.
fn refused(context: &Context<'_>, key: &str, form: &Form) -> Option<FieldError> {
    let check = find(context.variables, &[CHECKS, key])?;
    if check.get("status") != Some(&json!(Outcome::Fail)) {
        return None;
    }
    let is_recovery = check.get("activity") == Some(&json!(RecoveryCodeAuthentication::NAME));
    let rule = match is_recovery {
        true => FieldError::RECOVERY_CODE_NOT_ACCEPTED,
        false => FieldError::CODE_NOT_ACCEPTED,
    };
    let field = form.fields().find(|one| one.field().is_some_and(|field| !field.read_only))?;
    Some(FieldError::new(rule).of(&field.id))
}
