//! Item tables: the official one against the bundled pack, and workbooks of the same form with other content.

use std::path::Path;

use proptest::prelude::*;
use renkei_core::model::Problems;
use renkei_core::spec::layout::{Field, Output};
use renkei_core::spec::{Files, Library, Pack};
use renkei_import::{Imported, Options, import};
use rust_xlsxwriter::{Format, Formula, Workbook};

use crate::common::{edit, official, shown};
use crate::item_book::{HEADINGS, Shape, book, items, write_table};

pub(crate) fn imported(bytes: &[u8]) -> Imported {
    import(
        "010_個人住民税_基本データリスト【第3.0版】_20250131.xlsx",
        bytes,
        &Options::default(),
    )
    .unwrap_or_else(|problems| panic!("{}", shown(&problems)))
}

/// Through the library, as every command loads it.
pub(crate) fn loaded(imported: &Imported) -> Pack {
    let mut files = Files::new();
    let folder = format!("{}/{}", imported.identity.id, imported.identity.version);
    for (path, content) in imported.files.iter() {
        files.insert(format!("{folder}/{path}"), content);
    }
    let mut problems = Problems::new();
    let coordinate = format!("{}@{}", imported.identity.id, imported.identity.version);
    let pack = Library::new(files).load(&coordinate, "test", &mut problems);
    assert!(problems.is_empty(), "{}", shown(&problems));
    pack.expect("a pack")
}

fn facts(field: &Field) -> String {
    let output = match &field.output {
        Output::Required => "required".to_owned(),
        Output::Conditional(_, text) => format!("conditional({text})"),
        Output::Optional => "optional".to_owned(),
    };
    format!(
        "{} {} {} {} {:?},{} {} x{} pk={} {output}",
        field.item_id,
        field.name,
        field.roman,
        field.kind.name(),
        field.length,
        field.fraction,
        field.code,
        field.repeat,
        field.primary_key
    )
}

#[test]
fn groups_become_layouts_wherever_the_pieces_stand() {
    let moved: Vec<usize> = (0..HEADINGS.len()).rev().collect::<Vec<_>>();
    // the two cells of the id and the three of グループ stay together, in their order
    let moved: Vec<usize> = moved
        .into_iter()
        .filter(|at| !(0..2).contains(at) && !(4..10).contains(at))
        .chain([4, 5, 6, 7, 8, 9, 0, 1])
        .collect();
    let shapes = [
        ("as published", Shape::default()),
        (
            "further down and right",
            Shape {
                row: 17,
                column: 6,
                ..Shape::default()
            },
        ),
        (
            "moved columns",
            Shape {
                order: moved,
                ..Shape::default()
            },
        ),
        (
            "blank rows",
            Shape {
                blank_rows: true,
                ..Shape::default()
            },
        ),
        (
            "headings with breaks and spaces",
            Shape {
                spaced: true,
                ..Shape::default()
            },
        ),
        (
            "merged groups",
            Shape {
                merged_groups: true,
                ..Shape::default()
            },
        ),
    ];
    for (what, shape) in shapes {
        let done = imported(&book(&items(), &shape));
        assert!(
            done.report.is_complete(),
            "{what}: {}",
            done.report.text(renkei_core::model::Lang::Ja)
        );
        assert_eq!(
            (
                done.identity.version.as_str(),
                done.identity.document_date.as_str()
            ),
            ("3.0", "2025-01-31")
        );
        let pack = loaded(&done);
        let ids: Vec<&str> = pack.layouts.keys().map(String::as_str).collect();
        assert_eq!(ids, ["世帯情報", "課税情報"], "{what}");
        let first: Vec<String> = pack.layouts["世帯情報"].kinds[0]
            .fields
            .iter()
            .map(facts)
            .collect();
        assert_eq!(
            first,
            [
                "01000001 世帯番号 setaibango X Some(15),0  x0 pk=true required",
                "01000002 世帯主氏名 setainushishimei N Some(100),0  x0 pk=false optional",
                "01000003 世帯区分 setaikubun 9 Some(1),0 0012 x0 pk=false required",
                "01000004 廃止年月日 haishinengappi DATE Some(10),0  x0 pk=false conditional(setaikubun = '9')",
            ],
            "{what}"
        );
        let second: Vec<String> = pack.layouts["課税情報"].kinds[0]
            .fields
            .iter()
            .map(facts)
            .collect();
        assert_eq!(
            second[1],
            "01000006 税率 zeiritsu 9V Some(3),2  x0 pk=false optional"
        );
        assert_eq!(pack.code_lists["0012"].values.len(), 2, "{what}");
        let table = done
            .report
            .sheets
            .iter()
            .find(|s| s.read_as == "item-table")
            .unwrap();
        assert_eq!(
            (table.rows_interpreted, table.rows_not_interpreted),
            (8, 0),
            "{what}"
        );
    }
}

