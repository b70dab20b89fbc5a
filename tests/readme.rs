//! The README is true: what it tells people to type works, and the exit codes it lists are the program's.

use renkei_core::model::exit;

use crate::harness::{Bench, root};

fn readme() -> String {
    std::fs::read_to_string(root().join("README.md")).expect("there is a README")
}

/// Lines of shell blocks that call the program on something that is there (no placeholders in capitals or brackets).
fn commands() -> Vec<Vec<String>> {
    let text = readme();
    let blocks = text.split("```").skip(1).step_by(2);
    let lines = blocks
        .flat_map(str::lines)
        .filter_map(|line| line.strip_prefix("renkei "));
    let words = lines.map(|line| {
        line.split('#')
            .next()
            .unwrap_or_default()
            .split_whitespace()
            .map(str::to_owned)
    });
    let placeholder = |word: &String| {
        word.contains('<')
            || word
                .split(['/', '.'])
                .any(|part| part.len() > 3 && part.chars().all(|c| c.is_ascii_uppercase()))
    };
    words
        .map(Iterator::collect::<Vec<_>>)
        .filter(|words| !words.iter().any(placeholder))
        .collect()
}

#[test]
fn what_the_readme_tells_to_type_works() {
    let bench = Bench::new();
    for folder in ["joint-test", "check"] {
        bench.copy(&format!("sample-data/{folder}"));
    }
    std::fs::create_dir(bench.path().join("sample-data")).expect("the folder can be made");
    for folder in ["joint-test", "check"] {
        std::fs::rename(
            bench.path().join(folder),
            bench.path().join("sample-data").join(folder),
        )
        .expect("it moves");
    }
    let commands = commands();
    assert!(commands.len() >= 6, "{commands:?}");
    for words in commands {
        let args: Vec<&str> = words.iter().map(String::as_str).collect();
        let called = bench.renkei(&args);
        assert!(
            matches!(called.code, 0 | 1 | 3),
            "renkei {}: {}\n{}",
            words.join(" "),
            called.code,
            called.stderr
        );
    }
}

#[test]
fn the_exit_codes_are_all_there() {
    let text = readme();
    for code in [
        exit::PASSED,
        exit::NONCONFORMING,
        exit::USAGE,
        exit::INCOMPLETE,
        exit::TOOL_ERROR,
        exit::PERSONAL_DATA,
        exit::INTERRUPTED,
    ] {
        assert!(text.contains(&format!("`{code}`")), "{code}");
    }
}
