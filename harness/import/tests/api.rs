//! API workbooks: the official one against the bundled pack, and workbooks of the same form with other content.

use std::collections::BTreeMap;
use std::path::Path;

use renkei_core::model::{Lang, Problems};
use renkei_core::spec::{Files, Library, Pack};
use renkei_import::{Imported, Options, import};
use rust_xlsxwriter::{Formula, Workbook, Worksheet};
use serde_json::{Value, json};

use crate::common::{edit, official, shown};

fn imported(name: &str, bytes: &[u8]) -> Imported {
    import(name, bytes, &Options::default())
        .unwrap_or_else(|problems| panic!("{}", shown(&problems)))
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

fn openapi(imported: &Imported) -> Value {
    let (_, bytes) = imported
        .files
        .iter()
        .find(|(path, _)| path.ends_with("openapi.yaml"))
        .expect("a document");
    yaml_serde::from_slice(bytes).expect("YAML")
}

/// Every value of a schema by its path, references followed, with the facts that decide about conformity.
fn facts(document: &Value, schema: &Value, path: &str, out: &mut BTreeMap<String, Value>) {
    let schema = match schema.get("$ref").and_then(Value::as_str) {
        Some(reference) => document
            .pointer(reference.trim_start_matches('#'))
            .expect("a schema"),
        None => schema,
    };
    let mut seen = serde_json::Map::new();
    for key in [
        "type",
        "maxLength",
        "nullable",
        "enum",
        "minimum",
        "maximum",
    ] {
        if let Some(value) = schema.get(key) {
            seen.insert(key.to_owned(), value.clone());
        }
    }
    let mut required: Vec<&str> = schema
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    required.sort_unstable();
    if !required.is_empty() {
        seen.insert("required".to_owned(), json!(required));
    }
    out.insert(path.to_owned(), Value::Object(seen));
    for (name, member) in schema
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        facts(document, member, &format!("{path}/{name}"), out);
    }
    if let Some(items) = schema.get("items") {
        facts(document, items, &format!("{path}/*"), out);
    }
}

fn all_facts(document: &Value) -> BTreeMap<String, Value> {
    let mut out = BTreeMap::new();
    for (path, methods) in document["paths"].as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("methods") {
            let at = format!("{method} {path}");
            for (media, content) in operation["requestBody"]["content"]
                .as_object()
                .into_iter()
                .flatten()
            {
                facts(
                    document,
                    &content["schema"],
                    &format!("{at} {media}"),
                    &mut out,
                );
            }
            for (status, answer) in operation["responses"].as_object().into_iter().flatten() {
                out.insert(format!("{at} {status}"), Value::Null);
                for (media, content) in answer["content"].as_object().into_iter().flatten() {
                    facts(
                        document,
                        &content["schema"],
                        &format!("{at} {status} {media}"),
                        &mut out,
                    );
                }
            }
        }
    }
    out
}

/// Made by hand and made by the import, the two documents say the same of every value; the differences are listed.
#[test]
fn the_official_api_equals_the_bundled_pack() {
    let name = "jutogai_numbering_api_v2.0_202303.xlsx";
    let Some(bytes) = official(name) else { return };
    let done = imported(name, &bytes);
    assert!(done.report.is_complete(), "{}", done.report.text(Lang::Ja));
    let folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../specs/jutogai-fuban-api/2.0/apis/fuban");
    let hand: Value =
        yaml_serde::from_slice(&std::fs::read(folder.join("openapi.yaml")).unwrap()).unwrap();
    let (ours, hand) = (all_facts(&openapi(&done)), all_facts(&hand));
    let mut different = Vec::new();
    for path in ours
        .keys()
        .chain(hand.keys())
        .collect::<std::collections::BTreeSet<_>>()
    {
        if ours.get(path) != hand.get(path) {
            let short = path.rsplit(' ').next().unwrap_or(path);
            different.push(format!(
                "{short}: {:?} / {:?}",
                ours.get(path).map(Value::to_string),
                hand.get(path).map(Value::to_string)
            ));
        }
    }
    // the bundled pack lists the codes of エラーコード一覧 in the schema, the import in api.toml only; the bundled pack
    // reads 0 and 1 out of the prose about 他業務参照不可フラグ (a default, and when to set 1), which is no list
    assert_eq!(different.len(), 2, "{different:#?}");
    assert!(different[0].contains("/errors/*/code"), "{different:#?}");
    assert!(
        different[1].contains("/tagyomusanshofukafuragu"),
        "{different:#?}"
    );
    let pack = loaded(&done);
    let (id, api) = pack.apis.iter().next().expect("an API");
    assert_eq!(id, "jutogaishaatenabangofuban");
    assert_eq!(
        api.operations.keys().collect::<Vec<_>>(),
        ["jutogaishaatenabangofuban"]
    );
    assert_eq!(
        (done.identity.version.as_str(), done.identity.title.as_str()),
        ("2.0", "住登外者宛名番号付番API仕様")
    );
    let rules = rules(&done);
    let theirs: toml::Table = std::fs::read_to_string(folder.join("api.toml"))
        .unwrap()
        .parse()
        .unwrap();
    for key in ["time", "media", "detail"] {
        assert_eq!(rules.get(key), theirs.get(key), "{key}");
    }
    let codes = |table: &toml::Table| -> Vec<String> {
        table["error"]
            .as_array()
            .unwrap()
            .iter()
            .map(|e| format!("{} {}", e["kind"], e["code"]))
            .collect()
    };
    assert_eq!(codes(&rules), codes(&theirs));
    // 名寄せ元 is read as 名寄せ元フラグ = 1 by hand only
    let correlations = rules["correlation"].as_array().unwrap();
    assert_eq!(correlations.len(), 1);
    assert_eq!(
        correlations[0]["when"].as_str(),
        Some("shorikubun in ('1', '2')")
    );
    assert_eq!(correlations[0]["require"].as_str(), Some("atenabango"));
    assert_eq!(rules["request"].as_table().unwrap().len(), 40);
    for (item, facts) in rules["request"].as_table().unwrap() {
        let hand = &theirs["request"][item];
        for key in ["ja", "type", "length", "required", "fixed", "unknown_date"] {
            assert_eq!(facts.get(key), hand.get(key), "{item} {key}");
        }
    }
}

