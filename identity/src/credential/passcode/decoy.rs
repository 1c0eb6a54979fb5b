//! What a stranger is shown in place of a passcode that is not there.

use hmac::{Hmac, Mac};
use sha2::Sha256;
use storage::{Seal, SealedTable};
use zeroize::Zeroizing;

use super::ceremony::Seed;
use super::exchange;
use crate::credential::fields::join;
use crate::error::Error;
use crate::random::{identifier_of, random};
use crate::user::Who;
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
        let secret = match self.unit().find_sealed(&SECRETS, ONLY).await? {
            Some(secret) => secret,
            None => {
                let secret = Secret(Zeroizing::new(random()?));
                self.unit().put_sealed(&SECRETS, ONLY, &secret).await?;
                secret
            }
        };
        Ok(secret.decoy(store_id, policy, who))
    }
}

impl Secret {
    fn decoy(&self, store_id: &str, policy: &str, who: &Who) -> Decoy {
        let (kind, name) = match who {
            Who::Id(id) => ("id", id.as_str()),
            Who::ExternalId(id) => ("external id", id.as_str()),
        };
        let block = |of: &str, number: u8| {
            let name = join(&[
                of.as_bytes(),
                &[number],
                store_id.as_bytes(),
                policy.as_bytes(),
                kind.as_bytes(),
                name.as_bytes(),
            ]);
            self.derive(&name)
        };
        let mut bits = [0; 16];
        bits.copy_from_slice(&block("i", 0)[..16]);
        // Sixteen bytes more than the modulus has, so that the remainder is evenly spread.
        let random: Vec<u8> = (0..9).flat_map(|number| block("verifier", number)).collect();
        let random = Zeroizing::new(random);
        let srp = exchange();
        Decoy {
            seed: Seed { i: identifier_of(&bits), salt: block("salt", 0).to_vec() },
            verifier: srp.pad(&srp.verifier_from(&random[..272])),
        }
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
