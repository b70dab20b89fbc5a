use super::*;
use crate::model::Problems;
use crate::spec::Files;

const HEAD: &str = "id = \"m\"\ntitle = { ja = \"例\", en = \"example\" }\nschema = \"m.xsd\"\nroot = \"tsuuchi\"\nnamespace = \"urn:m\"\nencoding = \"utf-8\"\n";

const XSD: &str = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="urn:m" targetNamespace="urn:m" elementFormDefault="qualified">
<xs:include schemaLocation="types.xsd"/>
<xs:element name="tsuuchi"><xs:complexType><xs:sequence>
<xs:element name="hito" maxOccurs="3"><xs:complexType><xs:sequence>
<xs:element name="shimei" type="Shimei"/>
<xs:choice><xs:element name="umare" type="xs:date"/><xs:element name="fusho" type="xs:string"/></xs:choice>
<xs:element name="seibetsu" minOccurs="0"><xs:simpleType><xs:restriction base="xs:string"><xs:enumeration value="1"/><xs:enumeration value="2"/></xs:restriction></xs:simpleType></xs:element>
<xs:element name="kazu" type="xs:int" minOccurs="0"/>
</xs:sequence><xs:attribute name="no" type="xs:positiveInteger" use="required"/></xs:complexType></xs:element>
</xs:sequence></xs:complexType><xs:unique name="u"><xs:selector xpath="*"/><xs:field xpath="@no"/></xs:unique></xs:element>
</xs:schema>"#;

const TYPES: &str = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:m"><xs:simpleType name="Shimei"><xs:restriction base="xs:string"><xs:maxLength value="4"/><xs:pattern value="[^a-z]*"/></xs:restriction></xs:simpleType></xs:schema>"#;

fn files(more: &[(&str, &str)]) -> Files {
    let mut files = Files::new();
    files.insert("message.toml", HEAD);
    files.insert("m.xsd", XSD);
    files.insert("types.xsd", TYPES);
    for (name, text) in more {
        files.insert(*name, *text);
    }
    files
}

fn load(more: &[(&str, &str)]) -> (Option<XmlMessage>, Problems) {
    let mut problems = Problems::new();
    let message = XmlMessage::load(&files(more), "p@1/xml/m", &mut problems);
    (message, problems)
}

fn told(body: &str) -> Vec<String> {
    let (message, problems) = load(&[]);
    assert_eq!(problems, []);
    let message = message.expect("a message");
    let text = format!("<tsuuchi xmlns=\"urn:m\">{body}</tsuuchi>");
    let read = message.schema.read(&text, &message.limits);
    assert_eq!(read.stop, None);
    let line = |b: &Breach| {
        let near: String =
            b.at.map_or(String::new(), |at| text[at..].chars().take(8).collect());
        format!(
            "{} {} {near:?} [{}] [{}] {:?}",
            b.path, b.constraint, b.expected, b.observed, b.value
        )
    };
    read.breaches.iter().map(line).collect()
}

const GOOD: &str = "<hito no=\"1\"><shimei>山田</shimei><umare>2000-02-29</umare></hito>";

#[test]
fn a_schema_with_parts_is_compiled_from_the_folder_alone() {
    let (message, problems) = load(&[]);
    assert_eq!(problems, []);
    let message = message.expect("a message");
    let text = format!("<tsuuchi xmlns=\"urn:m\">{GOOD}</tsuuchi>");
    let read = message.schema.read(&text, &message.limits);
    assert_eq!((read.breaches.len(), read.stop), (0, None));
    assert_eq!(read.root.map(|n| n.local), Some("tsuuchi".to_owned()));
}

