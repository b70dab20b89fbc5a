//! `renkei check --agreement`: files held to a negotiated record, by the same means as in a run.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Args;
use renkei_core::agreement::{Negotiated, Settled, Terms, decided, unknown_decisions};
use renkei_core::fileset::CheckedMember;
use renkei_core::judge::{HEAD, HeldFile, hold_to, rows_of, say_why};
use renkei_core::model::{Bilingual, Finding, Problems};
use renkei_core::record::AgreementRow;
use renkei_core::scan::FileFacts;
use renkei_core::spec::{FileSettings, Layout, Library};

use super::agree::catalogue_from;
use crate::inputs;
use crate::trouble::Trouble;

/// What files are held to besides their layout.
#[derive(Debug, Args)]
pub struct HeldToArgs {
    /// 合意設定書（TOML）。合意した値を設定とし、合わないものを事項の番号とともに示す / negotiated record: its values hold, deviations name their item
    #[arg(long, value_name = "FILE")]
    pub agreement: Option<PathBuf>,
    /// 合意設定書の事項の一覧のパック / packs with the catalogue of items of the record
    #[arg(long, value_name = "PACK", default_value = "linkage-items")]
    pub items: Vec<String>,
    /// 連携ごとに決めた値のうち、どの連携のものか / linkage whose own values of the record hold
    #[arg(long, value_name = "ID", requires = "agreement")]
    pub linkage: Option<String>,
    /// 検査項目ごとに決めた値のうち、どれのものか / exchange (case id) whose own values of the record hold
    #[arg(long, value_name = "ID", requires = "agreement")]
    pub exchange: Option<String>,
}

/// What was agreed, and what was seen of it so far.
#[derive(Debug, Default)]
pub(super) struct Agreed {
    settled: Vec<Settled>,
    rows: Vec<AgreementRow>,
    /// What readers must know about it.
    pub(super) remarks: Vec<Bilingual>,
}

impl Agreed {
    /// Reads the record that the command line names; without one, nothing was agreed.
    pub(super) fn read(args: &HeldToArgs, library: &Library) -> Result<Self, Trouble> {
        let Some(path) = &args.agreement else {
            return Ok(Self::default());
        };
        let mut problems = Problems::new();
        let catalogue = catalogue_from(library, &args.items, &mut problems);
        let bytes = inputs::read(path, &mut problems);
        let record = bytes
            .and_then(|bytes| Negotiated::load(&path.display().to_string(), &bytes, &mut problems));
        let Some(record) = record.filter(|_| problems.is_empty()) else {
            return Err(Trouble::Inputs(problems));
        };
        unknown_decisions(&record, &catalogue, &mut problems);
        let linkage = args.linkage.as_deref().unwrap_or_default();
        let exchange = args.exchange.as_deref().unwrap_or_default();
        let settled = decided(&catalogue, &record, (linkage, exchange), &mut problems);
        if !problems.is_empty() {
            return Err(Trouble::Inputs(problems));
        }
        known_linkage(&record, path, linkage)?;
        known_exchange(&record, path, (linkage, exchange))?;
        let name = path.display();
        let count = settled.len();
        let version = record.version;
        Ok(Self {
            rows: rows_of(Terms(&settled)),
            settled,
            remarks: vec![Bilingual::new(
                format!("合意設定書 {name} 第{version}版の{count}事項に照らしました。"),
                format!(
                    "Held to {count} items of the negotiated record {name}, version {version}."
                ),
            )],
        })
    }

