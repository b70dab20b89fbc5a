//! `renkei verify`: recomputes every digest of a bundle, in its folder or packed.

use std::path::{Path, PathBuf};

use clap::Args;
use renkei_core::model::{Bilingual, Lang, exit};
use renkei_run::store::Bundle;
use renkei_run::travel::{Packed, Sealed, VerifyingKey};

use crate::screen;
use crate::trouble::Trouble;

/// Arguments of `verify`.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// 実施記録のフォルダ、または持ち運び用のファイル / folder of the run, or a packed bundle
    pub bundle: PathBuf,
    /// 署名した者の公開鍵 / the packed bundle must be signed by this key
    #[arg(long, value_name = "KEY.pub")]
    pub key: Option<PathBuf>,
}

pub(super) fn run(args: &VerifyArgs, lang: Lang) -> Result<u8, Trouble> {
    if args.bundle.is_file() {
        return packed(args, lang);
    }
    if args.key.is_some() {
        return Err(Trouble::input(
            "--key",
            Bilingual::new(
                "フォルダの実施記録に署名はありません",
                "a bundle in a folder is not signed",
            ),
            Bilingual::new(
                "renkei pack --sign で作ったファイルを指定してください",
                "name a file made by renkei pack --sign",
            ),
        ));
    }
    folder(&args.bundle, lang)
}

/// A packed bundle that is not as it was packed is refused as an input.
fn packed(args: &VerifyArgs, lang: Lang) -> Result<u8, Trouble> {
    let key = args.key.as_deref().map(VerifyingKey::read).transpose()?;
    let mut packed = Packed::open(&args.bundle)?;
    let signed = signature(&args.bundle, &packed, key.as_ref())?;
    let files = packed.verify()?;
    let summary = Bilingual::new(
        format!("{files}個のファイルに改変はありません"),
        format!("{files} files are as they were written"),
    );
    screen::result(&format!("{}\n{}\n", signed.get(lang), summary.get(lang)))?;
    Ok(exit::PASSED)
}

/// Who signed, in words; with a key, nobody else may have.
pub(super) fn signature(
    file: &Path,
    packed: &Packed,
    key: Option<&VerifyingKey>,
) -> Result<Bilingual, Trouble> {
    let wrong = |message, help| Err(Trouble::input(file.display().to_string(), message, help));
    match (&packed.sealed, key) {
        (Sealed::No, Some(_)) => wrong(
            Bilingual::new("署名がありません", "it is not signed"),
            Bilingual::new(
                "送り元に renkei pack --sign で作り直してもらってください",
                "ask the sender to make it with renkei pack --sign",
            ),
        ),
        (Sealed::By(signer), Some(key)) if signer != key => wrong(
            Bilingual::new(
                format!("別の鍵で署名されています（{}）", signer.text()),
                format!("it is signed by another key ({})", signer.text()),
            ),
            Bilingual::new(
                "送り元の公開鍵を確かめてください",
                "check the public key of the sender",
            ),
        ),
        (Sealed::By(_), Some(_)) => Ok(Bilingual::new(
            "署名は指定された鍵のものです",
            "signed by the given key",
        )),
        (Sealed::By(signer), None) => Ok(Bilingual::new(
            format!(
                "署名あり（{}）。誰の鍵かは --key で確かめてください",
                signer.text()
            ),
            format!("signed ({}); give --key to check by whom", signer.text()),
        )),
        (Sealed::No, None) => Ok(Bilingual::new(
            "署名なし。ダイジェストは偶然の破損を示しますが、作り直した改変は示しません",
            "not signed: digests show damage, not a deliberate change",
        )),
    }
}

fn folder(bundle: &Path, lang: Lang) -> Result<u8, Trouble> {
    let bundle = Bundle::open(bundle)?;
    let verified = bundle.verify()?;
    let sound = verified.differences.is_empty();
    let mut lines: Vec<&str> = verified.differences.iter().map(|d| d.get(lang)).collect();
    lines.extend(verified.remarks.iter().map(|r| r.get(lang)));
    let files = verified.files;
    let summary = if sound {
        Bilingual::new(
            format!("{files}個のファイルに改変はありません"),
            format!("{files} files are as they were written"),
        )
    } else {
        Bilingual::new(
            "実施記録が実施時と違います",
            "the bundle is not as it was written",
        )
    };
    lines.push(summary.get(lang));
    let text = format!("{}\n", lines.join("\n"));
    screen::result(&text)?;
    Ok(if sound {
        exit::PASSED
    } else {
        exit::NONCONFORMING
    })
}
