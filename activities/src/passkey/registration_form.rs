//! Passkey Registration Form: the end user makes a passkey, and the page sends what the browser gives.

use schemars::JsonSchema;
use serde::Deserialize;

use super::ceremony::{FormEvent, Offer, page, take};
use super::{passkey_reg1, yes};
use crate::form::{first_version, show};
use crate::user::CATEGORY;
use crate::{Ceremony, Context, Failure, Submission, Submitted, Wait, Waiting};

/// Shows a custom data form whose button lets the end user make a passkey on their device or security key.
///
/// What the browser gives is kept for Complete Passkey Registration. Whoever cancels, or lets the time pass, is told so
/// and may try again; whoever has no device for passkeys chooses another way, if the form offers it. The values of the
/// fields are kept at `_customFormData.{formDataKey}`, but not when another way is chosen.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct PasskeyRegistrationForm {
    /// Whether the form has a button with which the end user goes on without a passkey. Where it has none, a browser
    /// that gives no passkey ends the form as well, and the completion says why.
    #[serde(default = "yes")]
    #[schemars(title = "Another Way")]
    another_way: bool,
    /// Name of the deployed form.
    #[schemars(title = "Data form name")]
    data_form_name: String,
    /// Version of the form.
    #[serde(default = "first_version")]
    #[schemars(title = "Data form version")]
    data_form_version: u32,
    /// Key that tells this form from the others of the process.
    #[serde(default = "passkey_reg_form1")]
    #[schemars(title = "Form data Key")]
    form_data_key: String,
    /// Key of the registration that was started.
    #[serde(default = "passkey_reg1")]
    #[schemars(title = "Passkey Registration Key")]
    passkey_registration_key: String,
    /// The screens that the user interface leads through.
    #[serde(default = "passkey_registration_alone")]
    #[schemars(title = "List of Screens")]
    screens: Vec<String>,
    /// Step of the user interface that the form belongs to.
    #[serde(default = "passkey_registration")]
    #[schemars(title = "Starting Component ID")]
    step_id: String,
    /// Screen of the user interface that shows the form.
    #[serde(default = "passkey_registration")]
    #[schemars(title = "UI Component ID")]
    screen_id: String,
}

fn passkey_reg_form1() -> String {
    "passkeyRegForm1".to_owned()
}

fn passkey_registration() -> String {
    "passkey-registration".to_owned()
}

fn passkey_registration_alone() -> Vec<String> {
    vec![passkey_registration()]
}

impl Waiting for PasskeyRegistrationForm {
    const NAME: &'static str = "passkeyRegistrationForm";
    const LABEL: &'static str = "Passkey Registration Form";
    const CATEGORY: &'static str = CATEGORY;
    type Output = ();
    type Error = FormEvent;

    async fn open(self, context: &mut Context<'_>) -> Result<Wait, Failure<FormEvent>> {
        let form = show(context, &self.data_form_name, self.data_form_version, &self.form_data_key)
            .await?;
        let offer = Offer {
            ceremony: Ceremony::Registration,
            autofill: false,
            another_way: self.another_way,
        };
        Ok(Wait {
            screen_id: self.screen_id,
            step_id: self.step_id,
            screens: self.screens,
            ..page(context, Self::NAME, &self.passkey_registration_key, form, offer)?
        })
    }

    async fn submit(
        self,
        context: &mut Context<'_>,
        wait: &Wait,
        submission: Submission,
    ) -> Result<Submitted<()>, Failure<FormEvent>> {
        take(context, wait, &self.passkey_registration_key, &self.form_data_key, submission)
    }
}
