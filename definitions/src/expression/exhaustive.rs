//! Whether one of several conditions always holds: the truth table of what they ask.
//!
//! A row of the table says of everything that is asked what it is. That a condition has no value is
//! no row: that is another matter than none of them being true.

use super::coerce::boolean_of;
use super::method::Method;
use super::tree::{Binary, Tree};
use serde_json::Value;
use std::cmp::Ordering;

/// The most that is looked at: rows times the parts of the conditions.
const MOST: usize = 20_000;

/// What is known of a variable where the conditions are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    True,
    False,
    NotNull,
}

/// How sure something is that is asked about conditions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holds {
    Always,
    /// It is, but where something is compared with null: nothing is below or above that.
    UnlessNull,
    /// It is not, or that cannot be told.
    Perhaps,
}

/// Whether one of some conditions holds whatever the variables are; or, unless `holds`, none does.
pub(super) fn sure<'t>(
    holds: bool,
    conditions: impl Iterator<Item = &'t Tree>,
    known: &dyn Fn(&str) -> Option<Known>,
) -> Holds {
    let conditions: Vec<&Tree> = conditions.collect();
    let mut table = Table { asked: Vec::new(), parts: 0, conditions: &conditions, known };
    let any = Form::Any(conditions.iter().map(|condition| table.form(condition)).collect());
    let rows = table.asked.iter().try_fold(table.parts.max(1), |all, asked| {
        all.checked_mul(asked.answers()).filter(|all| *all <= MOST)
    });
    if rows.is_none() {
        return Holds::Perhaps;
    }
    let (mut row, mut sure) = (vec![0; table.asked.len()], Holds::Always);
    loop {
        if any.is_true(&row) != holds {
            match table.may_be(&row) {
                Holds::Always => {}
                Holds::UnlessNull => sure = Holds::UnlessNull,
                Holds::Perhaps => return Holds::Perhaps,
            }
        }
        let turned = row.iter_mut().zip(&table.asked).any(|(answer, asked)| {
            *answer = (*answer + 1) % asked.answers();
            *answer > 0
        });
        if !turned {
            return sure;
        }
    }
}

/// What two values are to each other: their order, if they have one, and whether they are equal.
/// Two that are null are as two that are the same; what is said to be equal may have an order as
/// text (`true` and `"TRUE"`). Where only equality is asked the first two are all there is to it,
/// and where only the order is, the first four.
const RELATIONS: [(Option<Ordering>, bool); 6] = [
    (Some(Ordering::Equal), true),
    (Some(Ordering::Less), false),
    (Some(Ordering::Greater), false),
    (None, false),
    (Some(Ordering::Less), true),
    (Some(Ordering::Greater), true),
];

/// What a condition asks of the variables.
enum Asked<'t> {
    /// Whether it is true.
    Truth(&'t Tree),
    /// What two values are to each other.
    Relation { one: &'t Tree, two: &'t Tree, equality: bool, order: bool },
}

impl Asked<'_> {
    fn answers(&self) -> usize {
        match self {
            Asked::Truth(_) | Asked::Relation { order: false, .. } => 2,
            Asked::Relation { equality: false, .. } => 4,
            Asked::Relation { .. } => RELATIONS.len(),
        }
    }
}

/// A condition as a function of the answers to what is asked.
enum Form {
    Always(bool),
    Truth(usize),
    Compare { asked: usize, operator: Binary, turned: bool },
    Not(Box<Form>),
    All(Vec<Form>),
    Any(Vec<Form>),
    Choice(Box<[Form; 3]>),
}

impl Form {
    fn is_true(&self, row: &[usize]) -> bool {
        match self {
            Form::Always(truth) => *truth,
            Form::Truth(asked) => row[*asked] == 1,
            Form::Compare { asked, operator, turned } => {
                let (order, equal) = RELATIONS[row[*asked]];
                let order = if *turned { order.map(Ordering::reverse) } else { order };
                match operator {
                    Binary::Equal => equal,
                    Binary::NotEqual => !equal,
                    Binary::Less => order == Some(Ordering::Less),
                    Binary::LessOrEqual => order.is_some_and(Ordering::is_le),
                    Binary::Greater => order == Some(Ordering::Greater),
                    _ => order.is_some_and(Ordering::is_ge),
                }
            }
            Form::Not(of) => !of.is_true(row),
            Form::All(parts) => parts.iter().all(|part| part.is_true(row)),
            Form::Any(parts) => parts.iter().any(|part| part.is_true(row)),
            Form::Choice(parts) => {
                let [condition, then, otherwise] = &**parts;
                if condition.is_true(row) { then } else { otherwise }.is_true(row)
            }
        }
    }
}

struct Table<'t, 'k> {
    asked: Vec<Asked<'t>>,
    parts: usize,
    conditions: &'k [&'t Tree],
    known: &'k dyn Fn(&str) -> Option<Known>,
}

