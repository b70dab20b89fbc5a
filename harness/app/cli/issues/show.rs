//! `renkei issues list | show | history`.

use renkei_core::issue::{Issue, State, reason_in_both, result_in_both};
use renkei_core::model::{Bilingual, Lang, exit};
use renkei_report::issue_words;
use renkei_report::text::columns;
use renkei_run::Clock;
use renkei_run::register::{Entry, Register};
use serde_json::{Value, json};

use super::super::args::TextOrJson;
use super::{IssuesArgs, find};
use crate::screen;
use crate::trouble::Trouble;

pub(super) fn list(
    args: &IssuesArgs,
    state: Option<&str>,
    open: bool,
    lang: Lang,
) -> Result<u8, Trouble> {
    let wanted = state.map(parse_state).transpose()?;
    let issues = Register::open_existing(&args.register)?.read()?;
    let shown = |issue: &&Issue| {
        wanted.is_none_or(|state| issue.human.state == state)
            && (!open || issue.human.state.is_open())
    };
    let chosen: Vec<&Issue> = issues.issues.values().filter(shown).collect();
    if args.format == TextOrJson::Json {
        let text = format!(
            "{:#}\n",
            json!({ "schema": "renkei.issues/v1", "issues": chosen })
        );
        screen::result(&text)?;
        return Ok(exit::PASSED);
    }
    let clock = Clock::system().text();
    let today = clock.get(0..10).unwrap_or_default();
    let rows: Vec<Vec<String>> = chosen
        .iter()
        .map(|issue| line(issue, today, lang))
        .collect();
    let mut text = columns(&rows);
    let totals: Vec<String> = State::ALL
        .iter()
        .map(|state| {
            let count = issues
                .issues
                .values()
                .filter(|i| i.human.state == *state)
                .count();
            format!(
                "{} {count}",
                Bilingual::new(state.word(), state.as_str()).get(lang)
            )
        })
        .collect();
    text.push_str(&format!("{}\n", totals.join("  ")));
    screen::result(&text)?;
    Ok(exit::PASSED)
}

fn parse_state(text: &str) -> Result<State, Trouble> {
    State::parse(text).ok_or_else(|| {
        let words = State::ALL.map(State::word).join(" ");
        Trouble::input(
            "--state",
            Bilingual::new(
                format!("対応状況「{text}」はありません"),
                format!("there is no state `{text}`"),
            ),
            Bilingual::new(format!("使える語: {words}"), format!("there are: {words}")),
        )
    })
}

fn line(issue: &Issue, today: &str, lang: Lang) -> Vec<String> {
    let state = Bilingual::new(issue.human.state.word(), issue.human.state.as_str());
    let mut marks = Vec::new();
    if issue.reopened > 0 {
        let times = issue.reopened;
        marks.push(Bilingual::new(
            format!("再発{times}"),
            format!("reopened {times}x"),
        ));
    }
    if issue.proposed_approval {
        marks.push(Bilingual::new("承認を提案", "approval proposed"));
    }
    if issue.is_overdue(today) {
        marks.push(Bilingual::new("期限超過", "overdue"));
    }
    if issue.waiver.as_ref().is_some_and(|w| w.holds_on(today)) {
        marks.push(Bilingual::new("許容中", "deviation accepted"));
    }
    let marks: Vec<&str> = marks.iter().map(|m| m.get(lang)).collect();
    let rule = issue.machine.as_ref().map_or("-", |m| m.rule.as_str());
    let text = issue_words::description(issue, lang);
    vec![
        issue.id(),
        state.get(lang).to_owned(),
        issue_words::priority(issue.human.priority, lang),
        rule.to_owned(),
        text,
        marks.join(" "),
    ]
}

pub(super) fn one(args: &IssuesArgs, id: &str, lang: Lang) -> Result<u8, Trouble> {
    let register = Register::open_existing(&args.register)?;
    let issues = register.read()?;
    let issue = find(&issues, id)?;
    let history = register.history(Some(issue.number))?;
    let text = match args.format {
        TextOrJson::Json => {
            let history: Vec<Value> = history.iter().map(entry_json).collect();
            format!(
                "{:#}\n",
                json!({ "schema": "renkei.issue/v1", "issue": issue, "history": history })
            )
        }
        TextOrJson::Text => format!("{}{}", card(issue, lang), entries(&history, lang)),
    };
    screen::result(&text)?;
    Ok(exit::PASSED)
}

