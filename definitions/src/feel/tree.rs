//! The syntax tree of FEEL, as far as it is translated.

use std::ops::RangeInclusive;

/// A node; `at` is the character where it stands, counted from 1.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) tree: Tree,
    pub(super) at: u32,
    /// How many nodes the longest way down has, so that nobody who walks it needs a deep stack.
    pub(super) height: u32,
}

#[derive(Debug)]
pub(super) enum Tree {
    /// A number as ours writes it.
    Number(String),
    Text(String),
    Truth(bool),
    Null,
    Name(String),
    List(Vec<Node>),
    Member(Box<Node>, String),
    /// An item of a list, counted from 1.
    Item(Box<Node>, u64),
    Negate(Box<Node>),
    Calculate(&'static str, Box<Node>, Box<Node>),
    /// Whether two values are equal, or with `false` whether they differ.
    Equal(bool, Box<Node>, Box<Node>),
    Compare(Order, Box<Node>, Box<Node>),
    All(Vec<Node>),
    Any(Vec<Node>),
    Not(Box<Node>),
    Choice(Box<[Node; 3]>),
    In(Box<Node>, Vec<Test<Node>>),
    Call(Function, Vec<Node>),
}

/// The comparisons of values that have an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Order {
    pub(crate) fn sign(self) -> &'static str {
        match self {
            Order::Less => "<",
            Order::LessOrEqual => "<=",
            Order::Greater => ">",
            Order::GreaterOrEqual => ">=",
        }
    }

    pub(super) fn signed(sign: &str) -> Option<Order> {
        Some(match sign {
            "<" => Order::Less,
            "<=" => Order::LessOrEqual,
            ">" => Order::Greater,
            ">=" => Order::GreaterOrEqual,
            _ => return None,
        })
    }

    /// The comparison that holds between two values exactly when this one does not.
    pub(super) fn opposite(self) -> Order {
        match self {
            Order::Less => Order::GreaterOrEqual,
            Order::LessOrEqual => Order::Greater,
            Order::Greater => Order::LessOrEqual,
            Order::GreaterOrEqual => Order::Less,
        }
    }

    /// Whether equal values pass.
    pub(super) fn takes_equal(self) -> bool {
        matches!(self, Order::LessOrEqual | Order::GreaterOrEqual)
    }
}

/// One unary test of a value.
#[derive(Clone, Debug)]
pub(crate) enum Test<Operand> {
    /// It equals the operand, or is an item of it.
    Is(Operand),
    Compare(Order, Operand),
    /// It lies between two ends; each comparison says whether its end belongs to the interval.
    Between((Order, Operand), (Order, Operand)),
}

impl<Operand> Test<Operand> {
    /// The same test of other operands.
    pub(super) fn map<Other, Error>(
        &self,
        mut change: impl FnMut(&Operand) -> Result<Other, Error>,
    ) -> Result<Test<Other>, Error> {
        Ok(match self {
            Test::Is(operand) => Test::Is(change(operand)?),
            Test::Compare(order, operand) => Test::Compare(*order, change(operand)?),
            Test::Between((from, low), (to, high)) => {
                Test::Between((*from, change(low)?), (*to, change(high)?))
            }
        })
    }
}

/// The functions that are translated; `not` is a node of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Not,
    Count,
    String,
    StringLength,
    StringJoin,
    UpperCase,
    LowerCase,
    Contains,
    StartsWith,
    EndsWith,
    ListContains,
}

/// The functions with their names and the methods of ours that do the same.
const ALL: [(&str, Function, &str); 11] = [
    ("not", Function::Not, ""),
    ("count", Function::Count, "size"),
    ("string", Function::String, "toString"),
    ("string length", Function::StringLength, "length"),
    ("string join", Function::StringJoin, "join"),
    ("upper case", Function::UpperCase, "toUpperCase"),
    ("lower case", Function::LowerCase, "toLowerCase"),
    ("contains", Function::Contains, "contains"),
    ("starts with", Function::StartsWith, "startsWith"),
    ("ends with", Function::EndsWith, "endsWith"),
    ("list contains", Function::ListContains, "contains"),
];

impl Function {
    pub(super) fn named(name: &str) -> Option<Function> {
        ALL.iter().find(|(known, ..)| *known == name).map(|(_, function, _)| *function)
    }

    pub(super) fn names() -> String {
        ALL.map(|(name, ..)| name).join(", ")
    }

    pub(super) fn method(self) -> &'static str {
        ALL.iter().find(|(_, function, _)| *function == self).map_or("", |(.., method)| method)
    }

    /// How many arguments it takes.
    pub(super) fn argument_counts(self) -> RangeInclusive<usize> {
        match self {
            Function::StringJoin => 1..=2,
            Function::Contains
            | Function::StartsWith
            | Function::EndsWith
            | Function::ListContains => 2..=2,
            _ => 1..=1,
        }
    }

    /// The same in words.
    pub(super) fn wanted(self) -> &'static str {
        match (*self.argument_counts().start(), *self.argument_counts().end()) {
            (1, 1) => "one argument",
            (1, _) => "one or two arguments",
            _ => "two arguments",
        }
    }
}
