//! One pass over a document: what it is, and every place where it is not as its schema says.

use std::cell::RefCell;
use std::rc::Rc;

use xsd_schema::SchemaSet;
use xsd_schema::ids::TypeKey;
use xsd_schema::validation::errors::{PathStep, ValidationError, ValidationSubject};
use xsd_schema::validation::info::SchemaInfo;
use xsd_schema::validation::{
    AttributeView, DoctypeView, DriveWithError, ElementStartView, EndElementInfo, SchemaValidator,
    TextKind, ValidationEventHandler, ValidationSink, ValidationWarning, drive_quick_xml_with,
};
use xsd_schema::xml::{ParseLimits, WellFormednessRule};

use super::Limits;
use super::notation::{data_type, key, node, words};
use crate::model::Bilingual;

/// Breaches kept; further ones are only counted.
const MAX_BREACHES: usize = 10_000;

/// Longest value kept to be shown (masked), in characters.
const MAX_VALUE: usize = 200;

/// Longest content model shown, in characters.
const MAX_MODEL: usize = 200;

/// What was found in a document.
#[derive(Debug, Default)]
pub struct Read {
    /// Namespace and name of the root element.
    pub root: Option<Name>,
    /// Elements at depth 3, with those they stand in: what an envelope carries.
    pub inner: Vec<(Name, Name)>,
    /// Places where the schema does not hold, in the order of the document.
    pub breaches: Vec<Breach>,
    /// Breaches beyond those kept.
    pub more: u64,
    /// Why reading ended early.
    pub stop: Option<Stop>,
}

impl Read {
    /// The engine failed on this document.
    pub(super) fn given_up() -> Self {
        Self {
            stop: Some(Stop::GivenUp(String::new())),
            ..Self::default()
        }
    }
}

/// An expanded name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Name {
    /// Empty: in no namespace.
    pub namespace: String,
    /// Local name.
    pub local: String,
    /// Byte offset of its `<` in the text.
    pub at: usize,
}

/// Why a document was not read to its end. Offsets are bytes of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Not XML.
    NotWellFormed {
        /// Where.
        at: usize,
        /// The rule of XML 1.0.
        rule: &'static str,
        /// What is wrong there, in English as the reader says it.
        what: String,
        /// The same in a few words.
        words: Bilingual,
        /// A reference to an entity that only a document type could declare.
        entity: bool,
    },
    /// A document type declaration.
    Doctype {
        /// Where it begins.
        at: usize,
    },
    /// Larger or deeper than is read.
    Limit {
        /// Where.
        at: usize,
        /// What is limited.
        what: &'static str,
        /// How much is allowed.
        max: usize,
        /// What was found.
        found: usize,
    },
    /// The engine did not come to a verdict.
    GivenUp(String),
}

/// A place where the schema does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    /// `/a/b[2]/@c`: local names, positions among elements of one name from the second element on.
    pub path: String,
    /// The same without positions.
    pub generic: String,
    /// Byte offset in the text of the element's `<`, where it is known.
    pub at: Option<usize>,
    /// Constraint of XML Schema.
    pub constraint: &'static str,
    /// What the schema asks for, in neutral notation.
    pub expected: String,
    /// What is there, in neutral notation; the value stands apart.
    pub observed: String,
    /// The value, as read.
    pub value: Option<String>,
}

struct Open {
    start: usize,
    name: Name,
    kind: Option<TypeKey>,
    text: String,
}

#[derive(Default)]
struct State {
    read: Read,
    /// Offset of the start tag that is being read.
    starting: Option<usize>,
    open: Vec<Open>,
    attribute: Option<String>,
    models: Vec<(TypeKey, String)>,
}

enum Refused {
    Doctype(usize),
}

