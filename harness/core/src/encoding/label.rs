//! Names of encodings. The table is our own: registered labels differ from what vendors write, and one of them is a trap.

use std::fmt;

use crate::model::Bilingual;

/// An encoding that a layout or a profile may declare. It is declared, never guessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Encoding {
    /// UTF-8; whether a BOM is there is another setting.
    Utf8,
    /// UTF-16, little endian, no BOM of its own.
    Utf16Le,
    /// UTF-16, big endian, no BOM of its own.
    Utf16Be,
    /// Microsoft's code page 932: JIS X 0208, NEC row 13, NEC selected, IBM extensions, user-defined area F040–F9FC.
    Cp932,
    /// Shift_JIS as JIS X 0208 alone: no vendor extension, no user-defined area.
    ShiftJisX0208,
    /// Shift_JIS-2004: JIS X 0213:2004.
    ShiftJis2004,
    /// EUC-JP with half-width kana (SS2) and JIS X 0212 (SS3), NEC row 13 and NEC selected included.
    EucJp,
    /// ISO-2022-JP with its escape sequences, half-width kana (`ESC ( I`) and JIS X 0212 (`ESC $ ( D`) included.
    Iso2022Jp,
    /// JIS X 0201, 8 bits: Roman letters and half-width kana, one byte each.
    JisX0201,
}

impl Encoding {
    /// Every encoding.
    pub const ALL: [Self; 9] = [
        Self::Utf8,
        Self::Utf16Le,
        Self::Utf16Be,
        Self::Cp932,
        Self::ShiftJisX0208,
        Self::ShiftJis2004,
        Self::EucJp,
        Self::Iso2022Jp,
        Self::JisX0201,
    ];

    /// The name in packs, profiles and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
            Self::Cp932 => "cp932",
            Self::ShiftJisX0208 => "shift_jis-x0208",
            Self::ShiftJis2004 => "shift_jis-2004",
            Self::EucJp => "euc-jp",
            Self::Iso2022Jp => "iso-2022-jp",
            Self::JisX0201 => "jisx0201",
        }
    }

    /// Reads a label as vendors write it; case, spaces, `-` and `_` do not matter.
    ///
    /// # Errors
    /// [`LabelFault::Ambiguous`] for a bare `Shift_JIS`, which has at least three meanings; [`LabelFault::Unknown`] else.
    pub fn parse(label: &str) -> Result<Self, LabelFault> {
        let key: String = label
            .chars()
            .map(half_width)
            .filter(|c| !matches!(c, '-' | '_' | ' ' | '.'))
            .flat_map(char::to_lowercase)
            .collect();
        Ok(match key.as_str() {
            "utf8" | "utf8n" | "utf8bom" | "unicode11utf8" | "65001" | "cp65001" => Self::Utf8,
            "utf16le" | "ucs2le" | "1200" | "cp1200" => Self::Utf16Le,
            "utf16be" | "ucs2be" | "1201" | "cp1201" => Self::Utf16Be,
            "cp932" | "ms932" | "windows31j" | "windows932" | "mskanji" | "sjiswin"
            | "cswindows31j" | "932" | "xms932" => Self::Cp932,
            "shiftjisx0208" | "sjisx0208" | "shiftjis1997" => Self::ShiftJisX0208,
            "shiftjis2004" | "sjis2004" | "shiftjisx0213" | "sjisx0213" | "xsjis0213"
            | "sjis0213" => Self::ShiftJis2004,
            "eucjp" | "eucjpms" | "eucjpwin" | "cp51932" | "51932" | "xeucjp" | "ujis" => {
                Self::EucJp
            }
            "iso2022jp" | "csiso2022jp" | "cp50220" | "cp50221" | "cp50222" | "iso2022jp1" => {
                Self::Iso2022Jp
            }
            "jisx0201" | "jisx02018bit" | "jis8" | "xjisx0201" => Self::JisX0201,
            "shiftjis" | "sjis" | "xsjis" | "csshiftjis" | "シフトjis" | "ｼﾌﾄjis"
            | "シフトジス" => {
                return Err(LabelFault::Ambiguous(label.to_owned()));
            }
            _ => return Err(LabelFault::Unknown(label.to_owned())),
        })
    }

    /// True for the three encodings whose units are those of [`super::class::SjisTable`].
    pub fn is_shift_jis(self) -> bool {
        matches!(self, Self::Cp932 | Self::ShiftJisX0208 | Self::ShiftJis2004)
    }

    /// True when every byte below 0x40 stands for itself, wherever it is in well-formed text, so that `,` `"` CR LF can be
    /// split on bytes: all but UTF-16 and ISO-2022-JP.
    pub fn is_splittable_on_bytes(self) -> bool {
        !matches!(self, Self::Utf16Le | Self::Utf16Be | Self::Iso2022Jp)
    }
}

