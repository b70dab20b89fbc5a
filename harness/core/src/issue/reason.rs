//! Why the machine changed an issue, in sentences that a page can say in its language: a register keeps what was written.

use super::entry::What;
use crate::model::Bilingual;

/// What a run said of an issue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// A draft was made of a finding.
    Drafted,
    /// An approved issue was found again.
    Reopened,
    /// An open issue was found again.
    SeenAgain,
    /// The case was executed and did not show it.
    Absent,
    /// The same, as a line of 対応結果.
    Retested,
}

impl Reason {
    const ALL: [Self; 5] = [
        Self::Drafted,
        Self::Reopened,
        Self::SeenAgain,
        Self::Absent,
        Self::Retested,
    ];

    /// `{run}` and `{finding}` stand for ids.
    fn template(self) -> (&'static str, &'static str) {
        match self {
            Self::Drafted => (
                "実行番号 {run} の指摘 {finding} から起案",
                "drafted from finding {finding} of run {run}",
            ),
            Self::Reopened => (
                "再発: 実行番号 {run} の指摘 {finding}",
                "seen again after approval: finding {finding} of run {run}",
            ),
            Self::SeenAgain => (
                "実行番号 {run} の指摘 {finding} で再び検出",
                "seen again: finding {finding} of run {run}",
            ),
            Self::Absent => ("実行番号 {run} で検出されず", "not seen in run {run}"),
            Self::Retested => (
                "再試験 {run} で検出されず",
                "not seen when retested in run {run}",
            ),
        }
    }

    pub(super) fn of(self, run: &str, finding: &str) -> String {
        let (ja, _) = self.template();
        ja.replace("{run}", run).replace("{finding}", finding)
    }
}

/// A reason as the register keeps it, in both languages where the machine wrote it; what people wrote stays as it is.
pub fn reason_in_both(text: &str) -> Bilingual {
    let read = |reason: &Reason| {
        let (ja, en) = reason.template();
        let (run, finding) = read(ja, text)?;
        Some(en.replace("{run}", run).replace("{finding}", finding))
    };
    let english = Reason::ALL.iter().find_map(read).or_else(|| {
        // What happened stands for the reason where nobody said one.
        let happened = What::ALL.into_iter().map(What::word);
        happened
            .into_iter()
            .find(|word| word.ja == text)
            .map(|word| word.en)
    });
    Bilingual::new(text, english.unwrap_or_else(|| text.to_owned()))
}

/// 対応結果 in both languages: the lines that the machine added, what people wrote before them as it is.
pub fn result_in_both(text: &str) -> Bilingual {
    let (ja, en) = Reason::Retested.template();
    let (start, end) = ja.split_once("{run}").unwrap_or((ja, ""));
    let (mut rest, mut english) = (text, String::new());
    while let Some(at) = rest.find(start) {
        let (before, line) = rest.split_at(at);
        let line = line.strip_prefix(start).unwrap_or(line);
        let Some((run, after)) = line.split_once(end).filter(|(run, _)| is_id(run)) else {
            break;
        };
        english.push_str(before);
        english.push_str(&en.replace("{run}", run));
        rest = after;
    }
    english.push_str(rest);
    Bilingual::new(text, english)
}

/// The ids that stand in a text of this template.
fn read<'t>(template: &str, text: &'t str) -> Option<(&'t str, &'t str)> {
    let (start, rest) = template.split_once("{run}")?;
    let inner = text.strip_prefix(start)?;
    let (run, finding) = match rest.split_once("{finding}") {
        Some((middle, end)) => inner.strip_suffix(end)?.split_once(middle)?,
        None => (inner.strip_suffix(rest)?, ""),
    };
    let both = is_id(run) && (finding.is_empty() || is_id(finding));
    both.then_some((run, finding))
}

fn is_id(text: &str) -> bool {
    !text.is_empty() && !text.contains(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_machine_wrote_is_read_back_and_what_people_wrote_stays() {
        for reason in Reason::ALL {
            let written = reason.of("R-20261123-01", "F-0007");
            let both = reason_in_both(&written);
            assert_eq!(both.ja, written);
            assert!(
                both.en.is_ascii() && both.en.contains("R-20261123-01"),
                "{}",
                both.en
            );
        }
        assert_eq!(reason_in_both("記載の変更").en, "edited");
        assert_eq!(reason_in_both("担当が代わった").en, "担当が代わった");
        assert_eq!(
            result_in_both("直した 再試験 R-2 で検出されず 再試験 R-3 で検出されず").en,
            "直した not seen when retested in run R-2 not seen when retested in run R-3"
        );
        assert_eq!(result_in_both("再試験 は来週").en, "再試験 は来週");
    }
}
