//! What an end user is shown of an instance and of all that it has called.

use activities::Wait;
use engine::PathState;
use serde_json::Value;
use storage::Unit;

use crate::call;
use crate::instance::{self, Ask, Kept, question};
use crate::{Error, InstanceStatus, Tenant};

/// Languages a process is written in.
#[derive(Clone, Debug, Default)]
pub struct Languages {
    /// The one to take where the end user speaks none of them.
    pub default: Option<String>,
    /// All of them; empty means any.
    pub supported: Vec<String>,
}

/// What to show the end user now.
#[derive(Clone, Debug)]
pub struct Presented {
    /// Identifier of the instance.
    pub instance_id: String,
    /// Name of its definition.
    pub definition_name: String,
    /// Languages of its definition.
    pub languages: Languages,
    /// Status of the instance.
    pub status: InstanceStatus,
    /// The screen.
    pub screen: Screen,
    /// A new session secret: the caller has to keep it and show it from now on.
    pub secret: Option<String>,
    /// The answer was for an earlier question and was not taken.
    pub stale: bool,
}

/// One screen of a journey; made once per request, so the size of its variants does not matter.
#[expect(clippy::large_enum_variant)]
#[derive(Clone, Debug)]
pub enum Screen {
    /// A question.
    Ask {
        /// Identity of the waiting element.
        topic: String,
        /// Good for one answer.
        nonce: String,
        /// What is asked.
        wait: Wait,
    },
    /// The journey is over.
    Ended {
        /// What it came to.
        outcome: Outcome,
        /// Where the token sends the end user afterwards.
        redirect_url: Option<String>,
    },
    /// The session has expired.
    Expired {
        /// The token's way back.
        back: Option<String>,
    },
    /// Somebody ended it before it was complete.
    Stopped,
    /// A person holds the journey; it goes on later where it stands.
    Paused,
    /// Others have to do something first, or time has to pass.
    Waiting,
    /// Something is checked, which takes seconds.
    Moment,
    /// It cannot go on before a person has looked at it.
    Trouble,
}

/// What a journey came to, as far as its end user is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It ended well.
    Accepted,
    /// It did not.
    Declined,
    /// Somebody will look at it.
    Review,
}

/// The screen of an instance that nobody called.
pub(crate) async fn screen(tenant: &Tenant, unit: &mut Unit, kept: &Kept) -> Result<Screen, Error> {
    let parameter = |name: &str| kept.parameters.get(name).cloned();
    let ended = |outcome| Screen::Ended { outcome, redirect_url: parameter("_redirectUrl") };
    Ok(match kept.status {
        InstanceStatus::CompletedEndedSuccess => ended(Outcome::Accepted),
        InstanceStatus::CompletedEndedError => ended(Outcome::Declined),
        InstanceStatus::Review => ended(Outcome::Review),
        InstanceStatus::CompletedTerminated if is_stopped(kept) => Screen::Stopped,
        InstanceStatus::CompletedTerminated => {
            Screen::Expired { back: parameter("timeoutRedirectUrl") }
        }
        InstanceStatus::CompletedProcessError => Screen::Trouble,
        InstanceStatus::Paused => Screen::Paused,
        InstanceStatus::Pending | InstanceStatus::Active => {
            let mut ask = question::first(unit, kept).await?;
            if ask.as_ref().is_none_or(|ask| ask.check.is_some())
                && let Some(called) = call::first_asking(unit, &kept.id).await?
                && let Some(called) = instance::find(tenant, unit, &called).await?
            {
                ask = question::first(unit, &called).await?.or(ask);
            }
            match ask {
                Some(Ask { check: Some(_), .. }) => Screen::Moment,
                Some(Ask { topic, nonce, wait, .. }) => Screen::Ask { topic, nonce, wait },
                None if is_stuck(tenant, unit, kept).await? => Screen::Trouble,
                None => Screen::Waiting,
            }
        }
    })
}

/// Whether a person ended it, and not a timer or the end of its time.
fn is_stopped(kept: &Kept) -> bool {
    let timed_out = kept.engine.variables().get(engine::TIMED_OUT) == Some(&Value::Bool(true));
    !timed_out && kept.ended.is_some_and(|ended| ended < kept.expires)
}

/// Whether a fault or an incident holds it up, or the instance that it awaits.
async fn is_stuck(tenant: &Tenant, unit: &mut Unit, kept: &Kept) -> Result<bool, Error> {
    let has_failed = |kept: &Kept| {
        let mut paths = kept.engine.paths();
        paths.any(|(_, path)| {
            matches!(path.state(), PathState::Incident { .. } | PathState::Retrying { .. })
        })
    };
    if has_failed(kept) {
        return Ok(true);
    }
    // One of each level is enough: a page shows no more than one thing, and there may be thousands.
    let mut next = call::first_called(unit, &kept.id).await?;
    while let Some(id) = next {
        let Some(called) = instance::find(tenant, unit, &id).await? else { break };
        if has_failed(&called) {
            return Ok(true);
        }
        next = call::first_called(unit, &id).await?;
    }
    Ok(false)
}
