//! SPC-006 unreachable-record-kind: see the page.

use super::{Facts, Place};
use crate::check::rule::Rule;
use crate::check::sink::Sink;
use crate::model::Bilingual;
use crate::spec::layout::{Kind, Layout, Place as At};

/// SPC-006
pub(super) const RULE: Rule = Rule {
    code: "SPC-006",
    name: "unreachable-record-kind",
    source: include_str!("unreachable_record_kind.md"),
};

pub(super) fn check(facts: &Facts<'_>, out: &mut Sink) {
    for (folder, layout) in &facts.draft.pack.layouts {
        for (at, kind) in layout.kinds.iter().enumerate() {
            let earlier = layout.kinds.get(..at).unwrap_or_default();
            let reason = match earlier.iter().find(|k| shadows(k, kind)) {
                Some(first) => Some(Bilingual::new(
                    format!("先に調べる種別「{}」に必ず当たります", first.id),
                    format!("kind {} always comes first", first.id),
                )),
                None => outside(layout, kind).or_else(|| contradicted(facts, kind)),
            };
            if let Some(reason) = reason {
                let file = format!("layouts/{folder}/layout.toml");
                let near = format!("id = \"{}\"", kind.id);
                let place = Place::near(facts, &file, &near, "[[kind]]", Some(kind.id.clone()));
                out.push(
                    place
                        .hit(&RULE)
                        .key(format!("{folder}|{}", kind.id))
                        .arg("kind", kind.id.clone())
                        .arg("reason_ja", reason.ja)
                        .arg("reason", reason.en),
                );
            }
        }
    }
}

/// True when every record of `later` is taken for one of `first`.
fn shadows(first: &Kind, later: &Kind) -> bool {
    match (&first.discriminator, &later.discriminator) {
        (None, _) => true,
        (Some(a), Some(b)) if a.place == b.place => match a.place {
            At::Byte(_) => b.value.starts_with(&a.value),
            At::Field(_) => a.value == b.value,
        },
        _ => false,
    }
}

fn outside(layout: &Layout, kind: &Kind) -> Option<Bilingual> {
    let sequence = layout.sequence.as_ref()?;
    let mut words = sequence
        .text
        .split(|c: char| c.is_whitespace() || "()*+?|".contains(c));
    (!words.any(|word| word == kind.id)).then(|| {
        Bilingual::new(
            format!("sequence「{}」に現れません", sequence.text),
            format!("the sequence `{}` does not name it", sequence.text),
        )
    })
}

/// What tells the kind is not what its own field may hold: no record of the kind can conform.
fn contradicted(facts: &Facts<'_>, kind: &Kind) -> Option<Bilingual> {
    let known = kind.discriminator.as_ref()?;
    let field = match known.place {
        At::Field(at) => kind.fields.get(at),
        At::Byte(at) => kind
            .fields
            .iter()
            .find(|f| f.start == at && f.width == known.value.len()),
    }?;
    let bare = |text: &str| text.trim_start_matches('0').trim_end().to_owned();
    let same = |text: &str| text == known.value || bare(text) == bare(&known.value);
    let name = &field.roman;
    if let Some(fixed) = field.fixed_value.as_ref().filter(|fixed| !same(fixed)) {
        return Some(Bilingual::new(
            format!("判別値は{}、項目{name}の固定値は{fixed}です", known.value),
            format!(
                "it is told by {}, and the fixed value of {name} is {fixed}",
                known.value
            ),
        ));
    }
    let list = facts.draft.pack.code_lists.get(&field.code)?;
    let closed = !list.open && !list.values.is_empty();
    (closed && !list.values.keys().any(|value| same(value))).then(|| {
        Bilingual::new(
            format!(
                "判別値{}が項目{name}のコード一覧{}にありません",
                known.value, field.code
            ),
            format!(
                "it is told by {}, which the code list {} of {name} does not hold",
                known.value, field.code
            ),
        )
    })
}
