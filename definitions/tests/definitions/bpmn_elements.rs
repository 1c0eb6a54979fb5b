//! Every element of executable BPMN, as modelers write it, and what is read from it.

use crate::picture::picture;
use definitions::{Format, read_all, write_bpmn};
use expect_test::{Expect, expect};

/// Reads what a process holds, with roots after it, in the form that Camunda Modeler 7 exports.
pub(crate) fn check(contents: &str, roots: &str, expected: Expect) {
    let text = file(contents, roots);
    let read = picture(Format::Bpmn, &text);
    expected.assert_eq(&read);
    if let Ok(processes) = read_all(Format::Bpmn, &text, &crate::catalog::catalog()) {
        let written: String =
            processes.iter().map(|one| picture(Format::Bpmn, &write_bpmn(one, None))).collect();
        assert_eq!(written, read, "as it is written, and as it was read");
    }
}

pub(crate) fn file(contents: &str, roots: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:modeler="http://camunda.org/schema/modeler/1.0" id="Definitions_1" targetNamespace="http://bpmn.io/schema/bpmn" exporter="Camunda Modeler" exporterVersion="5.10.0" modeler:executionPlatform="Camunda Platform" modeler:executionPlatformVersion="7.17.0">
<bpmn:process id="p" isExecutable="true">
{contents}
</bpmn:process>
{roots}
</bpmn:definitions>
"#
    )
}

/// Joins nodes by sequence flows, `a>b` for each.
pub(crate) fn flows(pairs: &str) -> String {
    let flow = |(number, pair): (usize, &str)| {
        let (from, to) = pair.split_once('>').expect("a flow is written a>b");
        format!("<bpmn:sequenceFlow id=\"f{number}\" sourceRef=\"{from}\" targetRef=\"{to}\" />\n")
    };
    pairs.split_whitespace().enumerate().map(flow).collect()
}

const ROOTS: &str = r#"<bpmn:message id="Message_1" name="paid"><bpmn:extensionElements><camunda:properties><camunda:property name="correlationKey" value="${order}" /></camunda:properties></bpmn:extensionElements></bpmn:message>
<bpmn:message id="Message_2" name="news-${region}" />
<bpmn:message id="Message_3" name="other" />
<bpmn:message id="Message_4" name="either" />
<bpmn:signal id="Signal_1" name="stop" />
<bpmn:signal id="Signal_2" name="go" />
<bpmn:error id="Error_1" name="Bad" errorCode="E1" camunda:errorMessage="it is ${why}" />
<bpmn:escalation id="Escalation_1" name="Look" escalationCode="L1" />
<bpmn:timerEventDefinition id="Timer_1"><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">PT1H</bpmn:timeDuration></bpmn:timerEventDefinition>
<bpmn:terminateEventDefinition id="Terminate_1" />"#;

