//! From tallies to findings: locations with names, order by place.

use std::io::{self, Write};

use super::checks::Check;
use super::duplicates::Duplicate;
use super::facts::FileFacts;
use super::keys::KeyStore;
use super::plan::{FILE, Plan};
use super::tally::{Detail, Occurrence, Slot, Spot, Tally};
use crate::check::{Hit, Sink};
use crate::mask::Sensitivity;
use crate::model::{Bilingual, Location};

fn location(plan: &Plan<'_>, subject: u32, spot: &Spot) -> Location {
    let subject = plan.subjects.get(subject as usize);
    Location {
        file: Some(plan.file_name.to_owned()),
        record: spot.record,
        line: spot.line,
        field: subject.and_then(|s| s.field.clone()),
        field_no: subject.and_then(|s| s.field_no),
        byte_offset: Some(spot.at),
        byte_length: Some(spot.length),
        record_offset: spot.record.map(|_| spot.in_record),
        ..Location::default()
    }
}

/// Hands the hits to the sink in the order of their first place.
pub(super) fn findings(plan: &Plan<'_>, tally: Tally, sink: &mut Sink) {
    let mut slots = tally.slots;
    slots.sort_by_key(|slot| {
        let first = slot.spots.first().copied().unwrap_or_default();
        (first.record, first.at, slot.check, slot.subject)
    });
    for slot in slots {
        let Slot {
            check,
            subject,
            count,
            spots,
            detail,
            ..
        } = slot;
        let Some(rule) = Plan::rule_of(check) else {
            continue;
        };
        let mut places = spots.iter().map(|spot| location(plan, subject, spot));
        let Some(first) = places.next() else { continue };
        let more: Vec<Location> = places.collect();
        let of = plan.subjects.get(subject as usize);
        let mut hit = Hit::new(rule, first)
            .expected(detail.expected)
            .observed(detail.observed);
        hit.args = detail.args;
        hit.hex = detail.hex;
        hit.ruler = detail.ruler;
        hit.cause = detail.cause;
        hit.explains = explained(&detail.explains);
        hit.key = of.map_or(String::new(), |s| s.key.clone());
        if let Some(item) = of.map(|s| s.requirement.as_str()).filter(|r| !r.is_empty()) {
            hit.requirements.push(item.to_owned());
        }
        sink.push_many(hit, count, &more);
    }
}

/// What was folded into a finding, for people: rule, title, how often.
fn explained(folded: &[(Check, u64)]) -> Vec<Bilingual> {
    let line = |(check, count): &(Check, u64)| {
        let title = &Plan::rule_of(*check)?.page().head.title;
        let code = check.code();
        Some(Bilingual::new(
            format!("{code} {} {count}件", title.ja),
            format!("{code} {} ×{count}", title.en),
        ))
    };
    folded.iter().filter_map(line).collect()
}

/// One line of `--occurrences`.
pub(super) fn write_occurrence(
    plan: &Plan<'_>,
    occurrence: &Occurrence,
    out: &mut dyn Write,
) -> io::Result<()> {
    let field = plan
        .subjects
        .get(occurrence.subject as usize)
        .and_then(|s| s.field.as_deref());
    let line = serde_json::json!({
        "rule": occurrence.check.code(),
        "record": occurrence.spot.record,
        "field": field,
        "byte_offset": occurrence.spot.at,
        "byte_length": occurrence.spot.length,
    });
    writeln!(out, "{line}")
}

/// Judges the file name.
pub(super) fn file_name(plan: &Plan<'_>, tally: &mut Tally, facts: &mut FileFacts) {
    let Some(pattern) = &plan.layout.name_pattern else {
        return;
    };
    match pattern.parts(plan.file_name) {
        Some(parts) => facts.name_parts = parts,
        None => tally.hit(Check::FileName, FILE, Spot::default(), || Detail {
            expected: pattern.text.clone(),
            observed: plan.file_name.to_owned(),
            ..Detail::default()
        }),
    }
}

/// A file without any record.
pub(super) fn empty(plan: &Plan<'_>, tally: &mut Tally, facts: &FileFacts) {
    if plan.layout.sequence.is_some() {
        // The sequence says whether there may be none.
        tally.slots.retain(|slot| slot.check != Check::RecordOrder);
    }
    tally.hit(Check::EmptyFile, FILE, Spot::default(), || Detail {
        expected: "1".to_owned(),
        observed: facts.bytes.to_string(),
        ..Detail::default()
    });
}

/// Tells about keys that occur again, in the order of the file.
pub(super) fn duplicates(
    plan: &Plan<'_>,
    index: usize,
    store: &mut KeyStore<'_>,
    tally: &mut Tally,
) -> io::Result<()> {
    let Some(key) = plan.layout.unique.get(index) else {
        return Ok(());
    };
    let Some(kind) = plan.kinds.get(key.kind) else {
        return Ok(());
    };
    let field = key.fields.first().and_then(|f| kind.fields.get(*f));
    let subject = field.map_or(FILE, |f| f.subject);
    let mut found = store.duplicates(plan.threads, tally.occurrences.is_some())?;
    let names: Vec<String> = key
        .fields
        .iter()
        .map(|f| plan.layout.field_name(key.kind, *f))
        .collect();
    let detail = |duplicate: &Duplicate| {
        let sensitivity = key
            .fields
            .iter()
            .filter_map(|f| kind.fields.get(*f))
            .map(|f| f.sensitivity);
        let sensitivity = sensitivity
            .max_by_key(|s| *s as u8)
            .unwrap_or(Sensitivity::Personal);
        let sensitivity = match key.fields.as_slice() {
            [_] => sensitivity,
            _ => sensitivity.without_kind(),
        };
        let encoding = super::wide::comparing(plan.settings.encoding);
        let dialect = plan.settings.dialect;
        let parts = duplicate.key.split(|b| *b == 0);
        let shown: Vec<String> = parts
            .map(|part| {
                plan.mask
                    .bytes(part, encoding, dialect, sensitivity, &(0..0), 20)
            })
            .collect();
        Detail {
            observed: shown.join(" / "),
            args: vec![
                ("first_record", duplicate.first.to_string()),
                ("key", names.join(" + ")),
            ],
            ..Detail::default()
        }
    };
    let first = found.take_first();
    let told = first.len() as u64;
    for duplicate in first {
        tally.hit(Check::DuplicateKey, subject, duplicate.spot, || {
            detail(&duplicate)
        });
    }
    tally.count_more(Check::DuplicateKey, subject, found.count - told);
    if let (Some(mut all), Some(occurrences)) = (found.all, &mut tally.occurrences) {
        all.sort_by_key(|spot| spot.record);
        let rest = all
            .into_iter()
            .skip(usize::try_from(told).unwrap_or(usize::MAX));
        occurrences.extend(rest.map(|spot| Occurrence {
            check: Check::DuplicateKey,
            subject,
            spot,
        }));
    }
    Ok(())
}
