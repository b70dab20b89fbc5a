//! One file per command; this one only hands over.

mod agree;
mod anonymize;
mod anonymize_body;
pub mod args;
mod calls;
mod check;
mod check_again;
mod check_agreement;
mod check_set;
mod check_xml;
mod deliver;
mod erase;
mod events;
mod explain;
mod generate;
mod issues;
mod ledger;
mod merge;
mod mock;
mod mutate;
mod pack;
pub mod probe;
mod relay;
mod relayed;
mod repertoire;
mod replay;
mod report;
pub mod report_office;
mod report_template;
pub mod report_tools;
mod rules;
mod run;
mod schema;
mod selftest;
mod spec;
mod spec_coverage;
mod spec_lint;
mod spec_list;
mod verify;

pub(crate) use ledger::log_reveal_in as log_reveal;
use renkei_core::model::Lang;

use crate::trouble::Trouble;
use args::{Cli, Command};

/// Runs a command and gives its exit code.
///
/// # Errors
/// Why the command could not do its work.
pub(crate) fn run(cli: Cli, lang: Lang) -> Result<u8, Trouble> {
    let packs = cli.packs;
    match cli.command {
        Command::Run(args) => run::run(&args, &packs, lang),
        Command::Check(args) => check::run(&args, &packs, lang),
        Command::Agree(args) => agree::run(&args, &packs, lang),
        Command::Report(args) => report::run(&args, lang),
        Command::Verify(args) => verify::run(&args, lang),
        Command::Pack(args) => pack::run(&args, lang),
        Command::Merge(args) => merge::run(&args, lang),
        Command::Generate(args) => generate::run(&args, &packs, lang),
        Command::Mutate(args) => mutate::run(&args, &packs, lang),
        Command::Mock(args) => mock::run(&args, lang),
        Command::Replay(args) => replay::run(&args, lang),
        Command::Export(args) => calls::export(&args, lang),
        Command::Relay(args) => relay::run(&args, &packs, lang),
        Command::Issues(args) => issues::run(&args, lang),
        Command::Spec(args) => spec::run(&args.action, &packs, lang),
        Command::Repertoire(args) => repertoire::run(&args, lang),
        Command::Probe(args) => probe::run(&args, lang),
        Command::Rules { format } => rules::run(format, lang),
        Command::Explain { rule } => explain::run(&rule, lang),
        Command::Anonymize(args) => anonymize::run(&args, &packs, lang),
        Command::Deliver(args) => deliver::run(&args, lang),
        Command::Ledger(args) => ledger::run(&args, lang),
        Command::Erase(args) => erase::run(&args, lang),
        Command::Selftest => selftest::run(lang),
        Command::Schema { document } => schema::run(document),
    }
}
