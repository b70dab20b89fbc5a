//! What a file showed: its bytes, its name, how big it is, what the receiver said of it.

use std::collections::BTreeSet;

use super::beside::{self, Beside};
use super::sample::{self, Cell};
use super::{Look, Seen, forms, whole};
use crate::agreement::Terms;
use crate::encoding::diagnosis::MARKS;
use crate::encoding::{Dialect, Encoding, Repertoire, ScalarClass, scalar_class};
use crate::model::{CauseKind, Finding};
use crate::observe::Receipt;
use crate::scan::FileFacts;
use crate::spec::layout::{Field, FieldType, FileSettings, Format, Layout, NamePattern, Quoting};

/// A file that arrived, with what the check made of it.
#[derive(Clone, Copy)]
pub(in crate::judge) struct Arrived<'a> {
    /// Name without folder.
    pub(in crate::judge) name: &'a str,
    /// Its first bytes as they were transferred.
    pub(in crate::judge) packed: &'a [u8],
    /// Its first bytes, taken out of the compression that was agreed; at most [`sample::BOUND`].
    pub(in crate::judge) head: &'a [u8],
    /// Its layout with the forms that were agreed.
    pub(in crate::judge) layout: &'a Layout,
    /// Its layout as the pack has it.
    pub(in crate::judge) declared: &'a Layout,
    /// The settings that hold for it.
    pub(in crate::judge) settings: &'a FileSettings,
    /// What the check measured.
    pub(in crate::judge) facts: &'a FileFacts,
    /// What the check found.
    pub(in crate::judge) findings: &'a [Finding],
    /// What the receiver said.
    pub(in crate::judge) receipt: Option<&'a Receipt>,
    /// What lay beside it; `None` where nobody looked.
    pub(in crate::judge) beside: Option<&'a [Beside]>,
    /// When its place says that it was last changed, RFC 3339.
    pub(in crate::judge) changed: Option<&'a str>,
}

/// Bytes of a file that are looked at.
pub(in crate::judge) const BOUND: u64 = sample::BOUND;

/// What a file showed.
pub(in crate::judge) fn of_file(terms: Terms<'_>, file: Arrived<'_>) -> Vec<Seen> {
    let mut look = Look::new(terms);
    look.told_elsewhere("linkage.method", "file");
    if compression(&mut look, file) {
        return look.seen;
    }
    whole::file(&mut look, file);
    name(&mut look, file);
    totals(&mut look, file);
    partial(&mut look, file);
    beside::completion(&mut look, file);
    beside::digest(&mut look, file);
    beside::window(&mut look, file);
    whole::length_unit(&mut look, file);
    // In another encoding than declared the text of fields says nothing.
    if file.facts.looks_like.is_empty() {
        let found = |code: &str| file.findings.iter().any(|f| f.rule == code);
        let header = file.facts.header || found("LAY-009");
        let complete = file.facts.bytes <= file.head.len() as u64;
        let cells = sample::cells(
            file.head,
            complete,
            file.layout,
            file.settings,
            usize::from(header),
        );
        whole::quoting(&mut look, file, &cells);
        fields(&mut look, file, &cells);
        whole::keys(&mut look, file, &cells);
        characters(&mut look, file, &cells);
    }
    look.seen
}

/// Notes what the first bytes say of compression; true when nothing else can be read because of it.
fn compression(look: &mut Look<'_>, file: Arrived<'_>) -> bool {
    let value = compression_of(file.packed);
    // Encryption at rest is not seen by those who may read.
    let fits: &[&str] = if value == "none" {
        &["none", "sse-kms"]
    } else {
        &[value]
    };
    look.note("transfer.compression", value, fits, &[]);
    value != "none" && file.packed == file.head
}

/// How a file is compressed, by its first bytes, in the words of the item.
pub(in crate::judge) fn compression_of(head: &[u8]) -> &'static str {
    // RFC 1952 2.3.1; APPNOTE.TXT 4.3.7 (bit 0 of the flags: encrypted).
    match head {
        [0x1F, 0x8B, 8, ..] => "gzip",
        [b'P', b'K', 3, 4, _, _, flags, ..] if flags & 1 == 1 => "zip-aes",
        [b'P', b'K', 3, 4, ..] => "zip",
        _ => "none",
    }
}

