//! What a stranger is shown of a passcode, or in place of one that is not there.
//!
//! `i` and salt are derived from the store, the policy and the name that strangers give, whether there is such a user or
//! not. A passcode that is registered for the first time gets those that were shown of nobody's, and one that takes the
//! place of another keeps those of the other. So whoever looks twice sees the same, whatever happened in between.
//!
//! What stays is rarer: `i` and salt are part of a verifier, and stay with it when the external identifier changes, until
//! the passcode is removed; and a verifier that was imported brings its own.

use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use storage::{Seal, SealedTable};
use zeroize::Zeroizing;

use super::ceremony::Seed;
use super::exchange;
use crate::credential::fields::join;
use crate::error::Error;
use crate::random::{identifier_of, random};
use crate::user::{self, Who};
use crate::work::Work;

/// The secret of the tenant that decoys are derived from; there is one row.
const SECRETS: SealedTable<Secret> = SealedTable::new("passcode-decoys");
/// The key of that row.
const ONLY: &str = "secret";

struct Secret(Zeroizing<[u8; 32]>);

impl Seal for Secret {
    fn to_secret_bytes(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.0.to_vec())
    }

    fn from_secret_bytes(bytes: &[u8]) -> Result<Secret, String> {
        let bytes = bytes.try_into().map_err(|_| "the secret has not 32 bytes".to_owned())?;
        Ok(Secret(Zeroizing::new(bytes)))
    }
}

/// A credential that nobody registered and no passcode opens.
pub(crate) struct Decoy {
    pub(crate) seed: Seed,
    pub(crate) verifier: Zeroizing<Vec<u8>>,
}

impl Work {
    /// The decoy for a name: always the same one for the same store, policy and name, and like no other.
    pub(crate) async fn decoy(
        &mut self,
        store_id: &str,
        policy: &str,
        who: &Who,
    ) -> Result<Decoy, Error> {
        Ok(self.decoy_secret().await?.decoy(store_id, policy, who))
    }

    /// The `i` and salt of the first passcode of a user: those that a stranger is shown before it is there.
    pub(super) async fn seed(
        &mut self,
        store_id: &str,
        policy: &str,
        user: &user::Row,
    ) -> Result<Seed, Error> {
        Ok(self.decoy_secret().await?.seed(store_id, policy, &user.known_as()))
    }

    /// The place of the mark of a name, see `stand_in.rs`: nobody can find two names with the same one.
    pub(crate) async fn mark(&mut self, store_id: &str, name: &str) -> Result<String, Error> {
        let name = join(&[b"mark", store_id.as_bytes(), name.as_bytes()]);
        Ok(BASE32_NOPAD.encode(&self.decoy_secret().await?.derive(&name)[..2]))
    }

    async fn decoy_secret(&mut self) -> Result<Secret, Error> {
        match self.unit().find_sealed(&SECRETS, ONLY).await? {
            Some(secret) => Ok(secret),
            None => {
                let secret = Secret(Zeroizing::new(random()?));
                self.unit().put_sealed(&SECRETS, ONLY, &secret).await?;
                Ok(secret)
            }
        }
    }
}

impl Secret {
    fn seed(&self, store_id: &str, policy: &str, who: &Who) -> Seed {
        let block = |of| self.block(of, 0, (store_id, policy, who));
        let mut bits = [0; 16];
        bits.copy_from_slice(&block("i")[..16]);
        Seed { i: identifier_of(&bits), salt: block("salt").to_vec() }
    }

    fn decoy(&self, store_id: &str, policy: &str, who: &Who) -> Decoy {
        let block = |of, number| self.block(of, number, (store_id, policy, who));
        // Sixteen bytes more than the modulus has, so that the remainder is evenly spread.
        let random: Vec<u8> = (0..9).flat_map(|number| block("verifier", number)).collect();
        let random = Zeroizing::new(random);
        let srp = exchange();
        Decoy {
            seed: self.seed(store_id, policy, who),
            verifier: srp.pad(&srp.verifier_from(&random[..272])),
        }
    }

    fn block(&self, of: &str, number: u8, (store_id, policy, who): (&str, &str, &Who)) -> [u8; 32] {
        let (kind, name) = match who {
            Who::Id(id) => ("id", id.as_str()),
            Who::ExternalId(id) => ("external id", id.as_str()),
        };
        self.derive(&join(&[
            of.as_bytes(),
            &[number],
            store_id.as_bytes(),
            policy.as_bytes(),
            kind.as_bytes(),
            name.as_bytes(),
        ]))
    }

    /// HMAC-SHA-256 of a name under the secret.
    fn derive(&self, name: &[u8]) -> [u8; 32] {
        // HMAC takes keys of every length.
        match Hmac::<Sha256>::new_from_slice(&*self.0) {
            Ok(mac) => mac.chain_update(name).finalize().into_bytes().into(),
            Err(_) => [0; 32],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decoy_is_stable_and_like_no_other() {
        let secret = |byte| Secret(Zeroizing::new([byte; 32]));
        let alice = Who::ExternalId("alice".to_owned());
        let decoys = [
            secret(1).decoy("S", "p", &alice),
            secret(2).decoy("S", "p", &alice),
            secret(1).decoy("T", "p", &alice),
            secret(1).decoy("S", "q", &alice),
            secret(1).decoy("Sp", "", &alice),
            secret(1).decoy("S", "p", &Who::Id("alice".into())),
            secret(1).decoy("S", "p", &Who::ExternalId("Alice".to_owned())),
        ];
        for (position, one) in decoys.iter().enumerate() {
            assert_eq!((one.seed.i.len(), one.seed.salt.len(), one.verifier.len()), (26, 32, 256));
            for other in &decoys[..position] {
                assert_ne!(one.seed.i, other.seed.i);
                assert_ne!(one.seed.salt, other.seed.salt);
                assert_ne!(one.verifier, other.verifier);
            }
        }
        let again = secret(1).decoy("S", "p", &alice);
        assert_eq!(again.seed.i, decoys[0].seed.i);
        assert_eq!(again.seed.salt, decoys[0].seed.salt);
        assert_eq!(again.verifier, decoys[0].verifier);
    }
}
