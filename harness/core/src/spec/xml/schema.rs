//! The one door to the XML Schema engine: schemas in, breaches with places out. Nothing outside of the given files is read:
//! no network, no file system, no external entity; a document type declaration ends the reading.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;

use xsd_schema::error::SchemaResult;
use xsd_schema::parser::resolver::{EmbeddedLoader, LoaderChain, SchemaLoader};
use xsd_schema::validation::{SchemaValidator, ValidationFlags};
use xsd_schema::{SchemaError, SchemaSet, SchemaSetBuilder};

use super::Limits;
use super::declared::{self, Declared};
use super::reading::{self, Read};

/// Where the engine looks for the files of a message: a name of our own, so that no path leads out.
const BASE: &str = "pack:///";

/// How names of renkei's own schemas begin.
pub(super) const OWN: &str = "renkei:";

/// Compiled schemas of a message.
pub struct Schema {
    // The engine shares names inside the set without a lock of its own.
    set: Mutex<SchemaSet>,
    /// The schemas of the folder by name, as text.
    pub files: BTreeMap<String, String>,
}

impl std::fmt::Debug for Schema {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Schema")
            .field("files", &self.files.keys())
            .finish()
    }
}

/// Why schemas cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaFault {
    /// The file, empty when it is none of the given ones.
    pub file: String,
    /// 1-based; 0: the whole file.
    pub line: usize,
    /// 1-based in characters; 0: the whole line.
    pub column: usize,
    /// What the engine says.
    pub what: String,
    /// What the schema names and is not among the files.
    pub missing: bool,
}

/// The files of one message, nothing else.
#[derive(Debug)]
struct Given(BTreeMap<String, String>);

impl SchemaLoader for Given {
    fn load(&self, location: &str) -> SchemaResult<String> {
        let name = location.strip_prefix(BASE).unwrap_or(location);
        let found = self.0.get(name).cloned();
        found.ok_or_else(|| SchemaError::resolution(format!("{location} is not in the pack")))
    }

    fn can_load(&self, location: &str) -> bool {
        !location.starts_with("embedded://")
    }
}

impl Schema {
    /// Compiles `entries` with what they include and import from `files` (name → text).
    ///
    /// # Errors
    /// Everything that keeps the schemas from being used as they stand; a document that is named and not given, too.
    pub fn compile(
        files: BTreeMap<String, String>,
        entries: &[&str],
        newer: bool,
    ) -> Result<Self, Vec<SchemaFault>> {
        let mut texts = files.clone();
        texts.retain(|name, _| !name.starts_with(OWN));
        let compiled = catch_unwind(AssertUnwindSafe(|| compile(files, entries, newer)));
        let set = compiled.unwrap_or_else(|_| {
            Err(vec![SchemaFault {
                file: entries.first().copied().unwrap_or_default().to_owned(),
                line: 0,
                column: 0,
                what: "the XML Schema engine gave up on this schema".to_owned(),
                missing: false,
            }])
        })?;
        Ok(Self {
            set: Mutex::new(set),
            files: texts,
        })
    }

    /// True when the schemas declare such an element at their top.
    pub fn declares(&self, namespace: &str, name: &str) -> bool {
        let Ok(set) = self.set.lock() else {
            return false;
        };
        let namespace = match namespace {
            "" => None,
            uri => match set.name_table.get(uri) {
                Some(id) => Some(id),
                None => return false,
            },
        };
        let local = set.name_table.get(name);
        local.is_some_and(|local| set.lookup_element(namespace, local).is_some())
    }

    /// Reads a document in UTF-8, whatever its declaration says of the encoding.
    pub fn read(&self, text: &str, limits: &Limits) -> Read {
        let Ok(set) = self.set.lock() else {
            return Read::given_up();
        };
        let read = catch_unwind(AssertUnwindSafe(|| {
            let flags = ValidationFlags::default() | ValidationFlags::PROCESS_ASSERTIONS;
            let flags = flags & !ValidationFlags::BUILD_PSVI_TYPED_VALUES;
            let validator = SchemaValidator::new(&set, flags);
            reading::read(text, &set, &validator, limits)
        }));
        read.unwrap_or_else(|_| Read::given_up())
    }

    /// What the schemas declare of the values of a document in UTF-8, up to its first fault of form.
    pub fn declared(&self, text: &str, limits: &Limits) -> Vec<Declared> {
        let Ok(set) = self.set.lock() else {
            return Vec::new();
        };
        let found = catch_unwind(AssertUnwindSafe(|| {
            let validator = SchemaValidator::new(&set, ValidationFlags::default());
            declared::declared(text, &set, &validator, limits)
        }));
        found.unwrap_or_default()
    }
}

fn compile(
    files: BTreeMap<String, String>,
    entries: &[&str],
    newer: bool,
) -> Result<SchemaSet, Vec<SchemaFault>> {
    let mut loaders = LoaderChain::new();
    loaders.add(Box::new(EmbeddedLoader::new())); // the schema of the xml: attributes
    loaders.add(Box::new(Given(files.clone())));
    let mut builder = if newer {
        SchemaSetBuilder::xsd11_with_loader(Box::new(loaders))
    } else {
        SchemaSetBuilder::with_loader(Box::new(loaders))
    };
    for entry in entries {
        let text = files.get(*entry).map_or("", String::as_str);
        let added = builder.add_source(text, &format!("{BASE}{entry}"));
        builder = added.map_err(|error| vec![fault(&error, entry)])?;
    }
    let entry = entries.first().copied().unwrap_or_default();
    let compiled = builder
        .compile()
        .map_err(|error| vec![fault(&error, entry)])?;
    let unread = compiled.directive_failures().iter().map(|failure| {
        let location = failure.location();
        let place = location.map(|at| (name_of(&at.base_uri), at.line, at.column));
        let (file, line, column) = place.unwrap_or((entry.to_owned(), 0, 0));
        SchemaFault {
            file,
            line,
            column,
            what: failure.schema_location().unwrap_or_default().to_owned(),
            missing: true,
        }
    });
    let unread: Vec<SchemaFault> = unread.collect();
    if unread.is_empty() {
        Ok(compiled.into_schema_set())
    } else {
        Err(unread)
    }
}

fn fault(error: &SchemaError, entry: &str) -> SchemaFault {
    let at = error.location();
    SchemaFault {
        file: at.map_or_else(|| entry.to_owned(), |at| name_of(&at.base_uri)),
        line: at.map_or(0, |at| at.line),
        column: at.map_or(0, |at| at.column),
        what: error.to_string(),
        missing: false,
    }
}

fn name_of(location: &str) -> String {
    location.strip_prefix(BASE).unwrap_or(location).to_owned()
}
