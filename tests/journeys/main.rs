//! Whole journeys through the real binary, by a browser and by the JSON calls.

mod calls;
mod crash;
mod house;
mod refusals;
