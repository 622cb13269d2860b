//! Bytes to text. What the bytes are beats what anybody says about them: a byte order mark, then valid
//! UTF-8, then the declared encoding, then the server's, then UTF-8 with Windows-1252 where it fails.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::outcome::{NotFeed, Repair, Unreadable, note};

/// How far into a document a declaration of its encoding is looked for.
const DECLARATION_WINDOW: usize = 16 * 1024;

/// Decodes a document. Fails only on bytes that are no text at all.
pub(super) fn decode<'a>(
    bytes: &'a [u8],
    content_type: Option<&str>,
    repairs: &mut Vec<Repair>,
) -> Result<Cow<'a, str>, Unreadable> {
    if bytes.iter().all(|b| b.is_ascii_whitespace() || *b == 0) {
        return Err(Unreadable::new(NotFeed::Empty));
    }
    if is_compressed(bytes) {
        return Err(Unreadable::new(NotFeed::Compressed));
    }
    if let Some(text) = decode_wide(bytes, repairs) {
        return Ok(text);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let declared = declared_encoding(bytes);
    let served = content_type.and_then(charset_of);
    let valid = std::str::from_utf8(bytes);
    if let Ok(text) = valid {
        // Encodings that are ASCII on the wire hide behind escape sequences.
        let shifted = [declared.found(), served].into_iter().flatten().find(|e| !e.is_ascii_compatible());
        if let Some(encoding) = shifted
            && encoding != UTF_16LE
            && encoding != UTF_16BE
            && bytes.contains(&0x1b)
        {
            return Ok(decode_as(encoding, bytes, repairs));
        }
        let contradicted = declared.found().is_some_and(|e| e != UTF_8) || declared == Declared::Unknown;
        if contradicted && !bytes.is_ascii() {
            note(repairs, Repair::WrongEncoding);
        }
        return Ok(Cow::Borrowed(text));
    }
    if let Some(text) = decode_ebcdic(bytes, repairs) {
        return Ok(Cow::Owned(text));
    }
    if is_binary(bytes) {
        return Err(Unreadable::new(NotFeed::Binary));
    }
    let named =
        [declared.found(), served].into_iter().flatten().find(|e| *e != UTF_8 && e.is_ascii_compatible());
    if let Some(encoding) = named {
        return Ok(decode_as(encoding, bytes, repairs));
    }
    note(repairs, Repair::InvalidBytes);
    if is_mostly_utf8(bytes) {
        return Ok(Cow::Owned(patch_utf8(bytes)));
    }
    Ok(decode_as(guess(bytes), bytes, repairs))
}

/// Whether the sequences that are valid UTF-8 outnumber those that are not, or there is too little of
/// either to guess an encoding from.
fn is_mostly_utf8(bytes: &[u8]) -> bool {
    let (mut valid, mut invalid) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        valid += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        invalid += usize::from(!chunk.invalid().is_empty());
    }
    valid >= invalid || invalid < 4
}

/// The encoding that the bytes look like, when nothing says what they are.
fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    // The letters of one document are of one kind: the beginning tells as much as the whole.
    detector.feed(bytes.get(..bytes.len().min(256 * 1024)).unwrap_or(bytes), true);
    detector.guess(None, chardetng::Utf8Detection::Deny)
}

fn decode_as<'a>(encoding: &'static Encoding, bytes: &'a [u8], repairs: &mut Vec<Repair>) -> Cow<'a, str> {
    let (text, had_errors) = encoding.decode_without_bom_handling(bytes);
    if had_errors {
        note(repairs, Repair::InvalidBytes);
    }
    text
}

/// UTF-16 and UTF-32, by mark or by the zeros beside the first `<` or `{`.
fn decode_wide<'a>(bytes: &'a [u8], repairs: &mut Vec<Repair>) -> Option<Cow<'a, str>> {
    let text = match bytes {
        [0xff, 0xfe, 0, 0, rest @ ..] => decode_utf32(rest, u32::from_le_bytes, repairs),
        [0, 0, 0xfe, 0xff, rest @ ..] => decode_utf32(rest, u32::from_be_bytes, repairs),
        [b'<' | b'{' | b'[', 0, 0, 0, ..] => decode_utf32(bytes, u32::from_le_bytes, repairs),
        [0, 0, 0, b'<' | b'{' | b'[', ..] => decode_utf32(bytes, u32::from_be_bytes, repairs),
        // A mark that says UTF-16 over bytes that are not: believe the bytes.
        [0xff, 0xfe, b'<', b'?' | b'r' | b'f' | b'!', rest @ ..] if !rest.contains(&0) => {
            note(repairs, Repair::WrongEncoding);
            return decode(bytes.get(2..)?, None, repairs).ok();
        }
        [0xff, 0xfe, rest @ ..] => decode_as(UTF_16LE, rest, repairs),
        [0xfe, 0xff, rest @ ..] => decode_as(UTF_16BE, rest, repairs),
        _ => {
            let start = bytes.iter().position(|b| !b.is_ascii_whitespace() && *b != 0)?;
            if !matches!(bytes.get(start)?, b'<' | b'{' | b'[') {
                return None;
            }
            // Zeros decide, and only when they keep to one side of every pair.
            let head = bytes.get(..bytes.len().min(start + 64) & !1)?;
            let zeros = |side: usize| head.iter().skip(side).step_by(2).filter(|b| **b == 0).count();
            let (even, odd) = (zeros(0), zeros(1));
            if odd >= head.len() / 4 && odd > 0 && even == 0 {
                decode_as(UTF_16LE, bytes, repairs)
            } else if even >= head.len() / 4 && even > 0 && odd == 0 {
                decode_as(UTF_16BE, bytes, repairs)
            } else {
                return None;
            }
        }
    };
    Some(text)
}

