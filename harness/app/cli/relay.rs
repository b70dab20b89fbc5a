//! `renkei relay`: stands between two real systems, forwards byte for byte, records, and judges both sides.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::time::{Duration, Instant};

use clap::{Args, Subcommand};
use renkei_core::judge::{RelayJudge, RelayParties, verdict_of};
use renkei_core::model::{Bilingual, Finding, Lang, Problems, Verdict, exit};
use renkei_core::plan::{Action, Setup};
use renkei_core::record::{Event, Exchange, Party, RunFacts, Tool, Transfer};
use renkei_core::spec::Library;
use renkei_report::{Format, Options, render, text, words};
use renkei_run::relay::{Identity, Relay, RelaySettings, Totals, make_ca};
use renkei_run::store::{Bundle, Tape};
use renkei_run::{Clock, Stop};

use super::args::TextOrJson;
use super::relayed::{self, Specification};
use super::{calls, report};
use crate::judging::BundleEvidence;
use crate::trouble::Trouble;
use crate::{inputs, packs, runtime, screen};

/// Arguments of `relay`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct RelayArgs {
    #[command(subcommand)]
    action: Option<RelayAction>,
    /// 利用側が接続する場所 / where the consumer connects: 127.0.0.1:8443
    #[arg(long, value_name = "ADDR", required = true)]
    listen: Option<String>,
    /// 提供側のURL。パスはAPIの基底パス / the provider; a path is the base path of the API. Nothing else is ever contacted
    #[arg(long, value_name = "URL", required = true)]
    to: Option<String>,
    /// 判定に使うAPI仕様 / API to judge by: PACK/API
    #[arg(long, value_name = "PACK/API", conflicts_with = "openapi")]
    spec: Option<String>,
    /// 判定に使うOpenAPI文書 / OpenAPI document to judge by
    #[arg(long, value_name = "FILE")]
    openapi: Option<PathBuf>,
    /// 計画（当事者、データ区分、合意） / plan: parties, class of data, agreement
    #[arg(long, value_name = "PLAN")]
    plan: Option<PathBuf>,
    /// データ区分。計画があればその区分 / class of the data; with a plan, the plan says it
    #[arg(long, value_enum, value_name = "CLASS", conflicts_with = "plan")]
    data_class: Option<DeclaredData>,
    /// 計画の連携ID / linkage of the plan
    #[arg(long, value_name = "ID", requires = "plan")]
    linkage: Option<String>,
    /// 待受の証明書（PEM）。指定するとTLSで待ち受ける / certificate of the listening side: listen over TLS
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// 待受の秘密鍵（PEM） / its private key
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// 利用側に求めるクライアント証明書のCA / ask consumers for a client certificate of this CA
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_client_ca: Option<PathBuf>,
    /// 提供側の証明書を確かめる私設CA / private CA that alone is trusted for the provider
    #[arg(long, value_name = "FILE")]
    to_ca: Option<PathBuf>,
    /// 提供側に示すクライアント証明書 / client certificate presented to the provider
    #[arg(long, value_name = "FILE", requires = "to_key")]
    to_cert: Option<PathBuf>,
    /// その秘密鍵 / its private key
    #[arg(long, value_name = "FILE", requires = "to_cert")]
    to_key: Option<PathBuf>,
    /// Hostヘッダを提供側の名前に書き換える（これだけがバイト列を変える） / rewrite Host to name the provider; the only thing that changes bytes
    #[arg(long)]
    rewrite_host: bool,
    /// 実施記録の置き場所 / where bundles go
    #[arg(long, default_value = "reports/runs", value_name = "DIR")]
    out: PathBuf,
    /// 何も流れない接続を切るまでの秒数 / seconds without a byte after which a connection is ended
    #[arg(long, default_value_t = 120, value_name = "N")]
    idle_s: u64,
    /// 保存する本文の上限（MiB、超えた分は流すが保存しない） / longest body that is kept, MiB; all of it is forwarded
    #[arg(long, default_value_t = 64, value_name = "MIB")]
    keep_mib: u64,
    /// 同時接続の上限 / connections at a time
    #[arg(long, default_value_t = 1024, value_name = "N")]
    connections: usize,
    /// この秒数で終わる / end after so many seconds
    #[arg(long, value_name = "N")]
    seconds: Option<u64>,
    /// この件数を記録したら終わる / end after so many exchanges
    #[arg(long, value_name = "N")]
    exchanges: Option<u64>,
    /// 1件ごとの行を出さない / no line per exchange
    #[arg(long)]
    quiet: bool,
    /// 標準出力の形式 / format of standard output
    #[arg(long, value_enum, default_value_t = TextOrJson::Text)]
    format: TextOrJson,
}

