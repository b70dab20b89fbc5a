//! `renkei spec diff`, `show` and `export`, through the binary.

use serde_json::Value;

use crate::harness::Bench;

const ITEMS: &str = "jutogai-031@2023-09-29";
const API: &str = "jutogai-fuban-api@2.0";

fn changes(bench: &Bench, old: &str, new: &str) -> Vec<(String, String, String, String)> {
    let called = bench
        .renkei(&["spec", "diff", old, new, "--format", "json"])
        .expect_code(1);
    let document: Value = serde_json::from_str(&called.stdout).expect("JSON");
    let text = |change: &Value, key: &str| change[key].as_str().unwrap_or("-").to_owned();
    let all = document["changes"].as_array().expect("changes").iter();
    all.map(|c| {
        (
            text(c, "kind"),
            text(c, "item"),
            text(c, "old"),
            text(c, "new"),
        )
    })
    .collect()
}

/// What the two official workbooks say differently, read from their cells by hand and with another reader.
const CONTRADICTIONS: &[(&str, &str, &str, &str)] = &[
    (
        "renamed",
        "shimei_gaikokujinarufuabetto",
        "shimei_gaikokujinarufuabetto",
        "shimei_gaikokujinromaji",
    ),
    (
        "renamed",
        "shimei_yomigana",
        "shimei_yomigana",
        "shimei_furigana",
    ),
    (
        "renamed",
        "uji_nihonjin_yomigana",
        "uji_nihonjin_yomigana",
        "uji_nihonjin_furigana",
    ),
    (
        "renamed",
        "na_nihonjin_yomigana",
        "na_nihonjin_yomigana",
        "na_nihonjin_furigana",
    ),
    (
        "renamed",
        "dokujishisakushisutemunadoid",
        "dokujishisakushisutemunadoid",
        "dokujishisakushisutemutoid",
    ),
    ("length", "jusho_choaza", "18", "120"),
    ("removed", "daihyoatenafuragu", "9 1 required", "-"),
    ("added", "shorikubun", "-", "X 1 required"),
    ("added", "shikuchosonkodo", "-", "X 6 required"),
    ("added", "tsusho", "-", "N 100 optional"),
    ("added", "tsusho_furigana", "-", "N 100 optional"),
    ("added", "tsusho_furiganakakuninjokyo", "-", "X 1 optional"),
    ("added", "seinengappi_fushofuragu", "-", "X 1 optional"),
    ("added", "shiteitoshi_gyoseikutokodo", "-", "X 12 optional"),
    ("added", "jusho_kokumeikodo", "-", "X 3 optional"),
    ("added", "jusho_kokumeito", "-", "N 100 optional"),
    ("added", "jusho_kokugaijusho", "-", "N 300 optional"),
    ("added", "nayosemotofuragu", "-", "X 1 required"),
    ("added", "tagyomusanshofukafuragu", "-", "X 1 required"),
    ("added", "result.rirekibango", "-", "9 3 required"),
    ("value", "jusho_choazakodo", "-", "9999999"),
    ("code", "seibetsu", "1: 0 1 2", "-"),
    (
        "required",
        "atenabango",
        "required",
        "conditional: shorikubun in (1, 2)",
    ),
    (
        "condition",
        "nayosesakiatenabango",
        "conditional: daihyoatenafuragu = 1",
        "conditional: nayosemotofuragu = 1",
    ),
    ("repeat", "gyomuid", "999", "1"),
    ("repeat", "dokujishisakushisutemunadoid", "999", "1"),
    ("default", "gyomuid", "-", "000"),
    ("default", "dokujishisakushisutemunadoid", "-", "000"),
    ("sample", "jusho_shikugunchosonmei", "茅ケ崎市", "茅ヶ崎市"),
];

#[test]
fn the_contradictions_of_the_two_workbooks_are_found_and_nothing_else() {
    let bench = Bench::new();
    let found = changes(&bench, ITEMS, API);
    let mut rest: Vec<_> = found.clone();
    for (kind, item, old, new) in CONTRADICTIONS {
        let wanted = (
            kind.to_string(),
            item.to_string(),
            old.to_string(),
            new.to_string(),
        );
        assert!(found.contains(&wanted), "missed: {wanted:?} in {found:#?}");
        rest.retain(|change| *change != wanted);
    }
    // Conditionally mandatory in the item table, merely optional in the API (no ※※ in its column DK).
    let mut weaker: Vec<&str> = Vec::new();
    for (kind, item, old, new) in &rest {
        assert_eq!(
            (kind.as_str(), new.as_str()),
            ("required", "optional"),
            "{item} {old}"
        );
        weaker.push(item);
    }
    weaker.sort_unstable();
    assert_eq!(
        weaker,
        [
            "dokujishisakushisutemunadoid",
            "gyomuid",
            "seinengappi_fushohyoki"
        ]
    );
    // The other way round the same items are named.
    assert_eq!(changes(&bench, API, ITEMS).len(), found.len());
}

