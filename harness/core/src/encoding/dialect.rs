//! The mapping dialects: which scalar value a contentious position of the Shift_JIS family stands for.
//!
//! Eight JIS X 0208 positions and one IBM extension are mapped differently by converters that all call themselves
//! Shift_JIS or CP932; four clusters are enough to name them (measured over 23 converters). Shift_JIS-2004 has a table of its
//! own, in which U+FF5E and U+301C are different characters: there `Ms` and `Ibm` mean that table with 5C, 7E, 815F and 81B0
//! as Java and glibc read them.

use crate::model::Bilingual;

/// A cluster of converters that agree on every contentious position.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dialect {
    /// Microsoft: Windows, WHATWG, Java windows-31j, CPython cp932, glibc CP932. 8160 is U+FF5E.
    #[default]
    Ms,
    /// JIS: CPython shift_jis, glibc SJIS, Perl shiftjis. 8160 is U+301C. In Shift_JIS-2004 the table of the standard:
    /// 5C is U+00A5, 7E is U+203E, 815F is U+005C, 81B0 is U+007E.
    Jis,
    /// JIS, and 815C is U+2014: Java Shift_JIS, the JIS X 0213 codecs of Java and glibc.
    Jis2014,
    /// IBM: 815C is U+2014, FFE0–FFE2 kept, FA55 is U+00A6: Java IBM943C, AIX.
    Ibm,
}

impl Dialect {
    /// Every dialect.
    pub const ALL: [Self; 4] = [Self::Ms, Self::Jis, Self::Jis2014, Self::Ibm];

    /// The name in packs and profiles.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ms => "ms",
            Self::Jis => "jis",
            Self::Jis2014 => "jis2014",
            Self::Ibm => "ibm",
        }
    }

    /// Reads a name as written in a layout.
    ///
    /// # Errors
    /// What is wrong and which names there are.
    pub fn parse(name: &str) -> Result<Self, Bilingual> {
        Self::ALL
            .into_iter()
            .find(|d| d.name().eq_ignore_ascii_case(name))
            .ok_or_else(|| {
                let names = Self::ALL.map(Self::name).join(" ");
                Bilingual::new(
                    format!("変換表の系統「{name}」は使えません（使える名前: {names}）"),
                    format!("`{name}` is not a mapping dialect; use one of {names}"),
                )
            })
    }

    /// The scalar value of a Shift_JIS position whose Microsoft value is `ms`.
    pub(super) fn of_pair(self, pair: u16, ms: char) -> char {
        match (self, pair) {
            (Self::Jis | Self::Jis2014 | Self::Ibm, 0x8160) => '\u{301C}',
            (Self::Jis | Self::Jis2014 | Self::Ibm, 0x8161) => '\u{2016}',
            (Self::Jis | Self::Jis2014 | Self::Ibm, 0x817C) => '\u{2212}',
            (Self::Jis2014 | Self::Ibm, 0x815C) => '\u{2014}',
            (Self::Jis | Self::Jis2014, 0x8191) => '\u{A2}',
            (Self::Jis | Self::Jis2014, 0x8192) => '\u{A3}',
            (Self::Jis | Self::Jis2014, 0x81CA) => '\u{AC}',
            (Self::Ibm, 0xFA55 | 0xEEFA) => '\u{A6}',
            _ => ms,
        }
    }
}

/// What a program writes for the characters that CP932 holds two or three times (398 positions lose in each case).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Duplicates {
    /// NEC row 13, then IBM extensions (FAxx–FCxx): Windows, Java, glibc, ICU, WHATWG.
    #[default]
    Windows,
    /// NEC row 13, then NEC selected (EDxx, EExx): CPython cp932, npm encoding-japanese.
    NecSelected,
    /// IBM extensions first, so that Ⅰ–Ⅹ № ℡ ㈱ go to FAxx: IBM-943 converters.
    Ibm,
}

impl Duplicates {
    /// Every preference.
    pub const ALL: [Self; 3] = [Self::Windows, Self::NecSelected, Self::Ibm];

    /// The name in profiles and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Windows => "windows",
            Self::NecSelected => "nec-selected",
            Self::Ibm => "ibm",
        }
    }
}
