//! Typed tables: rows of JSON with the version of their shape.

use std::marker::PhantomData;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::address::{Address, Kind};
use crate::{Error, Key};

/// Room for most rows, in bytes.
const USUAL_ROW: usize = 512;

/// Turns the JSON of an older shape into the present one; told the shape that the row has.
pub type Upgrade = fn(u8, serde_json::Value) -> Result<serde_json::Value, String>;

/// A table of rows of `T`, declared as a constant beside `T`.
///
/// A row is stored as one byte, the version of its shape, followed by JSON.
pub struct Table<T> {
    pub(crate) name: &'static str,
    kind: Kind,
    shape: u8,
    upgrade: Option<Upgrade>,
    row: PhantomData<fn() -> T>,
}

impl<T> Table<T> {
    /// A table whose rows belong to tenants.
    pub const fn new(name: &'static str) -> Table<T> {
        Table { name, kind: Kind::Row, shape: 1, upgrade: None, row: PhantomData }
    }

    /// A table whose rows belong to no tenant; every space sees the same ones.
    pub const fn shared(name: &'static str) -> Table<T> {
        Table { name, kind: Kind::SharedRow, shape: 1, upgrade: None, row: PhantomData }
    }

    /// The same table, writing rows of this shape; without it the shape is 1. Rows of older shapes are still read.
    #[must_use]
    pub const fn shape(mut self, shape: u8) -> Table<T> {
        self.shape = shape;
        self
    }

    /// The same table, bringing rows of older shapes up to the present one before they are read as `T`.
    #[must_use]
    pub const fn upgrade(mut self, upgrade: Upgrade) -> Table<T> {
        self.upgrade = Some(upgrade);
        self
    }

    /// The name of the table.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    pub(crate) fn address(&self, tenant: &str, key: &Key) -> Address {
        Address::new(self.kind, tenant, self.name, key)
    }
}

impl<T: Serialize> Table<T> {
    pub(crate) fn to_bytes(&self, address: &Address, value: &T) -> Result<Vec<u8>, Error> {
        let mut bytes = Vec::with_capacity(USUAL_ROW);
        bytes.push(self.shape);
        serde_json::to_writer(&mut bytes, value).map_err(|e| address.unwritable(e.to_string()))?;
        if depth(&bytes[1..]) > DEEPEST {
            let reason = format!("lists and objects lie in each other more than {DEEPEST} deep");
            return Err(address.unwritable(reason));
        }
        Ok(bytes)
    }
}

/// How deep lists and objects may lie in each other: what is deeper could be written, and never read again.
const DEEPEST: usize = 120;

/// How deep lists and objects lie in each other in a JSON text, at most.
fn depth(json: &[u8]) -> usize {
    // Counted in bytes, many of which fit into a register: most rows are never that deep.
    let opens = |letter: &u8| u8::from(matches!(letter, b'[' | b'{'));
    let opened = json.chunks(255).map(|part| usize::from(part.iter().map(opens).sum::<u8>()));
    let opened: usize = opened.sum();
    if opened <= DEEPEST {
        return opened;
    }
    let (mut depth, mut deepest, mut quoted, mut escaped) = (0_usize, 0, false, false);
    for letter in json {
        match letter {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'[' | b'{' if !quoted => depth += 1,
            b']' | b'}' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

impl<T: DeserializeOwned> Table<T> {
    pub(crate) fn value_of(&self, address: &Address, bytes: &[u8]) -> Result<T, Error> {
        let corrupt = |reason: String| address.corrupt(reason);
        let (&shape, json) =
            bytes.split_first().ok_or_else(|| corrupt("the row is empty".into()))?;
        check_shape(shape, self.shape).map_err(corrupt)?;
        match self.upgrade {
            Some(upgrade) if shape < self.shape => {
                let old = serde_json::from_slice(json).map_err(|e| corrupt(e.to_string()))?;
                let new = upgrade(shape, old).map_err(corrupt)?;
                serde_json::from_value(new).map_err(|e| corrupt(e.to_string()))
            }
            _ => serde_json::from_slice(json).map_err(|e| corrupt(e.to_string())),
        }
    }
}

pub(crate) fn check_shape(found: u8, known: u8) -> Result<(), String> {
    if found == 0 || found > known {
        return Err(format!("its shape is {found}, and this version reads shapes 1 to {known}"));
    }
    Ok(())
}

impl<T> std::fmt::Debug for Table<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Table({})", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_not_be_read_again_is_not_written() {
        const VALUES: Table<serde_json::Value> = Table::new("values");
        let address = VALUES.address("t", &crate::Key::from("a"));
        let nested = |depth: usize| (1..depth).fold("[]".into(), |text, _| format!("[{text}]"));
        let wide = format!("[{}]", vec!["[\"[[{{\\\"[[\"]"; 200].join(","));
        for (text, is_kept) in [(nested(DEEPEST), true), (nested(DEEPEST + 1), false), (wide, true)]
        {
            let value = serde_json::from_str(&text).unwrap();
            let written = VALUES.to_bytes(&address, &value);
            assert_eq!(written.is_ok(), is_kept, "{text}");
            let read = written.map(|bytes| VALUES.value_of(&address, &bytes).unwrap());
            assert!(read.is_err() || read.is_ok_and(|read| read == value));
        }
    }
}
