//! The meaning of decisions as canonical JSON: what is decided, without lines, labels or drawing.

use super::{Body, Decision, Decisions, Input, Logic, Output, Rule, Table};
use crate::Expression;
use crate::feel::{Operand, Test, Tests};
use serde_json::{Map, Value, json};

impl Decisions {
    /// The meaning of all decisions of the file, by their ids.
    pub fn meaning(&self) -> Value {
        let meanings = self.iter().map(|decision| {
            (decision.id().to_owned(), body_meaning(decision.body(), &decision.file))
        });
        Value::Object(meanings.collect())
    }
}

impl Decision {
    /// The meaning of the decision and of those that it requires, by their ids.
    ///
    /// It holds everything that a caller can tell apart; it leaves out lines, ids of rules,
    /// annotations and the diagram.
    pub fn meaning(&self) -> Value {
        let meanings: Map<String, Value> = self
            .order
            .iter()
            .map(|place| &self.file[*place])
            .map(|body| (body.id.clone(), body_meaning(body, &self.file)))
            .collect();
        json!({ "decision": self.id(), "decisions": meanings })
    }
}

fn body_meaning(body: &Body, file: &[Body]) -> Value {
    let requires: Map<String, Value> = body
        .requires
        .iter()
        .map(|required| (file[required.place].id.clone(), required.names.clone().into()))
        .collect();
    let logic = match &body.logic {
        Logic::Table(table) => table_meaning(table),
        Logic::Literal { expression, sort } => json!({
            "expression": expression_meaning(expression),
            "type": sort.map(|sort| sort.name()),
        }),
    };
    json!({ "name": body.name, "requires": requires, "logic": logic })
}

fn table_meaning(table: &Table) -> Value {
    json!({
        "hitPolicy": table.policy.name(),
        "aggregation": table.policy.aggregation(),
        "inputs": table.inputs.iter().map(input_meaning).collect::<Vec<_>>(),
        "outputs": table.outputs.iter().map(output_meaning).collect::<Vec<_>>(),
        "rules": table.rules.iter().map(rule_meaning).collect::<Vec<_>>(),
    })
}

fn input_meaning(input: &Input) -> Value {
    json!({
        "expression": expression_meaning(&input.expression),
        "type": input.sort.map(|sort| sort.name()),
        "allowed": input.allowed.as_ref().map(tests_meaning),
    })
}

fn output_meaning(output: &Output) -> Value {
    json!({
        "name": output.name,
        "type": output.sort.map(|sort| sort.name()),
        "values": output.values,
        "default": output.default.as_ref().map(expression_meaning),
    })
}

fn rule_meaning(rule: &Rule) -> Value {
    json!({
        "when": rule.tests.iter().map(tests_meaning).collect::<Vec<_>>(),
        "then": rule.outputs.iter().map(expression_meaning).collect::<Vec<_>>(),
    })
}

fn tests_meaning(tests: &Tests) -> Value {
    let alternatives: Vec<Value> = tests.alternatives.iter().map(test_meaning).collect();
    if tests.negated { json!({ "not": alternatives }) } else { alternatives.into() }
}

fn test_meaning(test: &Test<Operand>) -> Value {
    match test {
        Test::Is(operand) => json!({ "is": expression_meaning(&operand.value) }),
        Test::Compare(order, operand) => {
            json!({ order.sign(): expression_meaning(&operand.value) })
        }
        Test::Between((from, low), (to, high)) => json!({
            from.sign(): expression_meaning(&low.value),
            to.sign(): expression_meaning(&high.value),
        }),
    }
}

fn expression_meaning(expression: &Expression) -> Value {
    match expression.constant() {
        Some(value) => json!({ "value": value }),
        None => json!({ "expression": expression.source() }),
    }
}
