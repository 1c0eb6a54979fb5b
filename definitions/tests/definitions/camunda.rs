//! The dialect of Camunda 7: what is taken of each of its words, and why the others are not.

use crate::bpmn_elements::{file, flows};
use crate::picture::picture;
use definitions::{Format, with_scripts};
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
<bpmn:businessRuleTask id="rule" camunda:decisionRef="d" camunda:decisionRefTenantId="acme" />
<bpmn:callActivity id="call" calledElement="child" camunda:calledElementTenantId="${tenant}"><bpmn:extensionElements><camunda:in variables="all" local="true" /><camunda:in source="one" target="uno" local="true" /><camunda:inputOutput><camunda:inputParameter name="one">1</camunda:inputParameter><camunda:inputParameter name="two">${b}</camunda:inputParameter></camunda:inputOutput></bpmn:extensionElements></bpmn:callActivity>
<bpmn:task id="each"><bpmn:multiInstanceLoopCharacteristics camunda:collection="people" camunda:elementVariable="person"><bpmn:extensionElements><camunda:failedJobRetryTimeCycle>PT10S, ${pause}</camunda:failedJobRetryTimeCycle></bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics></bpmn:task>
<bpmn:intermediateCatchEvent id="wait"><bpmn:extensionElements><camunda:failedJobRetryTimeCycle>R3/PT1M</camunda:failedJobRetryTimeCycle></bpmn:extensionElements><bpmn:conditionalEventDefinition camunda:variableName="b" camunda:variableEvents="create, update"><bpmn:condition xsi:type="bpmn:tFormalExpression">${b &gt; 2}</bpmn:condition></bpmn:conditionalEventDefinition></bpmn:intermediateCatchEvent>
<bpmn:intermediateCatchEvent id="wait-more"><bpmn:conditionalEventDefinition camunda:variableEvents="update"><bpmn:condition xsi:type="bpmn:tFormalExpression">${b &gt; 3}</bpmn:condition></bpmn:conditionalEventDefinition></bpmn:intermediateCatchEvent>
<bpmn:endEvent id="end" />"##;
    let flows = flows(
        "start>sum sum>say say>judge judge>add add>ask ask>ask-again ask-again>rule rule>call call>each each>wait wait>wait-more wait-more>end",
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
          ask-again: User task customDataForm in(dataFormVersion=4, dataFormName=${form}) -> rule
          rule: decision "d" of "acme" as ResultList -> call
          call: call "child" of ${tenant} gives(one=${one}, two=${two}, uno=${one}) in(one="1", two=${b}) -> each
          each: Abstract task at once each of ${people} as person again PT10S, ${pause} -> wait
          wait: catch condition ${b > 2} of b -> wait-more
          wait-more: catch condition ${b > 3} updated -> end
          end: end
    "#]].assert_eq(&picture(Format::Bpmn, &text));
}

