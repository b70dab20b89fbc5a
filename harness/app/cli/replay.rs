//! `renkei replay`: sends a recording again to another endpoint and shows, step by step, what is answered otherwise.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, Subcommand};
use renkei_core::judge::{ReplayStep, RunHistory, judge_replay};
use renkei_core::model::{Bilingual, Lang, NotRunReason, Problems, exit};
use renkei_core::record::{Blob, Event, ResultDocument, RunFacts, RunStamp, Tool, Transfer};
use renkei_report::{Format, words};
use renkei_run::http::{Limits, Trust};
use renkei_run::replay::{ReplayRules, ReplaySettings, replay, steps};
use renkei_run::store::{Bundle, Tape};
use renkei_run::{Clock, RunError, Stop};
use serde_json::json;

use super::args::TextOrJson;
use super::{calls, relayed, report};
use crate::judging::BundleEvidence;
use crate::trouble::Trouble;
use crate::{inputs, runtime, screen};

/// Arguments of `replay`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct ReplayArgs {
    #[command(subcommand)]
    action: Option<ReplayAction>,
    /// 記録（中継または連携試験の実施記録） / the recording: bundle of a relay or run
    #[arg(required = true)]
    bundle: Option<PathBuf>,
    /// 送り先のURL。パスはAPIの基底パス / where to; a path is the base path of the API
    #[arg(long, value_name = "URL", required = true)]
    to: Option<String>,
    /// 置換えと比較の規則 / rules: what may be replaced, what may differ (replay.toml)
    #[arg(long, value_name = "FILE")]
    rules: Option<PathBuf>,
    /// この検査項目・LOG番号だけ送る / only these cases or log numbers
    #[arg(long = "case", value_name = "ID")]
    cases: Vec<String>,
    /// 送り先の証明書を確かめる私設CA / private CA that alone is trusted
    #[arg(long, value_name = "FILE")]
    to_ca: Option<PathBuf>,
    /// 1件を待つ秒数 / seconds to wait for an answer
    #[arg(long, default_value_t = 30, value_name = "N")]
    wait_s: u64,
    /// 実施記録の置き場所 / where bundles go
    #[arg(long, default_value = "reports/runs", value_name = "DIR")]
    out: PathBuf,
    /// 標準出力の形式 / format of standard output
    #[arg(long, value_enum, default_value_t = TextOrJson::Text)]
    format: TextOrJson,
}

/// What else `replay` does.
#[derive(Debug, Subcommand)]
enum ReplayAction {
    /// HARまたはOpenAPIの例を、送り直せる記録にする / make a recording of a HAR file or of the examples of an OpenAPI document
    Import {
        /// HAR 1.2、またはOpenAPI文書（YAML、JSON） / HAR 1.2 or OpenAPI document
        file: PathBuf,
        /// 記録の置き場所 / where the bundle goes
        #[arg(long, default_value = "reports/runs", value_name = "DIR")]
        out: PathBuf,
    },
}

/// What the replay was told, in the bundle's inputs.
pub(super) const TOLD: &str = "replay.json";
const RULES: &str = "replay.toml";

pub(super) fn run(args: &ReplayArgs, lang: Lang) -> Result<u8, Trouble> {
    if let Some(ReplayAction::Import { file, out }) = &args.action {
        let folder = calls::import(file, out)?;
        screen::result(&format!("{}\n", folder.display()))?;
        return Ok(exit::PASSED);
    }
    let source = Bundle::open(args.bundle.as_deref().unwrap_or(Path::new("")))?;
    let (rules, rules_bytes) = rules(args.rules.as_deref())?;
    let mut recorded = Vec::new();
    source.each_event(&mut |stamped| {
        if let Event::Exchanged(exchange) = stamped.event {
            recorded.push(*exchange);
        }
        Ok(())
    })?;
    let steps = steps(recorded, &args.cases);
    let mut tape = Tape::create(&args.out, Tool::this(), &Clock::system())?;
    let told = json!({ "schema": "renkei.replay-run/v1", "source": source.header().run, "data_class": calls::data_class(&source), "reproduce": reproduce(args), "steps": steps });
    tape.input(
        TOLD,
        &serde_json::to_vec_pretty(&told).map_err(std::io::Error::from)?,
    )?;
    tape.input(RULES, &rules_bytes)?;
    keep_answers(&source, &steps, &tape)?;
    send(args, &source, &rules, &steps, &mut tape, lang)?;
    let document = judge(&Bundle::open(tape.folder())?)?;
    let formats = [Format::Html, Format::Kadai, Format::Json, Format::Junit];
    let paths = report::write(
        &document,
        &formats,
        Lang::Ja,
        &tape.folder().join("reports"),
    )?;
    tape.finish()?;
    if args.format == TextOrJson::Text {
        screen::result(&drift_table(&document, lang))?;
    }
    report::tell(&document, args.format, report::naming(&paths), lang)?;
    Ok(document.exit_code)
}

