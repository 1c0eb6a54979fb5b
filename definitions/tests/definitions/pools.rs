//! Files with several pools: each executable process is read, and messages flow between them.

use crate::picture::picture;
use definitions::{Format, Process, read, read_all, write_bpmn_all, write_yaml_all};
use expect_test::{Expect, expect};

/// A collaboration in the form that bpmn.io exports: an order and a payment that talk to each
/// other, and a customer whose pool is a black box.
const POOLS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" id="Definitions_1" targetNamespace="http://bpmn.io/schema/bpmn">
<bpmn:collaboration id="Collaboration_1">
<bpmn:participant id="Pool_order" name="Order" processRef="order" />
<bpmn:participant id="Pool_payment" name="Payment" processRef="payment" />
<bpmn:participant id="Pool_customer" name="Customer" />
<bpmn:messageFlow id="Flow_pay" sourceRef="ask" targetRef="asked" />
<bpmn:messageFlow id="Flow_paid" name="paid" sourceRef="tell" targetRef="wait" />
<bpmn:messageFlow id="Flow_bill" sourceRef="tell-customer" targetRef="Pool_customer" />
<bpmn:messageFlow id="Flow_call" sourceRef="Pool_customer" targetRef="begin" />
<bpmn:textAnnotation id="Note"><bpmn:text>note</bpmn:text></bpmn:textAnnotation>
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
<bpmn:intermediateThrowEvent id="tell-customer"><bpmn:messageEventDefinition id="MED_3" /></bpmn:intermediateThrowEvent>
<bpmn:endEvent id="tell"><bpmn:messageEventDefinition id="MED_4" /></bpmn:endEvent>
<bpmn:sequenceFlow id="f4" sourceRef="asked" targetRef="tell-customer" />
<bpmn:sequenceFlow id="f5" sourceRef="tell-customer" targetRef="tell" />
</bpmn:process>
</bpmn:definitions>
"#;

