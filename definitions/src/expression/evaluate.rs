//! The evaluation of a syntax tree within a budget.

use super::coerce::{Numeric, append, boolean_of, kind_of, number_of, text_of};
use super::size::size;
use super::tree::{Binary, Question, Tree};
use super::{Fault, LARGEST_VALUE, Scope};
use serde_json::Value;
use std::borrow::Cow;
use std::cell::Cell;
use std::cmp::Ordering;

/// What one evaluation may cost: one for each node, and one for each 64 bytes looked at.
const BUDGET: usize = 200_000;

type Found<'a> = Result<Cow<'a, Value>, Fault>;

/// Evaluates a tree to a value of bounded size.
pub(super) fn value(tree: &Tree, scope: &dyn Scope) -> Result<Value, Fault> {
    value_within(tree, scope, &Cell::new(BUDGET))
}

/// The same, where several evaluations share what they may cost.
pub(super) fn value_within(
    tree: &Tree,
    scope: &dyn Scope,
    shared: &Cell<usize>,
) -> Result<Value, Fault> {
    let before = shared.get().min(BUDGET);
    let evaluation = Evaluation { scope, budget: Cell::new(before) };
    let found = evaluation.value(tree);
    let steps = before - evaluation.budget.get();
    shared.set(shared.get() - steps);
    scope.spent(steps);
    let found = found?;
    let bytes = size(&found, LARGEST_VALUE);
    scope.spent(bytes / 64);
    if bytes > LARGEST_VALUE {
        return Err(Fault::new(1, "the value is too large or too deep"));
    }
    Ok(found.into_owned())
}

/// Evaluates a tree to true or false; nothing else is taken for either.
pub(super) fn condition(tree: &Tree, scope: &dyn Scope) -> Result<bool, Fault> {
    let evaluation = Evaluation { scope, budget: Cell::new(BUDGET) };
    let found = evaluation.value(tree);
    scope.spent(BUDGET - evaluation.budget.get());
    match *found? {
        Value::Bool(truth) => Ok(truth),
        ref other => {
            let kind = kind_of(other);
            Err(Fault::new(1, format!("a condition is true or false, but this is {kind}")))
        }
    }
}

/// Replaces a tree that reads no variable by its value.
pub(super) fn fold(tree: Tree) -> Result<Tree, Fault> {
    struct Nothing;
    impl Scope for Nothing {
        fn variable(&self, _: &str) -> Option<&Value> {
            None
        }
        fn local(&self, _: &str) -> Option<&Value> {
            None
        }
    }
    if reads(&tree) { Ok(tree) } else { value(&tree, &Nothing).map(Tree::Literal) }
}

fn reads(tree: &Tree) -> bool {
    has(tree, &|part| matches!(part, Tree::Variable { .. } | Tree::Execution { .. }))
}

/// Whether a tree asks for the variable of a name.
pub(super) fn asks(tree: &Tree, variable: &str) -> bool {
    has(tree, &|part| match part {
        Tree::Variable { name, .. } => name == variable,
        Tree::Execution { name, .. } => {
            matches!(&**name, Tree::Literal(Value::String(name)) if name == variable)
        }
        _ => false,
    })
}

/// Whether a tree is what is looked for, or has it in it.
fn has(tree: &Tree, wanted: &dyn Fn(&Tree) -> bool) -> bool {
    let has = |tree: &Tree| has(tree, wanted);
    wanted(tree)
        || match tree {
            Tree::Literal(_) | Tree::Variable { .. } => false,
            Tree::Execution { name, .. } => has(name),
            Tree::Member { base, key, .. } => has(base) || has(key),
            Tree::Call { base, arguments, .. } => has(base) || arguments.iter().any(has),
            Tree::Not { of, .. } | Tree::Negate { of, .. } | Tree::Empty(of) => has(of),
            Tree::All { parts, .. }
            | Tree::Any { parts, .. }
            | Tree::Join { parts, .. }
            | Tree::List(parts) => parts.iter().any(has),
            Tree::Binary { left, right, .. } => has(left) || has(right),
            Tree::Choice { condition, then, otherwise, .. } => {
                has(condition) || has(then) || has(otherwise)
            }
        }
}

struct Evaluation<'a> {
    scope: &'a dyn Scope,
    budget: Cell<usize>,
}

