//! The results of scripts and decisions in files of Camunda: local there, and under which names.

use crate::bpmn_elements::flows;
use crate::dialects::{camunda, zeebe};
use crate::written::written_again;
use crate::{catalog, picture};
use definitions::{Format, Process, read, read_all};
use expect_test::{Expect, expect};

/// What becomes of each task `n`: its line of the picture, or its flaws.
fn table(file: impl Fn(&str, &str) -> String, tasks: &[String], expected: Expect) {
    let mut told = String::new();
    for task in tasks {
        let start = "<bpmn:startEvent id=\"start\" /><bpmn:endEvent id=\"end\" />";
        let contents = format!("{start}{task}{}", flows("start>n n>end"));
        let lines: Vec<String> =
            match read_all(Format::Bpmn, &file(&contents, ""), &catalog::catalog()) {
                Err(flaws) => flaws.iter().map(ToString::to_string).collect(),
                Ok(processes) => {
                    let written = written_again(&processes, None);
                    let marked = written.contains("name=\"result\" value=\"YAML\"");
                    let shown: Vec<String> =
                        picture::of(&processes[0]).lines().map(str::to_owned).collect();
                    let line = shown.into_iter().find(|line| line.contains(" n:"));
                    let marked = marked.then(|| "marked".to_owned());
                    line.into_iter().chain(marked).collect()
                }
            };
        told += &lines.iter().map(|line| format!("{}\n", line.trim())).collect::<String>();
    }
    expected.assert_eq(&told);
}

fn zeebe_script(mappings: &str, further: &str) -> String {
    format!(
        "<bpmn:scriptTask id=\"n\"><bpmn:extensionElements>\
         <zeebe:script expression=\"=x + 1\" resultVariable=\"r\" />\
         <zeebe:ioMapping>{mappings}</zeebe:ioMapping>\
         </bpmn:extensionElements>{further}</bpmn:scriptTask>"
    )
}

fn zeebe_loop(element: &str) -> String {
    format!(
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements>\
         <zeebe:loopCharacteristics inputCollection=\"=list\" inputElement=\"x\" \
         outputCollection=\"all\" outputElement=\"{element}\" />\
         </bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics>"
    )
}

