//! Two lists of items: which belong together, and how each pair differs.

use super::breaks::Flow;
use super::change::{Delta, Kind, Notes, Values};
use super::item::{Item, Need, bare};
use super::lists::lists;
use super::order;
use super::similar::{Pairs, pair};
use crate::encoding::{Dialect, Repertoire};

/// How much of two items can be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Depth {
    /// Two specifications of the same kind.
    Full,
    /// An item table and an API: what only one of them can say is no difference.
    Across,
}

/// Compares two lists of items and tells how they were paired.
pub(super) fn items(old: &[Item], new: &[Item], depth: Depth, notes: &mut Notes<'_>) -> Pairs {
    let pairs = pair(old, new);
    for at in &pairs.removed {
        if let Some(item) = old.get(*at) {
            removed(item, notes);
        }
    }
    for at in &pairs.added {
        if let Some(item) = new.get(*at) {
            added(item, notes);
        }
    }
    for (a, b, score) in &pairs.renamed {
        if let (Some(a), Some(b)) = (old.get(*a), new.get(*b)) {
            renamed(a, b, *score, notes);
        }
    }
    let mut both: Vec<(usize, usize)> = pairs.same.clone();
    both.extend(pairs.renamed.iter().map(|(a, b, _)| (*a, *b)));
    both.sort_unstable();
    for (a, b) in &both {
        if let (Some(a), Some(b)) = (old.get(*a), new.get(*b)) {
            facts(a, b, depth, notes);
        }
    }
    if depth == Depth::Full {
        order::order(old, new, &both, notes);
    }
    pairs
}

/// An item that only the old one has.
pub(super) fn removed(item: &Item, notes: &mut Notes<'_>) {
    let delta = there(item, notes.flow, Delta::Removed);
    notes.note(
        Kind::Removed,
        delta,
        (&item.at, &item.name),
        (Some(told(item)), None),
    );
}

/// An item that only the new one has.
pub(super) fn added(item: &Item, notes: &mut Notes<'_>) {
    let delta = there(item, notes.flow, Delta::Added);
    notes.note(
        Kind::Added,
        delta,
        (&item.at, &item.name),
        (None, Some(told(item))),
    );
}

fn there(item: &Item, flow: Flow, delta: Delta) -> Delta {
    let json = matches!(flow, Flow::Request | Flow::Response);
    if json && item.need == Need::Required {
        Delta::Required
    } else {
        delta
    }
}