impl<'a> Evaluation<'a> {
    fn value(&self, tree: &'a Tree) -> Found<'a> {
        self.spend(1)?;
        match tree {
            Tree::Literal(value) => Ok(Cow::Borrowed(value)),
            Tree::Variable { name, at } => {
                let missing = || {
                    let name = crate::excerpt(name);
                    Fault::new(
                        *at,
                        format!(
                            "there is no variable {name}; if it may be missing, ask \
                             execution.hasVariable(\"{name}\") first"
                        ),
                    )
                };
                self.scope.variable(name).map(Cow::Borrowed).ok_or_else(missing)
            }
            Tree::Execution { question, name } => self.ask(*question, name),
            Tree::Member { base, key, at } => self.member(base, key, *at),
            Tree::Call { base, method, arguments, at } => {
                let base = self.value(base)?;
                let argument = match arguments.first() {
                    Some(argument) => self.value(argument)?,
                    None => Cow::Owned(Value::Null),
                };
                self.look_at(&base)?;
                self.look_at(&argument)?;
                method.call(&base, &argument).map(Cow::Owned).map_err(|m| Fault::new(*at, m))
            }
            Tree::Not { of, at } => Ok(truth(!self.boolean(of, *at)?)),
            Tree::Negate { of, at } => self.negate(of, *at),
            Tree::Empty(of) => Ok(truth(is_empty(&*self.value(of)?))),
            Tree::All { parts, at } => {
                for part in parts {
                    if !self.boolean(part, *at)? {
                        return Ok(truth(false));
                    }
                }
                Ok(truth(true))
            }
            Tree::Any { parts, at } => {
                for part in parts {
                    if self.boolean(part, *at)? {
                        return Ok(truth(true));
                    }
                }
                Ok(truth(false))
            }
            Tree::Join { parts, at } => self.join(parts, *at),
            Tree::List(items) => {
                let item = |item| {
                    let item = self.value(item)?;
                    self.look_at(&item)?;
                    Ok(item.into_owned())
                };
                let items = items.iter().map(item).collect::<Result<_, Fault>>()?;
                Ok(Cow::Owned(Value::Array(items)))
            }
            Tree::Binary { operator, left, right, at } => {
                let (left, right) = (self.value(left)?, self.value(right)?);
                self.binary(*operator, &left, &right).map_err(|message| Fault::new(*at, message))
            }
            Tree::Choice { condition, then, otherwise, at } => {
                self.value(if self.boolean(condition, *at)? { then } else { otherwise })
            }
        }
    }

    fn boolean(&self, tree: &'a Tree, at: u32) -> Result<bool, Fault> {
        boolean_of(&*self.value(tree)?).map_err(|message| Fault::new(at, message))
    }

    fn ask(&self, question: Question, name: &'a Tree) -> Found<'a> {
        let name = self.value(name)?;
        let Value::String(name) = &*name else {
            return Err(Fault::new(1, "the name of a variable is a text"));
        };
        Ok(match question {
            Question::HasVariable => truth(self.scope.variable(name).is_some()),
            Question::HasVariableLocal => truth(self.scope.local(name).is_some()),
            Question::GetVariable => borrowed(self.scope.variable(name)),
            Question::GetVariableLocal => borrowed(self.scope.local(name)),
        })
    }

    /// A property or an item; that of null is null, and so is a missing one.
    fn member(&self, base: &'a Tree, key: &'a Tree, at: u32) -> Found<'a> {
        let base = self.value(base)?;
        let key = self.value(key)?;
        let step = |message: String| Fault::new(at, message);
        match base {
            Cow::Owned(_) if matches!(*base, Value::Null) => Ok(Cow::Owned(Value::Null)),
            Cow::Borrowed(base) => Ok(borrowed(item(base, &key).map_err(step)?)),
            Cow::Owned(base) => {
                let found = item(&base, &key).map_err(step)?;
                Ok(Cow::Owned(found.cloned().unwrap_or_default()))
            }
        }
    }

    /// Texts one after the other (JSR 341 §1.8).
    fn join(&self, parts: &'a [Tree], at: u32) -> Found<'a> {
        let mut joined = String::new();
        for part in parts {
            let part = self.value(part)?;
            self.look_at(&part)?;
            let step = |message: String| Fault::new(at, message);
            append(&mut joined, &text_of(&part).map_err(step)?).map_err(step)?;
        }
        Ok(Cow::Owned(Value::String(joined)))
    }

    fn negate(&self, of: &'a Tree, at: u32) -> Found<'a> {
        let number = number_of(&*self.value(of)?).map_err(|message| Fault::new(at, message))?;
        let negated = match number {
            Numeric::Whole(whole) => Numeric::Whole(-whole),
            Numeric::Real(real) => Numeric::Real(-real),
        };
        negated.value().map(Cow::Owned).map_err(|message| Fault::new(at, message))
    }

    fn binary(
        &self,
        operator: Binary,
        left: &Value,
        right: &Value,
    ) -> Result<Cow<'a, Value>, String> {
        Ok(match operator {
            Binary::Equal => truth(self.equal(left, right)?),
            Binary::NotEqual => truth(!self.equal(left, right)?),
            Binary::Less => truth(self.order(left, right)? == Some(Ordering::Less)),
            Binary::Greater => truth(self.order(left, right)? == Some(Ordering::Greater)),
            Binary::LessOrEqual => {
                let both = left.is_null() && right.is_null();
                truth(both || self.order(left, right)?.is_some_and(Ordering::is_le))
            }
            Binary::GreaterOrEqual => {
                let both = left.is_null() && right.is_null();
                truth(both || self.order(left, right)?.is_some_and(Ordering::is_ge))
            }
            Binary::Add
            | Binary::Subtract
            | Binary::Multiply
            | Binary::Divide
            | Binary::Remainder => Cow::Owned(calculate(operator, left, right)?),
        })
    }

    /// Equality after coercion (JSR 245 §1.8.2).
    fn equal(&self, left: &Value, right: &Value) -> Result<bool, String> {
        use Value::{Array, Bool, Null, Number, Object, String as Text};
        Ok(match (left, right) {
            (Null, Null) => true,
            (Null, _) | (_, Null) => false,
            (Text(one), Text(two)) => one == two,
            (Number(_), _) | (_, Number(_)) => {
                compare(number_of(left)?, number_of(right)?) == Some(Ordering::Equal)
            }
            (Bool(_), _) | (_, Bool(_)) => boolean_of(left)? == boolean_of(right)?,
            (Text(_), _) | (_, Text(_)) => {
                self.look_at(left).and_then(|()| self.look_at(right)).map_err(|f| f.message)?;
                text_of(left)? == text_of(right)?
            }
            (Array(_) | Object(_), Array(_) | Object(_)) => {
                self.look_at(left).map_err(|fault| fault.message)?;
                left == right
            }
        })
    }

    /// Order after coercion; nothing is before or after null (JSR 245 §1.8.1).
    fn order(&self, left: &Value, right: &Value) -> Result<Option<Ordering>, String> {
        use Value::{Null, Number, String as Text};
        match (left, right) {
            (Null, _) | (_, Null) => Ok(None),
            (Text(one), Text(two)) => Ok(Some(one.cmp(two))),
            (Number(_), _) | (_, Number(_)) => Ok(compare(number_of(left)?, number_of(right)?)),
            (Text(_), _) | (_, Text(_)) => {
                self.look_at(left).and_then(|()| self.look_at(right)).map_err(|f| f.message)?;
                Ok(Some(text_of(left)?.cmp(&text_of(right)?)))
            }
            _ => Err(format!("{} and {} have no order", kind_of(left), kind_of(right))),
        }
    }

    fn look_at(&self, value: &Value) -> Result<(), Fault> {
        match value {
            Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
            _ => self.spend(size(value, BUDGET * 64) / 64),
        }
    }

    fn spend(&self, cost: usize) -> Result<(), Fault> {
        match self.budget.get().checked_sub(cost) {
            Some(left) => {
                self.budget.set(left);
                Ok(())
            }
            None => Err(Fault::new(1, "the expression takes too many steps")),
        }
    }
}

fn truth<'a>(truth: bool) -> Cow<'a, Value> {
    Cow::Owned(Value::Bool(truth))
}

fn borrowed(value: Option<&Value>) -> Cow<'_, Value> {
    value.map_or(Cow::Owned(Value::Null), Cow::Borrowed)
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        _ => false,
    }
}

