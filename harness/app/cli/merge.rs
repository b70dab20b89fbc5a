//! `renkei merge`: packed bundles of others into the runs folder and the register.

use std::path::PathBuf;

use clap::Args;
use renkei_core::model::{Bilingual, Lang, exit};
use renkei_run::travel::{Packed, VerifyingKey};

use super::issues::bring_in;
use super::verify::signature;
use crate::screen;
use crate::trouble::Trouble;

/// Arguments of `merge`.
#[derive(Debug, Args)]
pub struct MergeArgs {
    /// 持ち運び用のファイル / packed bundles
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// 実施記録の置き場所 / where run bundles go
    #[arg(long, default_value = "reports/runs", value_name = "DIR")]
    pub into: PathBuf,
    /// 課題管理簿のファイル / file of the register
    #[arg(long, default_value = "reports/register.sqlite", value_name = "FILE")]
    pub register: PathBuf,
    /// 署名した者の公開鍵 / only what this key signed
    #[arg(long, value_name = "KEY.pub")]
    pub key: Option<PathBuf>,
}

pub(super) fn run(args: &MergeArgs, lang: Lang) -> Result<u8, Trouble> {
    let key = args.key.as_deref().map(VerifyingKey::read).transpose()?;
    // All are verified before the first is unpacked.
    let mut opened = Vec::new();
    let mut runs = std::collections::BTreeSet::new();
    for file in &args.files {
        let mut packed = Packed::open(file)?;
        signature(file, &packed, key.as_ref())?;
        packed.verify()?;
        let run = packed.manifest.run.clone();
        if !runs.insert(run.clone()) || args.into.join(&run).exists() {
            return Err(Trouble::input(
                file.display().to_string(),
                Bilingual::new(
                    format!("実行番号 {run} の記録は既にあります"),
                    format!("a bundle of run {run} is there already"),
                ),
                Bilingual::new(
                    "何も取り込んでいません。重複したファイルを除いてください。前の取り込みが途中で切れた場合は renkei issues sync に記録のフォルダを渡すと課題管理簿に入ります",
                    "nothing was taken over; leave the duplicate out. If an earlier merge was cut off, give the folder to `renkei issues sync`: its findings then go into the register",
                ),
            ));
        }
        opened.push(packed);
    }
    let mut folders = Vec::new();
    for packed in &mut opened {
        folders.push(packed.unpack(&args.into)?);
    }
    let synced = bring_in(&args.register, &folders)?;
    let text: String = folders
        .iter()
        .zip(&synced)
        .map(|(folder, synced)| format!("{}\n{}", folder.display(), synced.text(lang)))
        .collect();
    screen::result(&text)?;
    Ok(exit::PASSED)
}
