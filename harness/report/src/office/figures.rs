//! The numbered tables of the reports. Their numbers follow the chapters of 成果報告書.

use std::collections::BTreeMap;

use renkei_core::check::rule;
use renkei_core::model::{Lang, Level, Verdict};

use super::facts::Facts;
use super::figure::Figure;
use crate::workbook::{Column, Value};
use crate::{kadai, pairs, view, words};

/// Every figure, in the order of its number.
pub(super) fn all(facts: &Facts<'_>) -> Vec<Figure> {
    vec![
        parties(facts),
        packs(facts),
        states(facts),
        verdicts(facts),
        causes(facts),
        rules(facts),
        left_out(facts),
        issues(facts),
        ambiguities(facts),
        runs(facts),
    ]
}

/// A figure by its id; the ids are those of [`all`].
pub(super) fn find(all: &[Figure], id: &str) -> Vec<crate::docx::Block> {
    all.iter()
        .find(|f| f.id == id)
        .map(Figure::block)
        .unwrap_or_default()
}

fn text(value: &str) -> Value {
    kadai::cell_text(value).into()
}

const fn words_of(
    name: &'static str,
    id: &'static str,
    meaning: &'static str,
    width: u16,
) -> Column {
    (name, id, "文字列", "", meaning, width)
}

const fn code_of(
    name: &'static str,
    id: &'static str,
    meaning: &'static str,
    width: u16,
) -> Column {
    (name, id, "コード", "", meaning, width)
}

const fn count_of(name: &'static str, id: &'static str, meaning: &'static str) -> Column {
    (name, id, "数値", "件", meaning, 10)
}

fn parties(facts: &Facts<'_>) -> Figure {
    const COLUMNS: &[Column] = &[
        words_of("参加者", "party", "参加者の名前", 20),
        words_of("役割", "role", "提供側か利用側か両方か", 14),
        words_of("製品", "product", "参加者が申告した製品の名前", 20),
        words_of("版", "version", "参加者が申告した製品の版", 12),
        words_of(
            "代役",
            "stand_in",
            "代役は renkei の模擬応答でありベンダーの結果ではない",
            10,
        ),
    ];
    let mut seen = BTreeMap::new();
    for doc in &facts.runs {
        for party in &doc.parties {
            let name = party.name.get(Lang::Ja);
            let role = words::of(Lang::Ja, "role", &party.role);
            let row = [name, &role, &party.product, &party.version];
            let mut row: Vec<Value> = row.map(text).to_vec();
            row.push(
                (if party.stand_in {
                    "代役"
                } else {
                    "実製品"
                })
                .into(),
            );
            seen.insert(
                (name.to_owned(), party.version.clone(), party.stand_in),
                row,
            );
        }
    }
    Figure {
        id: "fig-2-1",
        number: "表2-1",
        title: "参加者と版",
        columns: COLUMNS,
        shown: &[],
        rows: seen.into_values().collect(),
    }
}

fn packs(facts: &Facts<'_>) -> Figure {
    const COLUMNS: &[Column] = &[
        words_of("仕様", "pack", "検査に使った仕様の識別名", 24),
        words_of("版", "version", "仕様の版", 16),
        words_of("位置づけ", "fidelity", "原典どおりか派生か例示か", 12),
        words_of("出所", "source", "仕様の出所", 34),
        words_of("SHA-256", "sha256", "仕様の内容のダイジェスト（16進）", 40),
    ];
    let mut seen = BTreeMap::new();
    for pack in facts.runs.iter().flat_map(|doc| &doc.packs) {
        let fidelity = words::of(Lang::Ja, "fidelity", &pack.fidelity);
        let row = [
            &pack.id,
            &pack.version,
            &fidelity,
            &pack.source,
            &pack.sha256,
        ];
        seen.insert(
            (&pack.id, &pack.sha256),
            row.map(|cell| text(cell)).to_vec(),
        );
    }
    Figure {
        id: "fig-2-2",
        number: "表2-2",
        title: "検査に使った仕様",
        columns: COLUMNS,
        shown: &["pack", "version", "fidelity", "source"],
        rows: seen.into_values().collect(),
    }
}

