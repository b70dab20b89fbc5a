//! Workbooks and documents of an agreement: the rules for machine-readable tables hold, the document is sound.
#![allow(
    clippy::unwrap_used,
    reason = "a test stops where its document is not as expected"
)]

mod docx_lint;
mod xlsx_lint;

use renkei_core::agreement::{Negotiated, Profile, Sides, join};
use renkei_core::model::Problems;
use renkei_core::spec::{Catalogue, Files};
use renkei_report::{Record, Sheet, SheetRow, agreement_document, record_workbook, sheet_workbook};

fn catalogue() -> Catalogue {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../specs/linkage-items/1");
    let mut files = Files::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        files.insert(name, std::fs::read(entry.path()).unwrap());
    }
    let mut problems = Problems::new();
    let catalogue = Catalogue::load(&files, "linkage-items", &mut problems);
    assert_eq!(problems, []);
    catalogue
}

fn profile(newline: &str) -> Profile {
    let text = format!(
        "schema = \"renkei.profile/v1\"\nname = {{ ja = \"A社　住登外\", en = \"A\" }}\n\
         system = {{ kind = \"standard\", product = \"製品\", version = \"1.0\" }}\n\
         [[answer]]\nitem = \"F03\"\nvalues = [{newline}]\nsource = \"設定書 1、2、3\n改行\"\n\
         [[answer]]\nitem = \"F06\"\nvalues = [\",\"]\n\
         [[answer]]\nitem = \"C05\"\nvalues = [\"〓\"]\nlinkage = \"L-01\"\n"
    )
    .replace("\n改行", "\\n改行");
    let mut problems = Problems::new();
    let profile = Profile::load("a.toml", text.as_bytes(), &mut problems);
    assert_eq!(problems, []);
    profile.unwrap()
}

#[test]
fn the_files_follow_the_rules() {
    let catalogue = catalogue();
    let (a, b) = (profile("\"lf\", \"crlf\""), profile("\"crlf\""));
    let sides = Sides {
        linkage: "",
        exchange: "",
        provider: ("a", &a),
        consumer: ("b", &b),
        method: "both",
        form: "",
        negotiated: None,
    };
    let settled = join(&catalogue, sides);
    let rows = catalogue.items.iter().map(|item| SheetRow {
        item,
        linkage: "",
        exchange: "",
        own: a.answer(&item.id, "", ""),
        other: b.answer(&item.id, "", ""),
        settled: settled.iter().find(|s| s.item.id == item.id),
    });
    let sheet = Sheet {
        catalogue: &catalogue,
        rows: rows.collect(),
        about: vec![("書き出した日", "2026-11-22".to_owned())],
    };
    let faults = xlsx_lint::lint(&sheet_workbook(&sheet).unwrap());
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let products = ["p", "q"].map(|p| (p.to_owned(), "1".to_owned()));
    let first = Negotiated::of(&settled, None, "2026-11-22", ["p 1".into(), "q 1".into()]);
    let mut last = first.clone();
    last.decisions.retain(|d| d.item != "F03");
    let record = Record {
        record: &first,
        last: Some(&last),
        settled: &settled,
        catalogue: &catalogue,
        names: ["A社", "B社"],
        products: &products,
        packs: "linkage-items",
    };
    let faults = xlsx_lint::lint(&record_workbook(&record).unwrap());
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let faults = docx_lint::lint(&agreement_document(&record).unwrap());
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
