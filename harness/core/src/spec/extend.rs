//! A pack that extends another: what it holds stands above what the other holds, row by row and key by key.

use std::collections::BTreeMap;

use super::Files;

/// Tables that are merged row by row, by the end of their path, with the columns that tell rows apart.
const TABLES: &[(&str, &[&str])] = &[
    ("/fields.csv", &["kind", "roman"]),
    ("agreement-items.csv", &["id"]),
    ("requirements.csv", &["id"]),
];
const CODES: &[&str] = &["value", "valid_from"];

/// The files of `own` above those of `base`. A row with the same key keeps the cells that `own` leaves empty; new rows come
/// at the end. `layout.toml` is merged key by key, lists of tables (`[[rule]]`) are joined. Everything else is replaced.
pub(super) fn merged(base: &Files, own: &Files) -> Files {
    let mut out = Files::new();
    let changed = |path: &str| {
        let layout = path.split('/').nth(1).unwrap_or_default();
        path.starts_with("layouts/") && own.folders("layouts").iter().any(|l| l == layout)
    };
    for (path, content) in base.iter() {
        // A sample proves the layout that it was made for, not a narrower one.
        let stale = path.contains("/samples/") && changed(path);
        if path != "pack.toml" && path != "README.md" && !stale {
            out.insert(path, content);
        }
    }
    for (path, content) in own.iter() {
        let merged = base.get(path).and_then(|below| merge(path, below, content));
        out.insert(path, merged.unwrap_or_else(|| content.to_vec()));
    }
    // The digest of the whole covers every byte of both folders, also what the merge does not show.
    out.insert(".extends/base.sha256", base.sha256());
    out.insert(".extends/own.sha256", own.sha256());
    out
}

/// The two files as one; nothing where they are replaced or cannot be read (then the loader tells about the upper one).
fn merge(path: &str, below: &[u8], above: &[u8]) -> Option<Vec<u8>> {
    if path.ends_with("/layout.toml") {
        let read =
            |bytes: &[u8]| toml::from_str::<toml::Table>(std::str::from_utf8(bytes).ok()?).ok();
        let mut table = read(below)?;
        join(&mut table, read(above)?);
        return toml::to_string(&table).ok().map(String::into_bytes);
    }
    let keys = TABLES
        .iter()
        .find(|(end, _)| path.ends_with(end))
        .map(|(_, keys)| *keys);
    let codes = (path.starts_with("codes/") && path.ends_with(".csv")).then_some(CODES);
    rows(below, above, keys.or(codes)?)
}

fn join(below: &mut toml::Table, above: toml::Table) {
    for (key, value) in above {
        match (below.get_mut(&key), value) {
            (Some(toml::Value::Table(inner)), toml::Value::Table(value)) => join(inner, value),
            (Some(toml::Value::Array(list)), toml::Value::Array(more))
                if more.iter().all(toml::Value::is_table) =>
            {
                list.extend(more)
            }
            (_, value) => {
                below.insert(key, value);
            }
        }
    }
}

type Row = BTreeMap<String, String>;

fn rows(below: &[u8], above: &[u8], keys: &[&str]) -> Option<Vec<u8>> {
    let (mut columns, mut table) = read(below)?;
    let (more, own) = read(above)?;
    columns.extend(
        more.into_iter()
            .filter(|c| !columns.contains(c))
            .collect::<Vec<_>>(),
    );
    let key = |row: &Row| -> Vec<String> {
        keys.iter()
            .map(|k| row.get(*k).cloned().unwrap_or_default())
            .collect()
    };
    for row in own {
        match table.iter_mut().find(|below| key(below) == key(&row)) {
            Some(below) => below.extend(row.into_iter().filter(|(_, cell)| !cell.is_empty())),
            None => table.push(row),
        }
    }
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&columns).ok()?;
    for row in &table {
        writer
            .write_record(
                columns
                    .iter()
                    .map(|c| row.get(c).map_or("", String::as_str)),
            )
            .ok()?;
    }
    writer.into_inner().ok()
}

fn read(bytes: &[u8]) -> Option<(Vec<String>, Vec<Row>)> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let columns: Vec<String> = reader
        .headers()
        .ok()?
        .iter()
        .map(|c| c.trim().to_owned())
        .collect();
    let row = |record: csv::StringRecord| {
        let cells = columns
            .iter()
            .cloned()
            .zip(record.iter().map(str::to_owned));
        cells.collect()
    };
    let rows = reader
        .records()
        .map(|r| r.ok().map(row))
        .collect::<Option<_>>()?;
    Some((columns, rows))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_narrowed_and_added_and_samples_fall_away() {
        let (mut base, mut own) = (Files::new(), Files::new());
        base.insert(
            "layouts/a/fields.csv",
            "no,name,roman,type,length\n1,甲,ko,X,10\n2,乙,otsu,X,5\n",
        );
        base.insert(
            "layouts/a/layout.toml",
            "id = \"a\"\n[file]\nencoding = \"utf-8\"\nbom = \"forbid\"\n[[rule]]\nid = \"r1\"\n",
        );
        base.insert("layouts/a/samples/pass-x.csv", "x");
        base.insert("layouts/b/samples/pass-x.csv", "x");
        base.insert("codes/c.csv", "value,name_ja\n1,男\n");
        own.insert(
            "layouts/a/fields.csv",
            "no,name,roman,type,length,output\n,,ko,,4,required\n3,丙,hei,X,1,\n",
        );
        own.insert(
            "layouts/a/layout.toml",
            "[file]\nencoding = \"cp932\"\n[[rule]]\nid = \"r2\"\n",
        );
        own.insert("codes/c.csv", "value,name_ja\n9,その他\n");
        let out = merged(&base, &own);
        let text = |path: &str| {
            String::from_utf8(out.get(path).unwrap_or_default().to_vec()).unwrap_or_default()
        };
        assert_eq!(
            text("layouts/a/fields.csv"),
            "no,name,roman,type,length,output\n1,甲,ko,X,4,required\n2,乙,otsu,X,5,\n3,丙,hei,X,1,\n"
        );
        let layout: toml::Table =
            toml::from_str(&text("layouts/a/layout.toml")).unwrap_or_default();
        assert_eq!(layout["file"]["encoding"].as_str(), Some("cp932"));
        assert_eq!(layout["file"]["bom"].as_str(), Some("forbid"));
        assert_eq!(layout["rule"].as_array().map(Vec::len), Some(2));
        assert_eq!(text("codes/c.csv"), "value,name_ja\n1,男\n9,その他\n");
        assert!(out.get("layouts/a/samples/pass-x.csv").is_none());
        assert!(out.get("layouts/b/samples/pass-x.csv").is_some());
        let before = out.sha256();
        base.insert("README.md", "x");
        assert_ne!(
            merged(&base, &own).sha256(),
            before,
            "the digest covers what the merge does not show"
        );
    }
}
