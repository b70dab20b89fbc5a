use renkei_core::compare::{conditions, format, pad};
use renkei_core::model::Lang;
use renkei_core::spec::layout::{Field, FileSettings, Form, Kind, Place};
use renkei_core::spec::{Layout, Pack};

use super::{Section, need, pick};
use crate::spec_export::{length, output};

/// Bytes in one line of the ruler.
const RULER_WIDTH: usize = 60;

pub(super) fn sections(pack: &Pack, layout: &Layout, lang: Lang) -> Vec<Section> {
    let mut out = vec![settings(layout, lang), kinds(layout, lang)];
    let several = layout.kinds.len() > 1;
    for kind in &layout.kinds {
        out.push(fields(layout, kind, several, lang));
    }
    out.push(between(layout, lang));
    out.push(codes(pack, layout, lang));
    out
}

fn settings(layout: &Layout, lang: Lang) -> Section {
    let shown = |value: String| {
        if value.is_empty() {
            "-".to_owned()
        } else {
            value
        }
    };
    let mut rows = Vec::new();
    if let Form::Fixed { record_length } = layout.form {
        let source = pick(lang, "様式", "layout");
        rows.push(vec![
            "record_length".to_owned(),
            record_length.to_string(),
            source,
        ]);
    }
    rows.extend(FileSettings::keys_of(layout.form).map(|key| {
        let basis = layout.file.basis(key).name().get(lang).to_owned();
        vec![key.to_owned(), shown(layout.file.word(key)), basis]
    }));
    let heads = pick(lang, "設定,値,決めたところ", "setting,value,decided by");
    Section::new(
        "settings",
        &pick(lang, "ファイルの設定", "File settings"),
        &heads,
        rows,
    )
}

fn kinds(layout: &Layout, lang: Lang) -> Section {
    let named = layout
        .kinds
        .iter()
        .enumerate()
        .filter(|(_, kind)| !kind.id.is_empty());
    let mut rows: Vec<Vec<String>> = named
        .map(|(index, kind)| {
            let known = kind.discriminator.as_ref().map(|mark| match mark.place {
                Place::Byte(at) => format!(
                    "{} {} = {}",
                    pick(lang, "バイト", "byte"),
                    at + 1,
                    mark.value
                ),
                Place::Field(at) => format!("{} = {}", layout.field_name(index, at), mark.value),
            });
            vec![
                kind.id.clone(),
                kind.title.get(lang).to_owned(),
                known.unwrap_or_default(),
            ]
        })
        .collect();
    if let Some(sequence) = &layout.sequence {
        rows.push(vec![
            pick(lang, "順序", "sequence"),
            sequence.text.clone(),
            String::new(),
        ]);
    }
    let heads = pick(lang, "種別,名前,見分け方", "kind,title,known by");
    Section::new(
        "kinds",
        &pick(lang, "レコード種別", "Record kinds"),
        &heads,
        rows,
    )
}

fn fields(layout: &Layout, kind: &Kind, several: bool, lang: Lang) -> Section {
    let fixed = matches!(layout.form, Form::Fixed { .. });
    let title = pick(lang, "項目", "Fields");
    let title = if several {
        format!("{title} {} {}", kind.id, kind.title.get(lang))
    } else {
        title
    };
    let heads = if fixed {
        pick(
            lang,
            "項番,項目名,ローマ字,始,終,幅,型,桁数,出力,キー,コード,詰め方,固定値,備考",
            "no,item,roman,start,end,width,type,length,output,key,code,padding,fixed,note",
        )
    } else {
        pick(
            lang,
            "項番,項目名,ローマ字,型,桁数,出力,条件,キー,コード,繰返し,書式,項目ID,備考",
            "no,item,roman,type,length,output,condition,key,code,repeat,form,item id,note",
        )
    };
    let rows = kind.fields.iter().map(|field| {
        if fixed {
            fixed_row(field, lang)
        } else {
            row(field, lang)
        }
    });
    let mut section = Section::new(
        &format!("fields-{}", kind.id),
        &title,
        &heads,
        rows.collect(),
    );
    if fixed {
        section.ruler = ruler(&kind.fields);
    }
    section
}

/// What holds between fields, records and files, and levels that differ from the rules' own.
fn between(layout: &Layout, lang: Lang) -> Section {
    let mut rows: Vec<Vec<String>> = conditions(layout)
        .into_iter()
        .map(|(what, text)| vec![what, text])
        .collect();
    let levels = layout.levels.iter();
    rows.extend(levels.map(|(code, level)| vec![code.clone(), level.as_str().to_owned()]));
    let heads = pick(lang, "種類,内容", "kind,text");
    Section::new(
        "conditions",
        &pick(
            lang,
            "条件・合計・順・水準",
            "Conditions, totals, orders, levels",
        ),
        &heads,
        rows,
    )
}