fn item<'v>(base: &'v Value, key: &Value) -> Result<Option<&'v Value>, String> {
    match base {
        Value::Null => Ok(None),
        Value::Object(map) => match key {
            Value::String(name) => Ok(map.get(name)),
            other => Ok(map.get(&*text_of(other)?)),
        },
        Value::Array(items) => match number_of(key) {
            Ok(Numeric::Whole(index)) => Ok(usize::try_from(index).ok().and_then(|i| items.get(i))),
            _ => Err(format!("an item of a list has a whole number, not {key}")),
        },
        other => Err(format!("{} has no property {key}", kind_of(other))),
    }
}

/// The order of two numbers.
pub(crate) fn compare(left: Numeric, right: Numeric) -> Option<Ordering> {
    match (left, right) {
        (Numeric::Whole(one), Numeric::Whole(two)) => Some(one.cmp(&two)),
        _ => left.real().partial_cmp(&right.real()),
    }
}

pub(super) fn calculate(operator: Binary, left: &Value, right: &Value) -> Result<Value, String> {
    let advised = |message: String| match operator {
        Binary::Add => format!("{message}; + adds numbers, += joins texts"),
        _ => message,
    };
    let (left, right) = (number_of(left).map_err(advised)?, number_of(right).map_err(advised)?);
    let result = match (operator, left, right) {
        (Binary::Divide, _, _) if right.real() == 0.0 => return Err("division by zero".into()),
        (Binary::Remainder, _, _) if right.real() == 0.0 => return Err("division by zero".into()),
        (Binary::Divide, _, _) => Numeric::Real(left.real() / right.real()),
        (_, Numeric::Whole(one), Numeric::Whole(two)) => {
            let exact = match operator {
                Binary::Add => one.checked_add(two),
                Binary::Subtract => one.checked_sub(two),
                Binary::Multiply => one.checked_mul(two),
                _ => one.checked_rem(two),
            };
            Numeric::Whole(exact.ok_or("the number is too large")?)
        }
        _ => Numeric::Real(match operator {
            Binary::Add => left.real() + right.real(),
            Binary::Subtract => left.real() - right.real(),
            Binary::Multiply => left.real() * right.real(),
            _ => left.real() % right.real(),
        }),
    };
    result.value()
}
