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
                None => outside(layout, kind),
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
