//! Pools: each of one file is a process of its own, and message flows between them deliver.

use super::*;

pub(super) const POOLS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="Definitions_1" targetNamespace="http://bpmn.io/schema/bpmn">
<bpmn:collaboration id="Collaboration_1">
<bpmn:participant id="Pool_order" name="Order" processRef="order" />
<bpmn:participant id="Pool_payment" name="Payment" processRef="payment" />
<bpmn:messageFlow id="Flow_pay" sourceRef="ask" targetRef="asked" />
<bpmn:messageFlow id="Flow_paid" sourceRef="tell" targetRef="wait" />
</bpmn:collaboration>
<bpmn:message id="Message_pay" name="pay" />
<bpmn:process id="order" isExecutable="true">
<bpmn:startEvent id="begin" />
<bpmn:sendTask id="ask" messageRef="Message_pay" />
<bpmn:intermediateCatchEvent id="wait"><bpmn:messageEventDefinition id="MED_1" /></bpmn:intermediateCatchEvent>
<bpmn:endEvent id="done" />
<bpmn:sequenceFlow id="f1" sourceRef="begin" targetRef="ask" />
<bpmn:sequenceFlow id="f2" sourceRef="ask" targetRef="wait" />
<bpmn:sequenceFlow id="f3" sourceRef="wait" targetRef="done" />
</bpmn:process>
<bpmn:process id="payment" isExecutable="true">
<bpmn:startEvent id="asked"><bpmn:messageEventDefinition id="MED_2" /></bpmn:startEvent>
<bpmn:intermediateCatchEvent id="later"><bpmn:timerEventDefinition id="TED_1"><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">PT5M</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>
<bpmn:endEvent id="tell"><bpmn:messageEventDefinition id="MED_4" /></bpmn:endEvent>
<bpmn:sequenceFlow id="f4" sourceRef="asked" targetRef="later" />
<bpmn:sequenceFlow id="f5" sourceRef="later" targetRef="tell" />
</bpmn:process>
</bpmn:definitions>
"#;

#[tokio::test]
async fn the_pools_of_a_file_are_processes_of_their_own_that_send_each_other_messages() {
    let house = house().await;
    let file = NewDefinition { format: Format::Bpmn, ..definition("order", POOLS) };
    house.rooms.add_definition(file).await.unwrap();
    for name in ["order", "payment"] {
        let all = Page { number: 0, size: 10 };
        let found = house.rooms.list_definition_versions(name, all).await.unwrap();
        let deployed = found.items.iter().map(|one| (one.version, one.status));
        assert_eq!(deployed.collect::<Vec<_>>(), [(1, VersionStatus::DeployedActive)], "{name}");
    }
    let token = house.token("order", json!({})).await;
    for _ in 0..2 {
        house.create(&token).await.unwrap();
        house.runtime.fire_due().await.unwrap();
        house.pass(1).await;
    }
    // Both orders await the same message; each gets the one of its own payment.
    for (minutes, expected) in [
        (0, [["In Progress"; 2], ["In Progress"; 2]]),
        (3, [["Accepted", "In Progress"], ["Accepted", "In Progress"]]),
        (1, [["Accepted"; 2], ["Accepted"; 2]]),
    ] {
        house.pass(minutes).await;
        let of = |name: &str| Search {
            definition_name: Some(name.to_owned()),
            oldest_first: true,
            ..Search::default()
        };
        for (name, expected) in ["order", "payment"].into_iter().zip(expected) {
            let page = Page { number: 0, size: 10 };
            let found = house.rooms.search_instances(&of(name), page).await.unwrap().items;
            let found: Vec<_> = found.iter().map(|one| one.status.mapped()).collect();
            assert_eq!(found, expected, "{name} after {minutes} minutes more");
        }
    }
    let left = house.rooms.list_messages(Page { number: 0, size: 10 }).await.unwrap();
    assert_eq!(left.total, 0);
}