fn rules(imported: &Imported) -> toml::Table {
    let (_, bytes) = imported
        .files
        .iter()
        .find(|(path, _)| path.ends_with("api.toml"))
        .expect("api.toml");
    std::str::from_utf8(bytes).unwrap().parse().unwrap()
}

fn row(sheet: &mut Worksheet, row: u32, cells: &[(u16, &str)]) {
    for (column, text) in cells {
        sheet.write(row, *column, *text).unwrap();
    }
}

/// A workbook of the same form about something else, with its tables elsewhere.
#[expect(clippy::too_many_lines, reason = "a workbook, cell by cell")]
fn other() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("概要").unwrap();
    row(sheet, 0, &[(0, "仕様名")]);
    row(sheet, 1, &[(0, "税額照会API仕様")]);
    row(
        sheet,
        4,
        &[(0, "本APIでサポートするHTTPメソッドはPUTとする")],
    );
    row(sheet, 5, &[(0, "No."), (2, "APIコール名"), (9, "操作種類")]);
    row(
        sheet,
        6,
        &[(0, "1"), (2, "app_refer/v11/zeigakushokai"), (9, "Read")],
    );
    let sheet = book.add_worksheet().set_name("要求").unwrap();
    row(sheet, 9, &[(1, "リクエストID")]);
    sheet
        .write(
            9,
            5,
            Formula::new("概要!C7&\"_R01\"").set_result("app_refer/v11/zeigakushokai_R01"),
        )
        .unwrap();
    row(sheet, 10, &[(1, "Content-Type"), (5, "application/json")]);
    row(
        sheet,
        12,
        &[
            (1, "項番"),
            (2, "必 須"),
            (3, "パラメータ名"),
            (5, "項目名"),
            (7, "データ型"),
            (8, "データ長"),
            (9, "備考"),
            (10, "項目説明"),
        ],
    );
    row(sheet, 13, &[(8, "桁数")]);
    row(
        sheet,
        14,
        &[
            (1, "1"),
            (2, "◎"),
            (3, "nendo"),
            (5, "年度"),
            (7, "YEAR"),
            (8, "4"),
        ],
    );
    row(
        sheet,
        15,
        &[
            (1, "2"),
            (3, "shubetsu"),
            (5, "種別"),
            (7, "Ｘ"),
            (8, "1"),
            (10, "区分（1：現年、2：過年）"),
        ],
    );
    row(
        sheet,
        16,
        &[
            (1, "3"),
            (3, "bango"),
            (5, "番号"),
            (7, "数字"),
            (8, "10"),
            (9, "※※種別「2」の場合は必須"),
        ],
    );
    let sheet = book.add_worksheet().set_name("応答").unwrap();
    row(
        sheet,
        2,
        &[(0, "レスポンスID"), (6, "app_refer/v11/zeigakushokai_S01")],
    );
    row(
        sheet,
        3,
        &[(0, "Content-Type"), (6, "application/json;charset=UTF-8")],
    );
    row(
        sheet,
        5,
        &[
            (0, "項番"),
            (1, "レベル"),
            (2, "レスポンスオブジェクト名"),
            (8, "項目名"),
            (9, "必須"),
            (10, "null設定有無"),
            (11, "データ型"),
            (12, "桁数"),
            (13, "記述例"),
            (14, "備考"),
        ],
    );
    row(sheet, 6, &[(0, "■正常系（HTTPステータスコード：２００）")]);
    row(
        sheet,
        7,
        &[
            (1, "1"),
            (2, "レスポンスオブジェクト"),
            (9, "◎"),
            (10, "-"),
            (11, "構造化"),
            (12, "-"),
            (13, "{"),
        ],
    );
    row(
        sheet,
        8,
        &[
            (1, "2"),
            (3, "meisai"),
            (8, "明細"),
            (9, "◎"),
            (10, "-"),
            (11, "配列\n構造化"),
            (12, "-"),
        ],
    );
    row(
        sheet,
        9,
        &[
            (1, "3"),
            (4, "zeigaku"),
            (8, "税額"),
            (9, "◎"),
            (10, "〇"),
            (11, "S9"),
            (12, "8"),
            (13, "zeigaku:-100,"),
        ],
    );
    row(
        sheet,
        10,
        &[
            (1, "3"),
            (4, "ritsu"),
            (8, "率"),
            (10, "-"),
            (11, "9V"),
            (12, "2,3"),
            (13, "ritsu:\"1.5\""),
        ],
    );
    row(
        sheet,
        11,
        &[
            (1, "2"),
            (3, "kekka"),
            (8, "結果"),
            (9, "◎"),
            (10, "-"),
            (11, "Ｎ"),
            (12, "5"),
            (14, "\"正常終了。\"固定値"),
        ],
    );
    row(sheet, 12, &[(13, "]}")]);
    row(sheet, 13, &[(0, "■異常系（HTTPステータスコード：404）")]);
    row(
        sheet,
        14,
        &[
            (1, "1"),
            (2, "レスポンスオブジェクト"),
            (9, "◎"),
            (10, "-"),
            (11, "構造化"),
            (12, "-"),
        ],
    );
    row(
        sheet,
        15,
        &[
            (1, "2"),
            (3, "detail"),
            (8, "内容"),
            (9, "要"),
            (10, "-"),
            (11, "X,Ｎ\n混在"),
            (12, "-"),
        ],
    );
    book.save_to_buffer().unwrap()
}

