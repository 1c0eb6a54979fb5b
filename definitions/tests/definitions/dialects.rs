//! What Camunda 8 says in its own words and what of both dialects is refused, by name.

use crate::picture::picture;
use definitions::Format;
use expect_test::{Expect, expect};

/// A file in the form that Camunda Modeler exports for Camunda 8.
pub(crate) fn zeebe(contents: &str, roots: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:modeler="http://camunda.org/schema/modeler/1.0" id="Definitions_1" targetNamespace="http://bpmn.io/schema/bpmn" exporter="Camunda Modeler" exporterVersion="5.28.0" modeler:executionPlatform="Camunda Cloud" modeler:executionPlatformVersion="8.6.0">
<bpmn:process id="p" isExecutable="true"><bpmn:extensionElements><zeebe:versionTag value="v3" /></bpmn:extensionElements>
{contents}
</bpmn:process>
{roots}
</bpmn:definitions>
"#
    )
}

/// A file in the form that Camunda Modeler exports for Camunda 7.
pub(crate) fn camunda(contents: &str, roots: &str) -> String {
    crate::bpmn_elements::file(contents, roots)
}

#[test]
fn a_file_of_camunda_8_is_translated() {
    let contents = r#"<bpmn:startEvent id="start" />
<bpmn:serviceTask id="add" name="Add" zeebe:modelerTemplate="io.x" zeebe:modelerTemplateVersion="1"><bpmn:extensionElements><zeebe:taskDefinition type="addUser" retries="5" /><zeebe:taskHeaders><zeebe:header key="storeName" value="demo" /><zeebe:header key="userKey" value="other" /></zeebe:taskHeaders><zeebe:ioMapping><zeebe:input source="=customer.id" target="userExternalId" /><zeebe:input source="user${n}" target="userKey" /><zeebe:output source="=userId" target="added" /></zeebe:ioMapping><zeebe:properties><zeebe:property name="note" value="x" /></zeebe:properties></bpmn:extensionElements></bpmn:serviceTask>
<bpmn:userTask id="ask"><bpmn:extensionElements><zeebe:userTask /><zeebe:formDefinition externalReference="customDataForm" /><zeebe:ioMapping><zeebe:input source="=&#34;f&#34;" target="dataFormName" /><zeebe:input source="=1" target="dataFormVersion" /></zeebe:ioMapping></bpmn:extensionElements></bpmn:userTask>
<bpmn:scriptTask id="script"><bpmn:extensionElements><zeebe:script expression="=a * 2 + 1" resultVariable="sum" /></bpmn:extensionElements></bpmn:scriptTask>
<bpmn:businessRuleTask id="rule"><bpmn:extensionElements><zeebe:calledDecision decisionId="limits" resultVariable="limit" bindingType="versionTag" versionTag="v1" /></bpmn:extensionElements></bpmn:businessRuleTask>
<bpmn:callActivity id="call"><bpmn:extensionElements><zeebe:calledElement processId="child" bindingType="deployment" propagateAllChildVariables="false" /><zeebe:ioMapping><zeebe:input source="=a" target="b" /><zeebe:output source="=c" target="d" /></zeebe:ioMapping></bpmn:extensionElements></bpmn:callActivity>
<bpmn:callActivity id="call-by-name"><bpmn:extensionElements><zeebe:calledElement processId="=which" propagateAllParentVariables="false" /></bpmn:extensionElements></bpmn:callActivity>
<bpmn:sendTask id="send"><bpmn:extensionElements><zeebe:taskDefinition type="simpleDecider" /></bpmn:extensionElements></bpmn:sendTask>
<bpmn:receiveTask id="receive" messageRef="Message_1" />
<bpmn:task id="each"><bpmn:multiInstanceLoopCharacteristics isSequential="true"><bpmn:extensionElements><zeebe:loopCharacteristics inputCollection="=people" inputElement="person" outputCollection="names" outputElement="=person.name" /></bpmn:extensionElements><bpmn:completionCondition xsi:type="bpmn:tFormalExpression">=count(names) &gt; 2</bpmn:completionCondition></bpmn:multiInstanceLoopCharacteristics></bpmn:task>
<bpmn:adHocSubProcess id="adhoc"><bpmn:extensionElements><zeebe:adHoc activeElementsCollection="=wanted" /></bpmn:extensionElements><bpmn:completionCondition xsi:type="bpmn:tFormalExpression">=done = true</bpmn:completionCondition><bpmn:task id="inside" /></bpmn:adHocSubProcess>
<bpmn:intermediateCatchEvent id="wait"><bpmn:timerEventDefinition><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">=patience</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>
<bpmn:intermediateThrowEvent id="alarm"><bpmn:signalEventDefinition signalRef="Signal_1" /></bpmn:intermediateThrowEvent>
<bpmn:exclusiveGateway id="which" default="else" />
<bpmn:sequenceFlow id="if" sourceRef="which" targetRef="end"><bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=sum &gt; 3 and name = "x"</bpmn:conditionExpression></bpmn:sequenceFlow>
<bpmn:sequenceFlow id="else" sourceRef="which" targetRef="end" />
<bpmn:endEvent id="end"><bpmn:terminateEventDefinition /></bpmn:endEvent>"#;
    let flows = crate::bpmn_elements::flows(
        "start>add add>ask ask>script script>rule rule>call call>call-by-name call-by-name>send send>receive receive>each each>adhoc adhoc>wait wait>alarm alarm>which",
    );
    let roots = r#"<bpmn:message id="Message_1" name="paid"><bpmn:extensionElements><zeebe:subscription correlationKey="=order.id" /></bpmn:extensionElements></bpmn:message><bpmn:signal id="Signal_1" name="=region" />"#;
    let text = zeebe(&format!("{contents}\n{flows}"), roots);
    expect![[r#"
        p tag=v3
          start: start -> add
          add: Service task addUser in(userExternalId=${customer.id}, userKey="user${n}", storeName="demo") out(added=${userId}) -> ask
          ask: User task customDataForm in(dataFormName="f", dataFormVersion=1) -> script
          script: script ${a == null ? null : a * 2 + 1} to sum -> rule
          rule: decision "limits" tag "v1" to limit -> call
          call: call "child" of this deployment gives all gives(b=${a}) takes(d=${c}) -> call-by-name
          call-by-name: call ${which} takes all -> send
          send: Send task simpleDecider -> receive
          receive: receive message "paid" key ${order.id} -> each
          each: Abstract task one by one each of ${people} as person until ${names != null && names.size() > 2} gathers names=${person.name} -> adhoc
          adhoc: parallel ad-hoc until ${done == true} active ${wanted} -> wait
          adhoc/inside: Abstract task
          wait: catch duration ${patience} -> alarm
          alarm: throw signal ${region} -> which
          which: exclusive -> end if ${sum > 3 && name == "x"}, end else
          end: end terminate
    "#]].assert_eq(&picture(Format::Bpmn, &text));
}

#[test]
fn what_camunda_8_counts_in_a_repetition_is_counted_as_here() {
    let repeated = |inputs: &str, sequential: bool, until: &str| {
        format!(
            r#"<bpmn:multiInstanceLoopCharacteristics isSequential="{sequential}"><bpmn:extensionElements><zeebe:loopCharacteristics {inputs} /></bpmn:extensionElements><bpmn:completionCondition>{until}</bpmn:completionCondition></bpmn:multiInstanceLoopCharacteristics>"#
        )
    };
    let people = r#"inputCollection="=people""#;
    let all = "=numberOfCompletedInstances &gt;= 2 and numberOfInstances - numberOfTerminatedInstances &gt; numberOfActiveInstances";
    let numbered = repeated(
        &format!(r#"{people} outputCollection="numbers" outputElement="=loopCounter""#),
        false,
        all,
    );
    let inner = repeated(
        r#"inputCollection="=if loopCounter = 1 then one else two" outputCollection="n" outputElement="=numberOfInstances + loopCounter""#,
        true,
        "=loopCounter = 2",
    );
    let mapping = r#"<bpmn:extensionElements><zeebe:ioMapping><zeebe:input source="=loopCounter * 2" target="twice" /></zeebe:ioMapping></bpmn:extensionElements>"#;
    let call = format!(
        r#"<bpmn:callActivity id="call"><bpmn:extensionElements><zeebe:calledElement processId="child" /></bpmn:extensionElements>{}</bpmn:callActivity>"#,
        repeated(people, true, "=false")
    );
    let contents = format!(
        r#"<bpmn:startEvent id="start" />
<bpmn:task id="number">{numbered}</bpmn:task>
<bpmn:boundaryEvent id="late" attachedToRef="number"><bpmn:timerEventDefinition><bpmn:timeDuration>=patience[1]</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>
<bpmn:subProcess id="all">{mapping}{}<bpmn:task id="each">{inner}</bpmn:task><bpmn:exclusiveGateway id="which" default="else" />
<bpmn:sequenceFlow id="to" sourceRef="each" targetRef="which" /><bpmn:sequenceFlow id="if" sourceRef="which" targetRef="one"><bpmn:conditionExpression>=loopCounter = 1 and "x" + string(loopCounter) != y</bpmn:conditionExpression></bpmn:sequenceFlow><bpmn:sequenceFlow id="else" sourceRef="which" targetRef="two" /><bpmn:endEvent id="one" /><bpmn:endEvent id="two" /></bpmn:subProcess>
{call}
<bpmn:scriptTask id="script"><bpmn:extensionElements><zeebe:script expression="=loopCounter" resultVariable="own" /></bpmn:extensionElements></bpmn:scriptTask>
<bpmn:endEvent id="end" />"#,
        repeated(people, false, "=numberOfActiveInstances = 0")
    );
    let flows = crate::bpmn_elements::flows(
        "start>number number>all all>call call>script script>end late>end",
    );
    expect![[r#"
        p tag=v3
          start: start -> number
          number: Abstract task at once each of ${people} until ${nrOfCompletedInstances >= 2 && nrOfInstances - nrOfTerminatedInstances > nrOfActiveInstances} gathers numbers=${(loopCounter + 1)} -> all
          late: leaves number duration ${patience[0]} -> end
          all: sub-process in(twice=${(loopCounter + 1) * 2}) at once each of ${people} until ${nrOfActiveInstances == 0} -> call
          all/each: Abstract task one by one each of ${(loopCounter + 1) == 1 ? one : two} until ${nrOfCompletedInstances == 2} gathers n=${numberOfInstances == null ? null : numberOfInstances + (loopCounter + 1)} -> which
          all/which: exclusive -> one if ${(loopCounter + 1) == 1 && "x" += (loopCounter + 1).toString() != y}, two else
          all/one: end
          all/two: end
          call: call "child" gives all gives(loopCounter=${loopCounter + 1}) takes all one by one each of ${people} until ${false} -> script
          script: script ${loopCounter} to own -> end
          end: end
    "#]]
    .assert_eq(&picture(Format::Bpmn, &zeebe(&format!("{contents}\n{flows}"), "")));
}

#[test]
fn a_number_that_camunda_8_counts_elsewhere_is_refused() {
    let repeated = |until: &str| {
        format!(
            "<bpmn:receiveTask id=\"n\" messageRef=\"K\"><bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements><zeebe:loopCharacteristics inputCollection=\"=a\" /></bpmn:extensionElements><bpmn:completionCondition>{until}</bpmn:completionCondition></bpmn:multiInstanceLoopCharacteristics></bpmn:receiveTask>"
        )
    };
    let cases = [repeated("=loopCounter = 2"), repeated("=numberOfInstances.x")];
    let keyed = |contents: &str, roots: &str| {
        zeebe(
            contents,
            &format!(
                r#"{roots}<bpmn:message id="K" name="k"><bpmn:extensionElements><zeebe:subscription correlationKey="=loopCounter" /></bpmn:extensionElements></bpmn:message>"#
            ),
        )
    };
    check(
        keyed,
        &cases.each_ref().map(String::as_str),
        expect![[r#"
            <receiveTask id="n" messageRef="K"><multiInstanceLoopCharacteristics><extensionElements><zeebe:loopCharacteristics inputCollection="=a" /></extensionElements><completionCondition>=loopCounter = 2</completionCondition></multiInstanceLoopCharacteristics></receiveTask>
              line 7: n: in completionCondition: the completion condition of instances that run together sees the number of none of them; ask for numberOfCompletedInstances instead of loopCounter (at character 1) [invalid-expression]
              line 9: K: in correlationKey: loopCounter is not known where several elements may refer to this; set a variable to it in the repeated activity and name that (at character 1) [invalid-expression]
            <receiveTask id="n" messageRef="K"><multiInstanceLoopCharacteristics><extensionElements><zeebe:loopCharacteristics inputCollection="=a" /></extensionElements><completionCondition>=numberOfInstances.x</completionCondition></multiInstanceLoopCharacteristics></receiveTask>
              line 7: n: in completionCondition: a path begins with a name; any other is not translated (at character 18) [invalid-expression]
              line 9: K: in correlationKey: loopCounter is not known where several elements may refer to this; set a variable to it in the repeated activity and name that (at character 1) [invalid-expression]
        "#]],
    );
}

/// What is said of an element between a start and an end event, a line for each case.
fn check(file: impl Fn(&str, &str) -> String, cases: &[&str], expected: Expect) {
    let mut actual = String::new();
    let roots = r#"<bpmn:message id="M" name="m" /><bpmn:signal id="S" name="s" /><bpmn:error id="E" errorCode="e" />"#;
    for case in cases {
        let contents = format!(
            "<bpmn:startEvent id=\"start\" /><bpmn:endEvent id=\"end\" />{}\n{case}",
            crate::bpmn_elements::flows("start>n n>end")
        );
        let flaws = picture(Format::Bpmn, &file(&contents, roots));
        let flaws: String = flaws.lines().map(|flaw| format!("  {flaw}\n")).collect();
        actual.push_str(&format!("{}\n{flaws}", case.replace("bpmn:", "")));
    }
    expected.assert_eq(&actual);
}

/// A task with extension elements.
fn task(name: &str, attributes: &str, extensions: &str) -> String {
    format!(
        "<bpmn:{name} id=\"n\" {attributes}><bpmn:extensionElements>{extensions}</bpmn:extensionElements></bpmn:{name}>"
    )
}

#[test]
fn a_conditional_filter_and_the_order_of_tasks_of_camunda_8_are_those_of_camunda_7() {
    let contents = r#"<bpmn:startEvent id="start" />
<bpmn:manualTask id="do"><bpmn:extensionElements><zeebe:priorityDefinition priority="=5" /><zeebe:taskSchedule dueDate="=d" followUpDate="=e" /></bpmn:extensionElements></bpmn:manualTask>
<bpmn:intermediateCatchEvent id="wait"><bpmn:conditionalEventDefinition><bpmn:extensionElements><zeebe:conditionalFilter variableNames="a" variableEvents="update" /></bpmn:extensionElements><bpmn:condition>=a &gt; 5</bpmn:condition></bpmn:conditionalEventDefinition></bpmn:intermediateCatchEvent>
<bpmn:endEvent id="end" />"#;
    let flows = crate::bpmn_elements::flows("start>do do>wait wait>end");
    expect![[r#"
        p tag=v3
          start: start -> do
          do: Manual task -> wait
          wait: catch condition ${a > 5} of a updated -> end
          end: end
    "#]]
    .assert_eq(&picture(Format::Bpmn, &zeebe(&format!("{contents}{flows}"), "")));
}

#[test]
fn what_camunda_8_says_beyond_is_refused() {
    let service = |rest: &str| {
        task("serviceTask", "", &format!("<zeebe:taskDefinition type=\"simpleDecider\" />{rest}"))
    };
    let filtered = |filter: &str| {
        format!(
            "<bpmn:intermediateCatchEvent id=\"n\"><bpmn:conditionalEventDefinition><bpmn:extensionElements><zeebe:conditionalFilter {filter} /></bpmn:extensionElements><bpmn:condition>=a</bpmn:condition></bpmn:conditionalEventDefinition></bpmn:intermediateCatchEvent>"
        )
    };
    let cases = [
        task("serviceTask", "", "<zeebe:taskDefinition type=\"=which\" />"),
        task("serviceTask", "", "<zeebe:taskDefinition type=\"payments\" />"),
        task("serviceTask", "", "<zeebe:taskDefinition retries=\"3\" />"),
        task("serviceTask", "", "<zeebe:taskDefinition type=\"simpleDecider\" retries=\"=n\" />"),
        service("<zeebe:taskDefinition type=\"simpleDecider\" />"),
        service("<zeebe:taskHeaders><zeebe:header key=\"strange\" value=\"1\" /></zeebe:taskHeaders>"),
        service("<zeebe:taskHeaders><zeebe:other /></zeebe:taskHeaders>"),
        service("<zeebe:ioMapping><zeebe:output source=\"=a\" target=\"b.c\" /></zeebe:ioMapping>"),
        service("<zeebe:ioMapping><zeebe:output source=\"=for x in y return x\" target=\"b\" /></zeebe:ioMapping>"),
        service("<zeebe:ioMapping><zeebe:output source=\"=a\" /></zeebe:ioMapping>"),
        service("<zeebe:executionListeners><zeebe:executionListener eventType=\"start\" type=\"x\" /></zeebe:executionListeners>"),
        service("<zeebe:linkedResources />"),
        task("userTask", "", "<zeebe:userTask /><zeebe:formDefinition formId=\"f\" />"),
        task("userTask", "", "<zeebe:userTask /><zeebe:formDefinition formId=\"f\" /><zeebe:ioMapping><zeebe:input source=\"=2\" target=\"dataFormVersion\" /></zeebe:ioMapping>"),
        task("userTask", "", "<zeebe:userTask /><zeebe:formDefinition formId=\"f\" bindingType=\"deployment\" />"),
        task("userTask", "", "<zeebe:formDefinition formKey=\"camunda-forms:bpmn:f\" />"),
        task("userTask", "", "<zeebe:formDefinition externalReference=\"customDataForm\" /><zeebe:assignmentDefinition assignee=\"me\" />"),
        task("userTask", "", "<zeebe:formDefinition externalReference=\"customDataForm\" /><zeebe:taskListeners />"),
        task("scriptTask", "", "<zeebe:taskDefinition type=\"x\" />"),
        task("scriptTask", "", "<zeebe:script expression=\"=some x in y satisfies x\" resultVariable=\"r\" />"),
        task("scriptTask", "", "<zeebe:script expression=\"=null\" resultVariable=\"r\" />"),
        task("scriptTask", "", "<zeebe:script expression=\"=&#34;&#34;\" resultVariable=\"r\" />"),
        task("scriptTask", "", "<zeebe:script expression=\"=\" resultVariable=\"r\" />"),
        task("scriptTask", "", "<zeebe:script expression=\"\" resultVariable=\"r\" />"),
        task("businessRuleTask", "", ""),
        task("businessRuleTask", "", "<zeebe:calledDecision decisionId=\"d\" /><zeebe:taskDefinition type=\"simpleDecider\" />"),
        task("businessRuleTask", "", "<zeebe:calledDecision decisionId=\"d\" bindingType=\"newest\" />"),
        task("callActivity", "", "<zeebe:calledElement />"),
        task("callActivity", "", "<zeebe:calledElement processId=\"c\" bindingType=\"versionTag\" />"),
        task("callActivity", "", "<zeebe:calledElement processId=\"c\" propagateAllChildVariables=\"no\" />"),
        task("intermediateThrowEvent", "", "<zeebe:taskDefinition type=\"simpleDecider\" />").replace("</bpmn:int", "<bpmn:messageEventDefinition messageRef=\"M\" /></bpmn:int"),
        "<bpmn:task id=\"n\"><bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements><zeebe:loopCharacteristics inputCollection=\"=a\" outputCollection=\"b\" /></bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics></bpmn:task>".into(),
        "<bpmn:adHocSubProcess id=\"n\"><bpmn:extensionElements><zeebe:adHoc outputCollection=\"b\" /></bpmn:extensionElements><bpmn:task id=\"t\" /></bpmn:adHocSubProcess>".into(),
        "<bpmn:intermediateCatchEvent id=\"n\"><bpmn:conditionalEventDefinition><bpmn:condition>=function(x) x</bpmn:condition></bpmn:conditionalEventDefinition></bpmn:intermediateCatchEvent>".into(),
        filtered("variableNames=\"a, b\""),
        filtered("variableEvents=\"delete\""),
        filtered("variable=\"a\""),
    ];
    let cases: Vec<&str> = cases.iter().map(String::as_str).collect();
    check(
        zeebe,
        &cases,
        expect![[r#"
            <serviceTask id="n" ><extensionElements><zeebe:taskDefinition type="=which" /></extensionElements></serviceTask>
              line 7: n: zeebe:taskDefinition names an activity as its type, not an expression [unknown-activity]
            <serviceTask id="n" ><extensionElements><zeebe:taskDefinition type="payments" /></extensionElements></serviceTask>
              line 7: n: there is no activity payments [unknown-activity]
            <serviceTask id="n" ><extensionElements><zeebe:taskDefinition retries="3" /></extensionElements></serviceTask>
              line 7: n: taskDefinition needs the attribute type [missing-attribute]
            <serviceTask id="n" ><extensionElements><zeebe:taskDefinition type="simpleDecider" retries="=n" /></extensionElements></serviceTask>
              line 7: n: retries is a whole number, not =n [wrong-type]
            <serviceTask id="n" ><extensionElements><zeebe:taskDefinition type="simpleDecider" /><zeebe:taskDefinition type="simpleDecider" /></extensionElements></serviceTask>
              line 7: n: zeebe:taskDefinition is there twice; keep one [wrong-shape]
            <serviceTask id="n" ><extensionElements><zeebe:taskDefinition type="simpleDecider" /><zeebe:taskHeaders><zeebe:header key="strange" value="1" /></zeebe:taskHeaders></extensionElements></serviceTask>
              line 7: n: simpleDecider has no parameter strange [unknown-parameter]
            <serviceTask id="n" ><extensionElements><zeebe:taskDefinition type="simpleDecider" /><zeebe:taskHeaders><zeebe:other /></zeebe:taskHeaders></extensionElements></serviceTask>
              line 7: n: other in taskHeaders is not understood; take it away [unknown-element]
            <serviceTask id="n" ><extensionElements><zeebe:taskDefinition type="simpleDecider" /><zeebe:ioMapping><zeebe:output source="=a" target="b.c" /></zeebe:ioMapping></extensionElements></serviceTask>
              line 7: n: a mapping goes to a whole variable, not into it; name another target than b.c [unsupported-value]
            <serviceTask id="n" ><extensionElements><zeebe:taskDefinition type="simpleDecider" /><zeebe:ioMapping><zeebe:output source="=for x in y return x" target="b" /></zeebe:ioMapping></extensionElements></serviceTask>
              line 7: n: in the mapping to b: for is not translated (at character 1) [invalid-expression]
            <serviceTask id="n" ><extensionElements><zeebe:taskDefinition type="simpleDecider" /><zeebe:ioMapping><zeebe:output source="=a" /></zeebe:ioMapping></extensionElements></serviceTask>
              line 7: n: output needs the attribute target [missing-attribute]
            <serviceTask id="n" ><extensionElements><zeebe:taskDefinition type="simpleDecider" /><zeebe:executionListeners><zeebe:executionListener eventType="start" type="x" /></zeebe:executionListeners></extensionElements></serviceTask>
              line 7: n: executionListeners in serviceTask is not understood; take it away [unknown-element]
            <serviceTask id="n" ><extensionElements><zeebe:taskDefinition type="simpleDecider" /><zeebe:linkedResources /></extensionElements></serviceTask>
              line 7: n: linkedResources in serviceTask is not understood; take it away [unknown-element]
            <userTask id="n" ><extensionElements><zeebe:userTask /><zeebe:formDefinition formId="f" /></extensionElements></userTask>
              line 7: n: a deployed form has versions; say which one is shown with an input dataFormVersion [missing-parameter]
            <userTask id="n" ><extensionElements><zeebe:userTask /><zeebe:formDefinition formId="f" /><zeebe:ioMapping><zeebe:input source="=2" target="dataFormVersion" /></zeebe:ioMapping></extensionElements></userTask>
              p tag=v3
                start: start -> n
                end: end
                n: User task customDataForm in(dataFormVersion=2, dataFormName="f") -> end
            <userTask id="n" ><extensionElements><zeebe:userTask /><zeebe:formDefinition formId="f" bindingType="deployment" /></extensionElements></userTask>
              line 7: n: bindingType="deployment" of formDefinition is not supported; only latest is [unsupported-value]
              line 7: n: a deployed form has versions; say which one is shown with an input dataFormVersion [missing-parameter]
            <userTask id="n" ><extensionElements><zeebe:formDefinition formKey="camunda-forms:f" /></extensionElements></userTask>
              line 7: n: zeebe:formDefinition names a deployed form as its formId, or the activity that asks the user as its externalReference; put the form in and deploy it under a name [unknown-activity]
            <userTask id="n" ><extensionElements><zeebe:formDefinition externalReference="customDataForm" /><zeebe:assignmentDefinition assignee="me" /></extensionElements></userTask>
              p tag=v3
                start: start -> n
                end: end
                n: User task customDataForm assignee: "me" -> end
            <userTask id="n" ><extensionElements><zeebe:formDefinition externalReference="customDataForm" /><zeebe:taskListeners /></extensionElements></userTask>
              line 7: n: taskListeners in userTask is not understood; take it away [unknown-element]
            <scriptTask id="n" ><extensionElements><zeebe:taskDefinition type="x" /></extensionElements></scriptTask>
              line 7: n: taskDefinition in scriptTask is not understood; take it away [unknown-element]
              line 7: n: a script task needs a zeebe:script [missing-script]
            <scriptTask id="n" ><extensionElements><zeebe:script expression="=some x in y satisfies x" resultVariable="r" /></extensionElements></scriptTask>
              line 7: n: in the script: some is not translated (at character 1) [invalid-expression]
            <scriptTask id="n" ><extensionElements><zeebe:script expression="=null" resultVariable="r" /></extensionElements></scriptTask>
              p tag=v3
                start: start -> n
                end: end
                n: script null to r -> end
            <scriptTask id="n" ><extensionElements><zeebe:script expression="=&#34;&#34;" resultVariable="r" /></extensionElements></scriptTask>
              p tag=v3
                start: start -> n
                end: end
                n: script "" to r -> end
            <scriptTask id="n" ><extensionElements><zeebe:script expression="=" resultVariable="r" /></extensionElements></scriptTask>
              line 7: n: in the script: the expression is empty (at character 1) [invalid-expression]
            <scriptTask id="n" ><extensionElements><zeebe:script expression="" resultVariable="r" /></extensionElements></scriptTask>
              line 7: n: script needs the attribute expression [missing-attribute]
            <businessRuleTask id="n" ><extensionElements></extensionElements></businessRuleTask>
              line 7: n: a business rule task names a decision, as camunda:decisionRef or zeebe:calledDecision, or an activity [missing-attribute]
            <businessRuleTask id="n" ><extensionElements><zeebe:calledDecision decisionId="d" /><zeebe:taskDefinition type="simpleDecider" /></extensionElements></businessRuleTask>
              line 7: n: a business rule task evaluates a decision or runs an activity; take one away [unsupported-value]
            <businessRuleTask id="n" ><extensionElements><zeebe:calledDecision decisionId="d" bindingType="newest" /></extensionElements></businessRuleTask>
              line 7: n: bindingType="newest" of calledDecision is not supported; only latest or deployment or versionTag is [unsupported-value]
            <callActivity id="n" ><extensionElements><zeebe:calledElement /></extensionElements></callActivity>
              line 7: n: a call activity names the called process as processId [missing-attribute]
            <callActivity id="n" ><extensionElements><zeebe:calledElement processId="c" bindingType="versionTag" /></extensionElements></callActivity>
              line 7: n: calledElement needs the attribute versionTag [missing-attribute]
            <callActivity id="n" ><extensionElements><zeebe:calledElement processId="c" propagateAllChildVariables="no" /></extensionElements></callActivity>
              line 7: n: propagateAllChildVariables="no" of calledElement is not supported; only true or false is [unsupported-value]
            <intermediateThrowEvent id="n" ><extensionElements><zeebe:taskDefinition type="simpleDecider" /></extensionElements><messageEventDefinition messageRef="M" /></intermediateThrowEvent>
              p tag=v3
                start: start -> n
                end: end
                n: Throw task simpleDecider -> end
            <task id="n"><multiInstanceLoopCharacteristics><extensionElements><zeebe:loopCharacteristics inputCollection="=a" outputCollection="b" /></extensionElements></multiInstanceLoopCharacteristics></task>
              line 7: n: outputCollection and outputElement go together; give both [wrong-shape]
            <adHocSubProcess id="n"><extensionElements><zeebe:adHoc outputCollection="b" /></extensionElements><task id="t" /></adHocSubProcess>
              line 7: n: the attribute outputCollection of adHoc is not understood; take it away [unknown-attribute]
            <intermediateCatchEvent id="n"><conditionalEventDefinition><condition>=function(x) x</condition></conditionalEventDefinition></intermediateCatchEvent>
              line 7: n: in condition: function is not translated (at character 1) [invalid-expression]
            <intermediateCatchEvent id="n"><conditionalEventDefinition><extensionElements><zeebe:conditionalFilter variableNames="a, b" /></extensionElements><condition>=a</condition></conditionalEventDefinition></intermediateCatchEvent>
              line 7: n: a condition is asked after the changes of one variable or of all; name one as variableNames, or none [unsupported-value]
            <intermediateCatchEvent id="n"><conditionalEventDefinition><extensionElements><zeebe:conditionalFilter variableEvents="delete" /></extensionElements><condition>=a</condition></conditionalEventDefinition></intermediateCatchEvent>
              line 7: n: variables are not deleted, so nothing would ask the condition; name create or update as variableEvents [unsupported-value]
            <intermediateCatchEvent id="n"><conditionalEventDefinition><extensionElements><zeebe:conditionalFilter variable="a" /></extensionElements><condition>=a</condition></conditionalEventDefinition></intermediateCatchEvent>
              line 7: n: the attribute variable of conditionalFilter is not understood; take it away [unknown-attribute]
        "#]],
    );
}

#[test]
fn what_camunda_7_says_beyond_is_refused() {
    let service =
        |rest: &str| task("serviceTask", "camunda:delegateExpression=\"${simpleDecider}\"", rest);
    let catch = |rest: &str| {
        format!("<bpmn:intermediateCatchEvent id=\"n\">{rest}</bpmn:intermediateCatchEvent>")
    };
    let throw = |rest: &str| {
        format!("<bpmn:intermediateThrowEvent id=\"n\">{rest}</bpmn:intermediateThrowEvent>")
    };
    let multiple = |attributes: &str, rest: &str| {
        format!(
            "<bpmn:task id=\"n\"><bpmn:multiInstanceLoopCharacteristics {attributes}>{rest}</bpmn:multiInstanceLoopCharacteristics></bpmn:task>"
        )
    };
    let cases = [
        task("serviceTask", "camunda:class=\"org.x\"", ""),
        task("serviceTask", "camunda:expression=\"${x.y()}\"", ""),
        service("<camunda:failedJobRetryTimeCycle>R3/PT1M</camunda:failedJobRetryTimeCycle>"),
        service("<camunda:errorEventDefinition errorRef=\"E\" expression=\"${x}\" />"),
        service("<camunda:connector />"),
        service("<camunda:field name=\"a\" stringValue=\"b\" />"),
        service("<camunda:inputOutput><camunda:outputParameter name=\"a\"><camunda:script scriptFormat=\"groovy\">1</camunda:script></camunda:outputParameter></camunda:inputOutput>"),
        task("userTask", "camunda:formKey=\"customDataForm\" camunda:assignee=\"me\"", "<camunda:taskListener event=\"create\" class=\"x\" />"),
        task("userTask", "camunda:formRef=\"f\"", "<camunda:formData />"),
        task("scriptTask", "scriptFormat=\"javascript\"", "").replace("</bpmn:script", "<bpmn:script>1</bpmn:script></bpmn:script"),
        task("scriptTask", "scriptFormat=\"juel\" camunda:resource=\"x\"", ""),
        task("scriptTask", "scriptFormat=\"juel\"", "").replace("</bpmn:script", "<bpmn:script>${a +}</bpmn:script></bpmn:script"),
        task("sendTask", "", ""),
        task("sendTask", "messageRef=\"M\" camunda:type=\"external\" camunda:topic=\"simpleDecider\"", ""),
        task("receiveTask", "messageRef=\"none\"", ""),
        task("businessRuleTask", "camunda:decisionRef=\"d\" camunda:mapDecisionResult=\"allResults\"", ""),
        task("businessRuleTask", "camunda:decisionRef=\"d\" camunda:decisionRefBinding=\"version\"", ""),
        task("businessRuleTask", "camunda:decisionRef=\"d\" camunda:decisionRefTenantId=\"t\"", ""),
        task("businessRuleTask", "camunda:decisionRef=\"d\" camunda:type=\"external\" camunda:topic=\"simpleDecider\"", ""),
        task("callActivity", "", ""),
        task("callActivity", "calledElement=\"c\" camunda:calledElementBinding=\"oldest\"", ""),
        task("callActivity", "calledElement=\"c\" camunda:calledElementBinding=\"versionTag\"", ""),
        task("callActivity", "calledElement=\"c\" camunda:variableMappingClass=\"x\"", ""),
        task("callActivity", "calledElement=\"c\" camunda:caseRef=\"x\"", ""),
        task("callActivity", "calledElement=\"c\"", "<camunda:in target=\"a\" /><camunda:in source=\"a b\" target=\"a\" /><camunda:out source=\"a\" /><camunda:out variables=\"some\" /><camunda:in variables=\"all\" local=\"true\" />"),
        throw("<bpmn:messageEventDefinition messageRef=\"M\" camunda:type=\"external\" camunda:topic=\"simpleDecider\" />"),
        throw("<bpmn:messageEventDefinition />"),
        throw("<bpmn:messageEventDefinition messageRef=\"none\" />"),
        throw("<bpmn:signalEventDefinition signalRef=\"S\"><bpmn:extensionElements><camunda:in variables=\"all\" /></bpmn:extensionElements></bpmn:signalEventDefinition>"),
        throw("<bpmn:signalEventDefinition signalRef=\"none\" />"),
        throw("<bpmn:signalEventDefinition />"),
        throw("<bpmn:escalationEventDefinition escalationRef=\"none\" />"),
        throw("<bpmn:eventDefinitionRef>none</bpmn:eventDefinitionRef>"),
        throw("<bpmn:extensionElements><camunda:inputOutput><camunda:inputParameter name=\"a\">1</camunda:inputParameter><camunda:outputParameter name=\"b\">1</camunda:outputParameter></camunda:inputOutput><camunda:executionListener event=\"start\" delegateExpression=\"${x}\" /></bpmn:extensionElements>"),
        catch("<bpmn:extensionElements><camunda:inputOutput><camunda:inputParameter name=\"a\">1</camunda:inputParameter></camunda:inputOutput></bpmn:extensionElements><bpmn:signalEventDefinition signalRef=\"S\" />"),
        catch("<bpmn:timerEventDefinition><bpmn:timeDate>tomorrow</bpmn:timeDate></bpmn:timerEventDefinition>"),
        catch("<bpmn:timerEventDefinition><bpmn:timeCycle>often</bpmn:timeCycle></bpmn:timerEventDefinition>"),
        catch("<bpmn:timerEventDefinition><bpmn:timeDuration /></bpmn:timerEventDefinition>"),
        catch("<bpmn:timerEventDefinition><bpmn:timeDate /></bpmn:timerEventDefinition>"),
        catch("<bpmn:timerEventDefinition><bpmn:timeCycle> </bpmn:timeCycle></bpmn:timerEventDefinition>"),
        catch("<bpmn:timerEventDefinition />"),
        catch("<bpmn:timerEventDefinition><bpmn:timeDuration>PT1M</bpmn:timeDuration><bpmn:timeCycle>R/PT1M</bpmn:timeCycle></bpmn:timerEventDefinition>"),
        throw("<bpmn:timerEventDefinition />"),
        throw("<bpmn:timerEventDefinition><bpmn:timeDuration>PT1M</bpmn:timeDuration></bpmn:timerEventDefinition>"),
        throw("<bpmn:conditionalEventDefinition />"),
        catch("<bpmn:conditionalEventDefinition camunda:variableName=\"x\"><bpmn:condition>${x}</bpmn:condition></bpmn:conditionalEventDefinition>"),
        catch("<bpmn:conditionalEventDefinition />"),
        catch("<bpmn:conditionalEventDefinition><bpmn:condition language=\"groovy\">x</bpmn:condition></bpmn:conditionalEventDefinition>"),
        catch("<bpmn:linkEventDefinition />"),
        multiple("", ""),
        multiple("behavior=\"None\"", "<bpmn:loopCardinality>2</bpmn:loopCardinality>"),
        multiple("", "<bpmn:loopCardinality>many</bpmn:loopCardinality>"),
        multiple("", "<bpmn:loopCardinality>2</bpmn:loopCardinality><bpmn:complexBehaviorDefinition />"),
        multiple("camunda:collection=\"a-b\"", ""),
        multiple("", "<bpmn:loopDataInputRef>a</bpmn:loopDataInputRef><bpmn:loopDataOutputRef>b</bpmn:loopDataOutputRef>"),
        "<bpmn:task id=\"n\"><bpmn:standardLoopCharacteristics loopMaximum=\"few\" /></bpmn:task>".into(),
        "<bpmn:task id=\"n\"><bpmn:standardLoopCharacteristics /><bpmn:multiInstanceLoopCharacteristics /></bpmn:task>".into(),
        "<bpmn:task id=\"n\" startQuantity=\"some\" />".into(),
        "<bpmn:task id=\"n\" camunda:topic=\"x\" />".into(),
        "<bpmn:subProcess id=\"n\"><bpmn:property id=\"q\" name=\"q\" /><bpmn:ioSpecification><bpmn:dataInput id=\"i\" /><bpmn:dataOutput id=\"o\" /></bpmn:ioSpecification><bpmn:dataInputAssociation><bpmn:sourceRef>q</bpmn:sourceRef><bpmn:targetRef>i</bpmn:targetRef></bpmn:dataInputAssociation><bpmn:dataOutputAssociation><bpmn:sourceRef>o</bpmn:sourceRef><bpmn:targetRef>q</bpmn:targetRef></bpmn:dataOutputAssociation><bpmn:task id=\"t\" /></bpmn:subProcess>".into(),
        "<bpmn:task id=\"n\"><bpmn:performer><bpmn:resourceRef>r</bpmn:resourceRef></bpmn:performer></bpmn:task>".into(),
        "<bpmn:task id=\"n\"><bpmn:dataInputAssociation><bpmn:sourceRef>none</bpmn:sourceRef><bpmn:targetRef>none</bpmn:targetRef></bpmn:dataInputAssociation></bpmn:task>".into(),
        "<bpmn:task id=\"n\"><bpmn:ioSpecification><bpmn:dataOutput id=\"o\" name=\"o\" /></bpmn:ioSpecification><bpmn:dataOutputAssociation><bpmn:sourceRef>o</bpmn:sourceRef><bpmn:targetRef>d</bpmn:targetRef></bpmn:dataOutputAssociation></bpmn:task><bpmn:dataStoreReference id=\"d\" />".into(),
        "<bpmn:task id=\"n\" /><bpmn:dataObjectReference id=\"r\" dataObjectRef=\"none\" /><bpmn:dataStoreReference id=\"d\" dataStoreRef=\"none\" />".into(),
        "<bpmn:task id=\"n\" /><bpmn:property id=\"q\" name=\"a b\" />".into(),
        "<bpmn:transaction id=\"n\" method=\"##Store\" />".into(),
        "<bpmn:adHocSubProcess id=\"n\" ordering=\"Random\"><bpmn:task id=\"t\" /></bpmn:adHocSubProcess>".into(),
        "<bpmn:subProcess id=\"n\"><bpmn:completionCondition>${x}</bpmn:completionCondition><bpmn:task id=\"t\" /></bpmn:subProcess>".into(),
        "<bpmn:eventBasedGateway id=\"n\" eventGatewayType=\"Both\" />".into(),
        "<bpmn:callChoreography id=\"n\" />".into(),
        "<bpmn:task id=\"n\" /><bpmn:task id=\"u\" isForCompensation=\"true\" /><bpmn:boundaryEvent id=\"b\" attachedToRef=\"n\"><bpmn:compensateEventDefinition /></bpmn:boundaryEvent><bpmn:association id=\"a\" sourceRef=\"b\" targetRef=\"none\" />".into(),
    ];
    let cases: Vec<&str> = cases.iter().map(String::as_str).collect();
    check(
        camunda,
        &cases,
        expect![[r###"
            <serviceTask id="n" camunda:class="org.x"><extensionElements></extensionElements></serviceTask>
              line 7: n: there is no activity org.x [unknown-activity]
            <serviceTask id="n" camunda:expression="${x.y()}"><extensionElements></extensionElements></serviceTask>
              line 7: n: in camunda:expression: there is no method y(); known are equals, equalsIgnoreCase, contains, containsKey, startsWith, endsWith, isEmpty, size, length, get, toLowerCase, toUpperCase, trim, toString, concat, join, plus (at character 5) [invalid-expression]
            <serviceTask id="n" camunda:delegateExpression="${simpleDecider}"><extensionElements><camunda:failedJobRetryTimeCycle>R3/PT1M</camunda:failedJobRetryTimeCycle></extensionElements></serviceTask>
              p
                start: start -> n
                end: end
                n: Service task simpleDecider again "R3/PT1M" -> end
            <serviceTask id="n" camunda:delegateExpression="${simpleDecider}"><extensionElements><camunda:errorEventDefinition errorRef="E" expression="${x}" /></extensionElements></serviceTask>
              p
                start: start -> n
                end: end
                n: Service task simpleDecider raises e if ${x} -> end
            <serviceTask id="n" camunda:delegateExpression="${simpleDecider}"><extensionElements><camunda:connector /></extensionElements></serviceTask>
              line 7: n: a connector names the activity that it runs as camunda:connectorId [missing-activity]
              line 7: n: a task names its activity once; take camunda:connector or the other name away [unknown-activity]
            <serviceTask id="n" camunda:delegateExpression="${simpleDecider}"><extensionElements><camunda:field name="a" stringValue="b" /></extensionElements></serviceTask>
              line 7: n: simpleDecider has no parameter a [unknown-parameter]
            <serviceTask id="n" camunda:delegateExpression="${simpleDecider}"><extensionElements><camunda:inputOutput><camunda:outputParameter name="a"><camunda:script scriptFormat="groovy">1</camunda:script></camunda:outputParameter></camunda:inputOutput></extensionElements></serviceTask>
              line 7: n: a script is written in juel, not in "groovy"; write ${…} [unsupported-script]
            <userTask id="n" camunda:formKey="customDataForm" camunda:assignee="me"><extensionElements><camunda:taskListener event="create" class="x" /></extensionElements></userTask>
              line 7: n: camunda:taskListener in userTask is not taken: a listener of a user task sets variables, as expression="${task.setVariable("name", value)}"; await what may happen with boundary events [unknown-element]
            <userTask id="n" camunda:formRef="f"><extensionElements><camunda:formData /></extensionElements></userTask>
              line 7: n: the fields of a user task are its form, and camunda:formRef says otherwise; take one away [unsupported-value]
            <scriptTask id="n" scriptFormat="javascript"><extensionElements></extensionElements><script>1</script></scriptTask>
              line 7: n: a script is written in juel, not in "javascript"; write ${…} and scriptFormat="juel" [unsupported-script]
            <scriptTask id="n" scriptFormat="juel" camunda:resource="x"><extensionElements></extensionElements></scriptTask>
              line 7: n: the attribute camunda:resource of scriptTask is not taken: no such script came with the file; name one as deployment://NAME and give it beside the file, or write it there [unknown-attribute]
              line 7: n: a script task needs a script [missing-script]
            <scriptTask id="n" scriptFormat="juel"><extensionElements></extensionElements><script>${a +}</script></scriptTask>
              line 7: n: in the script: a value is expected here, not the end (at character 6) [invalid-expression]
            <sendTask id="n" ><extensionElements></extensionElements></sendTask>
              line 7: n: a send task names a message, as messageRef, or the activity that sends, as camunda:topic or zeebe:taskDefinition [missing-attribute]
            <sendTask id="n" messageRef="M" camunda:type="external" camunda:topic="simpleDecider"><extensionElements></extensionElements></sendTask>
              line 7: n: a send task sends a message or runs an activity; take one away [unsupported-value]
            <receiveTask id="n" messageRef="none"><extensionElements></extensionElements></receiveTask>
              line 7: n: messageRef names none, but there is no such message [dangling-reference]
            <businessRuleTask id="n" camunda:decisionRef="d" camunda:mapDecisionResult="allResults"><extensionElements></extensionElements></businessRuleTask>
              line 7: n: camunda:mapDecisionResult is one of singleEntry, singleResult, collectEntries, resultList, not allResults [unsupported-value]
            <businessRuleTask id="n" camunda:decisionRef="d" camunda:decisionRefBinding="version"><extensionElements></extensionElements></businessRuleTask>
              line 7: n: businessRuleTask needs the attribute camunda:decisionRefVersion [missing-attribute]
            <businessRuleTask id="n" camunda:decisionRef="d" camunda:decisionRefTenantId="t"><extensionElements></extensionElements></businessRuleTask>
              p
                start: start -> n
                end: end
                n: decision "d" of "t" as ResultList -> end
            <businessRuleTask id="n" camunda:decisionRef="d" camunda:type="external" camunda:topic="simpleDecider"><extensionElements></extensionElements></businessRuleTask>
              line 7: n: a business rule task evaluates a decision or runs an activity; take one away [unsupported-value]
            <callActivity id="n" ><extensionElements></extensionElements></callActivity>
              line 7: n: callActivity needs the attribute calledElement [missing-attribute]
            <callActivity id="n" calledElement="c" camunda:calledElementBinding="oldest"><extensionElements></extensionElements></callActivity>
              line 7: n: camunda:calledElementBinding is latest, deployment, version or versionTag, not oldest [unsupported-value]
            <callActivity id="n" calledElement="c" camunda:calledElementBinding="versionTag"><extensionElements></extensionElements></callActivity>
              line 7: n: callActivity needs the attribute camunda:calledElementVersionTag [missing-attribute]
            <callActivity id="n" calledElement="c" camunda:variableMappingClass="x"><extensionElements></extensionElements></callActivity>
              line 7: n: the attribute camunda:variableMappingClass of callActivity is not taken: no Java is run; map the variables with camunda:in and camunda:out [unknown-attribute]
            <callActivity id="n" calledElement="c" camunda:caseRef="x"><extensionElements></extensionElements></callActivity>
              line 7: n: the attribute camunda:caseRef of callActivity is not taken: cases (CMMN) are not executed; call a process with an ad-hoc sub-process [unknown-attribute]
            <callActivity id="n" calledElement="c"><extensionElements><camunda:in target="a" /><camunda:in source="a b" target="a" /><camunda:out source="a" /><camunda:out variables="some" /><camunda:in variables="all" local="true" /></extensionElements></callActivity>
              line 7: n: in has a source or a sourceExpression [missing-attribute]
              line 7: n: source names a variable, and "a b" cannot be one [invalid-variable]
              line 7: n: out needs the attribute target [missing-attribute]
              line 7: n: variables="some" of out is not supported; only all is [unsupported-value]
            <intermediateThrowEvent id="n"><messageEventDefinition messageRef="M" camunda:type="external" camunda:topic="simpleDecider" /></intermediateThrowEvent>
              p
                start: start -> n
                end: end
                n: Throw task simpleDecider -> end
            <intermediateThrowEvent id="n"><messageEventDefinition /></intermediateThrowEvent>
              line 7: n: messageEventDefinition needs the attribute messageRef [missing-attribute]
            <intermediateThrowEvent id="n"><messageEventDefinition messageRef="none" /></intermediateThrowEvent>
              line 7: n: messageRef names none, but there is no such message [dangling-reference]
            <intermediateThrowEvent id="n"><signalEventDefinition signalRef="S"><extensionElements><camunda:in variables="all" /></extensionElements></signalEventDefinition></intermediateThrowEvent>
              p
                start: start -> n
                end: end
                n: throw signal "s" sends all -> end
            <intermediateThrowEvent id="n"><signalEventDefinition signalRef="none" /></intermediateThrowEvent>
              line 7: n: signalRef names none, but there is no such signal [dangling-reference]
            <intermediateThrowEvent id="n"><signalEventDefinition /></intermediateThrowEvent>
              line 7: n: signalEventDefinition needs the attribute signalRef [missing-attribute]
            <intermediateThrowEvent id="n"><escalationEventDefinition escalationRef="none" /></intermediateThrowEvent>
              line 7: n: escalationRef names none, but there is no such escalation [dangling-reference]
            <intermediateThrowEvent id="n"><eventDefinitionRef>none</eventDefinitionRef></intermediateThrowEvent>
              line 7: n: eventDefinitionRef names none, but there is no such event definition [dangling-reference]
            <intermediateThrowEvent id="n"><extensionElements><camunda:inputOutput><camunda:inputParameter name="a">1</camunda:inputParameter><camunda:outputParameter name="b">1</camunda:outputParameter></camunda:inputOutput><camunda:executionListener event="start" delegateExpression="${x}" /></extensionElements></intermediateThrowEvent>
              line 7: n: an event cannot call x; take the listener away [unknown-listener]
              line 7: n: a throwing event has no parameter a unless it sends a message; take it away [unknown-parameter]
              line 7: n: a throwing event has no parameter b; take it away [unknown-parameter]
            <intermediateCatchEvent id="n"><extensionElements><camunda:inputOutput><camunda:inputParameter name="a">1</camunda:inputParameter></camunda:inputOutput></extensionElements><signalEventDefinition signalRef="S" /></intermediateCatchEvent>
              line 7: n: a catching event has no parameter a that goes in; take it away [unknown-parameter]
            <intermediateCatchEvent id="n"><timerEventDefinition><timeDate>tomorrow</timeDate></timerEventDefinition></intermediateCatchEvent>
              line 7: n: "tomorrow" is not a date and time with an offset; write one such as 2026-01-31T09:00:00Z or 2026-01-31T09:00:00+01:00 (at character 1) [invalid-timer]
            <intermediateCatchEvent id="n"><timerEventDefinition><timeCycle>often</timeCycle></timerEventDefinition></intermediateCatchEvent>
              line 7: n: "often" is not a cycle; write an interval such as R3/PT10M, or five or six fields of cron such as 0 0 9 * * MON-FRI (at character 1) [invalid-timer]
            <intermediateCatchEvent id="n"><timerEventDefinition><timeDuration /></timerEventDefinition></intermediateCatchEvent>
              line 7: n: "" is not a duration; write one such as PT15M or P5D (at character 1) [invalid-timer]
            <intermediateCatchEvent id="n"><timerEventDefinition><timeDate /></timerEventDefinition></intermediateCatchEvent>
              line 7: n: "" is not a date and time with an offset; write one such as 2026-01-31T09:00:00Z or 2026-01-31T09:00:00+01:00 (at character 1) [invalid-timer]
            <intermediateCatchEvent id="n"><timerEventDefinition><timeCycle> </timeCycle></timerEventDefinition></intermediateCatchEvent>
              line 7: n: "" is not a cycle; write an interval such as R3/PT10M, or five or six fields of cron such as 0 0 9 * * MON-FRI (at character 1) [invalid-timer]
            <intermediateCatchEvent id="n"><timerEventDefinition /></intermediateCatchEvent>
              line 7: n: the timer does not say when; give it a timeDuration such as PT15M, a timeDate or a timeCycle [invalid-timer]
            <intermediateCatchEvent id="n"><timerEventDefinition><timeDuration>PT1M</timeDuration><timeCycle>R/PT1M</timeCycle></timerEventDefinition></intermediateCatchEvent>
              line 7: n: a timer has one timeDate, timeDuration or timeCycle, such as the duration PT15M [invalid-timer]
            <intermediateThrowEvent id="n"><timerEventDefinition /></intermediateThrowEvent>
              line 7: n: a timer cannot be thrown, and this one does not say when; await it with a catching event, with a timeDuration such as PT15M, a timeDate or a timeCycle [invalid-timer]
            <intermediateThrowEvent id="n"><timerEventDefinition><timeDuration>PT1M</timeDuration></timerEventDefinition></intermediateThrowEvent>
              line 7: n: a timer cannot stand at an intermediate throwing event; await it with a catching event [event-place]
            <intermediateThrowEvent id="n"><conditionalEventDefinition /></intermediateThrowEvent>
              line 7: n: a condition cannot stand at an intermediate throwing event; await it with a catching event [event-place]
            <intermediateCatchEvent id="n"><conditionalEventDefinition camunda:variableName="x"><condition>${x}</condition></conditionalEventDefinition></intermediateCatchEvent>
              p
                start: start -> n
                end: end
                n: catch condition ${x} of x -> end
            <intermediateCatchEvent id="n"><conditionalEventDefinition /></intermediateCatchEvent>
              line 7: n: a conditional event needs a condition [missing-condition]
            <intermediateCatchEvent id="n"><conditionalEventDefinition><condition language="groovy">x</condition></conditionalEventDefinition></intermediateCatchEvent>
              line 7: n: language="groovy" of condition is not supported; only juel is [unsupported-value]
            <intermediateCatchEvent id="n"><linkEventDefinition /></intermediateCatchEvent>
              line 7: n: a link event needs a name, that of the other end [missing-attribute]
            <task id="n"><multiInstanceLoopCharacteristics ></multiInstanceLoopCharacteristics></task>
              line 7: n: a multi-instance activity needs a loopCardinality or a collection [missing-collection]
            <task id="n"><multiInstanceLoopCharacteristics behavior="None"><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics></task>
              line 7: n: behavior="None" of multiInstanceLoopCharacteristics is not supported; only All is [unsupported-value]
            <task id="n"><multiInstanceLoopCharacteristics ><loopCardinality>many</loopCardinality></multiInstanceLoopCharacteristics></task>
              line 7: n: loopCardinality is a whole number or an expression, not many [wrong-type]
            <task id="n"><multiInstanceLoopCharacteristics ><loopCardinality>2</loopCardinality><complexBehaviorDefinition /></multiInstanceLoopCharacteristics></task>
              p
                start: start -> n
                end: end
                n: Abstract task at once times 2 -> end
            <task id="n"><multiInstanceLoopCharacteristics camunda:collection="a-b"></multiInstanceLoopCharacteristics></task>
              line 7: n: camunda:collection names a variable, and "a-b" cannot be one [invalid-variable]
            <task id="n"><multiInstanceLoopCharacteristics ><loopDataInputRef>a</loopDataInputRef><loopDataOutputRef>b</loopDataOutputRef></multiInstanceLoopCharacteristics></task>
              line 7: n: loopDataOutputRef and outputDataItem go together; give both [wrong-shape]
            <task id="n"><standardLoopCharacteristics loopMaximum="few" /></task>
              line 7: n: loopMaximum is a whole number or an expression, not few [wrong-type]
            <task id="n"><standardLoopCharacteristics /><multiInstanceLoopCharacteristics /></task>
              line 7: n: multiInstanceLoopCharacteristics in task is not understood; take it away [unknown-element]
            <task id="n" startQuantity="some" />
              line 7: n: startQuantity="some" of task is not a whole number [wrong-type]
            <task id="n" camunda:topic="x" />
              line 7: n: the attribute camunda:topic of task is not understood; take it away [unknown-attribute]
            <subProcess id="n"><property id="q" name="q" /><ioSpecification><dataInput id="i" /><dataOutput id="o" /></ioSpecification><dataInputAssociation><sourceRef>q</sourceRef><targetRef>i</targetRef></dataInputAssociation><dataOutputAssociation><sourceRef>o</sourceRef><targetRef>q</targetRef></dataOutputAssociation><task id="t" /></subProcess>
              line 7: n: q is a property of subProcess itself, which is not there before it begins nor after it ends; name a data object or a property around it [unsupported-value]
              line 7: n: q is a property of subProcess itself, which is not there before it begins nor after it ends; name a data object or a property around it [unsupported-value]
            <task id="n"><performer><resourceRef>r</resourceRef></performer></task>
              line 7: n: performer in task is not taken: only a user task is given to people, by humanPerformer or potentialOwner; say it so, or take it away [unsupported-element]
            <task id="n"><dataInputAssociation><sourceRef>none</sourceRef><targetRef>none</targetRef></dataInputAssociation></task>
              line 7: n: targetRef names none, but there is no such data input [dangling-reference]
            <task id="n"><ioSpecification><dataOutput id="o" name="o" /></ioSpecification><dataOutputAssociation><sourceRef>o</sourceRef><targetRef>d</targetRef></dataOutputAssociation></task><dataStoreReference id="d" />
              line 7: n: the engine knows no data store such as d; read and write it in an activity [unsupported-value]
            <task id="n" /><dataObjectReference id="r" dataObjectRef="none" /><dataStoreReference id="d" dataStoreRef="none" />
              line 7: d: dataStoreRef names none, but there is no such data store [dangling-reference]
              line 7: r: dataObjectRef names none, but there is no such data object [dangling-reference]
            <task id="n" /><property id="q" name="a b" />
              line 7: q: a property is a variable, and "a b" cannot be one [invalid-variable]
            <transaction id="n" method="##Store" />
              line 7: n: method="##Store" of transaction is not supported; only ##Compensate is [unsupported-value]
            <adHocSubProcess id="n" ordering="Random"><task id="t" /></adHocSubProcess>
              line 7: n: ordering="Random" of adHocSubProcess is not supported; only Parallel or Sequential is [unsupported-value]
            <subProcess id="n"><completionCondition>${x}</completionCondition><task id="t" /></subProcess>
              line 7: n: completionCondition in subProcess is not understood; take it away [unknown-element]
            <eventBasedGateway id="n" eventGatewayType="Both" />
              line 7: n: eventGatewayType="Both" of eventBasedGateway is not supported; only Exclusive or Parallel is [unsupported-value]
            <callChoreography id="n" />
              line 7: n: callChoreography is not supported; take it away [unsupported-element]
            <task id="n" /><task id="u" isForCompensation="true" /><boundaryEvent id="b" attachedToRef="n"><compensateEventDefinition /></boundaryEvent><association id="a" sourceRef="b" targetRef="none" />
              line 7: a: the association joins none, which does not exist [dangling-reference]
              line 7: b: nothing says what undoes the activity; join the event by an association to the activity that does [compensation-association]
              line 7: u: nothing is undone by this activity; join a compensation boundary event to it by an association [compensation-activity]
        "###]],
    );
}

#[test]
fn a_condition_of_camunda_8_begins_with_an_equals_sign() {
    let told = |condition: &str| {
        let contents = format!(
            "<bpmn:startEvent id=\"s\" /><bpmn:exclusiveGateway id=\"g\" default=\"d\" />\
             <bpmn:endEvent id=\"e\" /><bpmn:sequenceFlow id=\"f\" sourceRef=\"s\" targetRef=\"g\" />\
             <bpmn:sequenceFlow id=\"c\" sourceRef=\"g\" targetRef=\"e\"><bpmn:conditionExpression \
             {condition}</bpmn:conditionExpression></bpmn:sequenceFlow>\
             <bpmn:sequenceFlow id=\"d\" sourceRef=\"g\" targetRef=\"e\" />"
        );
        picture(Format::Bpmn, &zeebe(&contents, ""))
    };
    let conditions = ["> x &gt; 0", "> = x &gt; 0", "language=\"feel\">x &gt; 0", ">${x > 0}"];
    expect![[r#"
        line 4: c: in the condition: a condition of Camunda 8 begins with =; write = x > 0 [invalid-condition]
        p tag=v3
          s: start -> g
          g: exclusive -> e if ${x > 0}, e else
          e: end
        p tag=v3
          s: start -> g
          g: exclusive -> e if ${x > 0}, e else
          e: end
        p tag=v3
          s: start -> g
          g: exclusive -> e if ${x > 0}, e else
          e: end
    "#]].assert_eq(&conditions.map(told).concat());
}
