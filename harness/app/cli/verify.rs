//! `renkei verify`: recomputes every digest of a bundle.

use std::path::Path;

use renkei_core::model::{Bilingual, Lang, exit};
use renkei_run::store::Bundle;

use crate::screen;
use crate::trouble::Trouble;

pub(super) fn run(bundle: &Path, lang: Lang) -> Result<u8, Trouble> {
    let bundle = Bundle::open(bundle)?;
    let verified = bundle.verify()?;
    let sound = verified.is_sound();
    let mut text = verified.show(lang);
    let summary = if sound {
        Bilingual::new("改変はありません", "nothing was altered")
    } else {
        Bilingual::new("実施記録が実施時と違います", "the bundle is not as it was written")
    };
    text.push_str(summary.get(lang));
    text.push('\n');
    screen::result(&text)?;
    Ok(if sound { exit::PASSED } else { exit::NONCONFORMING })
}
