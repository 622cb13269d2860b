//! What is wrong with a configuration: every problem at once, each with its place, the line, a caret
//! and what to write instead.

use std::cell::RefCell;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use crate::domain::text::DisplayText;

/// How much a problem matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The configuration cannot be used.
    Error,
    /// It can be used; something in it is probably not what was meant.
    Warning,
}

/// One configuration file as it was read.
#[derive(Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// As shown: the path, or `built-in feeds.toml` for an embedded default.
    pub name: String,
    /// Its contents.
    pub text: String,
    /// Whether it is one of the embedded defaults.
    pub built_in: bool,
}

impl fmt::Debug for SourceFile {
    /// Without the text, which may hold secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SourceFile").field("name", &self.name).finish_non_exhaustive()
    }
}

impl SourceFile {
    /// The file's name without folder and extension.
    pub fn stem(&self) -> &str {
        let name = self.name.rsplit(['/', '\\']).next().unwrap_or(&self.name);
        name.strip_suffix(".toml").unwrap_or(name)
    }

    /// Line and column of a byte offset, both from 1; columns count characters.
    pub fn position(&self, offset: usize) -> (usize, usize) {
        let before = self.text.get(..offset).unwrap_or(&self.text);
        let line = before.bytes().filter(|&byte| byte == b'\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |tail| tail.chars().count()) + 1;
        (line, column)
    }

    /// The text of a line counted from 1, without its line end. Where it may hold a secret, what stands
    /// in quotes is replaced by dots, character by character.
    fn line(&self, number: usize) -> String {
        let line = self.text.lines().nth(number - 1).unwrap_or("");
        if self.may_hold_secret(number) { masked(line) } else { line.to_owned() }
    }

    /// Whether a line of `feeds.toml` may hold a password, a token or a key.
    fn may_hold_secret(&self, number: usize) -> bool {
        if !self.name.ends_with("feeds.toml") {
            return false;
        }
        let before = self.text.lines().take(number);
        let Some(line) = before.clone().last().map(str::to_lowercase) else { return false };
        let section = before.filter(|line| line.trim_start().starts_with('[')).last().unwrap_or("");
        let words = ["headers", "auth", "pass", "token", "secret", "key", "cookie", "@"];
        words.iter().any(|word| line.contains(word))
            || section.contains("headers")
            || section.contains("auth")
    }
}

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Whether it stops the program.
    pub severity: Severity,
    /// What is wrong, in one line.
    pub message: String,
    /// What to do about it, shown at the caret.
    pub help: Option<String>,
    /// The file, if the problem is in one.
    pub file: Option<Arc<SourceFile>>,
    /// Bytes of the file that the caret underlines.
    pub span: Range<usize>,
}

impl Problem {
    /// Line and column from 1, if the problem is in a file.
    pub fn position(&self) -> Option<(usize, usize)> {
        Some(self.file.as_ref()?.position(self.span.start))
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        write!(f, "{word}: {}", clean(&self.message))?;
        let Some(file) = &self.file else {
            return match &self.help {
                Some(help) => write!(f, "\n  = {}", clean(help)),
                None => Ok(()),
            };
        };
        let (line, column) = file.position(self.span.start);
        let gutter = " ".repeat(line.to_string().len());
        write!(f, "\n{gutter}--> {}:{line}:{column}", clean(&file.name))?;
        let (shown, caret) =
            excerpt(&file.line(line), column, file.text.get(self.span.clone()).unwrap_or(""));
        write!(f, "\n{gutter} |\n{line} | {shown}\n{gutter} | {caret}")?;
        match &self.help {
            Some(help) => write!(f, " {}", clean(help)),
            None => Ok(()),
        }
    }
}

/// A line with dots for what stands in quotes.
fn masked(line: &str) -> String {
    let mut quote = None;
    let hide = |c: char| match quote {
        None if c == '"' || c == '\'' => {
            quote = Some(c);
            c
        }
        Some(open) if c == open => {
            quote = None;
            c
        }
        Some(_) => '•',
        None => c,
    };
    line.chars().map(hide).collect()
}

/// Widest part of a line that is shown around the caret.
const EXCERPT: usize = 100;

/// The part of a line around the underlined text, and the carets below it. What a terminal would act
/// on is replaced character by character, so that the carets stay in their place.
fn excerpt(line: &str, column: usize, underlined: &str) -> (String, String) {
    let chars: Vec<char> = line.chars().map(|c| if c == '\t' || !is_plain(c) { ' ' } else { c }).collect();
    let at = column.saturating_sub(1).min(chars.len());
    let first = at.saturating_sub(EXCERPT * 3 / 5);
    let first = if chars.len() <= EXCERPT { 0 } else { first };
    let last = (first + EXCERPT).min(chars.len());
    let width = underlined.split('\n').next().unwrap_or("").trim_end().chars().count().max(1);
    let width = width.min(last.saturating_sub(at).max(1));
    let shown: String = chars.get(first..last).unwrap_or(&[]).iter().collect();
    (shown.trim_end().to_owned(), format!("{}{}", " ".repeat(at - first), "^".repeat(width)))
}

fn is_plain(c: char) -> bool {
    DisplayText::line(c.encode_utf8(&mut [0; 4]), 1).as_str().starts_with(c) || c == ' '
}

fn clean(text: &str) -> DisplayText {
    DisplayText::block(text, 2000)
}

/// Every problem that was found, in the order of files and lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostics {
    /// Errors and warnings.
    pub problems: Vec<Problem>,
}

impl Diagnostics {
    /// A single problem that is in no file's text: an unreadable folder or file.
    pub fn of(message: impl Into<String>, help: impl Into<String>) -> Self {
        let problem = Problem {
            severity: Severity::Error,
            message: message.into(),
            help: Some(help.into()),
            file: None,
            span: 0..0,
        };
        Self { problems: vec![problem] }
    }

