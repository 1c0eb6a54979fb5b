//! From a syntax tree of FEEL to the source of an expression of ours.
//!
//! Ours takes null for 0 and for empty text, and FEEL does not. So what is calculated from a value
//! that may be null is written with a question for null before it, and a negation is moved inwards
//! to the comparisons, where it keeps a comparison with null false.

use super::term::{
    ADDITION, AND, CHOICE, EQUALITY, JOINING, OR, ORDERING, POSTFIX, PREFIX, Sort, Source, Term,
    kind, made, needing,
};
use super::tree::{Function, Node, Order, Test, Tree};
use super::{LONGEST, flaw};
use crate::ExpressionFlaw;
use crate::expression::literal;

/// Words of our language that name no variable there.
const RESERVED: [&str; 17] = [
    "and",
    "or",
    "not",
    "eq",
    "ne",
    "lt",
    "le",
    "gt",
    "ge",
    "div",
    "mod",
    "empty",
    "instanceof",
    "execution",
    "true",
    "false",
    "null",
];

type Written<T> = Result<T, ExpressionFlaw>;

/// The source of an expression, without braces.
pub(super) fn closed(node: &Node) -> Written<String> {
    Ok(value(node)?.closed().text)
}

/// The same, but a missing variable is null when the expression is but a path.
pub(super) fn lookup(node: &Node) -> Written<String> {
    path(node, true).map_or_else(|| closed(node), Ok)
}

/// The source of whether something is false, if it is true or false by itself.
pub(super) fn denied(node: &Node) -> Written<Option<String>> {
    Ok(match value(node)?.sort {
        Sort::Judgement => truth(node, true).ok().map(|source| source.text),
        _ => None,
    })
}

/// The source of a name, a member or an item; `lenient` takes a missing variable for null.
fn path(node: &Node, lenient: bool) -> Option<String> {
    Some(match &node.tree {
        Tree::Name(name) if lenient || RESERVED.contains(&name.as_str()) => {
            format!("execution.getVariable(\"{name}\")")
        }
        Tree::Name(name) => name.clone(),
        Tree::Member(base, name) if RESERVED[..11].contains(&name.as_str()) => {
            format!("{}[\"{name}\"]", path(base, lenient)?)
        }
        Tree::Member(base, name) => format!("{}.{name}", path(base, lenient)?),
        Tree::Item(base, position) => format!("{}[{}]", path(base, lenient)?, position - 1),
        _ => return None,
    })
}

fn value(node: &Node) -> Written<Term> {
    let term = match &node.tree {
        Tree::Number(number) => Term::of(number, POSTFIX, Sort::Number),
        Tree::Text(text) => Term::of(literal(text), POSTFIX, Sort::Text),
        Tree::Truth(truth) => Term::of(truth.to_string(), POSTFIX, Sort::Truth),
        Tree::Null => Term::of("null", POSTFIX, Sort::Null),
        Tree::Name(_) | Tree::Member(..) | Tree::Item(..) => {
            Term::of(path(node, false).unwrap_or_default(), POSTFIX, Sort::Unknown)
        }
        Tree::List(items) => {
            let mut sources = Vec::new();
            for item in items {
                sources.push(value(item)?.closed().text);
                bounded(node, sources.iter().map(String::len).sum())?;
            }
            Term::of(format!("[{}]", sources.join(", ")), POSTFIX, Sort::List)
        }
        Tree::Negate(of) => {
            let of = number(of)?;
            let text = format!("-{}", of.source.within(PREFIX));
            made(Source::new(text, PREFIX), Sort::Number, &[&of])
        }
        Tree::Calculate(sign, left, right) => calculation(sign, left, right)?,
        Tree::Choice(parts) => {
            let [condition, then, otherwise] = &**parts;
            let (condition, then, otherwise) =
                (truth(condition, false)?, value(then)?, value(otherwise)?);
            let (one, two) = (then.closed().text, otherwise.closed().text);
            let text = format!("{} ? {one} : {two}", condition.within(OR));
            let sort = match (then.sort, otherwise.sort) {
                (one, two) if one == two => one,
                (Sort::Judgement, _) | (_, Sort::Judgement) => Sort::Judgement,
                _ => Sort::Unknown,
            };
            let mut term = Term::of(text, CHOICE, sort);
            term.nullable |= then.all_needs().chain(otherwise.all_needs()).next().is_some();
            term
        }
        Tree::Call(function, arguments) => match (function, &arguments[..]) {
            (Function::String, [of]) => text_of(value(of)?, of)?,
            (Function::StringJoin, [list]) => joining(&a_list(list)?, "\"\""),
            (Function::StringJoin, [list, between]) => {
                joining(&a_list(list)?, &a_text(between)?.closed().text)
            }
            (function, [of]) => of_one(*function, of)?,
            _ => judgement(node)?,
        },
        Tree::Equal(..)
        | Tree::Compare(..)
        | Tree::All(_)
        | Tree::Any(_)
        | Tree::Not(_)
        | Tree::In(..) => judgement(node)?,
    };
    bounded(node, term.source.text.len())?;
    Ok(term)
}

