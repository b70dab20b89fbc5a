//! リスク管理表 (procurement specification 8.5(5)): candidates that the results show. People assess them; rows that they
//! wrote themselves, and what they wrote beside a candidate, stay.

use renkei_core::issue::Priority;
use renkei_core::model::{Lang, Verdict};

use super::facts::Facts;
use super::figure::Figure;
use super::{OfficeFile, Source, about};
use crate::workbook::{self, Column, Table, Value};
use crate::{ReportError, kadai, pairs, view};

const COLUMNS: &[Column] = &[
    (
        "リスク番号",
        "risk",
        "コード",
        "",
        "同じリスクには同じ番号が付く。人が足す行は R-人- で始める",
        26,
    ),
    ("観点", "aspect", "コード", "", "技術か財務か進捗か人力", 8),
    (
        "リスク内容",
        "description",
        "文字列",
        "",
        "起こりうること",
        40,
    ),
    (
        "発生要因",
        "cause",
        "文字列",
        "",
        "実行と課題に表れた要因",
        36,
    ),
    (
        "発生確率",
        "probability",
        "コード",
        "",
        "案。人が決める",
        10,
    ),
    ("影響度", "impact", "コード", "", "案。人が決める", 10),
    (
        "対応の優先度",
        "priority",
        "コード",
        "",
        "案。人が決める",
        12,
    ),
    (
        "対応策",
        "countermeasure",
        "文字列",
        "",
        "案。人が決める",
        36,
    ),
    ("対応手順", "steps", "文字列", "", "人が書き入れる", 20),
    ("対応体制", "team", "文字列", "", "人が書き入れる", 14),
    (
        "緊急時対応計画の要否",
        "contingency",
        "コード",
        "",
        "要か否。人が書き入れる",
        12,
    ),
    (
        "緊急時対応計画の場所",
        "contingency_at",
        "文字列",
        "",
        "人が書き入れる",
        16,
    ),
    (
        "対応策の実施状況",
        "progress",
        "文字列",
        "",
        "人が書き入れる",
        16,
    ),
    (
        "監視日",
        "watched_on",
        "文字列",
        "",
        "renkei が最後に確かめた日",
        12,
    ),
    ("評価結果", "assessment", "文字列", "", "人が書き入れる", 16),
    ("関連課題番号", "issues", "文字列", "", "関わる課題", 20),
];

/// Columns whose content is people's once a row exists.
const PEOPLE: [&str; 11] = [
    "発生確率",
    "影響度",
    "対応の優先度",
    "対応策",
    "対応手順",
    "対応体制",
    "緊急時対応計画の要否",
    "緊急時対応計画の場所",
    "対応策の実施状況",
    "評価結果",
    "観点",
];

/// An ambiguity open for longer is likely to outlast the project. A default of renkei, not of any standard.
const LONG_OPEN_DAYS: u64 = 30;

/// A risk that the results show.
#[derive(Clone)]
struct Candidate {
    number: String,
    aspect: &'static str,
    description: String,
    cause: String,
    probability: &'static str,
    impact: &'static str,
    countermeasure: &'static str,
    issues: String,
}

/// The workbook.
pub(super) fn workbook(facts: &Facts<'_>, source: &Source<'_>) -> Result<Vec<u8>, ReportError> {
    let table = Table {
        name: "リスク管理表",
        columns: COLUMNS,
        rows: rows(facts, source),
    };
    let code = |column: &str, word: &str, meaning: &str| [column, word, meaning].map(str::to_owned);
    let mut codes = vec![
        code("観点", "技術", "製品か仕様に関わる"),
        code("観点", "財務", "費用に関わる"),
        code("観点", "進捗", "予定に関わる"),
        code("観点", "人力", "人手に関わる"),
    ];
    for column in ["発生確率", "影響度", "対応の優先度"] {
        codes.push(code(column, "高", "すぐに対応する"));
        codes.push(code(column, "中", "計画して対応する"));
        codes.push(code(column, "低", "監視する"));
    }
    workbook::write_with(
        "リスク管理表",
        &about(facts),
        vec![table],
        codes,
        |_| Ok(()),
    )
}

