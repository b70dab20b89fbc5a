//! `renkei issues adopt | set | move | waive`: what people decide.

use clap::{Args, ValueEnum};
use renkei_core::issue::{
    self, Agreed, Change, Edit, Issue, Judgement, Move, Priority, State, Waiver, move_to,
};
use renkei_core::model::{Bilingual, Lang, exit};
use renkei_run::Clock;
use renkei_run::register::Register;
use serde_json::json;

use super::super::args::TextOrJson;
use super::{IssuesArgs, find, refused};
use crate::screen;
use crate::trouble::Trouble;

/// Arguments of `issues set`: only what is given changes.
#[derive(Debug, Args)]
pub struct SetArgs {
    /// 課題番号 / K-0001
    pub id: String,
    /// 課題内容 / description
    #[arg(long)]
    pub description: Option<String>,
    /// 影響 / impact
    #[arg(long)]
    pub impact: Option<String>,
    /// 優先度 / 高 中 低
    #[arg(long)]
    pub priority: Option<String>,
    /// 担当者コード / code of the person in charge
    #[arg(long)]
    pub assignee: Option<String>,
    /// 対応期限 / due date
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub due: Option<String>,
    /// 対応策 / countermeasure
    #[arg(long)]
    pub countermeasure: Option<String>,
    /// 対応結果 / result
    #[arg(long)]
    pub result: Option<String>,
    /// 責任区分 / side at fault
    #[arg(long)]
    pub fault_side: Option<String>,
    /// 責任区分の確定 / 提案 双方合意 裁定 未合意
    #[arg(long)]
    pub fault_agreed: Option<String>,
    /// 機械の判定に対する人の判断 / the human decision beside the machine's verdict
    #[arg(long, value_enum)]
    pub judgement: Option<Judge>,
    /// 理由 / why
    #[arg(long, default_value = "")]
    pub reason: String,
}

/// What people think of the machine's verdict.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Judge {
    /// 指摘を認める
    Confirmed,
    /// 異議あり
    Disputed,
}

/// Makes changes in one transaction and shows them.
fn make(
    args: &IssuesArgs,
    lang: Lang,
    decide: impl FnOnce(&issue::Register) -> Result<Vec<Change>, Trouble>,
) -> Result<u8, Trouble> {
    let mut register = Register::open_existing(&args.register)?;
    let made = register.change(|now| {
        let changes = decide(&now.register)?;
        Ok::<_, Trouble>((changes.clone(), changes))
    })?;
    let text = match args.format {
        TextOrJson::Json => {
            let issues: Vec<&Issue> = made.iter().map(|c| &c.after).collect();
            format!(
                "{:#}\n",
                json!({ "schema": "renkei.issues/v1", "issues": issues })
            )
        }
        TextOrJson::Text if made.is_empty() => {
            format!(
                "{}\n",
                Bilingual::new("変更はありません", "nothing to change").get(lang)
            )
        }
        TextOrJson::Text => made
            .iter()
            .map(|c| {
                let state =
                    Bilingual::new(c.after.human.state.word(), c.after.human.state.as_str());
                let version = Bilingual::new("版", "version");
                format!(
                    "{}  {}  {}  {} {}\n",
                    c.after.id(),
                    c.what.word().get(lang),
                    state.get(lang),
                    version.get(lang),
                    c.after.version
                )
            })
            .collect(),
    };
    screen::result(&text)?;
    Ok(exit::PASSED)
}

