//! 成果報告書: results and issues filled in, 考察 and 提言 left for people.

use renkei_core::model::Verdict;

use super::facts::Facts;
use super::figure::Figure;
use super::figures;
use crate::docx::{Block, Document, Slot, Table};

/// The document.
pub(super) fn document(facts: &Facts<'_>) -> Document {
    let all = figures::all(facts);
    let mut document = Document::new("成果報告書");
    let show = |ids: &[&str]| -> Vec<Block> {
        ids.iter().flat_map(|id| figures::find(&all, id)).collect()
    };
    document.blocks = vec![
        Block::heading(1, "1 概要"),
        Block::Slot(Slot::new("overview", "概要", overview(facts))),
        Block::heading(2, "判断事項"),
        Block::Slot(decisions(facts)),
        Block::heading(1, "2 検証環境"),
        Block::Slot(Slot::new(
            "environment",
            "検証環境",
            show(&["fig-2-1", "fig-2-2"]),
        )),
        Block::heading(1, "3 検証方法"),
        Block::Slot(Slot::new("method", "検証方法", method(facts))),
        Block::heading(1, "4 検証結果"),
        Block::Slot(Slot::new(
            "results",
            "検証結果",
            show(&["fig-4-1", "fig-4-2", "fig-4-3", "fig-4-4", "fig-4-5"]),
        )),
        Block::heading(1, "5 考察"),
        Block::Slot(Slot::to_fill(
            "considerations",
            "考察",
            "検証結果から言えることと、その根拠とした図表の番号を書いてください。",
        )),
        Block::heading(1, "6 課題"),
        Block::Slot(Slot::new("issues", "課題", issues(facts, &all))),
        Block::heading(1, "7 仕様の曖昧と提言"),
        Block::Slot(Slot::new("ambiguities", "仕様の曖昧", show(&["fig-7-1"]))),
        Block::heading(2, "提言"),
        Block::Slot(Slot::to_fill(
            "proposals",
            "提言",
            "仕様の改定案と、改修が要る製品を書いてください。",
        )),
        Block::heading(1, "付録"),
        Block::Slot(Slot::new("appendix", "付録", appendix(&all))),
    ];
    document
}

fn overview(facts: &Facts<'_>) -> Vec<Block> {
    let days = |doc: Option<&&renkei_core::record::ResultDocument>| {
        doc.map(|d| facts.day(&d.run.started_at))
            .unwrap_or_default()
    };
    let (first, last) = (days(facts.runs.first()), days(facts.runs.last()));
    let count = |verdict| {
        facts
            .states()
            .map(|(_, _, latest)| latest.count(verdict))
            .sum::<u64>()
    };
    let cases: usize = facts
        .states()
        .map(|(_, _, latest)| latest.cases.len())
        .sum();
    let failed = facts
        .states()
        .filter(|(_, _, latest)| latest.verdict() == Verdict::Fail)
        .count();
    vec![Block::facts([
        ("実施期間", format!("{first} から {last} まで")),
        ("実行", format!("{}件", facts.runs.len())),
        (
            "組合せと連携",
            format!("{}件（うち不適合 {failed}件）", facts.pairs.len()),
        ),
        (
            "検査項目",
            format!(
                "{cases}件（適合 {}件、不適合 {}件、要確認 {}件、その他 {}件）",
                count(Verdict::Pass),
                count(Verdict::Fail),
                count(Verdict::Review),
                cases as u64 - count(Verdict::Pass) - count(Verdict::Fail) - count(Verdict::Review),
            ),
        ),
        (
            "承認されていない課題",
            format!("{}件", facts.open().count()),
        ),
        ("データ区分", facts.data_classes()),
    ])]
}

/// What the reader is asked to decide: findings that neither vendor can put right alone.
pub(super) fn decisions(facts: &Facts<'_>) -> Slot {
    let found = facts.ambiguities();
    if found.is_empty() {
        let hint = "仕様に原因があると判定した指摘はありません。ほかに判断を求めることがあれば書いてください。";
        return Slot::to_fill("decisions", "判断事項", hint);
    }
    let asked = found
        .iter()
        .map(|(_, f)| format!("{}（規則 {}）の読み方を決める", f.message.ja, f.rule));
    let mut asked: Vec<String> = asked.collect();
    asked.sort();
    asked.dedup();
    let blocks = vec![
        Block::paragraph(
            "次の指摘は、双方が仕様に従っていて、仕様がどちらの読み方も許すものです。",
        ),
        Block::numbered(asked),
    ];
    Slot::new("decisions", "判断事項", blocks)
}

fn method(facts: &Facts<'_>) -> Vec<Block> {
    let checks: u64 = facts
        .states()
        .flat_map(|(_, _, latest)| &latest.cases)
        .map(|case| case.checks)
        .sum();
    vec![
        Block::paragraph(
            "参加者が申告した設定を標準仕様と照合し、合意した条件で実際にファイルとAPIをやり取りしました。\
             やり取りしたバイト列をすべて記録し、規則に照らして判定しました。",
        ),
        Block::bullets([
            format!(
                "適用した規則は延べ {} 件です。",
                crate::view::number(checks)
            ),
            "判定は記録だけから再現できます（renkei report --rejudge）。".to_owned(),
            "責任区分案は、送信側と受信側で捕捉したバイト列の比較から renkei が提案したものです。"
                .to_owned(),
            "規則ごとの説明は renkei explain 規則番号 で表示できます。".to_owned(),
        ]),
    ]
}

fn issues(facts: &Facts<'_>, all: &[Figure]) -> Vec<Block> {
    let origin = if facts.registered {
        "課題管理簿の内容です。"
    } else {
        "課題管理簿が指定されていないため、実行の指摘から作った起票案を示します。"
    };
    let mut blocks = vec![Block::paragraph(origin)];
    blocks.extend(figures::find(all, "fig-6-1"));
    blocks
}

fn appendix(all: &[Figure]) -> Vec<Block> {
    let mut blocks = vec![
        Block::heading(2, "図表元データ一覧"),
        Block::Table(sources(all.iter())),
    ];
    blocks.push(Block::heading(2, "実行の一覧"));
    blocks.extend(figures::find(all, "fig-8-1"));
    blocks
}

/// Where the source data of each numbered table stands.
pub(super) fn sources<'f>(all: impl Iterator<Item = &'f Figure>) -> Table {
    let mut table = Table::new(&[("図表番号", 2), ("題名", 6), ("ファイル", 5), ("シート", 2)]);
    for figure in all {
        table.row([
            figure.number,
            figure.title,
            super::OfficeFile::Zuhyo.file_name(),
            figure.id,
        ]);
    }
    table
}
