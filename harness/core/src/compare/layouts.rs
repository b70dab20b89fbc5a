//! Two layouts of the same kind.

use std::collections::{BTreeMap, BTreeSet};

use super::breaks::Flow;
use super::change::{Change, Delta, Kind, Notes};
use super::item::{list, of_layout};
use super::items::{Depth, items, repertoires};
use super::lists::lists;
use crate::check::rule;
use crate::model::Level;
use crate::spec::layout::{FileSettings, Form, Header, Order, OrderOf, Place};
use crate::spec::{Layout, Pack};

/// Compares two layouts; code lists are not compared here but once a pack ([`codes`]).
pub(super) fn layouts(old: (&Pack, &Layout), new: (&Pack, &Layout), changes: &mut Vec<Change>) {
    let named = [old.1, new.1]
        .iter()
        .any(|layout| layout.file.header != Header::None);
    let mut notes = Notes {
        within: &new.1.id,
        flow: if named { Flow::NamedFile } else { Flow::File },
        changes,
    };
    if old.1.id != new.1.id {
        let values = (Some(old.1.id.clone()), Some(new.1.id.clone()));
        notes.note(
            Kind::Layout,
            Delta::Other,
            (&old.1.id, &old.1.title.ja),
            values,
        );
    }
    form(old.1, new.1, &mut notes);
    settings(old.1, new.1, &mut notes);
    kinds(old.1, new.1, &mut notes);
    rules(old.1, new.1, &mut notes);
    levels(&old.1.levels, &new.1.levels, &mut notes);
    items(
        &of_layout(old.0, old.1),
        &of_layout(new.0, new.1),
        Depth::Full,
        &mut notes,
    );
}

fn form(old: &Layout, new: &Layout, notes: &mut Notes<'_>) {
    let word = |layout: &Layout| match layout.form {
        Form::Delimited => "delimited".to_owned(),
        Form::Fixed { .. } => "fixed".to_owned(),
    };
    if word(old) != word(new) {
        notes.note(
            Kind::Setting,
            Delta::Other,
            ("form", ""),
            (Some(word(old)), Some(word(new))),
        );
    }
    if let (Form::Fixed { record_length: a }, Form::Fixed { record_length: b }) =
        (old.form, new.form)
        && a != b
    {
        let values = (Some(a.to_string()), Some(b.to_string()));
        notes.note(
            Kind::RecordLength,
            Delta::Other,
            ("record_length", ""),
            values,
        );
    }
    if old.width_unit != new.width_unit {
        let word = |layout: &Layout| Some(layout.width_unit.as_str().to_owned());
        notes.note(
            Kind::Unit,
            Delta::Other,
            ("width_unit", ""),
            (word(old), word(new)),
        );
    }
    let pattern = |layout: &Layout| layout.name_pattern.as_ref().map(|p| p.text.clone());
    if pattern(old) != pattern(new) {
        let values = (pattern(old), pattern(new));
        notes.note(Kind::FileName, Delta::Other, ("name_pattern", ""), values);
    }
}

fn settings(old: &Layout, new: &Layout, notes: &mut Notes<'_>) {
    let forms = (old.form, new.form);
    let (old, new) = (&old.file, &new.file);
    let mut keys: Vec<&str> = FileSettings::keys_of(forms.0).collect();
    keys.extend(
        FileSettings::keys_of(forms.1)
            .filter(|key| !keys.contains(key))
            .collect::<Vec<_>>(),
    );
    for key in keys {
        let (a, b) = (old.word(key), new.word(key));
        if a == b {
            continue;
        }
        if key == "repertoire" {
            repertoires(&a, &b, (key, ""), notes);
            continue;
        }
        let kind = if key == "length_unit" {
            Kind::Unit
        } else {
            Kind::Setting
        };
        let free = |word: &str| matches!(word, "any" | "allow");
        let delta = match (free(&a), free(&b)) {
            _ if kind == Kind::Unit => Delta::Other,
            (false, true) => Delta::Looser,
            (true, false) => Delta::Tighter,
            _ => Delta::Other,
        };
        notes.note(kind, delta, (key, ""), (Some(a), Some(b)));
    }
}

fn kinds(old: &Layout, new: &Layout, notes: &mut Notes<'_>) {
    let known = |layout: &Layout, id: &str| {
        let kind = layout.kinds.iter().find(|k| k.id == id)?;
        let Some(mark) = &kind.discriminator else {
            return Some(String::new());
        };
        Some(match mark.place {
            Place::Byte(at) => format!("byte {} = {}", at + 1, mark.value),
            Place::Field(at) => {
                let field = kind.fields.get(at).map_or("", |f| f.roman.as_str());
                format!("{field} = {}", mark.value)
            }
        })
    };
    let ids: BTreeSet<&str> = [old, new]
        .iter()
        .flat_map(|l| &l.kinds)
        .map(|k| k.id.as_str())
        .collect();
    for id in ids {
        let values = (known(old, id), known(new, id));
        let delta = match &values {
            (a, b) if a == b => continue,
            (None, _) => Delta::Added,
            (_, None) => Delta::Removed,
            _ => Delta::Other,
        };
        notes.note(Kind::RecordKind, delta, (id, ""), values);
    }
    let sequence = |layout: &Layout| layout.sequence.as_ref().map(|s| s.text.clone());
    if sequence(old) != sequence(new) {
        let values = (sequence(old), sequence(new));
        notes.note(Kind::RecordKind, Delta::Other, ("sequence", ""), values);
    }
}

