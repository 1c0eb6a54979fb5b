//! The shapes of stored rows, as they stand on disk: what is here is read for ever.

use expect_test::expect;
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::api_key::{ApiKey, Found, KeyStatus, KeyType};
use crate::tenant::Tenant;
use crate::token::SigningKey;

/// The JSON of a row; it has to be read back as it was.
fn kept<T: Serialize + DeserializeOwned>(row: &T) -> String {
    let text = serde_json::to_string_pretty(row).unwrap();
    let again: T = serde_json::from_str(&text).unwrap();
    assert_eq!(serde_json::to_string_pretty(&again).unwrap(), text);
    text
}

#[test]
fn rows_keep_their_shape() {
    let time: Timestamp = "2026-01-01T12:00:00Z".parse().unwrap();
    let tenant =
        Tenant { name: "demo".to_owned(), created_dtm: time, created_by: "System".to_owned() };
    expect![[r#"
        {
          "name": "demo",
          "createdDtm": "2026-01-01T12:00:00Z",
          "createdBy": "System"
        }"#]]
    .assert_eq(&kept(&tenant));
    let key = ApiKey {
        id: "ID".to_owned(),
        tenant_id: "demo".to_owned(),
        name: "admin".to_owned(),
        description: Some("Made at the first start.".to_owned()),
        kind: KeyType::Permanent,
        code: "gw_ABCDEF".to_owned(),
        status: KeyStatus::Active,
        permissions: vec!["TNT#demo#*".to_owned()],
        expiring_dtm: None,
        created_dtm: time,
        last_updated_dtm: time,
        created_by: "System".to_owned(),
        last_updated_by: "System".to_owned(),
    };
    expect![[r#"
        {
          "id": "ID",
          "tenantId": "demo",
          "name": "admin",
          "description": "Made at the first start.",
          "type": "PERMANENT",
          "code": "gw_ABCDEF",
          "status": "ACTIVE",
          "permissions": [
            "TNT#demo#*"
          ],
          "expiringDtm": null,
          "createdDtm": "2026-01-01T12:00:00Z",
          "lastUpdatedDtm": "2026-01-01T12:00:00Z",
          "createdBy": "System",
          "lastUpdatedBy": "System"
        }"#]]
    .assert_eq(&kept(&key));
    let found =
        Found { tenant: "demo".to_owned(), id: "ID".to_owned(), digest: "DIGEST".to_owned() };
    expect![[r#"
        {
          "tenant": "demo",
          "id": "ID",
          "digest": "DIGEST"
        }"#]]
    .assert_eq(&kept(&found));
    let signing = SigningKey { created_dtm: time, verifies_until: Some(time) };
    expect![[r#"
        {
          "createdDtm": "2026-01-01T12:00:00Z",
          "verifiesUntil": "2026-01-01T12:00:00Z"
        }"#]]
    .assert_eq(&kept(&signing));
}
