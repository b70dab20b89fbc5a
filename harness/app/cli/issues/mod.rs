//! `renkei issues`: the register of issues (課題管理簿) over all runs.

mod change;
mod export;
mod import;
mod rows;
mod show;
mod sync;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use renkei_core::issue::{Issue, Register as Issues};
use renkei_core::model::{Bilingual, Lang};

pub(super) use export::RegisterContent;

use super::args::TextOrJson;
use crate::trouble::Trouble;

pub(super) use sync::bring_in;

/// Arguments of `issues`.
#[derive(Debug, Args)]
pub struct IssuesArgs {
    /// 課題管理簿のファイル / file of the register
    #[arg(
        long,
        global = true,
        default_value = "reports/register.sqlite",
        value_name = "FILE"
    )]
    pub register: PathBuf,
    /// 標準出力の形式 / format of standard output
    #[arg(long, global = true, value_enum, default_value_t = TextOrJson::Text)]
    pub format: TextOrJson,
    /// 変更する人のコード / code of the person who makes the change
    #[arg(long, global = true, value_name = "CODE", env = "RENKEI_BY")]
    pub by: Option<String>,
    /// 何をするか / what to do
    #[command(subcommand)]
    pub action: IssuesAction,
}

/// What `issues` does.
#[derive(Debug, Subcommand)]
pub enum IssuesAction {
    /// 実施記録の指摘を取り込む（起票案・再検出・再発・承認の提案） / take the findings of runs over
    Sync {
        /// 実施記録のフォルダ / folders of runs
        #[arg(required = true, value_name = "BUNDLE")]
        bundles: Vec<PathBuf>,
    },
    /// 課題の一覧 / list the issues
    List {
        /// この対応状況だけ / only this state: 起票案 起票 検討 対応 承認 取下げ
        #[arg(long, value_name = "STATE")]
        state: Option<String>,
        /// 終わっていないものだけ / only open ones
        #[arg(long)]
        open: bool,
    },
    /// 1つの課題を表示する / show one issue
    Show {
        /// 課題番号 / K-0001
        id: String,
    },
    /// 起票案を起票する / take drafts on
    Adopt {
        /// 課題番号 / K-0001
        #[arg(required = true, value_name = "ID")]
        ids: Vec<String>,
        /// 理由 / why
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// 記載を変える / change fields
    Set(change::SetArgs),
    /// 対応状況を変える / move along the workflow
    Move {
        /// 課題番号 / K-0001
        id: String,
        /// 対応状況 / 起票 検討 対応 承認 取下げ, or raised considered acted approved withdrawn
        #[arg(long)]
        to: String,
        /// 理由（戻すときと取り下げるときは必須） / why; needed for steps back
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// 逸脱を期限付きで許容する / accept a deviation until a day
    Waive {
        /// 課題番号 / K-0001
        id: String,
        /// 理由 / why
        #[arg(long)]
        reason: String,
        /// 期限 / last day, 2027-03-31
        #[arg(long, value_name = "YYYY-MM-DD")]
        until: String,
    },
    /// 課題管理表を書き出す / write the workbook
    Export {
        /// 書き出すファイル / the workbook
        #[arg(long, default_value = "kadai.xlsx", value_name = "FILE")]
        out: PathBuf,
        /// 自分のひな形（xlsx）に差し込む / fill a workbook of your own
        #[arg(long, value_name = "FILE")]
        template: Option<PathBuf>,
    },
    /// 編集した課題管理表を取り込む / take an edited workbook over
    Import {
        /// 編集したファイル / the workbook
        file: PathBuf,
        /// 対応状況を戻す行の理由 / why states are set back
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// 変更の履歴 / every change
    History {
        /// 課題番号 / K-0001
        id: Option<String>,
    },
}

pub(super) fn run(args: &IssuesArgs, lang: Lang) -> Result<u8, Trouble> {
    match &args.action {
        IssuesAction::Sync { bundles } => sync::run(args, bundles, lang),
        IssuesAction::List { state, open } => show::list(args, state.as_deref(), *open, lang),
        IssuesAction::Show { id } => show::one(args, id, lang),
        IssuesAction::Adopt { ids, reason } => change::adopt(args, ids, reason, lang),
        IssuesAction::Set(set) => change::set(args, set, lang),
        IssuesAction::Move { id, to, reason } => change::step(args, id, to, reason, lang),
        IssuesAction::Waive { id, reason, until } => change::waive(args, id, reason, until, lang),
        IssuesAction::Export { out, template } => export::run(args, out, template.as_deref(), lang),
        IssuesAction::Import { file, reason } => import::run(args, file, reason, lang),
        IssuesAction::History { id } => show::history(args, id.as_deref(), lang),
    }
}

impl IssuesArgs {
    /// The person who makes a change.
    fn person(&self) -> Result<&str, Trouble> {
        let Some(by) = &self.by else {
            return Err(Trouble::input(
                "--by",
                Bilingual::new("変更する人のコードがありません", "nobody is named"),
                Bilingual::new(
                    "--by 担当者-03 のように指定してください（環境変数 RENKEI_BY でも指定できます）",
                    "give the code of a person with --by (or RENKEI_BY)",
                ),
            ));
        };
        match renkei_core::issue::person(by) {
            Ok(()) => Ok(by),
            Err(message) => Err(Trouble::input("--by", message, Bilingual::default())),
        }
    }
}

/// An issue by its number as typed.
fn find<'a>(issues: &'a Issues, id: &str) -> Result<&'a Issue, Trouble> {
    let found = Issue::parse_id(id).and_then(|number| issues.issues.get(&number));
    found.ok_or_else(|| {
        Trouble::input(
            id,
            Bilingual::new("その番号の課題はありません", "there is no such issue"),
            Bilingual::new(
                "K-0001 の形で指定してください。番号は renkei issues list で表示できます",
                "numbers look like K-0001; renkei issues list shows them",
            ),
        )
    })
}

/// A change that the workflow does not allow.
fn refused(issue: &Issue, message: Bilingual) -> Trouble {
    Trouble::input(issue.id(), message, Bilingual::default())
}
