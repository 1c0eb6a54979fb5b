//! Finding instances: newest first in a span of time, narrowed by state, definition and applicant.

use jiff::{Timestamp, ToSpan, tz::TimeZone};
use storage::Range;

use crate::instance::{BY_TIME, Summary, moment};
use crate::listing::{self, Order};
use crate::{Error, InstanceStatus, InstanceView, Listing, Page, Tenant};

/// What to look for; everything that is given has to fit.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// Part of the applicant's name, address, number or reference, or a whole identifier.
    pub text: Option<String>,
    /// Created at this time or later; without it 30 days before the end.
    pub from: Option<Timestamp>,
    /// Created before this time; without it now.
    pub until: Option<Timestamp>,
    /// Name of the definition.
    pub definition_name: Option<String>,
    /// Identifier of the definition's version.
    pub definition_id: Option<String>,
    /// Where it stands.
    pub status: Option<InstanceStatus>,
    /// Oldest first instead of newest first.
    pub oldest_first: bool,
}

impl Search {
    fn fits(&self, id: &str, row: &Summary, text: Option<&str>) -> bool {
        let same = |wanted: &Option<String>, is: &str| wanted.as_deref().is_none_or(|w| w == is);
        let found = |text: &str| {
            id.eq_ignore_ascii_case(text)
                || row.applicant.values().any(|value| value.to_lowercase().contains(text))
        };
        same(&self.definition_name, &row.definition_name)
            && same(&self.definition_id, &row.definition)
            && self.status.is_none_or(|status| status == row.status)
            && text.is_none_or(found)
    }
}

impl Tenant {
    /// The instances created in a span of time that fit the search.
    pub async fn search_instances(
        &self,
        search: &Search,
        page: Page,
    ) -> Result<Listing<InstanceView>, Error> {
        let now = self.now();
        let until = search.until.unwrap_or(now);
        let month = || {
            let end = until.to_zoned(TimeZone::UTC).checked_sub(30.days());
            end.map_or(Timestamp::UNIX_EPOCH, |start| start.timestamp())
        };
        let from = search.from.unwrap_or_else(month);
        if from > until {
            return Err(Error::invalid("startDateTime", "has to be before endDateTime"));
        }
        // One more millisecond, since what was created in the last one belongs to the span.
        let beyond = moment(until).saturating_add(1000);
        let range = Range::all().after(moment(from)).before(beyond);
        let order = if search.oldest_first { Order::Ascending } else { Order::Descending };
        let text = search.text.as_deref().map(|text| text.trim().to_lowercase());
        let text = text.as_deref().filter(|text| !text.is_empty());
        listing::page_of(&self.unit(), &BY_TIME, range, order, page, |key, row| {
            let mut parts = key.read();
            let (created, id) = (parts.number().ok()?, parts.text().ok()?);
            let created = Timestamp::from_microsecond(i64::try_from(created).ok()?).ok()?;
            search.fits(&id, &row, text).then(|| self.listed_view(&id, created, row))
        })
        .await
    }
}