#[test]
fn equal_specifications_have_no_differences() {
    let bench = Bench::new();
    for pack in [ITEMS, API, "zengin"] {
        bench.renkei(&["spec", "diff", pack, pack]).expect_code(0);
    }
    bench
        .renkei(&["spec", "diff", "zengin/none", "zengin"])
        .expect_code(2);
}

#[test]
fn what_people_read() {
    let bench = Bench::new();
    for lang in ["ja", "en"] {
        let shown = |args: &[&str], code| {
            let args: Vec<&str> = args.iter().copied().chain(["--lang", lang]).collect();
            bench.renkei(&args).expect_code(code).stdout
        };
        let diff = shown(&["spec", "diff", ITEMS, API], 1);
        insta::assert_snapshot!(format!("spec_diff_{lang}"), diff);
        let show = shown(&["spec", "show", "zengin/koza-furikae"], 0);
        let plain = show
            .lines()
            .filter(|line| !line.contains("SHA-256"))
            .collect::<Vec<_>>();
        insta::assert_snapshot!(format!("spec_show_{lang}"), plain.join("\n"));
    }
    let copybook = [
        "spec",
        "export",
        "zengin/koza-furikae",
        "--format",
        "copybook",
    ];
    insta::assert_snapshot!(
        "spec_export_copybook",
        bench.renkei(&copybook).expect_code(0).stdout
    );
}

#[test]
fn exports_are_what_they_say() {
    let bench = Bench::new();
    let export = |part: &str, format: &str| -> Value {
        let called = bench
            .renkei(&["spec", "export", part, "--format", format])
            .expect_code(0);
        serde_json::from_str(&called.stdout).expect("JSON")
    };
    for part in ["jutogai-031/atena-kihon", "zengin/koza-furikae"] {
        let schema = export(part, "json-schema");
        assert!(jsonschema::meta::is_valid(&schema), "{part}");
        jsonschema::draft202012::new(&schema).expect("it compiles");
    }
    let schema = export("jutogai-031/atena-kihon", "json-schema");
    let validator = jsonschema::draft202012::new(&schema).expect("it compiles");
    let properties = schema["properties"].as_object().expect("properties");
    let sample = properties
        .iter()
        .map(|(name, p)| (name.clone(), p["examples"][0].clone()));
    let mut record: serde_json::Map<String, Value> = sample.collect();
    assert!(validator.is_valid(&Value::Object(record.clone())));
    record.insert("jusho_choaza".to_owned(), "あ".repeat(19).into());
    assert!(!validator.is_valid(&Value::Object(record)));
    let table = export("jutogai-031/atena-kihon", "table-schema");
    assert_eq!(table["primaryKey"][0], "atenabango");
    assert_eq!(table["fields"].as_array().map(Vec::len), Some(29));
    // OpenAPI goes through our own reader again: nothing is lost.
    let pack = bench.path().join("again");
    let root = crate::harness::root().join("specs/jutogai-fuban-api/2.0");
    std::fs::create_dir_all(pack.join("apis/fuban")).expect("folder");
    for file in ["pack.toml", "apis/fuban/api.toml"] {
        std::fs::copy(root.join(file), pack.join(file)).expect("copied");
    }
    let openapi = export("jutogai-fuban-api/fuban", "openapi").to_string();
    std::fs::write(pack.join("apis/fuban/openapi.json"), openapi).expect("written");
    bench.renkei(&["spec", "diff", API, "again"]).expect_code(0);
    let wrong = [
        "spec",
        "export",
        "jutogai-031/atena-kihon",
        "--format",
        "copybook",
    ];
    bench.renkei(&wrong).expect_code(2);
}

#[test]
fn documents_are_compared_without_being_imported_first() {
    let bench = Bench::new();
    let list = "データ項目ID,データ項目,データ項目（ローマ字）,グループ_名称,グループ_主キー,データ型,桁数,コード,データ出力条件\n\
                02000001,世帯番号,setaibango,世帯,○,X,8,,必須\n02000002,世帯主,setainushi,世帯,,Ｎ,20,,任意\n";
    bench.write("old.csv", list);
    bench.write("new.csv", list.replace("Ｎ,20", "Ｎ,30"));
    let found = changes(&bench, "old.csv", "new.csv");
    let wanted = ("length", "setainushi", "20", "30").map_text();
    assert_eq!(found, std::slice::from_ref(&wanted));
    assert_eq!(changes(&bench, "old.csv/世帯", "new.csv/世帯"), [wanted]);
    bench
        .renkei(&["spec", "diff", "old.csv", "old.csv"])
        .expect_code(0);
    // What was not understood is told, and nothing is left behind.
    bench.write("odd.csv", list.replace("Ｎ,20", "漢字,20"));
    let called = bench.renkei(&["spec", "diff", "old.csv", "odd.csv"]);
    assert!(
        called.stderr.contains("odd.csv: 解釈できない箇所が1件"),
        "{}",
        called.stderr
    );
    bench.write("cut.xlsx", b"PK\x03\x04");
    bench
        .renkei(&["spec", "diff", "old.csv", "cut.xlsx"])
        .expect_code(2);
    assert_eq!(
        std::fs::read_dir(bench.path()).expect("the folder").count(),
        4
    );
}

