//! `renkei verify`: recomputes every digest of a bundle.

use std::path::Path;

use renkei_core::model::{Bilingual, Lang, exit};
use renkei_run::store::Bundle;

use crate::screen;
use crate::trouble::Trouble;

pub(super) fn run(bundle: &Path, lang: Lang) -> Result<u8, Trouble> {
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
