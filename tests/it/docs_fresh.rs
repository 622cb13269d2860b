//! The reference pages of `docs/` are what the program prints.

use std::fs;
use std::path::Path;
use std::process::Command;

#[test]
fn the_reference_pages_are_what_the_program_prints() {
    let mut stale = Vec::new();
    let pictures = ["board", "deal", "chart", "figures", "past"];
    let pictures = pictures.map(|name| (format!("{name}-picture"), format!("docs/pictures/{name}.svg")));
    let pages = ["config", "keys", "cli"].map(|name| (name.to_owned(), format!("docs/{name}.md")));
    for (page, file) in pages.iter().chain(&pictures) {
        let output = Command::new(env!("CARGO_BIN_EXE_gigawatch")).args(["docs", page]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        if fs::read(&path).unwrap_or_default() != output.stdout {
            stale.push(format!("{file} is stale: cargo run -- docs {page} > {file}"));
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
