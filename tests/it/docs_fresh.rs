//! The reference pages of `docs/` are what the program prints.

use std::fs;
use std::path::Path;
use std::process::Command;

#[test]
fn the_reference_pages_are_what_the_program_prints() {
    let mut stale = Vec::new();
    for page in ["config", "keys", "cli"] {
        let output = Command::new(env!("CARGO_BIN_EXE_gigawatch")).args(["docs", page]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("docs/{page}.md"));
        if fs::read(&path).unwrap_or_default() != output.stdout {
            stale.push(format!("docs/{page}.md is stale: cargo run -- docs {page} > docs/{page}.md"));
        }
    }
    assert!(stale.is_empty(), "\n{}\n", stale.join("\n"));
}

#[test]
fn every_command_teaches_by_an_example() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/cli.md")).unwrap();
    let without: Vec<&str> = page
        .split("\n## ")
        .flat_map(|part| part.split("\n### "))
        .skip(1)
        .filter(|part| !part.contains("Examples:"))
        .filter_map(|part| part.lines().next())
        .collect();
    assert!(without.is_empty(), "no `Examples:` in the help of {without:?}");
}
