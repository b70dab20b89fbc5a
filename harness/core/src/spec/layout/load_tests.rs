use super::*;
use crate::model::Lang;
use crate::model::Level;
use crate::spec::layout::{Discriminator, Form, Output, Place, TotalOf};

const ZENGIN: &str = r#"
id = "z"
title = { ja = "口座振替", en = "Direct debit" }
form = "fixed"
record_length = 10
sequence = "(H D* T)+ E"
[file]
encoding = "jisx0201"
newline = "none"
[[kind]]
id = "H"
title = { ja = "ヘッダ", en = "Header" }
start = 1
value = "1"
[[kind]]
id = "D"
title = { ja = "データ", en = "Data" }
start = 1
value = "2"
[[kind]]
id = "T"
title = { ja = "トレーラ", en = "Trailer" }
start = 1
value = "8"
[[kind]]
id = "E"
title = { ja = "エンド", en = "End" }
start = 1
value = "9"
[[total]]
kind = "T"
field = "kensu"
counts = "D"
when = "kekka = 0"
[[total]]
kind = "T"
field = "kingaku"
sums = "D.kingaku"
[levels]
"VAL-010" = "notice"
"#;

const FIELDS: &str = "kind,no,name,roman,type,start,width,output,condition\n\
H,1,区分,kubun,9,1,1,required,\nH,2,名,mei,C,2,9,,\n\
D,1,区分,kubun,9,1,1,required,\nD,2,金額,kingaku,9,2,8,,\nD,3,結果,kekka,9,10,1,conditional,kingaku > 0\n\
T,1,区分,kubun,9,1,1,,\nT,2,件数,kensu,9,2,4,,\nT,3,金額,kingaku,9,6,5,,\n\
E,1,区分,kubun,9,1,1,,\nE,2,予備,yobi,DUMMY,2,9,,\n";

#[test]
fn kinds_totals_and_levels_are_read() {
    let mut problems = Problems::new();
    let layout = Layout::load(
        ZENGIN,
        FIELDS.as_bytes(),
        ("layout.toml", "fields.csv"),
        &mut problems,
    );
    assert_eq!(problems, []);
    let layout = layout.expect("no problems");
    assert_eq!(layout.form, Form::Fixed { record_length: 10 });
    assert_eq!(layout.totals.len(), 2);
    assert_eq!(layout.totals[1].of, TotalOf::Sum(1, 1));
    assert_eq!(layout.levels.get("VAL-010"), Some(&Level::Notice));
    assert_eq!(layout.field_name(1, 2), "D.kekka");
    assert!(matches!(
        layout.kinds[1].fields[2].output,
        Output::Conditional(Some(_), _)
    ));
    assert_eq!(
        layout.kinds[1].discriminator,
        Some(Discriminator {
            place: Place::Byte(0),
            value: "2".into()
        })
    );
}

#[test]
fn every_mistake_is_told_at_its_place() {
    let toml = "id = \"x\"\ntitel = 1\ntitle = \"a\"\nform = \"delimited\"\nsequence = \"(A\"\n[file]\nencoding = \"shift_jis\"\nnewlines = \"lf\"\nquoting = \"often\"\n[[unique]]\nfields = [\"nope\"]\n[[rule]]\nid = \"r\"\nthen = \"a = \"\n[levels]\n\"VAL-001\" = \"fatal\"\n";
    let csv = "no,name,roman,type,length,output,condition,pad\n1,あ,a,Z,x,required,,\n2,い,b,X,5,conditional,c = 1,middle\n3,う,b,X,0,,,\n";
    let mut problems = Problems::new();
    assert!(
        Layout::load(
            toml,
            csv.as_bytes(),
            ("layout.toml", "fields.csv"),
            &mut problems
        )
        .is_none()
    );
    let shown: Vec<_> = problems.iter().map(|p| p.show(Lang::Ja)).collect();
    insta::assert_snapshot!(shown.join("\n"));
}

#[test]
fn broken_documents_are_problems() {
    for toml in [
        "",
        "id = ",
        "[[kind]]\n[[kind",
        "form = \"fixed\"\nid=\"x\"\ntitle={ja=\"a\",en=\"b\"}",
    ] {
        let mut problems = Problems::new();
        assert!(
            Layout::load(toml, b"", ("l", "f"), &mut problems).is_none(),
            "{toml}"
        );
        assert!(!problems.is_empty());
    }
    let mut problems = Problems::new();
    assert!(Layout::load(ZENGIN, b"no,name\n\xFF", ("l", "f"), &mut problems).is_none());
    assert!(problems.iter().any(|p| p.file == "f"));
}
