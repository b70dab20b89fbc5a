//! 合意設定書 as a workbook: what was settled, what changed since the last version, what is still open, and who confirms it.

use renkei_core::agreement::{Change, Negotiated, Settled};
use renkei_core::record::AgreementState;
use renkei_core::spec::Catalogue;

use super::columns::{ABOUT, CHANGES, OPEN, SETTLED, SIGNATURES};
use super::sheet::cell_word;
use super::{codes, kind, state, status, text};
use crate::ReportError;
use crate::workbook::{Table, Value, write};

/// A negotiated record with what is needed to read it.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    /// The record.
    pub record: &'a Negotiated,
    /// The version before it.
    pub last: Option<&'a Negotiated>,
    /// Every item as it stands between the two.
    pub settled: &'a [Settled],
    /// The catalogue, for titles.
    pub catalogue: &'a Catalogue,
    /// Names of provider and consumer.
    pub names: [&'a str; 2],
    /// Product and version of provider and consumer.
    pub products: &'a [(String, String); 2],
    /// Packs that the items come from, `id@version`.
    pub packs: &'a str,
}

impl Record<'_> {
    /// What changed since the last version.
    pub(super) fn changes(&self) -> Vec<Change> {
        self.last
            .map(|last| self.record.changes(last))
            .unwrap_or_default()
    }

    /// Title of an item.
    pub(super) fn title(&self, item: &str) -> &str {
        self.catalogue
            .item(item)
            .map_or("", |item| item.title.ja.as_str())
    }

    /// Items that are settled, by the record.
    pub(super) fn settled(
        &self,
    ) -> impl Iterator<Item = (&renkei_core::agreement::Decision, Option<&Settled>)> {
        self.record.decisions.iter().map(|decision| {
            let of = self.settled.iter().find(|s| {
                (&s.item.id, &s.linkage, &s.exchange)
                    == (&decision.item, &decision.linkage, &decision.exchange)
            });
            (decision, of)
        })
    }

    /// Items that are not settled and that somebody answered or has to answer.
    pub(super) fn open(&self) -> impl Iterator<Item = &Settled> {
        self.settled.iter().filter(|s| {
            let silent = s.state == AgreementState::Silent && !s.item.mandatory;
            !silent && !matches!(s.state, AgreementState::Agreed | AgreementState::Standard)
        })
    }

    /// Name and content of what stands above a document: version, day, pair.
    pub(super) fn facts(&self) -> Vec<(&'static str, String)> {
        let last = match self.last {
            Some(last) => format!("第{}版（{}）", last.version, last.on),
            None => "なし（初版）".to_owned(),
        };
        let side = |at: usize| {
            let name = self.names.get(at).copied().unwrap_or_default();
            let (product, version) = self.products.get(at).cloned().unwrap_or_default();
            format!("{name} {product} {version}")
        };
        vec![
            ("版", format!("第{}版", self.record.version)),
            ("作成日", self.record.on.clone()),
            ("前の版", last),
            ("提供側", side(0)),
            ("利用側", side(1)),
            ("事項の目録", self.packs.to_owned()),
            ("合意した事項の数", self.record.decisions.len().to_string()),
            ("未決の事項の数", self.open().count().to_string()),
        ]
    }
}

/// Values of an answer, in a cell.
pub(super) fn answered(answer: Option<&renkei_core::agreement::Answer>) -> String {
    let values = answer.map_or(Vec::new(), |a| {
        a.values.iter().map(|v| cell_word(v)).collect()
    });
    values.join(" | ")
}

/// The workbook.
///
/// # Errors
/// It cannot be written.
pub fn workbook(record: &Record<'_>) -> Result<Vec<u8>, ReportError> {
    let title = format!("合意設定書 第{}版", record.record.version);
    let changes = record.changes();
    let changed = changes.iter().map(|c| {
        vec![
            text(&c.item),
            text(record.title(&c.item)),
            text(&c.linkage),
            text(&c.exchange),
            cell_word(&c.then).into(),
            cell_word(&c.now).into(),
        ]
    });
    let facts = record
        .facts()
        .into_iter()
        .map(|(name, value)| vec![name.into(), text(&value)]);
    let tables = vec![
        Table {
            name: "合意事項",
            columns: SETTLED,
            rows: record.settled().map(settled).collect(),
        },
        Table {
            name: "未決事項",
            columns: OPEN,
            rows: record.open().map(open).collect(),
        },
        Table {
            name: "前の版との違い",
            columns: CHANGES,
            rows: changed.collect(),
        },
        Table {
            name: "確認欄",
            columns: SIGNATURES,
            rows: signatures(record),
        },
        Table {
            name: "文書情報",
            columns: ABOUT,
            rows: facts.collect(),
        },
    ];
    write(&title, tables, codes())
}

fn settled((decision, of): (&renkei_core::agreement::Decision, Option<&Settled>)) -> Vec<Value> {
    let item = of.map(|s| &s.item);
    vec![
        text(&decision.item),
        item.map_or("", |i| kind(i.negotiated)).into(),
        text(item.map_or("", |i| &i.title.ja)),
        text(&decision.linkage),
        text(&decision.exchange),
        cell_word(&decision.value).into(),
        of.map_or(String::new(), |s| state(s.state)).into(),
        text(&decision.reason),
        text(&decision.by),
        text(&decision.on),
        item.map_or(String::new(), |i| cell_word(&i.standard))
            .into(),
        answered(of.and_then(|s| s.provider.as_ref())).into(),
        answered(of.and_then(|s| s.consumer.as_ref())).into(),
    ]
}

fn open(settled: &Settled) -> Vec<Value> {
    let proposal = settled.proposal.as_ref().map_or("", |(value, _)| value);
    vec![
        text(&settled.item.id),
        text(&settled.item.title.ja),
        text(&settled.linkage),
        text(&settled.exchange),
        state(settled.state).into(),
        status(settled.item.status.as_str()).into(),
        answered(settled.provider.as_ref()).into(),
        answered(settled.consumer.as_ref()).into(),
        cell_word(proposal).into(),
        text(&settled.basis.ja),
    ]
}

fn signatures(record: &Record<'_>) -> Vec<Vec<Value>> {
    let sides = ["提供側", "利用側"]
        .into_iter()
        .zip(record.names)
        .zip(record.products);
    let row = |((side, name), (product, version)): ((&str, &str), &(String, String))| {
        let blank = || Value::from("");
        vec![
            side.into(),
            text(name),
            text(product),
            text(version),
            blank(),
            blank(),
            blank(),
        ]
    };
    sides.map(row).collect()
}