fn judgement(node: &Node) -> Written<Term> {
    let Source { text, level } = truth(node, false)?;
    Ok(Term::of(text, level, Sort::Judgement))
}

/// A text or what may be one.
fn a_text(node: &Node) -> Written<Term> {
    let term = value(node)?;
    expected(node, &term, Sort::Text)?;
    Ok(term)
}

/// A list or what may be one.
fn a_list(node: &Node) -> Written<Term> {
    let term = value(node)?;
    expected(node, &term, Sort::List)?;
    Ok(term)
}

fn joining(list: &Term, between: &str) -> Term {
    let text = format!("{}.join({between})", list.source.within(POSTFIX));
    made(Source::new(text, POSTFIX), Sort::Text, &[list])
}

fn expected(node: &Node, term: &Term, sort: Sort) -> Written<()> {
    if [sort, Sort::Unknown].contains(&term.sort) {
        return Ok(());
    }
    let (wanted, given) = (kind(sort), kind(term.sort));
    Err(flaw(node.at, format!("{wanted} is expected here, not {given}")))
}

fn text_of(term: Term, of: &Node) -> Written<Term> {
    if term.sort == Sort::Judgement {
        let message = "the text of what a comparison gives is not translated; use if";
        return Err(flaw(of.at, message));
    }
    let text = format!("{}.toString()", term.source.within(POSTFIX));
    Ok(made(Source::new(text, POSTFIX), Sort::Text, &[&term]))
}

fn of_one(function: Function, of: &Node) -> Written<Term> {
    let term = value(of)?;
    let (wanted, sort) = match function {
        Function::Count => (Sort::List, Sort::Number),
        Function::StringLength => (Sort::Text, Sort::Number),
        _ => (Sort::Text, Sort::Text),
    };
    expected(of, &term, wanted)?;
    let text = format!("{}.{}()", term.source.within(POSTFIX), function.method());
    Ok(made(Source::new(text, POSTFIX), sort, &[&term]))
}

fn calculation(sign: &str, left: &Node, right: &Node) -> Written<Term> {
    let (one, two) = (value(left)?, value(right)?);
    match (sign, one.sort, two.sort) {
        ("+", Sort::Text, _) | ("+", _, Sort::Text) => {
            for (node, term) in [(left, &one), (right, &two)] {
                expected(node, term, Sort::Text)?;
            }
            let sides = (one.source.within(JOINING), two.source.within(JOINING + 1));
            let joined = Source::new(format!("{} += {}", sides.0, sides.1), JOINING);
            return Ok(made(joined, Sort::Text, &[&one, &two]));
        }
        ("+", Sort::Unknown, Sort::Unknown) => {
            let text = format!("{}.plus({})", one.source.within(POSTFIX), two.source.text);
            return Ok(made(Source::new(text, POSTFIX), Sort::Unknown, &[&one, &two]));
        }
        _ => {}
    }
    let (one, two) = (numeric(left, one)?, numeric(right, two)?);
    let level = if ["+", "-"].contains(&sign) { ADDITION } else { ADDITION + 1 };
    let text = format!("{} {sign} {}", one.source.within(level), two.source.within(level + 1));
    Ok(made(Source::new(text, level), Sort::Number, &[&one, &two]))
}

fn number(node: &Node) -> Written<Term> {
    numeric(node, value(node)?)
}

fn numeric(node: &Node, term: Term) -> Written<Term> {
    match term.sort {
        Sort::Unknown | Sort::Number => Ok(term),
        other => Err(flaw(node.at, format!("a number is expected here, not {}", kind(other)))),
    }
}

/// The source of a condition that is true when FEEL says true, or with `not` when it says false.
fn truth(node: &Node, not: bool) -> Written<Source> {
    let source = match &node.tree {
        Tree::Truth(truth) => Source::new((*truth != not).to_string(), POSTFIX),
        Tree::Not(of) => truth(of, !not)?,
        Tree::All(parts) | Tree::Any(parts) => {
            let mut sources = Vec::new();
            for part in parts {
                sources.push(truth(part, not)?);
            }
            joined(matches!(node.tree, Tree::All(_)) != not, &sources)
        }
        Tree::Choice(parts) => {
            let [condition, then, otherwise] = &**parts;
            let condition = truth(condition, false)?.within(OR);
            let (then, otherwise) = (truth(then, not)?.text, truth(otherwise, not)?.text);
            Source::new(format!("{condition} ? {then} : {otherwise}"), CHOICE)
        }
        Tree::Equal(equal, left, right) => {
            let (one, two) = (value(left)?, value(right)?);
            equality(node.at, *equal != not, (left, &one), (right, &two))?
        }
        Tree::Compare(order, left, right) => {
            ordering(node.at, *order, not, &value(left)?, &value(right)?)?
        }
        Tree::In(of, tests) => {
            let given = value(of)?;
            let mut sources = Vec::new();
            for test in tests {
                sources.push(tested(node, (of, &given), test, not)?);
                bounded(node, sources.iter().map(|source| source.text.len()).sum())?;
            }
            joined(not, &sources)
        }
        Tree::Call(function, arguments) => match (function, &arguments[..]) {
            (Function::Contains | Function::StartsWith | Function::EndsWith, [of, part]) => {
                question(*function, of, part, not)?
            }
            (Function::ListContains, [list, item]) => {
                let sign = if not { "!" } else { "" };
                let (list, item) = (a_list(list)?, value(item)?.closed().text);
                let call = format!("{sign}{}.contains({item})", list.source.within(POSTFIX));
                needing(list.all_needs().collect(), Source::new(call, PREFIX))
            }
            _ => return Err(no_truth(node, &value(node)?)),
        },
        Tree::Name(_) | Tree::Member(..) | Tree::Item(..) => {
            // What is neither true nor false is null as a truth value, and not what `==` makes of it.
            let text = path(node, false).unwrap_or_default();
            Source::new(format!("{}.equals({text})", !not), POSTFIX)
        }
        _ => return Err(no_truth(node, &value(node)?)),
    };
    bounded(node, source.text.len())?;
    Ok(source)
}

