//! The users of identity stores: adding one, getting one.

mod add_user;
mod get_user;

pub(crate) use add_user::AddUser;
pub(crate) use get_user::GetUser;
use identity::Who;

/// The group of the palette that holds the activities on users and their credentials.
pub(crate) const CATEGORY: &str = "Identity Store";

/// The key under which a user is kept when the definition names none.
pub(crate) fn user1() -> String {
    "user1".to_owned()
}

/// Who is meant by an identifier or an external identifier; the identifier counts when both are given.
pub(crate) fn named(user_id: Option<String>, user_external_id: Option<String>) -> Option<Who> {
    let by_id = user_id.map(|id| Who::Id(id.as_str().into()));
    by_id.or_else(|| user_external_id.map(Who::ExternalId))
}
