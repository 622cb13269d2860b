//! The settings in force, and where each comes from.

use std::path::Path;

use super::diagnostic::{Diagnostics, Sink};
use super::files::Files;
use super::reader::Document;
use super::settings;

/// One setting in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Its section.
    pub section: &'static str,
    /// Its key.
    pub key: &'static str,
    /// Its value as TOML, on one line.
    pub value: String,
    /// The file that sets it.
    pub file: String,
    /// The line there, from 1.
    pub line: usize,
    /// Whether that is an embedded default.
    pub built_in: bool,
}

/// Every single setting of `gigawatch.toml`, with its origin. Does not judge the values.
pub fn settings(dir: Option<&Path>) -> Vec<Shown> {
    let sink = Sink::default();
    let sources = Files::gather(dir, &sink).named("gigawatch.toml");
    let documents: Vec<Document<'_>> = sources.iter().map(|file| Document::parse(file, &sink)).collect();
    let mut shown = Vec::new();
    for (section, fields) in settings::SECTIONS {
        for field in *fields {
            let winner = documents.iter().zip(&sources).rev().find_map(|(document, source)| {
                let table =
                    document.any().get(section).filter(super::reader::Value::is_table)?.any_table()?;
                Some((table.get(field.key)?.span(), source))
            });
            let Some((span, source)) = winner else { continue };
            let text = source.text.get(span.clone()).unwrap_or_default();
            shown.push(Shown {
                section,
                key: field.key,
                value: on_one_line(text),
                file: source.name.clone(),
                line: source.position(span.start).0,
                built_in: source.built_in,
            });
        }
    }
    shown
}

/// A value as TOML on one line: a list over several lines is joined, its comments dropped.
fn on_one_line(text: &str) -> String {
    if !text.contains('\n') {
        return text.to_owned();
    }
    // Settings are texts, numbers, truths and lists of texts: reading back and printing loses nothing.
    match text.parse::<toml_edit::Value>() {
        Ok(toml_edit::Value::Array(list)) => {
            list.iter().map(|item| item.clone().decorated("", "")).collect::<toml_edit::Array>().to_string()
        }
        _ => text.replace('\n', " "),
    }
}

/// Which files take part, as shown, the later ones over the earlier.
pub fn files(dir: Option<&Path>) -> Result<Vec<String>, Diagnostics> {
    let sink = Sink::default();
    let files = Files::gather(dir, &sink);
    let diagnostics = sink.finish();
    if diagnostics.errors() > 0 {
        return Err(diagnostics);
    }
    Ok(files.users().map(|file| file.name.clone()).collect())
}
