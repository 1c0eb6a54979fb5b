//! Texts that the end user of one journey is shown and nobody else may read: kept sealed, under a session.

use jiff::Timestamp;
use storage::Seal;
use zeroize::Zeroizing;

use crate::credential::fields::{join_all, split_all};
use crate::error::Error;
use crate::session::{Ceremony, Sessions};
use crate::work::Work;

/// The texts under way.
const TEXTS: Sessions<Texts> = Sessions::new("sealed-texts", "sealed-text-expiries");

/// Texts that belong together, for one journey.
struct Texts {
    journey: String,
    expires: Timestamp,
    texts: Vec<Zeroizing<Vec<u8>>>,
}

impl Ceremony for Texts {
    /// A journey may pass through many stores.
    fn store_id(&self) -> &str {
        ""
    }

    fn expires(&self) -> Timestamp {
        self.expires
    }
}

impl Seal for Texts {
    fn to_secret_bytes(&self) -> Zeroizing<Vec<u8>> {
        let expires = self.expires.as_millisecond().to_be_bytes();
        let own = [self.journey.as_bytes().to_vec(), expires.to_vec()].map(Zeroizing::new);
        let all: Vec<_> = own.into_iter().chain(self.texts.iter().cloned()).collect();
        join_all(&all)
    }

    fn from_secret_bytes(bytes: &[u8]) -> Result<Texts, String> {
        let mut fields = split_all(bytes)?.into_iter();
        let (journey, expires) =
            fields.next().zip(fields.next()).ok_or("the journey or the time is missing")?;
        let journey = String::from_utf8(journey.to_vec()).map_err(|error| error.to_string())?;
        let expires = expires.as_slice().try_into().map_err(|_| "a time has 8 bytes")?;
        let expires = Timestamp::from_millisecond(i64::from_be_bytes(expires))
            .map_err(|error| error.to_string())?;
        Ok(Texts { journey, expires, texts: fields.collect() })
    }
}

impl Work {
    /// Seals texts for the end user of the present journey; gives the session under which they are kept for as long as
    /// a ceremony can be completed. Each text is known by its position.
    ///
    /// # Errors
    ///
    /// [`Error::NoRandomness`], [`Error::Storage`].
    pub async fn seal_texts(&mut self, texts: &[&str]) -> Result<String, Error> {
        let sealed = texts.iter().map(|text| Zeroizing::new(text.as_bytes().to_vec()));
        let (journey, expires) = (self.journey().to_owned(), self.ceremony_ends());
        TEXTS.open(self, &Texts { journey, expires, texts: sealed.collect() }).await
    }

    /// The texts of a session that were sealed for the present journey.
    ///
    /// # Errors
    ///
    /// [`Error::SessionMissing`] when they were erased, are too old or another journey's; [`Error::Storage`].
    pub async fn open_sealed_texts(
        &mut self,
        session: &str,
    ) -> Result<Vec<Zeroizing<String>>, Error> {
        let found = TEXTS.find(self, session).await?;
        if found.journey != self.journey() {
            return Err(Error::SessionMissing);
        }
        let text = |bytes: &Zeroizing<Vec<u8>>| {
            Zeroizing::new(String::from_utf8_lossy(bytes.as_slice()).into_owned())
        };
        Ok(found.texts.iter().map(text).collect())
    }

    /// Erases the texts of a session, if the present journey has them.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`].
    pub async fn erase_sealed_texts(&mut self, session: &str) -> Result<(), Error> {
        match TEXTS.find(self, session).await {
            Ok(found) if found.journey == self.journey() => {
                TEXTS.close(self, session, found.expires);
                Ok(())
            }
            Ok(_) | Err(Error::SessionMissing) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Sweeps away at most so many texts whose time is over; says how many it found.
    pub(crate) async fn sweep_sealed_texts(&mut self, limit: usize) -> Result<usize, Error> {
        TEXTS.sweep(self, limit).await
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use storage::Store;

    use super::*;

    fn work(store: &Store, journey: &str, minutes: i64) -> Work {
        let start: Timestamp = "2026-11-22T10:00:00Z".parse().unwrap();
        let now = start + SignedDuration::from_mins(minutes);
        let mut work = Work::new(store.space("t").unit(), now, "tester");
        work.act_for(journey);
        work
    }

    #[tokio::test]
    async fn texts_are_opened_by_their_own_journey_until_they_are_erased() {
        let store = Store::memory();
        let mut first = work(&store, "JOURNEY", 0);
        let session = first.seal_texts(&["one", "", "drei"]).await.unwrap();
        first.commit().await.unwrap();

        let opened = work(&store, "JOURNEY", 14).open_sealed_texts(&session).await.unwrap();
        assert_eq!(
            opened.iter().map(|text| text.as_str()).collect::<Vec<_>>(),
            ["one", "", "drei"]
        );
        let strange = work(&store, "OTHER", 0).open_sealed_texts(&session).await;
        assert!(matches!(strange, Err(Error::SessionMissing)));
        let late = work(&store, "JOURNEY", 15).open_sealed_texts(&session).await;
        assert!(matches!(late, Err(Error::SessionMissing)));

        let mut other = work(&store, "OTHER", 0);
        other.erase_sealed_texts(&session).await.unwrap();
        other.commit().await.unwrap();
        let mut own = work(&store, "JOURNEY", 0);
        assert!(own.open_sealed_texts(&session).await.is_ok());
        own.erase_sealed_texts(&session).await.unwrap();
        own.commit().await.unwrap();
        let gone = work(&store, "JOURNEY", 0).open_sealed_texts(&session).await;
        assert!(matches!(gone, Err(Error::SessionMissing)));
    }

    #[tokio::test]
    async fn texts_of_journeys_that_nobody_ended_are_swept() {
        let store = Store::memory();
        let mut first = work(&store, "JOURNEY", 0);
        first.seal_texts(&["one"]).await.unwrap();
        first.commit().await.unwrap();
        assert_eq!(work(&store, "JOURNEY", 14).sweep_ceremonies(9).await.unwrap(), 0);
        let mut later = work(&store, "JOURNEY", 16);
        assert_eq!(later.sweep_ceremonies(9).await.unwrap(), 1);
        later.commit().await.unwrap();
        assert_eq!(work(&store, "JOURNEY", 17).sweep_ceremonies(9).await.unwrap(), 0);
    }
}
