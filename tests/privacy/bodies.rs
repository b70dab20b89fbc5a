//! JSON bodies and XML messages made anonymous by the program.

use renkei_core::encoding::{Encoding, Target, encode};
use serde_json::Value;

use crate::harness::Bench;

/// A vendor's own API: what it documents, and what `api.toml` says beside it.
const OPENAPI: &str = r##"
openapi: 3.0.3
info: { title: kaigo, version: '1' }
paths:
  /shinsei:
    post:
      operationId: postShinsei
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [shimei, jotai]
              properties:
                shimei: { type: string, maxLength: 20 }
                kana: { type: string, pattern: '^[ァ-ヶー　]+$' }
                jotai: { type: string, enum: ['受付', '却下'] }
                umare: { type: string, format: date }
                kingaku: { type: integer }
                bango: { type: string, pattern: '^[0-9]{12}$' }
                uketsuke: { type: string, format: date-time }
                renraku: { type: array, items: { type: string } }
                memo: { type: object, additionalProperties: { type: string } }
      responses:
        '201': { description: made, content: { application/json: { schema: { type: object, properties: { ok: { type: boolean } } } } } }
"##;

const API: &str = r#"
id = "kaigo"
title = { ja = "介護", en = "care" }

[request]
shimei = { ja = "氏名", en = "name", type = "N", sensitive = "name" }
kingaku = { ja = "金額", en = "amount", type = "9" }
"#;

const PACK: &str = r#"
id = "kaigo"
version = "1"
title = { ja = "介護", en = "care" }
document = { ja = "試験の見本", en = "a sample of the test" }
document_version = "1"
document_date = "2026-11-23"
source = "renkei の試験"
licence = "MIT OR Apache-2.0"
fidelity = "illustrative"
"#;

fn pack(bench: &Bench) {
    bench.write("packs/kaigo/1/pack.toml", PACK);
    bench.write("packs/kaigo/1/apis/kaigo/openapi.yaml", OPENAPI);
    bench.write("packs/kaigo/1/apis/kaigo/api.toml", API);
}

/// `(old, new)` bytes; the exit code is 0: what a check finds is the same.
/// Bodies are made anonymous under one key: what a key of chance makes has a year or a 沼 of the old text now and then.
fn anonymized(bench: &Bench, name: &str, old: &[u8], spec: &str) -> Vec<u8> {
    bench.write(name, old);
    bench.write("k.key", format!("{}\n", "5a".repeat(32)));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mine = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(bench.path().join("k.key"), mine).expect("mine alone");
    }
    let called = bench.renkei(&[
        "--packs",
        "packs",
        "anonymize",
        name,
        "--spec",
        spec,
        "--out",
        "made",
        "--key",
        "k.key",
    ]);
    let called = called.expect_code(0);
    assert!(
        called.stdout.contains("同じだけあります"),
        "{}",
        called.stdout
    );
    let new = std::fs::read(bench.path().join("made")).expect("made");
    assert_eq!(new.len(), old.len());
    new
}

const BODY: &str = "{\r\n\t\"jotai\" : \"受付\", \"shimei\":\"鷺沼　珠緒\",\"kana\":\"サギヌマ\", \"umare\":\"1964-02-29\",\n \"kingaku\":  1200000,\
 \"bango\":\"123456789018\", \"uketsuke\":\"2026-04-01T09:30:00+09:00\" , \"renraku\":[\"090-7731-4402\",\"\\u9dfa\\u6CBC\\n\\\"様\\\"\", \"a.b@kakuu.example\"],\
 \"memo\":{\"鷺沼\":\"長女\",\"09077314402\":\"x\"}, \"hoka\": [null, true, -0.5, 9077314402, 42]}\n";

