//! What the schemas of a message declare of each value in a document: its type, its list of values, its patterns.

use xsd_schema::SchemaSet;
use xsd_schema::ids::TypeKey;
use xsd_schema::types::XmlTypeCode as Code;
use xsd_schema::validation::errors::ValidationError;
use xsd_schema::validation::info::SchemaInfo;
use xsd_schema::validation::{
    AttributeView, DoctypeView, ElementStartView, SchemaValidator, ValidationEventHandler,
    ValidationSink, ValidationWarning, drive_quick_xml_with,
};

use super::Limits;
use super::reading::bounds;

/// Types are followed this far to what they restrict.
const DEEPEST: u8 = 32;

/// What the schema says of one value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Declared {
    /// Byte offset in the text of the `<` of its element.
    pub at: usize,
    /// Local name of the attribute; nothing: the content of the element.
    pub attribute: Option<String>,
    /// Its type.
    pub kind: ValueKind,
    /// The values that it may have, if they are listed.
    pub listed: Vec<String>,
    /// Patterns of XML Schema; the value follows one of each list.
    pub patterns: Vec<Vec<String>>,
}

/// Types of values, as far as they matter to what a value may become.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ValueKind {
    /// Text, and whatever the schema does not tell.
    #[default]
    Text,
    /// A number.
    Number,
    /// A day, with or without a time.
    Day,
    /// True or false, a time of day, a length of time.
    Plain,
    /// Bytes in hexadecimal digits.
    Hexadecimal,
}

/// The values of a document that its schema declares; what stands behind a fault is left out.
pub(super) fn declared(
    text: &str,
    set: &SchemaSet,
    validator: &SchemaValidator<'_>,
    limits: &Limits,
) -> Vec<Declared> {
    let mut runtime = validator.start_run(Unheard);
    runtime.set_parse_limits(bounds(limits));
    let mut watch = Watch {
        set,
        starting: 0,
        at: 0,
        found: Vec::new(),
    };
    // A document with faults is made anonymous, too: what was read before the first one counts.
    let _ = drive_quick_xml_with(text.as_bytes(), &mut runtime, set, &mut watch);
    watch.found
}

struct Watch<'s> {
    set: &'s SchemaSet,
    starting: usize,
    at: usize,
    found: Vec<Declared>,
}

struct Doctype;

/// What is wrong with the document is told by its check.
struct Unheard;

impl ValidationSink for Unheard {
    fn on_error(&mut self, _: ValidationError) {}

    fn on_warning(&mut self, _: ValidationWarning) {}
}

impl Watch<'_> {
    fn add(&mut self, attribute: Option<String>, kind: Option<TypeKey>) {
        let Some(kind) = kind else { return };
        let mut declared = Declared {
            at: self.at,
            attribute,
            ..Declared::default()
        };
        follow(self.set, kind, 0, &mut declared);
        self.found.push(declared);
    }
}

impl ValidationEventHandler for Watch<'_> {
    type Error = Doctype;

    fn on_doctype(&mut self, _: DoctypeView<'_>) -> Result<(), Doctype> {
        Err(Doctype)
    }

    fn on_element_start_offset(&mut self, byte: usize) -> Result<(), Doctype> {
        self.starting = byte;
        Ok(())
    }

    fn after_element(&mut self, _: ElementStartView<'_>, info: &SchemaInfo) -> Result<(), Doctype> {
        self.at = self.starting;
        self.add(None, info.schema_type);
        Ok(())
    }

    fn after_attribute(
        &mut self,
        view: AttributeView<'_>,
        info: &SchemaInfo,
    ) -> Result<(), Doctype> {
        self.add(Some(view.local_name.to_owned()), info.schema_type);
        Ok(())
    }
}

fn follow(set: &SchemaSet, kind: TypeKey, depth: u8, out: &mut Declared) {
    if depth > DEEPEST {
        return;
    }
    let key = match kind {
        TypeKey::Simple(key) => key,
        TypeKey::Complex(key) => {
            let data = set.arenas.complex_types.get(key);
            let inner = data.and_then(|d| d.resolved_simple_content_type.or(d.resolved_base_type));
            if let Some(inner) = inner.filter(|inner| *inner != kind) {
                follow(set, inner, depth + 1, out);
            }
            return;
        }
    };
    if let Some(code) = set.builtin_types().get_type_code(key) {
        out.kind = kind_of(code);
        return;
    }
    let Some(data) = set.arenas.simple_types.get(key) else {
        return;
    };
    if let Some(listed) = data
        .facets
        .enumeration
        .as_ref()
        .filter(|_| out.listed.is_empty())
    {
        out.listed.extend(listed.values.iter().cloned());
    }
    for step in &data.facets.patterns {
        let step: Vec<String> = step.iter().map(|p| p.value.clone()).collect();
        if !out.patterns.contains(&step) {
            out.patterns.push(step);
        }
    }
    for member in &data.resolved_member_types {
        let mut of_member = Declared::default();
        follow(set, *member, depth + 1, &mut of_member);
        out.listed.append(&mut of_member.listed);
    }
    if let Some(base) = data.resolved_base_type {
        follow(set, base, depth + 1, out);
    }
}

fn kind_of(code: Code) -> ValueKind {
    match code {
        Code::Boolean | Code::Time | Code::Duration | Code::GMonth | Code::GDay => ValueKind::Plain,
        Code::Date | Code::DateTime => ValueKind::Day,
        Code::HexBinary => ValueKind::Hexadecimal,
        code if (Code::Decimal as u16..=Code::PositiveInteger as u16).contains(&(code as u16)) => {
            ValueKind::Number
        }
        _ => ValueKind::Text,
    }
}
