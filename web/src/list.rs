//! Lists: the page that is asked for, and the documented shape of the page that is answered.

use std::collections::BTreeMap;

use runtime::{Listing, Page};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::problem::Problem;
use crate::reply::Ok200;

/// Items on a page where the request does not say.
const USUAL_SIZE: u32 = 10;
/// Items on a page at most.
const LARGEST_SIZE: u32 = 1000;

/// The query of a list: which page, in which order, and the members of the filter `F`.
///
/// The members of a filter are texts or read from text.
#[derive(Debug, Clone)]
pub(crate) struct Query<F = NoFilter> {
    page: u32,
    size: Option<u32>,
    sort: Option<String>,
    pub(crate) filter: F,
}

/// A list without a filter.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoFilter {}

/// An order that a list can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Order {
    pub(crate) property: &'static str,
    pub(crate) descending: bool,
}

impl Order {
    pub(crate) const fn ascending(property: &'static str) -> Order {
        Order { property, descending: false }
    }

    pub(crate) const fn descending(property: &'static str) -> Order {
        Order { property, descending: true }
    }
}

impl<F> Query<F> {
    /// The page that is asked for.
    pub(crate) fn page(&self) -> Page {
        Page { number: self.page, size: self.size.unwrap_or(USUAL_SIZE) }
    }

    /// Whether an order is asked for.
    pub(crate) fn is_sorted(&self) -> bool {
        self.sort.is_some()
    }

    /// The order that is asked for, out of those that the list can have; the first is the usual one.
    ///
    /// # Errors
    /// 400 at `sort` for any other.
    pub(crate) fn order(&self, orders: &[Order]) -> Result<Order, Problem> {
        let found = match &self.sort {
            None => orders.first(),
            Some(sort) => orders.iter().find(|order| order.is(sort)),
        };
        found.copied().ok_or_else(|| {
            let known: Vec<String> = orders.iter().map(Order::text).collect();
            Problem::at("sort", format!("this list can be sorted by {}", known.join(" or ")))
        })
    }

    /// The answer to this query of a list that is so short that callers who do not ask for pages expect all of it.
    pub(crate) fn answer_of_few<T>(mut self, orders: &[Order], all: Vec<T>) -> PagedResult<T> {
        let order = self.order(orders)?;
        self.size = self.size.or(Some(LARGEST_SIZE));
        let found = self.page().of(all);
        Ok(Ok200(self.answer(order, found)))
    }

    /// The answer to this query.
    pub(crate) fn answer<T>(&self, order: Order, found: Listing<T>) -> Paged<T> {
        let (number, size) = (u64::from(self.page), u64::from(self.page().size));
        let total_pages = found.total.div_ceil(size);
        let sort = [Sort::of(order)];
        Paged {
            total_elements: found.total,
            total_pages,
            first: number == 0,
            last: number + 1 >= total_pages,
            number,
            number_of_elements: found.items.len() as u64,
            size,
            empty: found.items.is_empty(),
            sort: sort.clone(),
            pageable: Pageable {
                sort,
                offset: number * size,
                page_number: number,
                page_size: size,
                paged: true,
                unpaged: false,
            },
            content: found.items,
        }
    }
}

impl Order {
    fn is(&self, sort: &str) -> bool {
        let (property, direction) = sort.split_once(',').unwrap_or((sort, "asc"));
        let direction = direction.trim();
        let fits = if self.descending { "desc" } else { "asc" };
        property.trim() == self.property && direction.eq_ignore_ascii_case(fits)
    }

    fn text(&self) -> String {
        format!("{},{}", self.property, if self.descending { "desc" } else { "asc" })
    }
}

impl<'de, F: DeserializeOwned> Deserialize<'de> for Query<F> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut pairs = BTreeMap::new();
        for (name, value) in Vec::<(String, String)>::deserialize(deserializer)? {
            if pairs.contains_key(&name) {
                return Err(D::Error::custom(format!("{name}: is given twice")));
            }
            pairs.insert(name, value);
        }
        let mut number = |name: &str, range: std::ops::RangeInclusive<u32>| {
            let Some(text) = pairs.remove(name) else { return Ok(None) };
            let number = text.parse::<u32>().ok().filter(|number| range.contains(number));
            number.map(Some).ok_or_else(|| {
                let (least, most) = range.clone().into_inner();
                D::Error::custom(format!("{name}: has to be a number from {least} to {most}"))
            })
        };
        let page = number("page", 0..=u32::MAX)?.unwrap_or(0);
        let size = number("size", 1..=LARGEST_SIZE)?;
        let sort = pairs.remove("sort");
        let rest = pairs.into_iter().map(|(name, value)| (name, Value::String(value)));
        let rest = Value::Object(rest.collect());
        let filter = serde_path_to_error::deserialize(rest);
        let filter = filter.map_err(|error| D::Error::custom(error.to_string()))?;
        Ok(Query { page, size, sort, filter })
    }
}

/// A page of a list, or why there is none.
pub(crate) type PagedResult<T> = Result<Ok200<Paged<T>>, Problem>;

/// How the query is described: the members of the page and of the filter side by side.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "it is described, never read")]
struct Described<F> {
    /// Which page, counted from 0.
    #[schemars(default)]
    page: u32,
    /// Items on a page, 1 to 1000; 10 where it is not given, and 1000 in a list of a user's credentials.
    #[schemars(range(min = 1, max = 1000))]
    size: Option<u32>,
    /// The order, as `property,asc` or `property,desc`.
    sort: Option<String>,
    #[schemars(flatten)]
    filter: F,
}