/// Reads `text` against the schemas.
pub(super) fn read(
    text: &str,
    set: &SchemaSet,
    validator: &SchemaValidator<'_>,
    limits: &Limits,
) -> Read {
    let state = Rc::new(RefCell::new(State::default()));
    let sink = Sink {
        state: Rc::clone(&state),
        set,
        validator,
    };
    let mut runtime = validator.start_run(sink);
    runtime.set_parse_limits(bounds(limits));
    let mut watch = Watch(Rc::clone(&state));
    let driven = drive_quick_xml_with(text.as_bytes(), &mut runtime, set, &mut watch);
    let stop = match driven {
        Ok(_) => runtime
            .end_validation()
            .err()
            .map(|error| Stop::GivenUp(error.constraint.to_owned())),
        Err(DriveWithError::NotWellFormed(fault)) => Some(Stop::NotWellFormed {
            at: usize::try_from(fault.position()).unwrap_or(usize::MAX),
            rule: fault.rule().citation(),
            what: fault.message().to_owned(),
            words: words(fault.rule()),
            entity: fault.rule() == WellFormednessRule::EntityDeclared,
        }),
        Err(DriveWithError::LimitExceeded(limit)) => Some(Stop::Limit {
            at: usize::try_from(limit.position()).unwrap_or(usize::MAX),
            what: limit.limit().description(),
            max: limit.max(),
            found: limit.found(),
        }),
        Err(DriveWithError::Hook(Refused::Doctype(at))) => Some(Stop::Doctype { at }),
        Err(_) => Some(Stop::GivenUp(String::new())),
    };
    drop(runtime);
    let mut read = std::mem::take(&mut state.borrow_mut().read);
    read.stop = stop;
    read
}

pub(super) fn bounds(limits: &Limits) -> ParseLimits {
    ParseLimits::none()
        .with_max_depth(limits.depth)
        .with_max_attributes(limits.attributes)
        .with_max_namespace_declarations(limits.attributes)
        .with_max_namespaces_in_scope(limits.attributes)
        .with_max_nodes(limits.nodes)
        .with_max_name_bytes(limits.name)
        .with_max_namespace_uri_bytes(limits.name)
        .with_max_attribute_value_bytes(limits.value)
        .with_max_text_bytes(limits.value)
}

/// Follows the document.
struct Watch(Rc<RefCell<State>>);

impl ValidationEventHandler for Watch {
    type Error = Refused;

    fn on_doctype(&mut self, doctype: DoctypeView<'_>) -> Result<(), Refused> {
        Err(Refused::Doctype(doctype.byte_pos))
    }

    fn on_element_start_offset(&mut self, byte: usize) -> Result<(), Refused> {
        self.0.borrow_mut().starting = Some(byte);
        Ok(())
    }

    fn after_element(
        &mut self,
        view: ElementStartView<'_>,
        info: &SchemaInfo,
    ) -> Result<(), Refused> {
        let mut state = self.0.borrow_mut();
        let start = state.starting.take().unwrap_or(0);
        let name = Name {
            namespace: view.namespace_uri.to_owned(),
            local: view.local_name.to_owned(),
            at: start,
        };
        match state.open.len() {
            0 => state.read.root = Some(name.clone()),
            2 if state.read.inner.len() < 16 => {
                let outer = state.open.last().map(|o| o.name.clone());
                state
                    .read
                    .inner
                    .push((outer.unwrap_or_default(), name.clone()));
            }
            _ => {}
        }
        state.open.push(Open {
            start,
            name,
            kind: info.schema_type,
            text: String::new(),
        });
        Ok(())
    }

    fn before_attribute(&mut self, view: AttributeView<'_>) -> Result<(), Refused> {
        self.0.borrow_mut().attribute = Some(shortened(view.value));
        Ok(())
    }

    fn after_attribute(&mut self, _: AttributeView<'_>, _: &SchemaInfo) -> Result<(), Refused> {
        self.0.borrow_mut().attribute = None;
        Ok(())
    }

    fn on_text(&mut self, _: TextKind, text: &str) -> Result<(), Refused> {
        let mut state = self.0.borrow_mut();
        if let Some(open) = state
            .open
            .last_mut()
            .filter(|o| o.text.len() < 4 * MAX_VALUE)
        {
            open.text.push_str(&shortened(text));
        }
        Ok(())
    }