/// The candidates as a figure of the monthly report.
pub(super) fn figure(facts: &Facts<'_>, source: &Source<'_>) -> Figure {
    Figure {
        id: "fig-m-5",
        number: "表M-5",
        title: "リスク",
        columns: COLUMNS,
        shown: &[
            "aspect",
            "description",
            "cause",
            "probability",
            "impact",
            "issues",
        ],
        rows: rows(facts, source),
    }
}

fn rows(facts: &Facts<'_>, source: &Source<'_>) -> Vec<Vec<Value>> {
    let file = OfficeFile::Risk.file_name();
    let found = candidates(facts);
    let mut rows: Vec<Vec<Value>> = found
        .iter()
        .map(|candidate| row(facts, source, candidate))
        .collect();
    // Rows that no run shows (any more) are people's to close.
    let others = source
        .kept
        .keys(file)
        .filter(|key| found.iter().all(|c| c.number != **key));
    for key in others {
        let cell = |column: &Column| Value::from(source.kept.value(file, key, column.0));
        rows.push(COLUMNS.iter().map(cell).collect());
    }
    rows
}

fn row(facts: &Facts<'_>, source: &Source<'_>, candidate: &Candidate) -> Vec<Value> {
    let priority = match (candidate.probability, candidate.impact) {
        ("高", "高") => "高",
        ("低", _) | (_, "低") => "低",
        _ => "中",
    };
    let today = facts.day(facts.now);
    let ours = [
        candidate.number.as_str(),
        candidate.aspect,
        &candidate.description,
        &candidate.cause,
        candidate.probability,
        candidate.impact,
        priority,
        candidate.countermeasure,
        "",
        "",
        "",
        "",
        "",
        &today,
        "",
        &candidate.issues,
    ];
    let cell = |(column, ours): (&Column, &str)| {
        let written = source
            .kept
            .value(OfficeFile::Risk.file_name(), &candidate.number, column.0);
        let theirs = PEOPLE.contains(&column.0) && !written.is_empty();
        Value::from(kadai::cell_text(if theirs { written } else { ours }))
    };
    COLUMNS.iter().zip(ours).map(cell).collect()
}

fn candidates(facts: &Facts<'_>) -> Vec<Candidate> {
    let mut found = [
        unreached(facts),
        untested(facts),
        issues(facts),
        ambiguities(facts),
        versions(facts),
    ]
    .concat();
    found.sort_by(|a, b| a.number.cmp(&b.number));
    found.dedup_by(|a, b| a.number == b.number);
    found
}

/// Addresses that never answered.
fn unreached(facts: &Facts<'_>) -> Vec<Candidate> {
    let never = |rule: &str| matches!(rule, "NET-001" | "NET-002" | "NET-003");
    let found = facts.findings().into_iter().filter(|(_, f)| never(&f.rule));
    let made = found.map(|(doc, f)| {
        let case = view::case_of(doc, f);
        let pair = case.map_or_else(String::new, |c| {
            pairs::pair_name(doc, &c.from, &c.to, Lang::Ja)
        });
        Candidate {
            number: format!("R-NET-{}", case.map_or("", |c| c.linkage.as_str())),
            aspect: "技術",
            description: format!("{pair} の接続先に到達できず検証が始められない"),
            cause: f.message.ja.clone(),
            probability: "高",
            impact: "高",
            countermeasure: "接続先と経路を両者で確かめ事前点検をやり直す",
            issues: String::new(),
        }
    });
    made.collect()
}