/// Columns of the long form of the matrix; also those of `matrix.xlsx`.
pub(super) const STATES: &[Column] = &[
    code_of(
        "組合せコード",
        "pair",
        "計画の参加者の識別名（送信側..受信側）",
        14,
    ),
    words_of("送信側", "sender", "送信側の参加者", 17),
    words_of("受信側", "receiver", "受信側の参加者", 17),
    words_of("連携ID", "linkage", "連携の識別名", 12),
    words_of("方式", "method", "ファイルかAPIか", 13),
    code_of("判定", "verdict", "組合せと連携の最新の判定", 11),
    count_of("検査項目の件数", "cases", "検査項目の数"),
    count_of("適合の件数", "pass", "適合の検査項目"),
    count_of("不適合の件数", "fail", "不適合の検査項目"),
    count_of("要確認の件数", "review", "要確認の検査項目"),
    count_of("判定不能の件数", "inconclusive", "判定不能の検査項目"),
    count_of("未実施の件数", "not_run", "未実施の検査項目"),
    count_of("対象外の件数", "not_applicable", "対象外の検査項目"),
    count_of("障害の件数", "tool_error", "試験ツール障害の検査項目"),
    count_of(
        "必須の不適合件数",
        "required_fail",
        "必須の検査項目のうち不適合のもの",
    ),
    words_of("実行番号", "run", "判定の元になった最新の実行", 26),
    words_of("実行日", "day", "実行を始めた日", 16),
];

/// One row for each pair and linkage.
pub(super) fn state_rows(facts: &Facts<'_>) -> Vec<Vec<Value>> {
    let rows = facts.states().map(|(_, linkage, latest)| {
        let doc = latest.doc;
        let end = |id: &str| match id {
            "" => Value::from(""),
            id => text(&pairs::name(doc, id, Lang::Ja)),
        };
        let (from, to) = latest
            .cases
            .first()
            .map_or(("", ""), |c| (c.from.as_str(), c.to.as_str()));
        let mut methods: Vec<String> = latest
            .cases
            .iter()
            .map(|c| words::of(Lang::Ja, "method", &c.method))
            .collect();
        methods.sort();
        methods.dedup();
        let failed =
            |c: &&&renkei_core::record::CaseResult| c.required && c.verdict == Verdict::Fail;
        let mut row = vec![
            text(&latest.code),
            end(from),
            end(to),
            text(linkage),
            methods.join("と").into(),
            words::of(Lang::Ja, "verdict", latest.verdict().as_str()).into(),
            Value::Number(latest.cases.len() as u64),
        ];
        let counted = [
            Verdict::Pass,
            Verdict::Fail,
            Verdict::Review,
            Verdict::Inconclusive,
            Verdict::NotRun,
            Verdict::NotApplicable,
            Verdict::ToolError,
        ];
        row.extend(counted.map(|verdict| Value::Number(latest.count(verdict))));
        row.push(Value::Number(
            latest.cases.iter().filter(failed).count() as u64
        ));
        row.push(text(&doc.run.id));
        row.push(facts.day(&doc.run.started_at).into());
        row
    });
    rows.collect()
}

fn states(facts: &Facts<'_>) -> Figure {
    Figure {
        id: "fig-4-1",
        number: "表4-1",
        title: "組合せと連携ごとの判定",
        columns: STATES,
        shown: &[
            "sender",
            "receiver",
            "linkage",
            "method",
            "verdict",
            "cases",
            "pass",
            "required_fail",
            "day",
        ],
        rows: state_rows(facts),
    }
}

fn verdicts(facts: &Facts<'_>) -> Figure {
    const COLUMNS: &[Column] = &[
        code_of("判定", "verdict", "検査項目の判定", 16),
        count_of(
            "件数",
            "count",
            "組合せと連携ごとに最新の実行で数えた検査項目",
        ),
    ];
    let rows = Verdict::ALL.map(|verdict| {
        let count: u64 = facts
            .states()
            .map(|(_, _, latest)| latest.count(verdict))
            .sum();
        vec![
            words::of(Lang::Ja, "verdict", verdict.as_str()).into(),
            Value::Number(count),
        ]
    });
    Figure {
        id: "fig-4-2",
        number: "表4-2",
        title: "検査項目の判定別件数",
        columns: COLUMNS,
        shown: &[],
        rows: rows.to_vec(),
    }
}

