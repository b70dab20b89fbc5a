//! Which file is what: data of a layout, companion of a data file, archive, or nothing that was agreed.

use std::collections::BTreeMap;

use super::entry::Entry;
use super::{Between, SetJob};
use crate::check::fil::file_not_in_agreement;
use crate::model::Bilingual;
use crate::spec::layout::NameParts;

/// What a file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Data: id of its layout, parts of its name.
    Data(String, NameParts),
    /// Goes with the data file at this index; index of the companion in its layout.
    Companion(usize, usize),
    /// Was unpacked, or could not be.
    Archive,
    /// Nothing is known about it.
    Unknown,
}

/// The role of each entry, in their order. Files without one are told.
pub(super) fn of(job: &SetJob<'_>, entries: &[Entry], between: &mut Between) -> Vec<Role> {
    let mut roles: Vec<Role> = entries.iter().map(|e| by_name(job, e)).collect();
    let companions = expected(job, entries, &roles);
    for (entry, role) in entries.iter().zip(&mut roles) {
        if *role != Role::Unknown || entry.is_archive || entry.is_broken {
            continue;
        }
        let wanted = companions.get(entry.base.as_str()).map(Vec::as_slice);
        let beside = |of: usize| entries.get(of).is_some_and(|e| folder(e) == folder(entry));
        let wanted = wanted.unwrap_or(&[]);
        let nearest = wanted.iter().find(|(of, _)| beside(*of));
        if let Some((of, companion)) = nearest.or(wanted.first()) {
            *role = Role::Companion(*of, *companion);
        } else if let Some(layout) = assigned(job, entry) {
            *role = Role::Data(layout.to_owned(), parts(job, layout, entry));
        }
    }
    for (entry, role) in entries.iter().zip(&mut roles) {
        if entry.is_archive || entry.is_broken {
            *role = Role::Archive;
        } else if *role == Role::Unknown {
            tell(job, entry, between);
        }
    }
    roles
}

/// Data by the name alone.
fn by_name(job: &SetJob<'_>, entry: &Entry) -> Role {
    if entry.is_archive || entry.is_broken {
        return Role::Archive;
    }
    let wanted = entry.layout.as_deref().or(job.layout_of_all);
    let mut fitting = fitting(job, entry);
    if let Some(wanted) = wanted {
        fitting.retain(|id| *id == wanted);
    }
    match fitting.as_slice() {
        [only] => Role::Data((*only).to_owned(), parts(job, only, entry)),
        _ => Role::Unknown,
    }
}

/// Layouts whose name pattern the entry follows.
fn fitting<'a>(job: &SetJob<'a>, entry: &Entry) -> Vec<&'a str> {
    let follows = |of: &super::SetLayout<'_>| {
        let pattern = of.layout.name_pattern.as_ref();
        pattern.is_some_and(|p| p.parts(&entry.base).is_some())
    };
    let found = job.layouts.iter().filter(|(_, of)| follows(of));
    found.map(|(id, _)| id.as_str()).collect()
}

fn parts(job: &SetJob<'_>, layout: &str, entry: &Entry) -> NameParts {
    let pattern = job
        .layouts
        .get(layout)
        .and_then(|of| of.layout.name_pattern.as_ref());
    pattern
        .and_then(|p| p.parts(&entry.base))
        .unwrap_or_default()
}

fn assigned<'a>(job: &'a SetJob<'_>, entry: &'a Entry) -> Option<&'a str> {
    let wanted = entry.layout.as_deref().or(job.layout_of_all)?;
    job.layouts.contains_key(wanted).then_some(wanted)
}

/// Names of companions that data files may have, with the data file and the companion's index.
fn expected(
    job: &SetJob<'_>,
    entries: &[Entry],
    roles: &[Role],
) -> BTreeMap<String, Vec<(usize, usize)>> {
    let mut names: BTreeMap<String, Vec<(usize, usize)>> = BTreeMap::new();
    for (at, (entry, role)) in entries.iter().zip(roles).enumerate() {
        let layout = match role {
            Role::Data(layout, _) => Some(layout.as_str()),
            Role::Unknown => assigned(job, entry),
            _ => None,
        };
        let Some(of) = layout.and_then(|layout| job.layouts.get(layout)) else {
            continue;
        };
        for (index, companion) in of.layout.companions.iter().enumerate() {
            for base in std::iter::once(&entry.base).chain(&entry.archives) {
                let name = companion.name_for(base);
                names.entry(name).or_default().push((at, index));
            }
        }
    }
    names
}

/// The folder, or the archive and its folder, that an entry lies in.
fn folder(entry: &Entry) -> &str {
    let end = entry.name.len().saturating_sub(entry.base.len());
    entry.name.get(..end).unwrap_or("")
}

fn tell(job: &SetJob<'_>, entry: &Entry, between: &mut Between) {
    let fitting = fitting(job, entry);
    let what = if fitting.len() > 1 {
        let ids = fitting.join(", ");
        Bilingual::new(
            format!("名前が複数の様式（{ids}）に合うため、どれとも決められません"),
            format!("the name follows several layouts ({ids})"),
        )
    } else {
        Bilingual::new(
            "どの様式の名前の決まりにも合わず、添えるファイルでもありません",
            "it follows the name of no layout and is no companion",
        )
    };
    let patterns = job
        .layouts
        .values()
        .filter_map(|of| of.layout.name_pattern.as_ref());
    let patterns: Vec<&str> = patterns.map(|p| p.text.as_str()).collect();
    file_not_in_agreement::check(&entry.name, &patterns.join(" | "), &what, &mut between.set);
}