/// Linkages of which nothing has run.
fn untested(facts: &Facts<'_>) -> Vec<Candidate> {
    let nothing = facts.states().filter(|(_, _, latest)| {
        latest
            .cases
            .iter()
            .all(|c| matches!(c.verdict, Verdict::NotRun))
            && !latest.cases.is_empty()
    });
    let made = nothing.map(|(pair, linkage, latest)| Candidate {
        number: format!("R-NORUN-{}-{linkage}", latest.code),
        aspect: "進捗",
        description: format!("{pair} の {linkage} の検証が終わらない"),
        cause: format!("実行 {} まで1件も実施していない", latest.doc.run.id),
        probability: "中",
        impact: "高",
        countermeasure: "実施できない理由を解いて実施日を決める",
        issues: String::new(),
    });
    made.collect()
}

/// Issues past their due date, and pressing ones that nobody has.
fn issues(facts: &Facts<'_>) -> Vec<Candidate> {
    let today = facts.day(facts.now);
    let mut found = Vec::new();
    for issue in facts.open() {
        let linkage = issue.machine.as_ref().map_or("", |m| m.linkage.as_str());
        if issue.is_overdue(&today) {
            found.push(Candidate {
                number: format!("R-OVERDUE-{}", issue.id()),
                aspect: "進捗",
                description: format!("{linkage} の改修が予定に間に合わない"),
                cause: format!(
                    "課題 {} が対応期限 {} を過ぎている",
                    issue.id(),
                    issue.human.due_on
                ),
                probability: "高",
                impact: "中",
                countermeasure: "担当者と期限を見直す",
                issues: issue.id(),
            });
        } else if facts.registered
            && issue.human.priority == Priority::High
            && issue.human.assignee.is_empty()
        {
            found.push(Candidate {
                number: format!("R-NOBODY-{}", issue.id()),
                aspect: "人力",
                description: format!("{linkage} の優先度の高い課題が進まない"),
                cause: format!("課題 {} の担当者が決まっていない", issue.id()),
                probability: "中",
                impact: "中",
                countermeasure: "担当者を決める",
                issues: issue.id(),
            });
        }
    }
    found
}

fn ambiguities(facts: &Facts<'_>) -> Vec<Candidate> {
    let made = facts.ambiguities().into_iter().map(|(doc, f)| {
        let linkage = view::case_of(doc, f).map_or("", |c| c.linkage.as_str());
        let issue = facts.open().find(|i| {
            i.machine
                .as_ref()
                .is_some_and(|m| m.rule == f.rule && m.linkage == linkage)
        });
        let long = issue
            .and_then(|i| facts.age(i))
            .is_some_and(|age| age > LONG_OPEN_DAYS);
        Candidate {
            number: format!("R-AMBIG-{}-{linkage}", f.rule),
            aspect: "技術",
            description: format!("{linkage} の仕様の読み方が決まらず製品ごとに動作が分かれる"),
            cause: f.message.ja.clone(),
            probability: if long { "高" } else { "中" },
            impact: "高",
            countermeasure: "読み方の裁定を求め暫定の条件で検証を続ける",
            issues: issue.map(renkei_core::issue::Issue::id).unwrap_or_default(),
        }
    });
    made.collect()
}

/// One specification, several versions among the latest runs.
fn versions(facts: &Facts<'_>) -> Vec<Candidate> {
    let mut by_id: std::collections::BTreeMap<&str, std::collections::BTreeSet<&str>> =
        Default::default();
    for pack in facts.latest_runs().into_iter().flat_map(|doc| &doc.packs) {
        by_id.entry(&pack.id).or_default().insert(&pack.version);
    }
    let several = by_id.into_iter().filter(|(_, versions)| versions.len() > 1);
    let made = several.map(|(id, versions)| Candidate {
        number: format!("R-SPEC-{id}"),
        aspect: "技術",
        description: format!("仕様 {id} の版が組合せによって違い結果を比べられない"),
        cause: format!(
            "版 {} が使われている",
            versions.into_iter().collect::<Vec<_>>().join(" と ")
        ),
        probability: "高",
        impact: "中",
        countermeasure: "対象の版を1つに決めて実行し直す",
        issues: String::new(),
    });
    made.collect()
}
