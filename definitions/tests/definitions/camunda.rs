//! The dialect of Camunda 7: what is taken of each of its words, and why the others are not.

use crate::bpmn_elements::{file, flows};
use crate::picture::picture;
use definitions::Format;
use expect_test::expect;

const GUIDE: &str = include_str!("../../BPMN.md");

#[test]
fn the_words_of_camunda_7_are_translated() {
    let contents = r##"<bpmn:startEvent id="start" camunda:initiator="who" camunda:asyncBefore="true" />
<bpmn:serviceTask id="sum" camunda:expression="${a + 1}" camunda:resultVariable="b" />
<bpmn:sendTask id="say" camunda:expression="${b}" />
<bpmn:businessRuleTask id="judge" camunda:expression="#{b &gt; 1}" camunda:resultVariable="large" />
<bpmn:serviceTask id="add" camunda:class="addUser" camunda:async="true" camunda:jobPriority="3"><bpmn:extensionElements><camunda:field name="storeName" stringValue="demo" /><camunda:field name="userKey" expression="${key}" /><camunda:field name="userExternalId"><camunda:expression>user-${n}</camunda:expression></camunda:field><camunda:failedJobRetryTimeCycle>R5/PT10M</camunda:failedJobRetryTimeCycle></bpmn:extensionElements></bpmn:serviceTask>
<bpmn:userTask id="ask" camunda:formRef="join" camunda:formRefBinding="version" camunda:formRefVersion="3" camunda:dueDate="${due}" camunda:followUpDate="P1D" camunda:priority="50" />
<bpmn:userTask id="ask-again" camunda:formRef="${form}" camunda:formRefBinding="latest"><bpmn:extensionElements><camunda:inputOutput><camunda:inputParameter name="dataFormVersion">4</camunda:inputParameter></camunda:inputOutput></bpmn:extensionElements></bpmn:userTask>
<bpmn:callActivity id="call" calledElement="child"><bpmn:extensionElements><camunda:in variables="all" local="true" /><camunda:in source="one" target="uno" local="true" /><camunda:inputOutput><camunda:inputParameter name="one">1</camunda:inputParameter><camunda:inputParameter name="two">${b}</camunda:inputParameter></camunda:inputOutput></bpmn:extensionElements></bpmn:callActivity>
<bpmn:task id="each"><bpmn:multiInstanceLoopCharacteristics camunda:collection="people" camunda:elementVariable="person"><bpmn:extensionElements><camunda:failedJobRetryTimeCycle>PT10S, ${pause}</camunda:failedJobRetryTimeCycle></bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics></bpmn:task>
<bpmn:intermediateCatchEvent id="wait"><bpmn:extensionElements><camunda:failedJobRetryTimeCycle>R3/PT1M</camunda:failedJobRetryTimeCycle></bpmn:extensionElements><bpmn:conditionalEventDefinition camunda:variableName="b" camunda:variableEvents="create, update"><bpmn:condition xsi:type="bpmn:tFormalExpression">${b &gt; 2}</bpmn:condition></bpmn:conditionalEventDefinition></bpmn:intermediateCatchEvent>
<bpmn:intermediateCatchEvent id="wait-more"><bpmn:conditionalEventDefinition camunda:variableEvents="update"><bpmn:condition xsi:type="bpmn:tFormalExpression">${b &gt; 3}</bpmn:condition></bpmn:conditionalEventDefinition></bpmn:intermediateCatchEvent>
<bpmn:endEvent id="end" />"##;
    let flows = flows(
        "start>sum sum>say say>judge judge>add add>ask ask>ask-again ask-again>call call>each each>wait wait>wait-more wait-more>end",
    );
    let text = file(&format!("{contents}\n{flows}"), "");
    expect![[r#"
        p
          start: start by who -> sum
          sum: script ${a + 1} to b -> say
          say: script ${b} -> judge
          judge: script ${b > 1} to large -> add
          add: Service task addUser in(storeName="demo", userKey=${key}, userExternalId=user-${n}) again "R5/PT10M" -> ask
          ask: User task customDataForm in(dataFormName="join", dataFormVersion=3) -> ask-again
          ask-again: User task customDataForm in(dataFormVersion=4, dataFormName=${form}) -> call
          call: call "child" gives(one=${one}, two=${two}, uno=${one}) in(one="1", two=${b}) -> each
          each: Abstract task at once each of ${people} as person again PT10S, ${pause} -> wait
          wait: catch condition ${b > 2} of b -> wait-more
          wait-more: catch condition ${b > 3} updated -> end
          end: end
    "#]].assert_eq(&picture(Format::Bpmn, &text));
}

/// An element of a process with two ends, and what is said of it.
fn said(case: &str) -> String {
    let contents = format!(
        "<bpmn:startEvent id=\"start\" /><bpmn:endEvent id=\"end\" />{}\n{case}",
        flows("start>n n>end")
    );
    let roots = r#"<bpmn:error id="E" errorCode="e" camunda:errorMessage="m" />"#;
    picture(Format::Bpmn, &file(&contents, roots))
}

/// Where each word of the published descriptor of Camunda 7 may stand: the attributes as `name`,
/// the elements as `<name`, and `n` the node that has it.
const WORDS: [(&str, &[&str]); 24] = [
    (
        "<bpmn:intermediateCatchEvent id='n'><bpmn:conditionalEventDefinition camunda:X='create'><bpmn:condition>${a}</bpmn:condition></bpmn:conditionalEventDefinition></bpmn:intermediateCatchEvent>",
        &["variableName", "variableEvents"],
    ),
    (
        "<bpmn:task id='n'><bpmn:multiInstanceLoopCharacteristics camunda:collection='a' camunda:X='a' /></bpmn:task>",
        &["collection", "elementVariable"],
    ),
    (
        "<bpmn:callActivity id='n' calledElement='c'><bpmn:extensionElements><camunda:X source='a' target='b' /></bpmn:extensionElements></bpmn:callActivity>",
        &["<in", "<out"],
    ),
    (
        "<bpmn:task id='n' /><bpmn:subProcess id='s' triggeredByEvent='true'><bpmn:startEvent id='t'><bpmn:errorEventDefinition errorRef='E' camunda:X='a' /></bpmn:startEvent></bpmn:subProcess>",
        &["errorCodeVariable", "errorMessageVariable"],
    ),
    (
        "<bpmn:serviceTask id='n' camunda:delegateExpression='${simpleDecider}' camunda:X='1' />",
        &[
            "async",
            "asyncBefore",
            "asyncAfter",
            "exclusive",
            "jobPriority",
            "taskPriority",
            "modelerTemplate",
        ],
    ),
    ("<bpmn:serviceTask id='n' camunda:X='simpleDecider' />", &["class", "expression"]),
    ("<bpmn:serviceTask id='n' camunda:X='${simpleDecider}' />", &["delegateExpression"]),
    ("<bpmn:serviceTask id='n' camunda:type='external' camunda:X='simpleDecider' />", &["topic"]),
    ("<bpmn:serviceTask id='n' camunda:X='external' camunda:topic='simpleDecider' />", &["type"]),
    ("<bpmn:serviceTask id='n' camunda:expression='${1}' camunda:X='a' />", &["resultVariable"]),
    (
        "<bpmn:userTask id='n' camunda:formKey='customDataForm' camunda:X='1' />",
        &[
            "assignee",
            "candidateUsers",
            "candidateGroups",
            "dueDate",
            "followUpDate",
            "priority",
            "formHandlerClass",
        ],
    ),
    ("<bpmn:userTask id='n' camunda:X='customDataForm' />", &["formKey"]),
    (
        "<bpmn:userTask id='n' camunda:formRef='f' camunda:formRefVersion='1' camunda:formRefBinding='version' camunda:X='version' />",
        &["formRef", "formRefBinding", "formRefVersion"],
    ),
    (
        "<bpmn:scriptTask id='n' scriptFormat='juel' camunda:X='x'><bpmn:script>${1}</bpmn:script></bpmn:scriptTask>",
        &["resource"],
    ),
    (
        "<bpmn:businessRuleTask id='n' camunda:decisionRef='d' camunda:X='1' />",
        &["decisionRefTenantId", "decisionRefVersion", "decisionRefVersionTag"],
    ),
    (
        "<bpmn:businessRuleTask id='n' camunda:decisionRef='d' camunda:X='latest' />",
        &["decisionRefBinding"],
    ),
    (
        "<bpmn:businessRuleTask id='n' camunda:X='singleEntry' camunda:decisionRef='d' />",
        &["mapDecisionResult"],
    ),
    (
        "<bpmn:callActivity id='n' calledElement='c' camunda:X='latest' />",
        &[
            "calledElementBinding",
            "calledElementVersion",
            "calledElementVersionTag",
            "calledElementTenantId",
            "caseRef",
            "caseBinding",
            "caseVersion",
            "caseTenantId",
            "variableMappingClass",
            "variableMappingDelegateExpression",
        ],
    ),
    (
        "<bpmn:serviceTask id='n' camunda:delegateExpression='${simpleDecider}'><bpmn:extensionElements><camunda:X name='a' event='start' delegateExpression='${simpleDecider}' /></bpmn:extensionElements></bpmn:serviceTask>",
        &[
            "<connector",
            "<errorEventDefinition",
            "<executionListener",
            "<field",
            "<inputOutput",
            "<properties",
        ],
    ),
    (
        "<bpmn:userTask id='n' camunda:formKey='customDataForm'><bpmn:extensionElements><camunda:X event='create' class='x' /></bpmn:extensionElements></bpmn:userTask>",
        &["<taskListener", "<potentialStarter"],
    ),
    (
        "<bpmn:userTask id='n'><bpmn:extensionElements><camunda:formData><camunda:X id='a' /></camunda:formData></bpmn:extensionElements></bpmn:userTask>",
        &["<formField"],
    ),
    (
        "<bpmn:userTask id='n'><bpmn:extensionElements><camunda:X id='a' /></bpmn:extensionElements></bpmn:userTask>",
        &["<formProperty"],
    ),
    (
        "<bpmn:startEvent id='n'><bpmn:extensionElements><camunda:X id='a' /></bpmn:extensionElements></bpmn:startEvent>",
        &["<formData"],
    ),
    (
        "<bpmn:userTask id='n'><bpmn:extensionElements><camunda:formData><camunda:formField id='a'><camunda:X /></camunda:formField></camunda:formData></bpmn:extensionElements></bpmn:userTask>",
        &["<validation", "<properties"],
    ),
];

/// The words that stand in other places; other tests read them.
const ELSEWHERE: [&str; 10] = [
    "constraint",
    "initiator",
    "historyTimeToLive",
    "versionTag",
    "isStartableInTasklist",
    "candidateStarterUsers",
    "candidateStarterGroups",
    "errorMessage",
    "escalationCodeVariable",
    "failedJobRetryTimeCycle",
];

#[test]
fn no_word_of_camunda_7_is_unknown_and_the_guide_tells_of_each() {
    let tells = |name: &str| {
        let listed = GUIDE.contains(&format!("`camunda:{name}`"))
            || GUIDE.contains(&format!("`camunda:{name}="));
        assert!(listed, "the guide does not tell of camunda:{name}");
    };
    ELSEWHERE.into_iter().for_each(tells);
    let mut refused = String::new();
    for (node, words) in WORDS {
        for word in words {
            let name = word.trim_start_matches('<');
            let said = said(&node.replace('\'', "\"").replace('X', name));
            let unknown = match word.strip_prefix('<') {
                Some(name) => format!("{name} in "),
                None => format!("the attribute camunda:{name} "),
            };
            let unknown =
                |line: &&str| line.contains(&unknown) && line.contains("is not understood");
            assert_eq!(said.lines().find(unknown), None, "{said}");
            tells(name);
            let reasons = said.lines().filter(|line| line.contains(&format!("camunda:{name} ")));
            for line in reasons.filter(|line| line.contains("is not taken")) {
                refused.push_str(line);
                refused.push('\n');
            }
        }
    }
    expect![[r#"
        line 7: n: the attribute camunda:assignee of userTask is not taken: whoever has the link of the journey does its tasks; give people links of their own, and take it away [unknown-attribute]
        line 7: n: the attribute camunda:candidateUsers of userTask is not taken: whoever has the link of the journey does its tasks; give people links of their own, and take it away [unknown-attribute]
        line 7: n: the attribute camunda:candidateGroups of userTask is not taken: whoever has the link of the journey does its tasks; give people links of their own, and take it away [unknown-attribute]
        line 7: n: the attribute camunda:formHandlerClass of userTask is not taken: no Java is run; validate with the rules of a custom data form [unknown-attribute]
        line 7: n: the attribute camunda:resource of scriptTask is not taken: a script stands in the file itself; write it there [unknown-attribute]
        line 7: n: the attribute camunda:decisionRefTenantId of businessRuleTask is not taken: a definition sees those of its own tenant alone; take it away [unknown-attribute]
        line 7: n: the attribute camunda:calledElementTenantId of callActivity is not taken: a definition sees those of its own tenant alone; take it away [unknown-attribute]
        line 7: n: the attribute camunda:caseRef of callActivity is not taken: cases (CMMN) are not executed; call a process with an ad-hoc sub-process [unknown-attribute]
        line 7: n: the attribute camunda:caseBinding of callActivity is not taken: cases (CMMN) are not executed; call a process with an ad-hoc sub-process [unknown-attribute]
        line 7: n: the attribute camunda:caseVersion of callActivity is not taken: cases (CMMN) are not executed; call a process with an ad-hoc sub-process [unknown-attribute]
        line 7: n: the attribute camunda:caseTenantId of callActivity is not taken: a definition sees those of its own tenant alone; take it away [unknown-attribute]
        line 7: n: the attribute camunda:variableMappingClass of callActivity is not taken: no Java is run; map the variables with camunda:in and camunda:out [unknown-attribute]
        line 7: n: the attribute camunda:variableMappingDelegateExpression of callActivity is not taken: no Java is run; map the variables with camunda:in and camunda:out [unknown-attribute]
        line 7: n: camunda:connector in serviceTask is not taken: there are no connectors; name the activity that does it as camunda:topic [unknown-element]
        line 7: n: camunda:errorEventDefinition in serviceTask is not taken: an activity says itself which error it ends with; catch that at its boundary [unknown-element]
        line 7: n: camunda:taskListener in userTask is not taken: nothing listens to tasks; set variables with camunda:inputOutput, and await what may happen with boundary events [unknown-element]
        line 7: n: camunda:potentialStarter in userTask is not taken: whoever has a process token begins a journey; take it away [unknown-element]
        line 7: n: camunda:formData in startEvent is not taken: only a user task has a form, and whoever creates an instance gives its variables; take it away [unknown-element]
    "#]].assert_eq(&refused);
}

#[test]
fn what_would_be_passed_over_beside_another_word_is_refused() {
    let cases = [
        "<bpmn:sendTask id='n' messageRef='M' camunda:expression='${1}' />",
        "<bpmn:serviceTask id='n' camunda:topic='simpleDecider' camunda:type='external' camunda:expression='${1}' />",
        "<bpmn:serviceTask id='n' camunda:expression='${1}'><bpmn:extensionElements><camunda:field name='a' stringValue='b' /></bpmn:extensionElements></bpmn:serviceTask>",
        "<bpmn:serviceTask id='n' camunda:delegateExpression='${simpleDecider}' camunda:resultVariable='a' />",
        "<bpmn:userTask id='n' camunda:formRef='f' camunda:formRefBinding='newest' />",
        "<bpmn:userTask id='n' camunda:formRef='f' camunda:formRefVersion='2' />",
        "<bpmn:callActivity id='n' calledElement='c'><bpmn:extensionElements><camunda:in source='a' target='b' local='true' /><camunda:out source='a' target='b' local='true' /></bpmn:extensionElements></bpmn:callActivity>",
        "<bpmn:intermediateCatchEvent id='n'><bpmn:conditionalEventDefinition camunda:variableEvents='delete'><bpmn:condition>${a}</bpmn:condition></bpmn:conditionalEventDefinition></bpmn:intermediateCatchEvent>",
        "<bpmn:subProcess id='n'><bpmn:startEvent id='t' camunda:initiator='a' /></bpmn:subProcess>",
    ];
    let all: String = cases.iter().map(|case| said(&case.replace('\'', "\""))).collect();
    expect![[r#"
        line 7: n: a task evaluates camunda:expression or does what else it names; take one away [unsupported-value]
        line 7: n: a task evaluates camunda:expression or does what else it names; take one away [unsupported-value]
        line 7: n: a task evaluates camunda:expression or does what else it names; take one away [unsupported-value]
        line 7: n: only camunda:expression has a result; keep what an activity gives with output parameters instead of camunda:resultVariable [unsupported-value]
        line 7: n: camunda:formRefBinding is latest, deployment, or version together with camunda:formRefVersion [unsupported-value]
        line 7: n: a deployed form has versions; say which one is shown with an input dataFormVersion [missing-parameter]
        line 7: n: camunda:formRefBinding is latest, deployment, or version together with camunda:formRefVersion [unsupported-value]
        line 7: n: a deployed form has versions; say which one is shown with an input dataFormVersion [missing-parameter]
        line 7: n: a is not local to the call; give it an input parameter of that name, or take local away [unsupported-value]
        line 7: n: local="true" of out is not supported; only false is [unsupported-value]
        line 7: n: variables are not deleted, so nothing would ask the condition; name create or update as camunda:variableEvents [unsupported-value]
        line 7: t: only the start event of a process knows who created the instance; take the initiator away [unsupported-value]
    "#]].assert_eq(&all);
}
