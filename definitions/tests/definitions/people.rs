//! Whose user tasks are: in the words of Camunda 7 and 8, of the standard and of YAML.

use crate::catalog::catalog;
use crate::picture::picture;
use definitions::{Assignment, Format, People, Scope, Work, read};
use expect_test::expect;
use jiff::Timestamp;
use serde_json::{Value, json};

/// A file with one task, in a dialect.
fn file(task: &str) -> String {
    let zeebe = match task.contains("zeebe:") {
        true => r#" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0""#,
        false => r#" xmlns:camunda="http://camunda.org/schema/1.0/bpmn""#,
    };
    format!(
        r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"{zeebe}><process id="p" isExecutable="true">
<startEvent id="s" /><sequenceFlow id="f" sourceRef="s" targetRef="t" />{task}<sequenceFlow id="g" sourceRef="t" targetRef="e" /><endEvent id="e" />
</process></definitions>"#
    )
}

/// A user task with attributes and with what is inside.
fn task(attributes: &str, inside: &str) -> String {
    file(&format!(
        r#"<userTask id="t" camunda:formKey="customDataForm" {attributes}>{inside}</userTask>"#
    ))
}

fn yaml(people: &str) -> String {
    format!("name: p\nsteps:\n  - {{ activity: customDataForm, task: user, people: {people} }}\n")
}

/// The picture of the task alone, or the flaws.
fn told(format: Format, text: &str) -> String {
    let picture = picture(format, text);
    let lines = picture.lines().filter(|line| line.contains("User task") || line.contains('['));
    lines.map(|line| format!("{}\n", line.trim())).collect()
}