/// An item in a few words: `X 15 required`.
fn told(item: &Item) -> String {
    let need = match &item.need {
        Need::Required => "required",
        Need::Conditional(..) => "conditional",
        Need::Optional => "optional",
    };
    let words = [item.kind.clone(), length(item), need.to_owned()];
    words
        .into_iter()
        .filter(|w| !w.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

fn renamed(a: &Item, b: &Item, score: f64, notes: &mut Notes<'_>) {
    let delta = if notes.flow == Flow::NamedFile {
        Delta::Header
    } else {
        Delta::Other
    };
    let values = (Some(a.at.clone()), Some(b.at.clone()));
    notes.note(Kind::Renamed, delta, (&a.at, &a.name), values);
    if let Some(change) = notes.changes.last_mut() {
        change.similarity = Some((score * 100.0).round() / 100.0);
        if a.name != b.name && !b.name.is_empty() {
            change.name = format!("{} → {}", a.name, b.name);
        }
    }
}

fn facts(a: &Item, b: &Item, depth: Depth, notes: &mut Notes<'_>) {
    let item = (a.at.as_str(), a.name.as_str());
    types(a, b, depth, notes);
    lengths(a, b, depth, notes);
    lists(a.list.as_ref(), b.list.as_ref(), item, notes);
    needs(a, b, notes);
    repeats(a, b, depth, notes);
    if a.default != b.default {
        let delta = match (&a.default, &b.default) {
            (None, _) => Delta::Added,
            (_, None) => Delta::Removed,
            _ => Delta::Other,
        };
        notes.note(
            Kind::Default,
            delta,
            item,
            (a.default.clone(), b.default.clone()),
        );
    }
    for value in a.special.difference(&b.special) {
        notes.note(
            Kind::Value,
            Delta::Removed,
            item,
            (Some(value.clone()), None),
        );
    }
    for value in b.special.difference(&a.special) {
        notes.note(Kind::Value, Delta::Added, item, (None, Some(value.clone())));
    }
    flag(
        Kind::UnknownDate,
        (a.unknown_date, b.unknown_date),
        item,
        notes,
    );
    if depth == Depth::Full || (!a.format.is_empty() && !b.format.is_empty() && !regexes(a, b)) {
        notes.texts(Kind::Format, item, &a.format, &b.format);
    }
    // A pattern beside a form that has a name changes what the schema takes, too.
    if depth == Depth::Full && a.format == b.format && a.pattern != b.pattern {
        let shown = |item: &Item| match item.pattern.as_str() {
            "" => String::new(),
            pattern => format!("regex:{pattern}"),
        };
        notes.texts(Kind::Format, item, &shown(a), &shown(b));
    }
    samples(a, b, notes);
    if depth == Depth::Full {
        physical(a, b, notes);
    }
}

/// Samples where both have some; only those that the other side has not are shown.
fn samples(a: &Item, b: &Item, notes: &mut Notes<'_>) {
    if a.samples.is_empty() || b.samples.is_empty() || a.samples == b.samples {
        return;
    }
    let lacking = |these: &Item, those: &Item| -> Vec<String> {
        let lacking = these.samples.iter().filter(|s| !those.samples.contains(s));
        lacking.cloned().collect()
    };
    let (mut old, mut new) = (lacking(a, b), lacking(b, a));
    if old.is_empty() && new.is_empty() {
        (old, new) = (a.samples.clone(), b.samples.clone()); // the same ones in another order
    }
    let shown = |samples: &[String]| (!samples.is_empty()).then(|| samples.join(" / "));
    let values = (shown(&old), shown(&new));
    notes.note(Kind::Sample, Delta::Other, (&a.at, &a.name), values);
}

/// Types of the item table, else those of JSON: `X` may be a string on one side and a number on the other.
fn types(a: &Item, b: &Item, depth: Depth, notes: &mut Notes<'_>) {
    let json = depth == Depth::Full && !a.json.is_empty() && !b.json.is_empty();
    let values = match (a.same_type(b), a.json == b.json) {
        (false, _) => (&a.kind, &b.kind),
        (true, false) if json => (&a.json, &b.json),
        (true, _) => return,
    };
    let values = (Some(values.0.clone()), Some(values.1.clone()));
    notes.note(Kind::Type, Delta::Other, (&a.at, &a.name), values);
}

/// A form by name and one by pattern say different things about the same value; neither contradicts the other.
fn regexes(a: &Item, b: &Item) -> bool {
    a.format.starts_with("regex:") != b.format.starts_with("regex:")
}

/// What only two specifications of the same kind can be compared by.
fn physical(a: &Item, b: &Item, notes: &mut Notes<'_>) {
    let item = (a.at.as_str(), a.name.as_str());
    if a.name != b.name && a.roman == b.roman {
        notes.note(
            Kind::Name,
            Delta::Other,
            item,
            (Some(a.name.clone()), Some(b.name.clone())),
        );
    }
    if a.item_id != b.item_id {
        let delta = if notes.flow == Flow::NamedFile {
            Delta::Header
        } else {
            Delta::Other
        };
        notes.note(
            Kind::ItemId,
            delta,
            item,
            (Some(a.item_id.clone()), Some(b.item_id.clone())),
        );
    }
    let bytes = |item: &Item| item.bytes.map(|(from, to)| format!("{from}-{to}"));
    if a.bytes != b.bytes {
        notes.note(Kind::Position, Delta::Other, item, (bytes(a), bytes(b)));
    }
    if a.pad != b.pad {
        notes.note(
            Kind::Padding,
            Delta::Other,
            item,
            (Some(a.pad.clone()), Some(b.pad.clone())),
        );
    }
    if a.decimals != b.decimals {
        let values = (Some(a.decimals.to_string()), Some(b.decimals.to_string()));
        notes.note(Kind::Decimals, Delta::Other, item, values);
    }
    if a.key != b.key {
        let delta = if b.key { Delta::Tighter } else { Delta::Looser };
        let word = |key: bool| Some(if key { "primary key" } else { "" }.to_owned());
        notes.note(Kind::Key, delta, item, (word(a.key), word(b.key)));
    }
    if a.foreign != b.foreign {
        let word = |foreign: bool| Some(if foreign { "foreign key" } else { "" }.to_owned());
        let values = (word(a.foreign), word(b.foreign));
        notes.note(Kind::Key, Delta::Other, item, values);
    }
    if a.when != b.when {
        let word = |when: &str| Some(format!("there when {when}")).filter(|_| !when.is_empty());
        notes.note(
            Kind::Condition,
            Delta::Other,
            item,
            (word(&a.when), word(&b.when)),
        );
    }
    if a.class != b.class {
        let word = |class: &str| Some(format!("width {class}")).filter(|_| !class.is_empty());
        notes.note(
            Kind::Repertoire,
            Delta::Other,
            item,
            (word(a.class), word(b.class)),
        );
    }
    if let (Some(old), Some(new)) = (a.nullable, b.nullable) {
        flag(Kind::Nullable, (old, new), item, notes);
    }
    let fixed = |item: &Item| item.fixed_value.clone().unwrap_or_default();
    notes.texts(Kind::FixedValue, item, &fixed(a), &fixed(b));
    repertoires(&a.repertoire, &b.repertoire, item, notes);
}

/// A yes or no; yes allows more.
fn flag(kind: Kind, (old, new): (bool, bool), item: (&str, &str), notes: &mut Notes<'_>) {
    if old == new {
        return;
    }
    let delta = if new { Delta::Looser } else { Delta::Tighter };
    let word = |yes: bool| if yes { "yes" } else { "no" }.to_owned();
    notes.note(kind, delta, item, (Some(word(old)), Some(word(new))));
}

/// Two repertoires; what cannot be compiled is compared as text.
pub(super) fn repertoires(old: &str, new: &str, item: (&str, &str), notes: &mut Notes<'_>) {
    if old == new {
        return;
    }
    let compiled = |text: &str| Repertoire::compile(text, Dialect::Ms, &[]).ok();
    let delta = match (old.is_empty(), new.is_empty(), compiled(old), compiled(new)) {
        (true, ..) => Delta::Tighter,
        (_, true, ..) => Delta::Looser,
        (_, _, Some(a), Some(b)) => {
            let difference = a.diff(&b);
            let none = |set: &Repertoire| {
                let summary = set.summary();
                summary.characters == 0 && summary.sequences == 0
            };
            match (none(&difference.only_first), none(&difference.only_second)) {
                (true, true) => return,
                (true, false) => Delta::Looser,
                (false, true) => Delta::Tighter,
                (false, false) => Delta::Other,
            }
        }
        _ => Delta::Other,
    };
    notes.note(
        Kind::Repertoire,
        delta,
        item,
        (Some(old.to_owned()), Some(new.to_owned())),
    );
}

fn length(item: &Item) -> String {
    let longest = item.length.map_or(String::new(), |l| l.to_string());
    match (item.fraction, item.least) {
        (0, 0) => longest,
        (0, least) if Some(least) == item.length => longest,
        (0, least) => format!("{least}-{longest}"),
        (fraction, _) => format!("{longest},{fraction}"),
    }
}

fn lengths(a: &Item, b: &Item, depth: Depth, notes: &mut Notes<'_>) {
    let most = |item: &Item| item.length.unwrap_or(u64::MAX);
    let mut sides = [(most(a), most(b)), (a.fraction, b.fraction)].to_vec();
    let full = depth == Depth::Full;
    if full {
        sides.push((b.least, a.least)); // a higher least length allows less
    }
    let wider = sides.iter().any(|(old, new)| new > old);
    let narrower = sides.iter().any(|(old, new)| new < old);
    let delta = match (wider, narrower) {
        (false, false) => return,
        (true, false) => Delta::Looser,
        (false, true) => Delta::Tighter,
        (true, true) => Delta::Other,
    };
    let shown = |item: &Item| {
        let item = Item {
            least: if full { item.least } else { 0 },
            ..item.clone()
        };
        Some(length(&item)).filter(|text| !text.is_empty())
    };
    notes.note(Kind::Length, delta, (&a.at, &a.name), (shown(a), shown(b)));
}

fn needs(a: &Item, b: &Item, notes: &mut Notes<'_>) {
    let item = (a.at.as_str(), a.name.as_str());
    let rank = |need: &Need| match need {
        Need::Optional => 0,
        Need::Conditional(..) => 1,
        Need::Required => 2,
    };
    let shown = |need: &Need| match need {
        Need::Optional => "optional".to_owned(),
        Need::Required => "required".to_owned(),
        Need::Conditional(formula, clause) => {
            let why = if formula.is_empty() { clause } else { formula };
            format!("conditional: {why}")
                .trim_end_matches([':', ' '])
                .to_owned()
        }
    };
    let values: Values = (Some(shown(&a.need)), Some(shown(&b.need)));
    match rank(&b.need).cmp(&rank(&a.need)) {
        std::cmp::Ordering::Greater => notes.note(Kind::Required, Delta::Tighter, item, values),
        std::cmp::Ordering::Less => notes.note(Kind::Required, Delta::Looser, item, values),
        std::cmp::Ordering::Equal => {
            if let (Need::Conditional(f, c), Need::Conditional(g, d)) = (&a.need, &b.need)
                && conditions_differ((f, c), (g, d))
            {
                notes.note(Kind::Condition, Delta::Other, item, values);
            }
        }
    }
}

/// Formulas are compared with formulas, words with words; a formula and words alone cannot be compared, which is a
/// difference that a person has to look at.
fn conditions_differ(old: (&str, &str), new: (&str, &str)) -> bool {
    if !old.0.is_empty() && !new.0.is_empty() {
        let words = |text: &str| text.replace(|c: char| c.is_whitespace() || c == '\'', "");
        return words(old.0) != words(new.0);
    }
    if !old.1.is_empty() && !new.1.is_empty() {
        return bare(old.1) != bare(new.1);
    }
    old != new && (old.0.is_empty() != new.0.is_empty())
}

fn repeats(a: &Item, b: &Item, depth: Depth, notes: &mut Notes<'_>) {
    let (old, new) = (a.repeat.max(1), b.repeat.max(1));
    if old == new
        || (depth == Depth::Full && (old == u64::MAX || new == u64::MAX) && !a.same_type(b))
    {
        return;
    }
    let shown = |n: u64| {
        Some(if n == u64::MAX {
            "*".to_owned()
        } else {
            n.to_string()
        })
    };
    let delta = if new > old {
        Delta::Looser
    } else {
        Delta::Tighter
    };
    notes.note(
        Kind::Repeat,
        delta,
        (&a.at, &a.name),
        (shown(old), shown(new)),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions() {
        assert!(!conditions_differ(("a = 1", "x"), ("a  = '1'", "y")));
        assert!(conditions_differ(("a = 1", ""), ("b = 1", "")));
        assert!(conditions_differ(("a = 1", ""), ("", "y")));
        assert!(!conditions_differ(
            ("a = 1", "未定の場合は必須"),
            ("", "未定のとき必須")
        ));
    }
}