#[test]
fn each_pool_is_a_process_and_message_flows_name_their_messages() {
    expect![[r#"
        order
          begin: start -> ask
          ask: send message "pay" -> wait
          wait: catch message "paid" -> done
          done: end
        payment
          asked: start message "pay" -> tell-customer
          tell-customer: throw message "Flow_bill" -> tell
          tell: end message "paid"
    "#]]
    .assert_eq(&picture(Format::Bpmn, POOLS));
}

#[test]
fn pools_are_documents_in_yaml_and_mean_the_same() {
    let read = |format, text: &str| read_all(format, text, &crate::catalog::catalog()).unwrap();
    let hashes = |processes: &[Process]| processes.iter().map(Process::hash).collect::<Vec<_>>();
    let processes = read(Format::Bpmn, POOLS);
    let yaml = write_yaml_all(&processes);
    let again = read(Format::Yaml, &yaml);
    assert_eq!(hashes(&again), hashes(&processes), "{yaml}");
    let bpmn = read(Format::Bpmn, &write_bpmn_all(&again, None));
    assert_eq!(hashes(&bpmn), hashes(&processes));
}

#[test]
fn reading_one_process_of_several_is_refused() {
    let flaws = read(Format::Bpmn, POOLS, &crate::catalog::catalog()).unwrap_err();
    assert_eq!(flaws[0].to_string(), "line 23: a file holds one process, not 2 [one-process]");
}

#[test]
fn a_process_that_does_not_run_is_left_out() {
    let text = POOLS
        .replace("id=\"payment\" isExecutable=\"true\"", "id=\"payment\" isExecutable=\"false\"");
    let processes = read_all(Format::Bpmn, &text, &crate::catalog::catalog()).unwrap();
    assert_eq!(processes.iter().map(|process| process.id()).collect::<Vec<_>>(), ["order"]);
    assert_eq!(read(Format::Bpmn, &text, &crate::catalog::catalog()).unwrap().id(), "order");
}

/// Breaks the collaboration by replacing text.
fn check(cases: &[(&str, &str)], expected: Expect) {
    let mut actual = String::new();
    for (old, new) in cases {
        assert!(POOLS.contains(old), "the collaboration has no {old}");
        let flaws = picture(Format::Bpmn, &POOLS.replacen(old, new, 1));
        let flaws: String = flaws.lines().map(|flaw| format!("  {flaw}\n")).collect();
        actual.push_str(&format!("{old} -> {new}\n{flaws}"));
    }
    expected.assert_eq(&actual);
}

#[test]
fn a_message_flow_joins_a_sender_and_a_receiver_of_two_pools() {
    let cases = [
        ("sourceRef=\"ask\"", "sourceRef=\"Pool_order\""),
        ("targetRef=\"asked\"", "targetRef=\"Pool_payment\""),
        ("targetRef=\"asked\"", "targetRef=\"wait\""),
        ("targetRef=\"asked\"", "targetRef=\"tell-customer\""),
        ("sourceRef=\"ask\"", "sourceRef=\"begin\""),
        ("sourceRef=\"ask\"", "sourceRef=\"nobody\""),
        ("sourceRef=\"ask\" ", ""),
        ("id=\"Flow_paid\"", "id=\"Flow_paid\" messageRef=\"none\""),
        ("id=\"MED_2\"", "id=\"MED_2\" messageRef=\"Message_2\""),
        ("<bpmn:message id=\"Message_pay\" name=\"pay\" />", ""),
        ("processRef=\"payment\"", "processRef=\"payments\""),
        (
            "<bpmn:messageFlow id=\"Flow_paid\" name=\"paid\" sourceRef=\"tell\" targetRef=\"wait\" />",
            "",
        ),
        ("<bpmn:textAnnotation", "<bpmn:conversation id=\"c\" /><bpmn:textAnnotation"),
        (
            "name=\"Customer\" />",
            "name=\"Customer\"><bpmn:participantMultiplicity maximum=\"2\" /></bpmn:participant>",
        ),
        (
            "<bpmn:message id",
            "<bpmn:import importType=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" location=\"y\" namespace=\"z\" /><bpmn:message id",
        ),
        ("<bpmn:message id", "<bpmn:choreography id=\"c\" /><bpmn:message id"),
        ("id=\"f5\"", "id=\"f1\""),
        ("id=\"payment\" isE", "id=\"order\" isE"),
    ];
    check(
        &cases,
        expect![[r#"
            sourceRef="ask" -> sourceRef="Pool_order"
              line 7: Flow_pay: the message flow ends at the border of the pool Pool_order; lead it to an event or a task inside [message-flow]
              line 24: asked: messageEventDefinition needs the attribute messageRef [missing-attribute]
            targetRef="asked" -> targetRef="Pool_payment"
              line 7: Flow_pay: the message flow ends at the border of the pool Pool_payment; lead it to an event or a task inside [message-flow]
              line 24: asked: messageEventDefinition needs the attribute messageRef [missing-attribute]
            targetRef="asked" -> targetRef="wait"
              line 7: Flow_pay: a message flow leads from one pool to another; use a sequence flow within a pool [message-flow]
              line 24: asked: messageEventDefinition needs the attribute messageRef [missing-attribute]
            targetRef="asked" -> targetRef="tell-customer"
              line 7: Flow_pay: a message flow leads to a receive task or an event that catches a message [message-flow]
              line 24: asked: messageEventDefinition needs the attribute messageRef [missing-attribute]
            sourceRef="ask" -> sourceRef="begin"
              line 7: Flow_pay: a message flow leaves a send task or an event that throws a message [message-flow]
              line 24: asked: messageEventDefinition needs the attribute messageRef [missing-attribute]
            sourceRef="ask" -> sourceRef="nobody"
              line 7: Flow_pay: sourceRef names nobody, but there is no such node or pool [dangling-reference]
              line 24: asked: messageEventDefinition needs the attribute messageRef [missing-attribute]
            sourceRef="ask"  -> 
              line 7: Flow_pay: messageFlow needs the attribute sourceRef [missing-attribute]
              line 24: asked: messageEventDefinition needs the attribute messageRef [missing-attribute]
            id="Flow_paid" -> id="Flow_paid" messageRef="none"
              line 8: Flow_paid: messageRef names none, but there is no such message [dangling-reference]
              line 17: wait: messageEventDefinition needs the attribute messageRef [missing-attribute]
              line 26: tell: messageEventDefinition needs the attribute messageRef [missing-attribute]
            id="MED_2" -> id="MED_2" messageRef="Message_2"
              line 24: asked: messageRef names Message_2, but there is no such message [dangling-reference]
            <bpmn:message id="Message_pay" name="pay" /> -> 
              line 16: ask: messageRef names Message_pay, but there is no such message [dangling-reference]
              line 24: asked: messageRef names Message_pay, but there is no such message [dangling-reference]
            processRef="payment" -> processRef="payments"
              line 5: Pool_payment: processRef names payments, but there is no such process [dangling-reference]
            <bpmn:messageFlow id="Flow_paid" name="paid" sourceRef="tell" targetRef="wait" /> -> 
              line 17: wait: messageEventDefinition needs the attribute messageRef [missing-attribute]
              line 26: tell: messageEventDefinition needs the attribute messageRef [missing-attribute]
            <bpmn:textAnnotation -> <bpmn:conversation id="c" /><bpmn:textAnnotation
              order
                begin: start -> ask
                ask: send message "pay" -> wait
                wait: catch message "paid" -> done
                done: end
              payment
                asked: start message "pay" -> tell-customer
                tell-customer: throw message "Flow_bill" -> tell
                tell: end message "paid"
            name="Customer" /> -> name="Customer"><bpmn:participantMultiplicity maximum="2" /></bpmn:participant>
              order
                begin: start -> ask
                ask: send message "pay" -> wait
                wait: catch message "paid" -> done
                done: end
              payment
                asked: start message "pay" -> tell-customer
                tell-customer: throw message "Flow_bill" -> tell
                tell: end message "paid"
            <bpmn:message id -> <bpmn:import importType="http://www.omg.org/spec/BPMN/20100524/MODEL" location="y" namespace="z" /><bpmn:message id
              line 13: import is not supported; put everything into this file [unsupported-element]
            <bpmn:message id -> <bpmn:choreography id="c" /><bpmn:message id
              line 13: c: choreography is not supported; take it away [unsupported-element]
            id="f5" -> id="f1"
              line 28: f1: the id is already taken on line 19; give this one another [duplicate-id]
            id="payment" isE -> id="order" isE
              line 23: order: the id is already taken on line 14; give this one another [duplicate-id]
              line 5: Pool_payment: processRef names payment, but there is no such process [dangling-reference]
              line 7: Flow_pay: a message flow leads from one pool to another; use a sequence flow within a pool [message-flow]
              line 8: Flow_paid: a message flow leads from one pool to another; use a sequence flow within a pool [message-flow]
              line 17: wait: messageEventDefinition needs the attribute messageRef [missing-attribute]
              line 24: asked: messageEventDefinition needs the attribute messageRef [missing-attribute]
              line 26: tell: messageEventDefinition needs the attribute messageRef [missing-attribute]
        "#]],
    );
}

#[test]
fn two_ends_that_name_different_messages_are_told() {
    let text = POOLS.replace("id=\"MED_2\"", "id=\"MED_2\" messageRef=\"Message_2\"").replace(
        "<bpmn:message id",
        "<bpmn:message id=\"Message_2\" name=\"two\" /><bpmn:message id",
    );
    expect![[r#"
        line 7: Flow_pay: the two ends of the message flow name different messages; name one [message-flow]
    "#]].assert_eq(&picture(Format::Bpmn, &text));
}

/// A process that receives and sends a message under a correlation property of the standard.
const CORRELATED: &str = r#"<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn">
<bpmn:correlationProperty id="Property" name="order"><bpmn:correlationPropertyRetrievalExpression messageRef="M"><bpmn:messagePath>${orderId}</bpmn:messagePath></bpmn:correlationPropertyRetrievalExpression></bpmn:correlationProperty>
<bpmn:message id="M" name="paid" /><bpmn:message id="N" name="other" />
<bpmn:collaboration id="C"><bpmn:participant id="P" processRef="p" /><bpmn:correlationKey id="Key"><bpmn:correlationPropertyRef>Property</bpmn:correlationPropertyRef></bpmn:correlationKey></bpmn:collaboration>
<bpmn:process id="p"><bpmn:correlationSubscription id="S" correlationKeyRef="Key"><bpmn:correlationPropertyBinding correlationPropertyRef="Property"><bpmn:dataPath>${order.id}</bpmn:dataPath></bpmn:correlationPropertyBinding></bpmn:correlationSubscription>
<bpmn:startEvent id="start" /><bpmn:receiveTask id="receive" messageRef="M" /><bpmn:receiveTask id="other" messageRef="N" /><bpmn:endEvent id="end" />
<bpmn:sequenceFlow id="a" sourceRef="start" targetRef="receive" /><bpmn:sequenceFlow id="b" sourceRef="receive" targetRef="other" /><bpmn:sequenceFlow id="c" sourceRef="other" targetRef="end" />
</bpmn:process>
</bpmn:definitions>"#;

#[test]
fn a_correlation_subscription_is_the_key_of_what_is_received() {
    expect![[r#"
        p
          start: start -> receive
          receive: receive message "paid" key ${order.id} -> other
          other: receive message "other" -> end
          end: end
    "#]]
    .assert_eq(&picture(Format::Bpmn, CORRELATED));
    let cases = [
        ("correlationKeyRef=\"Key\"", "correlationKeyRef=\"none\""),
        ("correlationPropertyRef=\"Property\"", "correlationPropertyRef=\"none\""),
        (
            "</bpmn:correlationKey>",
            "<bpmn:correlationPropertyRef>Two</bpmn:correlationPropertyRef></bpmn:correlationKey>",
        ),
        ("<bpmn:messagePath>${orderId}</bpmn:messagePath>", ""),
        (
            "<bpmn:receiveTask id=\"receive\" messageRef=\"M\" />",
            "<bpmn:sendTask id=\"receive\" messageRef=\"M\" />",
        ),
        ("${order.id}", "${order.}"),
        ("${order.id}", "plain"),
    ];
    let mut actual = String::new();
    for (old, new) in cases {
        assert!(CORRELATED.contains(old), "{old}");
        let flaws = picture(Format::Bpmn, &CORRELATED.replacen(old, new, 1));
        actual.push_str(&format!("{old} -> {new}\n  {}", flaws.replace("\n ", "\n   ")));
    }
    expect![[r#"
        correlationKeyRef="Key" -> correlationKeyRef="none"
          line 5: S: correlationKeyRef names none, but there is no such correlation key [dangling-reference]
        correlationPropertyRef="Property" -> correlationPropertyRef="none"
          line 5: S: the subscription binds the property Property to a dataPath; add it [dangling-reference]
        </bpmn:correlationKey> -> <bpmn:correlationPropertyRef>Two</bpmn:correlationPropertyRef></bpmn:correlationKey>
          line 5: S: the subscription binds the property Two to a dataPath; add it [dangling-reference]
        <bpmn:messagePath>${orderId}</bpmn:messagePath> -> 
          line 2: Property: correlationPropertyRetrievalExpression in correlationProperty is not understood; take it away [unknown-element]
        <bpmn:receiveTask id="receive" messageRef="M" /> -> <bpmn:sendTask id="receive" messageRef="M" />
          line 6: receive: the key of a sent message is not taken out of it by a messagePath; give the event or the task a property correlationKey [unsupported-value]
        ${order.id} -> ${order.}
          line 5: S: in dataPath: a name is expected here, not the end (at character 9) [invalid-expression]
        ${order.id} -> plain
          p
            start: start -> receive
            receive: receive message "paid" key "plain" -> other
            other: receive message "other" -> end
            end: end
    "#]].assert_eq(&actual);
}

#[test]
fn a_key_that_the_first_message_would_fill_is_refused_where_a_later_one_is_received() {
    let (before, rest) = CORRELATED.split_once("<bpmn:correlationSubscription").unwrap();
    let (_, after) = rest.split_once("</bpmn:correlationSubscription>").unwrap();
    let keyless = format!("{before}{after}");
    let key = "<bpmn:correlationKey id=\"Key\"><bpmn:correlationPropertyRef>Property</bpmn:correlationPropertyRef></bpmn:correlationKey>";
    let own = "<bpmn:receiveTask id=\"receive\" messageRef=\"M\"><bpmn:extensionElements><camunda:properties><camunda:property name=\"correlationKey\" value=\"${k}\" /></camunda:properties></bpmn:extensionElements></bpmn:receiveTask>";
    let event = |tag: &str, id: &str| {
        format!(
            "<bpmn:{tag} id=\"{id}\"><bpmn:messageEventDefinition messageRef=\"M\" /></bpmn:{}>",
            tag.split(' ').next().unwrap()
        )
    };
    let receive = "<bpmn:receiveTask id=\"receive\" messageRef=\"M\" />";
    let other = "<bpmn:receiveTask id=\"other\" messageRef=\"N\" />";
    let boundary = event("boundaryEvent attachedToRef=\"other\"", "beside")
        + "<bpmn:sequenceFlow id=\"d\" sourceRef=\"beside\" targetRef=\"end\" />";
    let inside = format!(
        "<bpmn:subProcess id=\"whenever\" triggeredByEvent=\"true\">{}</bpmn:subProcess>",
        event("startEvent", "inside")
    );
    let gateway = |attributes: &str| {
        format!(
            "<bpmn:eventBasedGateway id=\"start\" instantiate=\"true\" {attributes}/>{other}<bpmn:sequenceFlow id=\"d\" sourceRef=\"start\" targetRef=\"other\" />"
        )
    };
    let begins = ("<bpmn:startEvent id=\"start\" />", event("startEvent", "start"));
    let idle = (receive, "<bpmn:task id=\"receive\" />".to_owned());
    let after = |one: &str| (other, format!("{other}{one}"));
    let second = (
        "<bpmn:sequenceFlow id=\"b\" sourceRef=\"receive\" targetRef=\"other\" />",
        "<bpmn:sequenceFlow id=\"b\" sourceRef=\"receive\" targetRef=\"end\" />".to_owned(),
    );
    let cases: [(&str, Vec<(&str, String)>); 11] = [
        ("received", vec![]),
        (
            "of a conversation",
            vec![(key, format!("<bpmn:conversation id=\"V\">{key}</bpmn:conversation>"))],
        ),
        ("caught", vec![(receive, event("intermediateCatchEvent", "receive"))]),
        ("on the boundary", vec![idle.clone(), after(&boundary)]),
        ("by an event sub-process", vec![idle.clone(), after(&inside)]),
        ("first of all", vec![begins.clone(), idle]),
        ("first of two", vec![(begins.0, gateway("")), (other, String::new()), second.clone()]),
        (
            "one of two",
            vec![
                (begins.0, gateway("eventGatewayType=\"Parallel\" ")),
                (other, String::new()),
                second,
            ],
        ),
        ("without a key of the collaboration", vec![(key, String::new())]),
        ("with a key of its own", vec![(receive, own.to_owned())]),
        (
            "another message",
            vec![(
                "messageRef=\"M\"><bpmn:messagePath>",
                "messageRef=\"O\"><bpmn:messagePath>".to_owned(),
            )],
        ),
    ];
    let mut actual = String::new();
    for (what, changes) in cases {
        let mut text = keyless.clone();
        for (old, new) in &changes {
            assert!(text.contains(old), "{what}: {old}");
            // The gateway brings the other task along, which is why the last one goes.
            let (head, tail) = text.rsplit_once(old).unwrap();
            text = format!("{head}{new}{tail}");
        }
        let told = picture(Format::Bpmn, &text);
        let told = if told.contains("line") { told } else { "taken\n".to_owned() };
        actual.push_str(&format!("{what}: {}\n", told.trim()));
    }
    expect![[r#"
        received: line 6: receive: the correlation key Key is not filled by the first message, so that this one would be received by its name alone; add a correlationSubscription to the process that binds the property order to a dataPath [unsupported-value]
        of a conversation: line 6: receive: the correlation key Key is not filled by the first message, so that this one would be received by its name alone; add a correlationSubscription to the process that binds the property order to a dataPath [unsupported-value]
        caught: line 6: receive: the correlation key Key is not filled by the first message, so that this one would be received by its name alone; add a correlationSubscription to the process that binds the property order to a dataPath [unsupported-value]
        on the boundary: line 6: beside: the correlation key Key is not filled by the first message, so that this one would be received by its name alone; add a correlationSubscription to the process that binds the property order to a dataPath [unsupported-value]
        by an event sub-process: line 6: inside: the correlation key Key is not filled by the first message, so that this one would be received by its name alone; add a correlationSubscription to the process that binds the property order to a dataPath [unsupported-value]
        first of all: taken
        first of two: taken
        one of two: line 6: receive: the correlation key Key is not filled by the first message, so that this one would be received by its name alone; add a correlationSubscription to the process that binds the property order to a dataPath [unsupported-value]
        without a key of the collaboration: taken
        with a key of its own: taken
        another message: taken
    "#]].assert_eq(&actual);
}

#[test]
fn a_correlation_key_of_several_properties_is_a_list_in_the_order_of_their_names() {
    let several = CORRELATED
        .replace(
            "<bpmn:message id=\"M\"",
            "<bpmn:correlationProperty id=\"Two\" name=\"customer\"><bpmn:correlationPropertyRetrievalExpression messageRef=\"M\"><bpmn:messagePath>${c}</bpmn:messagePath></bpmn:correlationPropertyRetrievalExpression></bpmn:correlationProperty><bpmn:message id=\"M\"",
        )
        .replace(
            "</bpmn:correlationKey>",
            "<bpmn:correlationPropertyRef>Two</bpmn:correlationPropertyRef></bpmn:correlationKey>",
        )
        .replace(
            "</bpmn:correlationSubscription>",
            "<bpmn:correlationPropertyBinding correlationPropertyRef=\"Two\"><bpmn:dataPath>${customer}</bpmn:dataPath></bpmn:correlationPropertyBinding></bpmn:correlationSubscription>",
        );
    let cases = [
        ("${customer}", "${customer}"),
        ("${customer}", "plain"),
        ("${customer}", "${a}-${b}"),
        ("name=\"customer\"", "name=\"zip\""),
        ("name=\"customer\"", ""),
        ("correlationPropertyRef=\"Two\"", "correlationPropertyRef=\"Three\""),
        ("messageRef=\"M\"><bpmn:messagePath>${c}", "messageRef=\"N\"><bpmn:messagePath>${c}"),
    ];
    let mut actual = String::new();
    for (old, new) in cases {
        assert!(several.contains(old), "{old}");
        let shown = picture(Format::Bpmn, &several.replacen(old, new, 1));
        let shown: String = shown
            .lines()
            .filter(|line| line.contains("receive:") || line.contains("line"))
            .collect();
        actual.push_str(&format!("{old} -> {new}\n  {}\n", shown.trim()));
    }
    expect![[r#"
        ${customer} -> ${customer}
          receive: receive message "paid" key ${[customer, order.id]} -> other
        ${customer} -> plain
          line 5: S: in dataPath: an expression is written between ${ and } (at character 1) [invalid-expression]
        ${customer} -> ${a}-${b}
          line 5: S: in dataPath: nothing may follow the closing } (at character 5) [invalid-expression]
        name="customer" -> name="zip"
          receive: receive message "paid" key ${[order.id, customer]} -> other
        name="customer" -> 
          receive: receive message "paid" key ${[customer, order.id]} -> other
        correlationPropertyRef="Two" -> correlationPropertyRef="Three"
          line 5: S: the subscription binds the property Two to a dataPath; add it [dangling-reference]
        messageRef="M"><bpmn:messagePath>${c} -> messageRef="N"><bpmn:messagePath>${c}
          line 5: S: the property order has no messagePath for N; add it [dangling-reference]
    "#]].assert_eq(&actual);
}
