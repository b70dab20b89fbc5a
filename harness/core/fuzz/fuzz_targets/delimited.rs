//! Delimited files: no panic, and the same findings in any chunks and by either path.
#![no_main]

mod engine;

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use renkei_core::spec::layout::Layout;

const FIELDS: &str = "no,name,roman,type,length,pk,output,format,sensitive\n1,番号,bango,9,6,1,required,,\n2,氏名,shimei,N,10,,required,,name\n3,備考,biko,X,20,,,,free\n4,日,hi,DATE,10,,,,birth\n5,団体,dantai,X,6,,,dantaicode,\n";

static LAYOUTS: LazyLock<Vec<Layout>> = LazyLock::new(|| {
    let of = |encoding| {
        let head = "id = \"f\"\ntitle = { ja = \"f\", en = \"f\" }\nform = \"delimited\"\n[file]\nencoding = ";
        engine::layout(&format!("{head}\"{encoding}\"\n"), FIELDS)
    };
    ["cp932", "utf-8", "euc-jp", "shift_jis-2004"].map(of).into()
});

fuzz_target!(|data: &[u8]| {
    let Some((choice, rest)) = data.split_first() else { return };
    engine::judge(&LAYOUTS[usize::from(*choice) % LAYOUTS.len()], rest);
});
