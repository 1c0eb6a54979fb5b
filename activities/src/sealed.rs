//! Secrets on their way between activities and the page: sealed in the identity store, referred to in the variables.

use std::collections::{BTreeMap, BTreeSet};

use forms::SealedText;
use identity::{Error, Work};
use serde_json::Value;
use zeroize::Zeroizing;

use crate::variables::find;
use crate::{Context, Wait};

impl Context<'_> {
    /// Seals texts; gives a reference to each, for the process variables.
    pub(crate) async fn seal(&mut self, texts: &[&str]) -> Result<Vec<String>, Error> {
        let session = self.work.seal_texts(texts).await?;
        let refer = |position| SealedText { session: session.clone(), position }.to_string();
        Ok((0..texts.len()).map(refer).collect())
    }

    /// A text that a parameter brings: the sealed one if it refers to one, else itself. One that is not kept any more is
    /// empty.
    pub(crate) async fn open_text(&mut self, text: &str) -> Result<Zeroizing<String>, Error> {
        let Ok(sealed) = text.parse::<SealedText>() else {
            return Ok(Zeroizing::new(text.to_owned()));
        };
        match self.work.open_sealed_texts(&sealed.session).await {
            Ok(texts) => Ok(texts.into_iter().nth(sealed.position).unwrap_or_default()),
            Err(Error::SessionMissing) => Ok(Zeroizing::default()),
            Err(error) => Err(error),
        }
    }

    /// Erases the sealed text that a parameter refers to, if it does.
    pub(crate) async fn erase_text(&mut self, text: &str) -> Result<(), Error> {
        match text.parse::<SealedText>() {
            Ok(sealed) => self.work.erase_sealed_texts(&sealed.session).await,
            Err(_) => Ok(()),
        }
    }

    /// Erases all sealed texts that a place in the variables refers to.
    pub(crate) async fn erase_texts_at(&mut self, path: &[&str]) -> Result<(), Error> {
        let mut sessions = BTreeSet::new();
        if let Some(kept) = find(self.variables, path) {
            collect(kept, &mut sessions);
        }
        for session in sessions {
            self.work.erase_sealed_texts(&session).await?;
        }
        Ok(())
    }
}

fn collect(value: &Value, sessions: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            sessions.extend(text.parse::<SealedText>().ok().map(|sealed| sealed.session));
        }
        Value::Array(list) => list.iter().for_each(|inner| collect(inner, sessions)),
        Value::Object(members) => members.values().for_each(|inner| collect(inner, sessions)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

impl Wait {
    /// Puts the sealed texts in place of the references in what the end user is shown. The result is for the end user
    /// alone and is not kept. Errors: the store failed.
    pub async fn open_texts(&mut self, work: &mut Work) -> Result<(), Error> {
        let Some(part) = &mut self.form else { return Ok(()) };
        let wanted = part.form.sealed_texts();
        let sessions: BTreeSet<&String> = wanted.iter().map(|sealed| &sealed.session).collect();
        if sessions.is_empty() {
            return Ok(());
        }
        let mut known = BTreeMap::new();
        for session in sessions {
            match work.open_sealed_texts(session).await {
                Ok(texts) => known.insert(session, texts),
                Err(Error::SessionMissing) => continue,
                Err(error) => return Err(error),
            };
        }
        part.form = part.form.opened(|sealed| {
            let text = known.get(&sealed.session)?.get(sealed.position)?;
            Some(text.as_str().to_owned())
        });
        Ok(())
    }
}
