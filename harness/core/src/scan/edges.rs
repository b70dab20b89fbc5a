//! Beginning and end of a file: byte order mark, end-of-file mark, last newline.

use super::checks::Check;
use super::ending::Ending;
use super::evidence::{View, hex};
use super::plan::{FILE, Plan};
use super::tally::{Detail, Spot, Tally};
use super::worker::{Chunk, Report};
use crate::encoding::Encoding;
use crate::model::Ruler;
use crate::spec::layout::Presence;

const MARKS: [(&[u8], &str, Encoding); 3] = [
    (b"\xEF\xBB\xBF", "utf-8", Encoding::Utf8),
    (b"\xFF\xFE", "utf-16le", Encoding::Utf16Le),
    (b"\xFE\xFF", "utf-16be", Encoding::Utf16Be),
];

/// Judges the BOM; returns its length.
pub(super) fn bom(plan: &Plan<'_>, chunk: &Chunk<'_>, out: &mut Report) -> usize {
    let found = MARKS
        .into_iter()
        .find(|(mark, ..)| chunk.bytes.starts_with(mark));
    out.facts.bom = found.map(|(_, name, _)| name);
    let agreed = plan.settings.bom;
    let wrong = match (found, agreed) {
        (None, Presence::Require) => true,
        (Some(_), Presence::Forbid) => true,
        (Some((.., encoding)), _) => encoding != plan.settings.encoding,
        (None, _) => false,
    };
    let length = found.map_or(0, |(mark, ..)| mark.len());
    if wrong {
        let spot = Spot {
            length: length as u64,
            ..Spot::default()
        };
        out.tally.hit(Check::Bom, FILE, spot, || Detail {
            expected: word(agreed).to_owned(),
            observed: found.map_or("none", |(_, name, _)| name).to_owned(),
            hex: hex(chunk.bytes.get(..length).unwrap_or(&[])),
            ruler: (length > 0).then(|| opening(plan, chunk, length)),
            ..Detail::default()
        });
    }
    length
}

/// The byte order mark, byte by byte.
fn opening(plan: &Plan<'_>, chunk: &Chunk<'_>, length: usize) -> Ruler {
    let view = View {
        bytes: chunk.bytes.get(..length).unwrap_or(chunk.bytes),
        base: chunk.base,
        start: 0,
        // Not more: how much of the first record is here depends on how the file is read.
        end: length,
        cells: &[],
        kind: None,
    };
    view.ruler(plan, &(0..length), true)
}

/// Judges the end-of-file mark; returns where the records end.
pub(super) fn eof_mark(
    plan: &Plan<'_>,
    chunk: &Chunk<'_>,
    start: usize,
    out: &mut Report,
) -> usize {
    let bytes = chunk.bytes;
    let mark: &[u8] = match plan.settings.encoding {
        Encoding::Utf16Le => b"\x1A\0",
        Encoding::Utf16Be => b"\0\x1A",
        _ => b"\x1A",
    };
    let found = bytes.len() >= start + mark.len() && bytes.ends_with(mark);
    out.facts.eof_mark = found;
    let end = bytes.len() - if found { mark.len() } else { 0 };
    let wrong = match plan.settings.eof_mark {
        Presence::Forbid => found,
        Presence::Require => !found,
        Presence::Allow => false,
    };
    if wrong {
        let spot = Spot {
            at: chunk.base + end as u64,
            length: (bytes.len() - end) as u64,
            ..Spot::default()
        };
        out.tally.hit(Check::EofMark, FILE, spot, || Detail {
            expected: word(plan.settings.eof_mark).to_owned(),
            observed: if found { "1A" } else { "none" }.to_owned(),
            hex: hex(bytes.get(end..).unwrap_or(&[])),
            ..Detail::default()
        });
    }
    end
}

/// Judges the newline behind the last record of the file.
pub(super) fn final_newline(plan: &Plan<'_>, spot: Spot, ending: Ending, tally: &mut Tally) {
    if !plan.has_lines() {
        return;
    }
    let found = ending.len() > 0;
    let agreed = plan.settings.final_newline;
    let wrong = match agreed {
        Presence::Require => !found,
        Presence::Forbid => found,
        Presence::Allow => false,
    };
    if wrong {
        tally.hit(Check::FinalNewline, FILE, spot, || Detail {
            expected: word(agreed).to_owned(),
            observed: ending.name().to_owned(),
            ..Detail::default()
        });
    }
}

fn word(presence: Presence) -> &'static str {
    match presence {
        Presence::Forbid => "forbid",
        Presence::Require => "require",
        Presence::Allow => "allow",
    }
}
