//! The users of identity stores: added, found, changed, locked and deleted.

mod add_user;
mod delete_user;
mod get_user;
mod lock_user;
mod lock_user_modality;
mod unlock_user;
mod unlock_user_modality;
mod update_user;

pub(crate) use add_user::AddUser;
pub(crate) use delete_user::DeleteUser;
pub(crate) use get_user::GetUser;
pub(crate) use lock_user::LockUser;
pub(crate) use lock_user_modality::LockUserModality;
pub(crate) use unlock_user::UnlockUser;
pub(crate) use unlock_user_modality::UnlockUserModality;
pub(crate) use update_user::UpdateUser;

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
