use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use renkei_core::model::Bilingual;
use renkei_core::record::{Blob, Event, HttpTransfer, Stamped, Transfer};
use renkei_core::spec::Files;

use super::blobs::{Blobs, digest_of_file};
use super::header::Header;
use super::later::recover;
use super::manifest::{self, Manifest};
use crate::error::RunError;

/// The reading end of a run bundle.
#[derive(Debug)]
pub struct Bundle {
    folder: PathBuf,
    header: Header,
    blobs: Blobs,
}

/// The events of a bundle in order.
#[derive(Debug)]
pub struct Events {
    /// Every event that was written whole.
    pub events: Vec<Stamped>,
    /// Said when the last line was cut off and left out.
    pub remark: Option<Bilingual>,
}

/// What recomputing every digest showed.
#[derive(Debug, Default)]
pub struct Verified {
    /// Files whose digest was recomputed.
    pub files: u64,
    /// What does not agree; empty when all is as it was written.
    pub differences: Vec<Bilingual>,
    /// What could not be verified, such as a run that was not finished.
    pub remarks: Vec<Bilingual>,
}

impl Bundle {
    /// Opens a bundle.
    ///
    /// # Errors
    /// The folder is not a bundle, or of a schema this version does not read.
    pub fn open(folder: &Path) -> Result<Self, RunError> {
        let path = folder.join("header.json");
        let bytes = std::fs::read(&path).map_err(|e| RunError::Bundle {
            path: folder.to_owned(),
            message: Bilingual::new(
                format!("renkei の記録ではありません（header.json を読めません: {e}）"),
                format!("not a renkei bundle (header.json: {e})"),
            ),
            help: Bilingual::new(
                "reports/runs/ の下の、実行ごとのフォルダを指定してください",
                "name the folder of one run below reports/runs/",
            ),
        })?;
        let blobs = Blobs::new(folder.join("blobs"));
        recover(&blobs);
        Ok(Self {
            header: Header::parse(&path, &bytes)?,
            blobs,
            folder: folder.to_owned(),
        })
    }

    /// What wrote the bundle.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Folder of the bundle.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// All events. A last line that was cut off by a crash is left out, and the remark says so.
    ///
    /// # Errors
    /// The list cannot be read, or a line before the last is damaged.
    pub fn events(&self) -> Result<Events, RunError> {
        let path = self.folder.join("events.jsonl");
        let bytes = std::fs::read(&path).map_err(|e| RunError::reading(&path, e))?;
        let lines: Vec<&[u8]> = bytes.split_inclusive(|b| *b == b'\n').collect();
        let mut events = Vec::with_capacity(lines.len());
        let mut remark = None;
        for (i, line) in lines.iter().enumerate() {
            match serde_json::from_slice::<Stamped>(line) {
                Ok(event) if line.ends_with(b"\n") => events.push(event),
                _ if i + 1 == lines.len() => remark = Some(torn(line.len())),
                Ok(_) => {}
                Err(e) => return Err(damaged(&path, i + 1, &e)),
            }
        }
        Ok(Events { events, remark })
    }

    /// Hands every event to `each`, one by one: memory does not grow with their number. A last line that was cut off by a
    /// crash is left out, and the remark says so.
    ///
    /// # Errors
    /// The list cannot be read, or a line before the last is damaged.
    pub fn each_event(
        &self,
        each: &mut dyn FnMut(Stamped) -> Result<(), RunError>,
    ) -> Result<Option<Bilingual>, RunError> {
        let path = self.folder.join("events.jsonl");
        let failed = |e| RunError::reading(&path, e);
        let mut file = BufReader::with_capacity(256 * 1024, File::open(&path).map_err(failed)?);
        let mut line = Vec::new();
        let mut number = 0;
        loop {
            line.clear();
            if file.read_until(b'\n', &mut line).map_err(failed)? == 0 {
                return Ok(None);
            }
            number += 1;
            let whole = line.ends_with(b"\n");
            match serde_json::from_slice::<Stamped>(&line) {
                Ok(event) if whole => each(event)?,
                _ if !whole => return Ok(Some(torn(line.len()))),
                Ok(_) => {}
                Err(e) => return Err(damaged(&path, number, &e)),
            }
        }
    }

    /// The bytes of a blob, at most `limit` of them.
    ///
    /// # Errors
    /// It is not there or cannot be read.
    pub fn bytes(&self, blob: &Blob, limit: u64) -> Result<Vec<u8>, RunError> {
        self.blobs.bytes(blob, limit)
    }

