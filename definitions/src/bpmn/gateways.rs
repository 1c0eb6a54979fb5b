//! Gateways (BPMN 2.0.2 §10.6).

use super::element::Element;
use super::extensions;
use super::reader::Reader;
use crate::draft::DraftKind;
use crate::{ComplexGateway, EventGateway};

impl Reader<'_, '_> {
    /// Reads a gateway of any kind.
    pub(super) fn gateway(&mut self, element: &Element) -> DraftKind {
        let plain: &[&str] = match element.name.as_str() {
            "eventBasedGateway" => {
                &["id", "name", "gatewayDirection", "instantiate", "eventGatewayType"]
            }
            // A default is refused by the check, which says why.
            _ => &["id", "name", "gatewayDirection", "default"],
        };
        element.allow(plain, &[], self.flaws);
        extensions::none(element, self.flaws);
        match element.name.as_str() {
            "exclusiveGateway" => DraftKind::Exclusive,
            "inclusiveGateway" => DraftKind::Inclusive,
            "parallelGateway" => DraftKind::Parallel,
            "complexGateway" => {
                let mut conditions = element.all("activationCondition");
                let condition = conditions.next();
                conditions.for_each(|further| further.refuse(element, self.flaws));
                let activation = condition.and_then(|condition| self.formal_condition(condition));
                DraftKind::Complex(ComplexGateway { activation })
            }
            _ => {
                let kind = element.plain("eventGatewayType").map(str::trim);
                if !matches!(kind, None | Some("Exclusive" | "Parallel")) {
                    element.only("eventGatewayType", "Exclusive or Parallel", self.flaws);
                }
                DraftKind::EventBased(EventGateway {
                    instantiate: element.truth("instantiate", false, self.flaws),
                    parallel: kind == Some("Parallel"),
                })
            }
        }
    }
}
