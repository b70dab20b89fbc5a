use std::collections::BTreeSet;
use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use renkei_core::model::Bilingual;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use zip::ZipArchive;

use super::keys::VerifyingKey;
use super::manifest::{
    MAX_MANIFEST, MAX_PARTS, MAX_RATIO, MAX_TOTAL, Manifest, NAME, SCHEMA, SIGNATURE, is_plain,
    is_safe,
};
use super::write::Sink;
use crate::error::RunError;
use crate::store::Bundle;

/// Who sealed a packed bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sealed {
    /// Not signed.
    No,
    /// Signed by this key, and the signature is right.
    By(VerifyingKey),
}

/// A packed bundle whose manifest was read and whose limits hold.
#[derive(Debug)]
pub struct Packed {
    path: PathBuf,
    archive: ZipArchive<File>,
    /// What it says it holds.
    pub manifest: Manifest,
    /// Who signed that.
    pub sealed: Sealed,
}

#[derive(Deserialize)]
struct Schema {
    schema: String,
}

impl Packed {
    /// Opens a packed bundle: schema, names, limits, signature. The parts' digests are checked by [`Packed::verify`].
    ///
    /// # Errors
    /// It is none, is damaged, of another schema, breaks a limit, or its signature is wrong.
    pub fn open(path: &Path) -> Result<Self, RunError> {
        let file = File::open(path).map_err(|e| RunError::reading(path, e))?;
        let mut archive = ZipArchive::new(file).map_err(|e| {
            let ja = format!(
                "持ち運び用のファイルとして開けません（途中で切れているか壊れています: {e}）"
            );
            refused(
                path,
                &ja,
                &format!("cannot be opened as a packed bundle (cut off or damaged: {e})"),
            )
        })?;
        if archive.len() > MAX_PARTS {
            let count = archive.len();
            let ja = format!("中のファイルが{count}個あります（{MAX_PARTS}個まで）");
            return Err(refused(
                path,
                &ja,
                &format!("holds {count} files, more than {MAX_PARTS}"),
            ));
        }
        let text = small(&mut archive, NAME).ok_or_else(|| {
            refused(
                path,
                &format!("{NAME} がありません"),
                &format!("there is no {NAME}"),
            )
        })?;
        let manifest = parse(path, &text)?;
        let sealed = match small(&mut archive, SIGNATURE) {
            None => Sealed::No,
            Some(seal) => VerifyingKey::of_seal(&seal, &text)
                .map(Sealed::By)
                .ok_or_else(|| {
                    refused(
                        path,
                        "署名が中身と合いません",
                        "the signature does not fit the contents",
                    )
                })?,
        };
        let mut packed = Self {
            path: path.to_owned(),
            archive,
            manifest,
            sealed,
        };
        packed.check_names()?;
        Ok(packed)
    }

    /// The entries are exactly the manifest's files, each a plain file with a safe name that occurs once, none beyond
    /// the limits.
    fn check_names(&mut self) -> Result<(), RunError> {
        if self.archive.has_duplicate_names() {
            return Err(refused(
                &self.path,
                "同じ名前のファイルが二つ入っています",
                "two entries have the same name",
            ));
        }
        let mut seen = BTreeSet::new();
        let mut total: u64 = 0;
        for index in 0..self.archive.len() {
            let entry = self
                .archive
                .by_index_raw(index)
                .map_err(|e| damaged(&self.path, &e.to_string()))?;
            let name = entry
                .name()
                .map_err(|e| damaged(&self.path, &e.to_string()))?
                .into_owned();
            let (packed, bytes) = (entry.compressed_size(), entry.size());
            let told = |ja: &str, en: &str| {
                Err(refused(
                    &self.path,
                    &format!("{}: {ja}", shown(&name)),
                    &format!("{}: {en}", shown(&name)),
                ))
            };
            if !is_safe(&name) || entry.is_dir() || entry.is_symlink() {
                return told(
                    "フォルダの外を指すなど、使えない名前です",
                    "not a name that stays in the folder",
                );
            }
            if !seen.insert(folded(&name)) {
                return told(
                    "同じ名前が二つあります（大文字と小文字、濁点の分け方などは区別しません）",
                    "the name occurs twice (case and the way accents are composed do not count)",
                );
            }
            total = total.saturating_add(bytes);
            if total > MAX_TOTAL || bytes > packed.saturating_mul(MAX_RATIO).saturating_add(4_096) {
                return told(
                    "展開後の大きさが異常です",
                    "unpacks to far more than it should",
                );
            }
            let ours = [NAME, SIGNATURE].contains(&name.as_str());
            match self.manifest.files.get(&name) {
                None if !ours => return told("目録にありません", "not in the manifest"),
                Some(part) if part.bytes != bytes => {
                    return told(
                        "長さが目録と違います",
                        "its length differs from the manifest",
                    );
                }
                _ => {}
            }
        }
        let below = |name: &String| {
            name.match_indices('/')
                .any(|(at, _)| name.get(..at).is_some_and(|above| seen.contains(above)))
        };
        if let Some(name) = seen.iter().find(|name| below(name)) {
            let name = shown(name);
            return Err(refused(
                &self.path,
                &format!("{name}: 上の名前がファイルです"),
                &format!("{name}: a name above it is a file"),
            ));
        }
        let missing = self
            .manifest
            .files
            .keys()
            .find(|name| !seen.contains(&folded(name)));
        missing.map_or(Ok(()), |name| {
            let name = shown(name);
            Err(refused(
                &self.path,
                &format!("目録にある {name} がありません"),
                &format!("{name} is in the manifest but missing"),
            ))
        })
    }