fn decode_utf32<'a>(bytes: &[u8], unit: impl Fn([u8; 4]) -> u32, repairs: &mut Vec<Repair>) -> Cow<'a, str> {
    let mut text = String::with_capacity(bytes.len() / 4);
    for chunk in bytes.as_chunks::<4>().0 {
        text.push(char::from_u32(unit(*chunk)).unwrap_or_else(|| {
            note(repairs, Repair::InvalidBytes);
            char::REPLACEMENT_CHARACTER
        }));
    }
    Cow::Owned(text)
}

/// What a document says about its own encoding.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Declared {
    Nothing,
    /// A label that nobody knows.
    Unknown,
    As(&'static Encoding),
}

impl Declared {
    fn found(self) -> Option<&'static Encoding> {
        match self {
            Self::As(encoding) => Some(encoding),
            Self::Nothing | Self::Unknown => None,
        }
    }
}

/// The first `encoding="…"` of an XML declaration, wherever it stands in the opening of the document,
/// or the `charset` of a page's `<meta>`.
fn declared_encoding(bytes: &[u8]) -> Declared {
    let head = bytes.get(..bytes.len().min(DECLARATION_WINDOW)).unwrap_or(bytes);
    let Some(at) = memchr::memmem::find(head, b"<?xml") else {
        let meta = memchr::memmem::find(head, b"<meta").and_then(|at| head.get(at..)).unwrap_or_default();
        return label_after(meta, b"charset");
    };
    let rest = head.get(at..).unwrap_or_default();
    let declaration = memchr::memmem::find(rest, b"?>").and_then(|end| rest.get(..end)).unwrap_or(rest);
    label_after(declaration, b"encoding")
}

/// The label behind `key` and its `=`.
fn label_after(text: &[u8], key: &[u8]) -> Declared {
    let Some(at) = memchr::memmem::find(text, key) else { return Declared::Nothing };
    let value: Vec<u8> = text
        .get(at + key.len()..)
        .unwrap_or_default()
        .iter()
        .copied()
        .skip_while(|b| b.is_ascii_whitespace() || matches!(b, b'=' | b'"' | b'\''))
        .take_while(|b| !matches!(b, b'"' | b'\'' | b'?' | b'>' | b'/' | b';') && !b.is_ascii_whitespace())
        .take(64)
        .collect();
    if value.is_empty() {
        return Declared::Nothing;
    }
    Encoding::for_label(&value).map_or(Declared::Unknown, Declared::As)
}

/// The `charset` parameter of a `Content-Type`.
fn charset_of(content_type: &str) -> Option<&'static Encoding> {
    let lower = content_type.to_ascii_lowercase();
    let (_, value) = lower.split_once("charset=")?;
    let label = value.split(';').next()?.trim().trim_matches(['"', '\'']);
    Encoding::for_label(label.as_bytes())
}

/// UTF-8 where it is valid; between, what a Windows program would have meant by the byte.
fn patch_utf8(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 16);
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        let invalid = chunk.invalid();
        // A lone lead byte is a Latin letter; anything else is the debris of a broken sequence.
        if let [lead] = invalid {
            text.push_str(&WINDOWS_1252.decode_without_bom_handling(&[*lead]).0);
        } else if !invalid.is_empty() {
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
    text
}

/// The openings of common compressed forms.
fn is_compressed(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x1f\x8b")
        || bytes.starts_with(b"PK\x03\x04")
        || bytes.starts_with(b"\x28\xb5\x2f\xfd")
        || bytes.starts_with(b"BZh")
        || bytes.starts_with(b"\xfd7zXZ\0")
}

/// Text of one-byte encodings has no zeros and few controls.
fn is_binary(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(1024)).unwrap_or(bytes);
    let odd = head.iter().filter(|b| **b < 0x20 && !b.is_ascii_whitespace() && **b != 0x1b).count();
    odd * 20 > head.len()
}

/// `<?xml` in EBCDIC (code page 37), as some mainframe gateways still send it. Only the characters that
/// markup and English need are mapped; the rest become replacement characters.
fn decode_ebcdic(bytes: &[u8], repairs: &mut Vec<Repair>) -> Option<String> {
    if !bytes.starts_with(&[0x4c, 0x6f, 0xa7, 0x94, 0x93]) {
        return None;
    }
    note(repairs, Repair::WrongEncoding);
    Some(bytes.iter().map(|b| ebcdic(*b)).collect())
}

fn ebcdic(byte: u8) -> char {
    const RUNS: [(u8, &str); 17] = [
        (0x4a, "¢.<(+|&"),
        (0x5a, "!$*);¬-/"),
        (0x6a, "¦,%_>?"),
        (0x79, "`:#@'=\""),
        (0x81, "abcdefghi"),
        (0x91, "jklmnopqr"),
        (0xa1, "~stuvwxyz"),
        (0xb0, "^"),
        (0xba, "[]"),
        (0xc0, "{ABCDEFGHI"),
        (0xd0, "}JKLMNOPQR"),
        (0xe0, "\\"),
        (0xe2, "STUVWXYZ"),
        (0xf0, "0123456789"),
        (0x40, " "),
        (0x05, "\t"),
        (0x15, "\n"),
    ];
    if matches!(byte, 0x25 | 0x0d) {
        return '\n';
    }
    RUNS.iter()
        .find_map(|(first, run)| run.chars().nth(usize::from(byte.checked_sub(*first)?)))
        .unwrap_or(char::REPLACEMENT_CHARACTER)
}
