//! Any text through the cleaner: clean, short, and the same when cleaned again.
#![no_main]

use gigawatch::domain::text::{DisplayText, TEXT_BYTES, TITLE_CHARS};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|raw: &str| {
    let line = DisplayText::line(raw, TITLE_CHARS);
    assert!(!line.chars().any(char::is_control));
    assert_eq!(DisplayText::line(&line, TITLE_CHARS), line);
    let block = DisplayText::block(raw, TEXT_BYTES);
    assert!(!block.chars().any(|c| c.is_control() && c != '\n'));
    assert_eq!(DisplayText::block(&block, TEXT_BYTES), block);
});
