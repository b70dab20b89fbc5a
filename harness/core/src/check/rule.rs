//! A rule: one requirement the harness can judge. Everything people read about it is in its page (the `.md` beside it).

use super::page::Page;

/// One rule. Code and name are in the source so that a search for either lands in the rule's file; the rest is its page.
#[derive(Debug)]
pub struct Rule {
    /// `AREA-NNN`, stable for ever, never reused.
    pub code: &'static str,
    /// Kebab-case name of the *bad* pattern; also the file's name with underscores.
    pub name: &'static str,
    /// The page as written: TOML front matter between `+++` lines, then Markdown with examples.
    pub source: &'static str,
}

impl Rule {
    /// The rule's page, parsed once per process.
    ///
    /// A page that cannot be parsed is a defect of the build; `tests/pages.rs` proves that none exists, and an empty
    /// page stands in for it so that a run never stops for its sake.
    pub fn page(&self) -> &'static Page {
        super::registry::page_of(self.code)
    }
}

/// A rule that was withdrawn: its code stays taken, so that an old report can still be explained.
#[derive(Debug)]
pub struct Retired {
    /// The code that is never used again.
    pub code: &'static str,
    /// What took its place.
    pub successor: Option<&'static str>,
    /// First version without it.
    pub since: &'static str,
}
