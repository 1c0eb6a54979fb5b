//! A check that everything that goes over the wire is described.

use schemars::{JsonSchema, schema_for};
use serde_json::Value;

use crate::{
    AlgorithmInfo, Flaw, IdentityStore, Listing, NamedPasscodePolicy, NewStore, NewUser, Page,
    PasscodeAuthentication, PasscodeChange, PasscodeRegistration, PasscodeRenewal,
    RecoveryCodePolicy, RecoveryCodes, StoreChange, TotpPolicy, TotpRegistration, User, UserChange,
    audit,
};

/// The members without a description, and the types themselves.
fn undescribed<T: JsonSchema>() -> Vec<String> {
    let schema = serde_json::to_value(schema_for!(T)).unwrap();
    let mut types = vec![(schema["title"].as_str().unwrap().to_owned(), schema.clone())];
    if let Some(Value::Object(others)) = schema.get("$defs") {
        types.extend(others.clone());
    }
    let mut found = Vec::new();
    for (name, schema) in types {
        if schema.get("description").is_none() {
            found.push(name.clone());
        }
        for (member, schema) in schema["properties"].as_object().into_iter().flatten() {
            if schema.get("description").is_none() {
                found.push(format!("{name}.{member}"));
            }
        }
    }
    found
}

#[test]
fn every_type_and_member_on_the_wire_is_described() {
    let found = [
        undescribed::<IdentityStore>(),
        undescribed::<NewStore>(),
        undescribed::<StoreChange>(),
        undescribed::<User>(),
        undescribed::<NewUser>(),
        undescribed::<UserChange>(),
        undescribed::<Page>(),
        undescribed::<Listing<User>>(),
        undescribed::<PasscodeRegistration>(),
        undescribed::<PasscodeAuthentication>(),
        undescribed::<PasscodeRenewal>(),
        undescribed::<PasscodeChange>(),
        undescribed::<NamedPasscodePolicy>(),
        undescribed::<AlgorithmInfo>(),
        undescribed::<Flaw>(),
        undescribed::<TotpPolicy>(),
        undescribed::<TotpRegistration>(),
        undescribed::<RecoveryCodePolicy>(),
        undescribed::<RecoveryCodes>(),
        undescribed::<audit::Entry>(),
    ];
    assert_eq!(found.concat(), Vec::<String>::new());
    let registration = serde_json::to_value(schema_for!(PasscodeRegistration)).unwrap();
    let members: Vec<_> = registration["properties"].as_object().unwrap().keys().collect();
    assert_eq!(members, ["algorithmInfo", "passcodeHistory", "passcodeRequirements", "sessionId"]);
}

#[test]
fn what_is_handed_in_knows_its_members() {
    for schema in [schema_for!(NewStore), schema_for!(StoreChange), schema_for!(NewUser)] {
        let schema = serde_json::to_value(schema).unwrap();
        assert_eq!(schema["additionalProperties"], false, "{}", schema["title"]);
    }
}
