//! Rows: the main path on one line, every branch on a line of its own as near as there is room.

use super::cells::{Cells, NODES, Owner};
use super::graph::{Form, Graph, Item, Link};

/// Which way a link takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// Along the row of both its ends.
    Straight,
    /// From its source to a row, and along that to its target.
    Along(i32),
    /// To the next rank, up or down between the two.
    Step,
}

/// The rows of a scope.
#[derive(Debug)]
pub(super) struct Rows {
    pub(super) cells: Cells,
    /// The way of each link.
    pub(super) ways: Vec<Way>,
}

impl Rows {
    /// The row along which a link runs.
    pub(super) fn along(&self, graph: &Graph<'_>, number: usize) -> i32 {
        let link = &graph.links[number];
        match self.ways[number] {
            Way::Straight => graph.items[link.from].row,
            Way::Along(row) => row,
            Way::Step => graph.items[link.to].row,
        }
    }

    /// Orders the boundary events so that their lines do not cross: those that lead left are on the
    /// left, the nearest row outermost; of those that lead right the nearest row is on the right.
    fn order_ports(&self, graph: &mut Graph<'_>) {
        for number in 0..graph.items.len() {
            let item = &graph.items[number];
            let key = |port: &usize| {
                let links = graph.leaving[number].iter().copied();
                let links = links.filter(|link| graph.links[*link].port == Some(*port));
                let left = |link: usize| graph.items[graph.links[link].to].rank <= item.rank;
                let far = |link| i64::from(self.along(graph, link).abs_diff(item.row));
                let far_left = links.clone().filter(|link| left(*link)).map(far).max();
                let far_right = links.map(far).max().unwrap_or(0);
                far_left.map_or((true, -far_right), |far| (false, far))
            };
            let mut order: Vec<usize> = (0..item.ports.len()).collect();
            order.sort_by_cached_key(key);
            graph.items[number].order_ports(&order);
            for link in &graph.leaving[number] {
                let port = &mut graph.links[*link].port;
                *port = port.and_then(|port| order.iter().position(|old| *old == port));
            }
        }
    }
}

struct Placing<'g, 'a> {
    graph: &'g mut Graph<'a>,
    tails: Vec<(usize, usize)>,
    cells: Cells,
    ways: Vec<Option<Way>>,
}

/// Gives each connected item a row and each link a way. `first` begins the main path.
pub(super) fn assign(graph: &mut Graph<'_>, order: &[usize], first: Option<usize>) -> Rows {
    let entered = graph.entered();
    let roots = order.iter().copied().filter(|item| graph.is_root(&entered, *item));
    let mut beginnings: Vec<usize> = first.into_iter().chain(roots).collect();
    beginnings.extend(order);
    let connected: Vec<bool> = {
        let mut connected = vec![false; graph.items.len()];
        for link in &graph.links {
            connected[link.from] = true;
            connected[link.to] = true;
        }
        connected
    };
    let tails = graph.tails(order);
    let ways = vec![None; graph.links.len()];
    let mut placing = Placing { graph, tails, cells: Cells::default(), ways };
    for item in beginnings {
        if (connected[item] || first == Some(item)) && !placing.graph.items[item].placed {
            placing.grow(item);
        }
    }
    placing.lines();
    let ways = placing.ways.into_iter().map(|way| way.unwrap_or(Way::Step)).collect();
    let rows = Rows { cells: placing.cells, ways };
    rows.order_ports(graph);
    rows
}

impl Placing<'_, '_> {
    /// Places the path that begins at an item and then all that branches off, from the right to
    /// the left, so that what branches off early runs around what branches off late.
    fn grow(&mut self, root: usize) {
        let path = self.path(root);
        let (from, to) = self.span(&path);
        let row = self.cells.nearest(0, NODES, from, to, Owner::Path);
        let mut open = self.put(&path, row, from, to);
        while let Some(item) = open.pop() {
            let items = &self.graph.items;
            let mut links =
                self.graph.leaving[item].iter().map(|link| (*link, &self.graph.links[*link]));
            let branch = links.find(|(_, link)| !link.back && !items[link.to].placed);
            let Some((link, _)) = branch else { continue };
            open.push(item);
            open.extend(self.branch(item, link));
        }
    }

