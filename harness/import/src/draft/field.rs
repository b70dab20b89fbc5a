//! One field of a layout while it is being made.

use renkei_core::spec::layout::FIELD_COLUMNS;

/// One field with its place in the source.
#[derive(Clone, Debug, Default)]
pub(crate) struct FieldDraft {
    pub(crate) kind: String,
    pub(crate) no: usize,
    pub(crate) item_id: String,
    pub(crate) name: String,
    pub(crate) roman: String,
    pub(crate) group: String,
    pub(crate) primary_key: bool,
    pub(crate) foreign_key: bool,
    pub(crate) data_type: String,
    pub(crate) length: String,
    pub(crate) code: String,
    pub(crate) repeat: String,
    pub(crate) output: &'static str,
    pub(crate) condition: String,
    pub(crate) start: String,
    pub(crate) width: String,
    pub(crate) pad: String,
    pub(crate) decimals: String,
    pub(crate) repertoire: String,
    pub(crate) format: String,
    pub(crate) unknown_date: bool,
    pub(crate) fixed_value: String,
    pub(crate) when: String,
    pub(crate) class: String,
    pub(crate) sensitive: &'static str,
    pub(crate) sample: String,
    pub(crate) note: String,
    /// Sheet and cells, `B7:V7`.
    pub(crate) sheet: String,
    pub(crate) cells: String,
}

impl FieldDraft {
    /// The cells of the row, in the order of `fields.csv` (specs/README.md).
    pub(super) fn row(&self) -> Vec<String> {
        FIELD_COLUMNS.iter().map(|name| self.cell(name)).collect()
    }

    fn cell(&self, column: &str) -> String {
        let flag = |set: bool| if set { "1" } else { "" };
        match column {
            "kind" => &self.kind,
            "no" => return self.no.to_string(),
            "item_id" => &self.item_id,
            "name" => &self.name,
            "roman" => &self.roman,
            "group" => &self.group,
            "pk" => flag(self.primary_key),
            "fk" => flag(self.foreign_key),
            "type" => &self.data_type,
            "length" => &self.length,
            "code" => &self.code,
            "repeat" => &self.repeat,
            "output" => self.output,
            "condition" => &self.condition,
            "start" => &self.start,
            "width" => &self.width,
            "pad" => &self.pad,
            "decimals" => &self.decimals,
            "repertoire" => &self.repertoire,
            "format" => &self.format,
            "unknown_date" if self.unknown_date => "allow",
            "fixed_value" => &self.fixed_value,
            "sensitive" => self.sensitive,
            "sample" => &self.sample,
            "note" => &self.note,
            "when" => &self.when,
            "class" => &self.class,
            _ => "",
        }
        .to_owned()
    }

    /// Rules that judge what the row states; `closed`: its values are limited to its code list.
    pub(super) fn rules(&self, closed: bool) -> String {
        let mut rules = Vec::new();
        match self.output {
            "required" => rules.push("VAL-001"),
            "conditional" if !self.condition.is_empty() => rules.push("VAL-002"),
            _ => {}
        }
        rules.extend(match self.data_type.as_str() {
            "X" | "N" | "C" if self.class != "mixed" => &["VAL-004"][..],
            "9" | "9V" | "S9" | "ZONED" => &["VAL-005"][..],
            "TIME" => &["VAL-007"][..],
            "BLOB" | "DUMMY" | "X" | "N" | "C" => &[][..],
            _ => &["VAL-006"][..],
        });
        let has_length = self.data_type == "9V" || !self.length.is_empty();
        if has_length && self.data_type != "DUMMY" {
            rules.push("VAL-003");
        }
        if closed {
            rules.push("VAL-008");
        }
        if !self.fixed_value.is_empty() {
            rules.push("VAL-013");
        }
        if self.primary_key {
            rules.push("XRF-001");
        }
        match self.format.as_str() {
            "kojinbango" => rules.push("VAL-009"),
            "dantaicode" => rules.push("VAL-011"),
            "hojinbango" => rules.push("VAL-014"),
            format if format.starts_with("regex:") => rules.push("VAL-012"),
            _ => {}
        }
        rules.join(" ")
    }
}
