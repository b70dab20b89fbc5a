use renkei_core::spec::layout::{Field, FieldType, Form, Kind, Pad, Place};
use renkei_core::spec::{Layout, Pack};

/// A fixed-width layout as a listing in the manner of a COBOL copybook: one record description, further record kinds
/// redefining it, byte positions in comments. `None` for delimited layouts.
///
/// It is a listing to read and to start from: names are the romanised ones with hyphens, full-width text is `PIC N`.
pub fn copybook(pack: &Pack, layout: &Layout) -> Option<String> {
    let Form::Fixed { record_length } = layout.form else {
        return None;
    };
    let mut out = String::new();
    comment(
        &mut out,
        &format!(
            "{}@{} / {} {}",
            pack.head.id, pack.head.version, layout.id, layout.title.ja
        ),
    );
    comment(&mut out, &pack.head.source);
    let (encoding, newline) = (layout.file.word("encoding"), layout.file.word("newline"));
    comment(
        &mut out,
        &format!("{record_length} bytes, {encoding}, newline {newline}"),
    );
    if let Some(sequence) = &layout.sequence {
        comment(&mut out, &format!("sequence {}", sequence.text));
    }
    line(&mut out, 0, &format!("01  {}.", name(&layout.id)));
    let first = layout.kinds.first().map_or("", |k| k.id.as_str());
    for (at, kind) in layout.kinds.iter().enumerate() {
        group(&mut out, kind, (at > 0).then(|| record_name(first)));
    }
    Some(out)
}

fn record_name(kind: &str) -> String {
    if kind.is_empty() {
        "RECORD-AREA".to_owned()
    } else {
        format!("{}-RECORD", name(kind))
    }
}

fn group(out: &mut String, kind: &Kind, redefines: Option<String>) {
    let known = kind.discriminator.as_ref().map(|mark| match mark.place {
        Place::Byte(at) => format!(" (byte {} = \"{}\")", at + 1, mark.value),
        Place::Field(_) => format!(" (= \"{}\")", mark.value),
    });
    comment(
        out,
        &format!("{}{}", kind.title.ja, known.unwrap_or_default()),
    );
    let redefines = redefines.map_or(String::new(), |first| format!(" REDEFINES {first}"));
    line(
        out,
        1,
        &format!("05  {}{redefines}.", record_name(&kind.id)),
    );
    for field in &kind.fields {
        entry(out, field, &kind.id);
    }
}

fn entry(out: &mut String, field: &Field, kind: &str) {
    let label = match field.kind {
        FieldType::Dummy => "FILLER".to_owned(),
        _ if kind.is_empty() => name(&field.roman),
        _ => format!("{}-{}", name(kind), name(&field.roman)),
    };
    let (picture, times) = picture(field);
    let occurs = if times > 1 {
        format!(" OCCURS {times} TIMES")
    } else {
        String::new()
    };
    let value = field
        .fixed_value
        .as_ref()
        .map_or(String::new(), |value| match numeric(field) {
            true => format!(" VALUE {value}"),
            false => format!(" VALUE \"{value}\""),
        });
    let text = format!("10  {label:<28} PIC {picture}{occurs}{value}.");
    let (from, to) = (field.start + 1, field.start + field.width);
    line(
        out,
        2,
        &format!(
            "{text:<60} *> {from:>4}-{to:<4} ({}) {}",
            field.width, field.name
        ),
    );
}

fn numeric(field: &Field) -> bool {
    let zeros = field.pad == Pad::LeftZero;
    match field.kind {
        FieldType::Integer | FieldType::Decimal => zeros,
        FieldType::Zoned | FieldType::Ymd8 | FieldType::Ymd6 | FieldType::Md => true,
        _ => false,
    }
}

/// Picture and number of repetitions. A repeated field has its width divided among the repetitions where that comes out
/// even; else it is one field of the whole width.
fn picture(field: &Field) -> (String, usize) {
    let asked = (field.repeat as usize).max(1);
    let times = if field.width.checked_rem(asked) == Some(0) {
        asked
    } else {
        1
    };
    let width = field.width / times.max(1);
    let decimals = (field.decimals as usize).min(width);
    let digits = |sign: &str| match decimals {
        0 => format!("{sign}9({width})"),
        decimals if decimals == width => format!("{sign}V9({decimals})"),
        decimals => format!("{sign}9({})V9({decimals})", width - decimals),
    };
    let picture = match field.kind {
        FieldType::Zoned => digits("S"),
        FieldType::N if width.is_multiple_of(2) => format!("N({})", width / 2),
        _ if numeric(field) => digits(""),
        _ => format!("X({width})"),
    };
    (picture, times)
}

/// A COBOL word: upper-case letters, digits, hyphens, at most 30 characters.
fn name(text: &str) -> String {
    let word: String = text
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_uppercase()
            } else {
                '-'
            }
        })
        .collect();
    word.trim_matches('-').chars().take(30).collect()
}

fn comment(out: &mut String, text: &str) {
    for part in text.lines() {
        out.push_str(&format!("      *> {part}\n"));
    }
}

fn line(out: &mut String, level: usize, text: &str) {
    out.push_str(&format!("       {}{text}\n", "    ".repeat(level)));
}
