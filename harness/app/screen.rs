//! The terminal: results on standard output, progress on standard error, colour only where it is wanted.

use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

use renkei_core::model::{Bilingual, Lang, Verdict};
use renkei_core::record::Check;
use renkei_report::words;

use crate::cli::args::ColorWhen;

/// Sets when escape sequences pass: `--color`, else `NO_COLOR`, else whether the stream is a terminal.
pub(crate) fn choose_color(when: ColorWhen) {
    let choice = match when {
        ColorWhen::Auto => return, // anstream looks at NO_COLOR, CLICOLOR_FORCE and the terminal itself
        ColorWhen::Always => anstream::ColorChoice::Always,
        ColorWhen::Never => anstream::ColorChoice::Never,
    };
    choice.write_global();
}

/// Writes a result to standard output. A reader that went away (`| head`) is not a failure.
///
/// # Errors
/// Whatever else keeps standard output from taking it, disk full for one.
pub(crate) fn result(text: &str) -> std::io::Result<()> {
    let mut out = anstream::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    match written {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// Writes a line to standard error; nothing can be done when even that fails.
pub(crate) fn note(text: &str) {
    let mut err = anstream::stderr().lock();
    let _ = writeln!(err, "{text}");
}

/// True when a person sits at the terminal: can see what is asked and answer it.
pub(crate) fn can_ask() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// Progress of a run: a line that is rewritten on a terminal, plain lines elsewhere.
pub(crate) struct Progress {
    lang: Lang,
    live: bool,
    started: Instant,
    total: usize,
    done: usize,
    last_wait: Option<Instant>,
}

impl Progress {
    /// Progress over `total` cases.
    pub(crate) fn new(lang: Lang, total: usize) -> Self {
        let live = std::io::stderr().is_terminal();
        Self {
            lang,
            live,
            started: Instant::now(),
            total,
            done: 0,
            last_wait: None,
        }
    }

    /// A preflight check was made; only what is not in order is worth a line.
    pub(crate) fn checked(&mut self, check: &Check) {
        if check.ok {
            return;
        }
        let label = Bilingual::new("事前点検", "preflight");
        self.clear();
        note(&format!(
            "{}  {}  {}: {}",
            label.get(self.lang),
            words::of(self.lang, "verdict", Verdict::Inconclusive.as_str()),
            check.title.get(self.lang),
            check.seen.get(self.lang)
        ));
    }

    /// A case began.
    pub(crate) fn started(&mut self, case: &str, title: &Bilingual) {
        if self.live {
            let label = Bilingual::new("実施中", "running");
            self.rewrite(&format!(
                "{} {case} {}",
                label.get(self.lang),
                title.get(self.lang)
            ));
        }
    }

    /// A case ended with a verdict.
    pub(crate) fn ended(
        &mut self,
        case: &str,
        title: &Bilingual,
        verdict: Verdict,
        took: Duration,
    ) {
        self.done += 1;
        self.clear();
        let word = words::of(self.lang, "verdict", verdict.as_str());
        let seconds = Bilingual::new("秒", "s");
        note(&format!(
            "[{}/{}] {word}  {case}  {}  {:.2}{}",
            self.done,
            self.total,
            title.get(self.lang),
            took.as_secs_f64(),
            seconds.get(self.lang)
        ));
        self.last_wait = None;
    }

    /// Somebody else must act: every change on a terminal, else at once and then every 30 seconds.
    pub(crate) fn waiting(&mut self, case: &str, party: &str, what: &Bilingual, left: Duration) {
        let text = Bilingual::new(
            format!(
                "待ち {case} {party}: {}（残り{}秒）",
                what.ja,
                left.as_secs()
            ),
            format!(
                "waiting {case} {party}: {} ({} s left)",
                what.en,
                left.as_secs()
            ),
        );
        if self.live {
            self.rewrite(text.get(self.lang));
        } else if self
            .last_wait
            .is_none_or(|last| last.elapsed() >= Duration::from_secs(30))
        {
            note(text.get(self.lang));
            self.last_wait = Some(Instant::now());
        }
    }

    /// A person is asked; the answer is one line on the terminal.
    pub(crate) fn asking(&mut self, case: &str, party: &str, instruction: &Bilingual, wait_s: u64) {
        let text = Bilingual::new(
            format!(
                "手順 {case} {party}: {}\n  できたら y、できなければ n、外すなら s に続けてコメントを入力してください（{wait_s}秒まで）",
                instruction.ja
            ),
            format!(
                "step {case} {party}: {}\n  answer y (done), n (not done) or s (leave out), then a comment (within {wait_s} s)",
                instruction.en
            ),
        );
        self.clear();
        note(text.get(self.lang));
    }

    fn rewrite(&self, text: &str) {
        let elapsed = self.started.elapsed().as_secs();
        let mut err = std::io::stderr().lock();
        let _ = write!(
            err,
            "\r\x1b[K[{}/{}] {:02}:{:02} {text}",
            self.done,
            self.total,
            elapsed / 60,
            elapsed % 60
        );
        let _ = err.flush();
    }

    fn clear(&self) {
        if self.live {
            let mut err = std::io::stderr().lock();
            let _ = write!(err, "\r\x1b[K");
        }
    }
}
