//! Confirm Recovery Codes: the user has them, they are erased.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use super::recovery_codes1;
use crate::user::CATEGORY;
use crate::variables::IDENTITY_STORE;
use crate::{Activity, Context, Failure, NoEvent};

/// Erases the sealed recovery codes, once the end user has written them down.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ConfirmRecoveryCodes {
    /// Key under which the codes are kept.
    #[serde(default = "recovery_codes1")]
    #[schemars(title = "Recovery Codes Key")]
    recovery_codes_key: String,
}

impl Activity for ConfirmRecoveryCodes {
    const NAME: &'static str = "confirmRecoveryCodes";
    const LABEL: &'static str = "Confirm Recovery Codes";
    const CATEGORY: &'static str = CATEGORY;
    type Output = ();
    type Error = NoEvent;

    async fn run(self, context: &mut Context<'_>) -> Result<(), Failure<NoEvent>> {
        let at = [IDENTITY_STORE, &self.recovery_codes_key];
        context.erase_texts_at(&at).await?;
        context.write(&at, Value::Null);
        Ok(())
    }
}