    fn after_end_element(&mut self, _: &EndElementInfo, _: usize) -> Result<(), Refused> {
        self.0.borrow_mut().open.pop();
        Ok(())
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(MAX_VALUE).collect()
}

/// Takes what the engine reports.
struct Sink<'s> {
    state: Rc<RefCell<State>>,
    set: &'s SchemaSet,
    validator: &'s SchemaValidator<'s>,
}

impl ValidationSink for Sink<'_> {
    fn on_error(&mut self, error: ValidationError) {
        let mut state = self.state.borrow_mut();
        if state.read.breaches.len() >= MAX_BREACHES {
            state.read.more += 1;
            return;
        }
        let breach = self.breach(&error, &mut state);
        // One wrong value is told once: the engine names the facet first, then that the element is therefore not valid.
        let told = state.read.breaches.last().is_some_and(|last| {
            let same_value = last.path == breach.path && last.value.is_some();
            (same_value && is_consequence(error.constraint))
                // An element that must not stand here has no declaration here, either.
                || (error.constraint == "cvc-elt.1"
                    && last.constraint == "cvc-complex-type.2.4"
                    && last.at == breach.at)
        });
        if !told {
            state.read.breaches.push(breach);
        }
    }

    fn on_warning(&mut self, _: ValidationWarning) {}
}

fn is_consequence(constraint: &str) -> bool {
    [
        "cvc-type.3.1",
        "cvc-complex-type.2.2",
        "cvc-attribute.3",
        "cvc-simple-type",
    ]
    .iter()
    .any(|c| constraint.starts_with(c))
}