impl<'t> Table<'t, '_> {
    fn form(&mut self, tree: &'t Tree) -> Form {
        use Binary::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
        self.parts += 1;
        if self.parts > MOST {
            return Form::Always(false);
        }
        if let Tree::Binary { operator: operator @ (Equal | NotEqual), left, right, .. } = tree
            && let Some((of, wanted)) = self.boolean(left, right, Tree::denied)
        {
            let truth = self.form(of);
            return match wanted == (*operator == Equal) {
                true => truth,
                false => Form::Not(Box::new(truth)),
            };
        }
        if let Tree::Call { base, method: Method::Equals, arguments, .. } = tree
            && let [argument] = &arguments[..]
            && let Some((of, wanted)) = self.boolean(base, argument, |condition| condition)
        {
            let truth = self.form(of);
            return if wanted { truth } else { Form::Not(Box::new(truth)) };
        }
        match tree {
            Tree::Literal(value) => Form::Always(boolean_of(value) == Ok(true)),
            Tree::Not { of, .. } => Form::Not(Box::new(self.form(of))),
            Tree::All { parts, .. } => Form::All(parts.iter().map(|one| self.form(one)).collect()),
            Tree::Any { parts, .. } => Form::Any(parts.iter().map(|one| self.form(one)).collect()),
            Tree::Choice { condition, then, otherwise, .. } => {
                Form::Choice(Box::new([condition, then, otherwise].map(|one| self.form(one))))
            }
            Tree::Binary {
                operator:
                    operator @ (Equal | NotEqual | Less | LessOrEqual | Greater | GreaterOrEqual),
                left,
                right,
                ..
            } => {
                let (asked, turned) = self.relation(left, right);
                if let Asked::Relation { equality, order, .. } = &mut self.asked[asked] {
                    let of = if matches!(operator, Equal | NotEqual) { equality } else { order };
                    *of = true;
                }
                Form::Compare { asked, operator: *operator, turned }
            }
            Tree::Variable { name, .. } if self.truth(name).is_some() => {
                Form::Always(self.truth(name) == Some(true))
            }
            _ => {
                let same =
                    |asked: &Asked<'_>| matches!(asked, Asked::Truth(one) if one.is_same(tree));
                let known = self.asked.iter().position(same);
                Form::Truth(known.unwrap_or_else(|| self.add(Asked::Truth(tree))))
            }
        }
    }

    fn truth(&self, name: &str) -> Option<bool> {
        match (self.known)(name)? {
            Known::True => Some(true),
            Known::False => Some(false),
            Known::NotNull => None,
        }
    }

    /// What is a condition by itself, too, if it is compared with true or false, and with which. A
    /// condition has no value where it is neither; `==` takes what is denied for either, and
    /// `equals` does not.
    fn boolean(
        &self,
        left: &'t Tree,
        right: &'t Tree,
        asks: impl Fn(&'t Tree) -> &'t Tree,
    ) -> Option<(&'t Tree, bool)> {
        let (of, wanted) = match (left, right) {
            (of, Tree::Literal(Value::Bool(wanted))) | (Tree::Literal(Value::Bool(wanted)), of) => {
                (of, *wanted)
            }
            _ => return None,
        };
        self.conditions.iter().any(|one| asks(one).is_same(of)).then_some((of, wanted))
    }

    /// Where what two values are to each other stands in a row, and whether the other way round.
    fn relation(&mut self, left: &'t Tree, right: &'t Tree) -> (usize, bool) {
        let turned = |asked: &Asked<'_>| match asked {
            Asked::Relation { one, two, .. } if one.is_same(left) && two.is_same(right) => {
                Some(false)
            }
            Asked::Relation { one, two, .. } if one.is_same(right) && two.is_same(left) => {
                Some(true)
            }
            _ => None,
        };
        let mut asked = self.asked.iter().enumerate();
        let known = asked.find_map(|(place, asked)| Some((place, turned(asked)?)));
        known.unwrap_or_else(|| {
            let (equality, order) = (false, false);
            (self.add(Asked::Relation { one: left, two: right, equality, order }), false)
        })
    }

    fn add(&mut self, asked: Asked<'t>) -> usize {
        // No table has so many rows; the rest need not be told apart.
        self.parts += if self.asked.len() > 16 { MOST } else { 0 };
        self.asked.push(asked);
        self.asked.len() - 1
    }

    /// Whether variables may be so that a row comes true: `Always` that they never are,
    /// `UnlessNull` that it takes a null.
    fn may_be(&self, row: &[usize]) -> Holds {
        let mut holds = Holds::Perhaps;
        for (answer, asked) in row.iter().zip(&self.asked) {
            if let Asked::Relation { one, two, .. } = asked
                && self.never(one, two, RELATIONS[*answer], row)
            {
                return Holds::Always;
            }
            if let Asked::Relation { one, two, .. } = asked
                && RELATIONS[*answer] == (None, false)
            {
                if !self.may_be_null(one, row) && !self.may_be_null(two, row) {
                    return Holds::Always;
                }
                holds = Holds::UnlessNull;
            }
        }
        holds
    }

    /// Whether two values are never this to each other: a size below 0, or null and not empty.
    fn never(
        &self,
        one: &Tree,
        two: &Tree,
        (order, equal): (Option<Ordering>, bool),
        row: &[usize],
    ) -> bool {
        let (of, with, order) = match one {
            Tree::Literal(with) => (two, with, order.map(Ordering::reverse)),
            _ => match two {
                Tree::Literal(with) => (one, with, order),
                _ => return false,
            },
        };
        let is_size = matches!(of, Tree::Call { method: Method::Size | Method::Length, .. });
        let filled = |(answer, asked): (&usize, &Asked<'_>)| {
            *answer == 0 && matches!(asked, Asked::Truth(Tree::Empty(one)) if one.is_same(of))
        };
        (is_size && *with == 0 && order == Some(Ordering::Less))
            || (with.is_null() && equal && row.iter().zip(&self.asked).any(filled))
    }

    fn may_be_null(&self, tree: &Tree, row: &[usize]) -> bool {
        const NULL: &Tree = &Tree::Literal(Value::Null);
        let is_other = |(answer, asked): (&usize, &Asked<'_>)| match asked {
            Asked::Truth(Tree::Empty(of)) => *answer == 0 && of.is_same(tree),
            Asked::Relation { one, two, .. } => {
                let with_null = (one.is_same(tree) && two.is_same(NULL))
                    || (two.is_same(tree) && one.is_same(NULL));
                with_null && !RELATIONS[*answer].1
            }
            Asked::Truth(_) => false,
        };
        let never = match tree {
            Tree::Variable { name, .. } => (self.known)(name).is_some(),
            _ => tree.has_value(),
        };
        !never && !row.iter().zip(&self.asked).any(is_other)
    }
}