#[test]
fn a_json_body_keeps_its_form_and_loses_its_people() {
    let bench = Bench::new();
    pack(&bench);
    let new = anonymized(&bench, "body.json", BODY.as_bytes(), "kaigo/postShinsei");
    let new = String::from_utf8(new).expect("UTF-8");
    for gone in [
        "鷺",
        "沼",
        "珠緒",
        "サギ",
        "1964",
        "123456789018",
        "2026-04-01",
        "7731",
        "4402",
        "9dfa",
        "6CBC",
        "長女",
        "kakuu",
        "9077",
    ] {
        assert!(!new.contains(gone), "{gone} in {new}");
    }
    for stays in [
        "{\r\n\t\"jotai\" : \"受付\", \"shimei\":\"",
        "\"kingaku\":  1200000,",
        "T09:30:00+09:00\" , \"renraku\":[\"",
        "\\n\\\"",
        "\"hoka\": [null, true, -0.5, ",
        ", 42]}\n",
    ] {
        assert!(new.contains(stays), "{stays} not in {new}");
    }
    // Escapes stay escapes, in the case of their letters; classes stay.
    let read: Value = serde_json::from_str(&new).expect("JSON");
    let escaped: Vec<&str> = new.matches("\\u").collect();
    assert_eq!(escaped.len(), 2);
    assert_eq!(read["bango"].as_str().map(str::len), Some(12));
    let name = read["shimei"].as_str().expect("a name");
    assert!(
        name.chars().nth(2) == Some('　') && name.chars().count() == 5,
        "{name}"
    );
    // Equal names become equal ones, escaped or not; the pair of kanji is the same in a file of another form.
    let memo = read["memo"].as_object().expect("an object");
    let other = read["renraku"][1].as_str().expect("a text");
    assert!(memo.keys().all(|key| key != "鷺沼"));
    assert!(other.ends_with('"') && other.contains('\n'));
    let cp932 = encode("[\"鷺沼\"]", Target::new(Encoding::Cp932)).expect("CP932");
    let alone = anonymized(&bench, "sjis.json", &cp932, "kaigo/kaigo");
    let utf8 = anonymized(
        &bench,
        "utf8.json",
        "[\"鷺沼\", \"\\u9dfa沼\"]".as_bytes(),
        "kaigo/kaigo",
    );
    let utf8 = String::from_utf8(utf8).expect("UTF-8");
    let both: Vec<String> = serde_json::from_str(&utf8).expect("JSON");
    assert_eq!(both[0], both[1]);
    let same = encode(&format!("[\"{}\"]", both[0]), Target::new(Encoding::Cp932)).expect("CP932");
    assert_eq!(alone, same);
    assert!(memo.contains_key(&both[0]), "{new}");
}

#[test]
fn broken_bodies_and_kept_items() {
    let bench = Bench::new();
    pack(&bench);
    for (n, broken) in [
        "{\"shimei\":\"鷺沼",
        "{\"shimei\":\"鷺沼\",}",
        "{\"shimei\" 鷺沼 09077314402}",
        "鷺沼",
        "{\"shimei\":\"鷺沼\"}{\"shimei\":\"鷺沼\"}",
        "\u{FEFF}{\"shimei\":\"鷺沼\",\"shimei\":\"\\u9dfa\"}",
        "{\"shimei\":\"\\ud842鷺沼\\q\"}",
    ]
    .into_iter()
    .enumerate()
    {
        let new = anonymized(
            &bench,
            &format!("{n}.json"),
            broken.as_bytes(),
            "kaigo/postShinsei",
        );
        let new = String::from_utf8(new).expect("UTF-8");
        assert!(
            !new.contains('鷺') && !new.contains("9dfa") && !new.contains("9077"),
            "{new}"
        );
        assert!(
            !broken.contains("shimei") || new.contains("shimei"),
            "{new}"
        );
    }
    bench.write("body.json", BODY);
    let call = |keep: &str| {
        bench.renkei(&[
            "--packs",
            "packs",
            "anonymize",
            "body.json",
            "--spec",
            "kaigo/postShinsei",
            "--out",
            "kept.json",
            "--keep",
            keep,
        ])
    };
    call("umare,uketsuke").expect_code(0);
    let kept = std::fs::read_to_string(bench.path().join("kept.json")).expect("made");
    assert!(kept.contains("1964-02-29") && kept.contains("2026-04-01") && !kept.contains("珠緒"));
    let refused = call("nai").expect_code(2);
    assert!(
        refused.stderr.contains("項目 nai はこの本文にありません"),
        "{}",
        refused.stderr
    );
}

const MESSAGE: &str = r#"
id = "todoke"
title = { ja = "届出", en = "notice" }
schema = "todoke.xsd"
root = "Todoke"
namespace = "urn:x"
encoding = "ENCODING"
bom = "allow"
"#;

const XSD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:x" xmlns="urn:x" elementFormDefault="qualified">
 <xs:element name="Todoke"><xs:complexType><xs:sequence>
  <xs:element name="Shurui"><xs:simpleType><xs:restriction base="xs:string"><xs:enumeration value="転入"/><xs:enumeration value="転出"/></xs:restriction></xs:simpleType></xs:element>
  <xs:element name="氏名" type="xs:string"/>
  <xs:element name="Kana"><xs:simpleType><xs:restriction base="xs:string"><xs:pattern value="[ァ-ヶー]+"/></xs:restriction></xs:simpleType></xs:element>
  <xs:element name="Umare" type="xs:date"/>
  <xs:element name="Ninzu" type="xs:int"/>
  <xs:element name="Bango"><xs:complexType><xs:simpleContent><xs:extension base="xs:string"><xs:attribute name="kubun" type="xs:string"/><xs:attribute name="hi" type="xs:date"/></xs:extension></xs:simpleContent></xs:complexType></xs:element>
  <xs:element name="Biko" type="xs:string" minOccurs="0" maxOccurs="unbounded"/>
 </xs:sequence></xs:complexType></xs:element>
