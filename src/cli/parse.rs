//! `gigawatch parse`: feed documents in, entries out.

use std::fs::File;
use std::io::{self, BufRead, Read, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{Exit, Globals, Outcome};
use crate::domain::text::DisplayText;
use crate::domain::time::Timestamp;
use crate::feed::{self, Document, Feed, Repair};

/// The largest document read, as large as a poll would accept.
const MAX_DOCUMENT: u64 = 16 * 1024 * 1024;

/// Arguments of `parse`.
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  gigawatch parse feed.xml                   what is in it, and what had to be repaired
  curl -s https://example.com/rss | gigawatch parse -
  gigawatch parse --jsonl < rows.jsonl       rows {\"path\": …, \"content_type\": …, \"base_url\": …}")]
pub(super) struct Args {
    /// Feed documents; `-` reads one from standard input.
    #[arg(value_name = "FILE", required_unless_present = "jsonl")]
    files: Vec<PathBuf>,
    /// Read rows naming documents from standard input, write one row of JSON for each.
    #[arg(long, conflicts_with = "files")]
    jsonl: bool,
    /// Address that relative links are relative to.
    #[arg(long, value_name = "URL", conflicts_with = "jsonl")]
    base_url: Option<String>,
    /// Entries shown of each document; 0 shows all.
    #[arg(short = 'n', long, default_value_t = 10, value_name = "N", conflicts_with = "jsonl")]
    items: usize,
}

/// Runs the command.
pub(super) fn run(_globals: &Globals, args: &Args) -> Outcome {
    let mut out = io::BufWriter::new(io::stdout().lock());
    let exit = if args.jsonl { rows(&mut io::stdin().lock(), &mut out)? } else { files(args, &mut out)? };
    out.flush()?;
    Ok(exit)
}

/// One line of standard input.
#[derive(Deserialize)]
struct Row {
    path: PathBuf,
    #[serde(default)]
    content_type: Option<String>,
    #[serde(default)]
    base_url: Option<String>,
}

/// One line of the answer.
#[derive(Serialize, schemars::JsonSchema)]
pub(super) struct Answer<'a> {
    path: &'a str,
    ok: bool,
    error: Option<String>,
    kind: Option<feed::Kind>,
    title: Option<&'a str>,
    items: Vec<AnswerItem<'a>>,
    repairs: &'a [Repair],
}

#[derive(Serialize, schemars::JsonSchema)]
struct AnswerItem<'a> {
    id: Option<&'a str>,
    title: Option<&'a str>,
    link: Option<&'a str>,
    published: Option<Timestamp>,
    updated: Option<Timestamp>,
    summary: Option<&'a str>,
}

/// Answers row by row, holding one document at a time. Fails only when an answer cannot be written.
fn rows(input: &mut impl BufRead, out: &mut impl Write) -> Result<Exit, anyhow::Error> {
    let mut exit = Exit::Ok;
    let mut line = Vec::new();
    loop {
        line.clear();
        if input.read_until(b'\n', &mut line)? == 0 {
            return Ok(exit);
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        if !answer_row(&line, out)? {
            exit = Exit::Failed;
        }
    }
}

/// Answers one row; returns whether its document could be read.
fn answer_row(line: &[u8], out: &mut impl Write) -> Result<bool, anyhow::Error> {
    let row: Row = match serde_json::from_slice(line) {
        Ok(row) => row,
        Err(error) => {
            write_row(out, &Answer::failed("", format!("the row is not understood: {error}")))?;
            return Ok(false);
        }
    };
    let path = row.path.to_string_lossy();
    let bytes = match read_document(&row.path) {
        Ok(bytes) => bytes,
        Err(error) => {
            write_row(out, &Answer::failed(&path, format!("cannot read the file: {error}")))?;
            return Ok(false);
        }
    };
    let document = Document {
        bytes: &bytes,
        content_type: row.content_type.as_deref(),
        base_url: row.base_url.as_deref(),
    };
    match feed::read(&document) {
        Ok(feed) => {
            write_row(out, &Answer::read(&path, &feed))?;
            Ok(true)
        }
        Err(unreadable) => {
            write_row(out, &Answer::failed(&path, unreadable.to_string()))?;
            Ok(false)
        }
    }
}

impl<'a> Answer<'a> {
    fn failed(path: &'a str, error: String) -> Self {
        Self { path, ok: false, error: Some(error), kind: None, title: None, items: Vec::new(), repairs: &[] }
    }

    fn read(path: &'a str, feed: &'a Feed) -> Self {
        let items = feed
            .entries
            .iter()
            .map(|entry| AnswerItem {
                id: entry.id.as_deref(),
                title: entry.title.as_deref(),
                link: entry.link.as_deref(),
                published: entry.published,
                updated: entry.updated,
                summary: entry.summary.as_deref(),
            })
            .collect();
        Self {
            path,
            ok: true,
            error: None,
            kind: Some(feed.kind),
            title: feed.title.as_deref(),
            items,
            repairs: &feed.repairs,
        }
    }
}

/// Writes a row. Ids are verbatim, so what a terminal might act on in them is escaped.
fn write_row(out: &mut impl Write, answer: &Answer<'_>) -> Result<(), anyhow::Error> {
    let mut json = serde_json::Serializer::with_formatter(&mut *out, SafeStrings);
    answer.serialize(&mut json)?;
    out.write_all(b"\n")?;
    Ok(())
}

/// Compact JSON that escapes every character that [`DisplayText`] would drop.
struct SafeStrings;

impl serde_json::ser::Formatter for SafeStrings {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        if fragment.is_ascii() && !fragment.contains('\x7f') {
            return out.write_all(fragment.as_bytes());
        }
        let mut buffer = [0; 4];
        for c in fragment.chars() {
            let encoded = c.encode_utf8(&mut buffer);
            if c == ' ' || !DisplayText::line(encoded, 1).is_empty() {
                out.write_all(encoded.as_bytes())?;
            } else {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    write!(out, "\\u{unit:04x}")?;
                }
            }
        }
        Ok(())
    }
}

