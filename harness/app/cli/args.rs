//! What may be typed. Only parsing: each command's work is in the file of its name.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use renkei_core::model::Lang;

/// 連携適合性検証: 地方公共団体の情報システム間のデータ連携を、申告・ファイル・APIのすべてについて確かめる
///
/// Conformance testing of data linkage between local-government systems of different vendors.
#[derive(Debug, Parser)]
#[command(
    name = "renkei",
    version,
    disable_help_subcommand = true,
    arg_required_else_help = true
)]
pub struct Cli {
    /// 端末の言語 / language of the terminal (default: RENKEI_LANG, LC_ALL, LC_MESSAGES, LANG)
    #[arg(long, global = true, value_enum)]
    pub lang: Option<LangChoice>,
    /// 色を使うか / colour (NO_COLOR is honoured)
    #[arg(long, global = true, value_enum, default_value_t = ColorWhen::Auto)]
    pub color: ColorWhen,
    /// 仕様パックの追加フォルダ / folder with further packs; they go before the bundled ones
    #[arg(long, global = true, value_name = "DIR")]
    pub packs: Vec<PathBuf>,
    /// 何をするか / what to do
    #[command(subcommand)]
    pub command: Command,
}

/// 端末の言語.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum LangChoice {
    /// 日本語
    Ja,
    /// English
    En,
}

impl From<LangChoice> for Lang {
    fn from(choice: LangChoice) -> Self {
        match choice {
            LangChoice::Ja => Self::Ja,
            LangChoice::En => Self::En,
        }
    }
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ColorWhen {
    /// on a terminal, unless NO_COLOR is set
    Auto,
    /// always
    Always,
    /// never
    Never,
}

/// Commands: each is a prefix or a suffix of the one line load, join, plan, perform, observe, examine, fold, render.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// 連携試験を実施する / run a joint test: agreement, preflight, exchanges, findings, reports
    Run(RunArgs),
    /// 1つのファイルを様式と照らし合わせる / check one file against one layout
    Check(CheckArgs),
    /// 2社の申告を項目ごとに照らし合わせる / compare two profiles item by item
    Agree(super::agree::AgreeArgs),
    /// 実施記録から報告書を作り直す / render reports from a run bundle
    Report(ReportArgs),
    /// 実施記録の改変の有無を確かめる / verify the digests of a run bundle
    Verify(super::verify::VerifyArgs),
    /// 実施記録を1つのファイルにまとめる / pack a run bundle into one file
    Pack(super::pack::PackArgs),
    /// まとめたファイルを取り込む / take packed bundles over
    Merge(super::merge::MergeArgs),
    /// 課題管理簿（起票・対応・承認・Excelとのやり取り） / the register of issues over all runs
    Issues(super::issues::IssuesArgs),
    /// 様式に合う架空データを作る / make a conforming synthetic file of a layout
    Generate(super::generate::GenerateArgs),
    /// 1か所だけ誤りのある変種を作る / make variants of a conforming file with one defect each
    Mutate(super::mutate::MutateArgs),
    /// 相手方の代役を動かす（計画から自動で起動される） / play a party's system
    Mock(MockArgs),
    /// 2つのシステムの間に立って記録・判定する / record and judge what two real systems say to each other
    Relay(super::relay::RelayArgs),
    /// 記録した呼出しを別の相手に送り直し、応答を比べる / send a recording again and compare the answers
    Replay(super::replay::ReplayArgs),
    /// 実施記録の通信をHARで書き出す / export the exchanges of a bundle as HAR
    Export(super::calls::ExportArgs),
    /// 仕様パックを一覧する・様式を表示する / list packs, show a layout
    Spec(SpecArgs),
    /// 文字集合を調べる / show, check and compare character repertoires
    Repertoire(RepertoireArgs),
    /// 文字変換プローブを作る・読む / make a conversion probe, name the converter from what came back
    Probe(super::probe::ProbeArgs),
    /// 実ファイルを同じ形のテストデータにする / make test data of equal shape out of a real file
    Anonymize(super::anonymize::AnonymizeArgs),
    /// 納品一覧を作り、納品できるか確かめる / list a delivery's files, check that it may go out
    Deliver(super::deliver::DeliverArgs),
    /// 受領・複製台帳 / the ledger of received and copied material
    Ledger(super::ledger::LedgerArgs),
    /// 実施記録やファイルを消去し、消去証明書を書く / erase bundles and files, with a certificate
    Erase(super::erase::EraseArgs),
    /// 規則の一覧 / list the rules
    Rules {
        /// 出力形式 / output format
        #[arg(long, value_enum, default_value_t = TextOrJson::Text)]
        format: TextOrJson,
    },
    /// 1つの規則を説明する / explain one rule
    Explain {
        /// 規則番号 / rule code, ENC-003
        rule: String,
    },
    /// 出荷時の全規則が、不適合の例で検出し適合の例で沈黙することを確かめる / prove every rule on its own examples
    Selftest,
    /// 文書のJSON Schemaを表示する / print the JSON Schema of a document
    Schema {
        /// 文書の種類 / kind of document
        #[arg(value_enum)]
        document: SchemaKind,
    },
}