    /// How many of the problems are errors.
    pub fn errors(&self) -> usize {
        self.problems.iter().filter(|problem| problem.severity == Severity::Error).count()
    }

    /// How many of the problems are warnings.
    pub fn warnings(&self) -> usize {
        self.problems.len() - self.errors()
    }
}

impl std::error::Error for Diagnostics {}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the configuration has {}", tally(self.errors(), self.warnings()))?;
        for problem in &self.problems {
            write!(f, "\n\n{problem}")?;
        }
        Ok(())
    }
}

/// `2 errors and 1 warning`.
pub(super) fn tally(errors: usize, warnings: usize) -> String {
    let count = |n: usize, word: &str| match n {
        0 => None,
        1 => Some(format!("1 {word}")),
        n => Some(format!("{n} {word}s")),
    };
    let parts: Vec<String> =
        [count(errors, "error"), count(warnings, "warning")].into_iter().flatten().collect();
    if parts.is_empty() { "no problems".to_owned() } else { parts.join(" and ") }
}

/// Where the readers of a configuration leave their problems.
#[derive(Debug, Default)]
pub(super) struct Sink(RefCell<Vec<Problem>>);

impl Sink {
    /// Notes an error at a place.
    pub(super) fn error(
        &self,
        file: &Arc<SourceFile>,
        span: Range<usize>,
        message: impl Into<String>,
        help: Option<String>,
    ) {
        self.note(Severity::Error, file, span, message.into(), help);
    }

    /// Notes a warning at a place.
    pub(super) fn warn(
        &self,
        file: &Arc<SourceFile>,
        span: Range<usize>,
        message: impl Into<String>,
        help: Option<String>,
    ) {
        self.note(Severity::Warning, file, span, message.into(), help);
    }

    fn note(
        &self,
        severity: Severity,
        file: &Arc<SourceFile>,
        span: Range<usize>,
        message: String,
        help: Option<String>,
    ) {
        self.0.borrow_mut().push(Problem { severity, message, help, file: Some(Arc::clone(file)), span });
    }

    /// Notes a problem that is in no file's text.
    pub(super) fn push(&self, problem: Problem) {
        self.0.borrow_mut().push(problem);
    }

    /// Everything noted, sorted by file and place.
    pub(super) fn finish(self) -> Diagnostics {
        let mut problems = self.0.into_inner();
        let place = |problem: &Problem| {
            (problem.file.as_ref().map(|file| (file.built_in, file.name.clone())), problem.span.start)
        };
        problems.sort_by_key(place);
        // A value that two rules look at is reported once.
        problems.dedup();
        Diagnostics { problems }
    }
}

/// The closest of some names to what was written, if one is close enough to be meant.
pub fn closest<'n>(written: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let written = written.to_lowercase();
    let length = |text: &str| text.chars().count();
    names
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&written, &name.to_lowercase()), name))
        // One letter in three may be wrong; of a name of one or two, none but its case.
        .filter(|(distance, name)| *distance <= length(name).max(length(&written)) / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// `did you mean ...?`, or else the names that are known.
pub(super) fn suggestion(written: &str, names: &[&str]) -> String {
    match closest(written, names.iter().copied()) {
        Some(name) => format!("did you mean `{name}`?"),
        None => format!("expected {}", one_of(names)),
    }
}

/// `` `a`, `b` or `c` ``, cut after a dozen.
pub(super) fn one_of(names: &[&str]) -> String {
    let shown: Vec<String> = names.iter().take(12).map(|name| format!("`{name}`")).collect();
    match shown.split_last() {
        None => "nothing here".to_owned(),
        Some((only, [])) => only.clone(),
        Some((last, rest)) if names.len() <= 12 => format!("{} or {last}", rest.join(", ")),
        Some(_) => format!("one of {}, …", shown.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_not_bytes() {
        let file = SourceFile { name: "x".into(), text: "a\nü = ü1".into(), built_in: false };
        assert_eq!(file.position(2), (2, 1));
        assert_eq!(file.position(file.text.find('1').unwrap()), (2, 6));
    }

    #[test]
    fn a_caret_stays_under_its_word_on_a_long_line() {
        let line = format!("key = \"{}\" # here", "x".repeat(300));
        let (shown, caret) = excerpt(&line, 313, "here");
        assert_eq!(caret.len() - 4, shown.find("here").unwrap());
        assert!(shown.chars().count() <= EXCERPT);
    }

    #[test]
    fn control_characters_of_a_file_are_not_printed() {
        let (shown, _) = excerpt("a \u{1b}[31m b", 1, "a");
        assert!(!shown.contains('\u{1b}'));
    }

    #[test]
    fn a_line_that_may_hold_a_secret_is_masked() {
        let text = "[[feed]]\nurl = \"https://me:hunter2@x.example\"\nauth = { pass = 'hunter3' }\n\
                    [feed.headers]\nX-Any = \"hunter4\"\n[[feed]]\nname = \"plain\"";
        let file = SourceFile { name: "/x/feeds.toml".into(), text: text.into(), built_in: false };
        for line in 1..=6 {
            assert!(!file.line(line).contains("hunter"), "{}", file.line(line));
            assert_eq!(file.line(line).chars().count(), text.lines().nth(line - 1).unwrap().chars().count());
        }
        assert_eq!(file.line(7), "name = \"plain\"");
    }

    #[test]
    fn a_suggestion_is_made_only_where_it_is_close() {
        assert_eq!(closest("intervall", ["interval", "url"]), Some("interval"));
        assert_eq!(closest("colour", ["interval", "url"]), None);
        assert_eq!((closest("F", ["A", "B"]), closest("c", ["B", "C"])), (None, Some("C")));
    }
}