    /// Places the path that a link leads to; returns its items.
    fn branch(&mut self, from: usize, link: usize) -> Vec<usize> {
        let path = self.path(self.graph.links[link].to);
        let (_, to) = self.span(&path);
        let source = &self.graph.items[from];
        let (rank, row) = (source.rank, source.row);
        let step = self.direction(from) * NODES;
        let row = self.cells.nearest(row + step, step, rank, to, Owner::Path);
        self.ways[link] = Some(Way::Along(row));
        // Other lines to the same item may join the one that leads to it.
        let first = self.graph.items[path[0]].rank;
        let onward = Owner::Lines { to: path[0], back: false };
        self.cells.take(row, rank, first.max(rank), onward);
        self.put(&path, row, first, to)
    }

    /// Whether a branch goes up (-1) or down (1): away from the main path, and from the main path
    /// itself down, but from a gateway with many to the side that fewer of its lines take.
    fn direction(&self, from: usize) -> i32 {
        let source = &self.graph.items[from];
        if source.row != 0 {
            return source.row.signum();
        }
        if source.form != Form::Gateway || self.graph.leaving[from].len() < 3 {
            return 1;
        }
        let side = |link: &usize| match self.ways[*link] {
            Some(Way::Along(row)) => row.signum(),
            Some(Way::Straight | Way::Step) => 0,
            None => {
                let Link { to, back, .. } = self.graph.links[*link];
                if back { 0 } else { self.graph.items[to].row.signum() }
            }
        };
        if self.graph.leaving[from].iter().map(side).sum::<i32>() > 0 { -1 } else { 1 }
    }

    /// The items from one on that continue a path, each by the link that leads furthest, or by the
    /// first that leads to the same end but for a detour of one step.
    fn path(&mut self, root: usize) -> Vec<usize> {
        let mut path = vec![root];
        let mut last = root;
        loop {
            let onward = self.graph.leaving[last].iter().copied().filter(|link| {
                let link = &self.graph.links[*link];
                !link.back && link.port.is_none() && !self.graph.items[link.to].placed
            });
            let tail = |link: usize| self.tails[self.graph.links[link].to];
            let furthest = onward.clone().rev().map(tail).max_by_key(|(steps, _)| *steps);
            let Some((most, end)) = furthest else { return path };
            let leads = |link: &usize| tail(*link).1 == end && tail(*link).0 + 1 >= most;
            let mut leading = onward.filter(leads);
            let Some(link) = leading.next() else { return path };
            self.ways[link] = Some(Way::Straight);
            last = self.graph.links[link].to;
            path.push(last);
        }
    }

    /// The ranks of a path, up to where its end meets another.
    fn span(&self, path: &[usize]) -> (usize, usize) {
        let rank = |item: usize| self.graph.items[item].rank;
        let (Some(&first), Some(&last)) = (path.first(), path.last()) else { return (0, 0) };
        let links = self.graph.leaving[last].iter().map(|link| &self.graph.links[*link]);
        let onward: Vec<usize> = links
            .filter(|link| !link.back && link.port.is_none() && self.graph.items[link.to].placed)
            .map(|link| rank(link.to))
            .collect();
        let meets = match onward[..] {
            [meets] => meets.saturating_sub(1),
            _ => 0,
        };
        (rank(first), rank(last).max(meets))
    }

    fn put(&mut self, path: &[usize], row: i32, from: usize, to: usize) -> Vec<usize> {
        self.cells.take(row, from, to, Owner::Path);
        for &item in path {
            let rank = self.graph.items[item].rank;
            self.graph.items[item].row = row;
            self.graph.items[item].placed = true;
            self.cells.put_node(rank, row, item);
        }
        // Where the end of the path goes on alone, its cells were taken along.
        if let Some(&last) = path.last() {
            for link in self.graph.leaving[last].clone() {
                let to_item = &self.graph.items[self.graph.links[link].to];
                let onward = !self.graph.links[link].back
                    && self.graph.links[link].port.is_none()
                    && self.ways[link].is_none()
                    && !self.runs_along(last, row)
                    && to_item.placed;
                let rank = self.graph.items[last].rank;
                if onward && to_item.rank > rank + 1 && to_item.rank == to + 1 {
                    let way = if to_item.row == row { Way::Straight } else { Way::Along(row) };
                    self.ways[link] = Some(way);
                    let target = self.graph.links[link].to;
                    if way == Way::Straight {
                        let owner = Owner::Lines { to: target, back: false };
                        self.cells.take(row, to, to + 1, owner);
                    }
                    self.take_turn(target, row);
                }
            }
        }
        path.to_vec()
    }

