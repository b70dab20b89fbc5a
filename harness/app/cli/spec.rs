//! `renkei spec`: what packs there are, and a layout as a table.

pub(super) mod import;

use std::path::PathBuf;

use renkei_core::model::{Bilingual, Lang, Problems, exit};
use renkei_core::spec::layout::{Field, Form, Output};
use renkei_core::spec::{Layout, Library};
use renkei_report::text::columns;

use super::args::SpecAction;
use crate::trouble::Trouble;
use crate::{packs, screen};

pub(super) fn run(action: &SpecAction, folders: &[PathBuf], lang: Lang) -> Result<u8, Trouble> {
    if let SpecAction::Import(args) = action {
        return import::run(args, lang);
    }
    let mut problems = Problems::new();
    let library = Library::new(packs::library(folders, &mut problems));
    let text = match action {
        SpecAction::Lint(args) => return super::spec_lint::run(args, &library, problems, lang),
        SpecAction::Coverage(args) => {
            return super::spec_coverage::run(args, &library, problems, lang);
        }
        SpecAction::List => super::spec_list::list(&library, folders, lang, &mut problems),
        SpecAction::Show { layout } => show(&library, layout, lang, &mut problems),
        SpecAction::Import(_) => String::new(),
    };
    if !problems.is_empty() {
        return Err(Trouble::Inputs(problems));
    }
    screen::result(&text)?;
    Ok(exit::PASSED)
}

fn show(library: &Library, reference: &str, lang: Lang, problems: &mut Problems) -> String {
    let Some((pack, layout)) =
        super::check::find_layout(library, reference, "renkei spec show", problems)
    else {
        return String::new();
    };
    let Some(layout) = pack.layouts.get(&layout) else {
        return String::new();
    };
    format!(
        "{} {}\n{}\n\n{}",
        pack.head.id,
        pack.head.version,
        layout.title.get(lang),
        fields(layout, lang)
    )
}

fn fields(layout: &Layout, lang: Lang) -> String {
    let headings = Bilingual::new(
        "種別,項番,項目名,ローマ字,型,桁数,位置,出力",
        "kind,no,item,roman,type,length,bytes,output",
    );
    let mut rows = vec![
        headings
            .get(lang)
            .split(',')
            .map(str::to_owned)
            .collect::<Vec<_>>(),
    ];
    for kind in &layout.kinds {
        for field in &kind.fields {
            rows.push(row(&kind.id, field, layout.form, lang));
        }
    }
    columns(&rows)
}

fn row(kind: &str, field: &Field, form: Form, lang: Lang) -> Vec<String> {
    let length = field
        .length
        .map_or(String::new(), |length| match field.fraction {
            0 => length.to_string(),
            fraction => format!("{length},{fraction}"),
        });
    let bytes = match form {
        Form::Fixed { .. } => format!("{}-{}", field.start + 1, field.start + field.width),
        Form::Delimited => String::new(),
    };
    let output = match field.output {
        Output::Required => Bilingual::new("必須", "required"),
        Output::Conditional(..) => Bilingual::new("条件付き必須", "conditional"),
        Output::Optional => Bilingual::new("任意", "optional"),
    };
    vec![
        kind.to_owned(),
        field.no.to_string(),
        field.name.clone(),
        field.roman.clone(),
        field.kind.name().to_owned(),
        length,
        bytes,
        output.get(lang).to_owned(),
    ]
}