/// A full-width letter, digit or mark as the half-width one: `ＳＪＩＳ`.
fn half_width(c: char) -> char {
    let value = u32::from(c);
    match value {
        0x3000 => ' ',
        0xFF01..=0xFF5E => char::from_u32(value - 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Why a label names no encoding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LabelFault {
    /// A bare `Shift_JIS`: CP932, JIS X 0208 alone and JIS X 0213 all go by that name, and they differ.
    Ambiguous(String),
    /// Not a name we know.
    Unknown(String),
}

impl LabelFault {
    /// What is wrong.
    pub fn message(&self) -> Bilingual {
        match self {
            Self::Ambiguous(label) => Bilingual::new(
                format!("文字コード「{label}」は一つに定まりません"),
                format!("the encoding name `{label}` has several meanings"),
            ),
            Self::Unknown(label) => Bilingual::new(
                format!("文字コード「{label}」は使えません"),
                format!("`{label}` is not an encoding renkei knows"),
            ),
        }
    }

    /// What was expected and how to fix it.
    pub fn help(&self) -> Bilingual {
        match self {
            Self::Ambiguous(_) => Bilingual::new(
                "製品により範囲と変換表が異なるため、cp932（機種依存文字・外字領域を含む）、shift_jis-x0208（JIS X 0208のみ）、shift_jis-2004（JIS X 0213）のどれかを書きます",
                "products differ in range and mapping: write cp932 (with vendor characters and user-defined area), shift_jis-x0208 (JIS X 0208 only) or shift_jis-2004 (JIS X 0213)",
            ),
            Self::Unknown(_) => {
                let names = Encoding::ALL.map(Encoding::name).join(" ");
                Bilingual::new(
                    format!("使える名前: {names}"),
                    format!("names that can be used: {names}"),
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_label_in_japanese_is_ambiguous_too() {
        for label in ["シフトJIS", "ｼﾌﾄJIS", "ＳＪＩＳ", "Shift＿JIS"] {
            let ambiguous = LabelFault::Ambiguous(label.to_owned());
            assert_eq!(Encoding::parse(label), Err(ambiguous), "{label}");
        }
        assert_eq!(Encoding::parse("ＵＴＦ－８"), Ok(Encoding::Utf8));
    }

    #[test]
    fn names_are_labels_of_themselves() {
        for encoding in Encoding::ALL {
            assert_eq!(Encoding::parse(encoding.name()), Ok(encoding));
        }
    }

    #[test]
    fn a_bare_shift_jis_is_refused() {
        for label in ["Shift_JIS", "SJIS", "shift-jis", "x-sjis", "csShiftJIS"] {
            assert_eq!(
                Encoding::parse(label),
                Err(LabelFault::Ambiguous(label.to_owned()))
            );
        }
        // IBM943 is CP932 in another dialect, JIS means JIS X 0201 to banks: whoever declares them says which.
        for label in ["latin1", "IBM943", "JIS", "UTF-16"] {
            assert!(
                matches!(Encoding::parse(label), Err(LabelFault::Unknown(_))),
                "{label}"
            );
        }
    }

    #[test]
    fn vendors_names_are_known() {
        for label in ["CP932", "MS932", "Windows-31J", "csWindows31J", "SJIS-win"] {
            assert_eq!(Encoding::parse(label), Ok(Encoding::Cp932), "{label}");
        }
        assert_eq!(
            Encoding::parse("Shift_JISX0213"),
            Ok(Encoding::ShiftJis2004)
        );
        assert_eq!(Encoding::parse("eucJP-win"), Ok(Encoding::EucJp));
    }
}
