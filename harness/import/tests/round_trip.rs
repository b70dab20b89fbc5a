//! Layouts out of documents: what is made for them passes and comes back from its values byte for byte.

use renkei_core::check::{Policy, Sink};
use renkei_core::generate::{Wish, generate, read, write};
use renkei_core::mask::Mask;
use renkei_core::model::Problems;
use renkei_core::scan::{self, InMemory, Job};
use renkei_core::spec::layout::Date;
use renkei_core::spec::{Layout, Pack};
use renkei_import::{Imported, Options, Outcome, import, import_or_ask};

use crate::common::{official, shown};
use crate::item_book::{Item, Shape, book, item};

fn as_of() -> Date {
    Date::new(2026, 11, 1).unwrap()
}

fn comes_back(pack: &Pack, layout: &Layout, seed: u64) {
    let (settings, code_lists) = (&layout.file, &pack.code_lists);
    let wish = Wish {
        layout,
        settings,
        code_lists,
        records: 15,
        seed,
        as_of: as_of(),
    };
    let name = &layout.id;
    let made = generate(&wish).unwrap_or_else(|e| panic!("{name}: {e:?}"));
    let bytes = write(layout, settings, &made).unwrap();
    let mut sink = Sink::new(Policy::default());
    let job = Job {
        layout,
        settings,
        code_lists,
        file_name: "made",
        mask: Mask::default(),
        as_of: as_of(),
        threads: 1,
        scratch: &InMemory,
        occurrences: None,
    };
    scan::check(job, bytes.as_slice(), &mut sink).unwrap();
    let found: Vec<String> = sink
        .into_findings()
        .iter()
        .map(|f| format!("{} {}", f.rule, f.message.ja))
        .collect();
    assert!(found.is_empty(), "{name}: {found:?}");
    let values = read(layout, settings, &bytes).unwrap();
    assert!(write(layout, settings, &values).unwrap() == bytes, "{name}");
}

/// Every layout of the pack, so that none can be forgotten; their number.
fn all_come_back(imported: &Imported) -> usize {
    let mut problems = Problems::new();
    let pack = Pack::load(&imported.files, "p@1", &mut problems);
    assert!(problems.is_empty(), "{}", shown(&problems));
    let pack = pack.expect("a pack");
    for layout in pack.layouts.values() {
        (1..=8).for_each(|seed| comes_back(&pack, layout, seed));
    }
    pack.layouts.len()
}

fn of(name: &str, bytes: &[u8], mapping: Option<&str>) -> Imported {
    let options = Options {
        mapping: mapping.map(|text| ("map.toml".to_owned(), text.to_owned())),
        ..Options::default()
    };
    import(name, bytes, &options).unwrap_or_else(|p| panic!("{}", shown(&p)))
}

#[test]
fn every_group_of_an_item_table() {
    let mut key = item("世帯", "世帯番号", "setaibango", "X", "8", "必須");
    key.key = "○";
    let list = |mut item: Item| {
        item.code = "12";
        item
    };
    let items = [
        key,
        item("世帯", "主の氏名", "shimei", "Ｎ", "20", "任意"),
        list(item("世帯", "区分", "kubun", "9", "1", "必須")),
        item("世帯", "率", "ritsu", "9V", "(3,2)", "任意"),
        item("異動", "異動日", "idobi", "DATE", "10", "必須"),
        item("異動", "時刻", "jikoku", "TIME", "8", "任意"),
        item("異動", "増減", "zogen", "S9", "5", "任意"),
        item("異動", "年", "nen", "YEAR", "4", "必須"),
    ];
    let bytes = book(&items, &Shape::default());
    assert_eq!(all_come_back(&of("list.xlsx", &bytes, None)), 2);
}

#[test]
fn a_fixed_table_with_record_kinds() {
    const ICD: &str = "項番,レコード区分,項目名,属性,バイト数,開始位置,必須,備考\n\
        1,ヘッダ,データ区分,数字,1,1,○,\n2,,作成日,日付,8,2,○,\n3,,予備,文字,21,10,,\n\
        1,データ,データ区分,数字,1,1,○,\n2,,氏名カナ,半角カナ,12,2,○,\n3,,氏名,漢字,10,14,,\n4,,金額,数字,7,24,○,\n";
    let guess = match import_or_ask("icd.csv", ICD.as_bytes(), &Options::default()) {
        Ok(Outcome::MappingNeeded { guess, .. }) => guess,
        other => panic!("a mapping is needed: {other:?}"),
    };
    for (encoding, newline) in [("cp932", "crlf"), ("cp932", "none"), ("euc-jp", "lf")] {
        let settled: Vec<String> = guess
            .lines()
            .map(|line| match line.split(" =").next() {
                Some("encoding") => format!("encoding = \"{encoding}\""),
                Some("newline") => format!("newline = \"{newline}\""),
                _ => line.to_owned(),
            })
            .collect();
        assert_eq!(
            all_come_back(&of("icd.csv", ICD.as_bytes(), Some(&settled.join("\n")))),
            1
        );
    }
}

#[test]
fn schemas_of_others_and_the_official_item_table() {
    let schema = br#"{"fields":[{"name":"no","type":"integer","constraints":{"required":true,"maximum":9999}},
        {"name":"name","type":"string","constraints":{"maxLength":20}},{"name":"day","type":"date"}],"primaryKey":["no"]}"#;
    assert_eq!(all_come_back(&of("t.json", schema, None)), 1);
    let name = "jutogai_item_definition_20230929.xlsx";
    if let Some(bytes) = official(name) {
        assert_eq!(all_come_back(&of(name, &bytes, None)), 1);
    }
}
