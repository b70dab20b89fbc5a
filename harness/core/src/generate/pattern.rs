//! A text that a regular expression matches, found by walking its syntax tree.

use regex_syntax::hir::{Class, Hir, HirKind};

use super::random::Random;

/// Repetitions without an upper end are taken at most this many times beyond the least.
const MORE: u32 = 6;

/// A text for the expression; `None` when it asks for what cannot be walked (look-around) or cannot be parsed.
pub(super) fn matching(expression: &str, random: &mut Random) -> Option<String> {
    let hir = regex_syntax::parse(expression).ok()?;
    let mut out = Vec::new();
    walk(&hir, random, &mut out)?;
    String::from_utf8(out).ok()
}

fn walk(hir: &Hir, random: &mut Random, out: &mut Vec<u8>) -> Option<()> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => out.extend_from_slice(&literal.0),
        HirKind::Class(class) => out.extend(character(class, random)?),
        HirKind::Repetition(repetition) => {
            let most = repetition
                .max
                .unwrap_or(repetition.min.saturating_add(MORE));
            let most = most.min(repetition.min.saturating_add(MORE));
            for _ in 0..random.between(repetition.min as usize, most as usize) {
                walk(&repetition.sub, random, out)?;
            }
        }
        HirKind::Capture(capture) => walk(&capture.sub, random, out)?,
        HirKind::Concat(parts) => {
            for part in parts {
                walk(part, random, out)?;
            }
        }
        HirKind::Alternation(parts) => walk(random.pick(parts)?, random, out)?,
    }
    Some(())
}

/// One character of a class: printable ASCII first, then whatever range comes first.
fn character(class: &Class, random: &mut Random) -> Option<Vec<u8>> {
    let ranges: Vec<(u32, u32)> = match class {
        Class::Unicode(set) => set
            .iter()
            .map(|r| (r.start().into(), r.end().into()))
            .collect(),
        Class::Bytes(set) => set
            .iter()
            .map(|r| (r.start().into(), r.end().into()))
            .collect(),
    };
    let printable: Vec<(u32, u32)> = ranges
        .iter()
        .map(|(a, b)| ((*a).max(0x21), (*b).min(0x7E)))
        .filter(|(a, b)| a <= b)
        .collect();
    let from = if printable.is_empty() {
        &ranges
    } else {
        &printable
    };
    let (first, last) = *random.pick(from)?;
    let span = usize::try_from(last - first).ok()?.min(4096);
    let value = first + u32::try_from(random.below(span + 1)).ok()?;
    Some(char::from_u32(value)?.to_string().into_bytes())
}