fn key(field: &Field, lang: Lang) -> String {
    match (field.primary_key, field.foreign_key) {
        (true, _) => pick(lang, "主", "primary"),
        (_, true) => pick(lang, "外部", "foreign"),
        _ => String::new(),
    }
}

fn row(field: &Field, lang: Lang) -> Vec<String> {
    let (need_word, condition) = output(field);
    let repeat = if field.repeat > 0 {
        field.repeat.to_string()
    } else {
        String::new()
    };
    vec![
        field.no.to_string(),
        field.name.clone(),
        field.roman.clone(),
        field.kind.name().to_owned(),
        length(field),
        need(need_word, lang),
        condition.to_owned(),
        key(field, lang),
        field.code.clone(),
        repeat,
        format(&field.format),
        field.item_id.clone(),
        field.note.clone(),
    ]
}

fn fixed_row(field: &Field, lang: Lang) -> Vec<String> {
    let (need_word, _) = output(field);
    vec![
        field.no.to_string(),
        field.name.clone(),
        field.roman.clone(),
        (field.start + 1).to_string(),
        (field.start + field.width).to_string(),
        field.width.to_string(),
        field.kind.name().to_owned(),
        length(field),
        need(need_word, lang),
        key(field, lang),
        field.code.clone(),
        pad(field.pad).to_owned(),
        field.fixed_value.clone().unwrap_or_default(),
        field.note.clone(),
    ]
}

/// Byte positions: `|` where a field begins, its number after it, `-` over the rest; the position of each tenth byte
/// above. Lines of 60 bytes.
pub(super) fn ruler(fields: &[Field]) -> String {
    let end = fields.iter().map(|f| f.start + f.width).max().unwrap_or(0);
    let mut bytes = vec!['-'; end.min(100_000)];
    for field in fields {
        let mark = format!("|{}", field.no);
        for (at, c) in mark.chars().take(field.width).enumerate() {
            if let Some(byte) = bytes.get_mut(field.start + at) {
                *byte = c;
            }
        }
    }
    let mut out = String::new();
    for (line, part) in bytes.chunks(RULER_WIDTH).enumerate() {
        let from = line * RULER_WIDTH;
        let mut tens = String::new();
        for at in (10..=part.len()).step_by(10) {
            tens.push_str(&format!("{:>10}", from + at));
        }
        let marks: String = part.iter().collect();
        out.push_str(&format!(
            "        {}\n{:>6}  {marks}\n",
            tens.trim_end(),
            from + 1
        ));
    }
    out
}

fn codes(pack: &Pack, layout: &Layout, lang: Lang) -> Section {
    let mut ids: Vec<&str> = Vec::new();
    for field in layout.kinds.iter().flat_map(|k| &k.fields) {
        if !field.code.is_empty() && !ids.contains(&field.code.as_str()) {
            ids.push(&field.code);
        }
    }
    let mut rows = Vec::new();
    for id in ids {
        let Some(list) = pack.code_lists.get(id) else {
            continue;
        };
        for (value, code) in &list.values {
            rows.push(vec![
                id.to_owned(),
                value.clone(),
                code.name.get(lang).to_owned(),
            ]);
        }
        if list.open {
            rows.push(vec![
                id.to_owned(),
                "*".to_owned(),
                pick(lang, "ほかの値も使える", "other values are allowed"),
            ]);
        }
    }
    let heads = pick(lang, "コードID,値,内容", "list,value,meaning");
    Section::new(
        "codes",
        &pick(lang, "コード一覧", "Code lists"),
        &heads,
        rows,
    )
}

#[cfg(test)]
mod tests {
    use renkei_core::model::Problems;
    use renkei_core::spec::Layout;

    #[test]
    fn the_ruler_marks_where_fields_begin() {
        let mut problems = Problems::new();
        let head = "id = \"a\"\ntitle = { ja = \"a\", en = \"a\" }\nform = \"fixed\"\nrecord_length = 12\n[file]\nencoding = \"jisx0201\"\n";
        let fields = "no,name,roman,type,start,width\n1,a,a,9,1,1\n2,b,b,9,2,9\n3,c,c,X,11,2\n";
        let layout =
            Layout::load(head, fields.as_bytes(), ("l", "f"), &mut problems).expect("loads");
        let shown = super::ruler(&layout.kinds[0].fields);
        assert_eq!(shown, "                10\n     1  ||2-------|3\n");
    }
}
