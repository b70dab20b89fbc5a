//! What a file showed as a whole: how records and fields are marked off, quoted, and known by a key.

use std::collections::BTreeSet;

use super::file::Arrived;
use super::sample::{self, Cell};
use super::{Look, Seen};
use crate::encoding::is_half_width;
use crate::spec::layout::{FieldType, FileSettings, Form, Format};

/// Bytes and counts that the check of the whole file measured.
pub(super) fn file(look: &mut Look<'_>, file: Arrived<'_>) {
    let (facts, settings) = (file.facts, file.settings);
    let there = |yes: bool| if yes { "require" } else { "forbid" };
    let newline = facts.newline();
    look.told_elsewhere("newline", newline);
    look.told_elsewhere("bom", there(facts.bom.is_some()));
    look.told_elsewhere("eof_mark", there(facts.eof_mark));
    if facts.records > 0 && newline != "none" {
        look.told_elsewhere("final_newline", there(facts.final_newline));
    }
    if !facts.looks_like.is_empty() {
        look.told_elsewhere("encoding", facts.looks_like.join(" | "));
    } else if facts.non_ascii && facts.illegal_sequences == 0 {
        look.told_elsewhere("encoding", settings.encoding.name());
    }
    if file.layout.form == Form::Delimited && facts.records > 0 {
        delimiter(look, file);
        let header = match settings.word("header") {
            _ if !facts.header => "none".to_owned(),
            word if word == "none" => "names".to_owned(),
            word => word,
        };
        look.told_elsewhere("header", header);
        if facts.newlines_in_fields > 0 {
            look.told_elsewhere("newline_in_field", "allow");
        }
    }
    let size = format!("{} B, {} records", facts.bytes, facts.records);
    look.told_elsewhere("transfer.size", size);
}

/// Delimiters that are tried where the agreed one cuts no record as the layout has it.
const DELIMITERS: &[u8] = b",\t;|";

fn delimiter(look: &mut Look<'_>, file: Arrived<'_>) {
    let cut = |settings: &FileSettings| {
        let cells = sample::cells(file.head, true, file.layout, settings, 0);
        cells.len()
    };
    let fields = file.layout.kinds.iter().map(|k| k.fields.len()).max();
    let word = |byte: u8| match byte {
        b'\t' => "tab".to_owned(),
        byte => char::from(byte).to_string(),
    };
    let mut found = word(file.settings.delimiter);
    if fields > Some(1) && cut(file.settings) == 0 {
        let other = DELIMITERS.iter().find(|byte| {
            let mut settings = file.settings.clone();
            settings.delimiter = **byte;
            cut(&settings) > 0
        });
        found = other.map_or(found, |byte| word(*byte));
    }
    let agreed = found.clone();
    look.note("delimiter", found, &[&agreed], &["LAY-002"]);
}

/// Which fields are quoted. Fields without a value are another item's.
pub(super) fn quoting(look: &mut Look<'_>, file: Arrived<'_>, cells: &[Cell<'_>]) {
    if file.layout.form != Form::Delimited {
        return;
    }
    let delimiter = char::from(file.settings.delimiter);
    let (mut some, mut all, mut minimal, mut kokuho) = (false, true, true, true);
    let mut any = false;
    for cell in cells.iter().filter(|c| !c.text.is_empty()) {
        let must = |c: char| c == delimiter || matches!(c, '"' | '\r' | '\n');
        let needed = cell.text.contains(must);
        let listed = needed
            || cell
                .text
                .contains(|c| matches!(c, ',' | ' ') || is_kanji(c));
        any = true;
        some |= cell.quoted;
        all &= cell.quoted;
        minimal &= cell.quoted == needed;
        kokuho &= cell.quoted == listed;
    }
    if !any {
        return;
    }
    let known = [
        (all, "always"),
        (!some, "never"),
        (minimal, "minimal"),
        (kokuho, "kokuho"),
    ];
    let fits = known
        .iter()
        .filter(|(holds, _)| *holds)
        .map(|(_, word)| *word);
    let mut fits: Vec<&str> = fits.collect();
    let value = fits.first().copied().unwrap_or("any");
    fits.push("any");
    look.note("quoting", value, &fits, &["LAY-011", "LAY-003"]);
}

/// What counts as kanji there: everything that is full-width, as in the rule.
fn is_kanji(c: char) -> bool {
    !c.is_ascii() && !is_half_width(c)
}

/// Which numbers of persons a file carries: what the receiver can match by. Also whether numbers without a check digit are
/// among them.
pub(super) fn keys(look: &mut Look<'_>, file: Arrived<'_>, cells: &[Cell<'_>]) {
    let mut keys = BTreeSet::new();
    let mut numbered = false;
    for cell in cells.iter().filter(|c| c.field.kind != FieldType::Dummy) {
        let declared = file
            .declared
            .kinds
            .get(cell.kind)
            .and_then(|k| k.fields.get(cell.at));
        let Some(field) = declared else { continue };
        let key = match field.format {
            _ if field.name.contains("団体内統合宛名番号") => "togoatenabango",
            Format::AddresseeNumber => "atenabango",
            Format::IndividualNumber => "kojinbango",
            _ => continue,
        };
        if !cell.text.trim_matches([' ', '\u{3000}', '0']).is_empty() {
            keys.insert(key);
            numbered |= matches!(field.format, Format::AddresseeNumber);
        }
    }
    if numbered {
        let without = file.findings.iter().any(|f| f.rule == "VAL-010");
        look.told_elsewhere("migrated_numbers", without.to_string());
    }
    if keys.is_empty() {
        return;
    }
    let keys: Vec<&str> = keys.into_iter().collect();
    let deviates = look.deviates("transfer.key", &keys);
    look.add(Seen {
        setting: "transfer.key",
        value: keys.join(" | "),
        deviates,
        ..Seen::default()
    });
}

/// What lengths were counted in, where a value is too long in the agreed unit and fits in another.
pub(super) fn length_unit(look: &mut Look<'_>, file: Arrived<'_>) {
    for finding in file.findings.iter().filter(|f| f.rule == "VAL-003") {
        // As the rule words it: `21 chars (20 graphemes)`.
        let other = finding
            .observed
            .split_once('(')
            .and_then(|(_, rest)| rest.split_once(' '));
        let Some((_, unit)) = other else { continue };
        look.add(Seen {
            setting: "length_unit",
            value: unit.trim_end_matches(')').to_owned(),
            deviates: look.agreed("length_unit").is_some(),
            judged_by: &["VAL-003"],
            field: finding.location.field.clone(),
            ..Seen::default()
        });
    }
}