#[test]
fn a_result_is_local_in_camunda_8_where_a_task_has_outputs_or_gathers_it() {
    let output = |source: &str, target: &str| {
        format!("<zeebe:output source=\"{source}\" target=\"{target}\" />")
    };
    let decision = "<bpmn:businessRuleTask id=\"n\"><bpmn:extensionElements>\
                    <zeebe:calledDecision decisionId=\"d\" resultVariable=\"r\" />\
                    <zeebe:ioMapping><zeebe:output source=\"=r.a\" target=\"a\" />\
                    </zeebe:ioMapping></bpmn:extensionElements></bpmn:businessRuleTask>";
    table(
        zeebe,
        &[
            zeebe_script("", ""),
            zeebe_script(&output("=r + 1", "a"), ""),
            zeebe_script(&output("=r", "r"), ""),
            decision.to_owned(),
            zeebe_script("", &zeebe_loop("=r")),
            zeebe_script("", &zeebe_loop("= r.first")),
            zeebe_script("", &zeebe_loop("=r * 2")),
        ],
        expect![[r#"
            n: script ${x == null ? null : x + 1} to r -> end
            n: script ${x == null ? null : x + 1} to r out(a=${r == null ? null : r + 1}) has r=${execution.getVariable("r")} -> end
            n: script ${x == null ? null : x + 1} to r out(r=${r}) -> end
            n: decision "d" to r out(a=${r.a}) has r=${execution.getVariable("r")} -> end
            marked
            n: script ${x == null ? null : x + 1} to r at once each of ${list} as x gathers all=${r} has r -> end
            n: script ${x == null ? null : x + 1} to r at once each of ${list} as x gathers all=${r.first} has r -> end
            n: script ${x == null ? null : x + 1} to r at once each of ${list} as x gathers all=${r == null ? null : r * 2} -> end
        "#]],
    );
}

#[test]
fn a_result_with_the_name_of_a_local_variable_is_refused() {
    let item = zeebe_loop("=1").replace("\"x\"", "\"r\"");
    table(
        zeebe,
        &[zeebe_script("<zeebe:input source=\"=3\" target=\"r\" />", ""), zeebe_script("", &item)],
        expect![[r#"
            line 4: n: the result goes to r, and so does an input or the item of this task: it would be lost with that; call one of them otherwise [unsupported-value]
            line 4: n: the result goes to r, and so does an input or the item of this task: it would be lost with that; call one of them otherwise [unsupported-value]
        "#]],
    );
    let script = |expression: &str, result: &str| {
        format!(
            "<bpmn:scriptTask id=\"n\" scriptFormat=\"juel\"{result}><bpmn:extensionElements>\
             <camunda:inputOutput><camunda:inputParameter name=\"r\">3</camunda:inputParameter>\
             </camunda:inputOutput></bpmn:extensionElements>\
             <bpmn:script>{expression}</bpmn:script></bpmn:scriptTask>"
        )
    };
    table(
        camunda,
        &[
            script("${r + 1}", " camunda:resultVariable=\"r\""),
            script("${r + 1}", " camunda:resultVariable=\"s\""),
            script("${execution.setVariable('r', 1)}", ""),
        ],
        expect![[r#"
            line 4: n: the result goes to r, and so does an input or the item of this task: it would be lost with that; call one of them otherwise [unsupported-value]
            n: script ${r + 1} to s in(r="3") -> end
            line 4: n: the result goes to r, and so does an input or the item of this task: it would be lost with that; call one of them otherwise [unsupported-value]
        "#]],
    );
}

#[test]
fn outputs_that_ask_for_what_is_a_result_only_here_are_refused() {
    let outputs = |asked: &str| {
        format!(
            "<bpmn:extensionElements><camunda:inputOutput><camunda:outputParameter name=\"a\">\
             {asked}</camunda:outputParameter></camunda:inputOutput></bpmn:extensionElements>"
        )
    };
    let script = |result: &str, asked: &str| {
        let inside = outputs(asked);
        format!(
            "<bpmn:scriptTask id=\"n\" scriptFormat=\"juel\" camunda:resultVariable=\"{result}\">\
             {inside}<bpmn:script>1</bpmn:script></bpmn:scriptTask>"
        )
    };
    let decision = |attributes: &str| {
        let inside = outputs("${decisionResult[0].x}");
        format!(
            "<bpmn:businessRuleTask id=\"n\" camunda:decisionRef=\"d\" \
             camunda:resultVariable=\"r\" {attributes}>{inside}</bpmn:businessRuleTask>"
        )
    };
    table(
        camunda,
        &[
            script("r", "${r}"),
            script("r", "of ${result}"),
            script("r", "<camunda:list><camunda:value>${result}</camunda:value></camunda:list>"),
            script("result", "${result}"),
            decision(""),
            decision("camunda:mapDecisionResult=\"singleEntry\""),
            decision("camunda:mapDecisionResult=\"resultList\""),
        ],
        expect![[r#"
            n: script "1" to r out(a=${r}) -> end
            line 4: n: an output asks for result, which is here the value of the script itself and not a variable around; ask for the result by the name of its variable, and call the other otherwise [unsupported-value]
            line 4: n: an output asks for result, which is here the value of the script itself and not a variable around; ask for the result by the name of its variable, and call the other otherwise [unsupported-value]
            n: script "1" to result out(a=${result}) -> end
            n: decision "d" as ResultList to r out(a=${decisionResult[0].x}) -> end
            line 4: n: an output asks for decisionResult, which is a list of maps there; say camunda:mapDecisionResult="resultList", or ask for the variable of the result [unsupported-value]
            n: decision "d" as ResultList to r out(a=${decisionResult[0].x}) -> end
        "#]],
    );
    table(
        zeebe,
        &[
            zeebe_script("<zeebe:output source=\"=result\" target=\"a\" />", ""),
            zeebe_script("", &zeebe_loop("=result")),
        ],
        expect![[r#"
            line 4: n: an output asks for result, which is here the value of the script itself and not a variable around; ask for the result by the name of its variable, and call the other otherwise [unsupported-value]
            line 4: n: an output asks for result, which is here the value of the script itself and not a variable around; ask for the result by the name of its variable, and call the other otherwise [unsupported-value]
        "#]],
    );
}

/// What YAML says of results means the same when it is written as BPMN, and read again.
#[test]
fn what_yaml_says_of_results_is_kept_in_bpmn() {
    let text = "name: x
steps:
  - { script: r + 1, id: one, with: { r: 3 }, result: r }
  - { script: 7, id: two, out: { a: \"${result}\" } }
  - { decide: d, id: three, out: { a: \"${decisionResult.x}\" } }
  - { script: u, id: four, result: u, each: { in: users, as: u } }
  - { script: 7, id: five, result: result, out: { a: \"${result}\" } }
  - { decide: d, id: six }
  - { decide: d, id: seven, shape: resultList, out: { a: \"${decisionResult[0]}\" } }
";
    let process: Process = read(Format::Yaml, text, &catalog::catalog()).unwrap();
    let written = written_again(&[process], None);
    assert_eq!(written.matches("<camunda:property name=\"result\" value=\"YAML\"").count(), 5);
}

#[test]
fn a_decision_without_a_shape_gives_a_list_of_maps_in_camunda_7_alone() {
    let decision = |attributes: &str, inside: &str| {
        format!(
            "<bpmn:businessRuleTask id=\"n\" camunda:decisionRef=\"d\" camunda:resultVariable=\"r\"\
             {attributes}><bpmn:extensionElements>{inside}</bpmn:extensionElements>\
             </bpmn:businessRuleTask>"
        )
    };
    let meant = "<camunda:properties><camunda:property name=\"result\" value=\"YAML\" /></camunda:properties>";
    let note = meant.replace("YAML", "yes");
    table(
        camunda,
        &[
            decision("", ""),
            decision(" camunda:mapDecisionResult=\"\"", ""),
            decision("", &note),
            decision("", meant),
            decision(" camunda:mapDecisionResult=\"collectEntries\"", meant),
            decision(" camunda:mapDecisionResult=\"singleEntry\"", ""),
        ],
        expect![[r#"
            n: decision "d" as ResultList to r -> end
            n: decision "d" as ResultList to r -> end
            n: decision "d" as ResultList to r -> end
            n: decision "d" to r -> end
            marked
            n: decision "d" as CollectEntries to r -> end
            n: decision "d" as SingleEntry to r -> end
        "#]],
    );
    let called = "<bpmn:businessRuleTask id=\"n\"><bpmn:extensionElements>\
                  <zeebe:calledDecision decisionId=\"d\" resultVariable=\"r\" />\
                  </bpmn:extensionElements></bpmn:businessRuleTask>";
    table(
        zeebe,
        &[called.to_owned()],
        expect![[r#"
            n: decision "d" to r -> end
            marked
        "#]],
    );
}
