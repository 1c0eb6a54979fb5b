//! Properties of tasks, calls and events: variables of their own, in BPMN and in YAML.

use crate::bpmn_elements::{check, file, flows};
use crate::picture::picture;
use crate::process;
use crate::yaml_constructs;
use definitions::Format;
use expect_test::expect;

const MESSAGE: &str = r#"<bpmn:message id="Message_1" name="paid"><bpmn:extensionElements><camunda:properties><camunda:property name="correlationKey" value="${order}" /></camunda:properties></bpmn:extensionElements></bpmn:message>"#;

fn given(name: &str, value: &str) -> String {
    format!(
        "<bpmn:property id=\"{name}_p\" name=\"{name}\"><bpmn:extensionElements><camunda:inputOutput><camunda:inputParameter name=\"{name}\">{value}</camunda:inputParameter></camunda:inputOutput></bpmn:extensionElements></bpmn:property>"
    )
}

fn goes(way: &str, from: &str, to: &str) -> String {
    format!(
        "<bpmn:data{way}Association><bpmn:sourceRef>{from}</bpmn:sourceRef><bpmn:targetRef>{to}</bpmn:targetRef></bpmn:data{way}Association>"
    )
}

#[test]
fn tasks_calls_and_events_have_properties() {
    let (into, kept) = (goes("Input", "first_p", "I1"), goes("Output", "O1", "first_p"));
    let contents = [
        r#"<bpmn:startEvent id="start"><bpmn:property id="P0" name="idle" /></bpmn:startEvent>"#,
        r#"<bpmn:serviceTask id="add" camunda:delegateExpression="${addUser}"><bpmn:ioSpecification><bpmn:dataInput id="I1" name="storeName" /><bpmn:dataOutput id="O1" name="userId" /></bpmn:ioSpecification>"#,
        &given("first", "${order}"),
        r#"<bpmn:property id="P1" name="second" />"#,
        &into,
        &kept,
        "</bpmn:serviceTask>",
        r#"<bpmn:boundaryEvent id="late" attachedToRef="add"><bpmn:property id="P2" name="code" /><bpmn:dataOutput id="O2" name="x" />"#,
        &goes("Output", "O2", "P2"),
        r#"<bpmn:messageEventDefinition messageRef="Message_1" /></bpmn:boundaryEvent>"#,
        r#"<bpmn:callActivity id="call" calledElement="child"><bpmn:extensionElements><camunda:in variables="all" local="true" /></bpmn:extensionElements><bpmn:property id="P3" name="size" /><bpmn:property id="P4" name="__targetRef_placeholder" /></bpmn:callActivity>"#,
        r#"<bpmn:eventBasedGateway id="either" />"#,
        r#"<bpmn:intermediateCatchEvent id="hear"><bpmn:property id="P5" name="sum" /><bpmn:dataOutput id="O3" name="amount" />"#,
        &goes("Output", "O3", "P5"),
        r#"<bpmn:messageEventDefinition messageRef="Message_1" /></bpmn:intermediateCatchEvent>"#,
        r#"<bpmn:intermediateCatchEvent id="wait"><bpmn:timerEventDefinition><bpmn:timeDuration>PT1M</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"#,
        r#"<bpmn:intermediateThrowEvent id="tell">"#,
        &given("text", "hello"),
        r#"<bpmn:dataInput id="I2" name="words" />"#,
        &goes("Input", "text_p", "I2"),
        r#"<bpmn:messageEventDefinition messageRef="Message_1" /></bpmn:intermediateThrowEvent>"#,
        r#"<bpmn:intermediateThrowEvent id="send"><bpmn:property id="P7" name="key" /><bpmn:dataOutput id="O4" name="userId" />"#,
        &goes("Output", "O4", "P7"),
        r#"<bpmn:messageEventDefinition messageRef="Message_1" camunda:delegateExpression="${simpleDecider}" /></bpmn:intermediateThrowEvent>"#,
        r#"<bpmn:endEvent id="end"><bpmn:property id="P6" name="last" /></bpmn:endEvent>"#,
        &flows(
            "start>add add>call late>call call>either either>hear either>wait hear>tell wait>tell tell>send send>end",
        ),
    ];
    check(
        &contents.concat(),
        MESSAGE,
        expect![[r#"
            p
              start: start has idle -> add
              add: Service task addUser in(storeName=${first}) out(first=${userId}) has first=${order}, second -> call
              late: leaves add message "paid" key ${order} out(code=${x}) has code -> call
              call: call "child" gives(size=${size}) has size -> either
              either: event gateway -> hear, wait
              hear: catch message "paid" key ${order} out(sum=${amount}) has sum -> tell
              wait: catch duration "PT1M" -> tell
              tell: throw message "paid" key ${order} in(words=${text}) has text="hello" -> send
              send: Throw task simpleDecider out(key=${userId}) has key -> end
              end: end has last
        "#]],
    );
}

#[test]
fn nothing_else_sees_a_property() {
    let task = |id: &str, inner: &str| format!("<bpmn:task id=\"{id}\">{inner}</bpmn:task>");
    let property = "<bpmn:property id=\"q\" name=\"q\" />";
    let io = "<bpmn:ioSpecification><bpmn:dataInput id=\"i\" /><bpmn:dataOutput id=\"o\" /></bpmn:ioSpecification>";
    let (from, to) = (goes("Input", "q", "i"), goes("Output", "o", "q"));
    let each = |inner: &str| {
        let inner = format!(
            "<bpmn:multiInstanceLoopCharacteristics>{inner}</bpmn:multiInstanceLoopCharacteristics>"
        );
        task("n", &format!("{io}{property}{from}{to}{inner}"))
    };
    let mut told = String::new();
    for contents in [
        task("n", property) + &task("m", &format!("{io}{from}{to}")),
        format!("<bpmn:exclusiveGateway id=\"n\">{property}</bpmn:exclusiveGateway>"),
        task("n", "<bpmn:property id=\"q\" name=\"a b\" />"),
        task("n", &format!("{property}<bpmn:property id=\"q\" name=\"r\" />")),
        task("n", &format!("{property}<bpmn:property id=\"r\" name=\"q\" />")),
        each("<bpmn:loopDataInputRef>i</bpmn:loopDataInputRef>"),
        each("<bpmn:loopDataInputRef>q</bpmn:loopDataInputRef>"),
        task("m", property)
            + &task(
                "n",
                "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopDataInputRef>q</bpmn:loopDataInputRef><bpmn:loopDataOutputRef>q</bpmn:loopDataOutputRef><bpmn:outputDataItem id=\"x\" name=\"x\" /></bpmn:multiInstanceLoopCharacteristics>",
            ),
        each(
            "<bpmn:loopDataInputRef>list</bpmn:loopDataInputRef><bpmn:loopDataOutputRef>o</bpmn:loopDataOutputRef><bpmn:outputDataItem id=\"x\" name=\"x\" />",
        ),
    ] {
        told += &format!("{}\n", contents.replace("bpmn:", ""));
        let text = file(&contents, "");
        told.extend(picture(Format::Bpmn, &text).lines().map(|line| format!("  {line}\n")));
    }
    expect![[r#"
        <task id="n"><property id="q" name="q" /></task><task id="m"><ioSpecification><dataInput id="i" /><dataOutput id="o" /></ioSpecification><dataInputAssociation><sourceRef>q</sourceRef><targetRef>i</targetRef></dataInputAssociation><dataOutputAssociation><sourceRef>o</sourceRef><targetRef>q</targetRef></dataOutputAssociation></task>
          line 4: m: q is a property of n, and nothing else sees it; make it one of the sub-process or the process around both [unsupported-value]
          line 4: m: q is a property of n, and nothing else sees it; make it one of the sub-process or the process around both [unsupported-value]
        <exclusiveGateway id="n"><property id="q" name="q" /></exclusiveGateway>
          line 4: n: property in exclusiveGateway is not supported; take it away [unsupported-element]
        <task id="n"><property id="q" name="a b" /></task>
          line 4: n: a property is a variable, and "a b" cannot be one [invalid-variable]
        <task id="n"><property id="q" name="q" /><property id="q" name="r" /></task>
          line 4: q: the id is already taken on line 4; give this one another [duplicate-id]
        <task id="n"><property id="q" name="q" /><property id="r" name="q" /></task>
          p
            n: Abstract task has q
        <task id="n"><ioSpecification><dataInput id="i" /><dataOutput id="o" /></ioSpecification><property id="q" name="q" /><dataInputAssociation><sourceRef>q</sourceRef><targetRef>i</targetRef></dataInputAssociation><dataOutputAssociation><sourceRef>o</sourceRef><targetRef>q</targetRef></dataOutputAssociation><multiInstanceLoopCharacteristics><loopDataInputRef>i</loopDataInputRef></multiInstanceLoopCharacteristics></task>
          line 4: n: q begins and ends with each instance; take the items from a variable around, and gather into one [unsupported-value]
        <task id="n"><ioSpecification><dataInput id="i" /><dataOutput id="o" /></ioSpecification><property id="q" name="q" /><dataInputAssociation><sourceRef>q</sourceRef><targetRef>i</targetRef></dataInputAssociation><dataOutputAssociation><sourceRef>o</sourceRef><targetRef>q</targetRef></dataOutputAssociation><multiInstanceLoopCharacteristics><loopDataInputRef>q</loopDataInputRef></multiInstanceLoopCharacteristics></task>
          line 4: n: q begins and ends with each instance; take the items from a variable around, and gather into one [unsupported-value]
        <task id="m"><property id="q" name="q" /></task><task id="n"><multiInstanceLoopCharacteristics><loopDataInputRef>q</loopDataInputRef><loopDataOutputRef>q</loopDataOutputRef><outputDataItem id="x" name="x" /></multiInstanceLoopCharacteristics></task>
          line 4: n: q is a property of m, and nothing else sees it; make it one of the sub-process or the process around both [unsupported-value]
          line 4: n: q is a property of m, and nothing else sees it; make it one of the sub-process or the process around both [unsupported-value]
          line 4: n: loopDataOutputRef and outputDataItem go together; give both [wrong-shape]
        <task id="n"><ioSpecification><dataInput id="i" /><dataOutput id="o" /></ioSpecification><property id="q" name="q" /><dataInputAssociation><sourceRef>q</sourceRef><targetRef>i</targetRef></dataInputAssociation><dataOutputAssociation><sourceRef>o</sourceRef><targetRef>q</targetRef></dataOutputAssociation><multiInstanceLoopCharacteristics><loopDataInputRef>list</loopDataInputRef><loopDataOutputRef>o</loopDataOutputRef><outputDataItem id="x" name="x" /></multiInstanceLoopCharacteristics></task>
          line 4: n: q begins and ends with each instance; take the items from a variable around, and gather into one [unsupported-value]
    "#]].assert_eq(&told);
}

#[test]
fn steps_and_events_have_variables_in_yaml() {
    yaml_constructs::check(
        r#"
  - { start: Begin, id: begin, message: begun, key: "1", variables: { way: }, out: { way: "${by}", a: "${way}" } }
  - do: nothing
    id: think
    variables: { thought: "${a}", more: [1, "${thought}"] }
    out: { thought: 1, b: "${thought}" }
    on:
      - { timer: PT1M, variables: { late: true }, then: end }
  - script: n + 1
    result: n
    variables: { n: 1 }
    each: { times: 2 }
  - await:
      - { message: answer, key: "1", variables: { text: }, out: { text: "${said}" } }
      - { timer: PT1M }
  - { throw: Told, signal: told, variables: { word: hello }, with: { said: "${word}" } }
  - { id: part, steps: [{ start: Start, variables: { first: } }, { do: nothing }] }
  - { end: End, variables: { last: } }
"#,
        expect![[r#"
            begin: startEvent "Begin" {"outputs":[["way",{"expression":"${by}"}],["a",{"expression":"${way}"}]],"trigger":{"message":{"key":{"value":"1"},"name":{"value":"begun"}}},"variables":[["way",null]]} -> think
            think: task "Think" {"outputs":[["thought",{"value":1}],["b",{"expression":"${thought}"}]],"variables":[["thought",{"expression":"${a}"}],["more",{"list":[{"value":1},{"expression":"${thought}"}]}]]} -> step-3
            think.timer: boundaryEvent "PT1M" {"host":"think","interrupting":true,"trigger":{"duration":{"value":"PT1M"}},"variables":[["late",{"value":true}]]} -> end
            step-3: scriptTask "Set n" {"repeat":{"cardinality":{"value":"2"},"collection":null,"completion":null,"element":null,"gathered":null,"sequential":false},"result":"n","script":{"expression":"${n + 1}"},"variables":[["n",{"value":1}]]} -> step-4
            step-4: eventGateway -> step-4.answer -> step-4.timer
            step-4.answer: catchEvent "Answer" {"outputs":[["text",{"expression":"${said}"}]],"trigger":{"message":{"key":{"value":"1"},"name":{"value":"answer"}}},"variables":[["text",null]]} -> told
            step-4.timer: catchEvent "PT1M" {"trigger":{"duration":{"value":"PT1M"}}} -> told
            told: throwEvent "Told" {"inputs":{"said":{"expression":"${word}"}},"trigger":{"signal":{"value":"told"}},"variables":[["word",{"value":"hello"}]]} -> part
            part: subProcess -> end
            part/part.start: startEvent "Start" {"variables":[["first",null]]} -> part.step-2
            part/part.step-2: task "Part step 2" -> part.end
            part/part.end: endEvent "End"
            end: endEvent "End" {"variables":[["last",null]]}
            ---
            name: x
            steps:
              - start: Begin
                message: begun
                key: "1"
                out: { way: "${by}", a: "${way}" }
                variables:
                  way:
              - do: nothing
                id: think
                out: { thought: 1, b: "${thought}" }
                on:
                  - { timer: PT1M, variables: { late: true }, then: end }
                variables: { thought: "${a}", more: [1, "${thought}"] }
              - script: n + 1
                result: n
                each: { times: 2 }
                variables: { n: 1 }
              - await:
                  - message: answer
                    key: "1"
                    out: { text: "${said}" }
                    variables:
                      text:
                  - { timer: PT1M }
              - throw: Told
                signal: told
                with: { said: "${word}" }
                variables: { word: hello }
              - id: part
                steps:
                  - start: Start
                    variables:
                      first:
                  - do: nothing
              - end: End
                variables:
                  last:
        "#]],
    );
}

#[test]
fn a_property_is_part_of_what_a_process_means() {
    let with = |variables: &str| {
        let text = format!("name: x\nsteps:\n  - {{ do: nothing, id: a{variables} }}\n");
        process(Format::Yaml, &text).hash()
    };
    let hashes = ["", ", variables: { n: }", ", variables: { n: 1 }", ", variables: { m: 1 }"];
    let hashes: std::collections::BTreeSet<String> = hashes.into_iter().map(with).collect();
    assert_eq!(hashes.len(), 4);
}
