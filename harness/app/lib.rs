//! The program: command line, exit codes, wiring. It knows every other crate, and none of them knows it.

pub mod cli;
mod files;
mod inputs;
mod judging;
mod locale;
mod packs;
pub mod privacy;
mod runtime;
mod scratch;
mod screen;
mod trouble;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use clap::Parser;
use renkei_core::model::{Bilingual, Lang, exit};

use cli::args::Cli;

/// Runs the program with the process's own arguments.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are results, the rest is wrong usage; clap knows where each goes.
            let code = if error.use_stderr() {
                exit::USAGE
            } else {
                exit::PASSED
            };
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    screen::choose_color(cli.color);
    let lang = locale::language(cli.lang.map(Lang::from), |name| std::env::var(name).ok());
    // A defect of ours must not read like one of a product, nor as success.
    let outcome = catch_unwind(AssertUnwindSafe(|| cli::run(cli, lang)));
    let code = match outcome {
        Ok(Ok(code)) => code,
        Ok(Err(trouble)) => {
            screen::note(&trouble.show(lang));
            trouble.code()
        }
        Err(_) => {
            let text = Bilingual::new(
                "renkei 自身の障害です。製品の不適合ではありません。上の英文を添えて知らせてください。",
                "This is a failure of renkei itself, not of a product. Please report it with the lines above.",
            );
            screen::note(text.get(lang));
            exit::TOOL_ERROR
        }
    };
    ExitCode::from(code)
}