#[test]
fn start_events_have_every_trigger() {
    let starts = r#"<bpmn:startEvent id="plain" />
<bpmn:startEvent id="by-message"><bpmn:outgoing>f1</bpmn:outgoing><bpmn:messageEventDefinition id="MED" messageRef="Message_1" /></bpmn:startEvent>
<bpmn:startEvent id="by-date"><bpmn:timerEventDefinition><bpmn:timeDate xsi:type="bpmn:tFormalExpression">2030-01-01T09:00:00Z</bpmn:timeDate></bpmn:timerEventDefinition></bpmn:startEvent>
<bpmn:startEvent id="by-cycle"><bpmn:timerEventDefinition><bpmn:timeCycle xsi:type="bpmn:tFormalExpression">R3/PT10M</bpmn:timeCycle></bpmn:timerEventDefinition></bpmn:startEvent>
<bpmn:startEvent id="by-signal"><bpmn:signalEventDefinition signalRef="Signal_1" /></bpmn:startEvent>
<bpmn:startEvent id="by-condition"><bpmn:conditionalEventDefinition><bpmn:condition xsi:type="bpmn:tFormalExpression">${late}</bpmn:condition></bpmn:conditionalEventDefinition></bpmn:startEvent>
<bpmn:startEvent id="by-either"><bpmn:messageEventDefinition messageRef="Message_4" /><bpmn:eventDefinitionRef>Timer_1</bpmn:eventDefinitionRef></bpmn:startEvent>
<bpmn:startEvent id="by-both" parallelMultiple="true"><bpmn:messageEventDefinition messageRef="Message_3" /><bpmn:signalEventDefinition signalRef="Signal_2" /></bpmn:startEvent>
<bpmn:endEvent id="end" />"#;
    let flows = flows(
        "plain>end by-message>end by-date>end by-cycle>end by-signal>end by-condition>end by-either>end by-both>end",
    );
    check(
        &format!("{starts}\n{flows}"),
        ROOTS,
        expect![[r#"
            p
              plain: start -> end
              by-message: start message "paid" key ${order} -> end
              by-date: start date "2030-01-01T09:00:00Z" -> end
              by-cycle: start cycle "R3/PT10M" -> end
              by-signal: start signal "stop" -> end
              by-condition: start condition ${late} -> end
              by-either: start message "either" duration "PT1H" -> end
              by-both: start message "other" and signal "go" -> end
              end: end
        "#]],
    );
}

#[test]
fn intermediate_events_catch_and_throw() {
    let events = r##"<bpmn:startEvent id="start" />
<bpmn:intermediateThrowEvent id="nothing" />
<bpmn:intermediateThrowEvent id="tell"><bpmn:extensionElements><camunda:inputOutput><camunda:inputParameter name="amount">${sum}</camunda:inputParameter><camunda:inputParameter name="to"><camunda:list><camunda:value>a</camunda:value><camunda:script scriptFormat="juel">${b}</camunda:script></camunda:list></camunda:inputParameter></camunda:inputOutput></bpmn:extensionElements><bpmn:messageEventDefinition messageRef="Message_1" /></bpmn:intermediateThrowEvent>
<bpmn:intermediateCatchEvent id="hear"><bpmn:extensionElements><camunda:properties><camunda:property name="correlationKey" value="${customer}" /></camunda:properties><camunda:inputOutput><camunda:outputParameter name="sum">${amount}</camunda:outputParameter></camunda:inputOutput></bpmn:extensionElements><bpmn:messageEventDefinition messageRef="Message_1" /></bpmn:intermediateCatchEvent>
<bpmn:intermediateThrowEvent id="alarm"><bpmn:signalEventDefinition signalRef="Signal_1"><bpmn:extensionElements><camunda:in source="why" target="reason" /><camunda:in sourceExpression="#{1 + 1}" target="two" /></bpmn:extensionElements></bpmn:signalEventDefinition></bpmn:intermediateThrowEvent>
<bpmn:intermediateCatchEvent id="alarmed"><bpmn:signalEventDefinition signalRef="Signal_1" /></bpmn:intermediateCatchEvent>
<bpmn:intermediateThrowEvent id="raise"><bpmn:escalationEventDefinition escalationRef="Escalation_1" /></bpmn:intermediateThrowEvent>
<bpmn:intermediateThrowEvent id="undo"><bpmn:compensateEventDefinition waitForCompletion="false" /></bpmn:intermediateThrowEvent>
<bpmn:intermediateCatchEvent id="wait"><bpmn:eventDefinitionRef>Timer_1</bpmn:eventDefinitionRef></bpmn:intermediateCatchEvent>
<bpmn:intermediateCatchEvent id="until"><bpmn:conditionalEventDefinition><bpmn:condition>${ready}</bpmn:condition></bpmn:conditionalEventDefinition></bpmn:intermediateCatchEvent>
<bpmn:intermediateCatchEvent id="all" parallelMultiple="true"><bpmn:eventDefinitionRef>Timer_1</bpmn:eventDefinitionRef><bpmn:signalEventDefinition signalRef="Signal_1" /></bpmn:intermediateCatchEvent>
<bpmn:intermediateThrowEvent id="jump"><bpmn:linkEventDefinition name="far" /></bpmn:intermediateThrowEvent>
<bpmn:intermediateCatchEvent id="land" name="far"><bpmn:linkEventDefinition id="LED" name="" /></bpmn:intermediateCatchEvent>
<bpmn:endEvent id="end" />"##;
    let flows = flows(
        "start>nothing nothing>tell tell>hear hear>alarm alarm>alarmed alarmed>raise raise>undo undo>wait wait>until until>all all>jump land>end",
    );
    check(
        &format!("{events}\n{flows}"),
        ROOTS,
        expect![[r#"
        p
          start: start -> nothing
          nothing: throw -> tell
          tell: throw message "paid" key ${order} in(amount=${sum}, to=["a", ${b}]) -> hear
          hear: catch message "paid" key ${customer} out(sum=${amount}) -> alarm
          alarm: throw signal "stop" in(reason=${why}, two=2) -> alarmed
          alarmed: catch signal "stop" -> raise
          raise: throw escalation L1 -> undo
          undo: throw compensation at once -> wait
          wait: catch duration "PT1H" -> until
          until: catch condition ${ready} -> all
          all: catch duration "PT1H" and signal "stop" -> jump
          jump: throw link far
          land: catch link far -> end
          end: end
    "#]],
    );
}

#[test]
fn end_events_have_every_result() {
    let events = r#"<bpmn:startEvent id="start" /><bpmn:parallelGateway id="split" />
<bpmn:endEvent id="none" />
<bpmn:endEvent id="message"><bpmn:messageEventDefinition messageRef="Message_2" /></bpmn:endEvent>
<bpmn:endEvent id="signal"><bpmn:signalEventDefinition signalRef="Signal_1" /></bpmn:endEvent>
<bpmn:endEvent id="error"><bpmn:errorEventDefinition errorRef="Error_1" /></bpmn:endEvent>
<bpmn:endEvent id="escalation"><bpmn:escalationEventDefinition escalationRef="Escalation_1" /></bpmn:endEvent>
<bpmn:endEvent id="compensation"><bpmn:compensateEventDefinition /></bpmn:endEvent>
<bpmn:endEvent id="terminate"><bpmn:terminateEventDefinition /></bpmn:endEvent>
<bpmn:endEvent id="referred"><bpmn:eventDefinitionRef>Terminate_1</bpmn:eventDefinitionRef></bpmn:endEvent>
<bpmn:endEvent id="several"><bpmn:signalEventDefinition signalRef="Signal_1" /><bpmn:messageEventDefinition messageRef="Message_1" /></bpmn:endEvent>"#;
    let flows = flows(
        "start>split split>none split>message split>signal split>error split>escalation split>compensation split>terminate split>referred split>several",
    );
    check(
        &format!("{events}\n{flows}"),
        ROOTS,
        expect![[r#"
        p
          start: start -> split
          split: parallel -> none, message, signal, error, escalation, compensation, terminate, referred, several
          none: end
          message: end message news-${region}
          signal: end signal "stop"
          error: end error E1 (it is ${why})
          escalation: end escalation L1
          compensation: end compensation
          terminate: end terminate
          referred: end terminate
          several: end signal "stop" message "paid" key ${order}
    "#]],
    );
}

#[test]
fn boundary_events_leave_or_watch_an_activity() {
    let events = r#"<bpmn:startEvent id="start" />
<bpmn:task id="do" /><bpmn:task id="undo" isForCompensation="true" />
<bpmn:boundaryEvent id="message" cancelActivity="false" attachedToRef="do"><bpmn:messageEventDefinition messageRef="Message_1" /></bpmn:boundaryEvent>
<bpmn:boundaryEvent id="timer" cancelActivity="false" attachedToRef="do"><bpmn:timerEventDefinition><bpmn:timeCycle>0 0 9 * * MON-FRI</bpmn:timeCycle></bpmn:timerEventDefinition></bpmn:boundaryEvent>
<bpmn:boundaryEvent id="signal" attachedToRef="do"><bpmn:signalEventDefinition signalRef="Signal_1" /></bpmn:boundaryEvent>
<bpmn:boundaryEvent id="condition" cancelActivity="true" attachedToRef="do"><bpmn:conditionalEventDefinition><bpmn:condition>${late}</bpmn:condition></bpmn:conditionalEventDefinition></bpmn:boundaryEvent>
<bpmn:boundaryEvent id="compensation" attachedToRef="do"><bpmn:compensateEventDefinition id="CED" /></bpmn:boundaryEvent>
<bpmn:association id="Association_1" associationDirection="One" sourceRef="compensation" targetRef="undo" />
<bpmn:textAnnotation id="Note"><bpmn:text>undone</bpmn:text></bpmn:textAnnotation>
<bpmn:association id="Association_2" sourceRef="compensation" targetRef="Note" />
<bpmn:callActivity id="call" calledElement="q" />
<bpmn:boundaryEvent id="error" attachedToRef="call"><bpmn:errorEventDefinition errorRef="Error_1" camunda:errorCodeVariable="code" camunda:errorMessageVariable="text" /></bpmn:boundaryEvent>
<bpmn:boundaryEvent id="escalation" cancelActivity="false" attachedToRef="call"><bpmn:escalationEventDefinition escalationRef="Escalation_1" camunda:escalationCodeVariable="code" /></bpmn:boundaryEvent>
<bpmn:endEvent id="end" />"#;
    let flows = flows(
        "start>do do>call call>end message>end timer>end signal>end condition>end error>end escalation>end",
    );
    check(
        &format!("{events}\n{flows}"),
        ROOTS,
        expect![[r#"
        p
          start: start -> do
          do: Abstract task undone by undo -> call
          undo: Abstract task undoes
          message: watches do message "paid" key ${order} -> end
          timer: watches do cycle "0 0 9 * * MON-FRI" -> end
          signal: leaves do signal "stop" -> end
          condition: leaves do condition ${late} -> end
          compensation: leaves do compensation
          call: call "q" -> end
          error: leaves call error E1 to code to text -> end
          escalation: watches call escalation L1 to code -> end
          end: end
    "#]],
    );
}

#[test]
fn tasks_say_what_they_do() {
    let tasks = r##"<bpmn:startEvent id="start" />
<bpmn:task id="task" name="Look" /><bpmn:manualTask id="manual" startQuantity="2" completionQuantity="3" />
<bpmn:serviceTask id="service" camunda:type="external" camunda:topic="simpleDecider" />
<bpmn:userTask id="user" camunda:formKey="customDataForm"><bpmn:extensionElements><camunda:inputOutput><camunda:inputParameter name="dataFormName">f</camunda:inputParameter><camunda:inputParameter name="dataFormVersion">1</camunda:inputParameter></camunda:inputOutput></bpmn:extensionElements></bpmn:userTask>
<bpmn:sendTask id="send" messageRef="Message_1"><bpmn:extensionElements><camunda:inputOutput><camunda:inputParameter name="a">${b}</camunda:inputParameter></camunda:inputOutput></bpmn:extensionElements></bpmn:sendTask>
<bpmn:sendTask id="send-by" camunda:delegateExpression="${simpleDecider}" />
<bpmn:receiveTask id="receive" messageRef="Message_1"><bpmn:extensionElements><camunda:properties><camunda:property name="correlationKey" value="${key}" /></camunda:properties></bpmn:extensionElements></bpmn:receiveTask>
<bpmn:scriptTask id="script" scriptFormat="juel" camunda:resultVariable="sum"><bpmn:script>${a + b}</bpmn:script></bpmn:scriptTask>
<bpmn:businessRuleTask id="rule" camunda:decisionRef="limits" camunda:decisionRefBinding="versionTag" camunda:decisionRefVersionTag="v2" camunda:mapDecisionResult="singleEntry" camunda:resultVariable="limit" />
<bpmn:businessRuleTask id="rule-by" camunda:type="external" camunda:topic="simpleDecider" />
<bpmn:callActivity id="call" calledElement="child" camunda:calledElementBinding="version" camunda:calledElementVersion="3"><bpmn:extensionElements><camunda:in businessKey="#{execution.processBusinessKey}" /><camunda:in variables="all" /><camunda:in source="a" target="b" /><camunda:in sourceExpression="${a + 1}" target="c" /><camunda:out source="d" target="e" /><camunda:out target="f"><camunda:map><camunda:entry key="a">${d}</camunda:entry></camunda:map></camunda:out></bpmn:extensionElements></bpmn:callActivity>
<bpmn:callActivity id="call-keyed" calledElement="${which}" camunda:calledElementBinding="deployment"><bpmn:extensionElements><camunda:in businessKey="${order.id}" /><camunda:out variables="all" /></bpmn:extensionElements></bpmn:callActivity>
<bpmn:endEvent id="end" />"##;
    let flows = flows(
        "start>task task>manual manual>service service>user user>send send>send-by send-by>receive receive>script script>rule rule>rule-by rule-by>call call>call-keyed call-keyed>end",
    );
    check(
        &format!("{tasks}\n{flows}"),
        ROOTS,
        expect![[r#"
            p
              start: start -> task
              task: Abstract task -> manual
              manual: Manual task needs 2 makes 3 -> service
              service: Service task simpleDecider -> user
              user: User task customDataForm in(dataFormName="f", dataFormVersion=1) -> send
              send: send message "paid" key ${order} in(a=${b}) -> send-by
              send-by: Send task simpleDecider -> receive
              receive: receive message "paid" key ${key} -> script
              script: script ${a + b} to sum -> rule
              rule: decision "limits" tag "v2" as SingleEntry to limit -> rule-by
              rule-by: BusinessRule task simpleDecider -> call
              call: call "child" version "3" gives all gives(b=${a}, c=${a + 1}) takes(e=${d}, f={a: ${d}}) -> call-keyed
              call-keyed: call ${which} of this deployment key ${order.id} takes all -> end
              end: end
        "#]],
    );
}

#[test]
fn sub_processes_hold_nodes_and_variables() {
    let contents = r#"<bpmn:startEvent id="start" />
<bpmn:subProcess id="sub"><bpmn:incoming>f0</bpmn:incoming><bpmn:outgoing>f1</bpmn:outgoing><bpmn:extensionElements><camunda:inputOutput><camunda:inputParameter name="x">1</camunda:inputParameter><camunda:outputParameter name="y">${x}</camunda:outputParameter></camunda:inputOutput></bpmn:extensionElements>
<bpmn:startEvent id="s1" /><bpmn:subProcess id="inner"><bpmn:task id="deep" /></bpmn:subProcess><bpmn:endEvent id="e1" />
<bpmn:dataObject id="DataObject_1" /><bpmn:dataObjectReference id="Reference_1" name="invoice" dataObjectRef="DataObject_1" /><bpmn:property id="Property_1" name="count" />
<bpmn:sequenceFlow id="g1" sourceRef="s1" targetRef="inner" /><bpmn:sequenceFlow id="g2" sourceRef="inner" targetRef="e1" />
<bpmn:subProcess id="on-error" triggeredByEvent="true"><bpmn:startEvent id="s2"><bpmn:errorEventDefinition /></bpmn:startEvent><bpmn:endEvent id="e2" /><bpmn:sequenceFlow id="g3" sourceRef="s2" targetRef="e2" /></bpmn:subProcess>
<bpmn:subProcess id="on-message" triggeredByEvent="true"><bpmn:startEvent id="s3" isInterrupting="false"><bpmn:messageEventDefinition messageRef="Message_2" /></bpmn:startEvent><bpmn:endEvent id="e3" /><bpmn:sequenceFlow id="g4" sourceRef="s3" targetRef="e3" /></bpmn:subProcess>
</bpmn:subProcess>
<bpmn:transaction id="transaction"><bpmn:startEvent id="s4" /><bpmn:sequenceFlow id="g5" sourceRef="s4" targetRef="e4" /><bpmn:endEvent id="e4"><bpmn:cancelEventDefinition /></bpmn:endEvent></bpmn:transaction>
<bpmn:boundaryEvent id="cancelled" attachedToRef="transaction"><bpmn:cancelEventDefinition /></bpmn:boundaryEvent>
<bpmn:adHocSubProcess id="adhoc" ordering="Sequential" cancelRemainingInstances="false" camunda:activeElementsCollection="${wanted}"><bpmn:task id="one" /><bpmn:task id="two" /><bpmn:completionCondition xsi:type="bpmn:tFormalExpression">${enough}</bpmn:completionCondition></bpmn:adHocSubProcess>
<bpmn:endEvent id="end" />"#;
    let flows = flows("start>sub sub>transaction transaction>adhoc cancelled>end adhoc>end");
    check(
        &format!("{contents}\n{flows}"),
        ROOTS,
        expect![[r#"
            p
              start: start -> sub
              sub: sub-process has invoice, count in(x="1") out(y=${x}) -> transaction
              sub/s1: start -> inner
              sub/inner: sub-process -> e1
              inner/deep: Abstract task
              sub/e1: end
              sub/on-error: event sub-process
              on-error/s2: interrupting start error * -> e2
              on-error/e2: end
              sub/on-message: event sub-process
              on-message/s3: start message news-${region} -> e3
              on-message/e3: end
              transaction: transaction -> adhoc
              transaction/s4: start -> e4
              transaction/e4: end cancel
              cancelled: leaves transaction cancel -> end
              adhoc: sequential ad-hoc until ${enough} active ${wanted} keeping -> end
              adhoc/one: Abstract task
              adhoc/two: Abstract task
              end: end
        "#]],
    );
}

#[test]
fn gateways_split_and_join() {
    let contents = r#"<bpmn:startEvent id="start" /><bpmn:inclusiveGateway id="some" default="fd" /><bpmn:task id="a" default="fe" /><bpmn:task id="b" />
<bpmn:sequenceFlow id="fa" sourceRef="some" targetRef="a"><bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">#{x}</bpmn:conditionExpression></bpmn:sequenceFlow>
<bpmn:sequenceFlow id="fd" sourceRef="some" targetRef="b" />
<bpmn:sequenceFlow id="fc" sourceRef="a" targetRef="enough"><bpmn:conditionExpression language="JUEL">${y}</bpmn:conditionExpression></bpmn:sequenceFlow>
<bpmn:sequenceFlow id="fe" sourceRef="a" targetRef="race" />
<bpmn:complexGateway id="enough" gatewayDirection="Converging"><bpmn:activationCondition>${activationCount &gt; 1}</bpmn:activationCondition></bpmn:complexGateway>
<bpmn:eventBasedGateway id="race" instantiate="false" eventGatewayType="Exclusive" />
<bpmn:intermediateCatchEvent id="first"><bpmn:eventDefinitionRef>Timer_1</bpmn:eventDefinitionRef></bpmn:intermediateCatchEvent>
<bpmn:receiveTask id="second" messageRef="Message_2" />
<bpmn:endEvent id="end" />"#;
    let flows = flows("start>some b>enough enough>end race>first race>second first>end second>end");
    check(
        &format!("{contents}\n{flows}"),
        ROOTS,
        expect![[r#"
        p
          start: start -> some
          some: inclusive -> a if ${x}, b else
          a: Abstract task -> enough if ${y}, race else
          b: Abstract task -> enough
          enough: complex when ${activationCount > 1} -> end
          race: event gateway -> first, second
          first: catch duration "PT1H" -> end
          second: receive message news-${region} -> end
          end: end
    "#]],
    );
    let contents = r#"<bpmn:eventBasedGateway id="race" instantiate="true" eventGatewayType="Parallel" /><bpmn:receiveTask id="one" messageRef="Message_1" /><bpmn:receiveTask id="two" messageRef="Message_2" /><bpmn:endEvent id="end" />"#;
    let flows = self::flows("race>one race>two one>end two>end");
    check(
        &format!("{contents}\n{flows}"),
        ROOTS,
        expect![[r#"
        p
          race: event gateway starts all -> one, two
          one: receive message "paid" key ${order} -> end
          two: receive message news-${region} -> end
          end: end
    "#]],
    );
    let contents = r#"<bpmn:receiveTask id="begin" messageRef="Message_1" instantiate="true" /><bpmn:endEvent id="end" />"#;
    check(
        &format!("{contents}\n{}", self::flows("begin>end")),
        ROOTS,
        expect![[r#"
        p
          begin: receive message "paid" key ${order} starts -> end
          end: end
    "#]],
    );
}

#[test]
fn activities_are_repeated() {
    let contents = r#"<bpmn:startEvent id="start" />
<bpmn:task id="times"><bpmn:multiInstanceLoopCharacteristics isSequential="true"><bpmn:loopCardinality xsi:type="bpmn:tFormalExpression">3</bpmn:loopCardinality><bpmn:completionCondition xsi:type="bpmn:tFormalExpression">${nrOfCompletedInstances == 2}</bpmn:completionCondition></bpmn:multiInstanceLoopCharacteristics></bpmn:task>
<bpmn:task id="each"><bpmn:multiInstanceLoopCharacteristics camunda:collection="people" camunda:elementVariable="person" camunda:asyncBefore="true"><bpmn:extensionElements><camunda:inputOutput><camunda:outputParameter name="ages">${person.age + 1}</camunda:outputParameter></camunda:inputOutput></bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics></bpmn:task>
<bpmn:task id="each-of"><bpmn:multiInstanceLoopCharacteristics camunda:collection="${order.items}" camunda:elementVariable="item" /></bpmn:task>
<bpmn:task id="by-name"><bpmn:multiInstanceLoopCharacteristics><bpmn:loopDataInputRef>people</bpmn:loopDataInputRef><bpmn:loopDataOutputRef>votes</bpmn:loopDataOutputRef><bpmn:inputDataItem name="person" /><bpmn:outputDataItem name="vote" /></bpmn:multiInstanceLoopCharacteristics></bpmn:task>
<bpmn:task id="declared"><bpmn:ioSpecification><bpmn:dataInput id="In_2" name="people" /><bpmn:dataOutput id="Out_2" name="votes" /></bpmn:ioSpecification><bpmn:multiInstanceLoopCharacteristics><bpmn:loopDataInputRef>In_2</bpmn:loopDataInputRef><bpmn:loopDataOutputRef>Out_2</bpmn:loopDataOutputRef><bpmn:outputDataItem name="vote" /></bpmn:multiInstanceLoopCharacteristics></bpmn:task>
<bpmn:subProcess id="standard"><bpmn:ioSpecification><bpmn:dataInput id="In_1" name="all" /><bpmn:dataOutput id="Out_1" name="found" /><bpmn:inputSet><bpmn:dataInputRefs>In_1</bpmn:dataInputRefs></bpmn:inputSet><bpmn:outputSet><bpmn:dataOutputRefs>Out_1</bpmn:dataOutputRefs></bpmn:outputSet></bpmn:ioSpecification>
<bpmn:dataInputAssociation><bpmn:sourceRef>Orders</bpmn:sourceRef><bpmn:targetRef>In_1</bpmn:targetRef></bpmn:dataInputAssociation>
<bpmn:dataOutputAssociation><bpmn:sourceRef>Out_1</bpmn:sourceRef><bpmn:targetRef>Results</bpmn:targetRef></bpmn:dataOutputAssociation>
<bpmn:multiInstanceLoopCharacteristics><bpmn:loopDataInputRef>In_1</bpmn:loopDataInputRef><bpmn:loopDataOutputRef>Out_1</bpmn:loopDataOutputRef><bpmn:inputDataItem id="order" /><bpmn:outputDataItem id="result" /></bpmn:multiInstanceLoopCharacteristics><bpmn:task id="inside" /></bpmn:subProcess>
<bpmn:task id="again"><bpmn:standardLoopCharacteristics testBefore="true" loopMaximum="5"><bpmn:loopCondition>${more}</bpmn:loopCondition></bpmn:standardLoopCharacteristics></bpmn:task>
<bpmn:dataObject id="Orders" name="orders" isCollection="true"><bpmn:extensionElements><camunda:inputOutput><camunda:inputParameter name="orders"><camunda:list><camunda:value>1</camunda:value></camunda:list></camunda:inputParameter></camunda:inputOutput></bpmn:extensionElements></bpmn:dataObject><bpmn:dataObject id="Results" name="results" />
<bpmn:endEvent id="end" />"#;
    let flows = flows(
        "start>times times>each each>each-of each-of>by-name by-name>declared declared>standard standard>again again>end",
    );
    check(
        &format!("{contents}\n{flows}"),
        ROOTS,
        expect![[r#"
            p has orders=["1"], results
              start: start -> times
              times: Abstract task one by one times 3 until ${nrOfCompletedInstances == 2} -> each
              each: Abstract task at once each of ${people} as person gathers ages=${person.age + 1} -> each-of
              each-of: Abstract task at once each of ${order.items} as item -> by-name
              by-name: Abstract task at once each of ${people} as person gathers votes=${vote} -> declared
              declared: Abstract task at once each of ${people} gathers votes=${vote} -> standard
              standard: sub-process at once each of ${orders} as order gathers results=${result} -> again
              standard/inside: Abstract task
              again: Abstract task loop while ${more} most 5 asked before -> end
              end: end
        "#]],
    );
}

#[test]
fn data_is_variables_and_parameters() {
    let contents = r#"<bpmn:ioSpecification id="IO"><bpmn:dataInput id="PI" name="given" /></bpmn:ioSpecification><bpmn:property id="Property_1" name="tries" />
<bpmn:laneSet id="LaneSet_1"><bpmn:lane id="Lane_1" name="People"><bpmn:flowNodeRef>start</bpmn:flowNodeRef><bpmn:childLaneSet id="LaneSet_2"><bpmn:lane id="Lane_2"><bpmn:flowNodeRef>add</bpmn:flowNodeRef></bpmn:lane></bpmn:childLaneSet></bpmn:lane></bpmn:laneSet>
<bpmn:startEvent id="start" />
<bpmn:dataObject id="DataObject_1" /><bpmn:dataObjectReference id="Reference_1" name="Store name" dataObjectRef="DataObject_1"><bpmn:dataState name="new" /></bpmn:dataObjectReference>
<bpmn:dataStoreReference id="Store_1" name="Archive" />
<bpmn:serviceTask id="add" camunda:delegateExpression="${addUser}">
<bpmn:ioSpecification><bpmn:dataInput id="I1" name="storeName" /><bpmn:dataInput id="I2" name="userAttributes" /><bpmn:dataInput id="I3" name="userKey" /><bpmn:dataOutput id="O1" name="userId" /><bpmn:inputSet /><bpmn:outputSet /></bpmn:ioSpecification>
<bpmn:dataInputAssociation id="A1"><bpmn:sourceRef>Reference_1</bpmn:sourceRef><bpmn:targetRef>I1</bpmn:targetRef></bpmn:dataInputAssociation>
<bpmn:dataInputAssociation id="A2"><bpmn:sourceRef>Reference_1</bpmn:sourceRef><bpmn:sourceRef>Property_1</bpmn:sourceRef><bpmn:targetRef>I2</bpmn:targetRef><bpmn:transformation>${tries.map}</bpmn:transformation></bpmn:dataInputAssociation>
<bpmn:dataInputAssociation id="A3"><bpmn:targetRef>I3</bpmn:targetRef><bpmn:assignment><bpmn:from xsi:type="bpmn:tFormalExpression">user${tries}</bpmn:from><bpmn:to xsi:type="bpmn:tFormalExpression">${userKey}</bpmn:to></bpmn:assignment></bpmn:dataInputAssociation>
<bpmn:dataOutputAssociation id="A4"><bpmn:sourceRef>O1</bpmn:sourceRef><bpmn:targetRef>Property_1</bpmn:targetRef></bpmn:dataOutputAssociation>
</bpmn:serviceTask>
<bpmn:task id="drawn"><bpmn:property id="Property_2" name="__targetRef_placeholder" /><bpmn:dataInputAssociation id="A5"><bpmn:sourceRef>Store_1</bpmn:sourceRef><bpmn:targetRef>Property_2</bpmn:targetRef></bpmn:dataInputAssociation><bpmn:dataOutputAssociation id="A6"><bpmn:targetRef>Store_1</bpmn:targetRef></bpmn:dataOutputAssociation></bpmn:task>
<bpmn:intermediateCatchEvent id="hear"><bpmn:dataOutput id="O2" name="sum" /><bpmn:dataOutputAssociation><bpmn:sourceRef>O2</bpmn:sourceRef><bpmn:targetRef>Property_1</bpmn:targetRef></bpmn:dataOutputAssociation><bpmn:outputSet><bpmn:dataOutputRefs>O2</bpmn:dataOutputRefs></bpmn:outputSet><bpmn:messageEventDefinition messageRef="Message_2" /></bpmn:intermediateCatchEvent>
<bpmn:endEvent id="end"><bpmn:dataInput id="I4" name="tries" /><bpmn:dataInputAssociation><bpmn:sourceRef>Property_1</bpmn:sourceRef><bpmn:targetRef>I4</bpmn:targetRef></bpmn:dataInputAssociation><bpmn:inputSet /><bpmn:messageEventDefinition messageRef="Message_2" /></bpmn:endEvent>"#;
    let flows = flows("start>add add>drawn drawn>hear hear>end");
    let roots = format!(
        "{ROOTS}<bpmn:itemDefinition id=\"Item_1\" structureRef=\"xs:string\" /><bpmn:interface id=\"Interface_1\" name=\"i\"><bpmn:operation id=\"Operation_1\" name=\"o\"><bpmn:inMessageRef>Message_1</bpmn:inMessageRef></bpmn:operation></bpmn:interface><bpmn:resource id=\"Resource_1\" name=\"r\" /><bpmn:dataStore id=\"DataStore_1\" name=\"s\" />"
    );
    check(
        &format!("{contents}\n{flows}"),
        &roots,
        expect![[r#"
        p has tries, DataObject_1
          start: start -> add
          add: Service task addUser in(storeName=${DataObject_1}, userAttributes=${tries.map}, userKey=user${tries}) out(tries=${userId}) -> drawn
          drawn: Abstract task -> hear
          hear: catch message news-${region} out(tries=${sum}) -> end
          end: end message news-${region} in(tries=${tries})
    "#]],
    );
}

#[test]
fn a_message_event_may_run_the_activity_that_sends() {
    let contents = r#"<bpmn:startEvent id="start" />
<bpmn:intermediateThrowEvent id="throw" name="Told"><bpmn:extensionElements><camunda:inputOutput><camunda:inputParameter name="storeName">demo</camunda:inputParameter><camunda:outputParameter name="b">${c}</camunda:outputParameter></camunda:inputOutput></bpmn:extensionElements><bpmn:messageEventDefinition messageRef="Message_1" camunda:delegateExpression="${addUser}" /></bpmn:intermediateThrowEvent>
<bpmn:endEvent id="end"><bpmn:extensionElements><camunda:executionListener event="start" delegateExpression="${redirectMapperV1}" /><camunda:inputOutput><camunda:inputParameter name="screens">x</camunda:inputParameter></camunda:inputOutput></bpmn:extensionElements><bpmn:messageEventDefinition camunda:type="external" camunda:topic="simpleDecider" /></bpmn:endEvent>"#;
    let contents = format!("{contents}\n{}", flows("start>throw throw>end"));
    check(
        &contents,
        ROOTS,
        expect![[r#"
        p
          start: start -> throw
          throw: Throw task addUser in(storeName="demo") out(b=${c}) -> end
          end: End task simpleDecider
    "#]],
    );
    let mut told = String::new();
    for (old, new) in [
        ("camunda:delegateExpression=\"${addUser}\"", "camunda:class=\"a.B\""),
        ("addUser}", "addUsers}"),
        (
            "<bpmn:messageEventDefinition messageRef=\"Message_1\"",
            "<bpmn:signalEventDefinition signalRef=\"Signal_1\"",
        ),
        (
            "<bpmn:messageEventDefinition camunda",
            "<bpmn:terminateEventDefinition /><bpmn:messageEventDefinition camunda",
        ),
        ("targetRef=\"end\"", "targetRef=\"throw\""),
        ("sourceRef=\"throw\"", "sourceRef=\"end\""),
    ] {
        assert!(contents.contains(old), "{old}");
        let text = file(&contents.replacen(old, new, 1), ROOTS);
        told.push_str(&format!("{old} -> {new}\n{}", picture(Format::Bpmn, &text)));
    }
    expect![[r#"
        camunda:delegateExpression="${addUser}" -> camunda:class="a.B"
        line 5: throw: there is no activity a.B [unknown-activity]
        addUser} -> addUsers}
        line 5: throw: there is no activity addUsers; did you mean addUser? [unknown-activity]
        <bpmn:messageEventDefinition messageRef="Message_1" -> <bpmn:signalEventDefinition signalRef="Signal_1"
        line 5: throw: the attribute camunda:delegateExpression of signalEventDefinition is not understood; take it away [unknown-attribute]
        line 5: throw: a throwing event has no parameter b; take it away [unknown-parameter]
        <bpmn:messageEventDefinition camunda -> <bpmn:terminateEventDefinition /><bpmn:messageEventDefinition camunda
        line 6: end: only an event with one message runs an activity; take it away [unsupported-value]
        line 6: end: messageEventDefinition needs the attribute messageRef [missing-attribute]
        targetRef="end" -> targetRef="throw"
        line 5: throw: no end event can be reached from here; lead it to one [no-way-to-end]
        line 6: end: nothing leads here from the start; connect it or take it away [unreachable]
        sourceRef="throw" -> sourceRef="end"
        line 6: end: nothing leads here from the start; connect it or take it away [unreachable]
        line 6: end: no end event can be reached from here; lead it to one [no-way-to-end]
        line 8: f1: nothing leads on from an end event; take the flow away [flow-from-end]
    "#]].assert_eq(&told);
}
