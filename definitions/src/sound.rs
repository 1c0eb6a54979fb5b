//! The proof: whether a definition is sound, that is, whether it always can come to a good end.
//!
//! It is a token game over an abstract net, one for each scope, with the semantics of BPMN 2.0.2
//! §13. Soundness is relative to data as free choices: a condition may hold or not each time it is
//! asked, an event may happen or not, and an activity ends in one of the ways that are drawn. So a
//! definition without a finding comes to an end whatever the data are, and a finding may be one
//! that the data of real instances never lead to. An activity is one move with one outcome, each
//! non-interrupting boundary event happens at most once, and a repeated activity is one activity;
//! a sub-process is proved by itself and is an activity in the scope around it.
//!
//! A complex gateway is taken to wait for all that may still come, and then to go on if its
//! activation condition may hold for as many paths. What it sends out at its reset goes beside what
//! it sent out at its activation: for paths that come late, where fewer than all may activate it, or
//! alone, where conditions ask for `waitingForStart`. Whether some came late is a free choice. That
//! who goes on before all have come leads back to where others are still on their way is found too;
//! one that leads back to itself before its reset is not proved. Not covered is what else may come of both being on their way at once: that who is late ends all,
//! or that they meet elsewhere than before the gateway. Where others can only come because one went
//! on, a deadlock is told that is none.

mod choices;
mod complex;
mod crowd;
mod elements;
mod known;
mod limits;
mod net;
mod reduce;
mod search;
mod stuck;
mod thrown;
mod told;
mod translate;
mod uncaught;
mod undone;
mod upstream;
mod verdict;
mod waits;

use crate::{Catalog, Process};
use elements::Elements;
use net::Element;
use serde::Serialize;
use std::collections::BTreeSet;
use std::fmt;
use thrown::Throws;
use translate::{Known, beginnings};
use verdict::{Doubt, Verdict, verdict};

/// What may be spent on one process, in carried paths.
const BUDGET: usize = 3_000_000;
/// The most findings that are reported of one process.
const MOST: usize = 200;

/// Something that a well-formed definition may do and should not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Stable name of the rule: `deadlock`, `lack-of-synchronisation`, `dead-element`,
    /// `endless-path`, `no-way-out`, `waits-for-ever`, `uncaught-error`, or `not-proved` where
    /// there are too many ways to follow.
    pub rule: &'static str,
    /// Id of the node or flow where it shows, or of the process.
    pub element: Option<String>,
    /// Line of the text, counted from 1, where it is known.
    pub line: Option<u32>,
    /// A sentence that says what may happen and what to do about it.
    pub message: String,
    /// The shortest path that shows it: the nodes that are passed, and the flows where a node has
    /// several.
    pub path: Vec<Step>,
    /// The path for people: a line for each part of it that goes beside others, without ids that
    /// nobody wrote, and of a deadlock where it stands then.
    pub lines: Vec<String>,
}

/// A node or a flow on a path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// Its id.
    pub element: String,
    /// The line of the text where it begins, counted from 1; 0 where it is not written.
    pub line: u32,
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(out, "line {line}: ")?;
        }
        if let Some(element) = &self.element {
            write!(out, "{element}: ")?;
        }
        write!(out, "{} [{}]", self.message, self.rule)
    }
}

/// What a proof took and what came out of it.
#[derive(Clone, Debug)]
pub struct Proof {
    /// Everything that was found, in the order of the text; a definition without a finding is
    /// sound.
    pub findings: Vec<Finding>,
    /// How many markings were visited, in all scopes together.
    pub markings: usize,
}

/// Proves that a definition is sound, or says how it is not.
pub fn prove(process: &Process, catalog: &Catalog) -> Proof {
    let elements = Elements::of(process);
    let throws = Throws::of(&elements, catalog);
    let is_scope = |node: &Element| {
        elements.kind(*node).activity().is_some_and(|activity| activity.sub_process().is_some())
    };
    let mut completes = vec![true; elements.places.len()];
    let (mut budget, mut markings) = (BUDGET, 0);
    let mut verdicts: Vec<(Option<Element>, Verdict)> = Vec::new();
    // What is in a sub-process comes after it: the inner ones are proved first.
    let inner = elements.nodes().rev().filter(is_scope).map(Some);
    for scope in inner.chain([None]) {
        let known = Known { elements: &elements, throws: &throws, completes: &completes };
        let verdict = verdict(&known, scope, &mut budget);
        if let Some(scope) = scope {
            completes[scope as usize] = verdict.completes;
        }
        markings += verdict.markings;
        verdicts.push((scope, verdict));
    }
    verdicts.reverse();
    let mut report = Report::new(&elements);
    for (scope, verdict) in verdicts {
        report.scope(scope, verdict, catalog);
    }
    Proof { findings: report.finish(), markings }
}

/// Puts the findings of all scopes together, the outer ones first.
struct Report<'r, 'p> {
    elements: &'r Elements<'p>,
    never_null: BTreeSet<&'p str>,
    reached: Vec<bool>,
    findings: Vec<Finding>,
}

impl<'r, 'p> Report<'r, 'p> {
    fn new(elements: &'r Elements<'p>) -> Report<'r, 'p> {
        let never_null = known::never_null(elements.process);
        let (reached, findings) = (vec![false; elements.count()], Vec::new());
        Report { elements, never_null, reached, findings }
    }