fn rules(path: Option<&Path>) -> Result<(ReplayRules, Vec<u8>), Trouble> {
    let Some(path) = path else {
        return Ok((
            ReplayRules::default(),
            b"schema = \"renkei.replay/v1\"\n".to_vec(),
        ));
    };
    let mut problems = Problems::new();
    let bytes = inputs::read(path, &mut problems);
    let rules = bytes
        .as_ref()
        .and_then(|b| ReplayRules::load(&path.display().to_string(), b, &mut problems));
    match (rules, bytes) {
        (Some(rules), Some(bytes)) => Ok((rules, bytes)),
        _ => Err(Trouble::Inputs(problems)),
    }
}

fn reproduce(args: &ReplayArgs) -> String {
    let bundle = args
        .bundle
        .as_ref()
        .map(|b| b.display().to_string())
        .unwrap_or_default();
    let rules = args
        .rules
        .as_ref()
        .map(|r| format!(" --rules {}", r.display()))
        .unwrap_or_default();
    format!(
        "renkei replay {bundle} --to {}{rules}",
        args.to.as_deref().unwrap_or_default()
    )
}

/// The recorded answers go into the new bundle too, so that it can be judged by itself.
fn keep_answers(source: &Bundle, steps: &[ReplayStep], tape: &Tape) -> Result<(), Trouble> {
    for step in steps {
        let Transfer::Http(http) = &step.recorded.transfer else {
            continue;
        };
        if let Some(blob) = http.response.as_ref().and_then(|r| r.body.as_ref()) {
            let file = source.open_blob(blob)?;
            tape.blobs().put_reader(file, || false).map_err(|error| {
                Trouble::Tool(Bilingual::same(format!("blobs/{}: {error:?}", blob.sha256)))
            })?;
        }
    }
    Ok(())
}

fn send(
    args: &ReplayArgs,
    source: &Bundle,
    rules: &ReplayRules,
    steps: &[ReplayStep],
    tape: &mut Tape,
    lang: Lang,
) -> Result<(), Trouble> {
    let to = args.to.as_deref().unwrap_or_default();
    let wrong = |why: String| {
        Trouble::input(
            "--to",
            Bilingual::new(
                format!("送り先に使えません（{why}）"),
                format!("cannot be used ({why})"),
            ),
            Bilingual::new(
                "https://ホスト:ポート/基底パス の形で書いてください",
                "write https://host:port/base-path",
            ),
        )
    };
    let ca = match &args.to_ca {
        Some(path) => Some(std::fs::read(path).map_err(|e| Trouble::file(path, &e))?),
        None => None,
    };
    let url: url::Url = to
        .parse()
        .map_err(|e: url::ParseError| wrong(e.to_string()))?;
    if !matches!(url.scheme(), "http" | "https")
        || !url.username().is_empty()
        || url.password().is_some()
        || url.query().is_some()
    {
        return Err(wrong("http, https".to_owned()));
    }
    let base_path = relayed::is_one(source)
        .then(|| relayed::told(source).map(|(about, _)| about.base_path))
        .transpose()?;
    let settings = ReplaySettings {
        to: url,
        base_path: base_path.unwrap_or_default(),
        trust: Trust::new(ca.as_deref(), true).map_err(|words| wrong(words.en))?,
        limits: Limits {
            whole: Duration::from_secs(args.wait_s.max(1)),
            ..Limits::default()
        },
        rules,
        folder: args
            .rules
            .as_deref()
            .and_then(Path::parent)
            .unwrap_or(Path::new(".")),
    };
    tape.event(Event::RunStarted(RunFacts {
        id: tape.id().to_owned(),
        tool: Tool::this(),
        packs: Vec::new(),
        variables: [("to".to_owned(), to.to_owned())].into(),
    }))?;
    let body = |blob: &Blob, limit: u64| -> Result<Vec<u8>, RunError> { source.bytes(blob, limit) };
    let of = steps.len();
    let mut n = 0;
    let mut told = |step: &ReplayStep, not_run: Option<&NotRunReason>| {
        n += 1;
        let word = match not_run {
            Some(_) => words::of(lang, "verdict", "not_run"),
            None => Bilingual::new("送信", "sent").get(lang).to_owned(),
        };
        screen::note(&format!(
            "[{n}/{of}] {word}  {} {}",
            step.id, step.recorded.log
        ));
    };
    runtime::block_on(async {
        let stop = Stop::on_ctrl_c();
        replay(&settings, steps, &body, tape, &mut told, &stop).await
    })??;
    Ok(())
}

