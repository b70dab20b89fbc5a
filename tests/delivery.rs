//! A delivery's list and whether it may go out; office files filled into workbooks of the user's own; the site in a browser.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::crowd::{crowded, decided};
use crate::harness::{Bench, Called, root};
use crate::looks::{available, succeeds};
use crate::register::bundle;
use crate::reports::{rewrite, strings};

fn report(bench: &Bench, bundles: &[&Path], more: &[&str]) -> Called {
    let paths: Vec<String> = bundles.iter().map(|b| b.display().to_string()).collect();
    let mut args = vec!["report"];
    args.extend(paths.iter().map(String::as_str));
    args.extend(more);
    bench.renkei(&args)
}

/// Writes a text into a blank cell.
fn put(book: &Path, cell: &str, text: &str) {
    rewrite(book, |name, part| {
        let open = format!("<c r=\"{cell}\"");
        let Some(at) = part.find(&open).filter(|_| name.ends_with("sheet1.xml")) else {
            return part.to_owned();
        };
        let end = at + part[at..].find("/>").expect("a blank cell");
        let tag = &part[at..end];
        format!(
            "{}{tag} t=\"inlineStr\"><is><t>{text}</t></is></c>{}",
            &part[..at],
            &part[end + 2..]
        )
    });
}

#[test]
fn a_delivery_goes_out_only_after_the_virus_check_of_these_very_bytes() {
    let bench = Bench::new();
    let run = bundle(&bench, 1, 0..3);
    report(
        &bench,
        &[&run],
        &["--format", "seika,getsuji,zuhyo,matrix", "--out", "out"],
    )
    .expect_code(0);
    let deliver = |last: bool, code: i32| {
        let args: &[&str] = if last {
            &["deliver", "out", "--final"]
        } else {
            &["deliver", "out"]
        };
        bench.renkei(args).expect_code(code).stdout
    };
    let list = bench.path().join("out/nouhin_ichiran.xlsx");
    let told = deliver(true, 3);
    assert_eq!(told.matches("納品一覧にありません").count(), 4, "{told}");
    deliver(false, 0);
    let told = deliver(true, 3);
    assert_eq!(told.matches("検疫の記入がありません").count(), 4, "{told}");
    // Every file says which run it was made from.
    let made_from = run.file_name().expect("a name").to_string_lossy();
    assert!(strings(&list).contains(&*made_from), "{}", strings(&list));
    for row in 2..=5 {
        put(&list, &format!("K{row}"), "検疫ソフト 12");
        put(&list, &format!("L{row}"), "2026-11-20");
        put(
            &list,
            &format!("M{row}"),
            if row == 2 { "きのう" } else { "2026-11-23" },
        );
    }
    let told = deliver(true, 3);
    assert!(
        told.contains("「きのう」") && told.contains("問題 1件"),
        "{told}"
    );
    rewrite(&list, |_, part| part.replace("きのう", "2026-11-23"));
    deliver(true, 0);
    // What people wrote stays when the list is made again; for bytes that changed the check is void.
    deliver(false, 0);
    deliver(true, 0);
    rewrite(&bench.path().join("out/matrix.xlsx"), |_, part| {
        part.replace("適合", "不適合")
    });
    assert!(deliver(true, 3).contains("matrix.xlsx  納品一覧を作った後に内容が変わりました"));
    deliver(false, 0);
    let told = deliver(true, 3);
    assert!(
        told.contains("matrix.xlsx  検疫の記入がありません") && told.contains("問題 1件"),
        "{told}"
    );
    // Without the workbook of source data no numbered table may go out; a broken file is seen.
    std::fs::remove_file(bench.path().join("out/zuhyo_motodata.xlsx")).expect("removed");
    let told = deliver(true, 3);
    assert!(told.contains("表4-1 の元データが"), "{told}");
    bench.write("out/seika.docx", b"PK\x03\x04 broken");
    bench.write("out/what?.txt", "x");
    let told = deliver(true, 3);
    for reason in ["ファイルがありません", "開けません", "使えない名前"] {
        assert!(told.contains(reason), "{reason}:\n{told}");
    }
    let english = bench
        .renkei(&["--lang", "en", "deliver", "out"])
        .expect_code(3)
        .stdout;
    assert!(english.contains("does not open"), "{english}");
}