#[test]
fn another_workbook_of_the_form_becomes_another_api() {
    let done = imported("zeigaku.xlsx", &other());
    let document = openapi(&done);
    let operation = &document["paths"]["/app_refer/v11/zeigakushokai"]["put"];
    assert_eq!(operation["operationId"], "zeigakushokai");
    let seen = all_facts(&document);
    let at = "put /app_refer/v11/zeigakushokai";
    let of = |path: &str| {
        seen.get(&format!("{at} {path}"))
            .unwrap_or_else(|| panic!("{path}\n{seen:#?}"))
            .clone()
    };
    assert_eq!(
        of("application/json"),
        json!({"type": "object", "required": ["nendo"]})
    );
    assert_eq!(
        of("application/json/shubetsu"),
        json!({"type": "string", "maxLength": 1, "nullable": true, "enum": ["1", "2", null]})
    );
    assert_eq!(of("application/json/bango"), json!({"nullable": true}));
    let ok = "200 application/json;charset=UTF-8";
    assert_eq!(of(ok)["required"], json!(["kekka", "meisai"]));
    assert_eq!(
        of(&format!("{ok}/meisai/*/zeigaku")),
        json!({"type": "integer", "nullable": true, "minimum": -99_999_999, "maximum": 99_999_999})
    );
    assert_eq!(
        of(&format!("{ok}/meisai/*"))["required"],
        json!(["zeigaku"])
    );
    assert_eq!(of(&format!("{ok}/kekka"))["enum"], json!(["正常終了。"]));
    assert_eq!(
        of("404 application/json;charset=UTF-8/detail"),
        json!({"type": "string"})
    );
    let text = done.report.text(Lang::Ja);
    for part in [
        "「要求」H17: データ型「数字」",
        "「応答」J16: 「要」は印でも空でもありません",
    ] {
        assert!(text.contains(part), "{text}");
    }
    assert_eq!(done.report.not_interpreted.len(), 2, "{text}");
    assert_eq!(
        rules(&done)["correlation"][0]["when"].as_str(),
        Some("shubetsu = '2'")
    );
    loaded(&done);
}

#[test]
fn what_is_missing_names_its_cell() {
    let bytes = edit(&other(), "xl/worksheets/sheet2.xml", |xml| {
        xml.replace("<v>app_refer/v11/zeigakushokai_R01</v>", "")
    });
    let done = imported("zeigaku.xlsx", &bytes);
    assert!(
        done.report.text(Lang::Ja).contains(
            "「要求」F10: 数式の計算結果が保存されていないので、つなぐセルから求めました"
        ),
        "{}",
        done.report.text(Lang::Ja)
    );
    // the response says which call it is
    assert!(
        openapi(&done)["paths"]["/app_refer/v11/zeigakushokai"]["put"]["requestBody"].is_object()
    );
    let bytes = edit(&other(), "xl/sharedStrings.xml", |xml| {
        xml.replace("<t>データ型</t>", "<t>かた</t>")
    });
    let options = Options {
        kind: Some(renkei_import::Kind::Api),
        ..Options::default()
    };
    let problems = import("zeigaku.xlsx", &bytes, &options).expect_err("no type");
    assert!(
        shown(&problems).contains("zeigaku.xlsx 「応答」 A6: 見出し「データ型」がありません"),
        "{}",
        shown(&problems)
    );
}
