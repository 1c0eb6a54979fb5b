//! The HTTP interface: one table of routes, the guard before them, and the hosted pages.

mod api;
pub mod app;
mod ask;
pub mod audit;
mod back;
mod caller;
pub mod check;
mod codes;
mod compress;
pub mod convert;
mod cookie;
mod docs;
mod health;
mod list;
mod meter;
mod observe;
mod openapi;
pub mod pages;
mod problem;
mod refusal;
mod reply;
mod route;
mod routes;
pub mod server;
pub mod settings;
pub mod source;

pub use app::App;
pub use problem::Problem;

#[cfg(test)]
mod tests;
