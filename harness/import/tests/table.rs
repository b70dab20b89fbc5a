//! Vendors' layout tables: a guessed mapping that is shown, and what comes of it.

use renkei_core::model::{Lang, Problems};
use renkei_core::spec::{Files, Library, Pack};
use renkei_import::{Imported, Options, Outcome, import, import_or_ask};
use rust_xlsxwriter::Workbook;

use crate::common::shown;

const ICD: &str = "連携ファイル様式（サンプル）,,,,,,,\n\n項番,レコード区分,項目名,属性,バイト数,開始位置,必須,備考\n1,ヘッダ,データ区分,数字,1,1,○,\n2,,作成日,日付,8,2,○,\n3,,予備,文字,11,10,,\n1,データ,データ区分,数字,1,1,○,\n2,,氏名カナ,半角カナ,12,2,○,\n3,,金額,数字,7,14,○,\n";

fn with(mapping: &str) -> Options {
    Options {
        mapping: Some(("map.toml".to_owned(), mapping.to_owned())),
        ..Options::default()
    }
}

fn guessed(name: &str, bytes: &[u8]) -> String {
    match import_or_ask(name, bytes, &Options::default()) {
        Ok(Outcome::MappingNeeded { guess, .. }) => guess,
        other => panic!("a mapping is needed: {other:?}"),
    }
}

fn loaded(imported: &Imported) -> Pack {
    let mut files = Files::new();
    let identity = &imported.identity;
    for (path, content) in imported.files.iter() {
        files.insert(
            format!("{}/{}/{path}", identity.id, identity.version),
            content,
        );
    }
    let mut problems = Problems::new();
    let pack = Library::new(files).load(&identity.id, "test", &mut problems);
    assert!(problems.is_empty(), "{}", shown(&problems));
    pack.expect("a pack")
}

#[test]
fn a_guess_is_shown_and_works_once_confirmed() {
    let mapping = guessed("icd.csv", ICD.as_bytes());
    insta::assert_snapshot!("guessed_mapping", mapping);
    let done = import("icd.csv", ICD.as_bytes(), &with(&mapping))
        .unwrap_or_else(|p| panic!("{}", shown(&p)));
    assert!(done.report.is_complete(), "{}", done.report.text(Lang::Ja));
    let pack = loaded(&done);
    let layout = &pack.layouts["icd"];
    let seen: Vec<String> = layout
        .kinds
        .iter()
        .flat_map(|kind| {
            kind.fields.iter().map(|f| {
                format!(
                    "{} {} {} {}+{}",
                    kind.id,
                    f.name,
                    f.kind.name(),
                    f.start,
                    f.width
                )
            })
        })
        .collect();
    assert_eq!(
        seen,
        [
            "K1 データ区分 9 0+1",
            "K1 作成日 YYYYMMDD 1+8",
            "K1 予備 DUMMY 9+11",
            "K2 データ区分 9 0+1",
            "K2 氏名カナ C 1+12",
            "K2 金額 9 13+7"
        ]
    );
    let provenance = String::from_utf8(done.files.get("provenance.csv").unwrap().to_vec()).unwrap();
    assert!(
        provenance.contains("layouts/icd,K2,3,item_3,icd.csv,,A9:H9"),
        "{provenance}"
    );
}