    /// Opens a blob for reading in a stream.
    ///
    /// # Errors
    /// It is not there or cannot be read.
    pub fn open_blob(&self, blob: &Blob) -> Result<File, RunError> {
        self.blobs.open(blob)
    }

    /// The copied inputs as values.
    ///
    /// # Errors
    /// A copy cannot be read.
    pub fn inputs(&self) -> Result<Files, RunError> {
        let folder = self.folder.join("inputs");
        let mut files = Files::new();
        for path in manifest::list(&folder)? {
            let full = folder.join(&path);
            let bytes = std::fs::read(&full).map_err(|e| RunError::reading(&full, e))?;
            files.insert(path, bytes);
        }
        Ok(files)
    }

    /// Recomputes the digest of every blob, of every blob that an event names, and of what the manifest lists.
    ///
    /// # Errors
    /// The bundle's folders cannot be listed.
    pub fn verify(&self) -> Result<Verified, RunError> {
        let mut verified = Verified::default();
        for name in manifest::list(self.blobs.folder())? {
            if name.ends_with(".part") {
                verified.remarks.push(Bilingual::new(
                    format!("書きかけの blobs/{name} が残っています（中断した実行）"),
                    format!("blobs/{name} was left half-written by an interrupted run"),
                ));
                continue;
            }
            self.compare(&format!("blobs/{name}"), &name, &mut verified);
        }
        for blob in self.named_blobs()? {
            let there = self
                .blobs
                .path(&blob.sha256)
                .is_ok_and(|p| std::fs::metadata(p).is_ok_and(|m| m.len() == blob.bytes));
            if !there {
                verified.differences.push(Bilingual::new(
                    format!("記録にある blobs/{} がないか、長さが違います", blob.sha256),
                    format!(
                        "blobs/{} is named by an event but missing or of another length",
                        blob.sha256
                    ),
                ));
            }
        }
        self.verify_manifest(&mut verified);
        Ok(verified)
    }

    fn verify_manifest(&self, verified: &mut Verified) {
        let manifest = std::fs::read(self.folder.join(manifest::NAME))
            .ok()
            .and_then(|bytes| serde_json::from_slice::<Manifest>(&bytes).ok());
        match manifest {
            Some(manifest) => {
                for (path, sha256) in &manifest.files {
                    self.compare(path, sha256, verified);
                }
            }
            None => verified.remarks.push(Bilingual::new(
                "manifest.json がありません。実行が最後まで終わっていないため、入力と記録簿のダイジェストは確かめられません",
                "no manifest.json: the run was not finished, so inputs and events cannot be verified",
            )),
        }
    }

    fn compare(&self, path: &str, expected: &str, verified: &mut Verified) {
        verified.files += 1;
        let seen = digest_of_file(&self.folder.join(path));
        if seen.as_ref().is_ok_and(|blob| blob.sha256 == expected) {
            return;
        }
        let seen = seen.map_or_else(|e| e.to_string(), |blob| blob.sha256);
        verified.differences.push(Bilingual::new(
            format!("{path} の SHA-256 が違います（記録 {expected}、実際 {seen}）"),
            format!("SHA-256 of {path} differs (recorded {expected}, found {seen})"),
        ));
    }

    fn named_blobs(&self) -> Result<Vec<Blob>, RunError> {
        let mut named = Vec::new();
        for stamped in self.events()?.events {
            let Event::Exchanged(exchange) = stamped.event else {
                continue;
            };
            match exchange.transfer {
                Transfer::File(file) => named.extend(file.content),
                Transfer::Http(http) => named.extend(bodies(*http)),
            }
        }
        Ok(named)
    }
}

fn bodies(http: HttpTransfer) -> impl Iterator<Item = Blob> {
    let answer = http.response.and_then(|r| r.body);
    http.request.body.into_iter().chain(answer)
}

fn torn(bytes: usize) -> Bilingual {
    Bilingual::new(
        format!("記録簿の最後の行（{bytes} バイト）は途中で切れていたため読み飛ばしました"),
        format!("the last line of the event list ({bytes} bytes) was cut off and is left out"),
    )
}

fn damaged(path: &Path, line: usize, error: &serde_json::Error) -> RunError {
    RunError::Bundle {
        path: path.to_owned(),
        message: Bilingual::new(
            format!("{line} 行目が壊れています（{error}）"),
            format!("line {line} is damaged ({error})"),
        ),
        help: Bilingual::new(
            "別に保存した記録があればそちらを使ってください。この行より前は正しく読めます",
            "use another copy of the bundle; the lines before it are sound",
        ),
    }
}
