//! A way through a process as people follow it: a line for each part that goes beside others.

use super::elements::Elements;
use super::net::Element;
use crate::Kind;

/// The lines of a way; each but the first begins where it leaves another.
pub(super) fn lines(elements: &Elements<'_>, way: &[Element]) -> Vec<Vec<Element>> {
    let mut lines: Vec<Vec<Element>> = Vec::new();
    for (index, element) in way.iter().enumerate() {
        let follows = |before: &Element| elements.follows(*before, *element);
        let before = |line: &Vec<Element>| line.last().is_some_and(follows);
        let last = index + 1 == way.len();
        if lines.iter().any(before) {
            let all = last || joins(elements, *element);
            let ending = lines.iter_mut().rev().filter(|line| before(line));
            for line in ending.take(if all { usize::MAX } else { 1 }) {
                line.push(*element);
            }
        } else if let Some(from) = way[..index].iter().rev().find(|one| follows(one)) {
            lines.push(vec![*from, *element]);
        } else if let Some(line) = lines.last_mut() {
            line.push(*element);
        } else {
            lines.push(vec![*element]);
        }
    }
    lines
}

fn joins(elements: &Elements<'_>, element: Element) -> bool {
    let is_join = |node| {
        matches!(
            elements.kind(node),
            Kind::ParallelGateway | Kind::InclusiveGateway | Kind::ComplexGateway(_)
        )
    };
    elements.is_node(element) && is_join(element)
}

/// A line in words: nodes by their ids, flows by their names or conditions.
pub(super) fn line(elements: &Elements<'_>, line: &[Element]) -> String {
    let words = line.iter().enumerate().filter_map(|(index, element)| {
        if elements.is_node(*element) {
            return Some(elements.step(*element).element.clone());
        }
        let id = || elements.step(*element).element.clone();
        label(elements, *element).or_else(|| (index + 1 == line.len()).then(id))
    });
    words.collect::<Vec<String>>().join(" > ")
}

/// Where a flow comes from, and which of several ways it is.
pub(super) fn origin(elements: &Elements<'_>, flow: Element) -> String {
    let source = elements.source(flow);
    let id = &elements.step(source).element;
    match label(elements, flow).filter(|_| elements.outgoing(source).len() > 1) {
        Some(label) => format!("{id} ({label})"),
        None => id.clone(),
    }
}

/// What somebody wrote on a flow: its name, or when it is taken.
pub(super) fn label(elements: &Elements<'_>, flow: Element) -> Option<String> {
    let flow = elements.flow(flow)?;
    let plain = flow.condition.as_ref().map(|condition| {
        let source = condition.source();
        source.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')).unwrap_or(source)
    });
    // A flow without a name of its own may be called after its condition.
    let name = Some(&*flow.name).filter(|name| !name.is_empty() && plain != Some(name));
    let condition = || plain.map(|plain| format!("when {}", crate::excerpt(plain)));
    let otherwise = || flow.is_default.then(|| "otherwise".to_owned());
    name.map(crate::excerpt).or_else(condition).or_else(otherwise)
}
