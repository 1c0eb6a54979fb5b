//! Connectors of Camunda 7: they name an activity, with parameters beside those of their task.

use crate::bpmn_elements::{file, flows};
use crate::camunda::said;
use crate::picture::picture;
use definitions::Format;
use expect_test::expect;

fn extensions(inside: &str) -> String {
    format!("<bpmn:extensionElements>{inside}</bpmn:extensionElements>")
}

/// Parameters: `a=1` is given, and `>a=1` is kept.
fn parameters(all: &[&str]) -> String {
    let one = |text: &&str| {
        let kept = text.strip_prefix('>');
        let (name, value) = kept.unwrap_or(text).split_once('=').expect("a name and a value");
        let word = if kept.is_some() { "outputParameter" } else { "inputParameter" };
        format!("<camunda:{word} name=\"{name}\">{value}</camunda:{word}>")
    };
    let all: String = all.iter().map(one).collect();
    format!("<camunda:inputOutput>{all}</camunda:inputOutput>")
}

fn connector(id: &str, all: &[&str]) -> String {
    let parameters = parameters(all);
    format!(
        "<camunda:connector><camunda:connectorId> {id} </camunda:connectorId>{parameters}</camunda:connector>"
    )
}

#[test]
fn a_connector_names_the_activity_of_a_task_or_of_a_message_that_is_thrown() {
    let given = ["storeName=demo", "userExternalId=${person.id}", ">added=${userId}"];
    let add = extensions(&connector("addUser", &given));
    let around = parameters(&["person=${all[0]}", "next=${person.id + 1}", ">known=${added}"]);
    let beside = extensions(&(connector("addUserV1", &given) + &around));
    let decide = extensions(&connector("simpleDecider", &[">d=${decision}"]));
    let event = extensions(&parameters(&["person=${all[0]}", "screens=${s}"]));
    let field = extensions("<camunda:field name=\"storeName\" stringValue=\"demo\" />");
    let contents = format!(
        r#"<bpmn:startEvent id="start" />
<bpmn:serviceTask id="add">{add}</bpmn:serviceTask>
<bpmn:serviceTask id="beside">{beside}</bpmn:serviceTask>
<bpmn:sendTask id="send">{decide}</bpmn:sendTask>
<bpmn:businessRuleTask id="rule" camunda:skyId="addUser">{decide}</bpmn:businessRuleTask>
<bpmn:intermediateThrowEvent id="throw">{event}<bpmn:messageEventDefinition id="m">{add}</bpmn:messageEventDefinition></bpmn:intermediateThrowEvent>
<bpmn:intermediateThrowEvent id="field"><bpmn:messageEventDefinition camunda:class="addUser">{field}</bpmn:messageEventDefinition></bpmn:intermediateThrowEvent>
<bpmn:endEvent id="end">{event}<bpmn:messageEventDefinition>{decide}</bpmn:messageEventDefinition></bpmn:endEvent>"#
    )
    .replacen("name=\"screens\"", "name=\"more\"", 1);
    let flows =
        flows("start>add add>beside beside>send send>rule rule>throw throw>field field>end");
    expect![[r#"
        p
          start: start -> add
          add: Service task addUser in(storeName="demo", userExternalId=${person.id}) out(added=${userId}) -> beside
          beside: Service task addUser in(storeName="demo", userExternalId=${person.id}) out(added=${userId}, known=${added}) has person=${all[0]}, next=${person.id + 1} -> send
          send: Send task simpleDecider out(d=${decision}) -> rule
          rule: BusinessRule task simpleDecider out(d=${decision}) -> throw
          throw: Throw task addUser in(storeName="demo", userExternalId=${person.id}) out(added=${userId}) has person=${all[0]}, more=${s} -> field
          field: Throw task addUser in(storeName="demo") -> end
          end: End task simpleDecider out(d=${decision}) has person=${all[0]}
    "#]].assert_eq(&picture(Format::Bpmn, &file(&format!("{contents}\n{flows}"), "")));
}

#[test]
fn what_a_connector_cannot_say_here_is_refused_with_what_to_do() {
    let task = |attributes: &str, inside: &str| {
        let inside = extensions(inside);
        format!("<bpmn:serviceTask id=\"n\" {attributes}>{inside}</bpmn:serviceTask>")
    };
    let adds = |more: &[&str]| {
        let all: Vec<&str> = ["storeName=demo"].iter().chain(more).copied().collect();
        connector("addUser", &all)
    };
    let set = "<camunda:executionListener event=\"start\" expression=\"${execution.setVariable('a', 1)}\" />";
    let cases = [
        task("", &connector("http-connector", &["url=x"])),
        task("camunda:skyId=\"addUser\"", &connector("adUser", &[])),
        task("", "<camunda:connector />"),
        task("", &adds(&["person=${a}"])),
        task("", &(adds(&[]) + &adds(&[]))),
        task("", &adds(&[]).replace("</camunda:connectorId>", "</camunda:connectorId><camunda:connectorId>addUser</camunda:connectorId><camunda:x />")),
        task("camunda:class=\"addUser\"", &adds(&[])),
        task("camunda:type=\"external\" camunda:topic=\"${execution.getVariableLocal('localTopicId')}\"", &adds(&[])),
        task("", &(adds(&[]) + "<camunda:executionListener event=\"start\" delegateExpression=\"${addUser}\" />")),
        task("camunda:expression=\"${1}\"", &adds(&[])),
        task("", &(adds(&[]) + "<camunda:field name=\"userKey\" stringValue=\"k\" />" + set)),
        task("", &(parameters(&["a=1", "a=2"]) + &adds(&[]))),
        task("", &(parameters(&["a=1", ">a=2", ">b=1", ">b=2"]) + &adds(&[">b=3"]))),
        task("", &adds(&["userKey=${k + 1}", "userId=${userId}", ">a=${userKey}", ">b=${userId}"])),
        task("", "<camunda:connectorId>addUser</camunda:connectorId>"),
        task("", &adds(&[])).replace("serviceTask", "userTask"),
        task("", &adds(&[])).replace("serviceTask", "task"),
        task("camunda:decisionRef=\"d\"", &adds(&[])).replace("serviceTask", "businessRuleTask"),
        task("messageRef=\"M\"", &adds(&[])).replace("serviceTask", "sendTask"),
        task("", &adds(&[])).replace("serviceTask", "intermediateThrowEvent"),
        format!("<bpmn:intermediateCatchEvent id=\"n\"><bpmn:messageEventDefinition>{}</bpmn:messageEventDefinition></bpmn:intermediateCatchEvent>", extensions(&adds(&[]))),
        format!("<bpmn:endEvent id=\"n\"><bpmn:signalEventDefinition>{}</bpmn:signalEventDefinition></bpmn:endEvent>", extensions(&adds(&[]))),
        format!("<bpmn:intermediateThrowEvent id=\"n\"><bpmn:messageEventDefinition camunda:topic=\"addUser\" camunda:type=\"external\">{}</bpmn:messageEventDefinition></bpmn:intermediateThrowEvent>", extensions(&adds(&[]))),
    ];
    let all: String = cases.iter().map(|case| said(case)).collect();
    expect![[r#"
        line 7: n: there is no activity http-connector [unknown-activity]
        line 7: n: there is no activity adUser; did you mean addUser? [unknown-activity]
        line 7: n: a connector names the activity that it runs as camunda:connectorId [missing-activity]
        line 7: n: addUser has no parameter person [unknown-parameter]
        line 7: n: camunda:connector is there twice; keep one [wrong-shape]
        line 7: n: camunda:connectorId in connector is not taken: only a service, send or business rule task, or the definition of a message event that is thrown, has a connector, and that one connectorId, the activity that it runs [unknown-element]
        line 7: n: x in connector is not understood; take it away [unknown-element]
        line 7: n: a task names its activity once; take camunda:connector or the other name away [unknown-activity]
        line 7: n: a task names its activity once; take camunda:connector or the other name away [unknown-activity]
        line 7: n: a task names its activity once; take camunda:connector or the other name away [unknown-activity]
        line 7: n: a task evaluates camunda:expression or does what else it names; take one away [unsupported-value]
        line 7: n: a field beside a connector is not given to it; make it an input of that [unsupported-value]
        line 7: n: a listener comes between the parameters of a task and those of its connector there; set it with one of these [unknown-listener]
        line 7: n: the variable a is there twice; take one of the two away [duplicate-variable]
        line 7: n: a is a name that the task or its connector has given already; call one of them otherwise [duplicate-parameter]
        line 7: n: b is a name that the task or its connector has given already; call one of them otherwise [duplicate-parameter]
        line 7: n: b is a name that the task or its connector has given already; call one of them otherwise [duplicate-parameter]
        line 7: n: an output asks for userKey, which is what the connector is given here and another variable there; call one of them otherwise [unsupported-value]
        line 7: n: camunda:connectorId in serviceTask is not taken: only a service, send or business rule task, or the definition of a message event that is thrown, has a connector, and that one connectorId, the activity that it runs [unknown-element]
        line 7: n: the task does not say which activity it runs; name it as camunda:topic, camunda:delegateExpression or zeebe:taskDefinition [missing-activity]
        line 7: n: camunda:connector in userTask is not taken: only a service, send or business rule task, or the definition of a message event that is thrown, has a connector, and that one connectorId, the activity that it runs [unknown-element]
        line 7: n: the task does not say which activity it runs; name it as camunda:formKey or in zeebe:formDefinition, or give it a form [missing-activity]
        line 7: n: camunda:connector in task is not taken: only a service, send or business rule task, or the definition of a message event that is thrown, has a connector, and that one connectorId, the activity that it runs [unknown-element]
        line 7: n: a business rule task evaluates a decision or runs an activity; take one away [unsupported-value]
        line 7: n: a send task sends a message or runs an activity; take one away [unsupported-value]
        line 7: n: camunda:connector in intermediateThrowEvent is not taken: only a service, send or business rule task, or the definition of a message event that is thrown, has a connector, and that one connectorId, the activity that it runs [unknown-element]
        line 7: n: camunda:connector in messageEventDefinition is not taken: only a service, send or business rule task, or the definition of a message event that is thrown, has a connector, and that one connectorId, the activity that it runs [unknown-element]
        line 7: n: messageEventDefinition needs the attribute messageRef [missing-attribute]
        line 5: f1: nothing leads on from an end event; take the flow away [flow-from-end]
        line 7: n: signalEventDefinition needs the attribute signalRef [missing-attribute]
        line 7: n: camunda:connector in signalEventDefinition is not taken: only a service, send or business rule task, or the definition of a message event that is thrown, has a connector, and that one connectorId, the activity that it runs [unknown-element]
        line 7: n: a task names its activity once; take camunda:connector or the other name away [unknown-activity]
    "#]].assert_eq(&all);
}