    fn scope(&mut self, scope: Option<Element>, verdict: Verdict, catalog: &Catalog) {
        // In what is never reached nothing else is told.
        if scope.is_some_and(|scope| !self.reached[scope as usize]) {
            return;
        }
        for element in &verdict.reached {
            self.reached[*element as usize] = true;
        }
        let stuck: BTreeSet<Element> = verdict.doubts.iter().map(|doubt| doubt.element).collect();
        let own: Vec<Element> =
            self.elements.nodes().filter(|node| self.elements.parent(*node) == scope).collect();
        for doubt in verdict.doubts {
            self.add(scope, doubt);
        }
        if let Some(reason) = verdict.unproved {
            self.not_proved(scope, reason);
        }
        if verdict.complete {
            self.dead(scope, &own, &stuck);
        } else {
            // What was not followed may be reached.
            own.iter().for_each(|node| self.reached[*node as usize] = true);
        }
        for node in own {
            let codes = match self.reached[node as usize] {
                true => uncaught::errors(self.elements, catalog, node),
                false => continue,
            };
            if let Some(message) = choices::without_way_out(self.elements, &self.never_null, node) {
                let (message, way) = (message.to_owned(), self.way(scope, node));
                self.add(scope, Doubt::new("no-way-out", node, message, way));
            }
            if !codes.is_empty() {
                let (message, way) = (uncaught::remedy(&codes), self.way(scope, node));
                self.add(scope, Doubt::new("uncaught-error", node, message, way));
            }
            if let Some(undoing) = undone::never(self.elements, node) {
                let message = "nothing ever asks for this: no compensation is thrown that would \
                               undo what it undoes, and no transaction around it is cancelled; \
                               throw one, or take it away"
                    .to_owned();
                let way = self.way(scope, undoing);
                self.add(scope, Doubt::new("dead-element", undoing, message, way));
            }
            if waits::for_ever(self.elements, catalog, node) {
                let message = waits::remedy(self.elements, node).to_owned();
                let way = self.way(scope, node);
                self.add(scope, Doubt::new("waits-for-ever", node, message, way));
            }
        }
    }

    /// Nodes and flows that no path comes to, though one comes to what is before them.
    fn dead(&mut self, scope: Option<Element>, own: &[Element], stuck: &BTreeSet<Element>) {
        let elements = self.elements;
        for node in own.iter().copied() {
            if !self.reached[node as usize] && !stuck.contains(&node) {
                let host = match elements.kind(node) {
                    crate::Kind::Boundary(boundary) => Some(elements.number(boundary.host)),
                    _ => None,
                };
                let flows = elements.incoming(node).iter();
                let mut before = flows.map(|flow| elements.source(*flow)).chain(host);
                let after = before.clone().find(|node| self.reached[*node as usize]);
                if before.next().is_some() && after.is_none() {
                    continue;
                }
                let mut way = after.map_or(Vec::new(), |after| self.way(scope, after));
                way.push(node);
                let message = match (elements.kind(node), elements.kind(node).activity()) {
                    (crate::Kind::Boundary(_), _) => {
                        "nothing inside the sub-process throws what this event catches; take the \
                         event away"
                    }
                    (_, Some(activity)) if activity.is_event_sub_process() => {
                        "nothing around it throws what its start event catches; take it away"
                    }
                    _ => {
                        "no path ever comes here, whatever the data are; connect it or take it \
                          away"
                    }
                };
                let message = message.to_owned();
                self.add(scope, Doubt::new("dead-element", node, message, way));
            }
            for flow in elements.outgoing(node) {
                let target = elements.target(flow);
                let ends = [node, target].map(|node| self.reached[node as usize]);
                if self.reached[flow as usize] || ends != [true, true] {
                    continue;
                }
                let mut way = self.way(scope, node);
                way.push(flow);
                let message = "this flow is never taken, whatever the data are; take it away or \
                               give it a condition"
                    .to_owned();
                self.add(scope, Doubt::new("dead-element", flow, message, way));
            }
        }
    }

    fn way(&self, scope: Option<Element>, node: Element) -> Vec<Element> {
        let from: Vec<Element> = beginnings(self.elements, scope).into_iter().flatten().collect();
        self.elements.way(&from, node)
    }

    /// The way to a scope, through all scopes around it.
    fn way_in(&self, scope: Option<Element>) -> Vec<Element> {
        let mut ways = Vec::new();
        let mut inner = scope;
        while let Some(node) = inner {
            inner = self.elements.parent(node);
            ways.push(self.way(inner, node));
        }
        ways.into_iter().rev().flatten().collect()
    }

    fn add(&mut self, scope: Option<Element>, doubt: Doubt) {
        if self.findings.len() >= MOST {
            return;
        }
        let mut way = self.way_in(scope);
        way.extend(doubt.way);
        let step = self.elements.step(doubt.element);
        let lines = told::lines(self.elements, &way);
        let lines = lines.iter().map(|line| told::line(self.elements, line));
        let stands = doubt.waits_for.map(|from| format!("{} waits for {from}", step.element));
        let lines = lines.chain(stands).collect();
        self.findings.push(Finding {
            rule: doubt.rule,
            element: Some(step.element.clone()),
            line: (step.line > 0).then_some(step.line),
            message: doubt.message,
            path: self.elements.path(&way),
            lines,
        });
    }

    fn not_proved(&mut self, scope: Option<Element>, reason: &str) {
        let message = format!("it could not be proved: {reason}");
        match scope {
            Some(element) => {
                let (rule, way) = ("not-proved", Vec::new());
                self.add(scope, Doubt::new(rule, element, message, way));
            }
            None => self.findings.push(Finding {
                rule: "not-proved",
                element: Some(self.elements.process.id().to_owned()),
                line: None,
                message,
                path: Vec::new(),
                lines: Vec::new(),
            }),
        }
    }

    /// The findings in the order of the text.
    fn finish(mut self) -> Vec<Finding> {
        self.findings.sort_by_key(|finding| finding.line.unwrap_or(0));
        self.findings
    }
}
