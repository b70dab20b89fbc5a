//! What the names of files say of the set: numbers that are missing or there twice, parts of split files, full files beside
//! differences.

use std::collections::{BTreeMap, BTreeSet};

use super::entry::Entry;
use super::roles::Role;
use super::{Between, SetJob, SetLayout};
use crate::check::fil::{extents_mixed, file_delivered_twice, sequence_gap, split_file_incomplete};
use crate::model::Bilingual;
use crate::spec::layout::NameParts;

/// What the names say that later stages need.
#[derive(Debug, Default)]
pub(super) struct Whole {
    /// Split files: entries in the order of their parts, and whether all parts are there.
    pub(super) split: Vec<(Vec<usize>, bool)>,
    /// Layouts of which files are missing, and why.
    pub(super) incomplete: BTreeMap<String, Bilingual>,
}

/// A data file of a layout.
struct Named<'e> {
    at: usize,
    name: &'e str,
    parts: &'e NameParts,
}

impl Named<'_> {
    fn part(&self, name: &str) -> Option<&str> {
        let found = self.parts.iter().find(|(part, _)| part == name);
        found
            .map(|(_, text)| text.as_str())
            .filter(|_| !name.is_empty())
    }

    fn number(&self, name: &str) -> Option<u64> {
        self.part(name)?.parse().ok()
    }

    /// Values of the other parts: files with the same ones belong together.
    fn key(&self, without: &dyn Fn(&str) -> bool) -> Vec<String> {
        let kept = self.parts.iter().filter(|(name, _)| !without(name));
        kept.map(|(_, text)| text.clone()).collect()
    }
}

/// Examines the names of all data files.
pub(super) fn examine(
    job: &SetJob<'_>,
    entries: &[Entry],
    roles: &[Role],
    between: &mut Between,
) -> Whole {
    let mut whole = Whole::default();
    let twice = same_names(entries, roles, between);
    for (id, of) in job.layouts {
        let files: Vec<Named<'_>> = entries
            .iter()
            .zip(roles)
            .enumerate()
            .filter(|(at, _)| !twice.contains(at))
            .filter_map(|(at, (entry, role))| match role {
                Role::Data(layout, parts) if layout == id => Some(Named {
                    at,
                    name: &entry.name,
                    parts,
                }),
                _ => None,
            })
            .collect();
        if job.alone {
            alone(of, &files, &mut whole);
        } else {
            split(id, of, &files, &mut whole, between);
            sequences(id, of, &files, &mut whole, between);
            extents(id, of, &files, &mut whole, between);
        }
    }
    whole
}

/// Files with one name; all but the first of each.
fn same_names(entries: &[Entry], roles: &[Role], between: &mut Between) -> BTreeSet<usize> {
    let mut first: BTreeMap<&str, &str> = BTreeMap::new();
    let mut twice = BTreeSet::new();
    for (at, (entry, role)) in entries.iter().zip(roles).enumerate() {
        let Role::Data(layout, _) = role else {
            continue;
        };
        match first.get(entry.base.as_str()) {
            Some(known) => {
                twice.insert(at);
                let what = Bilingual::new("同じ名前です", "the same name");
                file_delivered_twice::check(&entry.name, known, &what, between.sink(layout));
            }
            None => {
                first.insert(&entry.base, &entry.name);
            }
        }
    }
    twice
}

/// Files that belong together, by the values of the parts of their names that are not left out.
fn groups<'f, 'e>(
    files: &'f [Named<'e>],
    without: &dyn Fn(&str) -> bool,
) -> impl Iterator<Item = Vec<&'f Named<'e>>> {
    let mut groups: BTreeMap<Vec<String>, Vec<&Named<'_>>> = BTreeMap::new();
    for file in files {
        groups.entry(file.key(without)).or_default().push(file);
    }
    groups.into_values()
}

/// True for parts that do not tell which delivery a file belongs to.
fn counts(of: &SetLayout<'_>, part: &str) -> bool {
    let rules = &of.layout.set;
    if let Some(within) = &rules.within {
        return !within.iter().any(|name| name == part);
    }
    let pattern = of.layout.name_pattern.as_ref();
    [&rules.sequence, &rules.part, &rules.parts, &rules.extent]
        .into_iter()
        .any(|name| name == part)
        || pattern.is_some_and(|p| p.tells_time(part))
}

fn sequences(
    id: &str,
    of: &SetLayout<'_>,
    files: &[Named<'_>],
    whole: &mut Whole,
    between: &mut Between,
) {
    let rules = &of.layout.set;
    if rules.sequence.is_empty() {
        return;
    }
    // Full files and differences count for themselves.
    let without = |part: &str| counts(of, part) && part != rules.extent;
    for group in groups(files, &without) {
        let mut numbers: BTreeMap<u64, Vec<&Named<'_>>> = BTreeMap::new();
        for file in group {
            if let Some(number) = file.number(&rules.sequence) {
                numbers.entry(number).or_default().push(file);
            }
        }
        for same in numbers.values() {
            let mut seen: BTreeMap<Option<&str>, &str> = BTreeMap::new();
            for file in same {
                if let Some(first) = seen.get(&file.part(&rules.part)) {
                    let what = Bilingual::new("連番が同じです", "the same sequence number");
                    file_delivered_twice::check(file.name, first, &what, between.sink(id));
                } else {
                    seen.insert(file.part(&rules.part), file.name);
                }
            }
        }
        let mut expected = rules.sequence_start;
        for (number, same) in numbers {
            let Some(file) = same.first() else { continue };
            let text = file.part(&rules.sequence).unwrap_or_default();
            if let Some(next) = expected.filter(|next| number > *next) {
                let missing = range(next, number - 1, text.len());
                sequence_gap::check(file.name, &missing, text, between.sink(id));
                whole.incomplete.entry(id.to_owned()).or_insert_with(|| {
                    Bilingual::new(
                        "参照先のファイルの連番が抜けています",
                        "files of the other layout are missing in their sequence",
                    )
                });
            }
            expected = Some(number.saturating_add(1).max(expected.unwrap_or(0)));
        }
    }
}

/// A part that was given by itself: its order and totals are those of the whole, unless it is the whole.
fn alone(of: &SetLayout<'_>, files: &[Named<'_>], whole: &mut Whole) {
    let rules = &of.layout.set;
    for file in files.iter().filter(|f| f.part(&rules.part).is_some()) {
        let is_whole = file.number(&rules.parts) == Some(1);
        whole.split.push((vec![file.at], is_whole));
    }
}

