//! What a relay says on the terminal while it works.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::time::{Duration, Instant};

use renkei_core::judge::{RelayJudge, RelayParties, verdict_of};
use renkei_core::mask::wire;
use renkei_core::model::{Bilingual, Finding, Lang, Verdict};
use renkei_core::record::{Exchange, Transfer};
use renkei_report::words;
use renkei_run::relay::Totals;
use renkei_run::store::Bundle;

use crate::cli::relayed::Specification;
use crate::judging::BundleEvidence;
use crate::screen;
use crate::trouble::Trouble;

pub(super) fn greeting(url: &str, address: SocketAddr, to: &str, folder: &Path) -> Bilingual {
    let folder = folder.display();
    let port = address.port();
    Bilingual::new(
        format!(
            "中継中: {url} → {to}（ポート {port}）。記録: {folder}\n利用側の接続先をこのURLに変えてください。Ctrl-C で終わり、報告書を作ります。"
        ),
        format!(
            "relaying {url} → {to} (port {port}), recorded in {folder}\npoint the consumer to this URL; Ctrl-C ends and writes the reports"
        ),
    )
}

pub(super) fn farewell(totals: Totals) -> Bilingual {
    let Totals {
        connections,
        exchanges,
        sent,
        received,
    } = totals;
    Bilingual::new(
        format!(
            "終わり: 接続 {connections}、交換 {exchanges}、利用側から {sent} バイト、提供側から {received} バイト"
        ),
        format!(
            "ended: {connections} connections, {exchanges} exchanges, {sent} bytes from the consumer, {received} from the provider"
        ),
    )
}

pub(super) type Printing = (
    Option<SyncSender<(u64, Exchange)>>,
    Option<std::thread::JoinHandle<()>>,
);

/// A thread that judges and prints exchanges as they come, as far as it keeps up.
pub(super) fn printer(
    quiet: bool,
    folder: &Path,
    about: RelayParties,
    spec: Specification,
    lang: Lang,
) -> Result<Printing, Trouble> {
    if quiet {
        return Ok((None, None));
    }
    let bundle = Bundle::open(folder)?;
    let (send, receive) = sync_channel::<(u64, Exchange)>(256);
    let thread = std::thread::spawn(move || {
        let evidence = BundleEvidence(&bundle);
        let mut judge = RelayJudge::new(spec.api.as_ref(), &about, &evidence);
        let judged = spec.api.is_some();
        for (skipped, exchange) in receive {
            if skipped > 0 {
                let more = Bilingual::new(
                    format!("  …ほか{skipped}件（すべて記録しています）"),
                    format!("  … {skipped} more (all are recorded)"),
                );
                screen::note(more.get(lang));
            }
            // What cannot be read yet is judged at the end; until then nothing is said of it.
            let findings = judge.add(&exchange);
            let judged = judged && findings.is_ok();
            screen::note(&line(&exchange, findings.ok().as_deref(), judged, lang));
        }
    });
    Ok((Some(send), Some(thread)))
}

/// At most so many lines a second; a terminal that scrolls faster tells nobody anything.
const LINES_A_SECOND: u32 = 40;

#[derive(Default)]
pub(super) struct Pace {
    second: Option<Instant>,
    printed: u32,
    skipped: u64,
}

impl Pace {
    /// The number of lines left out before this one; none when this one is left out too.
    pub(super) fn may_print(&mut self) -> Option<u64> {
        if self
            .second
            .is_none_or(|s| s.elapsed() >= Duration::from_secs(1))
        {
            self.second = Some(Instant::now());
            self.printed = 0;
        }
        if self.printed >= LINES_A_SECOND {
            self.skipped += 1;
            return None;
        }
        self.printed += 1;
        Some(std::mem::take(&mut self.skipped))
    }
}

/// `LOG-0001  適合  POST /path 200  12 ms`.
fn line(exchange: &Exchange, findings: Option<&[Finding]>, judged: bool, lang: Lang) -> String {
    let Transfer::Http(http) = &exchange.transfer else {
        return String::new();
    };
    let findings = findings.unwrap_or_default();
    let verdict = match verdict_of(findings) {
        Verdict::Pass if !judged => "-".to_owned(),
        verdict => words::of(lang, "verdict", verdict.as_str()).to_owned(),
    };
    let rest = http
        .request
        .url
        .split_once("://")
        .map_or("", |(_, rest)| rest);
    let target = rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/");
    // A query may hold personal data, and control characters would write over the screen.
    let path = wire::path(target.split('?').next().unwrap_or("/"));
    let path: String = path.chars().filter(|c| !c.is_control()).take(80).collect();
    let status = http
        .response
        .as_ref()
        .map_or("-".to_owned(), |r| r.status.to_string());
    let mut codes: Vec<&str> = findings.iter().map(|f| f.rule.as_str()).collect();
    codes.dedup();
    let sides: Vec<&str> = findings.iter().map(|f| f.cause.kind.as_str()).collect();
    let told = match (codes.as_slice(), sides.first()) {
        ([], _) | (_, None) => String::new(),
        (codes, Some(side)) => {
            format!("  {} ({})", codes.join(" "), words::of(lang, "cause", side))
        }
    };
    format!(
        "{}  {verdict}  {} {path} {status}  {} ms{told}",
        exchange.log, http.request.method, exchange.duration_ms
    )
}
