//! A template: literal text mixed with expressions, parsed once.

use crate::expression::{self, EvaluationError, Expression, ExpressionFlaw, Scope, text_of};
use serde_json::Value;
use std::borrow::Cow;
use std::sync::Arc;

/// Literal text mixed with `${…}` expressions; a lone `${…}` keeps the type of its value.
///
/// `\${` stands for the two characters themselves.
#[derive(Clone, Debug)]
pub struct Template {
    source: Arc<str>,
    body: Body,
}

#[derive(Clone, Debug)]
enum Body {
    Constant(Value),
    Lone(Expression),
    Mixed(Vec<Part>),
}

#[derive(Clone, Debug)]
enum Part {
    Text(String),
    Expression(Expression),
}

impl Template {
    /// Parses a template.
    ///
    /// # Errors
    /// The first expression in it that cannot be parsed, with its position in the whole text.
    pub fn parse(text: &str) -> Result<Template, ExpressionFlaw> {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        let mut passed = 0;
        while let Some(found) = rest.find("${") {
            let before = &rest[..found];
            if let Some(kept) = before.strip_suffix('\\') {
                plain.push_str(kept);
                plain.push_str("${");
                passed += before.chars().count() + 2;
                rest = &rest[found + 2..];
                continue;
            }
            plain.push_str(before);
            passed += before.chars().count();
            let inside = &rest[found + 2..];
            let length = expression::end_of(inside).ok_or_else(|| ExpressionFlaw {
                position: passed + 1,
                message: expression::unended(inside).into(),
            })?;
            if !plain.is_empty() {
                parts.push(Part::Text(std::mem::take(&mut plain)));
            }
            let expression = Expression::between_braces(&inside[..length], passed)?;
            parts.push(Part::Expression(expression));
            passed += inside[..length].chars().count() + 3;
            rest = &inside[length + 1..];
        }
        plain.push_str(rest);
        if !plain.is_empty() || parts.is_empty() {
            parts.push(Part::Text(plain));
        }
        Ok(Template { source: text.into(), body: Body::of(parts) })
    }

    /// A template that always gives one value.
    pub(crate) fn of_constant(value: Value) -> Template {
        let source = match &value {
            Value::String(text) => text.replace("${", "\\${"),
            other => format!("${{{other}}}"),
        };
        Template { source: source.into(), body: Body::Constant(value) }
    }

    /// The text it was parsed from.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The text as readers understand it alike that keep blanks around a text and that drop them:
    /// where the blanks are part of the value, they are literals; around a lone expression they mean nothing.
    pub(crate) fn firm(&self) -> Cow<'_, str> {
        let firm = self.source.trim();
        if let Some(lone) = self.lone().filter(|lone| lone.len() + "${}".len() < firm.len()) {
            return Cow::Owned(format!("${{{lone}}}"));
        }
        if !matches!(self.body, Body::Mixed(_)) || firm.len() == self.source.len() {
            return Cow::Borrowed(firm);
        }
        let begin = self.source.len() - self.source.trim_start().len();
        let (before, after) = (&self.source[..begin], &self.source[begin + firm.len()..]);
        let blank = |text: &str| match text {
            "" => String::new(),
            blanks => format!("${{{}}}", expression::literal(blanks)),
        };
        Cow::Owned(format!("{}{firm}{}", blank(before), blank(after)))
    }

    /// The value, when it is the same whatever the variables are.
    pub fn constant(&self) -> Option<&Value> {
        match &self.body {
            Body::Constant(value) => Some(value),
            _ => None,
        }
    }

    /// The text of the expression that the template is, when it is a single one.
    pub(crate) fn lone(&self) -> Option<&str> {
        match &self.body {
            Body::Lone(_) => {
                let inside = self.source.trim().strip_prefix("${")?.strip_suffix('}')?;
                Some(inside.trim())
            }
            _ => None,
        }
    }

    /// Whether an expression in it asks for the variable of a name, spelt out.
    pub(crate) fn asks(&self, variable: &str) -> bool {
        match &self.body {
            Body::Constant(_) => false,
            Body::Lone(expression) => expression.asks(variable),
            Body::Mixed(parts) => parts.iter().any(
                |part| matches!(part, Part::Expression(expression) if expression.asks(variable)),
            ),
        }
    }

    /// Whether the value is not null whatever the variables are.
    pub(crate) fn has_value(&self) -> bool {
        match &self.body {
            Body::Constant(value) => !value.is_null(),
            Body::Lone(expression) => expression.has_value(),
            Body::Mixed(_) => true,
        }
    }

    /// Evaluates the template.
    ///
    /// # Errors
    /// The first expression in it that cannot be evaluated, or text that grew too long.
    pub fn evaluate(&self, scope: &dyn Scope) -> Result<Value, EvaluationError> {
        match &self.body {
            Body::Constant(value) => {
                scope.spent(expression::size(value, usize::MAX) / 64);
                Ok(value.clone())
            }
            Body::Lone(expression) => expression.evaluate(scope),
            Body::Mixed(parts) => self.join(parts, scope).map(Value::String),
        }
    }

    fn join(&self, parts: &[Part], scope: &dyn Scope) -> Result<String, EvaluationError> {
        let mut joined = String::new();
        for part in parts {
            match part {
                Part::Text(text) => joined.push_str(text),
                Part::Expression(expression) => {
                    let value = expression.evaluate(scope)?;
                    let text = text_of(&value).map_err(|message| expression.fails(message))?;
                    if joined.len() + text.len() > expression::LARGEST_VALUE {
                        return Err(expression.fails("the text grows too long".into()));
                    }
                    joined.push_str(&text);
                }
            }
        }
        scope.spent(joined.len() / 64);
        Ok(joined)
    }
}

impl PartialEq for Template {
    /// Two templates are equal when they give the same value in every scope for the same reason.
    fn eq(&self, other: &Template) -> bool {
        match (&self.body, &other.body) {
            (Body::Constant(one), Body::Constant(two)) => one == two,
            (Body::Constant(_), _) | (_, Body::Constant(_)) => false,
            _ => self.firm() == other.firm(),
        }
    }
}

impl Body {
    fn of(parts: Vec<Part>) -> Body {
        let solid: Vec<&Part> = parts
            .iter()
            .filter(|part| !matches!(part, Part::Text(text) if text.trim().is_empty()))
            .collect();
        match (solid.as_slice(), parts.as_slice()) {
            ([Part::Expression(lone)], _) => match lone.constant() {
                Some(value) => Body::Constant(value.clone()),
                None => Body::Lone(lone.clone()),
            },
            (_, [Part::Text(text)]) => Body::Constant(Value::String(text.clone())),
            _ => Body::Mixed(parts),
        }
    }
}
