//! Suggestions: the known name that a mistaken one was probably meant to be.

/// A clause such as `; did you mean addUser?`, or nothing when no known name is near.
pub(crate) fn did_you_mean<'a>(wrong: &str, known: impl Iterator<Item = &'a str>) -> String {
    let nearest = known
        .map(|name| (distance(wrong, name), name))
        .filter(|(distance, name)| *distance <= 1 + name.chars().count() / 3)
        .min();
    nearest.map(|(_, name)| format!("; did you mean {name}?")).unwrap_or_default()
}

/// How many letters must be changed, added or dropped, whatever their case and the signs between.
fn distance(one: &str, two: &str) -> usize {
    const LONGEST: usize = 64;
    let plain = |text: &str| -> Vec<char> {
        let letters = text.chars().filter(|c| c.is_alphanumeric());
        letters.flat_map(char::to_lowercase).take(LONGEST).collect()
    };
    let (one, two) = (plain(one), plain(two));
    let mut row: Vec<usize> = (0..=two.len()).collect();
    for (above, a) in one.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = above + 1;
        for (column, b) in two.iter().enumerate() {
            let changed = diagonal + usize::from(a != b);
            diagonal = row[column + 1];
            row[column + 1] = changed.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[two.len()]
}
