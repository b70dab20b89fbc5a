//! What the files of a layout are to each other: numbers in their names, parts of one file, companions (`specs/README.md`,
//! "Sets of files").

use super::NamePattern;
use super::toml_table::{Document, Table};
use crate::model::Bilingual;

/// How the files of a layout belong together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SetRules {
    /// Part of the name that counts the files up; empty: none does.
    pub sequence: String,
    /// Number of the first file; `None`: the smallest that is there.
    pub sequence_start: Option<u64>,
    /// Part of the name that numbers the parts of a split file, from 1.
    pub part: String,
    /// Part of the name that says how many parts there are; empty: the name does not say.
    pub parts: String,
    /// Only the first part has a header row.
    pub header_in_first: bool,
    /// Order of records, totals and keys go over all parts; else each part stands by itself.
    pub records_continue: bool,
    /// Part of the name that says 全件 or 差分.
    pub extent: String,
    /// The word for 全件 in that part; empty: nothing is known about what a file leaves out.
    pub full: String,
    /// Files of both extents may be in one set.
    pub extents_may_mix: bool,
    /// Parts of the name that must be equal for files to belong together; `None`: all that do not count or tell the time.
    pub within: Option<Vec<String>>,
}

/// What a companion file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompanionKind {
    /// Its being there says that the data file is complete.
    Completion,
    /// It says something about the data file; nothing in it is judged.
    Control,
    /// It holds the SHA-256 of the data file.
    Digest,
}

/// A file that goes with each data file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Companion {
    /// Name: `{file}` is the data file's, `{stem}` the same without its last extension.
    pub name: String,
    /// What it is for.
    pub kind: CompanionKind,
    /// It has no bytes.
    pub empty: bool,
}

impl Companion {
    /// The name of the companion of a data file.
    pub fn name_for(&self, file: &str) -> String {
        let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
        self.name.replace("{file}", file).replace("{stem}", stem)
    }
}

const SET_KEYS: &[&str] = &[
    "sequence",
    "sequence_start",
    "part",
    "parts",
    "header_in",
    "records",
    "extent",
    "extents",
    "full",
    "within",
];

/// Reads `[set]`.
pub(super) fn set_rules(
    top: &Table<'_, '_>,
    doc: &mut Document<'_>,
    pattern: Option<&NamePattern>,
) -> SetRules {
    let Some((table, span)) = top.table(doc, "set") else {
        return SetRules::default();
    };
    let table = Table::new(doc, "[set]", table, span, SET_KEYS);
    let mut part = |key: &str| {
        let name = table.string(doc, key).unwrap_or("").to_owned();
        known(&name, table.place(key), pattern, doc);
        name
    };
    let (sequence, of_part, parts, extent) = (
        part("sequence"),
        part("part"),
        part("parts"),
        part("extent"),
    );
    let within = table.value("within").map(|_| {
        let names = table.strings(doc, "within");
        for (name, at) in &names {
            known(name, *at, pattern, doc);
        }
        names.into_iter().map(|(name, _)| name.to_owned()).collect()
    });
    SetRules {
        sequence,
        sequence_start: start(&table, doc),
        part: of_part,
        parts,
        header_in_first: word(&table, doc, "header_in", ["every", "first"]),
        records_continue: !word(&table, doc, "records", ["continue", "each"]),
        extent,
        full: table.string(doc, "full").unwrap_or("").to_owned(),
        extents_may_mix: word(&table, doc, "extents", ["one", "mixed"]),
        within,
    }
}

/// A count from 0 up.
fn start(table: &Table<'_, '_>, doc: &mut Document<'_>) -> Option<u64> {
    let value = table.value("sequence_start")?;
    let number = value.get_ref().as_integer();
    let number = number.and_then(|n| u64::from_str_radix(n.as_str(), n.radix()).ok());
    if number.is_none() {
        let message = Bilingual::new(
            "[set]の sequence_start は0以上の整数で書きます",
            "`sequence_start` of [set] must be an integer from 0 up",
        );
        doc.problem(
            value.span().start,
            message,
            Bilingual::same("sequence_start = 1"),
        );
    }
    number
}

/// True for the second of two words; the first is the default.
fn word(table: &Table<'_, '_>, doc: &mut Document<'_>, key: &str, words: [&str; 2]) -> bool {
    let Some(found) = table.string(doc, key) else {
        return false;
    };
    if !words.contains(&found) {
        let message = Bilingual::new(
            format!("{key} の「{found}」は使えません"),
            format!("`{found}` is not a value of `{key}`"),
        );
        doc.problem(
            table.place(key),
            message,
            Bilingual::same(words.join(" | ")),
        );
    }
    found == words[1]
}