/// 課題票: the nine fields, then machine and people side by side.
fn card(issue: &Issue, lang: Lang) -> String {
    let human = &issue.human;
    let state = Bilingual::new(human.state.word(), human.state.as_str());
    let mut rows = vec![
        (
            Bilingual::new("課題内容", "description"),
            issue_words::description(issue, lang),
        ),
        (
            Bilingual::new("影響", "impact"),
            issue_words::impact(issue, lang),
        ),
        (
            Bilingual::new("優先度", "priority"),
            issue_words::priority(human.priority, lang),
        ),
        (
            Bilingual::new("発生日", "occurred"),
            issue.occurred_at.get(0..10).unwrap_or_default().to_owned(),
        ),
        (Bilingual::new("担当者", "assignee"), human.assignee.clone()),
        (Bilingual::new("対応期限", "due"), human.due_on.clone()),
        (
            Bilingual::new("対応状況", "state"),
            state.get(lang).to_owned(),
        ),
        (
            Bilingual::new("対応策", "countermeasure"),
            human.countermeasure.clone(),
        ),
        (
            Bilingual::new("対応結果", "result"),
            result_in_both(&human.result).get(lang).to_owned(),
        ),
        (
            Bilingual::new("起票者", "raised by"),
            issue.raised_by.clone(),
        ),
        (
            Bilingual::new("責任区分", "side"),
            issue_words::side_and_how(&human.fault_side, human.fault_agreed, lang),
        ),
        (Bilingual::new("実行", "runs"), runs(issue, lang)),
    ];
    if let Some(machine) = &issue.machine {
        let verdict = renkei_report::words::of(lang, "verdict", &machine.verdict);
        let cause = renkei_report::words::of(lang, "cause", &machine.cause);
        let text = format!(
            "{verdict}  {}  {cause}  {}",
            machine.rule,
            machine.message.get(lang)
        );
        rows.push((Bilingual::new("機械の判定", "machine"), text));
    }
    if let Some(judged) = &issue.judged {
        let text = format!(
            "{}  {}  {}",
            judged.judgement.word().get(lang),
            judged.by,
            judged.reason
        );
        rows.push((Bilingual::new("人の判断", "people"), text));
    }
    if let Some(waiver) = &issue.waiver {
        let text = Bilingual::new(
            format!(
                "{} まで（{}）  {}",
                waiver.expires, waiver.approver, waiver.reason
            ),
            format!(
                "until {} ({})  {}",
                waiver.expires, waiver.approver, waiver.reason
            ),
        );
        rows.push((
            Bilingual::new("許容", "accepted"),
            text.get(lang).to_owned(),
        ));
    }
    let version = Bilingual::new("版", "version");
    let mut out = format!("{}  {} {}\n", issue.id(), version.get(lang), issue.version);
    let rows: Vec<Vec<String>> = rows
        .into_iter()
        .map(|(label, value)| {
            let value = if value.is_empty() {
                "-".to_owned()
            } else {
                value
            };
            vec![format!("  {}", label.get(lang)), value]
        })
        .collect();
    out.push_str(&columns(&rows));
    out
}

fn runs(issue: &Issue, lang: Lang) -> String {
    let none = Bilingual::new("なし", "none");
    let text = |list: &[renkei_core::issue::Seen]| {
        let runs: Vec<&str> = list.iter().map(|s| s.run.as_str()).collect();
        if runs.is_empty() {
            none.get(lang).to_owned()
        } else {
            runs.join(" ")
        }
    };
    let (seen, absent) = (text(&issue.seen), text(&issue.absent));
    let words = Bilingual::new(
        format!("検出 {seen} / 検出なし {absent} / 再発{}回", issue.reopened),
        format!(
            "seen in {seen} / not seen in {absent} / reopened {}x",
            issue.reopened
        ),
    );
    words.get(lang).to_owned()
}

pub(super) fn history(args: &IssuesArgs, id: Option<&str>, lang: Lang) -> Result<u8, Trouble> {
    let register = Register::open_existing(&args.register)?;
    let number = match id {
        Some(id) => Some(find(&register.read()?, id)?.number),
        None => None,
    };
    let history = register.history(number)?;
    let text = match args.format {
        TextOrJson::Json => {
            let lines: Vec<Value> = history.iter().map(entry_json).collect();
            format!(
                "{:#}\n",
                json!({ "schema": "renkei.issue-history/v1", "history": lines })
            )
        }
        TextOrJson::Text => entries(&history, lang),
    };
    screen::result(&text)?;
    Ok(exit::PASSED)
}

fn entry_json(entry: &Entry) -> Value {
    json!({
        "seq": entry.seq, "issue": Issue::id_of(entry.number), "version": entry.version, "at": entry.at,
        "by": entry.by, "what": entry.what, "from": entry.from, "to": entry.to, "reason": entry.reason,
    })
}

fn entries(history: &[Entry], lang: Lang) -> String {
    let word = |state: State| {
        Bilingual::new(state.word(), state.as_str())
            .get(lang)
            .to_owned()
    };
    history
        .iter()
        .map(|e| {
            let step = match e.from {
                Some(from) if from == e.to => word(e.to),
                Some(from) => format!("{} → {}", word(from), word(e.to)),
                None => word(e.to),
            };
            let at = e.at.get(0..19).unwrap_or(&e.at).replace('T', " ");
            format!(
                "{at}  {}  {}  {step}  {}\n",
                Issue::id_of(e.number),
                e.by,
                reason_in_both(&e.reason).get(lang)
            )
            .replace("  \n", "\n")
        })
        .collect()
}