fn no_truth(node: &Node, term: &Term) -> ExpressionFlaw {
    flaw(node.at, format!("true or false is expected here, not {}", kind(term.sort)))
}

fn joined(all: bool, sources: &[Source]) -> Source {
    if let [one] = sources {
        return one.clone();
    }
    let (sign, level) = if all { (" && ", AND) } else { (" || ", OR) };
    let parts: Vec<String> = sources.iter().map(|source| source.within(level)).collect();
    Source::new(parts.join(sign), level)
}

fn equality(at: u32, equal: bool, one: (&Node, &Term), two: (&Node, &Term)) -> Written<Source> {
    let (left, right) = (one.1.sort, two.1.sort);
    if left == Sort::Judgement || right == Sort::Judgement {
        let message = "comparing the outcome of a comparison is not translated; use and, or, not";
        return Err(flaw(at, message));
    }
    let known = |sort| !matches!(sort, Sort::Unknown | Sort::Null);
    if known(left) && known(right) && left != right {
        let (left, right) = (kind(left), kind(right));
        return Err(flaw(at, format!("{left} never equals {right}")));
    }
    let lenient = left == Sort::Null || right == Sort::Null;
    let operand = |(node, term): (&Node, &Term)| match path(node, lenient) {
        Some(path) => path,
        None => term.closed().within(ORDERING),
    };
    let sign = if equal { "==" } else { "!=" };
    Ok(Source::new(format!("{} {sign} {}", operand(one), operand(two)), EQUALITY))
}

fn ordering(at: u32, order: Order, not: bool, one: &Term, two: &Term) -> Written<Source> {
    let order = if not { order.opposite() } else { order };
    for term in [one, two] {
        if !matches!(term.sort, Sort::Unknown | Sort::Number | Sort::Text) {
            return Err(flaw(at, format!("{} is neither before nor after", kind(term.sort))));
        }
    }
    if one.sort != two.sort && one.sort != Sort::Unknown && two.sort != Sort::Unknown {
        let (left, right) = (kind(one.sort), kind(two.sort));
        return Err(flaw(at, format!("{left} is neither before nor after {right}")));
    }
    let mut needs: Vec<String> = one.needs.iter().chain(&two.needs).cloned().collect();
    if order.takes_equal() && one.nullable && two.nullable {
        // Ours finds null equal to null here, FEEL does not.
        needs.push(one.source.within(ORDERING));
    }
    let level = ORDERING + 1;
    let sides = (one.source.within(level), two.source.within(level));
    let text = format!("{} {} {}", sides.0, order.sign(), sides.1);
    Ok(needing(needs, Source::new(text, ORDERING)))
}

fn question(function: Function, of: &Node, part: &Node, not: bool) -> Written<Source> {
    let (text, sought) = (a_text(of)?, a_text(part)?);
    let (source, argument) = (text.source.within(POSTFIX), &sought.source.text);
    let sign = if not { "!" } else { "" };
    let call = format!("{sign}{source}.{}({argument})", function.method());
    let needs = text.all_needs().chain(sought.all_needs());
    Ok(needing(needs.collect(), Source::new(call, PREFIX)))
}

fn tested(node: &Node, of: (&Node, &Term), test: &Test<Node>, not: bool) -> Written<Source> {
    match test {
        Test::Is(operand) => {
            let wanted = value(operand)?;
            if matches!(wanted.sort, Sort::Unknown | Sort::List) {
                let message = "in with what may be a list is not translated; use list contains";
                return Err(flaw(operand.at, message));
            }
            equality(operand.at, !not, of, (operand, &wanted))
        }
        Test::Compare(order, operand) => ordering(node.at, *order, not, of.1, &value(operand)?),
        Test::Between((from, low), (to, high)) => {
            let low = ordering(node.at, *from, not, of.1, &value(low)?)?;
            let high = ordering(node.at, *to, not, of.1, &value(high)?)?;
            Ok(joined(!not, &[low, high]))
        }
    }
}

/// Refuses what grows too long before it is joined to something longer.
fn bounded(node: &Node, length: usize) -> Written<()> {
    match length > LONGEST {
        true => Err(flaw(node.at, "the translated expression is too long; split it up")),
        false => Ok(()),
    }
}