#[test]
fn every_field_knows_its_cells() {
    let done = imported(&book(&items(), &Shape::default()));
    let text = String::from_utf8(done.files.get("provenance.csv").unwrap().to_vec()).unwrap();
    assert!(text.contains("layouts/世帯情報,,3,setaikubun,010_個人住民税_基本データリスト【第3.0版】_20250131.xlsx,基本データリスト,B9:V9"), "{text}");
    assert_eq!(done.report.sha256.len(), 64);
}

#[test]
fn added_and_dropped_columns_are_told() {
    let mut order: Vec<usize> = (0..HEADINGS.len()).collect();
    order.retain(|at| ![17, 18].contains(at));
    let bytes = book(
        &items(),
        &Shape {
            order,
            ..Shape::default()
        },
    );
    let with_more = edit(&bytes, "xl/sharedStrings.xml", |xml| {
        xml.replace("<t>繰り返し</t>", "<t>備考２（自社）</t>")
    });
    let done = imported(&with_more);
    assert!(done.report.is_complete());
    let table = done
        .report
        .sheets
        .iter()
        .find(|s| s.read_as == "item-table")
        .unwrap();
    assert!(table.note.ja.contains("備考2自社"), "{}", table.note.ja);
}

#[test]
fn what_cannot_be_interpreted_names_its_cell_and_claims_nothing() {
    let mut odd = items();
    odd[0].length = "可変";
    odd[1].kind = "文字列";
    odd[2].output = "要検討";
    odd[5].code = "住民基本台帳-7";
    odd[6].key = "たぶん";
    let done = imported(&book(&odd, &Shape::default()));
    let text = done.report.text(renkei_core::model::Lang::Ja);
    for part in [
        "「基本データリスト」M7: 桁数「可変」",
        "「基本データリスト」L8: データ型「文字列」",
        "「基本データリスト」P9: データ出力条件「要検討」",
        "「基本データリスト」B12:V12: コード「住民基本台帳-7」",
        "「基本データリスト」G13: 「たぶん」",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    let pack = loaded(&done);
    let fields = &pack.layouts["世帯情報"].kinds[0].fields;
    assert_eq!(
        (fields.len(), fields[0].length, fields[1].kind.name()),
        (4, None, "BLOB")
    );
    let lists: Vec<&String> = pack.code_lists.keys().collect();
    assert!(
        pack.code_lists
            .get("住民基本台帳-7-open")
            .is_some_and(|l| l.open),
        "{lists:?}"
    );
}

#[test]
fn a_formula_without_result_names_its_cell() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("一覧").unwrap();
    write_table(sheet, &items(), &Shape::default());
    sheet
        .write(6, 12, Formula::new("10+5").set_result("77"))
        .unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let done = imported(&bytes);
    let pack = loaded(&done);
    assert_eq!(pack.layouts["世帯情報"].kinds[0].fields[0].length, Some(77));
    let unsaved = edit(&bytes, "xl/worksheets/sheet1.xml", |xml| {
        xml.replace("<v>77</v>", "")
    });
    let problems = import("a.xlsx", &unsaved, &Options::default()).expect_err("no result");
    assert!(
        shown(&problems).contains("「一覧」 M7: 数式の計算結果が保存されていません"),
        "{}",
        shown(&problems)
    );
}

#[test]
fn missing_headings_and_wrong_sheets_are_named() {
    let order: Vec<usize> = (0..HEADINGS.len()).filter(|at| *at != 10).collect();
    let bytes = book(
        &items(),
        &Shape {
            order,
            ..Shape::default()
        },
    );
    let problems = import("a.xlsx", &bytes, &Options::default()).expect_err("no data type");
    assert!(
        shown(&problems).contains("a.xlsx 「基本データリスト」 B5: 見出し「データ型」がありません"),
        "{}",
        shown(&problems)
    );
    let fine = book(&items(), &Shape::default());
    for (sheet, part) in [
        ("凡例)列項目説明", "「凡例）列項目説明」"),
        ("ない", "あるシート: 凡例）列項目説明 / 基本データリスト"),
    ] {
        let options = Options {
            sheets: vec![sheet.to_owned()],
            ..Options::default()
        };
        let problems = import("a.xlsx", &fine, &options).expect_err("no such table");
        assert!(shown(&problems).contains(part), "{}", shown(&problems));
    }
}

