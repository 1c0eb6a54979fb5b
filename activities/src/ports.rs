//! What activities need from their surroundings; the runtime provides it.

use async_trait::async_trait;

/// The doors to what lies outside of the identity stores.
#[async_trait]
pub trait Ports: Send + Sync {
    /// Finds the deployed custom data form of this name, in the given version or in the newest one.
    ///
    /// Errors: the store failed, or the stored form cannot be read.
    async fn form(
        &self,
        work: &mut identity::Work,
        name: &str,
        version: Option<u32>,
    ) -> Result<Option<forms::Form>, anyhow::Error>;
}