/// Reads a document of at most [`MAX_DOCUMENT`] bytes; `-` is standard input.
fn read_document(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if path.as_os_str() == "-" {
        io::stdin().lock().take(MAX_DOCUMENT + 1).read_to_end(&mut bytes)?;
    } else {
        File::open(path)?.take(MAX_DOCUMENT + 1).read_to_end(&mut bytes)?;
    }
    if bytes.len() as u64 > MAX_DOCUMENT {
        return Err(io::Error::other("larger than 16 MiB"));
    }
    Ok(bytes)
}

/// Shows documents to people.
fn files(args: &Args, out: &mut impl Write) -> Result<Exit, anyhow::Error> {
    let mut exit = Exit::Ok;
    for (at, path) in args.files.iter().enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        let name = DisplayText::line(&path.to_string_lossy(), 400);
        let bytes = match read_document(path) {
            Ok(bytes) => bytes,
            Err(error) => {
                writeln!(out, "{name}: cannot read the file: {error}")?;
                exit = Exit::Failed;
                continue;
            }
        };
        let document = Document { bytes: &bytes, content_type: None, base_url: args.base_url.as_deref() };
        match feed::read(&document) {
            Ok(feed) => show(&name, &feed, args.items, out)?,
            Err(unreadable) => {
                writeln!(out, "{name}: {unreadable}")?;
                exit = Exit::Failed;
            }
        }
    }
    Ok(exit)
}

fn show(name: &str, feed: &Feed, limit: usize, out: &mut impl Write) -> io::Result<()> {
    let title = feed.title.as_deref().unwrap_or("untitled");
    writeln!(out, "{name}: {}, {} entries, {title}", feed.kind.label(), feed.entries.len())?;
    for repair in &feed.repairs {
        writeln!(out, "  repaired: {}", repair.describe())?;
    }
    if feed.unread > 0 {
        writeln!(out, "  not read: {} more entries", feed.unread)?;
    }
    let shown = if limit == 0 { feed.entries.len() } else { limit };
    for entry in feed.entries.iter().take(shown) {
        let date =
            entry.published.or(entry.updated).map_or_else(|| "undated".to_owned(), |date| date.to_string());
        writeln!(out, "\n  {date:20}  {}", entry.title.as_deref().unwrap_or("(no title)"))?;
        if let Some(link) = &entry.link {
            writeln!(out, "  {:20}  {link}", "")?;
        }
        if let Some(source) = &entry.source {
            writeln!(out, "  {:20}  published by {}", "", source.name)?;
        }
    }
    let rest = feed.entries.len().saturating_sub(shown);
    if rest > 0 {
        writeln!(out, "\n  and {rest} more (-n 0 shows all)")?;
    }
    Ok(())
}
