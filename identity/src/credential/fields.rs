//! Several byte strings in one, each with its length before it: how sealed rows of more than one part are laid out.

use zeroize::Zeroizing;

/// Joins byte strings; each is led by its length as four bytes, big-endian.
pub(crate) fn join(fields: &[&[u8]]) -> Zeroizing<Vec<u8>> {
    let length = fields.iter().map(|field| field.len() + 4).sum();
    let mut bytes = Zeroizing::new(Vec::with_capacity(length));
    for field in fields {
        let length = u32::try_from(field.len()).unwrap_or(u32::MAX);
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(field);
    }
    bytes
}

/// Takes joined byte strings apart again; there have to be exactly so many.
pub(crate) fn split<const N: usize>(bytes: &[u8]) -> Result<[&[u8]; N], String> {
    parts(bytes)?
        .try_into()
        .map_err(|fields: Vec<_>| format!("there are {} fields, not {N}", fields.len()))
}

fn parts(bytes: &[u8]) -> Result<Vec<&[u8]>, String> {
    let mut fields = Vec::new();
    let mut rest = bytes;
    while let Some((length, tail)) = rest.split_first_chunk::<4>() {
        let (field, tail) = usize::try_from(u32::from_be_bytes(*length))
            .ok()
            .and_then(|length| tail.split_at_checked(length))
            .ok_or("a field is cut off")?;
        fields.push(field);
        rest = tail;
    }
    if !rest.is_empty() {
        return Err("the length of a field is cut off".to_owned());
    }
    Ok(fields)
}

/// Joins any number of secret byte strings.
pub(crate) fn join_all(fields: &[Zeroizing<Vec<u8>>]) -> Zeroizing<Vec<u8>> {
    let fields: Vec<&[u8]> = fields.iter().map(|field| field.as_slice()).collect();
    join(&fields)
}

/// Takes any number of joined secret byte strings apart again.
pub(crate) fn split_all(bytes: &[u8]) -> Result<Vec<Zeroizing<Vec<u8>>>, String> {
    Ok(parts(bytes)?.into_iter().map(|part| Zeroizing::new(part.to_vec())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_joined_comes_apart_again_and_nothing_else_does() {
        let whole = join(&[b"one", b"", b"three"]);
        assert_eq!(split::<3>(&whole), Ok([&b"one"[..], b"", b"three"]));
        assert_eq!(split::<0>(&join(&[])), Ok([]));
        assert!(split::<2>(&whole).is_err());
        assert!(split::<3>(&whole[..whole.len() - 1]).is_err());
        assert!(split::<3>(&[&whole[..], &[0]].concat()).is_err());
        assert!(split::<1>(&[0xFF; 8]).is_err());
    }
}
