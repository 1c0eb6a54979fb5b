//! Who calls, and whether they may: a bearer token becomes a caller, and only a caller opens rooms.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use access::{Claims, permission};
use axum::http::{HeaderMap, StatusCode, header};
use jiff::Timestamp;
use runtime::{Runtime, Tenant};
use sha2::{Digest as _, Sha256};

use crate::App;
use crate::problem::{NO_TENANT, NO_TOKEN, Problem, WRONG_OWNER};
use crate::source::{self, Way};

/// Somebody who holds the permission that the route asks for.
#[derive(Clone)]
pub(crate) struct Caller {
    app: App,
    tenant: Tenant,
    claims: Arc<Claims>,
    way: Way,
}

impl Caller {
    /// The caller's tenant, opened in the caller's name.
    pub(crate) fn tenant(&self) -> &Tenant {
        &self.tenant
    }

    /// Whether the caller also holds the permission for another operation.
    pub(crate) fn may(&self, operation: &str) -> bool {
        permission::allows(&self.claims.permissions, &self.claims.tenant, operation)
    }

    /// The same caller, whose request came this way.
    pub(crate) fn over(self, way: Way) -> Caller {
        Caller { way, ..self }
    }

    /// Refuses what must not be sent in the clear.
    ///
    /// # Errors
    /// 403 with code 2613, unless nobody on the way could read the request.
    pub(crate) fn expect_private(&self) -> Result<(), Problem> {
        self.way.expect_private(&self.app)
    }

    /// The runtime, for what concerns the whole installation.
    pub(crate) fn runtime(&self) -> &Runtime {
        self.app.runtime()
    }
}

/// Lets a request with a good token and the permission for an operation in.
///
/// # Errors
/// 401 with the code of what is wrong with the token; 403 with code 7 without the permission; 404 with code 90 at an
/// identity store of a tenant that is not here; 400 for an end user's address that is none.
pub(crate) async fn admit(
    app: &App,
    headers: &HeaderMap,
    operation: &str,
) -> Result<Caller, Problem> {
    let claims = claims_of(app, headers)?;
    if !permission::allows(&claims.permissions, &claims.tenant, operation) {
        let wanted = permission::required(&claims.tenant, operation);
        return Err(Problem::forbidden(format!("the permission {wanted} is not granted")));
    }
    let tenant = match app.runtime().tenant(&claims.tenant, &claims.name).await {
        Ok(tenant) => tenant,
        Err(runtime::Error::NotFound { .. }) => {
            let detail = "the token's tenant is not here";
            // So it is documented: the operations of identity stores look for the tenant themselves.
            return Err(match operation.starts_with("IdentityStore:") {
                true => Problem::new(StatusCode::NOT_FOUND, detail).code(NO_TENANT),
                false => Problem::unauthorized(WRONG_OWNER, detail),
            });
        }
        Err(error) => return Err(error.into()),
    };
    let tenant = tenant.on_behalf_of(source::named_end_user(headers)?);
    Ok(Caller { app: app.clone(), tenant, claims, way: Way::unknown() })
}

fn claims_of(app: &App, headers: &HeaderMap) -> Result<Arc<Claims>, Problem> {
    let jwt = bearer_of(headers)?;
    let place: Place = Sha256::digest(jwt.as_bytes()).into();
    if let Some(claims) = app.verified().find(&place, app.runtime().now()) {
        return Ok(claims);
    }
    let claims = Arc::new(app.runtime().verify_bearer(jwt)?);
    app.verified().keep(place, claims.clone(), app.runtime().now());
    Ok(claims)
}

/// The token of the one `Authorization: Bearer` header (RFC 6750 §2.1).
fn bearer_of(headers: &HeaderMap) -> Result<&str, Problem> {
    let mut lines = headers.get_all(header::AUTHORIZATION).iter();
    let (line, more) = (lines.next(), lines.next());
    let token = line
        .filter(|_| more.is_none())
        .and_then(|line| line.to_str().ok())
        .and_then(|line| line.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim());
    token.ok_or_else(|| {
        Problem::unauthorized(NO_TOKEN, "one header \"Authorization: Bearer …\" is needed; /api/arthr/apiKeys/issue gives its token for an API key")
    })
}

/// The SHA-256 of a token.
type Place = [u8; 32];

/// Tokens that were verified a moment ago, by their digest, so that each is verified once.
#[derive(Default)]
pub(crate) struct Verified(RwLock<HashMap<Place, Arc<Claims>>>);

/// How many are remembered.
const REMEMBERED: usize = 4096;

impl Verified {
    fn find(&self, place: &Place, now: Timestamp) -> Option<Arc<Claims>> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.get(place).filter(|claims| now < claims.expires).cloned()
    }

    fn keep(&self, place: Place, claims: Arc<Claims>, now: Timestamp) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED {
            known.retain(|_, claims| now < claims.expires);
        }
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(place, claims);
    }
}

#[cfg(test)]
impl Verified {
    /// Takes a text for a good token from now on.
    pub(crate) fn learn(&self, token: &str, claims: Claims) {
        let place = Sha256::digest(token.as_bytes()).into();
        self.keep(place, Arc::new(claims), Timestamp::MIN);
    }
}
