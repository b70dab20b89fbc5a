//! Foreign keys into other files of the set: collected while the files are scanned, looked up when all are.

use std::collections::BTreeMap;
use std::io;

use super::names::Whole;
use super::roles::Role;
use super::{CheckedMember, SetJob, policy_of};
use crate::check::{Hit, MAX_SAMPLES, Sink, rule};
use crate::encoding::{Dialect, Encoding};
use crate::mask::Sensitivity;
use crate::model::{Bilingual, Location};
use crate::scan::{Collect, Collection, Dangling, Wish, dangling};
use crate::spec::layout::{ForeignKey, Form, Layout, Pad};

/// A `[[reference]]` of a layout that is in the set.
pub(super) struct Link<'a> {
    layout: &'a Layout,
    key: &'a ForeignKey,
    from: Collection<'a>,
    to: Collection<'a>,
    /// Why nothing can be said about keys that are not found.
    unsure: Option<Bilingual>,
}

/// The links of a set, and what was left out because one file was given alone.
pub(super) fn links<'a>(
    job: &SetJob<'a>,
    roles: &[Role],
    whole: &Whole,
) -> (Vec<Link<'a>>, Vec<String>) {
    let there = |id: &str| {
        roles
            .iter()
            .any(|role| matches!(role, Role::Data(layout, _) if layout == id))
    };
    let (mut links, mut left_out) = (Vec::new(), Vec::new());
    for (id, of) in job.layouts.iter().filter(|(id, _)| there(id)) {
        for key in &of.layout.references {
            if job.alone && key.layout != *id {
                let names = key
                    .fields
                    .iter()
                    .map(|f| of.layout.field_name(key.kind, *f));
                let names: Vec<String> = names.collect();
                left_out.push(format!("{} → {}", names.join(" + "), key.layout));
                continue;
            }
            let missing = !there(&key.layout);
            links.push(link(job, of.layout, key, missing, whole));
        }
    }
    (links, left_out)
}

fn link<'a>(
    job: &SetJob<'a>,
    layout: &'a Layout,
    key: &'a ForeignKey,
    missing: bool,
    whole: &Whole,
) -> Link<'a> {
    let target = job.layouts.get(&key.layout).map(|of| of.layout);
    let found = target.and_then(|t| Some((t, resolve(t, &key.to)?)));
    let padded = |layout: &Layout, kind: usize, field: usize| {
        let field = layout.kinds.get(kind).and_then(|k| k.fields.get(field));
        matches!(layout.form, Form::Fixed { .. }) && field.is_some_and(|f| f.pad == Pad::LeftZero)
    };
    let unpadded: Vec<bool> = key
        .fields
        .iter()
        .enumerate()
        .map(|(at, field)| {
            let there = found.as_ref().is_some_and(|(t, (kind, fields))| {
                fields.get(at).is_some_and(|f| padded(t, *kind, *f))
            });
            padded(layout, key.kind, *field) || there
        })
        .collect();
    let unsure = if found.is_none() {
        Some(Bilingual::new(
            "参照先の様式または項目が仕様パックにありません",
            "the pack has no such layout or field",
        ))
    } else if missing {
        Some(Bilingual::new(
            "参照先の様式のファイルがありません",
            "there is no file of that layout",
        ))
    } else {
        whole.incomplete.get(&key.layout).cloned()
    };
    let wish = |kind: usize, fields: Vec<usize>, places: bool| Wish {
        kind,
        fields,
        unpadded: unpadded.clone(),
        places,
    };
    let (to_kind, to_fields) = found.map_or((usize::MAX, Vec::new()), |(_, key)| key);
    Link {
        from: Collection::new(wish(key.kind, key.fields.clone(), true), job.scratch),
        to: Collection::new(wish(to_kind, to_fields, false), job.scratch),
        layout,
        key,
        unsure,
    }
}

/// Kind and fields of the key that is referred to.
fn resolve(layout: &Layout, names: &[String]) -> Option<(usize, Vec<usize>)> {
    let found: Option<Vec<(usize, usize)>> = names.iter().map(|n| layout.find_field(n)).collect();
    let found = found.filter(|found| !found.is_empty())?;
    let kind = found.first()?.0;
    let same = found.iter().all(|(of, _)| *of == kind);
    same.then(|| (kind, found.into_iter().map(|(_, field)| field).collect()))
}

/// What to collect from a file of a layout.
pub(super) fn wishes<'l>(
    links: &'l [Link<'_>],
    layout: &str,
    file: u16,
    encoding: Encoding,
    dialect: Dialect,
) -> Vec<&'l dyn Collect> {
    let mut wishes: Vec<&dyn Collect> = Vec::new();
    for link in links {
        if link.layout.id == layout {
            link.from.open_file(file, encoding, dialect);
            wishes.push(&link.from);
        }
        if link.key.layout == layout {
            link.to.open_file(file, encoding, dialect);
            wishes.push(&link.to);
        }
    }
    wishes
}

