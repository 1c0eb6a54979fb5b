//! Passcode Renewal Form: the end user types the present passcode and a new one.

use forms::{CURRENT_PASSCODE_FIELD, FieldError};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::{ceremony, passcode_renewal1};
use crate::form::{first_version, show};
use crate::user::CATEGORY;
use crate::variables::{CHECKS, Outcome, find};
use crate::{Ceremony, Context, Failure, NoEvent, Submission, Submitted, Wait, Waiting};

/// Shows a custom data form in which the end user types their present passcode and a new one. The form has a password
/// field with the ID `currentPasscode` and a text or password field with the ID `passcode`, which is the new one.
///
/// No passcode ever leaves the page: a proof of the present one and the verifier of the new one go to the identity
/// store, sealed. The values of the other fields are kept at `_customFormData.{formDataKey}`. After an attempt that
/// failed the form says so, and not why, unless it was that the new passcode had been used before.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct PasscodeRenewalForm {
    /// Name of the deployed form.
    #[schemars(title = "Data form name")]
    data_form_name: String,
    /// Version of the form.
    #[serde(default = "first_version")]
    #[schemars(title = "Data form version")]
    data_form_version: u32,
    /// Key that tells this form from the others of the process.
    #[serde(default = "passcode_renewal_form1")]
    #[schemars(title = "Form data Key")]
    form_data_key: String,
    /// Key of the renewal that was started.
    #[serde(default = "passcode_renewal1")]
    #[schemars(title = "Passcode Renewal Key")]
    passcode_renewal_key: String,
    /// The screens that the user interface leads through.
    #[serde(default = "passcode_renewal_alone")]
    #[schemars(title = "List of Screens")]
    screens: Vec<String>,
    /// Step of the user interface that the form belongs to.
    #[serde(default = "passcode_renewal")]
    #[schemars(title = "Starting Component ID")]
    step_id: String,
    /// Screen of the user interface that shows the form.
    #[serde(default = "passcode_renewal")]
    #[schemars(title = "UI Component ID")]
    screen_id: String,
}

fn passcode_renewal_form1() -> String {
    "passcodeRenewalForm1".to_owned()
}

fn passcode_renewal() -> String {
    "passcode-renewal".to_owned()
}

fn passcode_renewal_alone() -> Vec<String> {
    vec![passcode_renewal()]
}

impl Waiting for PasscodeRenewalForm {
    const NAME: &'static str = "passcodeRenewalForm";
    const LABEL: &'static str = "Passcode Renewal Form";
    const CATEGORY: &'static str = CATEGORY;
    type Output = ();
    type Error = NoEvent;

    async fn open(self, context: &mut Context<'_>) -> Result<Wait, Failure<NoEvent>> {
        let part = ceremony::part(context, &self.passcode_renewal_key, Ceremony::Renewal)?;
        let form = show(context, &self.data_form_name, self.data_form_version, &self.form_data_key)
            .await?;
        let status = find(context.variables, &[CHECKS, &self.passcode_renewal_key, "status"]);
        let failed = status == Some(&json!(Outcome::Fail));
        let not_accepted =
            FieldError::new(FieldError::PASSCODE_NOT_ACCEPTED).of(CURRENT_PASSCODE_FIELD);
        let error = ceremony::not_new(context, &self.passcode_renewal_key);
        let error = error.or_else(|| ceremony::too_common(context, &self.passcode_renewal_key));
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
        let both = submission
            .srp_registration_data
            .as_ref()
            .zip(submission.srp_verification_data.as_ref());
        let response = both.and_then(|(new, proof)| ceremony::renewal_response(new, proof));
        let (key, data_key) = (&self.passcode_renewal_key, &self.form_data_key);
        ceremony::take(context, wait, key, data_key, &submission.data, response).await
    }
}
