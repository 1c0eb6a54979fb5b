//! Speed figures of the engine and of the real server, printed in one run.
fn main() {}
