//! The settings of a file as the words that layouts, profiles and reports use for them.

use super::{Empty, FileSettings, LengthUnit, Presence, RemainderOne};
use crate::encoding::Duplicates;

impl FileSettings {
    /// The value of a key of [`FileSettings::KEYS`] as it is written in a layout; empty for an unknown key.
    pub fn word(&self, key: &str) -> String {
        match key {
            "encoding" => self.encoding.name(),
            "bom" => presence(self.bom),
            "newline" => self.newline.name(),
            "final_newline" => presence(self.final_newline),
            "eof_mark" => presence(self.eof_mark),
            "delimiter" if self.delimiter == b'\t' => "tab",
            "delimiter" => return char::from(self.delimiter).to_string(),
            "quoting" => self.quoting.name(),
            "newline_in_field" => allowed(self.newline_in_field),
            "header" => self.header.name(),
            "length_unit" => unit(self.length_unit),
            "repertoire" => &self.repertoire,
            "dialect" => self.dialect.name(),
            "ivs" => return listed(self.ivs, &self.ivs_list),
            "svs" => self.svs.map_or("", allowed),
            "private_use" => return listed(self.private_use, &self.private_use_list),
            "duplicates" => duplicates(self.duplicates),
            "normalisation" if self.nfc_stable => "nfc-stable",
            "normalisation" => "as-is",
            "substitution_marks" => &self.substitution_marks,
            "empty" => empty(self.empty),
            "migrated_numbers" if self.migrated_numbers => "true",
            "migrated_numbers" => "false",
            "check_digit_remainder_1" => remainder(self.check_digit_remainder_1),
            _ => "",
        }
        .to_owned()
    }
}

fn allowed(yes: bool) -> &'static str {
    if yes { "allow" } else { "forbid" }
}

fn listed(allow: bool, list: &str) -> String {
    match list {
        "" => allowed(allow).to_owned(),
        list => format!("list:{list}"),
    }
}

fn duplicates(value: Option<Duplicates>) -> &'static str {
    match value {
        None => "any",
        Some(Duplicates::Windows) => "windows",
        Some(Duplicates::NecSelected) => "nec",
        Some(Duplicates::Ibm) => "ibm",
    }
}

fn presence(value: Presence) -> &'static str {
    match value {
        Presence::Forbid => "forbid",
        Presence::Require => "require",
        Presence::Allow => "allow",
    }
}

fn unit(value: LengthUnit) -> &'static str {
    match value {
        LengthUnit::Chars => "chars",
        LengthUnit::Graphemes => "graphemes",
        LengthUnit::Utf16 => "utf16",
        LengthUnit::Bytes => "bytes",
    }
}

fn empty(value: Empty) -> &'static str {
    match value {
        Empty::Empty => "empty",
        Empty::Quoted => "quoted",
        Empty::Spaces => "spaces",
    }
}

fn remainder(value: RemainderOne) -> &'static str {
    match value {
        RemainderOne::Zero => "zero",
        RemainderOne::Skip => "skip",
        RemainderOne::Review => "review",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_written_as_it_is_read() {
        let values = [
            "cp932", "allow", "lf", "allow", "require", "tab", "kokuho", "allow", "roman", "bytes",
            "cp932", "jis", "list:mj", "allow", "forbid", "nec", "as-is", "〓■", "quoted", "true",
            "zero",
        ];
        let mut settings = FileSettings::default();
        for (key, value) in FileSettings::KEYS.iter().zip(values) {
            settings.set(key, value).expect("the value is allowed");
            assert_eq!(settings.word(key), value, "{key}");
        }
    }
}
