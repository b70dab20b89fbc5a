//! `renkei spec`: what packs there are; each further action is in a file of its own.

mod diff;
mod export;
mod reference;
mod show;

pub(super) mod import;

use std::path::PathBuf;

use renkei_core::model::{Lang, Problems, exit};
use renkei_core::spec::Library;

use super::args::SpecAction;
use crate::trouble::Trouble;
use crate::{packs, screen};

pub(in crate::cli) use diff::DiffArgs;
pub(in crate::cli) use export::ExportArgs;
pub(in crate::cli) use show::ShowArgs;

pub(super) fn run(action: &SpecAction, folders: &[PathBuf], lang: Lang) -> Result<u8, Trouble> {
    if let SpecAction::Import(args) = action {
        return import::run(args, lang);
    }
    let mut problems = Problems::new();
    let library = Library::new(packs::library(folders, &mut problems));
    if !problems.is_empty() {
        return Err(Trouble::Inputs(problems));
    }
    match action {
        SpecAction::List | SpecAction::Import(_) => {}
        SpecAction::Show(args) => return show::run(args, &library, lang),
        SpecAction::Diff(args) => return diff::run(args, &library, lang),
        SpecAction::Export(args) => return export::run(args, &library, lang),
        SpecAction::Lint(args) => return super::spec_lint::run(args, &library, problems, lang),
        SpecAction::Coverage(args) => {
            return super::spec_coverage::run(args, &library, problems, lang);
        }
    }
    let text = super::spec_list::list(&library, folders, lang, &mut problems);
    if !problems.is_empty() {
        return Err(Trouble::Inputs(problems));
    }
    screen::result(&text)?;
    Ok(exit::PASSED)
}
