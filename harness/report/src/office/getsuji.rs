//! 月次の進捗報告書 (procurement specification 6.2(3)): what changed in a month, from the runs of that month.

use std::collections::BTreeMap;

use renkei_core::issue::{Issue, Priority};
use renkei_core::model::{Lang, Verdict};

use super::facts::Facts;
use super::figure::Figure;
use super::{Source, risk, seika};
use crate::docx::{Block, Document, Slot};
use crate::pairs;
use crate::workbook::{Column, Value};
use crate::{kadai, words};

/// The document.
pub(super) fn document(facts: &Facts<'_>, source: &Source<'_>) -> Document {
    let month = month(facts, source);
    let all = all(facts, source);
    let show = |id: &str| super::figures::find(&all, id);
    let mut document = Document::new(format!("進捗報告書（{}）", spoken(&month)));
    document.blocks = vec![
        Block::facts([("期間", spoken(&month)), ("実行", facts.run_ids())]),
        Block::heading(1, "1 判断事項"),
        Block::Slot(seika::decisions(facts)),
        Block::heading(1, "2 実績と計画の差"),
        Block::Slot(Slot::new("progress", "実績と計画の差", show("fig-m-1"))),
        Block::heading(1, "3 組合せと連携の判定の変化"),
        Block::Slot(Slot::new("changes", "判定の変化", show("fig-m-2"))),
        Block::heading(1, "4 課題の増減と滞留"),
        Block::Slot(Slot::new(
            "issues",
            "課題",
            [show("fig-m-3"), show("fig-m-4")].concat(),
        )),
        Block::heading(1, "5 リスクの変化"),
        Block::Slot(Slot::new("risks", "リスク", show("fig-m-5"))),
        Block::heading(1, "6 翌月の計画"),
        Block::Slot(Slot::to_fill(
            "next_month",
            "翌月の計画",
            "翌月に行う作業と、終える日を書いてください。",
        )),
        Block::heading(1, "付録 図表元データ一覧"),
        Block::Slot(Slot::new(
            "sources",
            "図表元データ一覧",
            vec![Block::Table(seika::sources(all.iter()))],
        )),
    ];
    document
}

/// The figures of the monthly report.
pub(super) fn all(facts: &Facts<'_>, source: &Source<'_>) -> Vec<Figure> {
    let month = month(facts, source);
    vec![
        progress(facts),
        changes(facts, &month),
        moved(facts, &month),
        ages(facts),
        risk::figure(facts, source),
    ]
}

/// The month that is reported on, `2026-11`.
fn month(facts: &Facts<'_>, source: &Source<'_>) -> String {
    if !source.month.is_empty() {
        return source.month.to_owned();
    }
    let day = facts
        .runs
        .last()
        .map(|doc| facts.day(&doc.run.started_at))
        .unwrap_or_default();
    day.get(..7).unwrap_or_default().to_owned()
}

/// `2026年11月`.
fn spoken(month: &str) -> String {
    match month.split_once('-') {
        Some((year, number)) => format!("{year}年{}月", number.trim_start_matches('0')),
        None => month.to_owned(),
    }
}

fn progress(facts: &Facts<'_>) -> Figure {
    const COLUMNS: &[Column] = &[
        ("組合せ", "pair", "文字列", "", "送信側と受信側", 30),
        (
            "予定件数",
            "planned",
            "数値",
            "件",
            "対象外を除く検査項目",
            10,
        ),
        (
            "実施件数",
            "ran",
            "数値",
            "件",
            "判定に至るまで実施した検査項目",
            10,
        ),
        ("適合件数", "passed", "数値", "件", "適合の検査項目", 10),
        ("不適合件数", "failed", "数値", "件", "不適合の検査項目", 10),
        (
            "未実施件数",
            "left",
            "数値",
            "件",
            "予定のうちまだ実施していない検査項目",
            10,
        ),
    ];
    let mut sums: BTreeMap<&str, [u64; 4]> = BTreeMap::new();
    for (pair, _, latest) in facts.states() {
        let sum = sums.entry(pair).or_default();
        let left = latest.count(Verdict::NotRun);
        let planned = latest.cases.len() as u64 - latest.count(Verdict::NotApplicable);
        let add = [
            planned,
            left,
            latest.count(Verdict::Pass),
            latest.count(Verdict::Fail),
        ];
        for (sum, n) in sum.iter_mut().zip(add) {
            *sum += n;
        }
    }
    let rows = sums
        .into_iter()
        .map(|(pair, [planned, left, passed, failed])| {
            let numbers = [planned, planned - left, passed, failed, left].map(Value::Number);
            [vec![kadai::cell_text(pair).into()], numbers.to_vec()].concat()
        });
    Figure {
        id: "fig-m-1",
        number: "表M-1",
        title: "検査項目の予定と実施",
        columns: COLUMNS,
        shown: &[],
        rows: rows.collect(),
    }
}