/// Totals, orders, unique keys, references, record rules and what goes between files: kind (or id of the rule) and text.
pub fn conditions(layout: &Layout) -> BTreeSet<(String, String)> {
    let names = |kind: usize, fields: &[usize]| {
        let names = fields.iter().map(|f| layout.field_name(kind, *f));
        names.collect::<Vec<_>>().join(" + ")
    };
    let totals = layout.totals.iter().map(|t| {
        (
            "total".to_owned(),
            format!("{} = {}", layout.field_name(t.kind, t.field), t.text),
        )
    });
    let unique = layout
        .unique
        .iter()
        .filter(|u| !u.primary)
        .map(|u| ("unique".to_owned(), names(u.kind, &u.fields)));
    let references = layout.references.iter().map(|r| {
        (
            "reference".to_owned(),
            format!(
                "{} → {}: {}",
                names(r.kind, &r.fields),
                r.layout,
                r.to.join(" + ")
            ),
        )
    });
    let rules = layout.rules.iter().map(|r| (r.id.clone(), r.text.clone()));
    totals
        .chain(layout.orders.iter().map(order))
        .chain(unique)
        .chain(references)
        .chain(rules)
        .chain(sets(layout))
        .collect()
}

/// A record number or a sort order as one text.
fn order(order: &Order) -> (String, String) {
    let per = if order.by_group { "group" } else { "file" };
    let (id, from) = match order.of {
        OrderOf::Number(from) => ("number", format!(" from {from}")),
        OrderOf::Sorted(_) => ("sort", String::new()),
    };
    (id.to_owned(), format!("{}{from} per {per}", order.text))
}

/// How the files of a layout belong together; what is not stated is left out.
fn sets(layout: &Layout) -> Vec<(String, String)> {
    let set = &layout.set;
    let number = |n: Option<u64>| n.map_or(String::new(), |n| n.to_string());
    let flag = |yes: bool| if yes { "yes".to_owned() } else { String::new() };
    let within = set.within.as_ref().map_or(String::new(), |w| w.join(" "));
    let facts = [
        ("sequence", set.sequence.clone()),
        ("sequence_start", number(set.sequence_start)),
        ("part", set.part.clone()),
        ("parts", set.parts.clone()),
        ("header_in first", flag(set.header_in_first)),
        ("records continue", flag(set.records_continue)),
        ("extent", set.extent.clone()),
        ("full", set.full.clone()),
        ("extents mix", flag(set.extents_may_mix)),
        ("within", within),
    ];
    let stated = facts.into_iter().filter(|(_, value)| !value.is_empty());
    let stated = stated.map(|(key, value)| ("set".to_owned(), format!("{key} = {value}")));
    let companions = layout.companions.iter().map(|c| {
        let empty = if c.empty { " (0 bytes)" } else { "" };
        (
            "companion".to_owned(),
            format!("{:?} {}{empty}", c.kind, c.name),
        )
    });
    stated.chain(companions).collect()
}

fn rules(old: &Layout, new: &Layout, notes: &mut Notes<'_>) {
    let (a, b) = (conditions(old), conditions(new));
    for (id, text) in a.difference(&b) {
        notes.note(
            Kind::Rule,
            Delta::Removed,
            (id, ""),
            (Some(text.clone()), None),
        );
    }
    for (id, text) in b.difference(&a) {
        notes.note(
            Kind::Rule,
            Delta::Added,
            (id, ""),
            (None, Some(text.clone())),
        );
    }
}

/// Levels of rules; what a side does not state is the rule's own.
pub(super) fn levels(
    old: &BTreeMap<String, Level>,
    new: &BTreeMap<String, Level>,
    notes: &mut Notes<'_>,
) {
    let codes: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    for code in codes {
        let own = rule(code);
        let (a, b) = (old.get(code), new.get(code));
        if a == b {
            continue;
        }
        let of =
            |stated: Option<&Level>| stated.copied().or(own.map(|rule| rule.page().head.level));
        // levels rise from error to off: a higher one judges less
        let delta = match (of(a), of(b)) {
            (Some(a), Some(b)) if a == b => continue, // the rule's own level, written out
            (Some(a), Some(b)) if a < b => Delta::Looser,
            (Some(_), Some(_)) => Delta::Tighter,
            _ => Delta::Other,
        };
        let word = |stated: Option<&Level>| match (stated, of(stated)) {
            (Some(level), _) => Some(level.as_str().to_owned()),
            (None, Some(level)) => Some(format!("{} (rule)", level.as_str())),
            (None, None) => None,
        };
        let name = own.map_or("", |rule| rule.page().head.title.ja.as_str());
        notes.note(Kind::RuleLevel, delta, (code, name), (word(a), word(b)));
    }
}

/// Compares code lists of the same id that both packs have; `ids` limits them, `None` takes all.
pub(super) fn codes(
    old: &Pack,
    new: &Pack,
    ids: Option<&BTreeSet<String>>,
    changes: &mut Vec<Change>,
) {
    let mut notes = Notes {
        within: "",
        flow: Flow::File,
        changes,
    };
    for id in old
        .code_lists
        .keys()
        .filter(|id| new.code_lists.contains_key(*id))
    {
        if ids.is_none_or(|ids| ids.contains(id)) {
            let name = format!("codes/{id}");
            lists(
                list(old, id).as_ref(),
                list(new, id).as_ref(),
                (&name, ""),
                &mut notes,
            );
        }
    }
}
