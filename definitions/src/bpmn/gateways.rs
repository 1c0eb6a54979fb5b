//! Gateways (BPMN 2.0.2 §10.6).

use super::element::Element;
use super::extensions;
use super::reader::Reader;
use crate::draft::DraftKind;
use crate::{ComplexGateway, EventGateway};
use std::collections::BTreeMap;

impl<'x> Reader<'x, '_> {
    /// Reads a gateway of any kind.
    pub(super) fn gateway(&mut self, element: &'x Element) -> DraftKind {
        let plain: &[&str] = match element.name.as_str() {
            "eventBasedGateway" => {
                &["id", "name", "gatewayDirection", "instantiate", "eventGatewayType"]
            }
            // A default is refused by the check, which says why.
            _ => &["id", "name", "gatewayDirection", "default"],
        };
        element.allow(plain, &[], self.flaws);
        extensions::none(element, self.flaws);
        if element.plain("gatewayDirection").is_some() {
            self.directed.push(element);
        }
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

    /// A gateway leads as its `gatewayDirection` says: one that converges has one flow out of it, and
    /// one that diverges has one into it.
    pub(super) fn compare_directions(&mut self) {
        let directed = std::mem::take(&mut self.directed);
        let mut ends: BTreeMap<&str, (usize, usize)> =
            directed.iter().map(|gateway| (gateway.id(), (0, 0))).collect();
        for flow in &self.draft.flows {
            if let Some((_, leaving)) = ends.get_mut(flow.source.as_str()) {
                *leaving += 1;
            }
            if let Some((entering, _)) = ends.get_mut(flow.target.as_str()) {
                *entering += 1;
            }
        }
        for gateway in directed {
            let direction = gateway.plain("gatewayDirection").map(str::trim).unwrap_or_default();
            let (entering, leaving) = ends.get(gateway.id()).copied().unwrap_or_default();
            let (flows, way) = match direction {
                "Converging" if leaving > 1 => (leaving, "out of"),
                "Diverging" if entering > 1 => (entering, "into"),
                "Unspecified" | "Converging" | "Diverging" | "Mixed" => continue,
                _ => {
                    let known = "Unspecified, Converging, Diverging or Mixed";
                    gateway.only("gatewayDirection", known, self.flaws);
                    continue;
                }
            };
            let message = format!(
                "the gatewayDirection is {direction}, but {flows} flows lead {way} the gateway; \
                 leave one, or make it Mixed"
            );
            gateway.tell(self.flaws, "gateway-direction", message);
        }
    }
}
