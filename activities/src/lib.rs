//! What a step of a process can do: each activity is one declaration in one file, listed once in [`ALL`].

mod activity;
mod parameter;
mod plugin;
mod ports;
mod shape;
mod wait;

pub use activity::{
    Activity, Acts, Authenticated, Context, EventCode, Failure, NoEvent, Waiting, Write,
};
pub use parameter::{ParameterFlaw, coerce};
pub use plugin::{Plugin, Raised};
pub use ports::Ports;
pub use shape::{ErrorShape, Kind, OutputShape, ParameterShape, Shape};
pub use wait::{
    Ceremony, FormPart, PasscodePart, SrpRegistrationData, SrpVerificationData, Submission,
    Submitted, Wait,
};

/// Every activity of the house, in the order in which the designer and the manual show them.
pub static ALL: &[Plugin] = &[];
