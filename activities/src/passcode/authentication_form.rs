//! Passcode Authentication Form: the end user types the passcode, and the page sends its proof.

use forms::{FieldError, PASSCODE_FIELD};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::{ceremony, passcode_auth1};
use crate::form::{first_version, show};
use crate::user::CATEGORY;
use crate::variables::{CHECKS, Outcome, find};
use crate::{Ceremony, Context, Failure, NoEvent, Submission, Submitted, Wait, Waiting};

/// Shows a custom data form in which the end user types their passcode. The form has a text or password field with the
/// ID `passcode`.
///
/// The passcode does not leave the page: a proof of it goes to the identity store, sealed. While passcodes that were
/// imported as hashes of another system wait under the policy, a hosted page whose proof is not right sends the passcode
/// itself, over https alone. The values of the other fields
/// are kept at `_customFormData.{formDataKey}`. After an attempt that failed the form says so, and not why.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct PasscodeAuthenticationForm {
    /// Name of the deployed form.
    #[schemars(title = "Data form name")]
    data_form_name: String,
    /// Version of the form.
    #[serde(default = "first_version")]
    #[schemars(title = "Data form version", extend("x-required" = true))]
    data_form_version: u32,
    /// Key that tells this form from the others of the process.
    #[serde(default = "passcode_auth_form1")]
    #[schemars(title = "Form data Key", extend("x-required" = true))]
    form_data_key: String,
    /// Key of the authentication that was started.
    #[serde(default = "passcode_auth1")]
    #[schemars(title = "Passcode Authentication Key", extend("x-required" = true))]
    passcode_authentication_key: String,
    /// The screens that the user interface leads through.
    #[serde(default = "passcode_authentication_alone")]
    #[schemars(title = "List of Screens")]
    screens: Vec<String>,
    /// Step of the user interface that the form belongs to.
    #[serde(default = "passcode_authentication")]
    #[schemars(title = "Starting Component ID", extend("x-required" = true))]
    step_id: String,
    /// Screen of the user interface that shows the form.
    #[serde(default = "passcode_authentication")]
    #[schemars(title = "UI Component ID", extend("x-required" = true))]
    screen_id: String,
}

fn passcode_auth_form1() -> String {
    "passcodeAuthForm1".to_owned()
}

fn passcode_authentication() -> String {
    "passcode-authentication".to_owned()
}

fn passcode_authentication_alone() -> Vec<String> {
    vec![passcode_authentication()]
}

impl Waiting for PasscodeAuthenticationForm {
    const NAME: &'static str = "passcodeAuthenticationForm";
    const LABEL: &'static str = "Passcode Authentication Form";
    const CATEGORY: &'static str = CATEGORY;
    type Output = ();
    type Error = NoEvent;

    async fn open(self, context: &mut Context<'_>) -> Result<Wait, Failure<NoEvent>> {
        let key = &self.passcode_authentication_key;
        let mut part = ceremony::part(context, key, Ceremony::Authentication)?;
        part.lane = ceremony::lane(context, key).await?;
        let form = show(context, &self.data_form_name, self.data_form_version, &self.form_data_key)
            .await?;
        let status =
            find(context.variables, &[CHECKS, &self.passcode_authentication_key, "status"]);
        let failed = status == Some(&json!(Outcome::Fail));
        let not_accepted = FieldError::new(FieldError::PASSCODE_NOT_ACCEPTED).of(PASSCODE_FIELD);
        let error = ceremony::too_common(context, &self.passcode_authentication_key);
        let error = error.or_else(|| failed.then_some(not_accepted));
        Ok(Wait {
            activity: Self::NAME.to_owned(),
            screen_id: self.screen_id,
            step_id: self.step_id,
            screens: self.screens,
            form: Some(form),
            passcode: Some(part),
            passkey: None,
            errors: Vec::from_iter(error),
            attempts: 0,
        })
    }

    async fn submit(
        self,
        context: &mut Context<'_>,
        wait: &Wait,
        submission: Submission,
    ) -> Result<Submitted<()>, Failure<NoEvent>> {
        let response = match submission.srp_registration_data {
            None => submission
                .srp_verification_data
                .as_ref()
                .and_then(ceremony::authentication_response),
            Some(_) => None,
        };
        let (key, data_key) = (&self.passcode_authentication_key, &self.form_data_key);
        ceremony::take(context, wait, key, data_key, &submission.data, response).await
    }
}
