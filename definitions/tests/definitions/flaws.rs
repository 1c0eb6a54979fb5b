//! Every rule has a definition that breaks it, and says so on the line where it is broken.

use crate::meaning;
use definitions::Format;
use expect_test::{Expect, expect};

/// A definition without a flaw; the tests break it.
const BPMN: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<b:definitions xmlns:b="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn">
<b:process id="p" isExecutable="true">
<b:startEvent id="start" />
<b:sequenceFlow id="f1" sourceRef="start" targetRef="add" />
<b:serviceTask id="add" camunda:delegateExpression="${addUser}"><b:extensionElements><camunda:inputOutput>
<camunda:inputParameter name="storeName">demo</camunda:inputParameter>
<camunda:outputParameter name="_x">${userId}</camunda:outputParameter>
</camunda:inputOutput></b:extensionElements></b:serviceTask>
<b:boundaryEvent id="taken" attachedToRef="add"><b:errorEventDefinition errorRef="e" /></b:boundaryEvent>
<b:sequenceFlow id="f2" sourceRef="taken" targetRef="ask" />
<b:sequenceFlow id="f3" sourceRef="add" targetRef="ask" />
<b:userTask id="ask" camunda:formKey="customDataForm"><b:extensionElements><camunda:inputOutput>
<camunda:inputParameter name="dataFormName">form</camunda:inputParameter>
<camunda:inputParameter name="dataFormVersion">1</camunda:inputParameter>
</camunda:inputOutput></b:extensionElements></b:userTask>
<b:boundaryEvent id="late" attachedToRef="ask"><b:timerEventDefinition><b:timeDuration>PT1M</b:timeDuration></b:timerEventDefinition></b:boundaryEvent>
<b:sequenceFlow id="f4" sourceRef="late" targetRef="end" />
<b:sequenceFlow id="f5" sourceRef="ask" targetRef="which" />
<b:exclusiveGateway id="which" default="f7" />
<b:sequenceFlow id="f6" sourceRef="which" targetRef="ask"><b:conditionExpression>${_again}</b:conditionExpression></b:sequenceFlow>
<b:sequenceFlow id="f7" sourceRef="which" targetRef="end" />
<b:endEvent id="end" />
</b:process>
<b:error id="e" errorCode="ExtIdNotUnique" />
</b:definitions>
"#;

/// Breaks the definition by replacing text; each case is a line `what it breaks`.
fn check(cases: &[(&str, &str)], expected: Expect) {
    let mut actual = String::new();
    for (old, new) in cases {
        assert!(BPMN.contains(old), "the definition has no {old}");
        let text = BPMN.replacen(old, new, 1);
        let flaws = meaning(Format::Bpmn, &text);
        let old = if *old == BPMN { "everything" } else { old };
        let change = format!("{old} -> {new}").replace('\n', "⏎");
        let flaws: String = flaws.lines().map(|flaw| format!("  {flaw}\n")).collect();
        actual.push_str(&format!("{}\n{flaws}", change.trim_end()));
    }
    expected.assert_eq(&actual);
}

#[test]
fn the_definition_that_the_tests_break_is_whole() {
    assert!(meaning(Format::Bpmn, BPMN).starts_with('{'), "{}", meaning(Format::Bpmn, BPMN));
}