/// Arguments of `run`.
#[derive(Debug, Args)]
pub struct RunArgs {
    /// 計画 / the plan (plan.toml)
    pub plan: PathBuf,
    /// 実施記録の置き場所 / where run bundles go
    #[arg(long, default_value = "reports/runs", value_name = "DIR")]
    pub out: PathBuf,
    /// 標準出力の形式 / format of standard output
    #[arg(long, value_enum, default_value_t = RunFormat::Text)]
    pub format: RunFormat,
    /// 既知の指摘の基準ファイル。新しい指摘だけで判定する / baseline file: only findings that it does not know fail
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// この検査項目だけ実施する / only these cases
    #[arg(long = "case", value_name = "ID")]
    pub cases: Vec<String>,
    /// 値の伏字をやめる（計画に承認番号が必要） / show values (the plan must name an approval number)
    #[arg(long)]
    pub reveal: bool,
    /// 実施者コード（--reveal の記録に書かれる） / who does it, for the log of --reveal
    #[arg(long, value_name = "CODE", default_value = "")]
    pub by: String,
    /// 端末にすべての指摘を出す / print every finding
    #[arg(long)]
    pub all: bool,
}

/// Arguments of `check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// 調べるファイル、フォルダ、圧縮ファイル / files, folders, archives
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// 様式。PACKだけなら様式はファイル名で決まる / the layout: PACK/LAYOUT or PACK@VERSION/LAYOUT; PACK: by the file names
    #[arg(long, value_name = "PACK/LAYOUT")]
    pub spec: String,
    /// ファイルの様式 / the layout of one file of a set
    #[arg(long = "as", value_name = "NAME=LAYOUT")]
    pub layouts: Vec<String>,
    /// 設定の上書き / override a setting of the layout, encoding=cp932
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub settings: Vec<String>,
    /// 標準出力の形式 / format of standard output
    #[arg(long, value_enum, default_value_t = CheckFormat::Text)]
    pub format: CheckFormat,
    /// 既知の指摘の基準ファイル。新しい指摘だけで判定する / baseline file: only findings that it does not know fail
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// すべての発生箇所をJSON Linesで書き出す / write every occurrence as JSON lines, never capped
    #[arg(long, value_name = "FILE")]
    pub occurrences: Option<PathBuf>,
    /// 使う処理装置の数 / threads (default: all cores)
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
    /// 検査の基準日 / the date that validity of codes is judged by (default: today)
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub as_of: Option<String>,
    /// 外字・MJ・IVSなどの一覧 / a list of characters that the layout may name; may be given several times
    #[arg(long = "list", value_name = "FILE")]
    pub lists: Vec<PathBuf>,
    /// 合意設定書 / negotiated record
    #[command(flatten)]
    pub held_to: super::check_agreement::HeldToArgs,
    /// 端末にすべての指摘を出す / print every finding
    #[arg(long)]
    pub all: bool,
    /// 値の見せ方 / how values are shown
    #[command(flatten)]
    pub privacy: crate::privacy::PrivacyArgs,
}

/// Kind of exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Method {
    /// file linkage
    File,
    /// API linkage
    Api,
    /// both
    Both,
}

/// Arguments of `report`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct ReportArgs {
    /// 比較・基準 / comparison and baseline
    #[command(subcommand)]
    pub action: Option<super::report_tools::ReportAction>,
    /// 実施記録のフォルダ（site では複数可） / folder of the run; several for the site
    #[arg(required = true, value_name = "BUNDLE")]
    pub bundles: Vec<PathBuf>,
    /// 作る報告書 / reports to make
    #[arg(long, value_delimiter = ',', default_value = "html,kadai,json,junit")]
    pub format: Vec<String>,
    /// 書き出し先 / where they go (default: BUNDLE/reports)
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// 証跡から判定し直す / judge the stored evidence again with the rules of this version
    #[arg(long)]
    pub rejudge: bool,
    /// --rejudge で氏名に番号（人-000123）を付ける鍵ファイル（計画に key があれば不要） / key file of the numbers, if the plan names none
    #[arg(long, value_name = "KEY", requires = "rejudge")]
    pub pseudonyms: Option<PathBuf>,
    /// 報告書の言語 / language of the reports
    #[arg(long, value_enum, default_value_t = LangChoice::Ja)]
    pub report_lang: LangChoice,
    /// 報告書の文書 / office files
    #[command(flatten)]
    pub office: super::report_office::OfficeArgs,
}