#[test]
fn a_form_of_the_users_own_is_filled_below_its_headings() {
    let bench = Bench::new();
    let run = bundle(&bench, 1, 0..3);
    report(&bench, &[&run], &["--format", "matrix", "--out", "out"]).expect_code(0);
    // A form: the headings of our workbook without its rows, named.
    let form = bench.path().join("form.xlsx");
    std::fs::copy(bench.path().join("out/matrix.xlsx"), &form).expect("copied");
    let names = "<definedName name=\"matrix\">組合せと連携の判定!$A$1:$C$1</definedName>";
    rewrite(&form, |name, part| match name {
        "xl/worksheets/sheet1.xml" => {
            let (from, to) = (
                part.find("<row r=\"2\"").expect("a row"),
                part.find("</sheetData>").expect("the end"),
            );
            format!("{}{}", &part[..from], &part[to..])
        }
        "xl/workbook.xml" => part.replace("<definedNames>", &format!("<definedNames>{names}")),
        _ => part.to_owned(),
    });
    let filled = |template: &str, code: i32| {
        let template = format!("matrix={template}");
        report(
            &bench,
            &[&run],
            &[
                "--format",
                "matrix",
                "--out",
                "filled",
                "--template",
                &template,
            ],
        )
        .expect_code(code)
    };
    filled("form.xlsx", 0);
    let book = strings(&bench.path().join("filled/matrix.xlsx"));
    assert!(
        book.contains("<c r=\"A2\"") && book.contains("kita..minami"),
        "{book}"
    );
    assert!(
        !book.contains("<c r=\"H2\""),
        "only the named columns are filled"
    );
    let told = filled("out/matrix.xlsx", 2).stderr;
    assert!(
        told.contains("名前の定義") && told.contains("matrix"),
        "{told}"
    );
    bench.write("broken.xlsx", "no workbook");
    assert!(
        filled("broken.xlsx", 2).stderr.contains("xlsx"),
        "a broken file is told"
    );
    assert!(filled("nowhere.xlsx", 2).stderr.contains("nowhere.xlsx"));
    let asked = report(
        &bench,
        &[&run],
        &["--format", "matrix", "--template", "risk=form.xlsx"],
    )
    .expect_code(2);
    assert!(asked.stderr.contains("--format"), "{}", asked.stderr);
}

#[test]
fn the_site_of_many_runs_in_a_browser() {
    if !available("the_site_of_many_runs_in_a_browser", &["node", "chromium"]) {
        return;
    }
    let bench = Bench::new();
    let runs = crowded(&bench);
    let paths: Vec<&Path> = runs.iter().map(PathBuf::as_path).collect();
    decided(&bench, &runs);
    for lang in ["ja", "en"] {
        report(
            &bench,
            &paths,
            &[
                "--format",
                "site",
                "--out",
                lang,
                "--report-lang",
                lang,
                "--register",
                "reports/register.sqlite",
            ],
        )
        .expect_code(0);
    }
    // One page of each kind, and the largest of its kind; the crowded ones in one language suffice.
    let small = [
        "/vendors.html",
        "vendor-060",
        "K-0001",
        "/rules.html",
        "ambiguities",
        "trends",
        "period",
        "matrix",
        "pair-060",
        "20261103-100000-a/index",
        "20261103-100000-a/agreement",
        "20261103-100000-a/report",
        "20261103-100000-a/case-C-001",
    ];
    let large = [
        "/index.html",
        "/issues.html",
        "ENC-003",
        "pair-061",
        "case-C-001",
    ];
    let check = |lang: &str, pages: &[&str]| {
        succeeds(
            Command::new("node")
                .arg(root().join("tests/tools/site-check.mjs"))
                .arg(bench.path().join(lang))
                .arg("--")
                .args(pages),
        );
    };
    check("en", &small);
    check("ja", &[small.as_slice(), large.as_slice()].concat());
}

#[test]
fn from_an_issue_to_its_byte_by_links_alone() {
    let bench = Bench::new();
    bench.copy("sample-data/joint-test");
    bench
        .renkei(&["run", "joint-test/plan.toml", "--out", "runs"])
        .expect_code(1);
    let run = crate::reports::only_run(&bench.path().join("runs"));
    bench
        .renkei(&["issues", "sync", &run.display().to_string()])
        .expect_code(0);
    report(
        &bench,
        &[&run],
        &[
            "--format",
            "site",
            "--out",
            "site",
            "--register",
            "reports/register.sqlite",
        ],
    )
    .expect_code(0);
    let site = bench.path().join("site");
    let page = |path: &Path| {
        std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
    };
    let links = |text: &str| -> Vec<String> {
        text.split(" href=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .map(str::to_owned)
            .collect()
    };
    let mut traced = 0;
    for link in links(&page(&site.join("issues.html")))
        .iter()
        .filter(|l| l.starts_with("issues/K-"))
    {
        let issue = page(&site.join(link));
        let Some(case) = links(&issue)
            .into_iter()
            .find(|l| l.contains("/case-") && l.contains('#'))
        else {
            continue;
        };
        let (file, finding) = case.split_once('#').expect("a place");
        let case = page(&site.join("issues").join(file));
        let card = case
            .split_once(&format!("id=\"{finding}\""))
            .expect("the finding is in its case")
            .1;
        let card = card.split_once("</article>").expect("a card").0;
        let inside = links(card);
        let byte = inside.iter().find(|l| l.contains("-byte-"));
        let log = inside.iter().find(|l| l.starts_with("#LOG-"));
        for place in byte.iter().chain(log.iter()) {
            assert!(
                case.contains(&format!("id=\"{}\"", &place[1..])),
                "{link}: {place}"
            );
        }
        // From the exchange back to the finding.
        if let (Some(_), Some(log)) = (byte, log) {
            let row = case
                .split_once(&format!("<tr id=\"{}\"", &log[1..]))
                .expect("the exchange")
                .1;
            assert!(
                row.split_once("</tr>")
                    .expect("a row")
                    .0
                    .contains(&format!("#{finding}")),
                "{link}"
            );
            traced += 1;
        }
    }
    assert!(traced >= 5, "{traced}");
}