fn causes(facts: &Facts<'_>) -> Figure {
    const COLUMNS: &[Column] = &[
        code_of("責任区分案", "cause", "renkei が証拠から提案した区分", 16),
        count_of("指摘の件数", "findings", "エラーの指摘"),
    ];
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for (_, finding) in facts.findings() {
        if finding.level == Level::Error {
            let word = words::of(Lang::Ja, "cause", finding.cause.kind.as_str());
            *counts.entry(word).or_default() += 1;
        }
    }
    Figure {
        id: "fig-4-3",
        number: "表4-3",
        title: "責任区分案ごとの指摘",
        columns: COLUMNS,
        shown: &[],
        rows: counts
            .into_iter()
            .map(|(word, n)| vec![word.into(), Value::Number(n)])
            .collect(),
    }
}

fn rules(facts: &Facts<'_>) -> Figure {
    const COLUMNS: &[Column] = &[
        code_of("規則番号", "rule", "renkei explain で説明が出る番号", 11),
        words_of("規則の要旨", "title", "規則の題名", 34),
        count_of("指摘の件数", "findings", "最新の実行での指摘"),
        ("か所", "places", "数値", "か所", "該当したところの数", 10),
        count_of("組合せの数", "pairs", "指摘のあった組合せ"),
    ];
    #[derive(Default)]
    struct Sum {
        findings: u64,
        places: u64,
        pairs: std::collections::BTreeSet<String>,
    }
    let mut sums: BTreeMap<&str, Sum> = BTreeMap::new();
    for (doc, finding) in facts.findings() {
        let sum = sums.entry(&finding.rule).or_default();
        sum.findings += 1;
        sum.places = sum.places.saturating_add(finding.count);
        let case = view::case_of(doc, finding);
        sum.pairs
            .extend(case.map(|c| pairs::pair_name(doc, &c.from, &c.to, Lang::Ja)));
    }
    let mut sums: Vec<(&str, Sum)> = sums.into_iter().collect();
    sums.sort_by_key(|(_, sum)| std::cmp::Reverse((sum.findings, sum.places)));
    let row = |(code, sum): (&str, Sum)| {
        let title = rule(code)
            .map(|r| r.page().head.title.ja.clone())
            .unwrap_or_default();
        let numbers = [sum.findings, sum.places, sum.pairs.len() as u64];
        let mut row = vec![code.into(), text(&title)];
        row.extend(numbers.map(Value::Number));
        row
    };
    Figure {
        id: "fig-4-4",
        number: "表4-4",
        title: "規則ごとの指摘",
        columns: COLUMNS,
        shown: &[],
        rows: sums.into_iter().map(row).collect(),
    }
}

fn left_out(facts: &Facts<'_>) -> Figure {
    const COLUMNS: &[Column] = &[
        words_of("検査項目番号", "case", "計画の検査項目", 16),
        words_of("検査項目", "title", "検査項目の題名", 30),
        words_of("連携ID", "linkage", "連携の識別名", 12),
        code_of(
            "判定",
            "verdict",
            "未実施か判定不能か対象外か試験ツール障害",
            12,
        ),
        words_of("理由", "reason", "判定に至らなかった理由", 40),
        words_of("実行番号", "run", "実行", 26),
    ];
    let mut rows = Vec::new();
    for (_, linkage, latest) in facts.states() {
        let silent = |v: Verdict| !matches!(v, Verdict::Pass | Verdict::Fail | Verdict::Review);
        for case in latest.cases.iter().filter(|case| silent(case.verdict)) {
            rows.push(vec![
                text(&case.id),
                text(&case.title.ja),
                text(linkage),
                words::of(Lang::Ja, "verdict", case.verdict.as_str()).into(),
                text(&view::reason(case, Lang::Ja)),
                text(&latest.doc.run.id),
            ]);
        }
    }
    Figure {
        id: "fig-4-5",
        number: "表4-5",
        title: "判定に至らなかった検査項目と理由",
        columns: COLUMNS,
        shown: &["case", "title", "linkage", "verdict", "reason"],
        rows,
    }
}

