//! Which operation of a document a call on the line goes to.

use crate::spec::{Api, Operation};

/// Where a call goes.
pub(super) enum Route<'a> {
    /// The operation.
    To(&'a Operation),
    /// No operation; the methods of those whose path fits.
    Nowhere(Vec<String>),
}

/// The operation that a call goes to: a path without parameters goes before one with (OpenAPI 3.0.3, Paths Object).
pub(super) fn route<'a>(api: &'a Api, base: &str, method: &str, path: &str) -> Route<'a> {
    let fitting = |below: &str| -> Vec<&'a Operation> {
        let mut found: Vec<&Operation> = api
            .operations
            .values()
            .filter(|o| fits(&o.path, below))
            .collect();
        found.sort_by_key(|o| o.path.matches('{').count());
        found
    };
    let below = path.strip_prefix(base).filter(|rest| rest.starts_with('/'));
    let found = below.map(fitting).unwrap_or_default();
    let fewest = found.first().map_or(0, |o| o.path.matches('{').count());
    let found: Vec<&Operation> = found
        .into_iter()
        .filter(|o| o.path.matches('{').count() == fewest)
        .collect();
    let of = |wanted: &str| found.iter().find(|o| o.method == wanted).copied();
    let head = || of("GET").filter(|_| method == "HEAD");
    match of(method).or_else(head) {
        Some(operation) => Route::To(operation),
        None => Route::Nowhere(found.iter().map(|o| o.method.clone()).collect()),
    }
}

/// `/a/{id}/b` fits `/a/12/b`; a parameter is one segment that is not empty, or part of one.
fn fits(template: &str, path: &str) -> bool {
    let mut wanted = template.split('/');
    let mut given = path.split('/');
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some(w), Some(g)) if segment_fits(w, g) => {}
            _ => return false,
        }
    }
}

fn segment_fits(wanted: &str, given: &str) -> bool {
    let (Some(open), Some(close)) = (wanted.find('{'), wanted.rfind('}')) else {
        return wanted == given;
    };
    let before = wanted.get(..open).unwrap_or_default();
    let after = wanted.get(close + 1..).unwrap_or_default();
    given.len() > before.len() + after.len() && given.starts_with(before) && given.ends_with(after)
}

/// The path of a URL as written.
pub(super) fn path_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/");
    path.split(['?', '#']).next().unwrap_or("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_fit_segments() {
        for (template, path, expected) in [
            ("/a", "/a", true),
            ("/a", "/a/", false),
            ("/a/{id}", "/a/1", true),
            ("/a/{id}", "/a/", false),
            ("/a/{id}/b", "/a/1/b", true),
            ("/a/{id}.json", "/a/1.json", true),
            ("/a/{id}.json", "/a/1.xml", false),
            ("/a", "/b", false),
        ] {
            assert_eq!(fits(template, path), expected, "{template} {path}");
        }
        assert_eq!(path_of("https://h:1/a/b?c=/d"), "/a/b");
        assert_eq!(path_of("https://h"), "/");
    }
}