#[test]
fn people_are_named_in_each_dialect() {
    let zeebe = r#"<userTask id="t"><extensionElements><zeebe:formDefinition externalReference="customDataForm" />
        <zeebe:assignmentDefinition assignee="= boss" candidateUsers="= [&quot;a&quot;, b]" candidateGroups="x,y" />
        <zeebe:taskSchedule dueDate="= due" followUpDate="2026-12-24T08:00:00Z" /><zeebe:priorityDefinition priority="50" />
        </extensionElements></userTask>"#;
    let owner = |words: &str| {
        format!(
            "<potentialOwner><resourceAssignmentExpression><formalExpression>{words}</formalExpression></resourceAssignmentExpression></potentialOwner>"
        )
    };
    let performer = owner("${boss}").replace("potentialOwner", "humanPerformer");
    let owners = owner("user(a), group(${team}), lead ,user( b )");
    let all = [
        (
            Format::Bpmn,
            task(
                r#"camunda:assignee="${boss}" camunda:candidateUsers="a,b ,  c" camunda:candidateGroups="${teams}" camunda:dueDate="${due}" camunda:followUpDate="P2D" camunda:priority="50""#,
                "",
            ),
        ),
        (Format::Bpmn, file(zeebe)),
        (Format::Bpmn, task("", &format!("{performer}{owners}"))),
        (Format::Bpmn, task("", &owner("${teams.size() > 1 ? 'a,b' : 'c'}"))),
        (
            Format::Yaml,
            yaml(
                "{ assignee: '${boss}', candidateGroups: [x, y], candidateUsers: 'a,b', dueDate: PT1H, priority: 7 }",
            ),
        ),
        // Who says only when has said nothing of the people.
        (Format::Bpmn, task(r#"camunda:dueDate="${due}" camunda:priority="50""#, "")),
    ];
    let told: String = all.iter().map(|(format, text)| told(*format, text)).collect();
    expect![[r#"
        t: User task customDataForm assignee: ${boss} candidateUsers: "a, b, c" candidateGroups: ${teams} dueDate: ${due} followUpDate: "P2D" priority: "50" -> e
        t: User task customDataForm assignee: ${boss} candidateUsers: ${["a", b]} candidateGroups: "x, y" dueDate: ${due} followUpDate: "2026-12-24T08:00:00Z" priority: "50" -> e
        t: User task customDataForm assignee: ${boss} candidateUsers: "a, b" candidateGroups: ${team}, lead -> e
        t: User task customDataForm candidateGroups: ${teams.size() > 1 ? 'a,b' : 'c'} -> e
        customDataForm: User task customDataForm assignee: ${boss} candidateUsers: "a, b" candidateGroups: "x, y" dueDate: "PT1H" priority: "7" -> end
        t: User task customDataForm -> e
    "#]].assert_eq(&told);
}

#[test]
fn what_says_nothing_or_something_else_is_refused() {
    let owner = |inside: &str| format!("<potentialOwner>{inside}</potentialOwner>");
    let all = [
        (Format::Bpmn, task(r#"camunda:assignee="${""#, "")),
        (Format::Bpmn, task(r#"camunda:assignee="a" camunda:dueDate="tomorrow" camunda:priority="high""#, "")),
        (Format::Bpmn, task(r#"camunda:assignee="a""#, &owner("<resourceAssignmentExpression><formalExpression>user(b)</formalExpression></resourceAssignmentExpression>").replace("potentialOwner", "humanPerformer"))),
        (Format::Bpmn, task("", &owner("<resourceRef>r</resourceRef>"))),
        (Format::Bpmn, task("", &owner("<resourceAssignmentExpression><formalExpression> </formalExpression></resourceAssignmentExpression>"))),
        (Format::Bpmn, task("", "<performer><resourceRef>r</resourceRef></performer>")),
        (Format::Bpmn, file(r#"<serviceTask id="t" camunda:delegateExpression="${simpleDecider}" camunda:assignee="a" />"#)),
        (Format::Bpmn, task(r#"camunda:assignee="a""#, "").replace("customDataForm", "passcodeRegistrationForm")),
        (Format::Yaml, yaml("{ priority: 7 }")),
        (Format::Yaml, yaml("{ asignee: a }")),
        (Format::Yaml, yaml("{ assignee: { a: b } }")),
        (Format::Yaml, yaml("{ assignee: a }").replace("task: user, ", "")),
    ];
    let told: String = all.iter().map(|(format, text)| told(*format, text)).collect();
    expect![[r#"
        line 2: t: in assignee: the expression that begins here has no closing } (at character 1) [invalid-expression]
        line 2: t: dueDate: "tomorrow" is not a date and time with an offset; write one such as 2026-01-31T09:00:00Z or 2026-01-31T09:00:00+01:00 [unsupported-value]
        line 2: t: priority: it is no whole number [unsupported-value]
        line 2: t: the assignee of a user task is said twice; keep one [wrong-shape]
        line 2: t: people are named by a resourceAssignmentExpression; nobody else knows the resources of a file [unsupported-element]
        line 2: t: potentialOwner names nobody; say who in an expression [missing-element]
        line 2: t: performer in userTask is not taken: only a user task is given to people, by humanPerformer or potentialOwner; say it so, or take it away [unsupported-element]
        line 2: t: the attribute camunda:assignee of serviceTask is not taken: only a user task is given to people, by humanPerformer or potentialOwner; say it so, or take it away [unknown-attribute]
        line 2: t: passcodeRegistrationForm is the end user's own; only a customDataForm is given to other people [not-for-people]
        line 2: t: passcodeRegistrationForm needs the parameter dataFormName; give it [missing-parameter]
        line 2: t: passcodeRegistrationForm needs the parameter dataFormVersion; give it [missing-parameter]
        line 3: customDataForm: people says whose the task is: with assignee, candidateUsers or candidateGroups [missing-key]
        line 3: people has no key asignee; it knows assignee, candidateUsers, candidateGroups, dueDate, followUpDate, priority; did you mean assignee? [unknown-key]
        line 3: assignee takes a text, or a list of names [wrong-shape]
        line 3: customDataForm: only a user task is given to people; make it one [not-for-people]
    "#]].assert_eq(&told);
}

/// Variables as an expression sees them.
struct Variables(Value);

impl Scope for Variables {
    fn variable(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }
    fn local(&self, _: &str) -> Option<&Value> {
        None
    }
}

fn people(said: &str) -> People {
    let process = read(Format::Yaml, &yaml(said), &catalog()).expect("the definition is right");
    let mut works = process.nodes().filter_map(|(_, node)| Some(&node.kind.activity()?.work));
    let Some(Work::Task(task)) = works.next() else { panic!("there is one task") };
    *task.people.clone().expect("it is given to people")
}

#[test]
fn values_become_names_dates_and_a_number() {
    let now: Timestamp = "2026-11-24T06:00:00Z".parse().unwrap();
    let assigned = |said: &str, variables: Value| {
        let assignment: Result<Assignment, String> =
            people(said).assignment(&Variables(variables), now);
        match assignment {
            Ok(assignment) => serde_json::to_string(&assignment).unwrap(),
            Err(error) => format!("error: {error}"),
        }
    };
    let many: Vec<String> = (0..101).map(|n| format!("u{n}")).collect();
    let told = [
        assigned("{ assignee: ada }", json!({})),
        assigned("{ assignee: '${a}', candidateUsers: '${b}' }", json!({"a": null, "b": " "})),
        assigned("{ assignee: '${a}' }", json!({"a": 12})),
        assigned("{ candidateUsers: '${b}' }", json!({"b": ["x", " y ", "x", null]})),
        assigned("{ candidateUsers: '${b}' }", json!({"b": "x,y ,,x"})),
        assigned(
            "{ candidateUsers: '${b},c', dueDate: '${d}', followUpDate: P1D, priority: '${p}' }",
            json!({"b": "a", "d": "2026-12-24T08:00:00+01:00", "p": -5}),
        ),
        // What comes from a variable is text and no expression.
        assigned("{ assignee: '${a}' }", json!({"a": "${b}"})),
        assigned("{ assignee: '${a}' }", json!({"a": ["x"]})),
        assigned("{ assignee: '${a}' }", json!({"a": "x".repeat(257)})),
        assigned("{ candidateGroups: '${b}' }", json!({ "b": many })),
        assigned("{ assignee: a, dueDate: '${d}' }", json!({"d": "${x}"})),
        assigned("{ assignee: a, priority: '${p}' }", json!({"p": 1.5})),
        assigned("{ assignee: '${nobody}' }", json!({})),
    ];
    expect![[r#"
        {"assignee":"ada"}
        {}
        {"assignee":"12"}
        {"candidateUsers":["x","y"]}
        {"candidateUsers":["x","y"]}
        {"candidateUsers":["a","c"],"dueDate":"2026-12-24T07:00:00Z","followUpDate":"2026-11-25T06:00:00Z","priority":-5}
        {"assignee":"${b}"}
        error: assignee: it is a list or a map, not one text
        error: assignee: a name has at most 256 bytes
        error: candidateGroups: there are more than 100 candidates; name a group
        error: dueDate: "${x}" is not a date and time with an offset; write one such as 2026-01-31T09:00:00Z or 2026-01-31T09:00:00+01:00
        error: priority: it is no whole number
        error: assignee: there is no variable nobody; if it may be missing, ask execution.hasVariable("nobody") first (at character 3 of ${nobody})
    "#]].assert_eq(&told.map(|line| line + "\n").concat());
}
