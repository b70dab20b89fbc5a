//! Samples through the engine: each field's against a layout of that field alone, each sample file against its layout.

use crate::check::spc::{FileFault, SampleFault};
use crate::check::{Policy, Sink, xml};
use crate::generate::{Record, write};
use crate::mask::Mask;
use crate::model::{Bilingual, CauseKind, Finding, Location};
use crate::observe::XmlView;
use crate::scan::{self, InMemory, Job};
use crate::spec::layout::{Field, FileSettings, Form, Layout, Output};
use crate::spec::{Date, Draft, XmlMessage};

/// Samples of fields that the engine refuses.
pub(super) fn fields(draft: &Draft, as_of: Date) -> Vec<SampleFault> {
    let mut faults = Vec::new();
    for (id, layout) in &draft.pack.layouts {
        for (kind, k) in layout.kinds.iter().enumerate() {
            for (index, field) in k.fields.iter().enumerate() {
                if field.sample.is_empty() {
                    continue;
                }
                if let Some((rule, message)) = fault(draft, layout, field, as_of) {
                    faults.push(SampleFault {
                        layout: id.clone(),
                        field: (kind, index),
                        sample: field.sample.clone(),
                        rule,
                        message,
                    });
                }
            }
        }
    }
    faults
}

/// What the engine says of a sample in a file of one record with one field.
fn fault(
    draft: &Draft,
    layout: &Layout,
    field: &Field,
    as_of: Date,
) -> Option<(String, Bilingual)> {
    let mut only = layout.clone();
    let mut field = field.clone();
    let sample = std::mem::take(&mut field.sample);
    field.primary_key = false;
    // A condition speaks of fields that are not here.
    field.output = Output::Optional;
    field.when = None;
    field.start = 0;
    if let Form::Fixed { .. } = layout.form {
        only.form = Form::Fixed {
            record_length: u32::try_from(field.width).unwrap_or(1).max(1),
        };
    }
    let mut kind = layout.kinds.first()?.clone();
    kind.id = String::new();
    kind.discriminator = None;
    kind.fields = vec![field];
    only.kinds = vec![kind];
    only.sequence = None;
    (only.totals, only.unique, only.references, only.rules) = Default::default();
    only.orders = Default::default();
    let mut settings = layout.file.clone();
    settings.header = crate::spec::layout::Header::None;
    let record = Record {
        kind: 0,
        values: vec![sample],
    };
    let bytes = match write(&only, &settings, &[record]) {
        Ok(bytes) => bytes,
        Err(message) => return Some(("ENC-003".to_owned(), message)),
    };
    let found = run(draft, &only, &settings, ("sample", &bytes), as_of)?;
    let first = found.into_iter().next()?;
    Some((first.rule, first.message))
}

/// Findings of the engine; nothing when it cannot run (the encoding, an unknown repertoire).
fn run(
    draft: &Draft,
    layout: &Layout,
    settings: &FileSettings,
    (name, bytes): (&str, &[u8]),
    as_of: Date,
) -> Option<Vec<Finding>> {
    let mut sink = Sink::new(Policy::default());
    let job = Job {
        layout,
        settings,
        code_lists: &draft.pack.code_lists,
        file_name: name,
        mask: Mask::default(),
        as_of,
        threads: 1,
        scratch: &InMemory,
        occurrences: None,
    };
    scan::check(job, bytes, &mut sink).ok()?;
    Some(sink.into_findings())
}

/// Sample files that do not do as their names say.
pub(super) fn files(draft: &Draft, as_of: Date) -> Vec<FileFault> {
    let mut faults = Vec::new();
    for (id, layout) in &draft.pack.layouts {
        let folder = format!("layouts/{id}/samples");
        // A layout with mistakes judges nothing.
        let broken = |p: &crate::model::Problem| p.file.contains(&format!("layouts/{id}/"));
        if draft.problems.iter().any(broken) {
            continue;
        }
        let raised =
            |name: &str, bytes: &[u8]| run(draft, layout, &layout.file, (name, bytes), as_of);
        compare(draft, &folder, &raised, &mut faults);
    }
    for (id, message) in &draft.pack.messages {
        let raised = |name: &str, bytes: &[u8]| Some(run_message(message, name, bytes));
        compare(draft, &format!("xml/{id}/samples"), &raised, &mut faults);
    }
    faults
}

/// Findings about a message; nothing when a sample could not be judged.
type Raised<'r> = &'r dyn Fn(&str, &[u8]) -> Option<Vec<Finding>>;

/// Compares what each sample of a folder raises with what its name promises.
fn compare(draft: &Draft, folder: &str, raised: Raised<'_>, faults: &mut Vec<FileFault>) {
    for (name, bytes) in draft.files.below(folder).iter() {
        let expected = match (name.strip_prefix("fail-"), name.starts_with("pass-")) {
            (Some(rest), _) => rest.splitn(3, '-').take(2).collect::<Vec<_>>().join("-"),
            (None, true) => String::new(),
            (None, false) => continue,
        };
        let Some(found) = raised(name, bytes) else {
            continue;
        };
        let mut raised: Vec<String> = found.into_iter().map(|f| f.rule).collect();
        raised.dedup();
        let raised = raised.join(" ");
        if raised != expected {
            faults.push(FileFault {
                file: format!("{folder}/{name}"),
                expected,
                raised,
            });
        }
    }
}

fn run_message(message: &XmlMessage, name: &str, bytes: &[u8]) -> Vec<Finding> {
    let mut sink = Sink::new(xml::policy(message));
    let origin = xml::Origin {
        at: Location::file(name),
        side: CauseKind::Sender,
        mask: Mask::default(),
    };
    xml::examine(&XmlView::read(message, bytes, None), &origin, &mut sink);
    sink.into_findings()
}