fn name(look: &mut Look<'_>, file: Arrived<'_>) {
    let agreed = look.agreed("transfer.name").unwrap_or_default();
    // Only a name in the notation of layouts can be compared; a description in words cannot.
    let pattern = NamePattern::parse(agreed)
        .ok()
        .filter(|_| agreed.contains('{'));
    look.add(Seen {
        setting: "transfer.name",
        value: file.name.to_owned(),
        deviates: pattern.is_some_and(|p| p.parts(file.name).is_none()),
        judged_by: &["FIL-001"],
        ..Seen::default()
    });
    for (_, part) in &file.facts.name_parts {
        let extent = match part.as_str() {
            "all" | "full" | "zenken" => "full",
            "diff" | "sabun" => "diff",
            _ => continue,
        };
        look.note("transfer.extent", extent, &[extent, "both"], &[]);
    }
}

fn totals(look: &mut Look<'_>, file: Arrived<'_>) {
    let counted = |total: &crate::spec::layout::Total| {
        let id = file.layout.kinds.get(total.kind).map(|k| &k.id);
        let counts = &file.facts.records_by_kind;
        counts.iter().any(|(kind, n)| Some(kind) == id && *n > 0)
    };
    // A control file may repeat what a trailer says, or say what no trailer does.
    let (value, fits) = if file.layout.totals.iter().any(counted) {
        ("trailer", ["trailer", "control-file"])
    } else {
        ("none", ["none", "control-file"])
    };
    look.note("transfer.totals", value, &fits, &["LAY-008"]);
}

/// Whether a receiver takes the good records of a file with bad ones.
fn partial(look: &mut Look<'_>, file: Arrived<'_>) {
    let Some(receipt) = file.receipt.filter(|r| !r.rejected.is_empty()) else {
        return;
    };
    let value = if receipt.accepted > 0 {
        "good-and-error-list"
    } else if (receipt.rejected.len() as u64) < receipt.records || receipt.records > 1 {
        "all-or-nothing"
    } else {
        // The only record was refused: both ways look the same.
        return;
    };
    look.add(Seen {
        setting: "transfer.partial",
        value: value.to_owned(),
        deviates: look.deviates("transfer.partial", &[value]),
        judged_by: &["REC-003"],
        cause: Some(CauseKind::Receiver),
        ..Seen::default()
    });
}

/// What judges the value of a field in one way or another.
const VALUE_RULES: &[&str] = &[
    "VAL-001", "VAL-003", "VAL-004", "VAL-005", "VAL-006", "VAL-007", "VAL-008", "VAL-009",
    "VAL-010", "VAL-011", "VAL-012", "VAL-013", "VAL-014", "ENC-003", "LAY-011", "LAY-013",
];

/// One value, on its way into what was seen.
struct Value<'v, 'a> {
    look: &'v mut Look<'a>,
    file: Arrived<'v>,
    cell: &'v Cell<'v>,
    /// Without spaces around it.
    text: &'v str,
}

impl Value<'_, '_> {
    fn see(&mut self, setting: &'static str, value: &str, fits: &[&str]) {
        self.look.add(Seen {
            setting,
            value: value.to_owned(),
            deviates: self.look.deviates(setting, fits),
            judged_by: VALUE_RULES,
            record: Some(self.cell.record),
            field: Some(self.file.layout.field_name(self.cell.kind, self.cell.at)),
            ..Seen::default()
        });
    }

    fn missing(&mut self, form: &'static str) {
        // Fixed fields are blank by their width; where every field or none is quoted, as agreed or not, empty and quoted are
        // the same.
        let all = |s: &Seen| s.setting == "quoting" && s.value == "always";
        let quoting = match self.look.seen.iter().any(all) {
            true => Quoting::Always,
            false => self.file.settings.quoting,
        };
        let fits: &[&str] = match (form, quoting) {
            ("quoted", Quoting::Always) | ("empty", Quoting::Never) => &["quoted", "empty"],
            (form, _) => &[form],
        };
        if self.file.layout.form.as_str() != "fixed" {
            self.see("empty", form, fits);
        }
        if self.is_individual_number() {
            let any = &["exclude", "include", "mask"];
            self.see("form.individual_number", "exclude", any);
        }
    }

