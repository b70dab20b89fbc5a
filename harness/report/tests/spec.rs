//! Specifications as workbooks and pages: the rules for machine-readable tables, a page that loads nothing.
#![allow(
    clippy::unwrap_used,
    reason = "a test stops where its document is not as expected"
)]

mod xlsx_lint;

use std::path::Path;

use renkei_core::compare::{Side, compare};
use renkei_core::model::{Lang, Problems};
use renkei_core::spec::{Files, Pack};
use renkei_report::{spec_diff, spec_show};

fn pack(folder: &str) -> Pack {
    fn read(root: &Path, folder: &Path, files: &mut Files) {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                read(root, &path, files);
            } else {
                let name = path
                    .strip_prefix(root)
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .to_owned();
                files.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../specs")
        .join(folder);
    let (mut files, mut problems) = (Files::new(), Problems::new());
    read(&root, &root, &mut files);
    Pack::load(&files, folder, &mut problems).unwrap()
}

#[test]
fn workbooks_follow_the_rules_for_machine_readable_tables() {
    let (items, api, zengin) = (
        pack("jutogai-031/2023-09-29"),
        pack("jutogai-fuban-api/2.0"),
        pack("zengin/1"),
    );
    let (old, new) = (
        Side {
            pack: &items,
            part: "",
        },
        Side {
            pack: &api,
            part: "",
        },
    );
    let books = [
        spec_diff::xlsx(old, new, &compare(old, new)).unwrap(),
        spec_show::layout_workbook(&items, &items.layouts["atena-kihon"]).unwrap(),
        spec_show::layout_workbook(&zengin, &zengin.layouts["koza-furikae"]).unwrap(),
        spec_show::api_workbook(&api, &api.apis["fuban"]).unwrap(),
    ];
    for book in books {
        assert_eq!(xlsx_lint::lint(&book), Vec::<String>::new());
    }
}

#[test]
fn pages_load_nothing_and_have_every_target() {
    let (items, api) = (
        pack("jutogai-031/2023-09-29"),
        pack("jutogai-fuban-api/2.0"),
    );
    for lang in [Lang::Ja, Lang::En] {
        let sheets = [
            spec_show::layout(&items, "atena-kihon", &[], lang).unwrap(),
            spec_show::api(&api, "fuban", &[], lang).unwrap(),
        ];
        for sheet in sheets {
            let page = String::from_utf8(spec_show::page(&sheet, lang).unwrap()).unwrap();
            assert!(!page.contains("<script") && !page.contains("src="));
            for target in page
                .split("href=\"#")
                .skip(1)
                .map(|rest| rest.split('"').next().unwrap())
            {
                assert_eq!(
                    page.matches(&format!(" id=\"{target}\"")).count(),
                    1,
                    "{target}"
                );
            }
        }
    }
}
