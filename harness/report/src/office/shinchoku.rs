//! 進捗管理表 (procurement specification 8.5(1)ア): one piece of work for each pair and linkage. Who is responsible and
//! the planned dates are people's; everything else is counted anew from the runs.

use jiff::civil::Date;
use renkei_core::issue::Priority;
use renkei_core::model::Verdict;

use super::facts::Facts;
use super::{OfficeFile, Source, about};
use crate::pairs::Latest;
use crate::workbook::{self, Column, Table, Value};
use crate::{ReportError, kadai};

const COLUMNS: &[Column] = &[
    ("作業番号", "work", "コード", "", "組合せコードと連携ID", 22),
    ("作業名", "name", "文字列", "", "組合せと連携の検証", 34),
    (
        "責任者",
        "owner",
        "文字列",
        "",
        "人が書き入れる。担当者コード",
        12,
    ),
    (
        "開始日",
        "planned_start",
        "文字列",
        "",
        "人が書き入れる。予定の開始日（YYYY-MM-DD）",
        12,
    ),
    (
        "終了日",
        "planned_end",
        "文字列",
        "",
        "人が書き入れる。予定の終了日（YYYY-MM-DD）",
        12,
    ),
    (
        "完了基準",
        "criterion",
        "文字列",
        "",
        "renkei が実行から判定する基準",
        36,
    ),
    ("実績開始日", "started", "文字列", "", "最初の実行の日", 12),
    (
        "実績終了日",
        "finished",
        "文字列",
        "",
        "完了基準を満たした最新の実行の日",
        12,
    ),
    (
        "進捗率（%）",
        "share",
        "数値",
        "%",
        "予定の検査項目のうち適合の割合",
        10,
    ),
    (
        "検査項目の予定件数",
        "planned",
        "数値",
        "件",
        "対象外を除く検査項目",
        12,
    ),
    (
        "検査項目の実施件数",
        "ran",
        "数値",
        "件",
        "未実施を除く検査項目",
        12,
    ),
    ("適合件数", "passed", "数値", "件", "適合の検査項目", 10),
    ("不適合件数", "failed", "数値", "件", "不適合の検査項目", 10),
    (
        "未解決課題件数",
        "open",
        "数値",
        "件",
        "承認されていない課題",
        12,
    ),
    (
        "遅延日数",
        "late",
        "数値",
        "日",
        "終了日を過ぎた日数。終了日がないか過ぎていなければ0",
        10,
    ),
    (
        "作業状態",
        "state",
        "コード",
        "",
        "実行と終了日から判定した状態。中止は人が書き入れる",
        10,
    ),
    ("送信側", "sender", "文字列", "", "送信側の参加者", 18),
    ("受信側", "receiver", "文字列", "", "受信側の参加者", 18),
    (
        "組合せコード",
        "pair",
        "コード",
        "",
        "計画の参加者の識別名（送信側..受信側）",
        14,
    ),
];

const CRITERION: &str = "必須の検査項目がすべて適合で優先度高の未承認の課題が0件";
const STOPPED: &str = "中止";

/// The workbook.
pub(super) fn workbook(facts: &Facts<'_>, source: &Source<'_>) -> Result<Vec<u8>, ReportError> {
    let rows = facts
        .states()
        .map(|(_, linkage, latest)| row(facts, source, linkage, latest));
    let table = Table {
        name: "進捗管理表",
        columns: COLUMNS,
        rows: rows.collect(),
    };
    let words = [
        ("未着手", "まだ1件も実施していない"),
        ("実施中", "実施したが完了基準を満たしていない"),
        ("完了", "完了基準を満たした"),
        ("遅延", "完了基準を満たさないまま終了日を過ぎた"),
        (STOPPED, "人が中止とした"),
    ];
    let codes = words.map(|(word, meaning)| ["作業状態", word, meaning].map(str::to_owned));
    workbook::write_with(
        "進捗管理表",
        &about(facts),
        vec![table],
        codes.to_vec(),
        |_| Ok(()),
    )
}