pub(super) fn adopt(
    args: &IssuesArgs,
    ids: &[String],
    reason: &str,
    lang: Lang,
) -> Result<u8, Trouble> {
    let (by, at) = (args.person()?, Clock::system().text());
    let mut once: Vec<&String> = ids.iter().collect();
    once.sort();
    once.dedup();
    make(args, lang, |now| {
        once.into_iter()
            .map(|id| {
                let issue = find(now, id)?;
                let to = State::Raised;
                if issue.human.state != State::Draft {
                    let state = issue.human.state;
                    return Err(refused(
                        issue,
                        Bilingual::new(
                            format!("起票案ではありません（対応状況: {}）", state.word()),
                            format!("this is no draft (its state is {})", state.as_str()),
                        ),
                    ));
                }
                move_to(
                    issue,
                    Move {
                        to,
                        by,
                        at: &at,
                        reason,
                    },
                )
                .map_err(|m| refused(issue, m))
            })
            .collect()
    })
}

pub(super) fn step(
    args: &IssuesArgs,
    id: &str,
    to: &str,
    reason: &str,
    lang: Lang,
) -> Result<u8, Trouble> {
    let (by, at) = (args.person()?, Clock::system().text());
    let to = word(to, "--to", State::parse, &State::ALL.map(State::word))?;
    make(args, lang, |now| {
        let issue = find(now, id)?;
        let step = Move {
            to,
            by,
            at: &at,
            reason,
        };
        Ok(vec![move_to(issue, step).map_err(|m| refused(issue, m))?])
    })
}

pub(super) fn waive(
    args: &IssuesArgs,
    id: &str,
    reason: &str,
    until: &str,
    lang: Lang,
) -> Result<u8, Trouble> {
    let waiver = Waiver {
        reason: reason.to_owned(),
        approver: args.person()?.to_owned(),
        expires: until.to_owned(),
        at: Clock::system().text(),
    };
    make(args, lang, |now| {
        let issue = find(now, id)?;
        Ok(vec![
            issue::waive(issue, waiver).map_err(|m| refused(issue, m))?,
        ])
    })
}

pub(super) fn set(args: &IssuesArgs, set: &SetArgs, lang: Lang) -> Result<u8, Trouble> {
    let (by, at) = (args.person()?, Clock::system().text());
    make(args, lang, |now| {
        let issue = find(now, &set.id)?;
        let mut human = issue.human.clone();
        for (field, given) in [
            (&mut human.description, &set.description),
            (&mut human.impact, &set.impact),
            (&mut human.assignee, &set.assignee),
            (&mut human.due_on, &set.due),
            (&mut human.countermeasure, &set.countermeasure),
            (&mut human.result, &set.result),
        ] {
            if let Some(text) = given {
                field.clone_from(text);
            }
        }
        if let Some(text) = &set.fault_side {
            let known = renkei_report::code_words("責任区分");
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            human.fault_side = word(
                text,
                "--fault-side",
                |t| known.contains(&t).then(|| t.to_owned()),
                &known,
            )?;
        }
        if let Some(text) = &set.priority {
            human.priority = word(
                text,
                "--priority",
                Priority::parse,
                &Priority::ALL.map(Priority::word),
            )?;
        }
        if let Some(text) = &set.fault_agreed {
            human.fault_agreed = word(
                text,
                "--fault-agreed",
                Agreed::parse,
                &Agreed::ALL.map(Agreed::word),
            )?;
        }
        let judgement = set.judgement.map(|judge| match judge {
            Judge::Confirmed => Judgement::Confirmed,
            Judge::Disputed => Judgement::Disputed,
        });
        let edit = Edit {
            human,
            judgement,
            by,
            at: &at,
            reason: &set.reason,
        };
        Ok(edit
            .upon(issue)
            .map_err(|m| refused(issue, m))?
            .into_iter()
            .collect())
    })
}

/// A word of a code table, or the words there are.
fn word<T>(
    text: &str,
    option: &str,
    parse: impl Fn(&str) -> Option<T>,
    words: &[&str],
) -> Result<T, Trouble> {
    parse(text).ok_or_else(|| {
        let words = words.join(" ");
        Trouble::input(
            option,
            Bilingual::new(
                format!("「{text}」という語はありません"),
                format!("there is no `{text}`"),
            ),
            Bilingual::new(format!("使える語: {words}"), format!("there are: {words}")),
        )
    })
}
