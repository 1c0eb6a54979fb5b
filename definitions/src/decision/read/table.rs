//! Reading a decision table: its policy, its columns and its rules.

use super::{Reader, id_of, is};
use crate::bpmn::element::{Element, Space};
use crate::decision::{AGGREGATIONS, Input, Output, POLICIES, Policy, Rule, Sort, Table};
use crate::expression::kind_of;
use crate::feel::{Test, Tests};
use serde_json::Value;
use std::collections::BTreeSet;

/// The most rules of a table.
const MOST_RULES: usize = 10_000;
/// The most inputs and outputs of a table together.
const MOST_COLUMNS: usize = 100;

impl Reader<'_> {
    pub(super) fn table(&mut self, element: &Element) -> Table {
        let plain = [
            "id",
            "label",
            "typeRef",
            "hitPolicy",
            "aggregation",
            "preferredOrientation",
            "outputLabel",
        ];
        element.allow(&plain, &[], self.flaws);
        element.no_text(self.flaws);
        let mut table = Table {
            policy: self.policy(element),
            inputs: Vec::new(),
            outputs: Vec::new(),
            rules: Vec::new(),
        };
        let mut rules = Vec::new();
        let mut columns = Vec::new();
        for child in &element.children {
            match child.name.as_str() {
                _ if self.is_documentation(child) => {}
                _ if child.space != Space::Dmn => child.refuse(element, self.flaws),
                "input" => {
                    let number = table.inputs.len() + 1;
                    table.inputs.push(self.input(child, number));
                }
                "output" => {
                    table.outputs.push(self.output(child));
                    columns.push(child);
                }
                "annotation" => child.allow(&["name"], &[], self.flaws),
                "rule" => rules.push(child),
                _ => child.refuse(element, self.flaws),
            }
        }
        if rules.len() > MOST_RULES || table.inputs.len() + table.outputs.len() > MOST_COLUMNS {
            let message = format!(
                "a table has at most {MOST_RULES} rules and {MOST_COLUMNS} inputs and outputs; \
                 split it up"
            );
            self.flaws.add("too-large", id_of(element), element.line, message);
            return table;
        }
        self.outputs_fit(element, &table, &columns);
        for (at, rule) in rules.into_iter().enumerate() {
            let rule = self.rule(rule, at + 1, &table);
            table.rules.push(rule);
        }
        table
    }

    fn policy(&mut self, element: &Element) -> Policy {
        let name = element.plain("hitPolicy").unwrap_or("UNIQUE").trim();
        let policy = POLICIES.iter().find(|(known, _)| *known == name).map(|(_, policy)| *policy);
        let policy = policy.unwrap_or_else(|| {
            let (name, known) = (crate::excerpt(name), POLICIES.map(|(known, _)| known).join(", "));
            let message = format!("the hit policy {name} is not known; use one of {known}");
            self.flaws.add("unsupported-value", id_of(element), element.line, message);
            Policy::Unique
        });
        let Some(name) = element.plain("aggregation").map(str::trim) else { return policy };
        let known = AGGREGATIONS.iter().find(|(known, _)| *known == name);
        match (policy, known) {
            (Policy::Collect(_), Some((_, aggregation))) => Policy::Collect(Some(*aggregation)),
            (_, known) => {
                let name = crate::excerpt(name);
                let message = match known {
                    Some(_) => format!("only COLLECT aggregates; take the aggregation {name} away"),
                    None => {
                        let known = AGGREGATIONS.map(|(known, _)| known).join(", ");
                        format!("the aggregation {name} is not known; use one of {known}")
                    }
                };
                self.flaws.add("unsupported-value", id_of(element), element.line, message);
                policy
            }
        }
    }

    fn input(&mut self, element: &Element, number: usize) -> Input {
        element.allow(&["id", "label"], &[], self.flaws);
        element.no_text(self.flaws);
        let what = format!("the expression of input {number}");
        let (mut expression, mut sort, mut allowed) = (None, None, None);
        for child in &element.children {
            if self.is_documentation(child) {
            } else if is(child, "inputExpression") && expression.is_none() {
                let cell = self.cell(child, &["typeRef"]);
                sort = self.sort(child);
                expression = Some(self.expression(&cell, &what, true));
            } else if is(child, "inputValues") && allowed.is_none() {
                let cell = self.cell(child, &[]);
                let what = format!("the values of input {number}");
                let tests = self.tests(&cell, &what);
                allowed = Some((tests, cell));
            } else {
                child.refuse(element, self.flaws);
            }
        }
        if expression.is_none() {
            let message = format!("input {number} needs an inputExpression");
            self.flaws.add("missing-expression", id_of(element), element.line, message);
        }
        if let Some((tests, cell)) = &allowed {
            let what = format!("the values of input {number}");
            self.tests_fit(tests, sort, &what, cell.id, cell.line);
        }
        let expression = expression.unwrap_or_else(super::cells::null);
        let label = match element.plain("label").map(str::trim) {
            Some(label) if !label.is_empty() => crate::excerpt(label),
            _ => crate::excerpt(expression.source()),
        };
        let allowed = allowed.map(|(tests, _)| tests).filter(|t| !t.alternatives.is_empty());
        Input { label, expression, sort, allowed }
    }

    fn output(&mut self, element: &Element) -> Output {
        element.allow(&["id", "label", "name", "typeRef"], &[], self.flaws);
        element.no_text(self.flaws);
        let name = element.plain("name").unwrap_or_default().trim().to_owned();
        let mut output =
            Output { name, sort: self.sort(element), values: Vec::new(), default: None };
        let mut default = None;
        for child in &element.children {
            if self.is_documentation(child) {
            } else if is(child, "outputValues") && output.values.is_empty() {
                let cell = self.cell(child, &[]);
                let tests = self.tests(&cell, "the output values");
                self.tests_fit(&tests, output.sort, "the output values", cell.id, cell.line);
                for test in &tests.alternatives {
                    match test {
                        Test::Is(operand)
                            if !tests.negated && operand.value.constant().is_some() =>
                        {
                            output.values.extend(operand.value.constant().cloned());
                        }
                        _ => {
                            let message = "output values are single values, such as \"a\", \"b\"";
                            self.flaws.add("unsupported-value", cell.id, cell.line, message);
                        }
                    }
                }
            } else if is(child, "defaultOutputEntry") && default.is_none() {
                let cell = self.cell(child, &[]);
                let entry = self.entry(&cell, "the default output");
                default = Some((entry, cell));
            } else {
                child.refuse(element, self.flaws);
            }
        }
        if let Some((entry, cell)) = default {
            if let Some(complaint) = entry.constant().and_then(|value| output.complaint(value)) {
                self.flaws.add("wrong-type", cell.id, cell.line, format!("by default {complaint}"));
            }
            output.default = Some(entry);
        }
        output
    }

    /// What the policy asks of the outputs.
    fn outputs_fit(&mut self, element: &Element, table: &Table, columns: &[&Element]) {
        let (id, line) = (id_of(element), element.line);
        if table.outputs.is_empty() {
            self.flaws.add("missing-output", id, line, "a decision table needs an output; add one");
        }
        let mut names = BTreeSet::new();
        for (output, column) in table.outputs.iter().zip(columns) {
            let several = table.outputs.len() > 1;
            if several && (output.name.is_empty() || !names.insert(&output.name)) {
                let message = "of several outputs, each needs a name of its own";
                self.flaws.add("output-name", id_of(column), column.line, message);
            }
            if output.default.is_some() && !table.policy.is_single() {
                let policy = table.policy.name();
                let message = format!("{policy} gives a list and takes no default output");
                self.flaws.add("unsupported-element", id_of(column), column.line, message);
            }
        }
        let policy = table.policy.name();
        if table.policy.is_ranked() && table.outputs.iter().all(|o| o.values.is_empty()) {
            let message = format!("{policy} needs outputValues, the best first");
            self.flaws.add("missing-values", id, line, message);
        }
        if let Some(aggregation) = table.policy.aggregation()
            && table.outputs.len() > 1
        {
            let message = format!("the aggregation {aggregation} takes one output, not several");
            self.flaws.add("unsupported-value", id, line, message);
        }
    }

    fn rule(&mut self, element: &Element, number: usize, table: &Table) -> Rule {
        element.allow(&["id", "label"], &[], self.flaws);
        element.no_text(self.flaws);
        let mut rule = Rule { id: element.id().to_owned(), tests: Vec::new(), outputs: Vec::new() };
        for child in &element.children {
            if self.is_documentation(child) {
            } else if is(child, "inputEntry") {
                let cell = self.cell(child, &[]);
                let what = format!("rule {number}, input {}", rule.tests.len() + 1);
                let tests = self.tests(&cell, &what);
                if let Some(input) = table.inputs.get(rule.tests.len()) {
                    self.tests_fit(&tests, input.sort, &what, cell.id, cell.line);
                }
                rule.tests.push(tests);
            } else if is(child, "outputEntry") {
                let cell = self.cell(child, &[]);
                let what = format!("rule {number}, output {}", rule.outputs.len() + 1);
                let entry = self.entry(&cell, &what);
                let output = table.outputs.get(rule.outputs.len());
                let complaint = output.and_then(|o| entry.constant().and_then(|v| o.complaint(v)));
                if let Some(complaint) = complaint {
                    let message = format!("rule {number}: {complaint}");
                    self.flaws.add("wrong-type", cell.id, cell.line, message);
                }
                rule.outputs.push(entry);
            } else if is(child, "annotationEntry") {
                self.cell(child, &[]);
            } else {
                child.refuse(element, self.flaws);
            }
        }
        let wanted = (table.inputs.len(), table.outputs.len());
        if (rule.tests.len(), rule.outputs.len()) != wanted {
            let message = format!(
                "rule {number} has {} input and {} output entries, but the table has {} and {}",
                rule.tests.len(),
                rule.outputs.len(),
                wanted.0,
                wanted.1
            );
            self.flaws.add("entry-count", id_of(element), element.line, message);
        }
        rule
    }

    /// Refuses tests that no value of the type can pass.
    fn tests_fit(&mut self, tests: &Tests, sort: Option<Sort>, what: &str, id: &str, line: u32) {
        for test in &tests.alternatives {
            let (operands, ordered) = match test {
                Test::Is(operand) => (vec![operand], false),
                Test::Compare(_, operand) => (vec![operand], true),
                Test::Between((_, low), (_, high)) => (vec![low, high], true),
            };
            for value in operands.into_iter().filter_map(|operand| operand.value.constant()) {
                let kind = kind_of(value);
                let message = if ordered && !matches!(value, Value::Number(_) | Value::String(_)) {
                    format!("{what}: {kind} is neither before nor after")
                } else if let Some(sort) = sort.filter(|sort| !sort.accepts_operand(value)) {
                    format!("{what}: {kind} is compared with the type {}", sort.name())
                } else {
                    continue;
                };
                self.flaws.add("wrong-type", id, line, message);
            }
        }
    }
}