    /// By the layout of the pack: a number that was agreed to be masked is none any more.
    fn is_individual_number(&self) -> bool {
        let kind = self.file.declared.kinds.get(self.cell.kind);
        let field = kind.and_then(|kind| kind.fields.get(self.cell.at));
        field.is_some_and(|field| matches!(field.format, Format::IndividualNumber))
    }

    fn number(&mut self) {
        let field = self.cell.field;
        if field.kind.is_number()
            && let Some((value, fits)) = forms::sign(self.text, field)
        {
            self.see("form.sign", value, fits);
        }
        if (field.kind == FieldType::Decimal || field.decimals > 0)
            && let Some(value) = forms::decimals(self.text, field)
        {
            self.see("form.decimals", value, &[value]);
        }
        if self.is_individual_number() {
            let masked = self
                .text
                .chars()
                .any(|c| matches!(c, '*' | '＊' | 'X' | '●'));
            let value = if masked { "mask" } else { "include" };
            self.see("form.individual_number", value, &[value]);
        }
    }

    /// `several`: the layout has days of several forms and fixes each field's by its type.
    fn day(&mut self, several: bool) {
        let Some(own) = forms::date_of(self.cell.field.kind) else {
            return;
        };
        if let Some(form) = forms::date(self.text) {
            // One agreed form cannot hold for all of them.
            let agreed = self
                .look
                .agreed("form.date")
                .filter(|_| several && form == own);
            self.see("form.date", form, &[agreed.unwrap_or(form)]);
        }
        if let Some(value) = forms::unknown_date(self.text) {
            self.see("form.unknown_date", value, &[value]);
        }
        match self.text {
            "0000-01-01" | "9999-12-31" => {
                let value = "0000-01-01/9999-12-31";
                self.see("form.open_date", value, &[value]);
            }
            "9999-99-99" | "0001-01-01" => self.see("form.open_date", self.text, &[]),
            _ => {}
        }
    }

    fn filling(&mut self) {
        let (field, raw) = (self.cell.field, &self.cell.text);
        if self.file.layout.form.as_str() == "fixed" {
            match padding(field, raw) {
                Some("other") => self.see("form.padding", "other", &["other"]),
                // What else was agreed, only people know.
                Some(value) => self.see("form.padding", value, &["n-zero-c-space", "other"]),
                None => {}
            }
        } else if raw.ends_with(' ')
            && field
                .length
                .is_some_and(|n| raw.chars().count() == n as usize)
        {
            // Filled up to its length although nothing is to be filled.
            self.see("form.padding", "other", &["other", "n-zero-c-space"]);
        }
    }
}

fn fields(look: &mut Look<'_>, file: Arrived<'_>, cells: &[Cell<'_>]) {
    let all = file.layout.kinds.iter().flat_map(|k| &k.fields);
    let dates: BTreeSet<_> = all.filter_map(|f| forms::date_of(f.kind)).collect();
    let mut names = Names::default();
    for cell in cells.iter().filter(|c| c.field.kind != FieldType::Dummy) {
        let mut value = Value {
            look,
            file,
            cell,
            text: cell.text.trim_matches([' ', '\u{3000}']),
        };
        if cell.quoted && cell.text.contains('"') {
            value.see("form.quote_escape", "doubled", &["doubled"]);
        }
        if let Some(form) = forms::null(&cell.text, cell.quoted) {
            value.missing(form);
            continue;
        }
        value.number();
        value.day(dates.len() > 1);
        if cell.field.kind == FieldType::Time
            && let Some(form) = forms::time(value.text)
        {
            value.see("form.time", form, &[form]);
        }
        value.filling();
        names.look_at(&mut value);
    }
    names.finish(look);
    let judged = |cell: &Cell<'_>| {
        matches!(cell.field.kind, FieldType::N | FieldType::X) && !cell.text.is_empty()
    };
    if cells.iter().any(judged) {
        let mixed = file.findings.iter().any(|f| f.rule == "VAL-004");
        look.told_elsewhere("form.width", if mixed { "mixed" } else { "standard" });
    }
}

/// How a fixed field is filled, where its value leaves room.
fn padding(field: &Field, raw: &str) -> Option<&'static str> {
    let edge = |c: Option<char>| matches!(c, Some(' ' | '\u{3000}'));
    let (first, last) = (edge(raw.chars().next()), edge(raw.chars().last()));
    if field.kind.is_number() {
        if first || last {
            return Some("other");
        }
        return raw.starts_with('0').then_some("n-zero-c-space");
    }
    match (first, last) {
        (true, false) => Some("other"),
        (false, true) => Some("n-zero-c-space"),
        _ => None,
    }
}

