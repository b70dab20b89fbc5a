//! `renkei check` of XML messages: each file against one message of a pack.

use std::path::{Path, PathBuf};
use std::time::Instant;

use renkei_core::judge::{CheckedFile, check_message, document_of_messages};
use renkei_core::model::{Bilingual, Finding, Lang, Problems};
use renkei_core::spec::{Date, Library, Pack, XmlMessage};
use renkei_run::Clock;

use super::args::CheckArgs;
use super::check::{as_of, show};
use super::check_again;
use crate::files::gather;
use crate::packs;
use crate::trouble::Trouble;

/// Checks the files when `--spec` names a message (or a pack that holds one message and nothing else); nothing when it
/// names something else.
pub(super) fn run(
    args: &CheckArgs,
    folders: &[PathBuf],
    lang: Lang,
) -> Result<Option<u8>, Trouble> {
    let mut problems = Problems::new();
    let library = Library::new(packs::library(folders, &mut problems));
    let Some(id) = message_of(&library, &args.spec) else {
        return Ok(None);
    };
    let (coordinate, _) = args.spec.split_once('/').unwrap_or((&args.spec, ""));
    let pack = library.load(coordinate, "--spec", &mut problems);
    let found = gather(&args.files, &mut problems);
    let Some(pack) = pack.filter(|_| problems.is_empty()) else {
        return Err(Trouble::Inputs(problems));
    };
    let Some(message) = pack.messages.get(&id) else {
        return Err(Trouble::Inputs(problems));
    };
    if let Some(record) = &args.held_to.agreement {
        return Err(Trouble::input(
            format!("--agreement {}", record.display()),
            Bilingual::new(
                "合意設定書に照らすのは、様式のあるファイルだけです",
                "only files with a layout are held to a negotiated record",
            ),
            Bilingual::new("--agreement を外してください", "leave out --agreement"),
        ));
    }
    if let Some(setting) = args.settings.first() {
        return Err(Trouble::input(
            format!("--set {setting}"),
            Bilingual::new(
                "XML電文の設定は --set で変えられません",
                "--set does not change settings of XML messages",
            ),
            Bilingual::new(
                "電文の message.toml を写したパックを --packs で渡します",
                "pass a pack with a message.toml of your own by --packs",
            ),
        ));
    }
    let clock = Clock::system();
    let started_at = clock.text();
    let day = as_of(args, &started_at)?;
    let mut checked = Vec::new();
    for (name, path) in &found.files {
        let what = What {
            args,
            folders,
            pack: &pack,
            message,
            name,
            path,
            day,
        };
        checked.push(what.check(&clock)?);
    }
    let Some(document) = document_of_messages(checked) else {
        return Err(Trouble::input(
            "renkei check",
            Bilingual::new("調べるファイルがありません", "there is no file to check"),
            Bilingual::new("XMLファイルを指定します", "name an XML file"),
        ));
    };
    show(args, document, lang).map(Some)
}

/// The message that `--spec` names.
fn message_of(library: &Library, reference: &str) -> Option<String> {
    let (coordinate, part) = reference.split_once('/').unwrap_or((reference, ""));
    let (_, files) = library.find(coordinate, "--spec").ok()?;
    let messages = files.folders("xml");
    if part.is_empty() {
        let alone = files.folders("layouts").is_empty();
        return match messages.as_slice() {
            [only] if alone => Some(only.clone()),
            _ => None,
        };
    }
    messages.into_iter().find(|id| id == part)
}

struct What<'a> {
    args: &'a CheckArgs,
    folders: &'a [PathBuf],
    pack: &'a Pack,
    message: &'a XmlMessage,
    name: &'a str,
    path: &'a Path,
    day: Date,
}

impl What<'_> {
    fn check(&self, clock: &Clock) -> Result<(CheckedFile, Vec<Finding>), Trouble> {
        let started_at = clock.text();
        let started = Instant::now();
        let bytes = std::fs::read(self.path).map_err(|error| Trouble::file(self.path, &error))?;
        let (pack, message) = (self.pack, self.message);
        let (mut findings, sha256) =
            check_message(message, &bytes, self.name, self.args.privacy.mask());
        pack.name_requirements(&message.id, &mut findings);
        let (id, version) = (&pack.head.id, &pack.head.version);
        let file = CheckedFile {
            name: self.name.to_owned(),
            sha256,
            bytes: bytes.len() as u64,
            records: None,
            areas: &["XML"],
            spec: format!("{id}@{version}/{}", message.id),
            pack: pack.stamp(),
            started_at,
            finished_at: clock.text(),
            duration_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
            reproduce: check_again::line(self.args, &[self.path], self.folders),
            remarks: self.remarks(),
        };
        Ok((file, findings))
    }

    fn remarks(&self) -> Vec<Bilingual> {
        let message = self.message;
        let own = Bilingual::new(
            format!(
                "XML電文として調べました（スキーマ {}、文字コード {}）。外部のスキーマ・実体は読みません。",
                message.schema_file, message.encoding
            ),
            format!(
                "Checked as an XML message (schema {}, encoding {}). No schema and no entity from outside was read.",
                message.schema_file, message.encoding
            ),
        );
        let mut remarks = vec![own];
        remarks.extend(self.pack.head.cautions(self.day));
        remarks
    }
}
