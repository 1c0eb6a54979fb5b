//! A thing that is sent back as it was shown: what the server alone sets is left out of it.

use std::borrow::Cow;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::value::{MapAccessDeserializer, StringDeserializer};
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

/// What a caller is shown of a thing and cannot change.
pub(crate) trait Shown {
    /// The members that are only read.
    const READ_ONLY: &'static [&'static str];
}

/// A body whose read-only members are accepted and change nothing.
#[derive(Debug, Clone)]
pub(crate) struct Back<T>(pub(crate) T);

impl<'de, T: Deserialize<'de> + Shown> Deserialize<'de> for Back<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de> + Shown> Visitor<'de> for Members<T> {
            type Value = T;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<M: MapAccess<'de>>(self, map: M) -> Result<T, M::Error> {
                let changeable = Changeable { map, read_only: T::READ_ONLY };
                T::deserialize(MapAccessDeserializer::new(changeable))
            }
        }

        deserializer.deserialize_map(Members(PhantomData)).map(Back)
    }
}

/// The members of an object that are not only read.
struct Changeable<M> {
    map: M,
    read_only: &'static [&'static str],
}

impl<'de, M: MapAccess<'de>> MapAccess<'de> for Changeable<M> {
    type Error = M::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        mut seed: K,
    ) -> Result<Option<K::Value>, M::Error> {
        let read_only = self.read_only;
        while let Some(name) = self.map.next_key_seed(Name { seed, read_only })? {
            match name {
                Ok(name) => return Ok(Some(name)),
                Err(unused) => seed = unused,
            }
            self.map.next_value::<IgnoredAny>()?;
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, M::Error> {
        self.map.next_value_seed(seed)
    }
}

/// The name of a member, read where it stands, so that what is wrong with it is told there. Of a member that is only read
/// the seed comes back.
struct Name<K> {
    seed: K,
    read_only: &'static [&'static str],
}

impl<'de, K: DeserializeSeed<'de>> DeserializeSeed<'de> for Name<K> {
    type Value = Result<K::Value, K>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        let name = String::deserialize(deserializer)?;
        if self.read_only.contains(&name.as_str()) {
            return Ok(Err(self.seed));
        }
        self.seed.deserialize(StringDeserializer::new(name)).map(Ok)
    }
}

impl<T: JsonSchema + Shown> JsonSchema for Back<T> {
    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        format!("{}::back", T::schema_id()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = T::json_schema(generator);
        let members = schema.ensure_object().entry("properties").or_insert_with(|| json!({}));
        if let Value::Object(members) = members {
            let about = "As it is shown; it is accepted and changes nothing.";
            let member = json!({ "readOnly": true, "description": about });
            members.extend(T::READ_ONLY.iter().map(|name| ((*name).to_owned(), member.clone())));
        }
        schema
    }
}
