//! The XML of a definition as a tree of bounded size, with namespaces resolved and lines kept.

use super::element::{Attribute, Element, Space};
use crate::draft::Flaws;
use quick_xml::XmlVersion;
use quick_xml::errors::Error;
use quick_xml::escape::EscapeError;
use quick_xml::events::{BytesDecl, BytesStart, Event};
use quick_xml::name::{NamespaceError, PrefixDeclaration, QName, ResolveResult};
use quick_xml::reader::NsReader;

/// The longest text in bytes.
pub(super) const LONGEST: usize = 4 << 20;
/// The deepest nesting of elements.
const DEEPEST: usize = 64;
/// How deep the definitions, the process, and its nodes and flows are; people know their ids, and
/// those of what is in a sub-process.
const DEEPEST_OWNER: usize = 3;
/// The most elements.
const MOST_ELEMENTS: usize = 100_000;
/// The most attributes of one element.
const MOST_ATTRIBUTES: usize = 64;
/// The longest value of an attribute in bytes.
const LONGEST_ATTRIBUTE: usize = 64 << 10;

/// Reads an XML text; what is not well-formed or not bounded is one flaw.
pub(crate) fn read(text: &str, flaws: &mut Flaws) -> Option<Element> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.len() > LONGEST {
        flaws.add("too-large", "", 0, "the text is larger than 4 MiB; a definition is shorter");
        return None;
    }
    let lines = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
    let mut growing = Growing {
        breaks: lines.map(|(position, _)| position).collect(),
        reader: NsReader::from_str(text),
        begin: 0,
        open: Vec::new(),
        root: None,
        elements: 0,
    };
    match growing.grow() {
        Ok(root) => Some(root),
        Err(refusal) => {
            let line = growing.line();
            flaws.add(refusal.rule, "", line, refusal.message);
            None
        }
    }
}

/// Why the text is given up.
struct Refusal {
    rule: &'static str,
    message: String,
}

fn refuse<T>(rule: &'static str, message: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal { rule, message: message.into() })
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Refusal {
        if let Error::Escape(EscapeError::UnrecognizedEntity(_, name)) = &error {
            return unknown_entity(name);
        }
        if matches!(error, Error::Namespace(NamespaceError::TooManyBindings(_))) {
            let message = "too many namespaces are declared; take away those that are not used";
            return Refusal { rule: "too-large", message: message.into() };
        }
        Refusal { rule: "not-xml", message: crate::sentence(&error.to_string()) }
    }
}

fn unknown_entity(name: &str) -> Refusal {
    let name = crate::excerpt(name);
    let message = format!(
        "the entity &{name}; is not known; write &lt; &gt; &amp; &quot; &apos; or the sign"
    );
    Refusal { rule: "unknown-entity", message }
}

struct Growing<'a> {
    reader: NsReader<&'a [u8]>,
    /// Where the lines of the text end.
    breaks: Vec<usize>,
    /// Where the present event begins.
    begin: usize,
    open: Vec<Element>,
    root: Option<Element>,
    elements: usize,
}

