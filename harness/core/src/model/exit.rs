//! Exit codes of the program: an interface that scripts rely on, one table for every command.

use super::Verdict;

/// Every required check passed.
pub const PASSED: u8 = 0;
/// A required check found a non-conformity.
pub const NONCONFORMING: u8 = 1;
/// The command line is wrong, or an input (pack, profile, plan) cannot be loaded.
pub const USAGE: u8 = 2;
/// Incomplete: 設定不備, 要確認, 判定不能, 未実施, or nothing was selected.
pub const INCOMPLETE: u8 = 3;
/// The harness itself failed; nothing is said about a product.
pub const TOOL_ERROR: u8 = 4;
/// Stopped by the personal-information guard.
pub const PERSONAL_DATA: u8 = 5;
/// Interrupted; what ran is saved.
pub const INTERRUPTED: u8 = 130;

/// The exit code that goes with a verdict.
pub fn of_verdict(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Pass => PASSED,
        Verdict::Fail => NONCONFORMING,
        Verdict::Review | Verdict::Inconclusive | Verdict::NotRun | Verdict::NotApplicable => {
            INCOMPLETE
        }
        Verdict::ToolError => TOOL_ERROR,
    }
}