impl<F: JsonSchema> JsonSchema for Query<F> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("ListOf{}", F::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Described::<F>::json_schema(generator)
    }
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "PageOf{T}")]
pub(crate) struct Paged<T> {
    /// Items on all pages.
    total_elements: u64,
    /// Pages.
    total_pages: u64,
    /// Whether this is the first page.
    first: bool,
    /// Whether this is the last page.
    last: bool,
    /// The number of this page, from 0.
    number: u64,
    /// Items on this page.
    number_of_elements: u64,
    /// Items on a page.
    size: u64,
    /// Whether there is nothing on this page.
    empty: bool,
    /// The order.
    sort: [Sort; 1],
    /// What was asked for.
    pageable: Pageable,
    /// The items.
    content: Vec<T>,
}

/// The page that was asked for.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Pageable {
    /// The order.
    sort: [Sort; 1],
    /// Items before this page.
    offset: u64,
    /// The number of the page, from 0.
    page_number: u64,
    /// Items on a page.
    page_size: u64,
    /// Always true.
    paged: bool,
    /// Always false.
    unpaged: bool,
}

/// The order of a list.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Sort {
    /// `ASC` or `DESC`.
    direction: &'static str,
    /// Always `NATIVE`.
    null_handling: &'static str,
    /// Whether the direction is `ASC`.
    ascending: bool,
    /// The member that decides.
    property: &'static str,
    /// Always false.
    ignore_case: bool,
}

impl Sort {
    fn of(order: Order) -> Sort {
        Sort {
            direction: if order.descending { "DESC" } else { "ASC" },
            null_handling: "NATIVE",
            ascending: !order.descending,
            property: order.property,
            ignore_case: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    struct Filter {
        name: Option<String>,
        from_time: Option<jiff::Timestamp>,
    }

    fn read(query: &str) -> Result<Query<Filter>, String> {
        let pairs = url::form_urlencoded::parse(query.as_bytes());
        Query::deserialize(serde_urlencoded::Deserializer::new(pairs)).map_err(|e| e.to_string())
    }

    #[test]
    fn a_query_is_a_page_and_a_filter() {
        let query = read("page=2&size=5&name=a%20b&fromTime=2026-01-01T00:00:00Z").unwrap();
        assert_eq!((query.page().number, query.page().size), (2, 5));
        assert_eq!(query.filter.name.as_deref(), Some("a b"));
        assert!(query.filter.from_time.is_some());
        let query = read("").unwrap();
        assert_eq!((query.page().number, query.page().size, query.filter.name), (0, 10, None));
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        #[rustfmt::skip]
        let cases = [
            ("page=-1",          "page: has to be a number from 0 to 4294967295"),
            ("page=x",           "page: has to be a number from 0 to 4294967295"),
            ("size=0",           "size: has to be a number from 1 to 1000"),
            ("size=1001",        "size: has to be a number from 1 to 1000"),
            ("size=1&size=2",    "size: is given twice"),
            ("nmae=x",           "nmae: unknown field `nmae`, expected `name` or `fromTime`"),
        ];
        for (query, expected) in cases {
            assert_eq!(read(query).unwrap_err(), expected, "{query}");
        }
        assert!(read("fromTime=yesterday").unwrap_err().starts_with("fromTime: "));
    }

    #[test]
    fn a_list_has_the_orders_that_it_can_have() {
        const ORDERS: [Order; 2] = [Order::descending("version"), Order::ascending("name")];
        #[rustfmt::skip]
        let cases = [
            ("",                  Some(ORDERS[0])),
            ("sort=version,desc", Some(ORDERS[0])),
            ("sort=version,DESC", Some(ORDERS[0])),
            ("sort=name",         Some(ORDERS[1])),
            ("sort=name,asc",     Some(ORDERS[1])),
            ("sort=name,desc",    None),
            ("sort=version",      None),
            ("sort=",             None),
        ];
        for (query, expected) in cases {
            assert_eq!(read(query).unwrap().order(&ORDERS).ok(), expected, "{query}");
        }
    }

    #[test]
    fn the_counts_of_a_page_agree() {
        #[rustfmt::skip]
        let cases = [
            // page, size, total, on it     pages, first, last,  empty, offset
            ((0, 10, 0, 0),                 (0,    true,  true,  true,  0)),
            ((0, 10, 10, 10),               (1,    true,  true,  false, 0)),
            ((0, 10, 11, 10),               (2,    true,  false, false, 0)),
            ((1, 10, 11, 1),                (2,    false, true,  false, 10)),
            ((9, 10, 11, 0),                (2,    false, true,  true,  90)),
        ];
        for ((page, size, total, on_it), expected) in cases {
            let query = read(&format!("page={page}&size={size}")).unwrap();
            let found = Listing { total, items: vec![(); on_it] };
            let paged = query.answer(Order::ascending("name"), found);
            let counts = (paged.total_pages, paged.first, paged.last, paged.empty);
            let offset = paged.pageable.offset;
            assert_eq!(
                (counts.0, counts.1, counts.2, counts.3, offset),
                expected,
                "{page} {total}"
            );
        }
    }
}
