//! Layouts: any text is read or refused with problems, never with a panic; what is read can be used.
#![no_main]

mod engine;

use libfuzzer_sys::fuzz_target;
use renkei_core::model::{Lang, Problems};
use renkei_core::spec::layout::Layout;

fuzz_target!(|data: &[u8]| {
    let Some(cut) = data.iter().position(|b| *b == 0) else { return };
    let (toml, fields) = (&data[..cut], &data[cut + 1..]);
    let Ok(toml) = std::str::from_utf8(toml) else { return };
    let mut problems = Problems::new();
    match Layout::load(toml, fields, ("layout.toml", "fields.csv"), &mut problems) {
        Some(layout) => {
            assert!(problems.is_empty());
            if layout.file.repertoire.is_empty() && layout.kinds.iter().all(|k| k.fields.iter().all(|f| f.repertoire.is_empty())) {
                engine::judge(&layout, b"\x101,a\r\n\"b\"\r\n");
            }
        }
        None => assert!(problems.iter().all(|p| !p.show(Lang::Ja).is_empty()) && !problems.is_empty()),
    }
});