/// `002`, or `002-004`, with as many digits as names have.
fn range(from: u64, to: u64, width: usize) -> String {
    if from == to {
        format!("{from:0width$}")
    } else {
        format!("{from:0width$}-{to:0width$}")
    }
}

fn split(
    id: &str,
    of: &SetLayout<'_>,
    files: &[Named<'_>],
    whole: &mut Whole,
    between: &mut Between,
) {
    let rules = &of.layout.set;
    if rules.part.is_empty() {
        return;
    }
    let without = |part: &str| part == rules.part || part == rules.parts;
    for mut group in groups(files, &without) {
        group.retain(|file| file.number(&rules.part).is_some());
        group.sort_by_key(|file| file.number(&rules.part));
        let Some(first) = group.first().map(|file| file.name) else {
            continue;
        };
        let complete = parts_agree(of, &group, first, between.sink(id));
        if !complete {
            whole.incomplete.entry(id.to_owned()).or_insert_with(|| {
                Bilingual::new(
                    "参照先のファイルの分割がそろっていません",
                    "parts of the file of the other layout are missing",
                )
            });
        }
        let order = group.iter().map(|file| file.at).collect();
        whole.split.push((order, complete));
    }
}

/// Judges the parts of one file, sorted by number; true when all are there once.
fn parts_agree(
    of: &SetLayout<'_>,
    group: &[&Named<'_>],
    first: &str,
    sink: &mut crate::check::Sink,
) -> bool {
    let rules = &of.layout.set;
    let totals: BTreeSet<u64> = group
        .iter()
        .filter_map(|file| file.number(&rules.parts))
        .collect();
    let mut sound = true;
    let mut tell = |file: &str, expected: &str, observed: &str, what: Bilingual| {
        split_file_incomplete::check(file, (expected, observed), &what, sink);
        sound = false;
    };
    if totals.len() > 1 {
        let found: Vec<String> = totals.iter().map(u64::to_string).collect();
        let what = Bilingual::new("総数が違います", "the totals differ");
        tell(first, "1", &found.join(" | "), what);
    }
    let highest = group.last().and_then(|file| file.number(&rules.part));
    // Where totals differ, the smallest would refuse parts that another name announces.
    let total = totals.last().copied().or(highest).unwrap_or(0);
    let mut next = 1;
    for file in group {
        let number = file.number(&rules.part).unwrap_or(0);
        let text = file.part(&rules.part).unwrap_or_default();
        if number == 0 || number > total {
            let what = Bilingual::new("番号が総数の範囲にありません", "a number is out of range");
            tell(file.name, &format!("1-{total}"), text, what);
            continue;
        }
        if number < next {
            let what = Bilingual::new("同じ番号の部分が2つあります", "a part is there twice");
            tell(file.name, &range(next, next, text.len()), text, what);
        } else if number > next {
            let what = Bilingual::new("部分が足りません", "parts are missing");
            tell(file.name, &range(next, number - 1, text.len()), text, what);
        }
        next = next.max(number.saturating_add(1));
    }
    if next <= total {
        let what = Bilingual::new("部分が足りません", "parts are missing");
        let width = group
            .first()
            .and_then(|file| file.part(&rules.part))
            .map_or(1, str::len);
        let last = group.last().and_then(|file| file.part(&rules.part));
        tell(
            first,
            &range(next, total, width),
            last.unwrap_or_default(),
            what,
        );
    }
    sound
}

fn extents(
    id: &str,
    of: &SetLayout<'_>,
    files: &[Named<'_>],
    whole: &mut Whole,
    between: &mut Between,
) {
    let rules = &of.layout.set;
    if rules.extent.is_empty() {
        return;
    }
    if !rules.full.is_empty()
        && !files
            .iter()
            .any(|f| f.part(&rules.extent) == Some(&rules.full))
        && !files.is_empty()
    {
        whole.incomplete.entry(id.to_owned()).or_insert_with(|| {
            Bilingual::new(
                "参照先は差分のファイルだけです",
                "the files of the other layout are differences only",
            )
        });
    }
    if rules.extents_may_mix {
        return;
    }
    for group in groups(files, &|part| counts(of, part)) {
        let Some((first, others)) = group.split_first() else {
            continue;
        };
        for file in others {
            let (expected, observed) = (first.part(&rules.extent), file.part(&rules.extent));
            if expected != observed {
                let words = (expected.unwrap_or_default(), observed.unwrap_or_default());
                extents_mixed::check(file.name, first.name, words, between.sink(id));
            }
        }
    }
}