impl Growing<'_> {
    fn line(&self) -> u32 {
        let line = self.breaks.partition_point(|position| *position < self.begin) + 1;
        u32::try_from(line).unwrap_or(u32::MAX)
    }

    fn grow(&mut self) -> Result<Element, Refusal> {
        loop {
            self.begin = self.position();
            let event = self.reader.read_event().inspect_err(|_| {
                self.begin = usize::try_from(self.reader.error_position()).unwrap_or_default();
            })?;
            match event {
                Event::Start(start) => {
                    let element = self.element(&start)?;
                    self.open.push(element);
                }
                Event::Empty(start) => {
                    let element = self.element(&start)?;
                    self.close(element)?;
                }
                Event::End(_) => {
                    let Some(element) = self.open.pop() else {
                        return refuse("not-xml", "an end tag closes nothing");
                    };
                    self.close(element)?;
                }
                Event::Text(text) => self.text(&text.xml10_content())?,
                Event::CData(text) => self.text(&text.xml10_content())?,
                Event::GeneralRef(reference) => {
                    let text = match reference.resolve_char_ref()? {
                        Some(character) => character.to_string(),
                        None => match &*reference {
                            "lt" => "<".into(),
                            "gt" => ">".into(),
                            "amp" => "&".into(),
                            "quot" => "\"".into(),
                            "apos" => "'".into(),
                            other => return Err(unknown_entity(other)),
                        },
                    };
                    self.text(&text)?;
                }
                Event::Decl(declaration) => declared(&declaration)?,
                Event::DocType(_) => {
                    return refuse("doctype", "a document type is not allowed; take DOCTYPE away");
                }
                Event::Comment(_) | Event::PI(_) => {}
                Event::Eof => break,
            }
        }
        if let Some(open) = self.open.last() {
            return refuse("not-xml", format!("the element {} is not closed", open.name));
        }
        self.root.take().map_or_else(|| refuse("not-xml", "there is no element in the text"), Ok)
    }

    fn position(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or_default()
    }

    fn element(&mut self, start: &BytesStart<'_>) -> Result<Element, Refusal> {
        self.elements += 1;
        if self.elements > MOST_ELEMENTS {
            return refuse("too-large", format!("there are more than {MOST_ELEMENTS} elements"));
        }
        if self.open.len() >= DEEPEST {
            return refuse("too-deep", format!("elements are nested deeper than {DEEPEST}"));
        }
        let (space, name) = self.resolve(start.name(), true)?;
        let (mut attributes, mut bindings) = (Vec::new(), Vec::new());
        for (count, attribute) in start.attributes().enumerate() {
            if count >= MOST_ATTRIBUTES {
                let message = format!("an element has more than {MOST_ATTRIBUTES} attributes");
                return refuse("too-many-attributes", message);
            }
            let attribute = attribute.map_err(Error::from)?;
            if attribute.value.len() > LONGEST_ATTRIBUTE {
                let key = crate::excerpt(attribute.key.into_inner());
                return refuse("too-large", format!("the attribute {key} is longer than 64 KiB"));
            }
            if let Some(binding) = attribute.key.as_namespace_binding() {
                let prefix = match binding {
                    PrefixDeclaration::Named(prefix) => prefix,
                    PrefixDeclaration::Default => "",
                };
                let address = attribute.normalized_value(XmlVersion::Implicit1_0)?;
                bindings.push((prefix.to_owned(), address.into_owned()));
                continue;
            }
            let (space, name) = self.resolve(attribute.key, false)?;
            let value = attribute.normalized_value(XmlVersion::Implicit1_0)?.into_owned();
            held(&value)?;
            if space == Space::Foreign {
                continue;
            }
            attributes.push(Attribute { space, name, value });
        }
        let own = attributes.iter().find(|a: &&Attribute| a.space == Space::None && a.name == "id");
        let contained = self.open.last().is_some_and(Element::is_container);
        let owner = match (own, self.open.last()) {
            (Some(own), _) if contained || self.open.len() < DEEPEST_OWNER => own.value.clone(),
            (_, parent) => parent.map(|parent| parent.owner.clone()).unwrap_or_default(),
        };
        let (line, children, text) = (self.line(), Vec::new(), String::new());
        Ok(Element { space, name, line, owner, attributes, bindings, children, text })
    }

    fn resolve(&self, name: QName<'_>, element: bool) -> Result<(Space, String), Refusal> {
        let resolver = self.reader.resolver();
        let (space, local) = match element {
            true => resolver.resolve_element(name),
            false => resolver.resolve_attribute(name),
        };
        let space = match space {
            ResolveResult::Bound(namespace) => Space::of(namespace.into_inner()),
            ResolveResult::Unbound => Space::None,
            ResolveResult::Unknown(prefix) => {
                let prefix = crate::excerpt(&prefix);
                let message = format!("the prefix {prefix} is not bound; declare xmlns:{prefix}");
                return refuse("unknown-namespace", message);
            }
        };
        Ok((space, local.into_inner().to_owned()))
    }

    fn close(&mut self, element: Element) -> Result<(), Refusal> {
        match self.open.last_mut() {
            Some(parent) if element.space == Space::Foreign && parent.is("extensionElements") => {}
            Some(parent) => parent.children.push(element),
            None if self.root.is_some() => {
                return refuse("not-xml", "a text has one outermost element; take the second away");
            }
            None => self.root = Some(element),
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), Refusal> {
        held(text)?;
        match self.open.last_mut() {
            Some(element) => element.text.push_str(text),
            None if text.trim().is_empty() => {}
            None => return refuse("not-xml", "there is text outside of the outermost element"),
        }
        Ok(())
    }
}

/// Refuses what XML cannot hold; the reader lets it through.
fn held(text: &str) -> Result<(), Refusal> {
    crate::refused_character(text).map_or(Ok(()), |message| refuse("not-xml", message))
}

fn declared(declaration: &BytesDecl<'_>) -> Result<(), Refusal> {
    let encoding = match declaration.encoding() {
        None => return Ok(()),
        Some(encoding) => encoding.map_err(Error::from)?,
    };
    if encoding.eq_ignore_ascii_case("utf-8") || encoding.eq_ignore_ascii_case("utf8") {
        return Ok(());
    }
    let encoding = crate::excerpt(&encoding);
    refuse("encoding", format!("the encoding {encoding} is not read; save the file as UTF-8"))
}