/// True for the bundle of a replay.
pub(super) fn is_one(bundle: &Bundle) -> bool {
    bundle.folder().join("inputs").join(TOLD).is_file()
}

/// Judges a replay's bundle from what it holds.
pub(super) fn judge(bundle: &Bundle) -> Result<ResultDocument, Trouble> {
    let files = bundle.inputs()?;
    let told: serde_json::Value =
        serde_json::from_slice(files.get(TOLD).unwrap_or_default()).unwrap_or_default();
    let text = |key: &str| {
        told.get(key)
            .and_then(serde_json::Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let steps = told.get("steps").cloned().unwrap_or_default();
    let steps: Vec<ReplayStep> = serde_json::from_value(steps).map_err(|e| {
        Trouble::input(
            TOLD,
            Bilingual::new(format!("読めません: {e}"), format!("cannot be read: {e}")),
            Bilingual::new(
                "別に保存した記録を使ってください",
                "use another copy of the bundle",
            ),
        )
    })?;
    let mut problems = Problems::new();
    let rules = ReplayRules::load(RULES, files.get(RULES).unwrap_or_default(), &mut problems);
    let Some(rules) = rules else {
        return Err(Trouble::Inputs(problems));
    };
    let events = bundle.events()?;
    let history = RunHistory::fold(&events.events);
    let source = text("source");
    let run = RunStamp {
        id: bundle.header().run.clone(),
        title: Bilingual::new(
            format!("記録 {source} の再送"),
            format!("Replay of {source}"),
        ),
        started_at: history.started_at.clone(),
        finished_at: history.finished_at.clone(),
        data_class: calls::data_class(bundle),
        reproduce: text("reproduce"),
        revealed: String::new(),
    };
    let mut document = judge_replay(
        &steps,
        &history,
        &rules.normal(),
        &BundleEvidence(bundle),
        run,
    );
    document.remarks.extend(events.remark);
    Ok(document)
}

/// One line a step, and below it what differs.
fn drift_table(document: &ResultDocument, lang: Lang) -> String {
    let mut out = String::new();
    for case in &document.cases {
        let word = words::of(lang, "verdict", case.verdict.as_str());
        out.push_str(&format!("{}  {word}  {}", case.id, case.title.get(lang)));
        if !case.reason.get(lang).is_empty() {
            out.push_str(&format!("  {}", case.reason.get(lang)));
        }
        out.push('\n');
        for finding in document.findings.iter().filter(|f| f.case == case.id) {
            let place = finding.location.pointer.as_deref().unwrap_or(&finding.rule);
            out.push_str(&format!(
                "    ~ {place}: {} -> {}\n",
                finding.expected, finding.observed
            ));
        }
    }
    out.push('\n');
    out
}