/// Arguments of `mock`.
#[derive(Debug, Args)]
pub struct MockArgs {
    /// 代役 / what to play; the configuration is read as JSON from standard input
    #[arg(value_enum, required_unless_present = "list_misbehaviours")]
    pub role: Option<MockRole>,
    /// 名前の付いた誤動作を一覧する / list the named misbehaviours, one a line
    #[arg(long)]
    pub list_misbehaviours: bool,
}

/// What a stand-in plays.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum MockRole {
    /// token endpoint and API
    Provider,
    /// takes files in and writes receipts
    Receiver,
    /// an authorization platform: tokens, metadata, keys, introspection, revocation
    Authorization,
    /// calls a provider as a vendor's client would, and tells what came back
    Consumer,
}

/// Arguments of `spec`.
#[derive(Debug, Args)]
pub struct SpecArgs {
    /// 何をするか / what to do
    #[command(subcommand)]
    pub action: SpecAction,
}

/// What `spec` does.
#[derive(Debug, Subcommand)]
pub enum SpecAction {
    /// 仕様パックの一覧 / list the packs
    List,
    /// 仕様パックを点検する / review packs: every mistake with its place
    Lint(super::spec_lint::LintArgs),
    /// 要件と規則と例の対応 / which rules judge which requirement, and what is not tested
    Coverage(super::spec_coverage::CoverageArgs),
    /// 様式・APIを表示する / show a layout or an API as people read it
    Show(super::spec::ShowArgs),
    /// 2つの仕様の違いと、その影響を受ける側 / how two specifications differ and whom that breaks
    Diff(super::spec::DiffArgs),
    /// ほかの書式に書き出す / write a layout or an API in the format of others
    Export(super::spec::ExportArgs),
    /// 仕様の文書（Excel・CSV・JSON）から仕様パックを作る / make a pack out of a specification document
    Import(super::spec::import::ImportArgs),
}

/// Arguments of `repertoire`.
#[derive(Debug, Args)]
pub struct RepertoireArgs {
    /// 利用者の一覧（外字・MJ・IVSなど） / a user's list of characters; may be given several times
    #[arg(long = "list", value_name = "FILE", global = true)]
    pub lists: Vec<PathBuf>,
    /// 何をするか / what to do
    #[command(subcommand)]
    pub action: RepertoireAction,
}

/// What `repertoire` does.
#[derive(Debug, Subcommand)]
pub enum RepertoireAction {
    /// 名前の付いた集合の一覧 / list the named sets
    List,
    /// 集合の中身 / what a set holds: cp932 - nec13, jisx0208 | U+9AD9
    Show {
        /// 集合の式 / set expression
        set: String,
    },
    /// UTF-8のファイルのうち、集合の外の文字 / characters of a UTF-8 file outside a set
    Check {
        /// 集合の式 / set expression
        set: String,
        /// 調べるファイル / the file
        file: PathBuf,
    },
    /// 2つの集合の違い / how two sets differ
    Diff {
        /// 1つ目 / the first
        a: String,
        /// 2つ目 / the second
        b: String,
    },
}

/// Formats of standard output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TextOrJson {
    /// for people
    Text,
    /// for programs
    Json,
}

/// Formats of standard output of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RunFormat {
    /// for people
    Text,
    /// the result document, at the end
    Json,
    /// events as they happen, one JSON object a line
    Jsonl,
    /// SARIF 2.1.0
    Sarif,
    /// JUnit XML
    Junit,
    /// annotations of GitHub Actions
    Github,
}

/// Formats of standard output of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CheckFormat {
    /// for people
    Text,
    /// the result document
    Json,
    /// SARIF 2.1.0
    Sarif,
    /// JUnit XML
    Junit,
    /// annotations of GitHub Actions
    Github,
}

/// Documents with a JSON Schema.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum SchemaKind {
    /// the result document of `check` and `run`
    Result,
    /// what `report diff --format json` prints
    Diff,
    /// what `report baseline` writes
    Baseline,
    /// one line of `run --format jsonl`
    Events,
}
