//! How much room names take.

use super::{Bounds, Point};

/// The height of a line of a label.
const LINE: f64 = 14.0;
/// The usual width of a character of a label.
const CHARACTER: f64 = 6.5;
/// The width at which a label is broken.
pub(super) const WIDEST: f64 = 90.0;
/// The most lines for which room is made.
const MOST_LINES: usize = 4;

/// The width and height of a name, broken into lines; nothing for no name.
pub(super) fn size(name: &str, widest: f64) -> Option<(f64, f64)> {
    let (mut lines, mut line, mut longest) = (0_usize, 0.0_f64, 0.0_f64);
    for word in name.split_whitespace() {
        let width = word.chars().take(200).count() as f64 * CHARACTER;
        if lines == 0 || line + CHARACTER + width > widest {
            lines += 1;
            line = width;
        } else {
            line += CHARACTER + width;
        }
        longest = longest.max(line);
    }
    let lines = lines.min(MOST_LINES) as f64;
    (lines > 0.0).then_some((longest.min(widest).max(20.0).ceil(), lines * LINE))
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
