//! Extents: how far an item reaches with its name, its boundary events and the names of its lines.

use super::graph::{EVENT, Form, Graph, Item};
use super::label::{self, Side, WIDEST};
use super::sides::{BESIDE, Exit, Toward, arc};

/// The room of a gateway where no name stands.
const CORNER: f64 = 12.0;
/// From a line that leads right to its name.
pub(super) const AHEAD: f64 = 14.0;

/// Measures an item: `reach` from its middle up and down, `overhang` beyond its left and right.
pub(super) fn measure(graph: &mut Graph<'_>, number: usize, exits: &[Exit]) {
    let item = &graph.items[number];
    let (mut up, mut down) = (item.height / 2.0, item.height / 2.0);
    let (mut left, mut right) = (0.0_f64, 0.0_f64);
    let outside = (item.form != Form::Task).then(|| label::size(item.name, WIDEST)).flatten();
    if item.form == Form::Gateway {
        (up, down) = (up + CORNER, down + CORNER);
    }
    if let Some((width, height)) = outside {
        let half = item.height / 2.0 + height + 6.0;
        match item.name_side() {
            Side::Below => down = down.max(half),
            _ => up = up.max(half),
        }
        let beside = match item.name_side() {
            Side::LeftAbove => (width - item.name_before + BESIDE, 0.0),
            _ => ((width - item.width) / 2.0, (width - item.width) / 2.0),
        };
        (left, right) = (left.max(beside.0), right.max(beside.1));
    }
    let half = item.height / 2.0 + EVENT / 2.0;
    for (index, port) in item.ports.iter().enumerate() {
        let name = label::size(port.name, WIDEST);
        let reach = half + name.map_or(0.0, |(_, height)| height + 6.0);
        if item.row < 0 {
            up = up.max(reach)
        } else {
            down = down.max(reach)
        }
        let width = name.map_or(0.0, |(width, _)| width + BESIDE);
        if item.port_is_left(index) {
            left = left.max(width - port.offset);
        } else {
            right = right.max(port.offset + width - item.width);
        }
    }
    for &link in &graph.leaving[number] {
        let exit = &exits[link];
        let Some((width, height)) = label::size(graph.links[link].name, WIDEST) else { continue };
        let Some((side, beyond)) = exit.name else { continue };
        if exit.toward == Toward::Right {
            right = right.max(exit.x + width + AHEAD - item.width);
            up = up.max(if side == Side::RightAbove { beyond + height - exit.y } else { 0.0 });
            down = down.max(if side == Side::RightBelow { beyond + height + exit.y } else { 0.0 });
            continue;
        }
        let reach = exit.y.abs() + beyond + height;
        if exit.toward == Toward::Up {
            up = up.max(reach)
        } else {
            down = down.max(reach)
        }
        if matches!(side, Side::LeftBelow | Side::LeftAbove) {
            left = left.max(width + BESIDE - exit.x);
        } else {
            right = right.max(exit.x + width + BESIDE - item.width);
        }
    }
    let item = &mut graph.items[number];
    (item.reach, item.overhang) = ((up, down), (left, right));
}

impl Item<'_> {
    /// Where its name stands, if it stands outside.
    pub(super) fn name_side(&self) -> Side {
        if self.form == Form::Gateway { self.name_side } else { Side::Below }
    }

    /// On which side of its line the name of a boundary event stands.
    pub(super) fn port_is_left(&self, port: usize) -> bool {
        self.ports.len() == 2 && port == 0
    }

    /// From its vertical middle to its border, at a distance from its horizontal middle.
    pub(super) fn outline(&self, y: f64) -> f64 {
        match self.form {
            Form::Task => self.width / 2.0,
            Form::Gateway => self.width / 2.0 - y.abs(),
            Form::Event => arc(self.width / 2.0, y),
        }
    }

    /// From its middle to its border, at a distance from its left side.
    pub(super) fn outline_at(&self, x: f64) -> f64 {
        let aside = x - self.width / 2.0;
        match self.form {
            Form::Task => self.height / 2.0,
            Form::Gateway => self.height / 2.0 - aside.abs(),
            Form::Event => arc(self.height / 2.0, aside),
        }
    }
}
