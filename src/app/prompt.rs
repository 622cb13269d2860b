//! The one-line editor: what is asked, what is typed, completion and history.

use tui_input::{Input, InputRequest};

use super::command::Command;
use super::key::{Code, Key};

/// What a prompt is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ask {
    /// `:`
    Palette,
    /// `/`
    Search,
    /// `f`
    Filter,
    /// `t`
    AsOf,
    /// A command that needs an argument.
    Argument(Command),
}

impl Ask {
    /// What stands before the text.
    pub fn label(self) -> &'static str {
        match self {
            Self::Palette => ":",
            Self::Search => "/",
            Self::Filter => "filter ",
            Self::AsOf => "as of ",
            Self::Argument(command) => command.spec().hint,
        }
    }
}

/// What a key did to a prompt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The text or the choice changed, or nothing did.
    Editing,
    /// Return: the text.
    Given(String),
    /// Escape.
    Cancelled,
}

/// A prompt that is open.
#[derive(Clone, Debug)]
pub struct Prompt {
    /// What it is for.
    pub ask: Ask,
    input: Input,
    /// What may complete the text, best first; the app fills it after each change.
    pub choices: Vec<Choice>,
    /// The choice that Tab has put into the text.
    pub chosen: Option<usize>,
    /// What was typed before a choice or a line of the history replaced it.
    typed: String,
    /// How many lines back in the history.
    back: usize,
}

/// A completion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The whole text with it.
    pub text: String,
    /// What it is.
    pub about: String,
}

impl PartialEq for Prompt {
    fn eq(&self, other: &Self) -> bool {
        self.ask == other.ask && self.text() == other.text() && self.cursor() == other.cursor()
    }
}

impl Prompt {
    /// A prompt with a text to begin with.
    pub fn open(ask: Ask, text: &str) -> Self {
        Self {
            ask,
            input: Input::new(text.to_owned()),
            choices: Vec::new(),
            chosen: None,
            typed: text.to_owned(),
            back: 0,
        }
    }

    /// The text.
    pub fn text(&self) -> &str {
        self.input.value()
    }

    /// Columns before the cursor.
    pub fn cursor(&self) -> usize {
        self.input.visual_cursor()
    }

    fn set(&mut self, text: String) {
        self.input = Input::new(text);
    }

    /// Adds pasted text; line ends and controls become spaces.
    pub fn paste(&mut self, text: &str) {
        for c in text.chars().take(2000) {
            let c = if c.is_whitespace() { ' ' } else { c };
            if !c.is_control() {
                self.input.handle(InputRequest::InsertChar(c));
            }
        }
        self.changed();
    }

    fn changed(&mut self) {
        self.typed = self.text().to_owned();
        self.chosen = None;
        self.back = 0;
    }

    /// Takes a key. `history` is oldest first.
    pub fn key(&mut self, key: Key, history: &[String]) -> Answer {
        if let Some(c) = key.typed() {
            self.input.handle(InputRequest::InsertChar(c));
            self.changed();
            return Answer::Editing;
        }
        let edit = match (key.code, key.ctrl, key.alt) {
            (Code::Enter, ..) => return Answer::Given(self.text().to_owned()),
            (Code::Esc, ..) | (Code::Char('c' | 'g'), true, _) => return Answer::Cancelled,
            (Code::Tab, ..) => {
                self.choose(if key.shift { -1 } else { 1 });
                return Answer::Editing;
            }
            (Code::Up, ..) | (Code::Char('p'), true, _) => {
                self.recall(history, 1);
                return Answer::Editing;
            }
            (Code::Down, ..) | (Code::Char('n'), true, _) => {
                self.recall(history, -1);
                return Answer::Editing;
            }
            (Code::Backspace, ..) if self.text().is_empty() => return Answer::Cancelled,
            (Code::Backspace, false, true) | (Code::Char('w'), true, _) => InputRequest::DeletePrevWord,
            (Code::Backspace, ..) | (Code::Char('h'), true, _) => InputRequest::DeletePrevChar,
            (Code::Delete, ..) | (Code::Char('d'), true, _) => InputRequest::DeleteNextChar,
            (Code::Char('u'), true, _) => InputRequest::DeleteFromStart,
            (Code::Char('k'), true, _) => InputRequest::DeleteTillEnd,
            (Code::Left, true, _) | (Code::Char('b'), _, true) => InputRequest::GoToPrevWord,
            (Code::Right, true, _) | (Code::Char('f'), _, true) => InputRequest::GoToNextWord,
            (Code::Left, ..) | (Code::Char('b'), true, _) => InputRequest::GoToPrevChar,
            (Code::Right, ..) | (Code::Char('f'), true, _) => InputRequest::GoToNextChar,
            (Code::Home, ..) | (Code::Char('a'), true, _) => InputRequest::GoToStart,
            (Code::End, ..) | (Code::Char('e'), true, _) => InputRequest::GoToEnd,
            _ => return Answer::Editing,
        };
        if self.input.handle(edit).is_some_and(|change| change.value) {
            self.changed();
        }
        Answer::Editing
    }

    fn choose(&mut self, by: isize) {
        let count = self.choices.len() as isize;
        if count == 0 {
            return;
        }
        let next = match self.chosen {
            None if by > 0 => 0,
            None => count - 1,
            Some(now) => (now as isize + by).rem_euclid(count),
        } as usize;
        self.chosen = Some(next);
        if let Some(choice) = self.choices.get(next) {
            let text = choice.text.clone();
            self.set(text);
        }
    }

    fn recall(&mut self, history: &[String], by: isize) {
        self.back = self.back.saturating_add_signed(by).min(history.len());
        let text = match self.back {
            0 => self.typed.clone(),
            back => history.get(history.len() - back).cloned().unwrap_or_default(),
        };
        self.set(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(prompt: &mut Prompt, keys: &str) -> Answer {
        let mut last = Answer::Editing;
        for key in keys.split(' ') {
            last = prompt.key(key.parse().unwrap(), &["older".into(), "newer".into()]);
        }
        last
    }

    #[test]
    fn a_line_is_edited_and_given() {
        let mut prompt = Prompt::open(Ask::Search, "");
        press(&mut prompt, "a b space c ctrl-w d");
        assert_eq!(prompt.text(), "ab d");
        assert_eq!(press(&mut prompt, "enter"), Answer::Given("ab d".into()));
        assert_eq!(press(&mut prompt, "ctrl-u"), Answer::Editing);
        assert_eq!(press(&mut prompt, "backspace"), Answer::Cancelled);
    }

    #[test]
    fn history_goes_back_and_returns_to_what_was_typed() {
        let mut prompt = Prompt::open(Ask::Palette, "");
        press(&mut prompt, "x up");
        assert_eq!(prompt.text(), "newer");
        press(&mut prompt, "up up up");
        assert_eq!(prompt.text(), "older");
        press(&mut prompt, "down down");
        assert_eq!(prompt.text(), "x");
    }

    #[test]
    fn tab_goes_through_the_choices() {
        let mut prompt = Prompt::open(Ask::Palette, "s");
        prompt.choices =
            ["sort", "show"].map(|text| Choice { text: text.into(), about: String::new() }).to_vec();
        press(&mut prompt, "tab tab tab shift-tab");
        assert_eq!(prompt.text(), "show");
    }

    #[test]
    fn pasted_controls_do_not_get_in() {
        let mut prompt = Prompt::open(Ask::Filter, "");
        prompt.paste("buyer:openai\r\n\u{1b}[31mx");
        assert!(!prompt.text().chars().any(char::is_control), "{:?}", prompt.text());
    }
}