/// What the import of the official workbook and the bundled pack, made by hand from it, do not have in common is
/// listed here with its reason, and nothing else differs.
#[test]
fn the_official_item_table_equals_the_bundled_pack() {
    let name = "jutogai_item_definition_20230929.xlsx";
    let Some(bytes) = official(name) else { return };
    let done =
        import(name, &bytes, &Options::default()).unwrap_or_else(|p| panic!("{}", shown(&p)));
    let pack = loaded(&done);
    let ours = &pack.layouts["住登外者宛名基本情報"].kinds[0].fields;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../specs/jutogai-031/2023-09-29");
    let hand = hand_made(&folder);
    assert_eq!(ours.len(), hand.len());
    for (a, b) in ours.iter().zip(&hand) {
        assert_eq!(
            (
                a.no,
                &a.item_id,
                &a.name,
                &a.roman,
                a.primary_key,
                a.kind,
                a.length,
                a.fraction,
                a.repeat,
                a.unknown_date
            ),
            (
                b.no,
                &b.item_id,
                &b.name,
                &b.roman,
                b.primary_key,
                b.kind,
                b.length,
                b.fraction,
                b.repeat,
                b.unknown_date
            )
        );
        // 業務ID: the list is no part of the workbook; 性別: the cell shows 001, its number format adds the zeros
        let code = match b.code.as_str() {
            "gyomuid" => "",
            "1" => "001",
            code => code,
        };
        assert_eq!(a.code, code, "{}", a.name);
        // the bundled pack says in its note why a condition is not judged and calls the item optional
        let output = |o: &Output| match o {
            Output::Required => 2,
            Output::Conditional(..) => 1,
            Output::Optional => 0,
        };
        let conditional = [3, 4, 5, 6, 7, 13, 18, 19, 20, 23, 24].contains(&a.no);
        assert_eq!(
            output(&a.output),
            if conditional { 1 } else { output(&b.output) },
            "{}",
            a.name
        );
        // the check digit of 宛名番号 is laid down elsewhere
        if !b.name.contains("宛名番号") {
            assert_eq!(
                format!("{:?}", a.format),
                format!("{:?}", b.format),
                "{}",
                a.name
            );
        }
    }
    for (list, values) in [("001", 3), ("002", 2), ("999", 0)] {
        assert_eq!(pack.code_lists[list].values.len(), values, "{list}");
    }
    assert!(pack.code_lists["999"].open);
    assert!(
        done.report.is_complete(),
        "{}",
        done.report.text(renkei_core::model::Lang::Ja)
    );
}

fn hand_made(folder: &Path) -> Vec<Field> {
    let read = |path: &str| std::fs::read(folder.join(path)).expect("the bundled pack");
    let (head, fields) = (
        read("layouts/atena-kihon/layout.toml"),
        read("layouts/atena-kihon/fields.csv"),
    );
    let mut problems = Problems::new();
    let head = String::from_utf8(head).unwrap();
    let layout = renkei_core::spec::Layout::load(
        &head,
        &fields,
        ("layout.toml", "fields.csv"),
        &mut problems,
    );
    layout.expect("the bundled layout").kinds.remove(0).fields
}

static BOOK: std::sync::LazyLock<Vec<u8>> =
    std::sync::LazyLock::new(|| book(&items(), &Shape::default()));

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, ..ProptestConfig::default() })]

    /// Texts of cells replaced by anything: an import or problems, never a panic, and what is imported loads.
    #[test]
    fn any_text_in_any_cell_is_imported_or_refused(
        changes in prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(vec![
            "", "e", "－", "※※", "※※世帯区分「", "データ型", "コードID", "コード値", "9,9", "99999999999", "0", "○○", "..", "../x", "a/b", "桁数",
            "世帯番号", "レベル", "リクエストID", "\"", ",", "'", "＝", "１－２", "\u{0}", "𠮷", "a\nb",
        ])), 1..8),
    ) {
        let bytes = edit(&BOOK, "xl/sharedStrings.xml", |xml| {
            let mut pieces: Vec<String> = xml.split("<t").map(str::to_owned).collect();
            for (at, text) in &changes {
                let at = 1 + at.index(pieces.len() - 1);
                let clean: String = text.chars().filter(|c| *c != '\u{0}').collect();
                if let Some((_, rest)) = pieces[at].clone().split_once("</t>") {
                    pieces[at] = format!(">{clean}</t>{rest}");
                }
            }
            pieces.join("<t")
        });
        if let Ok(done) = import("a.xlsx", &bytes, &Options::default()) {
            loaded(&done);
        }
    }
}

#[test]
fn hidden_sheets_and_struck_items_are_told() {
    let mut book = Workbook::new();
    write_table(
        book.add_worksheet().set_name("現行").unwrap(),
        &items(),
        &Shape::default(),
    );
    let old = book.add_worksheet().set_name("旧版").unwrap();
    write_table(old, &items(), &Shape::default());
    old.set_hidden(true);
    let sheet = book.worksheet_from_name("現行").unwrap();
    sheet
        .write_with_format(7, 3, "世帯主氏名", &Format::new().set_font_strikethrough())
        .unwrap();
    sheet.set_row_hidden(8).unwrap();
    let done = imported(&book.save_to_buffer().unwrap());
    assert_eq!(loaded(&done).layouts["世帯情報"].kinds[0].fields.len(), 4);
    let text = done.report.text(renkei_core::model::Lang::Ja);
    for part in [
        "旧版: skipped — 非表示のシート",
        "「現行」D8: 取り消し線",
        "「現行」D9: 非表示の行",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
}
