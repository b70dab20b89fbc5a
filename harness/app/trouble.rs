//! Why a command could not do its work: what to show, and the exit code.

use std::path::Path;

use renkei_core::mask::without_quoted_values;
use renkei_core::model::{Bilingual, Lang, Problem, Problems, exit};
use renkei_report::ReportError;
use renkei_run::RunError;

/// Why a command could not do its work.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// Inputs that cannot be loaded, every problem of them.
    Inputs(Problems),
    /// The personal-information guard.
    PersonalData(Bilingual),
    /// The world did not allow it.
    Run(RunError),
    /// The harness itself.
    Tool(Bilingual),
}

impl Trouble {
    /// One problem with an input.
    pub(crate) fn input(file: impl Into<String>, message: Bilingual, help: Bilingual) -> Self {
        Self::Inputs(vec![Problem::of_file(file, message, help)])
    }

    /// A file that could not be read or written.
    pub(crate) fn file(path: &Path, error: &std::io::Error) -> Self {
        Self::Inputs(vec![crate::packs::unreadable(path, error)])
    }

    /// What people read, in one language; readers quote values, which are shown by their classes only.
    pub(crate) fn show(&self, lang: Lang) -> String {
        without_quoted_values(&self.text(lang)).into_owned()
    }

    fn text(&self, lang: Lang) -> String {
        match self {
            Self::Inputs(problems) => problems
                .iter()
                .map(|p| p.show(lang))
                .collect::<Vec<_>>()
                .join("\n"),
            Self::PersonalData(text) | Self::Tool(text) => text.get(lang).to_owned(),
            Self::Run(error) => error.show(lang),
        }
    }

    /// The exit code.
    pub(crate) fn code(&self) -> u8 {
        match self {
            Self::Inputs(_) => exit::USAGE,
            Self::PersonalData(_) => exit::PERSONAL_DATA,
            Self::Run(error) if error.is_input() => exit::USAGE,
            Self::Run(_) | Self::Tool(_) => exit::TOOL_ERROR,
        }
    }
}

impl From<RunError> for Trouble {
    fn from(error: RunError) -> Self {
        Self::Run(error)
    }
}

impl From<ReportError> for Trouble {
    fn from(error: ReportError) -> Self {
        let text = error.to_string();
        Self::Tool(Bilingual::new(
            format!("報告書を作れません: {text}"),
            format!("the report cannot be made: {text}"),
        ))
    }
}

impl From<std::io::Error> for Trouble {
    fn from(error: std::io::Error) -> Self {
        Self::Tool(Bilingual::new(
            format!("入出力の障害: {error}"),
            format!("input/output failed: {error}"),
        ))
    }
}
