//! Companions of data files: there, and empty where that was agreed.

use std::collections::BTreeSet;

use super::entry::Entry;
use super::roles::Role;
use super::{Between, SetJob, policy_of};
use crate::check::fil::{companion_file_missing, companion_not_as_agreed};
use crate::spec::layout::Companion;

/// Tells of data files without a companion, and of companions with content where none was agreed.
pub(super) fn examine(job: &SetJob<'_>, entries: &[Entry], roles: &[Role], between: &mut Between) {
    let mut there: BTreeSet<(usize, usize)> = BTreeSet::new();
    // A companion of an archive goes with everything in it.
    let mut names: BTreeSet<&str> = BTreeSet::new();
    for (entry, role) in entries.iter().zip(roles) {
        if let Role::Companion(of, index) = role {
            there.insert((*of, *index));
            names.insert(&entry.base);
        }
    }
    for (at, (entry, role)) in entries.iter().zip(roles).enumerate() {
        let Role::Data(layout, _) = role else {
            continue;
        };
        let Some(of) = job.layouts.get(layout) else {
            continue;
        };
        for (index, companion) in of.layout.companions.iter().enumerate() {
            let mut of_archives = entry.archives.iter().map(|base| companion.name_for(base));
            if there.contains(&(at, index)) || of_archives.any(|n| names.contains(n.as_str())) {
                continue;
            }
            let expected = companion.name_for(&entry.base);
            between.of_file(&entry.name, policy_of(job, layout), |sink| {
                companion_file_missing::check(&entry.name, &expected, sink);
            });
        }
    }
    for pair in pairs(job, entries, roles) {
        let Pair { entry, data, .. } = pair;
        if pair.declared.empty && entry.bytes > 0 {
            between.of_file(&data.name, policy_of(job, pair.layout), |sink| {
                companion_not_as_agreed::check(&entry.name, entry.bytes, sink);
            });
        }
    }
}

/// A companion and the data file that it goes with.
pub(super) struct Pair<'a> {
    pub(super) entry: &'a Entry,
    pub(super) data: &'a Entry,
    /// Layout of the data file.
    pub(super) layout: &'a str,
    /// What the layout says of the companion.
    pub(super) declared: &'a Companion,
}

/// Every companion that is there, in the order of the files.
pub(super) fn pairs<'a>(
    job: &'a SetJob<'_>,
    entries: &'a [Entry],
    roles: &'a [Role],
) -> impl Iterator<Item = Pair<'a>> {
    entries.iter().zip(roles).filter_map(|(entry, role)| {
        let Role::Companion(of, index) = role else {
            return None;
        };
        let (data, Role::Data(layout, _)) = (entries.get(*of)?, roles.get(*of)?) else {
            return None;
        };
        let declared = job.layouts.get(layout)?.layout.companions.get(*index)?;
        Some(Pair {
            entry,
            data,
            layout,
            declared,
        })
    })
}
