//! `renkei selftest`: every rule on its own examples, offline, on the user's machine.

use renkei_core::model::{Bilingual, Lang, exit};
use renkei_core::selftest;

use crate::screen;
use crate::trouble::Trouble;

pub(super) fn run(lang: Lang) -> Result<u8, Trouble> {
    let outcomes = selftest::run();
    let failed: Vec<String> = outcomes
        .iter()
        .filter(|outcome| !outcome.holds())
        .map(ToString::to_string)
        .collect();
    for line in &failed {
        screen::result(&format!("{line}\n"))?;
    }
    let (all, bad) = (outcomes.len(), failed.len());
    let good = all - bad;
    let summary = Bilingual::new(
        format!("例 {all}件: 期待どおり {good}件、期待と違う {bad}件"),
        format!("{all} examples: {good} as expected, {bad} not"),
    );
    screen::result(&format!("{}\n", summary.get(lang)))?;
    Ok(if bad == 0 && all > 0 {
        exit::PASSED
    } else {
        exit::TOOL_ERROR
    })
}