    /// Takes the cell above or below a gateway, so that a line may turn into it there.
    fn take_turn(&mut self, target: usize, row: i32) {
        let Item { form, rank, row: own, .. } = self.graph.items[target];
        let owner = Owner::Lines { to: target, back: false };
        let free = self.cells.is_free(row, rank, rank, owner) && !self.cells.has_node(rank, row);
        if form == Form::Gateway && row != own && free {
            self.cells.take(row, rank.saturating_sub(1), rank, owner);
        }
    }

    /// Finds a way for the links that have none, the shortest first.
    fn lines(&mut self) {
        let mut open: Vec<usize> =
            (0..self.ways.len()).filter(|link| self.ways[*link].is_none()).collect();
        let rank = |item: usize| self.graph.items[item].rank;
        open.sort_by_key(|link| {
            let link = &self.graph.links[*link];
            rank(link.from).abs_diff(rank(link.to))
        });
        for link in open {
            let way = self.line(link);
            self.ways[link] = Some(way);
        }
    }

    /// Whether a line leaves an item along a row already.
    fn runs_along(&self, item: usize, row: i32) -> bool {
        let own = self.graph.items[item].row;
        self.graph.leaving[item].iter().any(|link| match self.ways[*link] {
            Some(Way::Straight) => own == row,
            Some(Way::Along(along)) => along == row,
            _ => false,
        })
    }

    /// The side on which fewer lines leave an item of the main path: up (-1) or down (1).
    fn quieter(&self, item: usize) -> i32 {
        let own = self.graph.items[item].row;
        let ways = self.graph.leaving[item].iter().filter_map(|link| self.ways[*link]);
        let sides = ways.filter_map(|way| match way {
            Way::Along(row) => Some((row - own).signum()),
            Way::Straight | Way::Step => None,
        });
        if sides.sum::<i32>() > 0 { -1 } else { 1 }
    }

    fn line(&mut self, number: usize) -> Way {
        let link = &self.graph.links[number];
        let (source, target) = (&self.graph.items[link.from], &self.graph.items[link.to]);
        let owner = Owner::Lines { to: link.to, back: link.back };
        let port = link.port.is_some();
        let outward = if source.row < 0 { -1 } else { 1 };
        if link.back || target.rank <= source.rank {
            let (from, to) = (target.rank.saturating_sub(1), source.rank);
            let up = self.cells.nearest(source.row.min(target.row) - 1, -1, from, to, owner);
            let down = self.cells.nearest(source.row.max(target.row) + 1, 1, from, to, owner);
            let far = |row: i32| (row - source.row).abs() + (row - target.row).abs();
            let goes_up = if port { outward < 0 } else { far(up) <= far(down) };
            let row = if goes_up { up } else { down };
            self.cells.take(row, from, to, owner);
            return Way::Along(row);
        }
        let (from, to) = (source.rank, target.rank - 1);
        let straight = to < from + 1 || self.cells.is_free(source.row, from + 1, to, Owner::Path);
        let straight = straight && !self.runs_along(link.from, source.row);
        if !port && source.row == target.row && straight {
            self.cells.take(source.row, from, target.rank, owner);
            return Way::Straight;
        }
        let away = target.row - source.row;
        let ahead = source.row != target.row && (!port || away.signum() == outward);
        if ahead && self.cells.is_free(target.row, from, to, owner) {
            let row = target.row;
            self.cells.take(row, from, target.rank, owner);
            return Way::Along(row);
        }
        let beside = source.row != target.row;
        if !port && to == from && beside {
            let (rank, row, to) = (target.rank, source.row, link.to);
            let joins = target.form == Form::Gateway
                && self.cells.is_free(row, rank, rank, owner)
                && self.cells.is_clear(rank, row, target.row);
            if joins {
                self.take_turn(to, row);
                return Way::Along(row);
            }
            return Way::Step;
        }
        if !port && source.row != target.row && self.cells.is_free(source.row, from + 1, to, owner)
        {
            let (row, target) = (source.row, link.to);
            self.cells.take(row, from, to, owner);
            self.take_turn(target, row);
            return Way::Along(row);
        }
        let target = link.to;
        let direction = if port || source.row != 0 { outward } else { self.quieter(link.from) };
        let row = self.cells.nearest(source.row + direction, direction, from, to, owner);
        self.cells.take(row, from, to, owner);
        self.take_turn(target, row);
        Way::Along(row)
    }
}
