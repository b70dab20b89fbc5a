//! SHA-256 side files: `sha256sum` form, `SHA256 (name) = …`, or the digest alone.

use std::io::{self, Read};

use super::companions::{Pair, pairs};
use super::entry::{Entry, base_of};
use super::roles::Role;
use super::{Between, CheckedMember, SetJob, policy_of};
use crate::check::fil::digest_file_mismatch;
use crate::encoding::{Dialect, Encoding, decode};
use crate::model::Bilingual;
use crate::spec::layout::CompanionKind;

/// Most bytes of a side file that are read.
const MOST: u64 = 1 << 20;

/// Hexadecimal digits of a SHA-256 (FIPS 180-4).
const DIGITS: usize = 64;

/// Compares side files with the files they are about.
pub(super) fn examine(
    job: &SetJob<'_>,
    entries: &[Entry],
    roles: &[Role],
    files: &[CheckedMember],
    between: &mut Between,
) -> io::Result<()> {
    let digests = pairs(job, entries, roles).filter(|p| p.declared.kind == CompanionKind::Digest);
    for Pair {
        entry,
        data,
        layout,
        declared,
    } in digests
    {
        // By its name the side file is about the data file or about an archive that holds it.
        let subject = entries
            .iter()
            .find(|e| {
                e.is_archive
                    && data.archives.contains(&e.base)
                    && declared.name_for(&e.base) == entry.base
            })
            .unwrap_or(data);
        let known = files.iter().find(|f| f.name == subject.name);
        let computed = match known.map(|f| f.facts.sha256.clone()) {
            Some(digest) if !digest.is_empty() => digest,
            _ => subject.sha256(job)?,
        };
        let mut text = Vec::new();
        entry.open(job)?.take(MOST).read_to_end(&mut text)?;
        if let Some((observed, what)) = compare(&text, &subject.base, &computed) {
            between.of_file(&data.name, policy_of(job, layout), |sink| {
                digest_file_mismatch::check(&entry.name, (&computed, &observed), &what, sink);
            });
        }
    }
    Ok(())
}

/// What is wrong with a side file: what it says, and why that does not fit.
fn compare(text: &[u8], file: &str, computed: &str) -> Option<(String, Bilingual)> {
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    let text = decode(text, Encoding::Utf8, Dialect::Ms)
        .or_else(|_| decode(text, Encoding::Cp932, Dialect::Ms));
    let lines: Vec<(String, Option<String>)> = text
        .unwrap_or_default()
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(line)
        .collect();
    let unreadable = || Bilingual::new("値が読めません", "it holds no digest");
    let own = lines
        .iter()
        .find(|(_, name)| name.as_deref().is_some_and(|n| base_of(n) == file));
    let first = lines.first();
    let Some((digest, name)) = own.or(first) else {
        return Some((String::new(), unreadable()));
    };
    if own.is_none()
        && let Some(other) = name
    {
        let what = Bilingual::new(
            format!("別のファイルの名前（{other}）が書かれています"),
            format!("it names another file ({other})"),
        );
        return Some((shown(digest), what));
    }
    if !digest.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Some((shown(digest), unreadable()));
    }
    if digest.len() != DIGITS {
        let count = digest.len();
        let what = Bilingual::new(
            format!("{count}桁です（SHA-256は{DIGITS}桁）"),
            format!("it has {count} digits, SHA-256 has {DIGITS}"),
        );
        return Some((shown(digest), what));
    }
    (!digest.eq_ignore_ascii_case(computed)).then(|| {
        let what = Bilingual::new("値が違います", "the values differ");
        (digest.to_ascii_lowercase(), what)
    })
}

/// Digest and name of a line.
fn line(text: &str) -> (String, Option<String>) {
    let tagged = text
        .strip_prefix("SHA256 (")
        .and_then(|rest| rest.rsplit_once(") = "));
    if let Some((name, digest)) = tagged {
        return (digest.trim().to_owned(), Some(name.to_owned()));
    }
    // A backslash before the digest says that the name is escaped.
    let text = text.strip_prefix('\\').unwrap_or(text);
    match text.split_once([' ', '\t']) {
        Some((digest, name)) => {
            let name = name.trim_start();
            let name = name.strip_prefix('*').unwrap_or(name);
            (digest.to_owned(), Some(name.to_owned()))
        }
        None => (text.to_owned(), None),
    }
}

/// What stands there, as far as it may be a digest: anything else could be data.
fn shown(digest: &str) -> String {
    if digest.bytes().all(|b| b.is_ascii_hexdigit()) {
        digest.chars().take(2 * DIGITS).collect()
    } else {
        format!("{} characters", digest.chars().count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_read() {
        let digest = "ab".repeat(32);
        let wrong = |text: &str| compare(text.as_bytes(), "a.csv", &digest).map(|(_, w)| w.en);
        for good in [
            format!("{digest}  a.csv\n"),
            format!("{digest} *out/a.csv\r\n"),
            format!("\\{digest}  a.csv"),
            format!("SHA256 (a.csv) = {digest}\n"),
            digest.to_uppercase(),
            format!("{}  b.csv\n{digest}  a.csv\n", "cd".repeat(32)),
            format!("\u{FEFF}{digest}"),
        ] {
            assert_eq!(wrong(&good), None, "{good}");
        }
        let says = |text: &str, part: &str| {
            let what = wrong(text).unwrap_or_default();
            assert!(what.contains(part), "{text}: {what}");
        };
        says("", "no digest");
        says("see the portal", "another file");
        says("xyz", "no digest");
        says(&digest[..40], "40 digits");
        says(&format!("{digest}  b.csv"), "another file (b.csv)");
        says(&"cd".repeat(32), "values differ");
    }
}
