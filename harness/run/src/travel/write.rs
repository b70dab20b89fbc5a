use std::collections::BTreeMap;
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::keys::SigningKey;
use super::manifest::{Edition, Manifest, NAME, Part, SCHEMA, SIGNATURE};
use crate::error::RunError;
use crate::store::beside;

/// What goes into a packed bundle.
#[derive(Debug)]
pub struct Contents {
    /// Run id.
    pub run: String,
    /// Which edition.
    pub edition: Edition,
    /// データ区分.
    pub data_class: String,
    /// 承認番号, or empty.
    pub approval: String,
    /// RFC 3339.
    pub packed_at: String,
    /// Files to copy: path inside the bundle, place on disk.
    pub files: BTreeMap<String, PathBuf>,
    /// Files made for this edition: path inside the bundle, bytes.
    pub made: BTreeMap<String, Vec<u8>>,
}

/// Writes a packed bundle, beside its place and then renamed into it.
///
/// # Errors
/// A file cannot be read, or the place cannot be written.
pub fn pack(
    contents: &Contents,
    key: Option<&SigningKey>,
    out: &Path,
) -> Result<Manifest, RunError> {
    let failed = |e: std::io::Error| RunError::writing(out, e);
    let zipped = |e: zip::result::ZipError| RunError::writing(out, std::io::Error::other(e));
    let mut files = BTreeMap::new();
    for (path, place) in &contents.files {
        files.insert(path.clone(), part(place)?);
    }
    for (path, bytes) in &contents.made {
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let sha256 = renkei_core::spec::hex(&Sha256::digest(bytes));
        files.insert(
            path.clone(),
            Part {
                sha256,
                bytes: length,
            },
        );
    }
    let manifest = Manifest {
        schema: SCHEMA.to_owned(),
        run: contents.run.clone(),
        edition: contents.edition,
        data_class: contents.data_class.clone(),
        approval: contents.approval.clone(),
        packed_at: contents.packed_at.clone(),
        files,
    };
    let text = serde_json::to_vec_pretty(&manifest).map_err(|e| failed(e.into()))?;
    let folder = out
        .parent()
        .filter(|f| !f.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(|e| RunError::writing(folder, e))?;
    let mut zip = ZipWriter::new(beside(folder).map_err(failed)?);
    add(&mut zip, NAME, &mut text.as_slice(), zipped, failed)?;
    if let Some(key) = key {
        let seal = key.seal(&text);
        add(&mut zip, SIGNATURE, &mut seal.as_bytes(), zipped, failed)?;
    }
    for path in manifest.files.keys() {
        if let Some(bytes) = contents.made.get(path) {
            add(&mut zip, path, &mut bytes.as_slice(), zipped, failed)?;
        } else if let Some(place) = contents.files.get(path) {
            let mut file = std::fs::File::open(place).map_err(|e| RunError::reading(place, e))?;
            add(&mut zip, path, &mut file, zipped, failed)?;
        }
    }
    let file = zip.finish().map_err(zipped)?;
    file.as_file().sync_all().map_err(failed)?;
    file.persist(out).map_err(|e| failed(e.error))?;
    Ok(manifest)
}

fn part(place: &Path) -> Result<Part, RunError> {
    let failed = |e| RunError::reading(place, e);
    let mut file = std::fs::File::open(place).map_err(failed)?;
    let mut digest = Sha256::new();
    let bytes = std::io::copy(&mut file, &mut Sink(&mut digest)).map_err(failed)?;
    Ok(Part {
        sha256: renkei_core::spec::hex(&digest.finalize()),
        bytes,
    })
}

/// Bytes into a digest.
pub(super) struct Sink<'d>(pub(super) &'d mut Sha256);

impl Write for Sink<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn add<W: Write + Seek>(
    zip: &mut ZipWriter<W>,
    path: &str,
    content: &mut impl Read,
    zipped: impl Fn(zip::result::ZipError) -> RunError,
    failed: impl Fn(std::io::Error) -> RunError,
) -> Result<(), RunError> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .large_file(true);
    zip.start_file(path, options).map_err(zipped)?;
    std::io::copy(content, zip).map(drop).map_err(failed)
}
