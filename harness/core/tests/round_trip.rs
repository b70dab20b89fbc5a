//! The engine against every bundled layout: what `generate` makes passes in every encoding that can hold it and comes back
//! from its values byte for byte; what `mutate` breaks is found, under the code that it must have, and under no other.
#![expect(clippy::disallowed_methods, reason = "packs are files")]
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use proptest::prelude::*;
use renkei_core::check::{Policy, Sink};
use renkei_core::encoding::Encoding;
use renkei_core::generate::{Wish, generate, mutate, read, write};
use renkei_core::mask::Mask;
use renkei_core::model::Problems;
use renkei_core::scan::{self, InMemory, Job};
use renkei_core::spec::layout::{Date, FieldType, FileSettings, Form, Layout, Newline, Presence};
use renkei_core::spec::{Files, Library, Pack};

/// Encodings that the engine reads.
const ENCODINGS: &[Encoding] = &[
    Encoding::Utf8,
    Encoding::Cp932,
    Encoding::ShiftJisX0208,
    Encoding::ShiftJis2004,
    Encoding::EucJp,
    Encoding::JisX0201,
    Encoding::Utf16Le,
    Encoding::Utf16Be,
    Encoding::Iso2022Jp,
];

fn collect(root: &Path, folder: &Path, files: &mut Files) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            let name = path
                .strip_prefix(root)
                .unwrap()
                .to_string_lossy()
                .replace('\\', "/");
            files.insert(name, fs::read(&path).unwrap());
        }
    }
}

fn packs() -> Vec<Pack> {
    let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../specs");
    let mut files = Files::new();
    collect(&specs, &specs, &mut files);
    let library = Library::new(files);
    let mut problems = Problems::new();
    let packs: Vec<Pack> = library
        .coordinates()
        .iter()
        .map(|c| library.load(c, "test", &mut problems).unwrap())
        .collect();
    assert_eq!(problems, []);
    packs
}

fn as_of() -> Date {
    Date::new(2026, 11, 1).unwrap()
}

fn raised(
    pack: &Pack,
    layout: &Layout,
    settings: &FileSettings,
    bytes: &[u8],
) -> Vec<(String, String)> {
    let mut sink = Sink::new(Policy::default());
    let job = Job {
        layout,
        settings,
        code_lists: &pack.code_lists,
        file_name: "generated",
        mask: Mask::default(),
        as_of: as_of(),
        threads: 1,
        scratch: &InMemory,
        occurrences: None,
    };
    scan::check(job, bytes, &mut sink).unwrap();
    let findings = sink.into_findings();
    let told = |f: &renkei_core::model::Finding| {
        (
            f.rule.clone(),
            format!("{} {:?} {}", f.message.ja, f.location.field, f.observed),
        )
    };
    findings.iter().map(told).collect()
}

/// The settings of a layout in an encoding; nothing when the layout's own lengths cannot hold there.
fn in_encoding(layout: &Layout, encoding: Encoding) -> Option<FileSettings> {
    let mut settings = layout.file.clone();
    settings.encoding = encoding;
    // A fixed record of one-byte characters has another length in UTF-8 and EUC-JP: half-width kana take more bytes there.
    let narrow = matches!(
        encoding,
        Encoding::Cp932 | Encoding::ShiftJisX0208 | Encoding::ShiftJis2004 | Encoding::JisX0201
    );
    let fits = match layout.form {
        Form::Fixed { .. } => narrow || layout.file.encoding == encoding,
        Form::Delimited => encoding != Encoding::JisX0201,
    };
    // JIS X 0201 holds no full-width character.
    let mut fields = layout.kinds.iter().flat_map(|k| &k.fields);
    let wide = fields.any(|f| f.kind == FieldType::N);
    (fits && !(wide && encoding == Encoding::JisX0201)).then_some(settings)
}

