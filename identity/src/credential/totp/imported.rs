//! TOTPs that come from another store: the app goes on with the secret that it has.

use data_encoding::BASE32_NOPAD;
use zeroize::Zeroizing;

use super::TotpStatus;
use super::policy::{TotpPolicy, is_label};
use super::provisioning::text_of;
use super::registered::{Row, Secret, TOTPS};
use super::registration::name;
use crate::audit::Action;
use crate::error::Error;
use crate::random::identifier;
use crate::store::IdentityStore;
use crate::transfer::TotpLine;
use crate::user::{self, UserId};
use crate::work::Work;

/// How long a secret is, in bytes: what apps take, and not so short that it can be guessed.
const SECRETS: std::ops::RangeInclusive<usize> = 10..=128;

impl Work {
    /// Brings a TOTP to a user, unless the user has one under its policy; says whether it did.
    pub(crate) async fn import_totp(
        &mut self,
        store: &IdentityStore,
        user: &user::Row,
        line: TotpLine,
    ) -> Result<bool, Error> {
        let unusable = |reason: &str| Error::ImportLine(format!("totps: {reason}"));
        store.totp_policy(&line.policy_name)?;
        if TOTPS.find(self, &store.id, &user.id, &line.policy_name).await?.is_some() {
            return Ok(false);
        }
        let text = Zeroizing::new(line.secret);
        let secret = BASE32_NOPAD.decode(text.as_bytes()).ok().map(Zeroizing::new);
        let secret = secret.filter(|secret| SECRETS.contains(&secret.len()));
        let secret = secret.ok_or_else(|| unusable("a secret is base32 of 10 to 128 bytes"))?;
        let rules = TotpPolicy {
            issuer: line.issuer,
            algorithm: line.algorithm,
            digits: line.digits,
            period: line.period,
            ..TotpPolicy::default()
        };
        if let Some(flaw) = rules.flaws().first() {
            return Err(unusable(&format!("{}: {}", flaw.path, flaw.message)));
        }
        if line.status == TotpStatus::Pending {
            return Err(unusable("a TOTP whose first code is awaited is not taken"));
        }
        let username = match line.username {
            Some(name) if is_label(&name) => name,
            Some(_) => return Err(unusable("no app can show the username")),
            None => name(user, None)?,
        };
        let created = line.created_dtm.map_or(self.now(), |time| time.min(self.now()));
        let row = Row {
            status: line.status,
            last_updated_dtm: self.now(),
            activated_dtm: line.activated_dtm.or(Some(created)),
            expiration_dtm: None,
            last_authenticated_with_dtm: line.last_authenticated_with_dtm,
            last_step: line.last_step,
            ..Row::new(identifier()?, &line.policy_name, &rules, &username, created)
        };
        TOTPS.keep(self, &store.id, &user.id, &row, Some(&Secret(secret))).await?;
        self.audit_totp(Action::TotpImported, store, &user.id, &row)?;
        Ok(true)
    }

    /// The TOTPs of a user as they are exported, with their secrets.
    pub(crate) async fn export_totps(
        &mut self,
        store: &str,
        user: &UserId,
    ) -> Result<Vec<TotpLine>, Error> {
        let mut lines = Vec::new();
        for row in TOTPS.list(self, store, user).await? {
            let secret = TOTPS.find_secret(self, store, user, &row.policy_name).await?;
            let (Some(Secret(secret)), TotpStatus::Active | TotpStatus::Disabled) =
                (secret, row.status)
            else {
                continue;
            };
            lines.push(TotpLine {
                policy_name: row.policy_name,
                secret: text_of(&secret).to_string(),
                status: row.status,
                issuer: row.issuer,
                username: Some(row.username),
                algorithm: row.algorithm,
                digits: row.digits,
                period: row.period,
                created_dtm: Some(row.created_dtm),
                activated_dtm: row.activated_dtm,
                last_authenticated_with_dtm: row.last_authenticated_with_dtm,
                last_step: row.last_step,
            });
        }
        Ok(lines)
    }
}
