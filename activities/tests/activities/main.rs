//! The activities, seen through the doors that the runtime uses.

mod declaration;