    /// What was agreed.
    pub(super) fn terms(&self) -> Terms<'_> {
        Terms(&self.settled)
    }

    /// Holds a checked file to it; `path` is what was handed over: the file, or the archive it came in.
    pub(super) fn hold(
        &mut self,
        path: &Path,
        checked: Checked<'_>,
        findings: Vec<Finding>,
    ) -> Result<Vec<Finding>, Trouble> {
        if self.settled.is_empty() {
            return Ok(findings);
        }
        let mut packed = Vec::new();
        let read = File::open(path).and_then(|f| f.take(HEAD).read_to_end(&mut packed));
        read.map_err(|error| Trouble::file(path, &error))?;
        let unpacked = checked.member.map(|m| m.unpacked_head(HEAD)).transpose();
        let unpacked = unpacked
            .map_err(|error| Trouble::file(path, &error))?
            .flatten();
        let file = HeldFile {
            terms: Terms(&self.settled),
            file: checked.member.map_or(checked.name, |m| &m.name),
            name: checked.name,
            head: unpacked.as_deref().unwrap_or(&packed),
            packed: &packed,
            declared: checked.declared,
            layout: checked.layout,
            settings: checked.settings,
            facts: checked.facts,
        };
        Ok(hold_to(file, findings, &mut self.rows))
    }

    /// The rows, with a reason where nothing was seen.
    pub(super) fn into_rows(mut self) -> Vec<AgreementRow> {
        say_why(Terms(&self.settled), &mut self.rows);
        self.rows
    }
}

/// A file that was checked, as [`HeldFile`] has it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Checked<'a> {
    pub(super) name: &'a str,
    pub(super) declared: &'a Layout,
    pub(super) layout: &'a Layout,
    pub(super) settings: &'a FileSettings,
    pub(super) facts: &'a FileFacts,
    /// The file as one of a set, which may have come in an archive.
    pub(super) member: Option<&'a CheckedMember>,
}

/// An exchange that the record does not name would be held to other values without a word.
fn known_exchange(
    record: &Negotiated,
    path: &Path,
    (linkage, exchange): (&str, &str),
) -> Result<(), Trouble> {
    let of_linkage = |l: &str| l.is_empty() || l == linkage;
    let named = record.decisions.iter().filter(|d| of_linkage(&d.linkage));
    let mut known: Vec<&str> = named.map(|d| d.exchange.as_str()).collect();
    known.retain(|e| !e.is_empty());
    known.sort_unstable();
    known.dedup();
    if exchange.is_empty() || known.contains(&exchange) {
        return Ok(());
    }
    let list = known.join(", ");
    Err(Trouble::input(
        path.display().to_string(),
        Bilingual::new(
            format!("検査項目 {exchange} だけの値はありません"),
            format!("it has no values for exchange {exchange} alone"),
        ),
        match list.as_str() {
            "" => Bilingual::new("--exchange を外してください", "leave out --exchange"),
            list => Bilingual::new(
                format!("--exchange を外すか、次のどれかにしてください: {list}"),
                format!("leave out --exchange, or name one of: {list}"),
            ),
        },
    ))
}

/// A record with values for single linkages does not say which of them a file belongs to.
fn known_linkage(record: &Negotiated, path: &Path, linkage: &str) -> Result<(), Trouble> {
    let mut known: Vec<&str> = record
        .decisions
        .iter()
        .map(|d| d.linkage.as_str())
        .collect();
    known.retain(|l| !l.is_empty());
    known.sort_unstable();
    known.dedup();
    if known.contains(&linkage) || (known.is_empty() && linkage.is_empty()) {
        return Ok(());
    }
    let list = known.join(", ");
    let message = match (linkage, known.is_empty()) {
        ("", _) => Bilingual::new(
            "連携ごとに決めた値があり、どの連携のファイルか分かりません".to_owned(),
            "it has values for single linkages; which one the file belongs to is not known"
                .to_owned(),
        ),
        (linkage, true) => Bilingual::new(
            format!("連携 {linkage} だけの値はありません"),
            format!("it has no values for linkage {linkage} alone"),
        ),
        (linkage, false) => Bilingual::new(
            format!("連携 {linkage} は合意設定書にありません"),
            format!("linkage {linkage} is not in the record"),
        ),
    };
    let help = match known.is_empty() {
        true => Bilingual::new("--linkage を外してください", "leave out --linkage"),
        false => Bilingual::new(
            format!("--linkage に連携IDを書いてください: {list}"),
            format!("name one by --linkage: {list}"),
        ),
    };
    Err(Trouble::input(path.display().to_string(), message, help))
}