/// Dangling references of one file.
#[derive(Default)]
struct Told {
    count: u64,
    /// The first of them.
    first: BTreeMap<u64, Dangling>,
    /// All, when every occurrence is wanted: record, offset, length.
    all: Vec<(u64, u64, u64)>,
}

impl Told {
    fn add(&mut self, one: Dangling, all: bool) {
        self.count += 1;
        if all {
            self.all.push((one.record, one.at, one.length));
        }
        self.first.insert(one.record, one);
        if self.first.len() > MAX_SAMPLES {
            self.first.pop_last();
        }
    }
}

/// Looks all keys up; findings go to the files that refer.
pub(super) fn look_up(
    job: &mut SetJob<'_>,
    links: &[Link<'_>],
    files: &mut [CheckedMember],
) -> io::Result<()> {
    for link in links {
        // By file, and whether it is certain.
        let mut told: BTreeMap<(u16, bool), Told> = BTreeMap::new();
        let all = job.occurrences.is_some();
        dangling(&link.from, &link.to, &mut |one| {
            let certain = one.certain && link.unsure.is_none();
            told.entry((one.file, certain)).or_default().add(one, all);
        })?;
        for ((file, certain), told) in told {
            let Some(member) = files.get_mut(usize::from(file)) else {
                continue;
            };
            let code = if certain { "XRF-002" } else { "XRF-009" };
            if let Some(out) = &mut job.occurrences {
                write_all(link, code, &member.name, &told, *out)?;
            }
            let mut sink = Sink::new(policy_of(job, &link.layout.id));
            tell(job, link, code, &member.name, &told, &mut sink);
            member.findings.extend(sink.into_findings());
        }
    }
    Ok(())
}

fn write_all(
    link: &Link<'_>,
    code: &str,
    file: &str,
    told: &Told,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let field = link.key.fields.first();
    let field = field.map(|f| link.layout.field_name(link.key.kind, *f));
    let mut all = told.all.clone();
    all.sort_unstable();
    for (record, at, length) in all {
        let line = serde_json::json!({
            "rule": code,
            "file": file,
            "record": record,
            "field": field,
            "byte_offset": at,
            "byte_length": length,
        });
        writeln!(out, "{line}")?;
    }
    Ok(())
}

fn tell(job: &SetJob<'_>, link: &Link<'_>, code: &str, file: &str, told: &Told, sink: &mut Sink) {
    let (layout, key) = (link.layout, link.key);
    let fields: Vec<_> = layout.kinds.get(key.kind).map_or(Vec::new(), |kind| {
        let of = key.fields.iter().filter_map(|f| kind.fields.get(*f));
        of.collect()
    });
    let name = key.fields.first().map(|f| layout.field_name(key.kind, *f));
    let place = |one: &Dangling| Location {
        file: Some(file.to_owned()),
        record: Some(one.record),
        line: one.line,
        field: name.clone(),
        field_no: fields.first().map(|f| f.no),
        byte_offset: Some(one.at),
        byte_length: Some(one.length),
        record_offset: Some(one.in_record),
        ..Location::default()
    };
    let (Some(first), Some(rule)) = (told.first.values().next(), rule(code)) else {
        return;
    };
    let parts = first.key.split(|b| *b == 0);
    let shown: Vec<String> = parts
        .enumerate()
        .map(|(at, part)| {
            let sensitivity = fields
                .get(at)
                .map_or(Sensitivity::Personal, |f| f.sensitive);
            let (encoding, dialect) = (Encoding::Utf8, Dialect::Ms);
            job.mask
                .bytes(part, encoding, dialect, sensitivity, &(0..0), 20)
        })
        .collect();
    let to: Vec<String> = key
        .to
        .iter()
        .map(|field| format!("{}.{field}", key.layout))
        .collect();
    let unsure = link.unsure.clone().unwrap_or_else(|| {
        Bilingual::new(
            "参照先のファイルの読めないレコードの中にあるかもしれません",
            "a record of the other file that cannot be read may hold the value",
        )
    });
    let mut hit = Hit::new(rule, place(first))
        .expected(to.join(" + "))
        .observed(shown.join(" / "))
        .arg("what_ja", unsure.ja)
        .arg("what", unsure.en)
        .key(to.join(" + "));
    if let Some(item) = fields.first().filter(|f| !f.item_id.is_empty()) {
        hit = hit.requirement(&item.item_id);
    }
    let more: Vec<Location> = told.first.values().skip(1).map(place).collect();
    sink.push_many(hit, told.count, &more);
}