#[test]
fn the_text_must_be_bpmn() {
    let cases = [
        (BPMN, ""),
        (BPMN, "  \n "),
        (BPMN, "nonsense"),
        (BPMN, "<a/>"),
        (BPMN, "<definitions/>"),
        (BPMN, "<b:definitions xmlns:b='http://www.omg.org/spec/BPMN/20100524/MODEL'/>"),
        ("</b:definitions>\n", ""),
        ("</b:definitions>\n", "</b:definitions><b/>"),
        ("</b:definitions>\n", "</b:definitions>text"),
        ("</b:process>", "</b:prozess>"),
        ("<b:endEvent id=\"end\" />", "<b:endEvent id=\"end />"),
        ("<b:endEvent id=\"end\" />", "<b:endEvent id='end' id='end' />"),
        ("<b:endEvent id=\"end\" />", "<b:endEvent id=end />"),
        ("<b:endEvent id=\"end\" />", "<z:endEvent id=\"end\" />"),
        ("\"UTF-8\"", "\"ISO-8859-1\""),
        ("\"UTF-8\"", "\"utf-16\""),
        ("<b:definitions ", "<!DOCTYPE x [<!ENTITY y \"z\">]><b:definitions "),
        (">demo<", ">&nbsp;<"),
        (">demo<", ">&#7;<"),
        ("id=\"end\"", "id=\"end\" name=\"&#1;\""),
        (">demo<", ">a & b<"),
        ("id=\"end\"", "id=\"end\" name=\"&y;\""),
        ("</b:process>", "</b:process><b:process id=\"q\" />"),
        ("isExecutable=\"true\"", "isExecutable=\"false\""),
    ];
    check(
        &cases,
        expect![[r#"
            everything ->
              line 1: there is no element in the text [not-xml]
            everything ->   ⏎
              line 2: there is no element in the text [not-xml]
            everything -> nonsense
              line 1: there is text outside of the outermost element [not-xml]
            everything -> <a/>
              line 1: a BPMN file begins with definitions of BPMN 2.0, not with a [not-bpmn]
            everything -> <definitions/>
              line 1: a BPMN file begins with definitions of BPMN 2.0, not with definitions [not-bpmn]
            everything -> <b:definitions xmlns:b='http://www.omg.org/spec/BPMN/20100524/MODEL'/>
              line 1: a file holds one process, not 0 [one-process]
            </b:definitions>⏎ ->
              line 26: the element definitions is not closed [not-xml]
            </b:definitions>⏎ -> </b:definitions><b/>
              line 26: a text has one outermost element; take the second away [not-xml]
            </b:definitions>⏎ -> </b:definitions>text
              line 26: there is text outside of the outermost element [not-xml]
            </b:process> -> </b:prozess>
              line 24: ill-formed document: expected `</b:process>`, but `</b:prozess>` was found [not-xml]
            <b:endEvent id="end" /> -> <b:endEvent id="end />
              line 23: syntax error: attribute value not closed: `"` not found before end of input [not-xml]
            <b:endEvent id="end" /> -> <b:endEvent id='end' id='end' />
              line 23: error while parsing attribute: position 20: duplicated attribute, previous declaration at position 11 [not-xml]
            <b:endEvent id="end" /> -> <b:endEvent id=end />
              line 23: error while parsing attribute: position 14: attribute value must be enclosed in `"` or `'` [not-xml]
            <b:endEvent id="end" /> -> <z:endEvent id="end" />
              line 23: the prefix z is not bound; declare xmlns:z [unknown-namespace]
            "UTF-8" -> "ISO-8859-1"
              line 1: the encoding ISO-8859-1 is not read; save the file as UTF-8 [encoding]
            "UTF-8" -> "utf-16"
              line 1: the encoding utf-16 is not read; save the file as UTF-8 [encoding]
            <b:definitions  -> <!DOCTYPE x [<!ENTITY y "z">]><b:definitions
              line 2: a document type is not allowed; take DOCTYPE away [doctype]
            >demo< -> >&nbsp;<
              line 7: the entity &nbsp; is not known; write &lt; &gt; &amp; &quot; &apos; or the sign [unknown-entity]
            >demo< -> >&#7;<
              line 7: a text has the character U+0007, which XML cannot hold; take it away [not-xml]
            id="end" -> id="end" name="&#1;"
              line 23: a text has the character U+0001, which XML cannot hold; take it away [not-xml]
            >demo< -> >a & b<
              line 7: ill-formed document: entity or character reference not closed: `;` not found before end of input [not-xml]
            id="end" -> id="end" name="&y;"
              line 23: the entity &y; is not known; write &lt; &gt; &amp; &quot; &apos; or the sign [unknown-entity]
            </b:process> -> </b:process><b:process id="q" />
              line 24: a file holds one process, not 2 [one-process]
            isExecutable="true" -> isExecutable="false"
              line 3: p: the process is not executable; set isExecutable to true [not-executable]
        "#]],
    );
}

#[test]
fn what_is_not_understood_is_refused() {
    let end = "<b:endEvent id=\"end\" />";
    let cases = [
        (end, "<b:scriptTask id=\"end\" scriptFormat=\"x\"><b:script>1</b:script></b:scriptTask>"),
        (
            end,
            "<b:endEvent id=\"end\" /><b:subProcess id=\"sub\"><b:startEvent id=\"start\" /></b:subProcess>",
        ),
        (
            end,
            "<b:endEvent id=\"end\" /><b:laneSet id=\"s\"><b:lane id=\"l\"><b:flowNodeRef>none</b:flowNodeRef></b:lane></b:laneSet>",
        ),
        (end, "<b:endEvent id=\"end\"><b:strangeEventDefinition /></b:endEvent>"),
        (end, "<b:endEvent id=\"end\" colour=\"red\" />"),
        (end, "<b:endEvent id=\"end\" xmlns:o=\"http://flowable.org/bpmn\" o:x=\"1\" />"),
        (end, "<b:endEvent id=\"end\">stray</b:endEvent>"),
        (end, "<b:endEvent id=\"end\"><o:x xmlns:o=\"urn:other\" /></b:endEvent>"),
        (end, "<b:endEvent id=\"end\" /><o:x xmlns:o=\"urn:other\" />"),
        (
            "<b:startEvent id=\"start\" />",
            "<b:startEvent id=\"start\"><b:timerEventDefinition /></b:startEvent>",
        ),
        ("<b:startEvent id=\"start\" />", "<b:startEvent id=\"start\" camunda:formKey=\"x\" />"),
        ("<b:exclusiveGateway id=\"which\"", "<b:strangeGateway id=\"which\""),
        ("${addUser}\">", "${addUser}\" camunda:class=\"org.x\">"),
        ("${addUser}\">", "${addUser}\" isForCompensation=\"true\">"),
        ("${addUser}\">", "${addUser}\"><b:multiInstanceLoopCharacteristics behavior=\"One\" />"),
        ("<camunda:inputOutput>", "<camunda:connector /><camunda:inputOutput>"),
        (
            "<camunda:inputOutput>",
            "<camunda:executionListener event=\"start\" class=\"x\" /><camunda:inputOutput>",
        ),
        (
            "<camunda:inputOutput>",
            "<camunda:executionListener event=\"end\" delegateExpression=\"${audit}\" /><camunda:inputOutput>",
        ),
        (
            "<camunda:inputOutput>",
            "<camunda:executionListener event=\"take\" delegateExpression=\"${addUser}\" /><camunda:inputOutput>",
        ),
        (">demo<", "><camunda:script scriptFormat=\"js\">1</camunda:script><"),
        (">demo<", ">demo<camunda:list /><"),
        (">demo<", "><camunda:list><camunda:script /></camunda:list><"),
        (" name=\"storeName\">", ">"),
        (
            "<b:timeDuration>PT1M</b:timeDuration>",
            "<b:timeCycle>R/PT1M</b:timeCycle><b:timeDate>${d}</b:timeDate>",
        ),
        (
            "<b:timerEventDefinition><b:timeDuration>PT1M</b:timeDuration></b:timerEventDefinition>",
            "<b:messageEventDefinition />",
        ),
        (
            "<b:timerEventDefinition><b:timeDuration>PT1M</b:timeDuration></b:timerEventDefinition>",
            "",
        ),
        ("attachedToRef=\"ask\"", "attachedToRef=\"ask\" cancelActivity=\"perhaps\""),
        ("<b:error ", "<b:message id=\"m\" /><b:error "),
        (" errorCode=\"ExtIdNotUnique\"", ""),
        ("<b:conditionExpression>", "<b:conditionExpression language=\"groovy\">"),
    ];
    check(
        &cases,
        expect![[r#"
            <b:endEvent id="end" /> -> <b:scriptTask id="end" scriptFormat="x"><b:script>1</b:script></b:scriptTask>
              line 23: end: a script is written in juel, not in "x"; write ${…} and scriptFormat="juel" [unsupported-script]
            <b:endEvent id="end" /> -> <b:endEvent id="end" /><b:subProcess id="sub"><b:startEvent id="start" /></b:subProcess>
              line 23: start: the id is already taken on line 4; give this one another [duplicate-id]
              line 23: sub: nothing leads here from the start; connect it or take it away [unreachable]
              line 23: sub: no end event can be reached from here; lead it to one [no-way-to-end]
            <b:endEvent id="end" /> -> <b:endEvent id="end" /><b:laneSet id="s"><b:lane id="l"><b:flowNodeRef>none</b:flowNodeRef></b:lane></b:laneSet>
              line 23: s: a lane names none, but there is no such node [dangling-reference]
            <b:endEvent id="end" /> -> <b:endEvent id="end"><b:strangeEventDefinition /></b:endEvent>
              line 23: end: strangeEventDefinition is not supported; take it away [unsupported-element]
            <b:endEvent id="end" /> -> <b:endEvent id="end" colour="red" />
              line 23: end: the attribute colour of endEvent is not understood; take it away [unknown-attribute]
            <b:endEvent id="end" /> -> <b:endEvent id="end" xmlns:o="http://flowable.org/bpmn" o:x="1" />
              line 23: end: the attribute x of endEvent is a word of Flowable (namespace http://flowable.org/…), which is not understood; say it with those of Camunda, camunda: (namespace http://camunda.org/schema/1.0/bpmn) [unknown-attribute]
            <b:endEvent id="end" /> -> <b:endEvent id="end">stray</b:endEvent>
              line 23: end: there is stray text in endEvent; take it away [stray-text]
            <b:endEvent id="end" /> -> <b:endEvent id="end"><o:x xmlns:o="urn:other" /></b:endEvent>
              line 23: end: x in endEvent is not understood; take it away [unknown-element]
            <b:endEvent id="end" /> -> <b:endEvent id="end" /><o:x xmlns:o="urn:other" />
              line 23: p: x in process is not understood; take it away [unknown-element]
            <b:startEvent id="start" /> -> <b:startEvent id="start"><b:timerEventDefinition /></b:startEvent>
              line 4: start: the timer does not say when; give it a timeDuration such as PT15M, a timeDate or a timeCycle [invalid-timer]
            <b:startEvent id="start" /> -> <b:startEvent id="start" camunda:formKey="x" />
              line 4: start: the attribute camunda:formKey of startEvent is not understood; take it away [unknown-attribute]
            <b:exclusiveGateway id="which" -> <b:strangeGateway id="which"
              line 20: which: strangeGateway is not supported; take it away [unsupported-element]
            ${addUser}"> -> ${addUser}" camunda:class="org.x">
              line 6: add: a task names its activity once; take camunda:class away [unknown-activity]
            ${addUser}"> -> ${addUser}" isForCompensation="true">
              line 5: f1: nothing leads to an activity that undoes another; its association does [flow-into-compensation]
              line 6: add: nothing is undone by this activity; join a compensation boundary event to it by an association [compensation-activity]
              line 10: taken: an activity that undoes another has no boundary events; take this one away [compensation-activity]
              line 12: f3: nothing leads on from an activity that undoes another; take the flow away [flow-from-compensation]
            ${addUser}"> -> ${addUser}"><b:multiInstanceLoopCharacteristics behavior="One" />
              line 6: add: behavior="One" of multiInstanceLoopCharacteristics is not supported; only All is [unsupported-value]
            <camunda:inputOutput> -> <camunda:connector /><camunda:inputOutput>
              line 6: add: a connector names the activity that it runs as camunda:connectorId [missing-activity]
              line 6: add: a task names its activity once; take camunda:connector or the other name away [unknown-activity]
            <camunda:inputOutput> -> <camunda:executionListener event="start" class="x" /><camunda:inputOutput>
              line 6: add: the listener x is not part of addUser; take it away [unknown-listener]
            <camunda:inputOutput> -> <camunda:executionListener event="end" delegateExpression="${audit}" /><camunda:inputOutput>
              line 6: add: the listener audit is not part of addUser; take it away [unknown-listener]
            <camunda:inputOutput> -> <camunda:executionListener event="take" delegateExpression="${addUser}" /><camunda:inputOutput>
              line 6: add: a listener listens to start or end, not to take [unknown-listener]
            >demo< -> ><camunda:script scriptFormat="js">1</camunda:script><
              line 7: add: a script is written in juel, not in "js"; write ${…} [unsupported-script]
            >demo< -> >demo<camunda:list /><
              line 7: add: inputParameter holds either a text or one list or map [wrong-shape]
            >demo< -> ><camunda:list><camunda:script /></camunda:list><
              line 7: add: a script is written in juel, not in ""; write ${…} [unsupported-script]
              line 7: add: the parameter storeName takes a text [wrong-type]
             name="storeName"> -> >
              line 7: add: inputParameter needs the attribute name [missing-attribute]
            <b:timeDuration>PT1M</b:timeDuration> -> <b:timeCycle>R/PT1M</b:timeCycle><b:timeDate>${d}</b:timeDate>
              line 17: late: a timer has one timeDate, timeDuration or timeCycle, such as the duration PT15M [invalid-timer]
            <b:timerEventDefinition><b:timeDuration>PT1M</b:timeDuration></b:timerEventDefinition> -> <b:messageEventDefinition />
              line 17: late: messageEventDefinition needs the attribute messageRef [missing-attribute]
            <b:timerEventDefinition><b:timeDuration>PT1M</b:timeDuration></b:timerEventDefinition> ->
              line 17: late: the event awaits nothing; say what it awaits [missing-trigger]
            attachedToRef="ask" -> attachedToRef="ask" cancelActivity="perhaps"
              line 17: late: cancelActivity="perhaps" of boundaryEvent is not supported; only true or false is [unsupported-value]
            <b:error  -> <b:message id="m" /><b:error
              line 25: m: message needs the attribute name [missing-attribute]
             errorCode="ExtIdNotUnique" ->
              line 10: taken: the event awaits nothing; say what it awaits [missing-trigger]
              line 25: e: error needs the attribute errorCode [missing-attribute]
            <b:conditionExpression> -> <b:conditionExpression language="groovy">
              line 21: f6: language="groovy" of conditionExpression is not supported; only juel is [unsupported-value]
        "#]],
    );
}

#[test]
fn nodes_and_flows_must_fit_together() {
    let cases = [
        ("<b:startEvent id=\"start\" />", ""),
        (
            "<b:startEvent id=\"start\" />",
            "<b:startEvent id=\"start\" /><b:startEvent id=\"two\" /><b:sequenceFlow id=\"f9\" sourceRef=\"two\" targetRef=\"end\" />",
        ),
        ("id=\"end\"", "id=\"ask\""),
        ("id=\"f7\"", "id=\"end\""),
        ("id=\"end\"", "id=\"the end\""),
        ("id=\"end\"", "name=\"end\""),
        ("id=\"f7\" ", ""),
        ("sourceRef=\"start\"", ""),
        ("sourceRef=\"late\"", "sourceRef=\"latte\""),
        ("targetRef=\"which\"", "targetRef=\"witch\""),
        ("attachedToRef=\"ask\"", "attachedToRef=\"nobody\""),
        ("attachedToRef=\"ask\"", "attachedToRef=\"which\""),
        ("errorRef=\"e\"", "errorRef=\"other\""),
        ("sourceRef=\"late\" targetRef=\"end\"", "sourceRef=\"late\" targetRef=\"taken\""),
        ("sourceRef=\"late\" targetRef=\"end\"", "sourceRef=\"late\" targetRef=\"start\""),
        (
            "<b:endEvent id=\"end\" />",
            "<b:endEvent id=\"end\" /><b:sequenceFlow id=\"f9\" sourceRef=\"end\" targetRef=\"ask\" />",
        ),
        (
            "<b:endEvent id=\"end\" />",
            "<b:endEvent id=\"end\"><b:incoming>f9</b:incoming><b:incoming>f1</b:incoming></b:endEvent>",
        ),
        ("<b:endEvent id=\"end\" />", "<b:endEvent id=\"end\" /><b:endEvent id=\"island\" />"),
        ("<b:sequenceFlow id=\"f4\" sourceRef=\"late\" targetRef=\"end\" />", ""),
        ("<b:sequenceFlow id=\"f7\" sourceRef=\"which\" targetRef=\"end\" />", ""),
    ];
    check(
        &cases,
        expect![[r#"
            <b:startEvent id="start" /> ->
              line 3: p: the process has no start event; add one [one-start]
              line 5: f1: the flow leaves start, which does not exist [dangling-reference]
            <b:startEvent id="start" /> -> <b:startEvent id="start" /><b:startEvent id="two" /><b:sequenceFlow id="f9" sourceRef="two" targetRef="end" />
              line 4: two: a process has one plain start event; take this one away [one-start]
            id="end" -> id="ask"
              line 23: ask: the id is already taken on line 13; give this one another [duplicate-id]
              line 18: f4: the flow leads to end, which does not exist [dangling-reference]
              line 22: f7: the flow leads to end, which does not exist [dangling-reference]
            id="f7" -> id="end"
              line 22: end: the id is already taken on line 23; give this one another [duplicate-id]
              line 20: which: the default flow f7 does not leave this node; name one that does [default-place]
            id="end" -> id="the end"
              line 18: f4: the flow leads to end, which does not exist [dangling-reference]
              line 22: f7: the flow leads to end, which does not exist [dangling-reference]
              line 23: the end: an id begins with a letter or an underscore, goes on with letters, digits, dots, hyphens and underscores, and has at most 200 of them [invalid-id]
            id="end" -> name="end"
              line 18: f4: the flow leads to end, which does not exist [dangling-reference]
              line 22: f7: the flow leads to end, which does not exist [dangling-reference]
              line 23: p: endEvent "end" has no id; give it the one that the flows name [missing-attribute]
            id="f7"  ->
              line 20: which: the default flow f7 does not leave this node; name one that does [default-place]
              line 22: p: the flow from which to end has no id; give it the one that the nodes name [missing-attribute]
            sourceRef="start" ->
              line 5: f1: sequenceFlow needs the attribute sourceRef [missing-attribute]
            sourceRef="late" -> sourceRef="latte"
              line 18: f4: the flow leaves latte, which does not exist; did you mean late? [dangling-reference]
            targetRef="which" -> targetRef="witch"
              line 19: f5: the flow leads to witch, which does not exist [dangling-reference]
            attachedToRef="ask" -> attachedToRef="nobody"
              line 17: late: there is no activity nobody; put the event on one [boundary-host]
            attachedToRef="ask" -> attachedToRef="which"
              line 17: late: which is not an activity; put the event on one [boundary-host]
            errorRef="e" -> errorRef="other"
              line 10: taken: errorRef names other, but there is no such error [dangling-reference]
            sourceRef="late" targetRef="end" -> sourceRef="late" targetRef="taken"
              line 18: f4: nothing leads to a boundary event; it happens by itself [flow-into-boundary]
            sourceRef="late" targetRef="end" -> sourceRef="late" targetRef="start"
              line 18: f4: nothing leads back to a start event; lead it elsewhere [flow-into-start]
            <b:endEvent id="end" /> -> <b:endEvent id="end" /><b:sequenceFlow id="f9" sourceRef="end" targetRef="ask" />
              line 23: f9: nothing leads on from an end event; take the flow away [flow-from-end]
            <b:endEvent id="end" /> -> <b:endEvent id="end"><b:incoming>f9</b:incoming><b:incoming>f1</b:incoming></b:endEvent>
              line 23: end: incoming names the flow f9, which does not exist [dangling-reference]
              line 23: end: incoming names the flow f1, which says otherwise; correct one [dangling-reference]
            <b:endEvent id="end" /> -> <b:endEvent id="end" /><b:endEvent id="island" />
              line 23: island: nothing leads here from the start; connect it or take it away [unreachable]
            <b:sequenceFlow id="f4" sourceRef="late" targetRef="end" /> ->
              line 17: late: nothing follows this boundary event; lead it somewhere [boundary-flow]
            <b:sequenceFlow id="f7" sourceRef="which" targetRef="end" /> ->
              line 20: which: the default flow f7 does not leave this node; name one that does [default-place]
              line 21: f6: the only flow of a gateway has a condition; take it away or add another flow [lone-condition]
        "#]],
    );
}

#[test]
fn choices_must_be_decidable() {
    let condition = "<b:conditionExpression>${_again}</b:conditionExpression>";
    let cases = [
        (condition, ""),
        ("default=\"f7\"", "default=\"f1\""),
        ("default=\"f7\"", "default=\"f6\""),
        ("<b:serviceTask id=\"add\"", "<b:serviceTask id=\"add\" default=\"f4\""),
        (
            "<b:sequenceFlow id=\"f1\" sourceRef=\"start\" targetRef=\"add\" />",
            "<b:sequenceFlow id=\"f1\" sourceRef=\"start\" targetRef=\"add\"><b:conditionExpression>${x}</b:conditionExpression></b:sequenceFlow>",
        ),
        (
            "<b:sequenceFlow id=\"f7\" sourceRef=\"which\" targetRef=\"end\" />",
            "<b:sequenceFlow id=\"f7\" sourceRef=\"add\" targetRef=\"end\" />",
        ),
        ("${_again}", "_again"),
        ("${_again}", "${_again} and ${_more}"),
        ("${_again}", "${_again =}"),
        ("${_again}", ""),
        (
            "${_again}</b:conditionExpression>",
            "${_again}</b:conditionExpression><b:conditionExpression>${x}</b:conditionExpression>",
        ),
    ];
    check(
        &cases,
        expect![[r#"
            <b:conditionExpression>${_again}</b:conditionExpression> ->
              line 21: f6: several flows of the gateway have no condition; give each one but the default flow a condition [missing-condition]
            default="f7" -> default="f1"
              line 20: which: the default flow f1 does not leave this node; name one that does [default-place]
            default="f7" -> default="f6"
              line 20: which: the default flow has a condition; take one of the two away [default-with-condition]
            <b:serviceTask id="add" -> <b:serviceTask id="add" default="f4"
              line 6: add: the default flow f4 does not leave this node; name one that does [default-place]
            <b:sequenceFlow id="f1" sourceRef="start" targetRef="add" /> -> <b:sequenceFlow id="f1" sourceRef="start" targetRef="add"><b:conditionExpression>${x}</b:conditionExpression></b:sequenceFlow>
              line 5: f1: only flows that leave an activity or an exclusive, inclusive or complex gateway have a condition; put one before it [condition-place]
            <b:sequenceFlow id="f7" sourceRef="which" targetRef="end" /> -> <b:sequenceFlow id="f7" sourceRef="add" targetRef="end" />
              line 20: which: the default flow f7 does not leave this node; name one that does [default-place]
              line 21: f6: the only flow of a gateway has a condition; take it away or add another flow [lone-condition]
            ${_again} -> _again
              line 21: f6: in the condition: an expression is written between ${ and } (at character 1) [invalid-condition]
            ${_again} -> ${_again} and ${_more}
              line 21: f6: in the condition: nothing may follow the closing } (at character 10) [invalid-condition]
            ${_again} -> ${_again =}
              line 21: f6: in the condition: a single = compares nothing; write == (at character 10) [invalid-condition]
            ${_again} ->
              line 21: f6: the condition is empty; write one such as ${approved} [missing-condition]
            ${_again}</b:conditionExpression> -> ${_again}</b:conditionExpression><b:conditionExpression>${x}</b:conditionExpression>
              line 21: f6: conditionExpression in sequenceFlow is not understood; take it away [unknown-element]
        "#]],
    );
}

#[test]
fn tasks_must_name_activities_and_parameters() {
    let cases = [
        ("${addUser}", "${adUser}"),
        ("${addUser}", "${payments}"),
        ("${addUser}", "${add.user(1)}"),
        ("camunda:delegateExpression=\"${addUser}\"", ""),
        ("camunda:delegateExpression=\"${addUser}\"", "camunda:type=\"external\""),
        ("camunda:delegateExpression=\"${addUser}\"", "camunda:type=\"connector\""),
        ("camunda:delegateExpression=\"${addUser}\"", "camunda:topic=\"addUser\""),
        (
            "camunda:delegateExpression=\"${addUser}\"",
            "camunda:type=\"external\" camunda:topic=\"${topic}\"",
        ),
        ("camunda:formKey=\"customDataForm\"", "camunda:formKey=\"addUser\""),
        ("name=\"storeName\"", "name=\"storename\""),
        ("name=\"storeName\"", "name=\"colour\""),
        (">demo<", "><"),
        (">demo<", ">${demo<"),
        (">demo<", "><camunda:list><camunda:value>${</camunda:value></camunda:list><"),
        (">demo<", "><camunda:list /><"),
        (">demo<", ">${null}<"),
        (
            ">form<",
            ">form</camunda:inputParameter><camunda:inputParameter name=\"dataFormName\">form<",
        ),
        (">1<", ">abc<"),
        (">1<", ">1.5<"),
        (">1<", ">${1.5}<"),
        (">1<", ">${true}<"),
        (">1<", ">1</camunda:inputParameter><camunda:inputParameter name=\"readOnlyForm\">yes<"),
        (">1<", ">1</camunda:inputParameter><camunda:inputParameter name=\"screens\">one<"),
        ("name=\"_x\"", "name=\"_x.y\""),
        ("name=\"_x\"", "name=\"empty\""),
        ("${userId}", "${userId"),
        ("\"ExtIdNotUnique\"", "\"ExtIDNotUnique\""),
        ("\"ExtIdNotUnique\"", "\"Gone\""),
        ("attachedToRef=\"add\"", "cancelActivity=\"false\" attachedToRef=\"add\""),
        ("errorRef=\"e\"", "errorRef=\"e\" camunda:errorCodeVariable=\"a b\""),
        (
            "<b:boundaryEvent id=\"late\"",
            "<b:boundaryEvent id=\"too\" attachedToRef=\"add\"><b:errorEventDefinition errorRef=\"e\" /></b:boundaryEvent><b:sequenceFlow id=\"f9\" sourceRef=\"too\" targetRef=\"end\" /><b:boundaryEvent id=\"late\"",
        ),
        ("PT1M", "a minute"),
        ("PT1M", ""),
        ("PT1M", "${"),
    ];
    check(
        &cases,
        expect![[r#"
            ${addUser} -> ${adUser}
              line 6: add: there is no activity adUser; did you mean addUser? [unknown-activity]
            ${addUser} -> ${payments}
              line 6: add: there is no activity payments [unknown-activity]
            ${addUser} -> ${add.user(1)}
              line 6: add: camunda:delegateExpression names an activity as ${name}, not as ${add.user(1)} [unknown-activity]
            camunda:delegateExpression="${addUser}" ->
              line 6: add: the task does not say which activity it runs; name it as camunda:topic, camunda:delegateExpression or zeebe:taskDefinition [missing-activity]
            camunda:delegateExpression="${addUser}" -> camunda:type="external"
              line 6: add: an external task needs the attribute camunda:topic [missing-attribute]
            camunda:delegateExpression="${addUser}" -> camunda:type="connector"
              line 6: add: camunda:type="connector" is not supported; only external is [unsupported-value]
            camunda:delegateExpression="${addUser}" -> camunda:topic="addUser"
              line 6: add: a task with camunda:topic needs camunda:type="external" [missing-attribute]
            camunda:delegateExpression="${addUser}" -> camunda:type="external" camunda:topic="${topic}"
              line 6: add: camunda:topic is the name of an activity, or the local topic id [unknown-activity]
            camunda:formKey="customDataForm" -> camunda:formKey="addUser"
              line 13: ask: addUser does not wait for a user; make it a service task [user-task-waits]
              line 13: ask: addUser needs the parameter storeName; give it [missing-parameter]
              line 14: ask: addUser has no parameter dataFormName [unknown-parameter]
              line 15: ask: addUser has no parameter dataFormVersion [unknown-parameter]
            name="storeName" -> name="storename"
              line 6: add: addUser needs the parameter storeName; give it [missing-parameter]
              line 7: add: addUser has no parameter storename; did you mean storeName? [unknown-parameter]
            name="storeName" -> name="colour"
              line 6: add: addUser needs the parameter storeName; give it [missing-parameter]
              line 7: add: addUser has no parameter colour [unknown-parameter]
            >demo< -> ><
              line 6: add: addUser needs the parameter storeName; give it [missing-parameter]
            >demo< -> >${demo<
              line 7: add: in storeName: the expression that begins here has no closing } (at character 1) [invalid-expression]
            >demo< -> ><camunda:list><camunda:value>${</camunda:value></camunda:list><
              line 7: add: in storeName: the expression that begins here has no closing } (at character 1) [invalid-expression]
            >demo< -> ><camunda:list /><
              line 7: add: the parameter storeName takes a text [wrong-type]
            >demo< -> >${null}<
              line 7: add: the parameter storeName takes a text [wrong-type]
            >form< -> >form</camunda:inputParameter><camunda:inputParameter name="dataFormName">form<
              line 14: ask: the parameter dataFormName is given twice; keep one [duplicate-parameter]
            >1< -> >abc<
              line 15: ask: the parameter dataFormVersion takes a whole number [wrong-type]
            >1< -> >1.5<
              line 15: ask: the parameter dataFormVersion takes a whole number [wrong-type]
            >1< -> >${1.5}<
              line 15: ask: the parameter dataFormVersion takes a whole number [wrong-type]
            >1< -> >${true}<
              line 15: ask: the parameter dataFormVersion takes a whole number [wrong-type]
            >1< -> >1</camunda:inputParameter><camunda:inputParameter name="readOnlyForm">yes<
              line 15: ask: the parameter readOnlyForm takes true or false [wrong-type]
            >1< -> >1</camunda:inputParameter><camunda:inputParameter name="screens">one<
              line 15: ask: the parameter screens takes a list [wrong-type]
            name="_x" -> name="_x.y"
              line 8: add: "_x.y" cannot be the name of a variable; use letters, digits and underscores, and no word of the expression language [invalid-variable]
            name="_x" -> name="empty"
              line 8: add: "empty" cannot be the name of a variable; use letters, digits and underscores, and no word of the expression language [invalid-variable]
            ${userId} -> ${userId
              line 8: add: in _x: the expression that begins here has no closing } (at character 1) [invalid-expression]
            "ExtIdNotUnique" -> "ExtIDNotUnique"
              line 10: taken: addUser raises ExtIdNotUnique, FailedToAddUser, but never ExtIDNotUnique; did you mean ExtIdNotUnique? [unknown-error]
            "ExtIdNotUnique" -> "Gone"
              line 10: taken: addUser raises ExtIdNotUnique, FailedToAddUser, but never Gone [unknown-error]
            attachedToRef="add" -> cancelActivity="false" attachedToRef="add"
              line 10: taken: an error always leaves its activity; let the event interrupt [error-interrupts]
            errorRef="e" -> errorRef="e" camunda:errorCodeVariable="a b"
              line 10: taken: "a b" cannot be the name of a variable; use letters, digits and underscores, and no word of the expression language [invalid-variable]
            <b:boundaryEvent id="late" -> <b:boundaryEvent id="too" attachedToRef="add"><b:errorEventDefinition errorRef="e" /></b:boundaryEvent><b:sequenceFlow id="f9" sourceRef="too" targetRef="end" /><b:boundaryEvent id="late"
              line 17: too: taken awaits the error ExtIdNotUnique already; take one of the two away [duplicate-catch]
            PT1M -> a minute
              line 17: late: "a minute" is not a duration; write one such as PT15M or P5D (at character 1) [invalid-timer]
            PT1M ->
              line 17: late: "" is not a duration; write one such as PT15M or P5D (at character 1) [invalid-timer]
            PT1M -> ${
              line 17: late: the expression that begins here has no closing } (at character 1) [invalid-timer]
        "#]],
    );
}

#[test]
fn all_flaws_are_told_at_once_in_the_order_of_the_text() {
    let text = BPMN
        .replace("${addUser}", "${adUser}")
        .replace("targetRef=\"ask\" />", "targetRef=\"aks\" />")
        .replace("PT1M", "soon")
        .replace("${_again}", "${_again = 1}")
        .replace(
            "<b:endEvent id=\"end\" />",
            "<b:endEvent id=\"end\" colour=\"red\" /><b:callActivity id=\"call\" />",
        )
        .replace(">1<", ">one<");
    expect![[r#"
        line 6: add: there is no activity adUser; did you mean addUser? [unknown-activity]
        line 11: f2: the flow leads to aks, which does not exist; did you mean ask? [dangling-reference]
        line 12: f3: the flow leads to aks, which does not exist; did you mean ask? [dangling-reference]
        line 15: ask: the parameter dataFormVersion takes a whole number [wrong-type]
        line 17: late: "soon" is not a duration; write one such as PT15M or P5D (at character 1) [invalid-timer]
        line 21: f6: in the condition: a single = compares nothing; write == (at character 10) [invalid-condition]
        line 23: end: the attribute colour of endEvent is not understood; take it away [unknown-attribute]
        line 23: call: callActivity needs the attribute calledElement [missing-attribute]
    "#]].assert_eq(&meaning(Format::Bpmn, &text));
}

#[test]
fn a_flaw_is_data() {
    let text = BPMN.replace("PT1M", "soon");
    let flaws = definitions::read(Format::Bpmn, &text, &crate::catalog::catalog()).unwrap_err();
    expect![[r#"
        [
          {
            "rule": "invalid-timer",
            "element": "late",
            "line": 17,
            "message": "\"soon\" is not a duration; write one such as PT15M or P5D (at character 1)"
          }
        ]"#]]
    .assert_eq(&serde_json::to_string_pretty(&flaws).unwrap());
}
