//! Passcode Registration Form: the end user chooses a passcode, and the page sends its verifier.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{ceremony, passcode_reg1};
use crate::form::{first_version, show};
use crate::user::CATEGORY;
use crate::{Ceremony, Context, Failure, NoEvent, Submission, Submitted, Wait, Waiting};

/// Shows a custom data form in which the end user chooses a passcode. The form has a text or password field with the ID
/// `passcode`.
///
/// The passcode never leaves the page: its verifier goes to the identity store, sealed. The values of the other fields
/// are kept at `_customFormData.{formDataKey}`. After a passcode that was used before the form says so.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct PasscodeRegistrationForm {
    /// Name of the deployed form.
    #[schemars(title = "Data form name")]
    data_form_name: String,
    /// Version of the form.
    #[serde(default = "first_version")]
    #[schemars(title = "Data form version", extend("x-required" = true))]
    data_form_version: u32,
    /// Key that tells this form from the others of the process.
    #[serde(default = "passcode_reg_form1")]
    #[schemars(title = "Form data Key", extend("x-required" = true))]
    form_data_key: String,
    /// Key of the registration that was started.
    #[serde(default = "passcode_reg1")]
    #[schemars(title = "Passcode Registration Key", extend("x-required" = true))]
    passcode_registration_key: String,
    /// The screens that the user interface leads through.
    #[serde(default = "passcode_registration_alone")]
    #[schemars(title = "List of Screens")]
    screens: Vec<String>,
    /// Step of the user interface that the form belongs to.
    #[serde(default = "passcode_registration")]
    #[schemars(title = "Starting Component ID", extend("x-required" = true))]
    step_id: String,
    /// Screen of the user interface that shows the form.
    #[serde(default = "passcode_registration")]
    #[schemars(title = "UI Component ID", extend("x-required" = true))]
    screen_id: String,
}

fn passcode_reg_form1() -> String {
    "passcodeRegForm1".to_owned()
}

fn passcode_registration() -> String {
    "passcode-registration".to_owned()
}

fn passcode_registration_alone() -> Vec<String> {
    vec![passcode_registration()]
}

impl Waiting for PasscodeRegistrationForm {
    const NAME: &'static str = "passcodeRegistrationForm";
    const LABEL: &'static str = "Passcode Registration Form";
    const CATEGORY: &'static str = CATEGORY;
    type Output = ();
    type Error = NoEvent;

    async fn open(self, context: &mut Context<'_>) -> Result<Wait, Failure<NoEvent>> {
        let part =
            ceremony::part(context, &self.passcode_registration_key, Ceremony::Registration)?;
        let form = show(context, &self.data_form_name, self.data_form_version, &self.form_data_key)
            .await?;
        let errors = Vec::from_iter(ceremony::not_new(context, &self.passcode_registration_key));
        Ok(Wait {
            activity: Self::NAME.to_owned(),
            screen_id: self.screen_id,
            step_id: self.step_id,
            screens: self.screens,
            form: Some(form),
            passcode: Some(part),
            passkey: None,
            errors,
            attempts: 0,
        })
    }

    async fn submit(
        self,
        context: &mut Context<'_>,
        wait: &Wait,
        submission: Submission,
    ) -> Result<Submitted<()>, Failure<NoEvent>> {
        let response = match submission.srp_verification_data {
            None => {
                submission.srp_registration_data.as_ref().and_then(ceremony::registration_response)
            }
            Some(_) => None,
        };
        let (key, data_key) = (&self.passcode_registration_key, &self.form_data_key);
        ceremony::take(context, wait, key, data_key, &submission.data, response).await
    }
}
