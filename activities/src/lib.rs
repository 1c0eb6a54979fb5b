//! What a step of a process can do: each activity is one declaration in one file, listed once in [`ALL`].

mod activity;
mod catalog;
mod decision;
mod form;
mod manual;
mod parameter;
mod passcode;
mod passkey;
mod plugin;
mod ports;
mod recovery;
mod report;
mod sealed;
mod shape;
mod size;
mod template;
mod totp;
mod user;
mod variables;
mod wait;

pub use activity::{
    Activity, Acts, Authenticated, Context, EventCode, Failure, Lasting, NoEvent, Waiting, Write,
};
pub use catalog::ALL;
pub use form::{FORM_NAME, FORM_VERSION, first_version};
pub use manual::manual;
pub use parameter::{ParameterFlaw, coerce};
pub use plugin::{ParameterCheck, Plugin, Raised};
pub use ports::Ports;
pub use shape::{ErrorShape, Kind, OutputShape, ParameterShape, Shape};
pub use size::{DEEPEST_VALUE, LARGEST_INSTANCE, LARGEST_VALUE, TooLarge, fit};
pub use template::element_templates;
pub use wait::{
    Ceremony, FormPart, PasscodePart, PasskeyPart, PasskeyResponse, SrpRegistrationData,
    SrpVerificationData, Submission, Submitted, Wait,
};
