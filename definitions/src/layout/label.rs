//! How much room names take.

use super::{Bounds, Point};

/// The height of a line of a label.
const LINE: f64 = 14.0;
/// The width at which a label is broken.
pub(super) const WIDEST: f64 = 90.0;
/// The most lines for which room is made.
const MOST_LINES: usize = 12;
/// What a label is wider than its letters.
const SLACK: f64 = 4.0;

/// The width of a character in the usual font of editors, rather too much than too little.
fn width(character: char) -> f64 {
    match character {
        'i' | 'j' | 'l' | '\'' | '.' | ',' | ':' | ';' | '|' | '!' => 3.5,
        'f' | 'I' | 'r' | 't' | '(' | ')' | '-' | ' ' => 4.5,
        'm' | 'w' | 'M' | 'W' | '%' | '@' => 11.0,
        'A'..='Z' => 8.0,
        '\u{0}'..='\u{24f}' => 7.0,
        _ => 11.0,
    }
}

/// The width and height of a name, broken into lines; nothing for no name.
pub(super) fn size(name: &str, widest: f64) -> Option<(f64, f64)> {
    let widest = widest - SLACK;
    let (mut lines, mut line, mut longest) = (0_usize, 0.0_f64, 0.0_f64);
    for word in name.split_whitespace() {
        let word: f64 = word.chars().take(200).map(width).sum();
        if lines == 0 || line + width(' ') + word > widest {
            // A word that is too long is broken.
            lines += (word / widest).ceil().max(1.0) as usize;
            line = word % widest;
        } else {
            line += width(' ') + word;
        }
        longest = longest.max(line).max(word.min(widest));
    }
    let lines = lines.min(MOST_LINES) as f64;
    (lines > 0.0).then_some(((longest + SLACK).max(20.0).ceil(), lines * LINE))
}

/// Where a label stands relative to a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Above,
    Below,
    RightBelow,
    RightAbove,
    LeftBelow,
    LeftAbove,
}

/// The place of a name beside a point.
pub(super) fn beside(name: &str, widest: f64, at: Point, side: Side) -> Option<Bounds> {
    let (width, height) = size(name, widest)?;
    let x = match side {
        Side::Above | Side::Below => at.x - width / 2.0,
        Side::RightBelow | Side::RightAbove => at.x,
        Side::LeftBelow | Side::LeftAbove => at.x - width,
    };
    let y = match side {
        Side::Above | Side::RightAbove | Side::LeftAbove => at.y - height,
        Side::Below | Side::RightBelow | Side::LeftBelow => at.y,
    };
    Some(Bounds { x: x.round(), y: y.round(), width, height })
}
