//! Sub-processes: embedded, event, transaction and ad-hoc (BPMN 2.0.2 §10.3.5).

use super::calls::ACTIVITY;
use super::element::Element;
use super::extensions::PARAMETERS;
use super::reader::Reader;
use crate::draft::{DraftActivity, DraftWork};
use crate::{AdHoc, Container, SubProcess, SubProcessKind, Work};

/// The list of what an ad-hoc sub-process begins with.
const ACTIVE: &str = "activeElementsCollection";

impl<'x> Reader<'x, '_> {
    /// Reads what a sub-process says of itself; what it holds follows it.
    pub(super) fn sub_process(&mut self, element: &'x Element) -> DraftActivity {
        let own: &[&str] = match element.name.as_str() {
            "transaction" => &["triggeredByEvent", "method"],
            "adHocSubProcess" => &["triggeredByEvent", "ordering", "cancelRemainingInstances"],
            _ => &["triggeredByEvent"],
        };
        let plain: Vec<&str> = ACTIVITY.iter().chain(own).copied().collect();
        // Camunda 7 has no such sub-process; the attribute is called as in Camunda 8.
        let active: &[&str] = match element.is("adHocSubProcess") {
            true => &[ACTIVE],
            false => &[],
        };
        element.allow(&plain, active, self.flaws);
        element.no_text(self.flaws);
        let found = self.extensions(element, &[PARAMETERS, "zeebe:adHoc"]);
        let event = element.truth("triggeredByEvent", false, self.flaws);
        let kind = match element.name.as_str() {
            "transaction" => {
                element.only("triggeredByEvent", "false", self.flaws);
                element.only("method", "##Compensate", self.flaws);
                SubProcessKind::Transaction
            }
            "adHocSubProcess" => {
                element.only("triggeredByEvent", "false", self.flaws);
                SubProcessKind::AdHoc(self.ad_hoc(element))
            }
            _ if event => SubProcessKind::Event,
            _ => SubProcessKind::Embedded,
        };
        let conditions = element.all("completionCondition");
        let most = usize::from(element.is("adHocSubProcess"));
        conditions.skip(most).for_each(|condition| condition.refuse(element, self.flaws));
        let mut kind = kind;
        if let Some(zeebe) = found.one("zeebe:adHoc", self.flaws) {
            zeebe.allow(&["activeElementsCollection"], &[], self.flaws);
            zeebe.nothing_inside(self.flaws);
            let active = zeebe.given(ACTIVE);
            match &mut kind {
                SubProcessKind::AdHoc(ad_hoc) => {
                    ad_hoc.active = active.and_then(|text| self.template(zeebe, ACTIVE, text));
                }
                _ => zeebe.refuse(element, self.flaws),
            }
        }
        let contents = Container { variables: self.variables(element), ..Container::default() };
        let work = DraftWork::Other(Work::SubProcess(SubProcess { kind, contents }));
        DraftActivity { inputs: found.inputs, outputs: found.outputs, ..DraftActivity::of(work) }
    }

    fn ad_hoc(&mut self, element: &'x Element) -> AdHoc {
        let ordering = element.plain("ordering").map(str::trim);
        if !matches!(ordering, None | Some("Parallel" | "Sequential")) {
            element.only("ordering", "Parallel or Sequential", self.flaws);
        }
        let condition = element.all("completionCondition").next();
        let active = element.given_camunda(ACTIVE);
        AdHoc {
            sequential: ordering == Some("Sequential"),
            completion: condition.and_then(|condition| self.formal_condition(condition)),
            cancel_remaining: element.truth("cancelRemainingInstances", true, self.flaws),
            active: active.and_then(|text| self.template(element, ACTIVE, text)),
        }
    }
}