impl Sink<'_> {
    fn breach(&self, error: &ValidationError, state: &mut State) -> Breach {
        let (path, generic) = paths(error);
        let current = state.starting.or(state.open.last().map(|o| o.start));
        // What is told at the end of the document stands elsewhere.
        let at = current.filter(|_| !state.open.is_empty() || state.starting.is_some());
        let of_attribute = matches!(error.subject(), Some(ValidationSubject::Attribute(_)));
        let value = match (of_attribute, state.open.last()) {
            (true, _) => state.attribute.clone(),
            (false, Some(open)) if !open.text.is_empty() && is_of_value(error) => {
                Some(open.text.trim().to_owned())
            }
            _ => None,
        };
        let kind = state.open.last().and_then(|o| o.kind);
        let (expected, observed) = self.sides(error, kind, state);
        Breach {
            path,
            generic,
            at,
            constraint: error.constraint,
            expected,
            observed,
            value,
        }
    }

    /// What is asked for and what is there, without a value of the document.
    fn sides(
        &self,
        error: &ValidationError,
        kind: Option<TypeKey>,
        state: &mut State,
    ) -> (String, String) {
        let said = error.message.as_str();
        let number = |after: &str| -> String {
            let rest = said.rsplit_once(after).map_or("", |(_, rest)| rest);
            rest.chars().take_while(char::is_ascii_digit).collect()
        };
        let quoted = |after: &str| -> String {
            let rest = said.rsplit_once(after).map_or("", |(_, rest)| rest);
            shortened(rest.strip_suffix('\'').unwrap_or(rest))
        };
        let name = || said.split('\'').nth(1).unwrap_or_default().to_owned();
        match error.constraint {
            "cvc-maxLength-valid" => (
                format!("maxLength {}", number("maximum ")),
                format!("length {}", number("value length ")),
            ),
            "cvc-minLength-valid" => (
                format!("minLength {}", number("minimum ")),
                format!("length {}", number("value length ")),
            ),
            "cvc-pattern-valid" => (format!("pattern {}", quoted("pattern '")), String::new()),
            "cvc-enumeration-valid" => (self.choices(kind), String::new()),
            "cvc-minInclusive-valid" => (
                format!("minInclusive {}", quoted("minimum '")),
                String::new(),
            ),
            "cvc-maxInclusive-valid" => (
                format!("maxInclusive {}", quoted("maximum '")),
                String::new(),
            ),
            "cvc-minExclusive-valid" => {
                (format!("minExclusive {}", quoted("than '")), String::new())
            }
            "cvc-maxExclusive-valid" => {
                (format!("maxExclusive {}", quoted("than '")), String::new())
            }
            "cvc-totalDigits-valid" => (
                format!("totalDigits {}", number("maximum is ")),
                format!("{} digits", number("value has ")),
            ),
            "cvc-fractionDigits-valid" => (
                format!("fractionDigits {}", number("maximum is ")),
                format!("{} fraction digits", number("value has ")),
            ),
            "cvc-length-valid" => ("length of the type".to_owned(), String::new()),
            "cvc-complex-type.2.4" if said.contains("incomplete") => {
                (self.model(kind, state), "ends here".to_owned())
            }
            "cvc-complex-type.2.4" => (self.model(kind, state), format!("element {}", name())),
            "cvc-complex-type.2.1" => ("empty".to_owned(), "content".to_owned()),
            "cvc-complex-type.2.3" => ("elements only".to_owned(), "text".to_owned()),
            "cvc-complex-type.4" => (format!("attribute {}", name()), "absent".to_owned()),
            c if c.starts_with("cvc-identity-constraint") || c.starts_with("cvc-id") => {
                let (asked, found) = key(c);
                (asked.to_owned(), found.to_owned())
            }
            "cvc-elt.1" => (
                "an element of the schema".to_owned(),
                "another element".to_owned(),
            ),
            constraint if constraint.starts_with("cvc-complex-type.3.2") => (
                "no such attribute".to_owned(),
                format!("attribute {}", name()),
            ),
            constraint
                if constraint.starts_with("cvc-datatype-valid")
                    || constraint.starts_with("cvc-simple-type")
                    || constraint.starts_with("cvc-type.3.1") =>
            {
                (data_type(said), String::new())
            }
            constraint => (constraint.to_owned(), String::new()),
        }
    }

    /// The values of an enumeration, when they are few.
    fn choices(&self, kind: Option<TypeKey>) -> String {
        let simple = kind.and_then(|k| k.as_simple());
        let data = simple.and_then(|key| self.set.arenas.simple_types.get(key));
        let listed = data.and_then(|d| d.facets.enumeration.as_ref());
        let mut values: Vec<&str> = listed
            .map(|e| e.values.iter().map(String::as_str).collect())
            .unwrap_or_default();
        values.sort_unstable();
        if values.is_empty() {
            return "one of the listed values".to_owned();
        }
        shortened(&values.join(" | "))
    }

    /// The content model of a type: `a, b?, (c | d)*`.
    fn model(&self, kind: Option<TypeKey>, state: &mut State) -> String {
        let Some(kind) = kind else {
            return "the content model".to_owned();
        };
        if let Some((_, known)) = state.models.iter().find(|(k, _)| *k == kind) {
            return known.clone();
        }
        let report = kind
            .as_complex()
            .and_then(|key| self.validator.describe_content_model(key));
        let parts: Vec<String> = report
            .iter()
            .flat_map(|r| &r.authored.sections)
            .filter_map(|section| section.root.as_ref())
            .map(|root| node(root, true))
            .filter(|text| !text.is_empty())
            .collect();
        let mut text: String = parts.join(", ").chars().take(MAX_MODEL).collect();
        if text.is_empty() {
            "empty".clone_into(&mut text);
        }
        state.models.push((kind, text.clone()));
        text
    }
}

fn is_of_value(error: &ValidationError) -> bool {
    let of_structure = [
        "cvc-complex-type",
        "cvc-elt.1",
        "cvc-elt.2",
        "cvc-id",
        "cvc-identity",
    ];
    !of_structure.iter().any(|c| error.constraint.starts_with(c))
}

fn paths(error: &ValidationError) -> (String, String) {
    let mut exact = String::new();
    let mut generic = String::new();
    for step in error.instance_path().iter().flat_map(|path| path.steps()) {
        let name = step.name().local_name();
        let mark = if matches!(step, PathStep::Attribute { .. }) {
            "@"
        } else {
            ""
        };
        generic.push_str(&format!("/{mark}{name}"));
        exact.push_str(&format!("/{mark}{name}"));
        if let Some(position) = step.position().filter(|p| *p > 1) {
            exact.push_str(&format!("[{position}]"));
        }
    }
    (exact, generic)
}