    /// Reads every part and compares length and digest with the manifest. Gives the number of parts.
    ///
    /// # Errors
    /// A part differs or cannot be read.
    pub fn verify(&mut self) -> Result<usize, RunError> {
        for (name, part) in self.manifest.files.clone() {
            self.copy(&name, &part.sha256, part.bytes, &mut std::io::sink())?;
        }
        Ok(self.manifest.files.len())
    }

    fn copy(
        &mut self,
        name: &str,
        sha256: &str,
        bytes: u64,
        to: &mut impl Write,
    ) -> Result<(), RunError> {
        let path = self.path.clone();
        let broken = |e: String| damaged(&path, &format!("{}: {e}", shown(name)));
        let entry = self
            .archive
            .by_name(name)
            .map_err(|e| broken(e.to_string()))?;
        let mut entry = entry.take(bytes.saturating_add(1));
        let mut digest = Sha256::new();
        let mut buffer = vec![0; 64 * 1024];
        let mut length: u64 = 0;
        loop {
            let read = entry.read(&mut buffer).map_err(|e| broken(e.to_string()))?;
            let Some(chunk) = buffer.get(..read).filter(|c| !c.is_empty()) else {
                break;
            };
            length = length.saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
            Sink(&mut digest)
                .write_all(chunk)
                .map_err(|e| broken(e.to_string()))?;
            to.write_all(chunk)
                .map_err(|e| RunError::writing(&path, e))?;
        }
        if length != bytes || renkei_core::spec::hex(&digest.finalize()) != sha256 {
            let name = shown(name);
            return Err(refused(
                &self.path,
                &format!("{name} の中身が目録と違います（改変または破損）"),
                &format!("{name} is not what the manifest says (changed or damaged)"),
            ));
        }
        Ok(())
    }

    /// Unpacks into `runs/<run id>`: beside its place first, and only when all of it is right renamed into it.
    ///
    /// # Errors
    /// A run of that id is there, a part differs, or the bundle inside is not one this version reads.
    pub fn unpack(&mut self, runs: &Path) -> Result<PathBuf, RunError> {
        let place = runs.join(&self.manifest.run);
        if place.exists() {
            let run = &self.manifest.run;
            let ja = format!("実行番号 {run} の記録は {} に既にあります", place.display());
            return Err(refused(
                &self.path,
                &ja,
                &format!("a bundle of run {run} is already in {}", place.display()),
            ));
        }
        std::fs::create_dir_all(runs).map_err(|e| RunError::writing(runs, e))?;
        let scratch = tempfile::Builder::new()
            .prefix(".renkei-")
            .tempdir_in(runs)
            .map_err(|e| RunError::writing(runs, e))?;
        let folder = scratch.path().join("bundle");
        for sub in ["", "blobs", "inputs"] {
            let sub = folder.join(sub);
            std::fs::create_dir(&sub).map_err(|e| RunError::writing(&sub, e))?;
        }
        for (name, part) in self.manifest.files.clone() {
            let target = folder.join(&name);
            let failed = |e| RunError::writing(&target, e);
            if let Some(parent) = target.parent() {
                std::fs::create_dir_all(parent).map_err(failed)?;
            }
            let mut file = File::options()
                .write(true)
                .create_new(true)
                .open(&target)
                .map_err(failed)?;
            self.copy(&name, &part.sha256, part.bytes, &mut file)?;
            file.sync_all().map_err(failed)?;
        }
        let bundle = Bundle::open(&folder)?;
        if bundle.header().run != self.manifest.run {
            return Err(refused(
                &self.path,
                "目録と header.json の実行番号が違います",
                "manifest and header.json name different runs",
            ));
        }
        if let Some(difference) = bundle.verify()?.differences.into_iter().next() {
            return Err(refused(&self.path, &difference.ja, &difference.en));
        }
        std::fs::rename(&folder, &place).map_err(|e| RunError::writing(&place, e))?;
        Ok(place)
    }
}

/// What names have in common that some file systems take for one: case, and how accents are composed.
fn folded(name: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let lower: String = name.nfc().flat_map(char::to_lowercase).collect();
    lower.nfc().collect()
}

fn parse(path: &Path, text: &[u8]) -> Result<Manifest, RunError> {
    let not_one = |e: serde_json::Error| damaged(path, &format!("{NAME}: {e}"));
    let found: Schema = serde_json::from_slice(text).map_err(not_one)?;
    if found.schema != SCHEMA {
        let found = shown(&found.schema);
        let ja = format!("目録の版が {found} です。この renkei が読めるのは {SCHEMA} です");
        return Err(refused(
            path,
            &ja,
            &format!("is of schema {found}; this renkei reads {SCHEMA}"),
        ));
    }
    let manifest: Manifest = serde_json::from_slice(text).map_err(not_one)?;
    if !is_plain(&manifest.run) || manifest.run.starts_with('.') {
        return Err(refused(
            path,
            "実行番号がフォルダの名前になりません",
            "the run id is no name for a folder",
        ));
    }
    Ok(manifest)
}

fn small(archive: &mut ZipArchive<File>, name: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let entry = archive.by_name(name).ok()?;
    entry.take(MAX_MANIFEST).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

/// A name out of a file that somebody else made, fit for a terminal.
fn shown(name: &str) -> String {
    name.chars()
        .take(120)
        .flat_map(char::escape_debug)
        .collect()
}

fn refused(path: &Path, ja: &str, en: &str) -> RunError {
    RunError::Bundle {
        path: path.to_owned(),
        message: Bilingual::new(ja, en),
        help: Bilingual::new(
            "何も取り込んでいません。送り元に renkei pack で作り直してもらってください",
            "nothing was taken over; ask the sender to make it again with renkei pack",
        ),
    }
}

fn damaged(path: &Path, detail: &str) -> RunError {
    refused(
        path,
        &format!("壊れています（{detail}）"),
        &format!("damaged ({detail})"),
    )
}
