//! What is laid out: the nodes of one scope as boxes, their flows as links, and their ranks.

use super::Line;
use super::label::Side;
use crate::process::Place;
use crate::{Kind, Process, TaskKind};
use std::collections::BTreeMap;

/// The outline of a box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Task,
    Gateway,
    Event,
}

/// A node that takes a place in the layout, with the boundary events on it.
#[derive(Debug)]
pub(super) struct Item<'a> {
    pub(super) place: Place,
    pub(super) name: &'a str,
    pub(super) form: Form,
    pub(super) width: f64,
    pub(super) height: f64,
    /// The boundary events, from left to right.
    pub(super) ports: Vec<Port<'a>>,
    /// The column.
    pub(super) rank: usize,
    /// The row; the main path is on row 0.
    pub(super) row: i32,
    /// Whether it has a rank and a row, or stands apart.
    pub(super) placed: bool,
    /// How far it reaches above and below its middle, with all that belongs to it.
    pub(super) reach: (f64, f64),
    /// How far what belongs to it reaches beyond its left and its right side.
    pub(super) overhang: (f64, f64),
    /// Where the name of a gateway stands.
    pub(super) name_side: Side,
    /// How far from its left side the first line leaves that such a name must not lie on.
    pub(super) name_before: f64,
}

/// A boundary event.
#[derive(Debug)]
pub(super) struct Port<'a> {
    pub(super) place: Place,
    pub(super) name: &'a str,
    /// The middle of the event, from the left side of its host.
    pub(super) offset: f64,
}

/// A flow or an association between two boxes.
#[derive(Debug)]
pub(super) struct Link<'a> {
    pub(super) id: &'a str,
    pub(super) name: &'a str,
    pub(super) from: usize,
    /// The boundary event of the source that it leaves.
    pub(super) port: Option<usize>,
    pub(super) to: usize,
    /// Whether it leads back to something that comes before its source.
    pub(super) back: bool,
}

/// One scope.
#[derive(Debug)]
pub(super) struct Graph<'a> {
    pub(super) items: Vec<Item<'a>>,
    pub(super) links: Vec<Link<'a>>,
    /// The links that leave each item: flows in the order of the text, then those of the boundary
    /// events from right to left.
    pub(super) leaving: Vec<Vec<usize>>,
}

pub(super) const EVENT: f64 = 36.0;
const GATEWAY: f64 = 50.0;
const TASK: (f64, f64) = (120.0, 90.0);
/// The distance between two boundary events of a crowded host, and of the outermost from its corners.
const PORT_STEP: f64 = 96.0;
const PORT_ASIDE: f64 = 34.0;

/// The outline of what is of a kind.
pub(super) fn form(kind: &Kind) -> Form {
    match kind {
        Kind::Activity(activity) if activity.task().is_some_and(TaskKind::is_event) => Form::Event,
        Kind::Activity(_) => Form::Task,
        Kind::StartEvent(_)
        | Kind::CatchEvent(_)
        | Kind::ThrowEvent(_)
        | Kind::EndEvent(_)
        | Kind::Boundary(_) => Form::Event,
        _ => Form::Gateway,
    }
}

impl<'a> Graph<'a> {
    /// The boxes and links of one scope. `inside` are its nodes, `sizes` those of sub-processes.
    pub(super) fn new(
        process: &'a Process,
        inside: &[Place],
        lines: &[&'a Line],
        sizes: &BTreeMap<Place, (f64, f64)>,
    ) -> Graph<'a> {
        let mut items: Vec<Item<'a>> = Vec::new();
        let mut found: BTreeMap<Place, (usize, Option<usize>)> = BTreeMap::new();
        for &place in inside {
            let node = process.node(place);
            if matches!(node.kind, Kind::Boundary(_)) {
                continue;
            }
            let form = form(&node.kind);
            let (width, height) = match form {
                Form::Task => sizes.get(&place).copied().unwrap_or(TASK),
                Form::Event => (EVENT, EVENT),
                Form::Gateway => (GATEWAY, GATEWAY),
            };
            found.insert(place, (items.len(), None));
            let name = node.name.as_str();
            items.push(Item {
                place,
                name,
                form,
                width,
                height,
                ports: Vec::new(),
                rank: 0,
                row: 0,
                placed: false,
                reach: (height / 2.0, height / 2.0),
                overhang: (0.0, 0.0),
                name_side: Side::Above,
                name_before: width / 2.0,
            });
        }
        for &place in inside {
            let node = process.node(place);
            let Kind::Boundary(boundary) = &node.kind else { continue };
            let Some(&(host, None)) = found.get(&boundary.host) else { continue };
            found.insert(place, (host, Some(items[host].ports.len())));
            items[host].ports.push(Port { place, name: &node.name, offset: 0.0 });
        }
        items.iter_mut().for_each(Item::spread_ports);
        let mut graph = Graph { leaving: vec![Vec::new(); items.len()], items, links: Vec::new() };
        for &place in inside {
            for (flow, target) in process.outgoing(place) {
                graph.link(&found, &flow.id, &flow.name, place, target);
            }
        }
        for line in lines {
            graph.link(&found, &line.id, "", line.from, line.to);
        }
        for leaving in &mut graph.leaving {
            let links = &graph.links;
            leaving.sort_by_key(|link| std::cmp::Reverse(links[*link].port));
            let ports = leaving.iter().filter(|link| links[**link].port.is_some()).count();
            leaving.rotate_left(ports);
        }
        graph
    }

