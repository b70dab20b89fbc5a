//! A step that a person does: asked on the terminal, answered with one line.

use std::time::Duration;

use renkei_core::model::NotRunReason;
use renkei_core::plan::HumanStep;
use renkei_core::record::{Attested, Event};
use tokio::sync::oneshot;

use super::{Ended, Progress};
use crate::session::{Broke, Session};

/// Longest comment that is kept, in characters.
const COMMENT: usize = 1000;

/// Asks, waits, writes the answer down. Without a person the scenario ends here, and says so.
pub(super) async fn perform(
    session: &mut Session<'_>,
    case: &str,
    step: &str,
    human: &HumanStep,
) -> Result<Option<Ended>, Broke> {
    if !session.settings.interactive {
        let why = format!(
            "{step}（人の手順、対話できない実行 / a step for a person, run is not interactive）"
        );
        return Ok(Some(Some(NotRunReason::BlockedBy(why))));
    }
    session.tape.event(Event::Waiting {
        case: case.to_owned(),
        party: human.party.clone(),
        what: human.instruction.clone(),
    })?;
    session.tell(&Progress::Asking {
        case: case.to_owned(),
        party: human.party.clone(),
        instruction: human.instruction.clone(),
        wait_s: human.wait_s,
    });
    let line = tokio::select! {
        line = line() => line,
        () = session.stop.stopped() => return Err(Broke::Stopped),
        () = tokio::time::sleep(Duration::from_secs(human.wait_s)) => None,
    };
    let Some(line) = line else {
        let why = format!("{step}: {} s", human.wait_s);
        return Ok(Some(Some(NotRunReason::OutOfTime(why))));
    };
    match read(&line) {
        Said::LeftOut(comment) => Ok(Some(Some(NotRunReason::OperatorChoice(comment)))),
        Said::Answer(done, comment) => {
            session.tape.event(Event::Attested(Attested {
                case: case.to_owned(),
                step: step.to_owned(),
                done,
                comment,
            }))?;
            Ok(None)
        }
    }
}

enum Said {
    Answer(bool, String),
    LeftOut(String),
}

/// `y comment`, `n comment`, `s reason`. Anything else is a no with the whole line as comment: silence confirms nothing.
fn read(line: &str) -> Said {
    let line = line.trim();
    let (word, comment) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let comment: String = comment.trim().chars().take(COMMENT).collect();
    match word.to_lowercase().as_str() {
        "y" | "yes" | "はい" => Said::Answer(true, comment),
        "n" | "no" | "いいえ" => Said::Answer(false, comment),
        "s" | "skip" | "省略" => Said::LeftOut(comment),
        _ => Said::Answer(false, line.chars().take(COMMENT).collect()),
    }
}

/// One line of standard input, read on a thread of its own: a read that nobody answers must not keep the run from ending.
async fn line() -> Option<String> {
    let (tell, told) = oneshot::channel();
    std::thread::spawn(move || {
        let mut line = String::new();
        let read = std::io::stdin().read_line(&mut line);
        // Whoever asked may have stopped waiting.
        let _ = tell.send(read.is_ok_and(|n| n > 0).then_some(line));
    });
    told.await.ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_yes_confirms() {
        assert!(matches!(read("y 画面に出た\n"), Said::Answer(true, c) if c == "画面に出た"));
        assert!(matches!(read("いいえ 出ない"), Said::Answer(false, c) if c == "出ない"));
        assert!(matches!(read(""), Said::Answer(false, _)));
        assert!(matches!(read("maybe later"), Said::Answer(false, c) if c == "maybe later"));
        assert!(matches!(read("s 機器がない"), Said::LeftOut(c) if c == "機器がない"));
    }
}
