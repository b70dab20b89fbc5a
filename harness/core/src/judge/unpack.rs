//! Takes a file out of the compression that was agreed for it, so that what is inside is judged.

use std::io::{self, Cursor, Read};

use flate2::read::MultiGzDecoder;
use zip::ZipArchive;

use crate::model::Bilingual;

/// Most bytes of an archive that are taken into memory, and most that it may unpack to. renkei's own limits; larger
/// deliveries are judged by `renkei check`, which unpacks to disk.
const MAX_PACKED: u64 = 256 << 20;
const MAX_UNPACKED: u64 = 1 << 30;

/// What came out.
pub(super) enum Unpacked {
    /// The file inside.
    Whole(Vec<u8>),
    /// It cannot be unpacked.
    Broken(Bilingual),
}

/// Unpacks a file that is compressed in `form` (`gzip`, `zip`).
///
/// # Errors
/// The evidence cannot be read, is larger than the limits, or is encrypted: nothing that the product is to blame for.
pub(super) fn unpack(form: &str, packed: impl Read) -> io::Result<Unpacked> {
    match form {
        "gzip" => Ok(out_of(&mut MultiGzDecoder::new(packed))?),
        "zip" => zip(packed),
        _ => Err(io::Error::other(
            "the file is encrypted as agreed, and there is no password to open it with",
        )),
    }
}

fn out_of(reader: &mut dyn Read) -> io::Result<Unpacked> {
    let mut bytes = Vec::new();
    match reader.take(MAX_UNPACKED + 1).read_to_end(&mut bytes) {
        Ok(_) if bytes.len() as u64 > MAX_UNPACKED => Err(io::Error::other(format!(
            "it unpacks to more than {MAX_UNPACKED} bytes; use `renkei check`"
        ))),
        Ok(_) => Ok(Unpacked::Whole(bytes)),
        Err(error) => Ok(broken(&error)),
    }
}

fn broken(error: &dyn std::fmt::Display) -> Unpacked {
    Unpacked::Broken(Bilingual::new(
        format!("展開できません（{error}）"),
        format!("it cannot be unpacked ({error})"),
    ))
}

fn zip(packed: impl Read) -> io::Result<Unpacked> {
    let mut bytes = Vec::new();
    packed.take(MAX_PACKED + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_PACKED {
        return Err(io::Error::other(format!(
            "an archive of more than {MAX_PACKED} bytes; use `renkei check`"
        )));
    }
    let mut archive = match ZipArchive::new(Cursor::new(bytes)) {
        Ok(archive) => archive,
        Err(error) => return Ok(broken(&error)),
    };
    if archive.len() != 1 {
        return Ok(Unpacked::Broken(Bilingual::new(
            format!("ファイルが1つではありません（{}個）", archive.len()),
            format!("it holds {} files instead of one", archive.len()),
        )));
    }
    match archive.by_index(0) {
        Ok(mut inside) => out_of(&mut inside),
        Err(error) => Ok(broken(&error)),
    }
}

/// The name of the file inside, for the rules about names: without the ending of the compression.
pub(super) fn name_inside(name: &str) -> &str {
    let lower = name.to_ascii_lowercase();
    let ending = [".gz", ".zip"].into_iter().find(|end| lower.ends_with(end));
    match ending {
        Some(ending) => name.get(..name.len() - ending.len()).unwrap_or(name),
        None => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn a_file_comes_out_as_it_went_in() {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(b"1,a\r\n").expect("in memory");
        let packed = gzip.finish().expect("in memory");
        let out = unpack("gzip", packed.as_slice()).expect("readable");
        assert!(matches!(out, Unpacked::Whole(bytes) if bytes == b"1,a\r\n"));
        let cut = packed.get(..packed.len() - 6).expect("longer");
        assert!(matches!(unpack("gzip", cut), Ok(Unpacked::Broken(_))));
        assert!(matches!(
            unpack("zip", packed.as_slice()),
            Ok(Unpacked::Broken(_))
        ));
        assert!(unpack("zip-aes", packed.as_slice()).is_err());
        assert_eq!(name_inside("a.csv.GZ"), "a.csv");
        assert_eq!(name_inside("a.csv"), "a.csv");
    }
}