#[test]
fn a_workbook_with_a_sheet_for_each_kind() {
    let mut book = Workbook::new();
    for (name, bytes) in [("見出し部", "5"), ("明細部", "5")] {
        let sheet = book.add_worksheet().set_name(name).unwrap();
        for (row, cells) in [
            ["No", "項目名称", "型", "桁"],
            ["1", "区分", "X", "1"],
            ["2", "値", "ｺｰﾄﾞ文字", "4"],
        ]
        .iter()
        .enumerate()
        {
            for (column, text) in cells.iter().enumerate() {
                sheet
                    .write(
                        u32::try_from(row).unwrap() + 3,
                        u16::try_from(column).unwrap() + 2,
                        *text,
                    )
                    .unwrap();
            }
        }
        sheet.write(12, 1, format!("計{bytes}")).unwrap();
    }
    let bytes = book.save_to_buffer().unwrap();
    let mapping = guessed("a.xlsx", &bytes);
    assert!(
        mapping.contains("kind_by = \"sheet\"")
            && mapping.contains("# 要確認: \"コード文字\" = \"\""),
        "{mapping}"
    );
    let mapping = mapping
        .replace("form = \"delimited\"", "form = \"fixed\"")
        .replace("length_unit = \"chars\"", "length_unit = \"bytes\"")
        .replace("# 要確認: \"コード文字\" = \"\"", "\"コード文字\" = \"X\"");
    let done =
        import("a.xlsx", &bytes, &with(&mapping)).unwrap_or_else(|p| panic!("{}", shown(&p)));
    let pack = loaded(&done);
    assert_eq!(pack.layouts["a"].kinds.len(), 2);
    assert!(done.report.is_complete());
}

#[test]
fn contradictions_name_their_cells() {
    let mapping = guessed("icd.csv", ICD.as_bytes());
    for (from, to, part) in [
        (
            "2,,氏名カナ,半角カナ,12,2",
            "2,,氏名カナ,半角カナ,12,3",
            "icd.csv F8: 「氏名カナ」の開始位置は3ですが、前の項目は1で終わります",
        ),
        (
            "3,,予備,文字,11,10",
            "3,,予備,文字,12,10",
            "種別 K2 の項目の合計は20バイトで、レコード長21バイトに合いません",
        ),
        (
            "3,,予備,文字,11,10",
            "3,,予備,文字,多数,10",
            "icd.csv E6: 「多数」は位置や長さの数ではありません",
        ),
        (
            "1,データ,",
            "1,明細,",
            "icd.csv B7: レコード種別「明細」が対応ファイルの [kinds] にありません",
        ),
        (
            "3,,金額,数字,7,14,",
            "3,,金額,数字,7,12,",
            "icd.csv F9: 「金額」の開始位置は12ですが、前の項目は13で終わります",
        ),
        (
            "2,,作成日,日付,8,2,",
            "2,,作成日,日付,7,2-9,",
            "icd.csv E5: 幅は7ですが、位置「2-9」は8バイトです",
        ),
        ("属性", "ぞくせい", "見出し「属性」がありません"),
    ] {
        let table = ICD.replace(from, to);
        assert_ne!(table, ICD);
        let problems = import("icd.csv", table.as_bytes(), &with(&mapping)).expect_err(part);
        assert!(
            shown(&problems).contains(part),
            "{part}\n{}",
            shown(&problems)
        );
    }
    let unknown = ICD.replace("半角カナ", "なぞ");
    let done = import("icd.csv", unknown.as_bytes(), &with(&mapping)).expect("imported");
    assert!(
        done.report
            .text(Lang::Ja)
            .contains("D8: 型「なぞ」が対応ファイルの [types] にありません")
    );
}

#[test]
fn a_broken_mapping_names_its_line() {
    for (text, part) in [
        ("form = 3", "map.toml:1:8"),
        (
            "encoding = \"cp932\"\nnewline = \"crlf\"\nlength_unit = \"bytes\"\n[columns]\nnamae = \"項目名\"\n",
            "map.toml:5:1",
        ),
        (
            "encoding = \"cp932\"\nnewline = \"crlf\"\nlength_unit = \"bytes\"\n[columns]\nname = \"項目名\"\n[types]\n\"数字\" = \"NUMERIC\"\n",
            "map.toml:7",
        ),
    ] {
        let problems = import("icd.csv", ICD.as_bytes(), &with(text)).expect_err(part);
        assert!(
            shown(&problems).contains(part),
            "{part}\n{}",
            shown(&problems)
        );
    }
}
