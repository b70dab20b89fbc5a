//! Fixed-width files: no panic, and the same findings in any chunks and by either path.
#![no_main]

mod engine;

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use renkei_core::spec::layout::Layout;

const FIELDS: &str = "kind,no,name,roman,type,start,width,output,pad\nH,1,区分,kubun,9,1,1,required,\nH,2,名,mei,C,2,9,,right-space\nD,1,区分,kubun,9,1,1,required,\nD,2,金額,kingaku,9,2,4,required,\nD,3,氏名,shimei,N,6,5,,right-space\nT,1,区分,kubun,9,1,1,,\nT,2,件数,kensu,9,2,4,,\nT,3,金額,kingaku,9,6,5,,\n";

static LAYOUTS: LazyLock<Vec<Layout>> = LazyLock::new(|| {
    let of = |newline: &str| {
        let kind = |id: &str, value: &str| format!("[[kind]]\nid = \"{id}\"\ntitle = {{ ja = \"k\", en = \"k\" }}\nstart = 1\nvalue = \"{value}\"\n");
        let head = "id = \"f\"\ntitle = { ja = \"f\", en = \"f\" }\nform = \"fixed\"\nrecord_length = 10\nsequence = \"(H D* T)+\"\n";
        let file = format!("[file]\nencoding = \"cp932\"\nnewline = \"{newline}\"\n");
        let totals = "[[total]]\nkind = \"T\"\nfield = \"kensu\"\ncounts = \"D\"\n[[total]]\nkind = \"T\"\nfield = \"kingaku\"\nsums = \"D.kingaku\"\n";
        engine::layout(&format!("{head}{file}{}{}{}{totals}", kind("H", "1"), kind("D", "2"), kind("T", "8")), FIELDS)
    };
    ["none", "crlf", "any"].map(of).into()
});

fuzz_target!(|data: &[u8]| {
    let Some((choice, rest)) = data.split_first() else { return };
    engine::judge(&LAYOUTS[usize::from(*choice) % LAYOUTS.len()], rest);
});