</xs:schema>"#;

#[test]
fn an_xml_message_keeps_its_markup_and_loses_its_people() {
    let text = "<?xml version=\"1.0\" encoding=\"LABEL\"?>\r\n<!-- 鷺沼さんの件 -->\n<x:Todoke  xmlns:x='urn:x' >\n  <x:Shurui>転入</x:Shurui>\
<x:氏名>&#x9DFA;沼&#29664;緒</x:氏名 >\t<x:Kana>サギヌマ</x:Kana><x:Umare>1964-02-29</x:Umare><x:Ninzu>3</x:Ninzu>\
<x:Bango kubun = '鷺沼&amp;' hi=\"2026-04-01\">12345678901&#x38;</x:Bango><x:Biko><![CDATA[鷺沼 <090-7731-4402>]]></x:Biko><x:Biko/>\
<x:Biko a='>'>鷺沼珠緒</x:Biko></x:Todoke>\r\n";
    for (encoding, label, as_encoding) in [
        ("utf-8", "UTF-8", Encoding::Utf8),
        ("cp932", "Shift_JIS", Encoding::Cp932),
        ("utf-16le", "UTF-16", Encoding::Utf16Le),
    ] {
        let bench = Bench::new();
        let head = PACK.replace("kaigo", "todoke");
        bench.write("packs/todoke/1/pack.toml", head);
        bench.write(
            "packs/todoke/1/xml/todoke/message.toml",
            MESSAGE.replace("ENCODING", encoding),
        );
        bench.write("packs/todoke/1/xml/todoke/todoke.xsd", XSD);
        let target = Target::new(as_encoding);
        let mut old = encode(&text.replace("LABEL", label), target).expect("encoded");
        if as_encoding == Encoding::Utf16Le {
            old.splice(0..0, [0xFF, 0xFE]);
        }
        let new = anonymized(&bench, "m.xml", &old, "todoke/todoke");
        let new =
            renkei_core::encoding::decode(&new, as_encoding, renkei_core::encoding::Dialect::Ms)
                .expect("text");
        for gone in [
            "鷺",
            "沼",
            "珠緒",
            "9DFA",
            "29664",
            "サギ",
            "1964",
            "2026-04",
            "1234567",
            "7731",
            "さんの件",
        ] {
            assert!(!new.contains(gone), "{label}: {gone} in {new}");
        }
        for stays in [
            "?>\r\n<!-- ",
            " -->\n<x:Todoke  xmlns:x='urn:x' >\n  <x:Shurui>転入</x:Shurui><x:氏名>&#x",
            "</x:氏名 >\t<x:Kana>",
            "<x:Ninzu>3</x:Ninzu><x:Bango kubun = '",
            "&amp;' hi=\"",
            "</x:Bango><x:Biko><![CDATA[",
            ">]]></x:Biko><x:Biko/><x:Biko a='>'>",
        ] {
            assert!(new.contains(stays), "{label}: {stays} not in {new}");
        }
    }
}

#[test]
fn xml_that_is_cut_or_has_a_document_type() {
    let bench = Bench::new();
    bench.write("packs/todoke/1/pack.toml", PACK.replace("kaigo", "todoke"));
    bench.write(
        "packs/todoke/1/xml/todoke/message.toml",
        MESSAGE.replace("ENCODING", "utf-8"),
    );
    bench.write("packs/todoke/1/xml/todoke/todoke.xsd", XSD);
    for (n, broken) in [
        "<Todoke xmlns='urn:x'><氏名>鷺沼珠緒",
        "<Todoke><鷺沼珠緒>09077314402</鷺沼珠緒></Todoke>",
        "<Todoke><氏名 x='鷺沼珠緒>",
        "<Todoke>鷺沼珠緒<",
        "鷺沼珠緒",
        "<?xml version='1.0' encoding='utf-8'?><?鷺沼 珠緒?><a>鷺沼珠緒&tama;</b>",
    ]
    .into_iter()
    .enumerate()
    {
        let new = anonymized(
            &bench,
            &format!("{n}.xml"),
            broken.as_bytes(),
            "todoke/todoke",
        );
        let new = String::from_utf8(new).expect("UTF-8");
        assert!(
            !new.contains('鷺') && !new.contains("珠緒") && !new.contains("9077"),
            "{new}"
        );
    }
    bench.write("d.xml", "<!DOCTYPE a [<!ENTITY n '鷺沼'>]><a>&n;</a>");
    let refused = bench.renkei(&[
        "--packs",
        "packs",
        "anonymize",
        "d.xml",
        "--spec",
        "todoke/todoke",
        "--out",
        "d.out",
    ]);
    let refused = refused.expect_code(2);
    assert!(refused.stderr.contains("DTD"), "{}", refused.stderr);
    assert!(!bench.path().join("d.out").exists());
}