    fn link(
        &mut self,
        found: &BTreeMap<Place, (usize, Option<usize>)>,
        id: &'a str,
        name: &'a str,
        from: Place,
        to: Place,
    ) {
        let (Some(&(from, port)), Some(&(to, _))) = (found.get(&from), found.get(&to)) else {
            return;
        };
        self.leaving[from].push(self.links.len());
        self.links.push(Link { id, name, from, port, to, back: false });
    }

    /// Whether nothing leads to an item.
    pub(super) fn is_root(&self, entered: &[usize], item: usize) -> bool {
        entered[item] == 0
    }

    /// How many links lead forward to each item.
    pub(super) fn entered(&self) -> Vec<usize> {
        let mut entered = vec![0; self.items.len()];
        for link in self.links.iter().filter(|link| !link.back) {
            entered[link.to] += 1;
        }
        entered
    }

    /// Marks the links that lead back, so that the others form no circle. Returns the items in an
    /// order in which every other link leads onward.
    pub(super) fn straighten(&mut self) -> Vec<usize> {
        #[derive(Clone, Copy, PartialEq)]
        enum Seen {
            Not,
            Open,
            Done,
        }
        let entered = self.entered();
        let roots = (0..self.items.len()).filter(|item| self.is_root(&entered, *item));
        let rest = 0..self.items.len();
        let order: Vec<usize> = roots.chain(rest).collect();
        let mut seen = vec![Seen::Not; self.items.len()];
        let mut finished = Vec::with_capacity(self.items.len());
        for root in order {
            if seen[root] != Seen::Not {
                continue;
            }
            seen[root] = Seen::Open;
            let mut open = vec![(root, 0)];
            while let Some((item, next)) = open.pop() {
                let Some(&link) = self.leaving[item].get(next) else {
                    seen[item] = Seen::Done;
                    finished.push(item);
                    continue;
                };
                open.push((item, next + 1));
                let to = self.links[link].to;
                match seen[to] {
                    Seen::Open => self.links[link].back = true,
                    Seen::Done => {}
                    Seen::Not => {
                        seen[to] = Seen::Open;
                        open.push((to, 0));
                    }
                }
            }
        }
        finished.reverse();
        finished
    }

    /// Gives each item the rank after the last of those that lead to it; what nothing leads to
    /// stands just before what it leads to, but for the start.
    pub(super) fn rank(&mut self, order: &[usize], start: Option<usize>) {
        let entered = self.entered();
        for &item in order {
            for &link in &self.leaving[item] {
                let Link { to, back, .. } = self.links[link];
                if !back {
                    self.items[to].rank = self.items[to].rank.max(self.items[item].rank + 1);
                }
            }
        }
        for &item in order {
            if self.is_root(&entered, item) && Some(item) != start {
                let onward = self.leaving[item].iter().filter(|link| !self.links[**link].back);
                let nearest = onward.map(|link| self.items[self.links[*link].to].rank).min();
                self.items[item].rank = nearest.map_or(0, |rank| rank.saturating_sub(1));
            }
        }
    }

    /// How many steps each item is away from the furthest end that it leads to without an event on
    /// a boundary, and that end.
    pub(super) fn tails(&self, order: &[usize]) -> Vec<(usize, usize)> {
        let mut tails: Vec<(usize, usize)> = (0..self.items.len()).map(|item| (0, item)).collect();
        for &item in order.iter().rev() {
            let links = self.leaving[item].iter().map(|link| &self.links[*link]);
            for link in links.filter(|link| !link.back && link.port.is_none()) {
                let (steps, end) = tails[link.to];
                if steps + 1 > tails[item].0 {
                    tails[item] = (steps + 1, end);
                }
            }
        }
        tails
    }
}

impl Item<'_> {
    /// Puts the boundary events into an order, given as their numbers from the left.
    pub(super) fn order_ports(&mut self, order: &[usize]) {
        let offsets: Vec<f64> = self.ports.iter().map(|port| port.offset).collect();
        let mut ports: Vec<Option<Port<'_>>> = self.ports.drain(..).map(Some).collect();
        let ports = order.iter().filter_map(|number| ports.get_mut(*number)?.take());
        self.ports = ports.zip(offsets).map(|(port, offset)| Port { offset, ..port }).collect();
    }

    /// Spreads the boundary events over the border; a crowded item grows.
    fn spread_ports(&mut self) {
        match &mut self.ports[..] {
            [] => {}
            [only] => only.offset = self.width - PORT_ASIDE,
            [one, two] => {
                one.offset = PORT_ASIDE.min(self.width / 2.0 - 20.0);
                two.offset = self.width - one.offset;
            }
            many => {
                let gaps = (many.len() - 1) as f64;
                let named = many.iter().any(|port| !port.name.is_empty());
                let step = if named { PORT_STEP } else { EVENT + 10.0 };
                self.width = self.width.max(2.0 * PORT_ASIDE + gaps * step);
                let step = (self.width - 2.0 * PORT_ASIDE) / gaps;
                for (index, port) in many.iter_mut().enumerate() {
                    port.offset = (PORT_ASIDE + index as f64 * step).round();
                }
            }
        }
    }
}