/// Classes of data that need no approval; real data need a plan, which names it.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum DeclaredData {
    /// 架空データ / fictional
    Fictional,
    /// 匿名化データ / anonymised
    Anonymised,
}

impl DeclaredData {
    fn word(self) -> &'static str {
        match self {
            Self::Fictional => "fictional",
            Self::Anonymised => "anonymised",
        }
    }
}

/// What else `relay` does.
#[derive(Debug, Subcommand)]
enum RelayAction {
    /// 試験用のCAと、待受用・クライアント用の証明書を作る / make a test CA, a server and a client certificate
    Ca {
        /// 書き出し先 / where they go
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        /// 待受のホスト名・アドレス / names that consumers connect to
        #[arg(long = "name", value_name = "NAME", default_values = ["localhost", "127.0.0.1", "::1"])]
        names: Vec<String>,
    },
}

pub(super) fn run(args: &RelayArgs, folders: &[PathBuf], lang: Lang) -> Result<u8, Trouble> {
    if let Some(RelayAction::Ca { out, names }) = &args.action {
        for path in make_ca(out, names)? {
            screen::result(&format!("{}\n", path.display()))?;
        }
        return Ok(exit::PASSED);
    }
    let (about, spec) = prepare(args, folders)?;
    let settings = settings(args, &about)?;
    let folder = record(args, settings, &about, spec, lang)?;
    let bundle = Bundle::open(&folder)?;
    let document = relayed::judge(&bundle)?;
    let formats = [Format::Html, Format::Kadai, Format::Json, Format::Junit];
    let paths = report::write(&document, &formats, Lang::Ja, &folder.join("reports"))?;
    match args.format {
        TextOrJson::Text => {
            let options = Options {
                colour: true, // escape sequences are stripped by the stream where they are not wanted
                report_paths: paths.iter().map(|p| p.display().to_string()).collect(),
                ..Options::default()
            };
            screen::result(&text::report(&document, lang, &options))?;
        }
        TextOrJson::Json => {
            for artifact in render(&document, Format::Json, lang, &Options::default())? {
                screen::result(&String::from_utf8_lossy(&artifact.bytes))?;
            }
        }
    }
    Ok(document.exit_code)
}

/// Parties and specification: from the plan, from the options.
fn prepare(
    args: &RelayArgs,
    folders: &[PathBuf],
) -> Result<(RelayParties, Specification), Trouble> {
    let mut problems = Problems::new();
    let files = packs::library(folders, &mut problems);
    if !problems.is_empty() {
        return Err(Trouble::Inputs(problems));
    }
    let mut about = RelayParties {
        parties: vec![
            party("provider", "提供側", "Provider"),
            party("consumer", "利用側", "Consumer"),
        ],
        title: Bilingual::new("中継による確認", "Relay between two systems"),
        data_class: args
            .data_class
            .map_or(calls::UNDECLARED, DeclaredData::word)
            .to_owned(),
        reproduce: reproduce(args),
        ..RelayParties::default()
    };
    let mut reference = args.spec.clone();
    if let Some(plan) = &args.plan {
        let found = of_plan(plan, args.linkage.as_deref(), folders, &mut about)?;
        reference = reference.or(found).filter(|_| args.openapi.is_none());
    }
    let spec = match (&reference, &args.openapi) {
        (Some(reference), _) => {
            Specification::of_pack(&Library::new(files.clone()), &files, reference)?
        }
        (None, Some(path)) => {
            let bytes = inputs::read(path, &mut problems).ok_or(Trouble::Inputs(problems))?;
            Specification::of_document(&path.display().to_string(), bytes)?
        }
        (None, None) => Specification::default(),
    };
    Ok((about, spec))
}

