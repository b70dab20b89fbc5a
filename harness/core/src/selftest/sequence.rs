//! Examples of several messages, `---` between them: what they show together.

use super::http;
use crate::calls::taken;
use crate::check::{Example, Sink, seq};
use crate::plan::{Expect, Pages};

/// Judges the example by its attribute `seq`.
pub(super) fn examine(example: &Example, out: &mut Sink) -> Result<(), String> {
    let text = |key: &str| example.attribute(key).unwrap_or("").to_owned();
    match example.attribute("seq").unwrap_or("") {
        "parallel" => {
            let told = told(example, &|view| seq::Told::of(view, &text("pointer")))?;
            seq::examine_parallel(&told, out);
        }
        "repeat" => {
            let told = told(example, &|view| seq::Told::of(view, &text("pointer")))?;
            seq::examine_repeat(&told, out);
        }
        "pages" => {
            let pages = Pages {
                next: text("next"),
                cursor: String::new(),
                items: text("items"),
                id: text("id"),
                most: 100,
            };
            let told = told(example, &|view| seq::Told::of_page(view, &pages))?;
            seq::examine_pages(&told, &pages, out);
        }
        "expect" => {
            let expect = Expect {
                at: text("at"),
                equals: Some(text("equals")),
                ..Expect::default()
            };
            http::views(example, &mut |view| {
                let response = view.response.as_ref();
                let found = response.and_then(|r| {
                    taken(
                        &expect.at,
                        r.http.status,
                        &r.http.headers,
                        r.json().map(|j| &j.value),
                    )
                });
                let fill = |text: &str| Some(text.to_owned());
                seq::expectation_not_held(
                    "s1",
                    ("LOG-0001", false),
                    &expect,
                    found.as_deref(),
                    &fill,
                    out,
                );
            })?;
        }
        "listen" if text("came") == "no" => {
            seq::awaited_call_missing("s1", &text("path"), 60, "", out)
        }
        "human" if text("done") == "no" => seq::step_not_confirmed("s1", "画面に出ない", out),
        "listen" | "human" => {}
        other => return Err(format!("no kind of sequence: {other}")),
    }
    Ok(())
}

type Take<'a> = &'a dyn Fn(&crate::observe::CallView<'_>) -> Option<seq::Told>;

fn told(example: &Example, take: Take<'_>) -> Result<Vec<seq::Told>, String> {
    let mut told = Vec::new();
    http::views(example, &mut |view| told.extend(take(view)))?;
    Ok(told)
}