fn makes_and_reads(records: usize, seed: u64) {
    for pack in packs() {
        for layout in pack.layouts.values() {
            for encoding in ENCODINGS {
                let Some(settings) = in_encoding(layout, *encoding) else {
                    continue;
                };
                let name = format!(
                    "{}/{} {} seed {seed}",
                    pack.head.id,
                    layout.id,
                    encoding.name()
                );
                let wish = Wish {
                    layout,
                    settings: &settings,
                    code_lists: &pack.code_lists,
                    records,
                    seed,
                    as_of: as_of(),
                };
                let made = generate(&wish).unwrap_or_else(|e| panic!("{name}: {e:?}"));
                let bytes =
                    write(layout, &settings, &made).unwrap_or_else(|e| panic!("{name}: {e:?}"));
                assert_eq!(
                    raised(&pack, layout, &settings, &bytes),
                    [],
                    "{name}\n{}",
                    String::from_utf8_lossy(&bytes)
                );
                let values =
                    read(layout, &settings, &bytes).unwrap_or_else(|e| panic!("{name}: {e:?}"));
                assert_eq!(values.len(), made.len(), "{name}");
                let again =
                    write(layout, &settings, &values).unwrap_or_else(|e| panic!("{name}: {e:?}"));
                assert!(again == bytes, "{name}: written again, the bytes differ");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]
    #[test]
    fn what_is_made_passes_and_comes_back_byte_for_byte(records in 1usize..40, seed in any::<u64>()) {
        makes_and_reads(records, seed);
    }
}

#[test]
fn the_same_seed_gives_the_same_file() {
    for pack in packs() {
        for layout in pack.layouts.values() {
            let file = |seed| {
                let wish = Wish {
                    layout,
                    settings: &layout.file,
                    code_lists: &pack.code_lists,
                    records: 20,
                    seed,
                    as_of: as_of(),
                };
                write(layout, &layout.file, &generate(&wish).unwrap()).unwrap()
            };
            assert_eq!(file(7), file(7));
            assert_ne!(file(7), file(8), "{}", layout.id);
        }
    }
}

#[test]
fn samples_that_pass_come_back_byte_for_byte_where_their_form_is_the_only_one() {
    let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../specs");
    let mut compared = 0;
    for pack in packs() {
        for (id, layout) in &pack.layouts {
            let folder = specs
                .join(&pack.head.id)
                .join(&pack.head.version)
                .join("layouts")
                .join(id)
                .join("samples");
            for sample in fs::read_dir(&folder).into_iter().flatten().flatten() {
                let name = sample.file_name().to_string_lossy().into_owned();
                // A quoted field may be written without quotes: two forms of one value.
                let several = layout.file.bom == Presence::Allow
                    || layout.file.newline == Newline::Any
                    || layout.file.eof_mark == Presence::Allow
                        && fs::read(sample.path()).unwrap().ends_with(b"\x1A");
                if !name.starts_with("pass-") || name.contains("quoted") || several {
                    continue;
                }
                let bytes = fs::read(sample.path()).unwrap();
                let values = read(layout, &layout.file, &bytes).unwrap();
                assert!(
                    write(layout, &layout.file, &values).unwrap() == bytes,
                    "{name}"
                );
                compared += 1;
            }
        }
    }
    assert!(compared >= 5, "{compared}");
}

#[test]
fn every_defect_is_found_under_its_own_code() {
    let (mut codes, mut wrong, mut count) = (BTreeSet::new(), Vec::new(), 0);
    for pack in packs() {
        for layout in pack.layouts.values() {
            for encoding in ENCODINGS {
                let Some(settings) = in_encoding(layout, *encoding) else {
                    continue;
                };
                let wish = Wish {
                    layout,
                    settings: &settings,
                    code_lists: &pack.code_lists,
                    records: 30,
                    seed: 11,
                    as_of: as_of(),
                };
                let bytes = write(layout, &settings, &generate(&wish).unwrap()).unwrap();
                for mutant in mutate(layout, &settings, &pack.code_lists, &bytes).unwrap() {
                    count += 1;
                    let found = raised(&pack, layout, &settings, &mutant.bytes);
                    let others = found.iter().any(|(rule, _)| {
                        rule != mutant.rule && !mutant.also.contains(&rule.as_str())
                    });
                    if others || !found.iter().any(|(rule, _)| rule == mutant.rule) {
                        wrong.push(format!(
                            "{} {} {} {}: {found:?}",
                            layout.id,
                            encoding.name(),
                            mutant.rule,
                            mutant.what
                        ));
                    }
                    codes.insert(mutant.rule);
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {count}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(codes.len() >= 18, "{codes:?}");
}

/// Groups with numbers that begin anew, sorted details, a repeated part with a count, control totals: all in one layout.
fn orders(form: &str, head: &str, columns: &str) {
    let head = format!(
        "id = \"o\"\ntitle = {{ ja = \"例\", en = \"e\" }}\n{form}\nsequence = \"(H D+ T)+ E\"\n{head}\n\
         [[kind]]\nid = \"H\"\ntitle = {{ ja = \"頭\", en = \"h\" }}\nMARK\nvalue = \"1\"\n\
         [[kind]]\nid = \"D\"\ntitle = {{ ja = \"明細\", en = \"d\" }}\nMARK\nvalue = \"2\"\n\
         [[kind]]\nid = \"T\"\ntitle = {{ ja = \"計\", en = \"t\" }}\nMARK\nvalue = \"8\"\n\
         [[kind]]\nid = \"E\"\ntitle = {{ ja = \"末\", en = \"e\" }}\nMARK\nvalue = \"9\"\n\
         [[repeat]]\nkind = \"D\"\nfields = [\"tsuki\", \"gaku\"]\ntimes = 3\nREPEAT\n\
         [[number]]\nfields = [\"D.bango\"]\nper = \"group\"\n\
         [[sort]]\nfields = [\"D.shi\", \"-D.ritsu\"]\nper = \"group\"\n\
         [[total]]\nkind = \"T\"\nfield = \"kensu\"\ncounts = \"D\"\n"
    );
    let fixed = form.contains("fixed");
    let head = head
        .replace(
            "MARK",
            if fixed {
                "start = 1"
            } else {
                "field = \"kubun\""
            },
        )
        .replace("REPEAT", if fixed { "count = \"kaisu\"" } else { "" });
    let mut problems = Problems::new();
    let layout = Layout::load(
        &head,
        columns.as_bytes(),
        ("layout", "fields"),
        &mut problems,
    );
    assert_eq!(problems, []);
    let layout = layout.unwrap();
    let pack = packs().remove(0);
    let (mut groups, mut used) = (0, BTreeSet::new());
    for seed in 0..20 {
        let wish = Wish {
            layout: &layout,
            settings: &layout.file,
            code_lists: &pack.code_lists,
            records: 60,
            seed,
            as_of: as_of(),
        };
        let made = generate(&wish).unwrap();
        groups += made.iter().filter(|r| r.kind == 0).count();
        let details = made.iter().filter(|r| r.kind == 1);
        used.extend(details.map(|r| r.values.iter().filter(|v| !v.is_empty()).count()));
        let bytes = write(&layout, &layout.file, &made).unwrap();
        let shown = String::from_utf8_lossy(&bytes);
        assert_eq!(
            raised(&pack, &layout, &layout.file, &bytes),
            [],
            "{seed}\n{shown}"
        );
        let values = read(&layout, &layout.file, &bytes).unwrap();
        assert!(write(&layout, &layout.file, &values).unwrap() == bytes);
        for mutant in mutate(&layout, &layout.file, &pack.code_lists, &bytes).unwrap() {
            let found = raised(&pack, &layout, &layout.file, &mutant.bytes);
            let own = found.iter().any(|(rule, _)| rule == mutant.rule);
            assert!(own, "{} {}: {found:?}", mutant.rule, mutant.what);
        }
    }
    assert!(groups > 40, "{groups} groups");
    assert!(
        used.len() > 1 || !fixed,
        "the repeated part is used in full each time"
    );
}

#[test]
fn sorted_groups_with_numbers_and_repeats_are_made_and_read() {
    orders(
        "form = \"fixed\"\nrecord_length = 30",
        "[file]\nencoding = \"cp932\"\nlength_unit = \"bytes\"\nempty = \"spaces\"\n",
        "kind,no,name,roman,type,length,output,start,width,pad\n\
         H,1,区分,kubun,9,1,required,1,1,\nH,2,余白,yohaku,DUMMY,,optional,2,29,\n\
         D,1,区分,kubun,9,1,required,1,1,\nD,2,番号,bango,9,4,required,2,4,left-zero\n\
         D,3,市,shi,N,6,required,6,6,right-space\nD,4,率,ritsu,9,3,required,12,3,left-zero\n\
         D,5,回数,kaisu,9,1,required,15,1,\nD,6,月,tsuki,9,2,required,16,2,left-zero\n\
         D,7,額,gaku,9,3,required,18,3,left-zero\n\
         T,1,区分,kubun,9,1,required,1,1,\nT,2,件数,kensu,9,6,required,2,6,left-zero\n\
         T,3,余白,yohaku,DUMMY,,optional,8,23,\n\
         E,1,区分,kubun,9,1,required,1,1,\nE,2,余白,yohaku,DUMMY,,optional,2,29,\n",
    );
    orders(
        "form = \"delimited\"",
        "[file]\nencoding = \"utf-8\"\n",
        "kind,no,name,roman,type,length,output\n\
         H,1,区分,kubun,9,1,required\nD,1,区分,kubun,9,1,required\nD,2,番号,bango,9,4,required\n\
         D,3,市,shi,N,6,required\nD,4,率,ritsu,9V,\"2,2\",required\nD,5,月,tsuki,9,2,required\n\
         D,6,額,gaku,9,3,required\nT,1,区分,kubun,9,1,required\nT,2,件数,kensu,9,6,required\n\
         E,1,区分,kubun,9,1,required\n",
    );
}

#[test]
fn alternatives_that_share_a_place_are_made_and_read() {
    let head = "id = \"a\"\ntitle = { ja = \"例\", en = \"e\" }\nform = \"fixed\"\nrecord_length = 11\n\
                [file]\nencoding = \"cp932\"\nlength_unit = \"bytes\"\nempty = \"spaces\"\n";
    let fields = "no,name,roman,type,length,code,output,start,width,when\n1,表示,hyoji,X,1,yn,required,1,1,\n\
                  2,全部,zenbu,9,10,,required,2,10,hyoji = Y\n3,前,mae,9,5,,required,2,5,hyoji != Y\n\
                  4,後,ato,9,5,,required,7,5,hyoji != Y\n";
    let mut problems = Problems::new();
    let layout = Layout::load(head, fields.as_bytes(), ("layout", "fields"), &mut problems);
    assert_eq!(problems, []);
    let layout = layout.unwrap();
    let codes =
        renkei_core::spec::CodeList::load(b"value,name_ja\nY,a\nN,b\n", "yn", &mut problems);
    let code_lists = std::collections::BTreeMap::from([("yn".to_owned(), codes)]);
    let pack = Pack {
        code_lists: code_lists.clone(),
        ..packs().remove(0)
    };
    let wish = Wish {
        layout: &layout,
        settings: &layout.file,
        code_lists: &code_lists,
        records: 30,
        seed: 3,
        as_of: as_of(),
    };
    let made = generate(&wish).unwrap();
    let filled = |at: usize| made.iter().filter(|r| !r.values[at].is_empty()).count();
    assert!(filled(1) > 0 && filled(2) > 0, "both forms occur");
    assert_eq!((filled(1) + filled(2), filled(2)), (30, filled(3)));
    let bytes = write(&layout, &layout.file, &made).unwrap();
    assert_eq!(raised(&pack, &layout, &layout.file, &bytes), []);
    assert!(
        write(
            &layout,
            &layout.file,
            &read(&layout, &layout.file, &bytes).unwrap()
        )
        .unwrap()
            == bytes
    );
}

/// One layout in a form that vendors use and no bundled pack has: what is made passes and comes back byte for byte.
fn comes_back(name: &str, layout: &str, fields: &str) {
    let head = format!("id = \"o\"\ntitle = {{ ja = \"例\", en = \"e\" }}\n{layout}");
    let mut problems = Problems::new();
    let layout = Layout::load(
        &head,
        fields.as_bytes(),
        ("layout", "fields"),
        &mut problems,
    );
    assert_eq!(problems, [], "{name}");
    let layout = layout.unwrap();
    let pack = packs().remove(0);
    for seed in 0..4 {
        let wish = Wish {
            layout: &layout,
            settings: &layout.file,
            code_lists: &pack.code_lists,
            records: 9,
            seed,
            as_of: as_of(),
        };
        let made = generate(&wish).unwrap_or_else(|e| panic!("{name}: {e:?}"));
        let bytes = write(&layout, &layout.file, &made).unwrap();
        assert_eq!(raised(&pack, &layout, &layout.file, &bytes), [], "{name}");
        let values = read(&layout, &layout.file, &bytes).unwrap();
        assert_eq!(values.len(), made.len(), "{name}");
        assert!(
            write(&layout, &layout.file, &values).unwrap() == bytes,
            "{name}"
        );
        for mutant in mutate(&layout, &layout.file, &pack.code_lists, &bytes).unwrap() {
            let found = raised(&pack, &layout, &layout.file, &mutant.bytes);
            let own = found.iter().any(|(rule, _)| rule == mutant.rule);
            assert!(own, "{name} {} {}: {found:?}", mutant.rule, mutant.what);
        }
    }
}

#[test]
fn forms_that_no_bundled_pack_has_are_made_and_read() {
    let rows = "no,name,roman,type,length,output\n1,番号,bango,X,6,required\n2,氏名,shimei,N,20,required\n\
                3,額,gaku,9,7,optional\n4,日,hi,DATE,10,required\n";
    for file in [
        "encoding = \"utf-16le\"\nbom = \"require\"\neof_mark = \"require\"\ndelimiter = \"tab\"\nheader = \"names\"",
        "encoding = \"utf-16be\"\nnewline = \"lf\"\nquoting = \"always\"\nempty = \"quoted\"",
        "encoding = \"iso-2022-jp\"\nquoting = \"kokuho\"\nnewline = \"cr\"",
        "encoding = \"euc-jp\"\ndelimiter = \";\"\nfinal_newline = \"forbid\"\neof_mark = \"allow\"",
        "encoding = \"shift_jis-2004\"\nnewline = \"any\"\nheader = \"roman\"",
    ] {
        let head = format!("form = \"delimited\"\n[file]\n{file}\n");
        comes_back(file, &head, rows);
    }
    let bytes = "no,name,roman,type,length,output,start,width,pad\n1,番号,bango,9,12,required,1,12,left-zero\n\
                 2,氏名,shimei,N,20,required,13,20,right-space\n3,余白,yohaku,DUMMY,4,required,33,4,\n\
                 4,和暦,wareki,WAREKI,14,required,37,14,none\n";
    let chars = "no,name,roman,type,length,output,start,width,pad\n1,番号,bango,9,6,required,1,6,left-zero\n\
                 2,氏名,shimei,N,10,required,7,10,right-space\n3,カナ,kana,C,10,optional,17,10,right-space\n";
    for (file, newline) in [
        ("utf-16le", "crlf"),
        ("utf-16be", "none"),
        ("utf-16le", "any"),
    ] {
        let head = format!(
            "form = \"fixed\"\nrecord_length = 50\n[file]\nencoding = \"{file}\"\nlength_unit = \"bytes\"\nempty = \"spaces\"\nnewline = \"{newline}\"\n"
        );
        comes_back(file, &head, bytes);
    }
    for (file, newline) in [
        ("cp932", "crlf"),
        ("utf-8", "none"),
        ("euc-jp", "lf"),
        ("utf-16be", "cr"),
    ] {
        let head = format!(
            "form = \"fixed\"\nrecord_length = 26\nwidth_unit = \"chars\"\n[file]\nencoding = \"{file}\"\nlength_unit = \"chars\"\nempty = \"spaces\"\nnewline = \"{newline}\"\n"
        );
        comes_back(file, &head, chars);
    }
    // Kana whose bytes are UTF-8 by chance in every record.
    comes_back(
        "jisx0201",
        "form = \"fixed\"\nrecord_length = 6\n[file]\nencoding = \"jisx0201\"\nlength_unit = \"bytes\"\nempty = \"spaces\"\n",
        "no,name,roman,type,length,output,start,width,pad\n1,番号,bango,9,4,required,1,4,left-zero\n\
         2,カナ,kana,C,2,required,5,2,right-space\n",
    );
}