fn issues(facts: &Facts<'_>) -> Figure {
    const COLUMNS: &[Column] = &[
        words_of("課題番号", "issue", "課題管理表の番号", 12),
        words_of("課題内容", "description", "課題の内容", 40),
        code_of("優先度", "priority", "高か中か低", 9),
        words_of("発生日", "occurred_on", "最初に検出した日", 16),
        words_of("担当者", "assignee", "担当者コード。空欄は未定", 12),
        words_of("対応期限", "due_on", "空欄は未定", 16),
        code_of("対応状況", "state", "起票案から承認まで", 10),
        words_of("責任区分", "fault_side", "renkei の提案または人の決定", 12),
        words_of("連携ID", "linkage", "連携の識別名", 12),
        count_of("検出件数", "hits", "検出した実行の数"),
        count_of("再発回数", "reopened", "承認の後に再び検出した回数"),
        (
            "滞留日数",
            "age",
            "数値",
            "日",
            "発生日から今日または承認までの日数",
            10,
        ),
    ];
    let rows = facts.issues.iter().map(|issue| {
        let linkage = issue.machine.as_ref().map_or("", |m| m.linkage.as_str());
        vec![
            issue.id().into(),
            text(&issue.human.description),
            issue.human.priority.word().into(),
            facts.day(&issue.occurred_at).into(),
            text(&issue.human.assignee),
            issue.human.due_on.as_str().into(),
            issue.human.state.word().into(),
            text(&issue.human.fault_side),
            text(linkage),
            Value::Number(issue.hits()),
            Value::Number(u64::from(issue.reopened)),
            facts.age(issue).map_or_else(|| "".into(), Value::Number),
        ]
    });
    Figure {
        id: "fig-6-1",
        number: "表6-1",
        title: "課題の一覧",
        columns: COLUMNS,
        shown: &[
            "issue",
            "description",
            "priority",
            "occurred_on",
            "due_on",
            "state",
            "fault_side",
        ],
        rows: rows.collect(),
    }
}

fn ambiguities(facts: &Facts<'_>) -> Figure {
    const COLUMNS: &[Column] = &[
        words_of("連携ID", "linkage", "連携の識別名", 12),
        words_of("組合せ", "pair", "読み方の異なる二者", 24),
        words_of("内容", "fact", "双方の読み方の違い", 40),
        words_of("仕様の該当箇所", "requirement", "規定の位置", 20),
        words_of("根拠", "proof", "仕様に原因があると判定した根拠", 40),
        code_of("規則番号", "rule", "判定した規則", 11),
        words_of("実行番号", "run", "実行", 26),
    ];
    let rows = facts.ambiguities().into_iter().map(|(doc, finding)| {
        let case = view::case_of(doc, finding);
        let pair = case.map(|c| pairs::pair_name(doc, &c.from, &c.to, Lang::Ja));
        vec![
            text(case.map_or("", |c| c.linkage.as_str())),
            text(&pair.unwrap_or_default()),
            text(&finding.message.ja),
            text(&finding.requirements.join(" ")),
            text(&finding.cause.proof.ja),
            finding.rule.as_str().into(),
            text(&doc.run.id),
        ]
    });
    Figure {
        id: "fig-7-1",
        number: "表7-1",
        title: "仕様の曖昧",
        columns: COLUMNS,
        shown: &["linkage", "pair", "fact", "requirement", "proof"],
        rows: rows.collect(),
    }
}

fn runs(facts: &Facts<'_>) -> Figure {
    const COLUMNS: &[Column] = &[
        words_of("実行番号", "run", "実行", 28),
        words_of("件名", "title", "計画の題名", 26),
        words_of("開始日時", "started_at", "日本標準時", 20),
        code_of("データ区分", "data_class", "計画が宣言した区分", 14),
        code_of("判定", "verdict", "実行全体の判定", 12),
        count_of("検査項目の件数", "cases", "検査項目の数"),
        count_of("適合の件数", "pass", "適合の検査項目"),
        count_of("不適合の件数", "fail", "不適合の検査項目"),
        words_of("ツールの版", "tool", "検査した renkei の版", 12),
    ];
    let rows = facts.runs.iter().map(|doc| {
        vec![
            text(&doc.run.id),
            text(&doc.run.title.ja),
            crate::moment::minute(&doc.run.started_at, &facts.options).into(),
            crate::view::data_class(doc, Lang::Ja).into(),
            words::of(Lang::Ja, "verdict", doc.verdict.as_str()).into(),
            Value::Number(doc.cases.len() as u64),
            Value::Number(view::count(doc, Verdict::Pass)),
            Value::Number(view::count(doc, Verdict::Fail)),
            text(&doc.tool.version),
        ]
    });
    Figure {
        id: "fig-8-1",
        number: "表8-1",
        title: "実行の一覧",
        columns: COLUMNS,
        shown: &["run", "started_at", "verdict", "cases", "pass", "fail"],
        rows: rows.collect(),
    }
}