impl Tree {
    /// What it denies, or else itself.
    fn denied(&self) -> &Tree {
        match self {
            Tree::Not { of, .. } => of,
            other => other,
        }
    }

    /// Whether its value is not null whatever the variables are.
    pub(super) fn has_value(&self) -> bool {
        match self {
            Tree::Literal(value) => !value.is_null(),
            Tree::Call { method, .. } => *method != Method::Get,
            Tree::Variable { .. } | Tree::Execution { .. } | Tree::Member { .. } => false,
            Tree::Choice { then, otherwise, .. } => then.has_value() && otherwise.has_value(),
            _ => true,
        }
    }

    /// Whether two trees say the same, wherever they stand.
    fn is_same(&self, other: &Tree) -> bool {
        let all = |one: &[Tree], two: &[Tree]| {
            one.len() == two.len() && one.iter().zip(two).all(|(one, two)| one.is_same(two))
        };
        match (self, other) {
            (Tree::Literal(one), Tree::Literal(two)) => one == two,
            (Tree::Variable { name: one, .. }, Tree::Variable { name: two, .. }) => one == two,
            (
                Tree::Execution { question: one, name },
                Tree::Execution { question: two, name: other },
            ) => one == two && name.is_same(other),
            (Tree::Member { base, key, .. }, Tree::Member { base: other, key: two, .. }) => {
                base.is_same(other) && key.is_same(two)
            }
            (
                Tree::Call { base, method, arguments, .. },
                Tree::Call { base: other, method: called, arguments: with, .. },
            ) => method == called && base.is_same(other) && all(arguments, with),
            (Tree::Not { of, .. }, Tree::Not { of: other, .. })
            | (Tree::Negate { of, .. }, Tree::Negate { of: other, .. })
            | (Tree::Empty(of), Tree::Empty(other)) => of.is_same(other),
            (Tree::All { parts, .. }, Tree::All { parts: others, .. })
            | (Tree::Any { parts, .. }, Tree::Any { parts: others, .. })
            | (Tree::Join { parts, .. }, Tree::Join { parts: others, .. })
            | (Tree::List(parts), Tree::List(others)) => all(parts, others),
            (
                Tree::Binary { operator, left, right, .. },
                Tree::Binary { operator: sign, left: one, right: two, .. },
            ) => operator == sign && left.is_same(one) && right.is_same(two),
            (
                Tree::Choice { condition, then, otherwise, .. },
                Tree::Choice { condition: one, then: two, otherwise: three, .. },
            ) => condition.is_same(one) && then.is_same(two) && otherwise.is_same(three),
            _ => false,
        }
    }
}