#[test]
fn every_kind_of_breach_says_where_and_what() {
    let bodies = [
        GOOD.replace("山田", "山田太郎花"),
        GOOD.replace("山田", "yama"),
        GOOD.replace("02-29", "02-30"),
        GOOD.replace(" no=\"1\"", ""),
        GOOD.replace(" no=\"1\"", " no=\"0\" x=\"1\""),
        GOOD.replace("<umare>2000-02-29</umare>", ""),
        GOOD.replace("</umare>", "</umare><fusho/>"),
        GOOD.replace("</umare>", "</umare><seibetsu>9</seibetsu>"),
        GOOD.replace("</umare>", "</umare><kazu>99999999999</kazu>"),
        GOOD.repeat(2),
        GOOD.replace("</hito>", "あ</hito>"),
        (1..5)
            .map(|n| GOOD.replace("\"1\"", &format!("\"{n}\"")))
            .collect(),
        String::new(),
    ];
    let all: Vec<String> = bodies.iter().map(|b| told(b).join("\n")).collect();
    insta::assert_snapshot!(all.join("\n--\n"));
}

#[test]
fn what_lies_outside_of_the_folder_is_not_read() {
    for place in [
        "../../secret.xsd",
        "/etc/passwd",
        "http://example.com/a.xsd",
        "file:///etc/hosts",
    ] {
        let xsd = XSD.replace("types.xsd", place);
        let (message, problems) = load(&[("m.xsd", &xsd)]);
        assert!(message.is_none(), "{place}");
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(
            problems[0].message.ja.contains(place) || problems[0].message.ja.contains("Shimei"),
            "{problems:?}"
        );
    }
}

#[test]
fn a_schema_that_is_none_is_told_at_its_place() {
    for (xsd, near) in [
        (XSD.replace("type=\"Shimei\"", "type=\"Nai\""), "m.xsd"),
        (XSD.replace("</xs:schema>", ""), "m.xsd"),
        (XSD.replace("maxOccurs=\"3\"", "maxOccurs=\"x\""), "m.xsd"),
        (String::new(), "m.xsd"),
        ("<a/>".to_owned(), "m.xsd"),
        (
            "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>".to_owned(),
            "m.xsd",
        ),
    ] {
        let (message, problems) = load(&[("m.xsd", &xsd)]);
        assert!(message.is_none() && !problems.is_empty(), "{xsd}");
        assert!(problems[0].file.ends_with(near), "{problems:?}");
    }
    let (message, problems) = load(&[("message.toml", &HEAD.replace("tsuuchi", "nai"))]);
    assert!(message.is_none() && problems[0].line == 4, "{problems:?}");
}

#[test]
fn labels_stand_for_encodings() {
    assert!(stands_for("UTF-8", Encoding::Utf8) && stands_for("utf-16", Encoding::Utf16Le));
    assert!(stands_for("Shift_JIS", Encoding::Cp932) && stands_for("Windows-31J", Encoding::Cp932));
    assert!(
        !stands_for("Shift_JIS", Encoding::Utf8)
            && !stands_for("Windows-31J", Encoding::ShiftJisX0208)
    );
}

#[test]
fn hostile_documents_end_the_reading() {
    let (message, _) = load(&[]);
    let message = message.expect("a message");
    let stop = |text: &str| message.schema.read(text, &message.limits).stop;
    assert!(matches!(
        stop("<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>"),
        Some(Stop::Doctype { at: 0 })
    ));
    assert!(matches!(
        stop("<a>&x;</a>"),
        Some(Stop::NotWellFormed { entity: true, .. })
    ));
    assert!(matches!(
        stop(&"<a>".repeat(100_000)),
        Some(Stop::Limit { max: 64, .. })
    ));
    let attributes: String = (0..101).map(|n| format!(" a{n}=\"\"")).collect();
    assert!(matches!(
        stop(&format!("<a{attributes}/>")),
        Some(Stop::Limit { .. })
    ));
    for text in [
        "",
        "<",
        "<a",
        "<a><b></a>",
        "<a/><b/>",
        "<a b='1' b='2'/>",
        "x",
        "<a>&#0;</a>",
        "<a>\u{1}</a>",
    ] {
        assert!(
            matches!(stop(text), Some(Stop::NotWellFormed { entity: false, .. })),
            "{text}"
        );
    }
}
