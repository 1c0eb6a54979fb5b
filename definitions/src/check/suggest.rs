//! Suggestions: the known name that a mistaken one was probably meant to be.

/// What people write, and what they mean by it.
const MEANT: [(&str, &str); 12] = [
    ("input", "with"),
    ("inputs", "with"),
    ("parameters", "with"),
    ("params", "with"),
    ("output", "out"),
    ("outputs", "out"),
    ("next", "then"),
    ("goto", "then"),
    ("if", "when"),
    ("else", "otherwise"),
    ("label", "name"),
    ("documentation", "description"),
];

/// A clause such as `; did you mean addUser?`, or nothing when no known name is near.
pub(crate) fn did_you_mean<'a>(wrong: &str, known: impl Iterator<Item = &'a str>) -> String {
    const MOST: usize = 500;
    let known: Vec<&str> = known.take(MOST).collect();
    let meant = MEANT.iter().find(|(word, meant)| *word == wrong && known.contains(meant));
    if let Some((_, meant)) = meant {
        return format!("; did you mean {meant}?");
    }
    let nearest = known
        .into_iter()
        .map(|name| (distance(wrong, name), name))
        .filter(|(distance, name)| *distance <= (name.chars().count() / 3).max(1))
        .min();
    nearest.map(|(_, name)| format!("; did you mean {name}?")).unwrap_or_default()
}

/// How many letters must be changed, added, dropped or swapped with their neighbour, whatever
/// their case and the signs between them.
fn distance(one: &str, two: &str) -> usize {
    const LONGEST: usize = 64;
    let plain = |text: &str| -> Vec<char> {
        let letters = text.chars().filter(|c| c.is_alphanumeric());
        letters.flat_map(char::to_lowercase).take(LONGEST).collect()
    };
    let (one, two) = (plain(one), plain(two));
    let mut rows: Vec<Vec<usize>> = vec![(0..=two.len()).collect()];
    for (i, a) in one.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in two.iter().enumerate() {
            let changed = rows[i][j] + usize::from(a != b);
            let mut best = changed.min(rows[i][j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && one[i - 1] == *b && two[j - 1] == *a {
                best = best.min(rows[i - 1][j - 1] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[one.len()][two.len()]
}