#[test]
fn listeners_set_variables_where_a_path_comes_goes_on_and_takes_a_flow() {
    let set = |event: &str, name: &str, value: &str| {
        format!(
            "<camunda:executionListener event=\"{event}\" expression=\"${{execution.setVariable('{name}', {value})}}\" />"
        )
    };
    let with =
        |listeners: String| format!("<bpmn:extensionElements>{listeners}</bpmn:extensionElements>");
    let both =
        |name: &str| with(set("start", name, "1") + &set("end", name, &format!("{name} + 1")));
    let user = with(
        "<camunda:taskListener event=\"create\" expression=\"#{task.setVariable(&quot;u&quot;, 'a, b')}\" /><camunda:taskListener event=\"complete\" expression=\"${task.setVariable('u', null)}\" />".to_owned(),
    );
    let script = with(
        "<camunda:executionListener event=\"start\"><camunda:script scriptFormat=\"juel\">${execution.setVariableLocal('own', [1, a])}</camunda:script></camunda:executionListener>".to_owned() + &set("end", "o", "own"),
    );
    let contents = format!(
        r##"{}<bpmn:startEvent id="start">{}</bpmn:startEvent>
<bpmn:exclusiveGateway id="choice">{}</bpmn:exclusiveGateway>
<bpmn:manualTask id="work">{script}</bpmn:manualTask>
<bpmn:userTask id="ask" camunda:formRef="f" camunda:formRefBinding="version" camunda:formRefVersion="1">{user}</bpmn:userTask>
<bpmn:serviceTask id="given" camunda:expression="${{execution.setVariable('e', a + 1)}}" />
<bpmn:scriptTask id="script" scriptFormat="juel"><bpmn:script>${{execution.setVariable("f", "}}" += e)}}</bpmn:script></bpmn:scriptTask>
<bpmn:intermediateThrowEvent id="said">{}<bpmn:messageEventDefinition messageRef="M" camunda:expression="${{a + 1}}" camunda:resultVariable="g" /></bpmn:intermediateThrowEvent>
<bpmn:intermediateCatchEvent id="wait">{}<bpmn:timerEventDefinition><bpmn:timeDuration>PT1M</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>
<bpmn:boundaryEvent id="late" attachedToRef="ask">{}<bpmn:timerEventDefinition><bpmn:timeDuration>PT1M</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>
<bpmn:endEvent id="end">{}</bpmn:endEvent>
<bpmn:sequenceFlow id="taken" sourceRef="late" targetRef="end">{}</bpmn:sequenceFlow>"##,
        with(set("start", "p", "true")),
        both("a"),
        both("b"),
        both("s"),
        both("c"),
        both("l"),
        both("d"),
        with(set("take", "t", "c")).replace("event=\"take\" ", ""),
    );
    let flows = flows(
        "start>choice choice>work work>ask ask>given given>script script>said said>wait wait>end",
    );
    let text = file(&format!("{contents}\n{flows}"), r#"<bpmn:message id="M" name="m" />"#);
    expect![[r#"
        p
          start: start leaves(p=true, a=1, a=${a + 1}) -> choice
          choice: exclusive enters(b=1) leaves(b=${b + 1}) -> work else
          work: Manual task in(own=${[1, a]}) out(o=${own}) -> ask
          ask: User task customDataForm in(dataFormName="f", dataFormVersion=1) out(u=null) enters(u="a, b") -> given
          given: script ${a + 1} to e -> script
          script: script ${"}" += e} to f -> said
          said: throw enters(s=1, g=${a + 1}) leaves(s=${s + 1}) -> wait
          wait: catch duration "PT1M" enters(c=1) leaves(c=${c + 1}) -> end
          late: leaves ask duration "PT1M" enters(l=1) leaves(l=${l + 1}) -> end sets(t=${c})
          end: end enters(d=1, d=${d + 1})
    "#]]
    .assert_eq(&picture(Format::Bpmn, &text));
}

#[test]
fn errors_by_condition_and_what_passes_between_processes_are_taken() {
    let contents = r##"<bpmn:startEvent id="start" />
<bpmn:serviceTask id="work" camunda:type="external" camunda:topic="simpleDecider"><bpmn:extensionElements><camunda:errorEventDefinition id="X" errorRef="E" expression="${decision == 'FAIL'}" /><camunda:errorEventDefinition errorRef="E" expression="${externalTask.getErrorDetails().contains('down')}" /></bpmn:extensionElements></bpmn:serviceTask>
<bpmn:boundaryEvent id="caught" attachedToRef="work"><bpmn:errorEventDefinition errorRef="E" /></bpmn:boundaryEvent>
<bpmn:callActivity id="call" calledElement="child"><bpmn:extensionElements><camunda:out source="a" target="own" local="true" /><camunda:out variables="all" local="true" /><camunda:out sourceExpression="${a}" target="b" /><camunda:inputOutput><camunda:outputParameter name="c">${own}</camunda:outputParameter></camunda:inputOutput></bpmn:extensionElements></bpmn:callActivity>
<bpmn:intermediateThrowEvent id="all"><bpmn:signalEventDefinition signalRef="S"><bpmn:extensionElements><camunda:in variables="all" /><camunda:in source="b" target="more" /></bpmn:extensionElements></bpmn:signalEventDefinition></bpmn:intermediateThrowEvent>
<bpmn:endEvent id="end"><bpmn:messageEventDefinition camunda:expression="${execution.setVariable('z', 1)}" /></bpmn:endEvent><bpmn:endEvent id="other" />"##;
    let flows = flows("start>work work>call call>all all>end caught>other");
    let roots = r#"<bpmn:error id="E" errorCode="e" camunda:errorMessage="said ${decision}" /><bpmn:signal id="S" name="s" />"#;
    expect![[r#"
        p
          start: start -> work
          work: Service task simpleDecider raises e (said ${decision}) if ${decision == 'FAIL'} raises e (said ${decision}) if ${externalTask.errorDetails.contains('down')} -> call
          caught: leaves work error e -> other
          call: call "child" takes(b=${a}) keeps(own=${a}) out(c=${own}) -> all
          all: throw signal "s" sends all in(more=${b}) -> end
          end: end enters(z=1)
          other: end
    "#]]
    .assert_eq(&picture(Format::Bpmn, &file(&format!("{contents}\n{flows}"), roots)));
}

#[test]
fn scripts_in_files_of_their_own_stand_where_they_are_referred_to() {
    let contents = r#"<bpmn:startEvent id="start" />
<bpmn:scriptTask id="empty" scriptFormat="juel" camunda:resource="deployment://sum.juel" camunda:resultVariable="b" />
<bpmn:scriptTask id="full" name='say "a &amp; b"' scriptFormat="juel" camunda:resource="deployment://less"><bpmn:extensionElements><camunda:executionListener event="start"><camunda:script scriptFormat="juel" resource="deployment://set" /></camunda:executionListener><camunda:inputOutput><camunda:inputParameter name="i"><camunda:script scriptFormat="juel" resource="deployment://less"></camunda:script></camunda:inputParameter></camunda:inputOutput></bpmn:extensionElements></bpmn:scriptTask>
<bpmn:endEvent id="end" />"#;
    let flows = flows("start>empty empty>full full>end");
    let text = file(&format!("{contents}\n{flows}"), "");
    let scripts = [
        ("sum.juel", "${a + 1}"),
        ("less", "${a < 2 && \"<&\" != 'c'}"),
        ("set", "${execution.setVariable('s', i)}"),
    ];
    let script =
        |name: &str| scripts.iter().find(|(one, _)| *one == name).map(|(_, of)| (*of).to_owned());
    expect![[r#"
        p
          start: start -> empty
          empty: script ${a + 1} to b -> full
          full: script ${a < 2 && "<&" != 'c'} in(i=${a < 2 && "<&" != 'c'}) enters(s=${i}) -> end
          end: end
    "#]]
    .assert_eq(&picture(Format::Bpmn, &with_scripts(&text, script)));
    // What is not there, or is not deployed beside it, is told by the reader; no XML stays as it is.
    assert_eq!(with_scripts(&text, |_| None), text);
    let elsewhere = text.replace("deployment://", "classpath://");
    assert_eq!(with_scripts(&elsewhere, |_| panic!("nothing is asked for")), elsewhere);
    assert_eq!(with_scripts("<a <b", |_| None), "<a <b");
    // A text that would grow beyond all bounds is refused and not built.
    let many = "<bpmn:scriptTask id=\"n\" camunda:resource=\"deployment://s\" />".repeat(1_000);
    let grown = with_scripts(&file(&many, ""), |_| Some("x".repeat(1 << 20)));
    assert!(grown.len() < 8 << 20);
    assert!(picture(Format::Bpmn, &grown).contains("too-large"));
}

/// An element of a process with two ends, and what is said of it.
pub(crate) fn said(case: &str) -> String {
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
        line 7: n: the attribute camunda:formHandlerClass of userTask is not taken: no Java is run; validate with the rules of a custom data form [unknown-attribute]
        line 7: n: the attribute camunda:resource of scriptTask is not taken: no such script came with the file; name one as deployment://NAME and give it beside the file, or write it there [unknown-attribute]
        line 7: n: the attribute camunda:caseRef of callActivity is not taken: cases (CMMN) are not executed; call a process with an ad-hoc sub-process [unknown-attribute]
        line 7: n: the attribute camunda:caseBinding of callActivity is not taken: cases (CMMN) are not executed; call a process with an ad-hoc sub-process [unknown-attribute]
        line 7: n: the attribute camunda:caseVersion of callActivity is not taken: cases (CMMN) are not executed; call a process with an ad-hoc sub-process [unknown-attribute]
        line 7: n: the attribute camunda:caseTenantId of callActivity is not taken: cases (CMMN) are not executed; call a process with an ad-hoc sub-process [unknown-attribute]
        line 7: n: the attribute camunda:variableMappingClass of callActivity is not taken: no Java is run; map the variables with camunda:in and camunda:out [unknown-attribute]
        line 7: n: the attribute camunda:variableMappingDelegateExpression of callActivity is not taken: no Java is run; map the variables with camunda:in and camunda:out [unknown-attribute]
        line 7: n: camunda:taskListener in userTask is not taken: a listener of a user task sets variables, as expression="${task.setVariable("name", value)}"; await what may happen with boundary events [unknown-element]
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
        "<bpmn:callActivity id='n' calledElement='c'><bpmn:extensionElements><camunda:in source='a' target='b' local='true' /></bpmn:extensionElements></bpmn:callActivity>",
        "<bpmn:serviceTask id='n' camunda:expression='${1}'><bpmn:extensionElements><camunda:errorEventDefinition errorRef='E' expression='${a}' /></bpmn:extensionElements></bpmn:serviceTask>",
        "<bpmn:businessRuleTask id='n' camunda:decisionRef='d'><bpmn:extensionElements><camunda:errorEventDefinition errorRef='E' expression='${a}' /></bpmn:extensionElements></bpmn:businessRuleTask>",
        "<bpmn:serviceTask id='n' camunda:delegateExpression='${simpleDecider}'><bpmn:extensionElements><camunda:errorEventDefinition errorRef='none' expression='${a}' /><camunda:errorEventDefinition errorRef='E' /><camunda:errorEventDefinition errorRef='E' expression='a' /></bpmn:extensionElements></bpmn:serviceTask>",
        "<bpmn:task id='n'><bpmn:extensionElements><camunda:executionListener event='start' expression='${log.info(a)}' /></bpmn:extensionElements></bpmn:task>",
        "<bpmn:task id='n'><bpmn:extensionElements><camunda:executionListener event='take' expression='${execution.setVariable(&quot;a&quot;, 1)}' /></bpmn:extensionElements></bpmn:task>",
        "<bpmn:task id='n'><bpmn:extensionElements><camunda:executionListener event='end' expression='${execution.setVariableLocal(&quot;a&quot;, 1)}' /></bpmn:extensionElements></bpmn:task>",
        "<bpmn:exclusiveGateway id='n'><bpmn:extensionElements><camunda:executionListener event='start' expression='${execution.setVariableLocal(&quot;a&quot;, 1)}' /></bpmn:extensionElements></bpmn:exclusiveGateway>",
        "<bpmn:exclusiveGateway id='n'><bpmn:extensionElements><camunda:executionListener event='start' expression='${execution.setVariable(&quot;a&quot;, 1) + b}' /></bpmn:extensionElements></bpmn:exclusiveGateway>",
        "<bpmn:exclusiveGateway id='n'><bpmn:extensionElements><camunda:executionListener event='start' expression='${execution.setVariable(&quot;a&quot;, a b)}' /></bpmn:extensionElements></bpmn:exclusiveGateway>",
        "<bpmn:exclusiveGateway id='n'><bpmn:extensionElements><camunda:executionListener event='start' expression='${execution.setVariable(&quot;a b&quot;, 1)}' /></bpmn:extensionElements></bpmn:exclusiveGateway>",
        "<bpmn:exclusiveGateway id='n'><bpmn:extensionElements><camunda:executionListener event='start'><camunda:script scriptFormat='groovy'>x</camunda:script></camunda:executionListener><camunda:executionListener event='start' class='org.x' /></bpmn:extensionElements></bpmn:exclusiveGateway>",
        "<bpmn:userTask id='n' camunda:formKey='customDataForm'><bpmn:extensionElements><camunda:taskListener event='assignment' expression='${task.setVariable(&quot;a&quot;, 1)}' /></bpmn:extensionElements></bpmn:userTask>",
        "<bpmn:intermediateThrowEvent id='n'><bpmn:messageEventDefinition camunda:expression='${1}' /></bpmn:intermediateThrowEvent>",
        "<bpmn:intermediateThrowEvent id='n'><bpmn:messageEventDefinition camunda:expression='${1}' camunda:resultVariable='a' /><bpmn:signalEventDefinition signalRef='S' /></bpmn:intermediateThrowEvent>",
        "<bpmn:serviceTask id='n' camunda:expression='${execution.setVariableLocal(&quot;a&quot;, 1)}' camunda:resultVariable='b' />",
        "<bpmn:subProcess id='n'><bpmn:startEvent id='t' /></bpmn:subProcess><bpmn:extensionElements><camunda:executionListener event='end' expression='${execution.setVariable(&quot;a&quot;, 1)}' /></bpmn:extensionElements>",
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
        line 7: n: a task evaluates camunda:expression or does what else it names; take one away [unsupported-value]
        line 7: n: camunda:errorEventDefinition in businessRuleTask is not taken: only a task that runs an activity ends so; take it away [unknown-element]
        line 7: n: errorRef names none, but there is no such error [dangling-reference]
        line 7: n: errorEventDefinition needs the attribute expression [missing-attribute]
        line 7: n: in the expression: an expression is written between ${ and } (at character 1) [invalid-condition]
        line 7: n: a listener sets a variable, as ${execution.setVariable("name", value)}; what else is evaluated changes nothing, so take it away [unknown-listener]
        line 7: n: the listener listens to start or end here, not to take [unknown-listener]
        line 7: n: only an activity has variables of its own, from its start on; write setVariable [unknown-listener]
        line 7: n: only an activity has variables of its own, from its start on; write setVariable [unknown-listener]
        line 7: n: a listener sets a variable, as ${execution.setVariable("name", value)}; what else is evaluated changes nothing, so take it away [unknown-listener]
        line 7: n: in the listener: "b" is not expected here (at character 5) [invalid-expression]
        line 7: n: "a b" cannot be the name of a variable; use letters, digits and underscores, and no word of the expression language [invalid-variable]
        line 7: n: camunda:executionListener in exclusiveGateway is not taken: only a task that runs an activity may name it so; elsewhere a listener sets variables, as expression="${execution.setVariable("name", value)}" [unknown-element]
        line 7: n: a script is written in juel, not in "groovy"; write ${…} [unsupported-script]
        line 7: n: the listener listens to create or complete here, not to assignment [unknown-listener]
        line 7: n: the value of camunda:expression goes nowhere; name a camunda:resultVariable, or let it set a variable [unsupported-value]
        line 7: n: only an event with one message evaluates an expression; take it away [unsupported-value]
        line 7: n: what is local to this ends with it; write setVariable [unsupported-value]
        line 7: n: setVariable gives no result; take camunda:resultVariable away [unsupported-value]
        line 7: p: a process has ended when nothing is left in it; set the variable where a path comes to its end events [unknown-listener]
        line 7: n: variables are not deleted, so nothing would ask the condition; name create or update as camunda:variableEvents [unsupported-value]
        line 7: t: only the start event of a process knows who created the instance; take the initiator away [unsupported-value]
    "#]].assert_eq(&all);
}