/// Four words of a change.
trait MapText {
    fn map_text(self) -> (String, String, String, String);
}

impl MapText for (&str, &str, &str, &str) {
    fn map_text(self) -> (String, String, String, String) {
        let (a, b, c, d) = self;
        (a.to_owned(), b.to_owned(), c.to_owned(), d.to_owned())
    }
}

#[test]
fn a_schema_that_changes_under_the_same_item_type_is_told() {
    let bench = Bench::new();
    let root = crate::harness::root().join("specs/jutogai-fuban-api/2.0/apis/fuban");
    let document = std::fs::read_to_string(root.join("openapi.yaml")).expect("the document");
    for (from, to, wanted) in [
        (
            "type: string\n          nullable: true\n          maxLength: 15",
            "type: integer\n          nullable: true\n          maxLength: 15",
            ("type", "atenabango", "string", "integer"),
        ),
        (
            "pattern: '^[0-9]{6}$'",
            "pattern: '^[0-9]{5,6}$'",
            (
                "format",
                "shikuchosonkodo",
                "regex:^[0-9]{6}$",
                "regex:^[0-9]{5,6}$",
            ),
        ),
    ] {
        assert!(document.contains(from), "{from}");
        bench.copy("specs/jutogai-fuban-api/2.0");
        bench.write(
            "2.0/apis/fuban/openapi.yaml",
            document.replacen(from, to, 1),
        );
        assert_eq!(changes(&bench, API, "2.0"), [wanted.map_text()]);
    }
}

#[test]
fn levels_orders_and_what_fields_hold_are_compared() {
    let bench = Bench::new();
    let head = "id = \"p\"\nversion = \"1\"\ntitle = { ja = \"例\", en = \"e\" }\ndocument = { ja = \"例\", en = \"e\" }\n\
        source = \"renkei\"\nlicence = \"facts\"\nfidelity = \"illustrative\"\n";
    let layout = "id = \"a\"\ntitle = { ja = \"例\", en = \"e\" }\nform = \"delimited\"\n[[sort]]\nfields = [\"a\"]\nper = \"file\"\n\
        [levels]\n\"VAL-003\" = \"error\"\n\"VAL-010\" = \"notice\"\n\"VAL-004\" = \"off\"\n";
    let fields = "no,name,roman,fk,type,length,class,output,sample\n1,番号,a,1,X,5,,required,001\n\
        2,市名,b,,X,20,mixed,optional,\"中井町\n茅ケ崎市\"\n";
    for (folder, layout, fields) in [
        ("old", layout.to_owned(), fields.to_owned()),
        (
            "new",
            layout
                .replace("fields = [\"a\"]", "fields = [\"-a\"]")
                .replace(
                    "\"VAL-010\" = \"notice\"\n\"VAL-004\" = \"off\"",
                    "\"VAL-002\" = \"warning\"",
                ),
            fields
                .replace("a,1,", "a,,")
                .replace("mixed", "full")
                .replace("茅ケ崎市", "茅ヶ崎市"),
        ),
    ] {
        bench.write(&format!("{folder}/pack.toml"), head);
        bench.write(&format!("{folder}/layouts/a/layout.toml"), layout);
        bench.write(&format!("{folder}/layouts/a/fields.csv"), fields);
    }
    let called = bench.renkei(&["spec", "diff", "./old", "./new", "--format", "json"]);
    let document: Value = serde_json::from_str(&called.expect_code(1).stdout).expect("JSON");
    let all = document["changes"].as_array().expect("changes").iter();
    let word = |change: &Value, key: &str| change[key].as_str().unwrap_or("-").to_owned();
    let mut told: Vec<String> = all
        .map(|c| {
            ["kind", "item", "old", "new", "breaks"]
                .map(|key| word(c, key))
                .join(" | ")
        })
        .collect();
    told.sort();
    assert_eq!(
        told,
        [
            "key | a | foreign key |  | both",
            "repertoire | b | width mixed | width full | both",
            "rule | sort | - | -a per file | provider",
            "rule | sort | a per file | - | consumer",
            // VAL-003 is an error anyway: written out or not, nothing changes
            "rule-level | VAL-002 | error (rule) | warning | consumer",
            "rule-level | VAL-004 | off | error (rule) | provider",
            "rule-level | VAL-010 | notice | warning (rule) | provider",
            "sample | b | 茅ケ崎市 | 茅ヶ崎市 | none",
        ]
    );
}

#[test]
fn a_fixed_layout_is_shown_without_settings_of_delimited_files() {
    let bench = Bench::new();
    let shown = |part: &str| {
        bench
            .renkei(&["spec", "show", part, "--lang", "en"])
            .expect_code(0)
            .stdout
    };
    let (fixed, delimited) = (
        shown("zengin/koza-furikae"),
        shown("jutogai-031/atena-kihon"),
    );
    for key in ["delimiter", "quoting", "newline_in_field", "header "] {
        assert!(
            !fixed.contains(&format!("\n  {key}")) && delimited.contains(key),
            "{key}"
        );
    }
    assert!(fixed.contains("total"), "{fixed}");
}
