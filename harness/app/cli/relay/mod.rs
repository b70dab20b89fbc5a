//! `renkei relay`: stands between two real systems, forwards byte for byte, records, and judges both sides.

mod parties;
mod watching;

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};
use renkei_core::judge::RelayParties;
use renkei_core::model::{Bilingual, Lang, exit};
use renkei_core::record::{Event, Exchange, RunFacts, Tool};
use renkei_report::Format;
use renkei_run::relay::{Identity, Relay, RelaySettings, make_ca};
use renkei_run::store::{Bundle, Tape};
use renkei_run::{Clock, Stop};

use super::args::TextOrJson;
use super::relayed::{self, Specification};
use super::report;
use crate::trouble::Trouble;
use crate::{runtime, screen};
use parties::prepare;
use watching::{Pace, farewell, greeting, printer};

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
    report::tell(&document, args.format, report::naming(&paths), lang)?;
    Ok(document.exit_code)
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
