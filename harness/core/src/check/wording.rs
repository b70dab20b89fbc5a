//! The texts of a finding: a page's templates filled with the arguments of a hit, each language with its own words.
//!
//! `{expected}` and `{observed}` are neutral notation in both languages. `{expected_words}` and `{observed_words}` are the
//! same notation in words; `{expected_setting}` and `{observed_setting}` where it is an answer about the form of a file.
//! `{hex}` are the offending bytes. An argument `x_ja` stands for `{x}` in Japanese.

use super::neutral;
use super::sink::Hit;
use crate::model::Bilingual;

/// The arguments of a hit, ready to fill templates.
pub(super) struct Wording<'h> {
    args: Vec<(&'h str, &'h str)>,
    place: [(&'static str, String); 2],
    words: [(&'static str, String); 4],
}

impl<'h> Wording<'h> {
    pub(super) fn of(hit: &'h Hit) -> Self {
        let field = hit.at.field.as_ref().or(hit.at.pointer.as_ref());
        let args = hit.args.iter().map(|(name, value)| (*name, value.as_str()));
        let neutral = [
            ("expected", hit.expected.as_str()),
            ("observed", hit.observed.as_str()),
            ("expected_words", hit.expected.as_str()),
            ("observed_words", hit.observed.as_str()),
            ("expected_setting", hit.expected.as_str()),
            ("observed_setting", hit.observed.as_str()),
            ("hex", hit.hex.as_str()),
        ];
        Self {
            args: neutral.into_iter().chain(args).collect(),
            place: [
                ("field", field.cloned().unwrap_or_default()),
                ("item", hit.at.item.clone().unwrap_or_default()),
            ],
            words: [
                ("expected_words", neutral::ja(&hit.expected)),
                ("observed_words", neutral::ja(&hit.observed)),
                ("expected_setting", neutral::setting_ja(&hit.expected)),
                ("observed_setting", neutral::setting_ja(&hit.observed)),
            ],
        }
    }

    /// Fills a template of a page.
    pub(super) fn fill(&self, template: &Bilingual) -> Bilingual {
        let place = self
            .place
            .iter()
            .map(|(name, value)| (*name, value.as_str()));
        let english: Vec<(&str, &str)> = self.args.iter().copied().chain(place).collect();
        let own = self
            .args
            .iter()
            .filter_map(|(name, value)| Some((name.strip_suffix("_ja")?, *value)));
        let words = self
            .words
            .iter()
            .map(|(name, value)| (*name, value.as_str()));
        // The first argument of a name counts.
        let japanese: Vec<(&str, &str)> = own.chain(words).chain(english.iter().copied()).collect();
        Bilingual::new(template.fill(&japanese).ja, template.fill(&english).en)
    }
}
