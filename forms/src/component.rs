//! What a form is made of: fields that are filled in, and things that are only shown.

use serde_json::Value;

use crate::localised::Localised;

/// One component of a form, in the order of the form.
#[derive(Clone, Debug, PartialEq)]
pub struct Component {
    /// The name under which a field's value is kept; things that are only shown may lack one or share it.
    pub id: String,
    /// The builder's number for the position; kept as it came.
    pub index: Option<i64>,
    /// The builder's mark that the component was complete; kept as it came.
    pub is_valid: bool,
    /// What the user reads beside the component.
    pub label: Localised,
    /// What it is.
    pub body: Body,
}

/// What a component is.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// Something that the user fills in.
    Field(Field),
    /// Something that the user only sees.
    Shown(Shown),
}

/// Something that the user fills in.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// What kind of value it takes.
    pub entry: Entry,
    /// The user sees the value and cannot change it.
    pub read_only: bool,
    /// The value is not kept after the instance has ended.
    pub transient: bool,
    /// The value before the user changes it; a text may hold `{{processvar.…}}`.
    pub default: Value,
    /// The purpose of the field as HTML's `autocomplete` names it; guessed from the id when absent.
    pub autocomplete: Option<String>,
    /// What a value must fulfil.
    pub validate: Validate,
}

/// The kinds of values that a field takes.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    /// A line of text.
    Text,
    /// An e-mail address.
    Email,
    /// A text that is not shown while it is typed.
    Password,
    /// A telephone number; the country is ISO 3166-1 alpha-2.
    Phone {
        /// The country whose national numbers are meant.
        default_country: Option<String>,
    },
    /// A decimal number.
    Number,
    /// A calendar date; kept as `YYYY-MM-DD`.
    Date {
        /// How the form writes its default.
        format: DateFormat,
    },
    /// A yes or no; when required it must be yes.
    Checkbox,
    /// One of several choices, from a drop-down list.
    Select(Vec<Choice>),
    /// One of several choices, all in view.
    Radio(Vec<Choice>),
}

/// One of the values that a drop-down list or a group of radio buttons offers.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// The value that is kept.
    pub value: String,
    /// What the user reads.
    pub label: Localised,
}

/// How a date is written in a form's default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DateFormat {
    /// `YYYY-MM-DD`
    YearMonthDay,
    /// `MM/DD/YYYY`
    MonthDayYear,
    /// `DD.MM.YYYY`
    DayMonthYearDots,
    /// `DD/MM/YYYY`, the default.
    #[default]
    DayMonthYear,
}

/// What a value must fulfil, and the form's own words when it does not.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Validate {
    /// An empty value is refused.
    pub required: bool,
    /// The least number of characters.
    pub min_length: Option<u32>,
    /// The greatest number of characters.
    pub max_length: Option<u32>,
    /// The least number.
    pub min: Option<f64>,
    /// The greatest number.
    pub max: Option<f64>,
    /// A number has no fraction.
    pub whole: bool,
    /// Said when the value is missing.
    pub missing_message: Localised,
    /// Said when the value is not of its kind.
    pub invalid_message: Localised,
    /// Said when the value is too short or too long.
    pub invalid_length_message: Localised,
}

/// Things that the user only sees.
#[derive(Clone, Debug, PartialEq)]
pub enum Shown {
    /// A paragraph of text.
    Paragraph(Localised),
    /// A second heading inside the form.
    Subtitle(Localised),
    /// A panel that says something of note.
    Notification {
        /// What it says.
        text: Localised,
        /// How it looks.
        mood: Mood,
        /// The user may close it.
        close_button: bool,
        /// It goes away by itself after five seconds.
        set_timer: bool,
    },
    /// A picture.
    Image {
        /// An address, a `data:` address, or bare base64 that `file_type` completes.
        source: String,
        /// The beginning of a `data:` address, such as `data:image/png;base64,`.
        file_type: String,
        /// What the picture shows, for those who do not see it.
        alt: String,
        /// The width in CSS pixels.
        width: Option<u32>,
    },
    /// A QR code.
    QrCode {
        /// What it encodes; may hold `{{processvar.…}}`.
        content: String,
        /// The width and height in CSS pixels.
        size: Option<u32>,
    },
    /// Codes that the user is to keep, one on each line; the page offers to copy, save and print them.
    Codes {
        /// The codes; may hold `{{processvar.…}}`.
        content: String,
    },
}

/// How a notification looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mood {
    /// Neutral.
    #[default]
    Default,
    /// Something went well.
    Success,
    /// Something went wrong.
    Error,
    /// Something needs care.
    Warning,
}

impl Component {
    /// The field, unless the component is only shown.
    pub fn field(&self) -> Option<&Field> {
        match &self.body {
            Body::Field(field) => Some(field),
            Body::Shown(_) => None,
        }
    }

    /// The component's `type` as the JSON of a form names it.
    pub fn type_name(&self) -> &'static str {
        match &self.body {
            Body::Field(field) => match field.entry {
                Entry::Text => "text",
                Entry::Email => "email",
                Entry::Password => "password",
                Entry::Phone { .. } => "phone",
                Entry::Number => "number",
                Entry::Date { .. } => "date",
                Entry::Checkbox => "checkbox",
                Entry::Select(_) => "select",
                Entry::Radio(_) => "radio",
            },
            Body::Shown(shown) => match shown {
                Shown::Paragraph(_) => "paragraph",
                Shown::Subtitle(_) => "subtitle",
                Shown::Notification { .. } => "notification",
                Shown::Image { .. } => "image",
                Shown::QrCode { .. } => "qrCode",
                Shown::Codes { .. } => "codes",
            },
        }
    }
}

impl DateFormat {
    /// All formats, with the name that the JSON of a form uses.
    pub const ALL: [(DateFormat, &'static str); 4] = [
        (DateFormat::YearMonthDay, "YYYY-MM-DD"),
        (DateFormat::MonthDayYear, "MM/DD/YYYY"),
        (DateFormat::DayMonthYearDots, "DD.MM.YYYY"),
        (DateFormat::DayMonthYear, "DD/MM/YYYY"),
    ];

    /// The name that the JSON of a form uses.
    pub fn name(self) -> &'static str {
        DateFormat::ALL.iter().find(|(format, _)| *format == self).map_or("", |(_, name)| name)
    }
}

impl Mood {
    /// All moods, with the name that the JSON of a form uses.
    pub const ALL: [(Mood, &'static str); 4] = [
        (Mood::Default, "default"),
        (Mood::Success, "success"),
        (Mood::Error, "error"),
        (Mood::Warning, "warning"),
    ];

    /// The name that the JSON of a form uses.
    pub fn name(self) -> &'static str {
        Mood::ALL.iter().find(|(mood, _)| *mood == self).map_or("", |(_, name)| name)
    }
}
