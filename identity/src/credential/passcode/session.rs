//! The sessions of passcode ceremonies, and the page's half that may be handed over before the end.

use jiff::Timestamp;

use super::BrowserResponse;
use super::ceremony::{Ceremony, Purpose};
use crate::error::Error;
use crate::session::{self, Sessions};
use crate::work::Work;

/// The ceremonies under way.
pub(super) const CEREMONIES: Sessions<Ceremony> =
    Sessions::new("passcode-ceremonies", "passcode-ceremony-expiries");

impl session::Ceremony for Ceremony {
    fn store_id(&self) -> &str {
        &self.outline.store_id
    }

    fn expires(&self) -> Timestamp {
        self.outline.expires
    }
}

impl Work {
    /// Keeps the page's half of a ceremony with it, so that the ceremony can be completed later without it.
    ///
    /// # Errors
    ///
    /// [`Error::SessionMissing`], [`Error::ResponseInvalid`] when the response belongs to the other kind of
    /// ceremony, [`Error::Storage`].
    pub async fn remember_passcode_response(
        &mut self,
        session_id: &str,
        response: BrowserResponse,
    ) -> Result<(), Error> {
        let mut ceremony = CEREMONIES.find(self, session_id).await?;
        match (&ceremony.outline.purpose, &response) {
            (Purpose::Registration, BrowserResponse::Verifier(_))
            | (Purpose::Authentication { .. }, BrowserResponse::Proof { .. })
            | (Purpose::Renewal { .. }, BrowserResponse::Renewal { .. }) => {}
            _ => return Err(Error::ResponseInvalid("it belongs to another kind of ceremony")),
        }
        ceremony.response = Some(response);
        CEREMONIES.keep(self, session_id, &ceremony).await
    }

    /// Sweeps away at most so many ceremonies whose time is over; says how many it found.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`].
    pub async fn sweep_ceremonies(&mut self, limit: usize) -> Result<usize, Error> {
        let swept = CEREMONIES.sweep(self, limit).await?;
        let swept = swept + self.sweep_passkey_ceremonies(limit - swept).await?;
        Ok(swept + self.sweep_sealed_texts(limit - swept).await?)
    }
}
