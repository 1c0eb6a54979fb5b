//! Related origins of a relying party over all tenants: they share the host, and with it the relying party.

use std::collections::BTreeSet;

use crate::{Error, Runtime};

impl Runtime {
    /// The origins where the passkeys of this relying party may be used beside its own site. All tenants that have it
    /// have to agree: no tenant opens another's passkeys to a site.
    ///
    /// # Errors
    /// [`Error::Storage`] and the like.
    pub async fn related_origins(&self, rp_id: &str) -> Result<BTreeSet<String>, Error> {
        let mut agreed: Option<BTreeSet<String>> = None;
        for tenant in self.tenants().await? {
            let mut work = self.rooms(&tenant, "").identity();
            if let Some(related) = work.related_origins(rp_id).await? {
                agreed = Some(agreed.map_or(related.clone(), |agreed| &agreed & &related));
            }
        }
        Ok(agreed.unwrap_or_default())
    }
}
