//! What a file is, by its first bytes.

use renkei_core::model::{Bilingual, Problem};

/// What can be read.
pub(super) enum Kind {
    /// A ZIP archive, perhaps a workbook.
    Archive,
    /// Text with separators.
    Text,
}

/// First bytes of a compound document (OLE): old binary workbooks, and encrypted new ones.
const COMPOUND: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// First bytes of PNG, JPEG, GIF and TIFF.
const PICTURES: [&[u8]; 5] = [b"\x89PNG", b"\xFF\xD8\xFF", b"GIF8", b"II*\0", b"MM\0*"];

pub(super) fn of(name: &str, bytes: &[u8]) -> Result<Kind, Box<Problem>> {
    let refuse = |message, help| Err(Box::new(Problem::of_file(name, message, help)));
    if bytes.is_empty() {
        return refuse(
            Bilingual::new("ファイルが空です", "the file is empty"),
            Bilingual::new(
                "中身のあるファイルを指定してください",
                "name a file with a content",
            ),
        );
    }
    if bytes.starts_with(COMPOUND) {
        return refuse_compound(name, bytes);
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return Ok(Kind::Archive);
    }
    let start = bytes.get(..bytes.len().min(512)).unwrap_or_default();
    let lower = String::from_utf8_lossy(start).to_ascii_lowercase();
    let lower = lower.trim_start_matches('\u{feff}').trim_start();
    if lower.starts_with("<html") || lower.starts_with("<!doctype") || lower.starts_with("<?xml") {
        return refuse(
            Bilingual::new(
                "HTMLまたはXMLの文書です（Excelのブックではありません）",
                "this is an HTML or XML document, not an Excel workbook",
            ),
            save_as(),
        );
    }
    if start.starts_with(b"%PDF") {
        return refuse(
            Bilingual::new("PDFは読めません", "PDF cannot be read"),
            save_as(),
        );
    }
    if PICTURES.iter().any(|mark| start.starts_with(mark)) {
        return refuse(
            Bilingual::new(
                "画像は読めません（文字はセルに入っている必要があります）",
                "a picture cannot be read; texts must stand in cells",
            ),
            save_as(),
        );
    }
    let named_workbook = [".xlsx", ".xlsm", ".xltx", ".xls"]
        .iter()
        .any(|ending| name.to_ascii_lowercase().ends_with(ending));
    let utf16 = start.starts_with(&[0xFF, 0xFE]) || start.starts_with(&[0xFE, 0xFF]);
    if named_workbook || (start.contains(&0) && !utf16) {
        return refuse(
            Bilingual::new(
                "Excelのブックではないか、壊れています（先頭がZIPの署名ではありません）",
                "not an Excel workbook, or damaged (it does not begin with the ZIP signature)",
            ),
            save_as(),
        );
    }
    Ok(Kind::Text)
}

fn refuse_compound(name: &str, bytes: &[u8]) -> Result<Kind, Box<Problem>> {
    let encrypted = holds_utf16(bytes, "EncryptedPackage");
    let (message, help) = if encrypted {
        (
            Bilingual::new(
                "パスワードで暗号化されたブックです",
                "the workbook is encrypted with a password",
            ),
            Bilingual::new(
                "Excelで開き、パスワードを外して .xlsx で保存してください",
                "open it in Excel, remove the password and save it as .xlsx",
            ),
        )
    } else {
        (
            Bilingual::new(
                "古い形式（.xls など）の文書です。読めるのは .xlsx .xlsm .csv .tsv です",
                "a document in an old binary format (.xls or the like); .xlsx, .xlsm, .csv and .tsv are read",
            ),
            save_as(),
        )
    };
    Err(Box::new(Problem::of_file(name, message, help)))
}

fn holds_utf16(bytes: &[u8], text: &str) -> bool {
    let wanted: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

/// The cure for every file that is not a workbook we read.
pub(super) fn save_as() -> Bilingual {
    Bilingual::new(
        "Excelで開き、「Excelブック (.xlsx)」または「CSV UTF-8」で保存し直してください",
        "open it in Excel and save it as Excel workbook (.xlsx) or CSV UTF-8",
    )
}