fn party(id: &str, ja: &str, en: &str) -> Party {
    Party {
        id: id.to_owned(),
        role: id.to_owned(),
        name: Bilingual::new(ja, en),
        product: String::new(),
        version: String::new(),
        stand_in: false,
    }
}

/// Takes parties and agreement of the plan's linkage; gives the API that its cases name.
fn of_plan(
    plan: &Path,
    linkage: Option<&str>,
    folders: &[PathBuf],
    about: &mut RelayParties,
) -> Result<Option<String>, Trouble> {
    let mut problems = Problems::new();
    let loaded = inputs::gather(plan, folders, &mut problems);
    let setup = loaded.as_ref().and_then(|i| Setup::load(i, &mut problems));
    let Some(setup) = setup else {
        return Err(Trouble::Inputs(problems));
    };
    super::run::guard_personal_data(&setup, false)?;
    let api_of = |id: &str| {
        setup.plan.cases.iter().find_map(|case| match &case.action {
            Action::Api(call) if case.linkage == id => Some(call.api.clone()),
            _ => None,
        })
    };
    let candidates: Vec<&str> = setup
        .plan
        .linkages
        .iter()
        .map(|l| l.id.as_str())
        .filter(|id| linkage.map_or_else(|| api_of(id).is_some(), |wanted| wanted == *id))
        .collect();
    let [id] = candidates.as_slice() else {
        let known: Vec<&str> = setup.plan.linkages.iter().map(|l| l.id.as_str()).collect();
        return Err(Trouble::input(
            format!("--linkage {}", linkage.unwrap_or_default()),
            Bilingual::new(
                "計画のどの連携の中継かが決まりません",
                "which linkage of the plan is relayed is not clear",
            ),
            Bilingual::new(
                format!(
                    "--linkage で指定してください。あるもの: {}",
                    known.join(", ")
                ),
                format!("name one with --linkage; there are: {}", known.join(", ")),
            ),
        ));
    };
    let sides = setup
        .plan
        .linkage(id)
        .map(|l| (l.from.clone(), l.to.clone()))
        .unwrap_or_default();
    about.parties = [(sides.0, "provider"), (sides.1, "consumer")]
        .into_iter()
        .filter_map(|(party, role)| {
            let profile = setup.profiles.get(&party)?;
            Some(Party {
                stand_in: setup.plan.party(&party).is_some_and(|p| p.stand_in),
                id: party,
                role: role.to_owned(),
                name: profile.name.clone(),
                product: profile.system.product.clone(),
                version: profile.system.version.clone(),
            })
        })
        .collect();
    about.linkage = (*id).to_owned();
    about.title = setup.plan.title.clone();
    about.data_class = setup.plan.data_class.as_str().to_owned();
    let case = setup
        .plan
        .cases
        .iter()
        .find(|case| case.linkage == *id && matches!(case.action, Action::Api(_)));
    if let Some(case) = case {
        let agreed = |setting: &str| setup.agreed(case, setting);
        about.agreed_answer_s = agreed("api.answer_s").and_then(|v| v.parse().ok());
        about.agreed_lifetime_s = agreed("auth.token_lifetime_s").and_then(|v| v.parse().ok());
    }
    Ok(api_of(id))
}

fn reproduce(args: &RelayArgs) -> String {
    let option = |name: &str, value: Option<String>| {
        value.map(|v| format!(" {name} {v}")).unwrap_or_default()
    };
    let path = |p: &Option<PathBuf>| p.as_ref().map(|p| p.display().to_string());
    [
        "renkei relay".to_owned(),
        option("--listen", args.listen.clone()),
        option("--to", args.to.clone()),
        option("--spec", args.spec.clone()),
        option("--openapi", path(&args.openapi)),
        option("--plan", path(&args.plan)),
    ]
    .concat()
}

