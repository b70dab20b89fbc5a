//! 合意設定書 as a document that both sides sign.

use super::record::{Record, answered};
use super::{state, status};
use crate::ReportError;
use crate::docx::{Block, Document, Slot, Table, write};

/// The document.
///
/// # Errors
/// It cannot be written.
pub fn document(record: &Record<'_>) -> Result<Vec<u8>, ReportError> {
    let mut document = Document::new("合意設定書");
    document.header = format!("第{}版", record.record.version);
    document.footer = record.packs.to_owned();
    document.landscape = true;
    let blocks = &mut document.blocks;
    blocks.push(Block::paragraph(
        "この文書は、連携する二つのシステムの事業者が、ファイルとAPIの連携について合意した値を記したものです。\
         標準仕様書が定める値は「標準で規定」と示し、双方の申告から決まった値はその根拠を示します。",
    ));
    blocks.push(Block::facts(record.facts()));
    blocks.push(Block::heading(1, "1 合意した事項"));
    blocks.push(settled(record));
    blocks.push(Block::heading(1, "2 未決の事項"));
    blocks.push(open(record));
    blocks.push(Block::heading(1, "3 前の版との違い"));
    blocks.push(changes(record));
    blocks.push(Block::heading(1, "4 確認"));
    blocks.push(Block::paragraph(
        "上記の合意した事項を確認しました。未決の事項は、決まりしだい次の版に記します。",
    ));
    blocks.push(Block::Slot(Slot::new(
        "signatures",
        "確認欄",
        vec![signatures(record)],
    )));
    write(&document)
}

/// Heading of the column that says what a row holds for.
const SCOPE: &str = "連携ID 検査項目";

/// What a row holds for; empty: for all.
fn scope(linkage: &str, exchange: &str) -> String {
    format!("{linkage} {exchange}").trim().to_owned()
}

fn settled(record: &Record<'_>) -> Block {
    if record.record.decisions.is_empty() {
        return Block::paragraph("ありません。");
    }
    let mut table = Table::new(&[
        ("番号", 5),
        ("協議・設定事項", 15),
        (SCOPE, 9),
        ("合意の値", 16),
        ("状態", 9),
        ("根拠", 26),
        ("決めた人、日", 12),
    ]);
    for (decision, of) in record.settled() {
        let decided = format!("{} {}", decision.by, decision.on);
        table.row([
            decision.item.clone(),
            record.title(&decision.item).to_owned(),
            scope(&decision.linkage, &decision.exchange),
            decision.value.clone(),
            of.map_or(String::new(), |s| state(s.state)),
            decision.reason.clone(),
            decided.trim().to_owned(),
        ]);
    }
    Block::Table(table)
}

fn open(record: &Record<'_>) -> Block {
    let mut table = Table::new(&[
        ("番号", 5),
        ("協議・設定事項", 15),
        (SCOPE, 9),
        ("状態", 11),
        ("要否", 8),
        ("提供側の回答", 14),
        ("利用側の回答", 14),
        ("案", 10),
        ("理由", 22),
    ]);
    for one in record.open() {
        let proposal = one.proposal.as_ref().map_or("", |(value, _)| value);
        table.row([
            one.item.id.clone(),
            one.item.title.ja.clone(),
            scope(&one.linkage, &one.exchange),
            state(one.state),
            status(one.item.status.as_str()).to_owned(),
            answered(one.provider.as_ref()),
            answered(one.consumer.as_ref()),
            proposal.to_owned(),
            one.basis.ja.clone(),
        ]);
    }
    match table.rows.is_empty() {
        true => Block::paragraph("ありません。"),
        false => Block::Table(table),
    }
}

fn changes(record: &Record<'_>) -> Block {
    let Some(last) = record.last else {
        return Block::paragraph("初版のため、ありません。");
    };
    let changes = record.changes();
    if changes.is_empty() {
        return Block::paragraph(format!("第{}版から変わった値はありません。", last.version));
    }
    let mut table = Table::new(&[
        ("番号", 5),
        ("協議・設定事項", 20),
        (SCOPE, 9),
        ("前の版の値", 24),
        ("この版の値", 24),
    ]);
    let dash = |value: &str| {
        if value.is_empty() {
            "（決まっていない）"
        } else {
            value
        }
        .to_owned()
    };
    for change in changes {
        table.row([
            change.item.clone(),
            record.title(&change.item).to_owned(),
            scope(&change.linkage, &change.exchange),
            dash(&change.then),
            dash(&change.now),
        ]);
    }
    Block::Table(table)
}

/// A block for both sides to sign, with room to write.
fn signatures(record: &Record<'_>) -> Block {
    let mut table = Table::new(&[("", 10), ("提供側", 30), ("利用側", 30)]);
    let [provider, consumer] = record.names;
    let product = |at: usize| {
        let (product, version) = record.products.get(at).cloned().unwrap_or_default();
        format!("{product} {version}")
    };
    table.row([
        "組織名".to_owned(),
        provider.to_owned(),
        consumer.to_owned(),
    ]);
    table.row(["製品と版".to_owned(), product(0), product(1)]);
    for label in ["役職", "氏名", "記名または押印", "確認日"] {
        let room = if label == "記名または押印" {
            "\n\n"
        } else {
            ""
        };
        table.row([label.to_owned(), room.to_owned(), room.to_owned()]);
    }
    Block::Table(table)
}
