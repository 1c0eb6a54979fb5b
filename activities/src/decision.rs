//! Decisions over what the checks came to.

mod simple_decider;

pub(crate) use simple_decider::SimpleDecider;