fn known(name: &str, at: usize, pattern: Option<&NamePattern>, doc: &mut Document<'_>) {
    if name.is_empty() || pattern.is_some_and(|p| p.has_part(name)) {
        return;
    }
    let message = Bilingual::new(
        format!("name_pattern に {{{name}}} がありません"),
        format!("`name_pattern` has no part {{{name}}}"),
    );
    let help = Bilingual::new(
        "name_pattern の波かっこの中の名前を書きます（specs/README.md「ファイルの組」）",
        "write a name that stands in braces in `name_pattern` (specs/README.md, Sets of files)",
    );
    doc.problem(at, message, help);
}

/// Reads `[[companion]]`.
pub(super) fn companions(top: &Table<'_, '_>, doc: &mut Document<'_>) -> Vec<Companion> {
    let mut found = Vec::new();
    for (table, span) in top.tables(doc, "companion") {
        let table = Table::new(
            doc,
            "[[companion]]",
            table,
            span,
            &["name", "kind", "empty"],
        );
        let name = table.required(doc, "name").to_owned();
        if !name.is_empty() && (!name.contains("{file}") && !name.contains("{stem}")) {
            let message = Bilingual::new(
                "companion の name に {file} か {stem} がありません",
                "the name of a companion needs {file} or {stem}",
            );
            let help = Bilingual::new(
                "データのファイル名から作れる名前にします。例: name = \"{file}.end\"",
                "the name is made of the data file's, for example name = \"{file}.end\"",
            );
            doc.problem(table.place("name"), message, help);
        }
        let kind = match table.required(doc, "kind") {
            "completion" => CompanionKind::Completion,
            "digest" => CompanionKind::Digest,
            "control" | "" => CompanionKind::Control,
            other => {
                let message = Bilingual::new(
                    format!("companion の kind の「{other}」は使えません"),
                    format!("`{other}` is not a kind of companion"),
                );
                doc.problem(
                    table.place("kind"),
                    message,
                    Bilingual::same("completion | control | digest"),
                );
                CompanionKind::Control
            }
        };
        let empty = table
            .value("empty")
            .and_then(|v| v.get_ref().as_bool())
            .unwrap_or(false);
        found.push(Companion { name, kind, empty });
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::model::{Lang, Problems};
    use crate::spec::layout::{CompanionKind, Layout};

    fn load(text: &str) -> (Option<Layout>, Vec<String>) {
        let mut problems = Problems::new();
        let head = "id = \"a\"\ntitle = { ja = \"a\", en = \"a\" }\nform = \"delimited\"\n";
        let fields = b"no,name,roman,type\n1,a,a,9\n";
        let layout = Layout::load(
            &format!("{head}{text}"),
            fields,
            ("layout.toml", "fields.csv"),
            &mut problems,
        );
        (layout, problems.iter().map(|p| p.show(Lang::En)).collect())
    }

    #[test]
    fn the_rules_of_a_set_are_read() {
        let (layout, problems) = load(
            "name_pattern = \"a_{n:9(3)}_{p:9(1)}of{t:9(1)}.csv\"\n[set]\nsequence = \"n\"\nsequence_start = 1\npart = \"p\"\nparts = \"t\"\nheader_in = \"first\"\nwithin = [\"n\"]\n[[companion]]\nname = \"{stem}.end\"\nkind = \"completion\"\nempty = true\n",
        );
        assert_eq!(problems, Vec::<String>::new());
        let layout = layout.expect("the layout is sound");
        assert!(layout.set.header_in_first && layout.set.records_continue);
        assert_eq!(layout.set.sequence_start, Some(1));
        let companion = &layout.companions[0];
        assert_eq!(companion.name_for("a_001.csv"), "a_001.end");
        assert_eq!(companion.kind, CompanionKind::Completion);
    }

    #[test]
    fn mistakes_are_told_at_their_place() {
        let (layout, problems) = load(
            "name_pattern = \"a_{n:9(3)}.csv\"\n[set]\nsequence = \"m\"\nextents = \"both\"\n[[companion]]\nname = \"x.end\"\nkind = \"zip\"\n",
        );
        assert!(layout.is_none());
        assert_eq!(problems.len(), 4, "{problems:#?}");
        assert!(problems[0].starts_with("layout.toml:6:12"), "{problems:#?}");
    }
}