fn row(facts: &Facts<'_>, source: &Source<'_>, linkage: &str, latest: &Latest<'_>) -> Vec<Value> {
    let key = work_number(latest, linkage);
    let kept = |heading: &str| {
        source
            .kept
            .value(OfficeFile::Shinchoku.file_name(), &key, heading)
            .to_owned()
    };
    let planned = latest.cases.len() as u64 - latest.count(Verdict::NotApplicable);
    let ran = planned - latest.count(Verdict::NotRun);
    let passed = latest.count(Verdict::Pass);
    let done = is_done(facts, linkage, latest);
    let end = kept("終了日");
    let late = if done {
        0
    } else {
        days_late(facts.today(), &end)
    };
    let state = match (kept("作業状態").as_str(), done, late, ran) {
        (STOPPED, ..) => STOPPED,
        (_, true, ..) => "完了",
        (_, _, 1.., _) => "遅延",
        (_, _, _, 0) => "未着手",
        _ => "実施中",
    };
    let case = latest.cases.first();
    let end_name = |id: &str| {
        kadai::cell_text(&crate::pairs::name(
            latest.doc,
            id,
            renkei_core::model::Lang::Ja,
        ))
    };
    let (sender, receiver) =
        case.map_or_else(Default::default, |c| (end_name(&c.from), end_name(&c.to)));
    let name = crate::pairs::pair_name(
        latest.doc,
        case.map_or("", |c| &c.from),
        case.map_or("", |c| &c.to),
        renkei_core::model::Lang::Ja,
    );
    let finished = if done {
        facts.day(&latest.doc.run.started_at)
    } else {
        String::new()
    };
    vec![
        key.clone().into(),
        kadai::cell_text(&format!("{name} {linkage}")).into(),
        kept("責任者").into(),
        kept("開始日").into(),
        end.into(),
        CRITERION.into(),
        first_day(facts, linkage, latest).into(),
        finished.into(),
        Value::Number((passed * 100).checked_div(planned).unwrap_or(0)),
        Value::Number(planned),
        Value::Number(ran),
        Value::Number(passed),
        Value::Number(latest.count(Verdict::Fail)),
        Value::Number(facts.open_of(latest, linkage)),
        Value::Number(late),
        state.into(),
        sender.into(),
        receiver.into(),
        kadai::cell_text(&latest.code).into(),
    ]
}

/// `a..b/L-0001`: the same piece of work keeps its number from edition to edition.
fn work_number(latest: &Latest<'_>, linkage: &str) -> String {
    kadai::cell_text(&format!("{}/{linkage}", latest.code))
}

fn is_done(facts: &Facts<'_>, linkage: &str, latest: &Latest<'_>) -> bool {
    let pressing = facts.open().any(|issue| {
        issue.human.priority == Priority::High
            && issue.machine.as_ref().is_some_and(|m| m.linkage == linkage)
    });
    latest.verdict() == Verdict::Pass && !pressing
}

/// Day of the first run that has the pair and linkage.
fn first_day(facts: &Facts<'_>, linkage: &str, latest: &Latest<'_>) -> String {
    let Some(case) = latest.cases.first() else {
        return String::new();
    };
    let same = |c: &renkei_core::record::CaseResult| {
        c.linkage == linkage && c.from == case.from && c.to == case.to
    };
    let first = facts.runs.iter().find(|doc| doc.cases.iter().any(same));
    first
        .map(|doc| facts.day(&doc.run.started_at))
        .unwrap_or_default()
}

fn days_late(today: Option<Date>, end: &str) -> u64 {
    let (Some(today), Ok(end)) = (today, end.parse::<Date>()) else {
        return 0;
    };
    let span = end.until(today).map(|span| span.get_days()).unwrap_or(0);
    u64::try_from(span).unwrap_or(0)
}
