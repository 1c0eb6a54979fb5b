//! Finding users by the beginning of what is known of them, and listing them in its order: always along an index.
//!
//! The index has a row for each user and each searchable property that the user has. It is written in the commit that
//! writes the user. Upper and lower case are the same in it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use storage::{Key, Range, Table};

use super::{Row, User, UserId, Who};
use crate::error::Error;
use crate::page::{Listing, Page, pass};
use crate::work::Work;

/// Users by store, property, folded value and identifier; the key says it all. Rows from earlier versions hold the
/// identifier as well.
const BY_PROPERTY: Table<()> = Table::new("users-by-property");

/// The longest beginning of a value that the index tells apart, in characters.
const LONGEST: usize = 100;
/// How many users beyond a page are counted. Each costs a row of the index: with a thousand, most of the time of a search
/// went into them.
const COUNTED: usize = 100;
/// How many users are compared where the index does not tell enough apart.
const MOST_COMPARED: usize = 1000;

/// What users can be found and sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum UserProperty {
    /// The external identifier.
    ExternalId,
    /// The attribute `email`.
    Email,
    /// The attribute `lastName`.
    LastName,
}

impl UserProperty {
    const ALL: [UserProperty; 3] =
        [UserProperty::ExternalId, UserProperty::Email, UserProperty::LastName];

    /// The property as it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            UserProperty::ExternalId => "externalId",
            UserProperty::Email => "email",
            UserProperty::LastName => "lastName",
        }
    }

    fn of(self, row: &Row) -> Option<&str> {
        match self {
            UserProperty::ExternalId => row.external_id.as_deref(),
            UserProperty::Email | UserProperty::LastName => {
                row.attributes.get(self.as_str()).map(String::as_str)
            }
        }
    }
}

/// Which users are looked for, in which order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserSearch {
    /// The property that they are sorted by; who does not have it is left out.
    pub by: UserProperty,
    /// Only users in whom it begins with this, whatever the case; an empty text is all of them.
    pub beginning: String,
    /// Whether the last comes first.
    pub descending: bool,
}

impl Work {
    /// Lists the users who have a property that begins so, sorted by it. At most a hundred users beyond the page are
    /// counted, so that the answer takes the same time however many there are. Of a beginning that is longer than what
    /// the index tells apart, a thousand users are compared.
    ///
    /// It costs the rows of the index of the page, of those hundred and of all pages before, and what
    /// [`Work::list_users`] costs for the users of the page.
    ///
    /// # Errors
    ///
    /// [`Error::StoreMissing`], [`Error::Storage`].
    pub async fn search_users(
        &mut self,
        store: &str,
        page: Page,
        search: &UserSearch,
    ) -> Result<Listing<User>, Error> {
        let store = self.read_store(store).await?;
        let property = Key::new().text(&store.id).text(search.by.as_str());
        let whole = lower(&search.beginning);
        let beginning: String = whole.chars().take(LONGEST).collect();
        let stretch = Range::prefix(property.clone()).after(property.clone().text(&beginning));
        // No text that begins so sorts after this one: it ends in the greatest character again and again.
        let last = beginning.clone() + &"\u{10FFFF}".repeat(LONGEST);
        let mut stretch = stretch.before(property.text(last));
        if search.descending {
            stretch = stretch.descending();
        }
        if whole.len() > beginning.len() {
            // The index does not tell them apart, so each is looked at.
            let keys = self.unit().list_keys(&BY_PROPERTY, stretch, MOST_COMPARED).await?;
            let mut ids = Vec::new();
            for id in keys.iter().map(user_of) {
                let row = self.find_user(&store, &Who::Id(id?)).await?;
                let fits =
                    |row: &Row| search.by.of(row).is_some_and(|v| lower(v).starts_with(&whole));
                ids.extend(row.filter(fits).map(|row| row.id));
            }
            let Listing { total, items } = page.of(ids);
            return Ok(Listing { total, items: self.show_all(&store, items).await? });
        }
        let passed = pass(self.unit(), &BY_PROPERTY, &mut stretch, page.first()).await?;
        let most = page.size() + COUNTED;
        let mut keys = self.unit().list_keys(&BY_PROPERTY, stretch, most).await?;
        let total = passed + keys.len();
        keys.truncate(page.size());
        let ids = keys.iter().map(user_of).collect::<Result<_, Error>>()?;
        Ok(Listing { total: total as u64, items: self.show_all(&store, ids).await? })
    }

    /// Writes the rows of the index for a user who was so before and is so now.
    pub(super) fn index_user(
        &mut self,
        store: &str,
        before: Option<&Row>,
        now: Option<&Row>,
    ) -> Result<(), Error> {
        for property in UserProperty::ALL {
            let key = |row: &Row| {
                let key = Key::new().text(store).text(property.as_str());
                property.of(row).map(|value| key.text(folded(value)).text(row.id.as_str()))
            };
            let (former, present) = (before.and_then(key), now.and_then(key));
            if former == present {
                continue;
            }
            if let Some(former) = former {
                self.unit().remove(&BY_PROPERTY, former);
            }
            if let Some(key) = present {
                self.unit().put(&BY_PROPERTY, key, &())?;
            }
        }
        Ok(())
    }
}

/// The user whom a row of the index is about.
fn user_of(key: &Key) -> Result<UserId, Error> {
    let mut parts = key.read();
    let (_, _, _, id) = (parts.text()?, parts.text()?, parts.text()?, parts.text()?);
    Ok(UserId::from(id.as_str()))
}

/// A value as it is compared: without upper case.
fn lower(value: &str) -> String {
    value.chars().flat_map(char::to_lowercase).collect()
}

/// A value as it is in the index, which tells no longer ones apart.
fn folded(value: &str) -> String {
    value.chars().flat_map(char::to_lowercase).take(LONGEST).collect()
}

#[cfg(test)]
mod tests;