fn settings(args: &RelayArgs, about: &RelayParties) -> Result<RelaySettings, Trouble> {
    let to = args.to.as_deref().unwrap_or_default();
    let url = to.parse().map_err(|e| {
        Trouble::input(
            "--to",
            Bilingual::new(
                format!("URLではありません（{e}）"),
                format!("not a URL ({e})"),
            ),
            Bilingual::new(
                "https://ホスト:ポート の形で書いてください",
                "write https://host:port",
            ),
        )
    })?;
    let identity = |cert: &Option<PathBuf>, key: &Option<PathBuf>| {
        Some(Identity {
            certificate: cert.clone()?,
            key: key.clone()?,
        })
    };
    let side = |n: usize| {
        about
            .parties
            .get(n)
            .map(|p| p.id.clone())
            .unwrap_or_default()
    };
    let mut settings = RelaySettings::new(args.listen.clone().unwrap_or_default(), url);
    settings.identity = identity(&args.tls_cert, &args.tls_key);
    settings.client_ca.clone_from(&args.tls_client_ca);
    settings.ca.clone_from(&args.to_ca);
    settings.client_identity = identity(&args.to_cert, &args.to_key);
    settings.rewrite_host = args.rewrite_host;
    settings.parties = (side(1), side(0));
    settings.most_connections = args.connections;
    settings.idle = Duration::from_secs(args.idle_s.max(1));
    settings.keep = args.keep_mib.max(1) * 1024 * 1024;
    Ok(settings)
}

/// Relays until it is stopped; gives the folder of the finished record.
fn record(
    args: &RelayArgs,
    settings: RelaySettings,
    about: &RelayParties,
    spec: Specification,
    lang: Lang,
) -> Result<PathBuf, Trouble> {
    let mut about = about.clone();
    about.base_path = settings.to.path().trim_end_matches('/').to_owned();
    let to = settings.to.to_string();
    runtime::block_on(async {
        let relay = Relay::bind(settings).await?;
        let mut tape = Tape::create(&args.out, Tool::this(), &Clock::system())?;
        let folder = tape.folder().to_owned();
        relayed::keep(&tape, &about, &spec)?;
        tape.event(Event::RunStarted(RunFacts {
            id: tape.id().to_owned(),
            tool: Tool::this(),
            packs: spec.pack.iter().map(|(stamp, _)| stamp.clone()).collect(),
            variables: [
                ("listen".to_owned(), relay.url().to_owned()),
                ("to".to_owned(), to.clone()),
            ]
            .into(),
        }))?;
        // Who reads the greeting may stop it at once.
        let stop = Stop::on_ctrl_c();
        screen::note(greeting(relay.url(), relay.address, &to, &folder).get(lang));
        if let Some(seconds) = args.seconds {
            let told = stop.clone();
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_secs(seconds)).await;
                told.stop();
            });
        }
        let (lines, printing) = printer(args.quiet, &folder, about, spec, lang)?;
        let (most, told, mut count) = (args.exchanges.unwrap_or(u64::MAX), stop.clone(), 0);
        let mut pace = Pace::default();
        let listener = Box::new(move |exchange: &Exchange| {
            count += 1;
            if count >= most {
                told.stop();
            }
            let Some(lines) = &lines else { return };
            // Watching must not slow the traffic down: what does not fit is not shown, but recorded and judged later.
            if let Some(skipped) = pace.may_print() {
                let _ = lines.try_send((skipped, exchange.clone()));
            }
        });
        let (mut tape, totals, result) = relay.run(tape, listener, &stop).await;
        let ended = tape.event(Event::RunEnded { interrupted: false });
        let finished = tape.finish();
        if let Some(printing) = printing {
            let _ = printing.join();
        }
        screen::note(farewell(totals).get(lang));
        result?;
        ended?;
        finished?;
        Ok::<PathBuf, Trouble>(folder)
    })?
}

fn greeting(url: &str, address: SocketAddr, to: &str, folder: &Path) -> Bilingual {
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

fn farewell(totals: Totals) -> Bilingual {
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

type Printing = (
    Option<SyncSender<(u64, Exchange)>>,
    Option<std::thread::JoinHandle<()>>,
);

/// A thread that judges and prints exchanges as they come, as far as it keeps up.
fn printer(
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
struct Pace {
    second: Option<Instant>,
    printed: u32,
    skipped: u64,
}

impl Pace {
    /// The number of lines left out before this one; none when this one is left out too.
    fn may_print(&mut self) -> Option<u64> {
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
    let path: String = target
        .split('?')
        .next()
        .unwrap_or("/")
        .chars()
        .filter(|c| !c.is_control())
        .take(80)
        .collect();
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