/// What stands between the parts of names. Without any separator in several names, none is used.
#[derive(Default)]
struct Names {
    separated: bool,
    without: BTreeSet<String>,
}

/// Names without separator from which on it is no chance.
const ENOUGH_NAMES: usize = 5;

impl Names {
    fn look_at(&mut self, value: &mut Value<'_, '_>) {
        let (field, text) = (value.cell.field, value.text);
        if !field.is_whole_name() {
            return;
        }
        let separator = if text.contains('\u{3000}') {
            "full-width-space"
        } else if text.contains(' ') {
            "half-width-space"
        } else {
            self.without.insert(text.to_owned());
            return;
        };
        self.separated = true;
        value.see("form.name_separator", separator, &[separator]);
    }

    fn finish(self, look: &mut Look<'_>) {
        if !self.separated && self.without.len() >= ENOUGH_NAMES {
            look.note("form.name_separator", "none", &["none"], &[]);
        }
    }
}

/// Named sets from small to large; the first that holds everything is what was used.
const SETS: &[&str] = &["ascii", "jisx0201", "cp932-no-ext", "cp932", "jisx0213"];

fn characters(look: &mut Look<'_>, file: Arrived<'_>, cells: &[Cell<'_>]) {
    let mut used = BTreeSet::new();
    let mut names = BTreeSet::new();
    for cell in cells {
        used.extend(cell.text.chars());
        if cell.field.is_name_like {
            names.extend(cell.text.chars().filter(|c| MARKS.contains(c)));
        }
    }
    used.retain(|c| !c.is_control() && *c != '\u{FFFD}');
    if used.is_empty() {
        return;
    }
    let class = |class: ScalarClass| used.iter().any(|c| scalar_class(*c) == class);
    if class(ScalarClass::Ivs) || class(ScalarClass::Svs) {
        look.told_elsewhere("ivs", "allow");
    }
    if class(ScalarClass::PrivatePlane) {
        look.note("form.additional", "keep", &["keep"], &["ENC-004"]);
    }
    if used.iter().any(|c| scalar_class(*c).is_private()) {
        look.told_elsewhere("private_use", "allow");
    }
    if !names.is_empty() {
        look.told_elsewhere("substitution_marks", names.iter().collect::<String>());
    }
    let selector = |c: &char| matches!(scalar_class(*c), ScalarClass::Ivs | ScalarClass::Svs);
    let holds = |name: &&&str| {
        Repertoire::compile(name, file.settings.dialect, &[])
            .is_ok_and(|set| used.iter().all(|c| selector(c) || set.contains(*c)))
    };
    look.told_elsewhere(
        "repertoire",
        SETS.iter().find(holds).map_or("any", |name| name),
    );
    mapping(look, file.settings, &used);
    let normal = file.findings.iter().all(|f| f.rule != "ENC-011");
    if used.iter().any(|c| !c.is_ascii()) {
        look.told_elsewhere("normalisation", if normal { "nfc-stable" } else { "as-is" });
    }
}

/// Which table the contentious positions were converted with; only Unicode shows it. Microsoft: U+FF5E 2225 FF0D FFE0–FFE2,
/// JIS: U+301C 2016 2212 00A2 00A3 00AC.
fn mapping(look: &mut Look<'_>, settings: &FileSettings, used: &BTreeSet<char>) {
    let unicode = matches!(
        settings.encoding,
        Encoding::Utf8 | Encoding::Utf16Le | Encoding::Utf16Be
    );
    let any = |chars: &str| chars.chars().any(|c| used.contains(&c));
    if !unicode {
        return;
    }
    // The other tables agree with one of the two in some positions and are not told apart.
    if any("～∥－￠￡￢") {
        look.note(
            "dialect",
            Dialect::Ms.name(),
            &["ms", "ibm", "jis2014"],
            &["ENC-018", "ENC-003"],
        );
    }
    if any("〜‖−¢£¬") {
        look.note(
            "dialect",
            Dialect::Jis.name(),
            &["jis", "ibm", "jis2014"],
            &["ENC-018", "ENC-003"],
        );
    }
}
