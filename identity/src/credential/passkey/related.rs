//! Related origins (Web Authentication section 5.11): the pages of other sites where a relying party's passkeys work.

use std::collections::{BTreeMap, BTreeSet};

use storage::{Key, Range, Table};

use super::relying_party::PasskeyConfig;
use crate::error::Error;
use crate::work::Work;

/// The stores that have passkeys for a relying party, by its identifier and theirs.
const STORES: Table<()> = Table::new("passkey-relying-parties");
/// The most stores of a tenant that share a relying party.
const MOST: usize = 1000;

impl Work {
    /// The origins that the tenant's stores relate to a relying party; `None` where no store has passkeys for it.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`].
    pub async fn related_origins(
        &mut self,
        rp_id: &str,
    ) -> Result<Option<BTreeSet<String>>, Error> {
        let mut related = None;
        for (key, ()) in self.unit().list(&STORES, Range::prefix(rp_id), MOST).await? {
            let mut parts = key.read();
            parts.text()?;
            let store = self.peek_configuration(&parts.text()?).await?;
            let config = store.and_then(|mut store| store.passkey_configs.remove(rp_id));
            let Some(config) = config else { continue };
            related.get_or_insert_with(BTreeSet::new).extend(config.related_origins);
        }
        Ok(related)
    }

    /// Notes for which relying parties a store has passkeys, and for which no more.
    pub(crate) fn note_relying_parties(
        &mut self,
        store_id: &str,
        before: &BTreeMap<String, PasskeyConfig>,
        after: &BTreeMap<String, PasskeyConfig>,
    ) -> Result<(), Error> {
        let key = |rp_id: &str| Key::new().text(rp_id).text(store_id);
        for rp_id in before.keys().filter(|rp_id| !after.contains_key(*rp_id)) {
            self.unit().remove(&STORES, key(rp_id));
        }
        for rp_id in after.keys().filter(|rp_id| !before.contains_key(*rp_id)) {
            self.unit().put(&STORES, key(rp_id), &())?;
        }
        Ok(())
    }
}