fn changes(facts: &Facts<'_>, month: &str) -> Figure {
    const COLUMNS: &[Column] = &[
        ("組合せ", "pair", "文字列", "", "送信側と受信側", 28),
        ("連携ID", "linkage", "文字列", "", "連携の識別名", 12),
        (
            "期首の判定",
            "before",
            "コード",
            "",
            "前の月までの最新の判定",
            12,
        ),
        (
            "期末の判定",
            "after",
            "コード",
            "",
            "この月までの最新の判定",
            12,
        ),
        ("変化", "change", "コード", "", "期首と期末の比較", 10),
        (
            "変化を示す実行",
            "run",
            "文字列",
            "",
            "期末の判定の元になった実行",
            28,
        ),
    ];
    let month_of = |doc: &renkei_core::record::ResultDocument| {
        facts
            .day(&doc.run.started_at)
            .get(..7)
            .unwrap_or_default()
            .to_owned()
    };
    let until = |end: &dyn Fn(&str) -> bool| {
        let runs = facts.runs.iter().copied().filter(|doc| end(&month_of(doc)));
        pairs::latest(runs, Lang::Ja)
    };
    let (before, after) = (until(&|m| m < month), until(&|m| m <= month));
    let word = |verdict: Option<Verdict>| match verdict {
        Some(verdict) => words::of(Lang::Ja, "verdict", verdict.as_str()),
        None => "記録なし".to_owned(),
    };
    let rows = after.iter().map(|((pair, linkage), latest)| {
        let old = before
            .get(&(pair.clone(), linkage.clone()))
            .map(pairs::Latest::verdict);
        let new = latest.verdict();
        let change = match old {
            None => "新規",
            Some(old) if old == new => "同じ",
            Some(_) => "変化",
        };
        vec![
            kadai::cell_text(pair).into(),
            kadai::cell_text(linkage).into(),
            word(old).into(),
            word(Some(new)).into(),
            change.into(),
            kadai::cell_text(&latest.doc.run.id).into(),
        ]
    });
    Figure {
        id: "fig-m-2",
        number: "表M-2",
        title: "判定の変化",
        columns: COLUMNS,
        shown: &[],
        rows: rows.collect(),
    }
}

fn moved(facts: &Facts<'_>, month: &str) -> Figure {
    const COLUMNS: &[Column] = &[
        ("区分", "kind", "コード", "", "課題の動き", 14),
        ("件数", "count", "数値", "件", "この月の件数", 10),
        ("課題番号", "issues", "文字列", "", "該当する課題", 50),
    ];
    let within = |at: &str| facts.day(at).get(..7).is_some_and(|m| m == month);
    let seen_last = |i: &Issue| i.seen.last().is_some_and(|seen| within(&seen.at));
    type Is<'a> = Box<dyn Fn(&Issue) -> bool + 'a>;
    let kinds: [(&str, Is<'_>); 4] = [
        ("新規", Box::new(move |i| within(&i.occurred_at))),
        (
            "解決（承認）",
            Box::new(move |i| !i.closed_at.is_empty() && within(&i.closed_at)),
        ),
        (
            "再発",
            Box::new(move |i| i.reopened > 0 && i.human.state.is_open() && seen_last(i)),
        ),
        ("月末に未承認", Box::new(|i| i.human.state.is_open())),
    ];
    let rows = kinds.into_iter().map(|(kind, is)| {
        let found: Vec<String> = facts
            .issues
            .iter()
            .filter(|i| is(i))
            .map(Issue::id)
            .collect();
        vec![
            kind.into(),
            Value::Number(found.len() as u64),
            found.join(" ").into(),
        ]
    });
    Figure {
        id: "fig-m-3",
        number: "表M-3",
        title: "課題の増減",
        columns: COLUMNS,
        shown: &[],
        rows: rows.collect(),
    }
}

fn ages(facts: &Facts<'_>) -> Figure {
    const COLUMNS: &[Column] = &[
        ("優先度", "priority", "コード", "", "高か中か低", 10),
        (
            "7日以内の件数",
            "week",
            "数値",
            "件",
            "滞留が7日以内の未承認の課題",
            14,
        ),
        (
            "8日から30日の件数",
            "month",
            "数値",
            "件",
            "滞留が8日から30日の未承認の課題",
            16,
        ),
        (
            "31日以上の件数",
            "longer",
            "数値",
            "件",
            "滞留が31日以上の未承認の課題",
            14,
        ),
        (
            "期限超過の件数",
            "overdue",
            "数値",
            "件",
            "対応期限を過ぎた未承認の課題",
            14,
        ),
    ];
    let today = facts.day(facts.now);
    let rows = Priority::ALL.map(|priority| {
        let of = || facts.open().filter(|i| i.human.priority == priority);
        let aged = |from: u64, to: u64| {
            let count = of()
                .filter(|i| facts.age(i).is_some_and(|age| (from..=to).contains(&age)))
                .count();
            Value::Number(count as u64)
        };
        let overdue = of().filter(|i| i.is_overdue(&today)).count() as u64;
        vec![
            priority.word().into(),
            aged(0, 7),
            aged(8, 30),
            aged(31, u64::MAX),
            Value::Number(overdue),
        ]
    });
    Figure {
        id: "fig-m-4",
        number: "表M-4",
        title: "未承認の課題の滞留日数",
        columns: COLUMNS,
        shown: &[],
        rows: rows.to_vec(),
    }
}
