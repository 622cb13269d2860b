//! Reading a body within limits that hold for the decoded bytes: size, ratio, rate and patience.

use std::io::{self, Write};
use std::time::Duration;

use brotli_decompressor::DecompressorWriter;
use flate2::write::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use tokio::time::{Instant, timeout_at};

use super::failure::{Failure, FailureKind};

/// From here on the ratio of decoded to received bytes counts.
const RATIO_FROM: usize = 1 << 20;
/// Highest ratio. Real feeds stay under 30.
const MAX_RATIO: usize = 200;
/// Fewer bytes than this in such a stretch end the fetch.
const STRETCH: Duration = Duration::from_secs(15);
const STRETCH_MIN: usize = 15 << 10;

/// How a body is coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    Identity,
    Gzip,
    Deflate,
    Brotli,
}

impl Coding {
    /// Reads the `Content-Encoding` headers. Stacked codings are a way to hide a bomb, and no server
    /// needs them.
    pub(super) fn read<'a>(headers: impl Iterator<Item = &'a [u8]>) -> Result<Self, Failure> {
        let mut coding = Self::Identity;
        for value in headers {
            let value = String::from_utf8_lossy(value).to_ascii_lowercase();
            for word in value.split(',').map(str::trim).filter(|word| !word.is_empty() && *word != "identity")
            {
                if coding != Self::Identity {
                    return Err(Failure::new(FailureKind::Coding, "the answer is compressed more than once"));
                }
                coding = match word {
                    "gzip" | "x-gzip" => Self::Gzip,
                    "deflate" => Self::Deflate,
                    "br" => Self::Brotli,
                    other => {
                        let what = format!("the answer is compressed as `{other}`, which we did not ask for");
                        return Err(Failure::new(FailureKind::Coding, what));
                    }
                };
            }
        }
        Ok(coding)
    }
}

/// Decoded bytes, refusing to grow beyond the limits.
#[derive(Debug, Default)]
struct Sink {
    bytes: Vec<u8>,
    max: usize,
    /// Received so far, set before each chunk.
    received: usize,
    refused: Option<FailureKind>,
}

impl Write for Sink {
    fn write(&mut self, chunk: &[u8]) -> io::Result<usize> {
        let size = self.bytes.len() + chunk.len();
        let refused = if size > self.max {
            Some(FailureKind::TooLarge)
        } else if size > RATIO_FROM && size / MAX_RATIO > self.received {
            Some(FailureKind::Bomb)
        } else {
            None
        };
        if refused.is_some() {
            self.refused = refused;
            return Err(io::Error::other("over the limit"));
        }
        self.bytes.extend_from_slice(chunk);
        Ok(chunk.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Turns received chunks into decoded bytes.
enum Decoder {
    Identity(Sink),
    Gzip(MultiGzDecoder<Sink>),
    Zlib(ZlibDecoder<Sink>),
    Deflate(DeflateDecoder<Sink>),
    Brotli(Box<DecompressorWriter<Sink>>),
}

impl Decoder {
    fn new(coding: Coding, first: &[u8], max: usize) -> Self {
        let sink = Sink { max, ..Sink::default() };
        match coding {
            Coding::Identity => Self::Identity(sink),
            Coding::Gzip => Self::Gzip(MultiGzDecoder::new(sink)),
            // "deflate" means zlib, but some servers send it bare. A zlib header is 8 in the low bits
            // and a multiple of 31 in both bytes.
            Coding::Deflate => match first {
                [a, b, ..] if a & 0x0f == 8 && (u16::from(*a) << 8 | u16::from(*b)) % 31 == 0 => {
                    Self::Zlib(ZlibDecoder::new(sink))
                }
                _ => Self::Deflate(DeflateDecoder::new(sink)),
            },
            Coding::Brotli => Self::Brotli(Box::new(DecompressorWriter::new(sink, 32 << 10))),
        }
    }

    fn sink(&mut self) -> &mut Sink {
        match self {
            Self::Identity(sink) => sink,
            Self::Gzip(decoder) => decoder.get_mut(),
            Self::Zlib(decoder) => decoder.get_mut(),
            Self::Deflate(decoder) => decoder.get_mut(),
            Self::Brotli(decoder) => decoder.get_mut(),
        }
    }

    fn write(&mut self, chunk: &[u8]) -> io::Result<()> {
        match self {
            Self::Identity(sink) => sink.write_all(chunk),
            Self::Gzip(decoder) => decoder.write_all(chunk),
            Self::Zlib(decoder) => decoder.write_all(chunk),
            Self::Deflate(decoder) => decoder.write_all(chunk),
            Self::Brotli(decoder) => decoder.write_all(chunk),
        }
    }

    /// Writes out what is left. An error where the coding says that more should come.
    fn finish(self) -> io::Result<Vec<u8>> {
        let sink = match self {
            Self::Identity(sink) => sink,
            Self::Gzip(decoder) => decoder.finish()?,
            Self::Zlib(decoder) => decoder.finish()?,
            Self::Deflate(decoder) => decoder.finish()?,
            Self::Brotli(mut decoder) => {
                decoder.close()?;
                decoder.into_inner().map_err(|_| io::Error::from(io::ErrorKind::UnexpectedEof))?
            }
        };
        Ok(sink.bytes)
    }
}

/// What a body comes from: an HTTP answer, or chunks in a test.
pub(super) trait Chunks {
    /// The next chunk, `None` at the end.
    async fn next(&mut self) -> Result<Option<Vec<u8>>, Failure>;
}

/// What bounds the reading of one body.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    /// Largest decoded size.
    pub(super) max: usize,
    /// Decoded size from which there must be room for a large body.
    pub(super) large: usize,
    /// Longest silence.
    pub(super) idle: Duration,
    /// When it must be over.
    pub(super) deadline: Instant,
}

/// Reads a body to its end, decoded. `grown` is called when the body outgrows `bounds.large`, and may wait
/// until there is room for it.
pub(super) async fn read<C: Chunks>(
    chunks: &mut C,
    coding: Coding,
    bounds: Bounds,
    grown: impl AsyncFnOnce(),
) -> Result<Vec<u8>, Failure> {
    let Bounds { max, large, idle, deadline } = bounds;
    let late = || Failure::new(FailureKind::Timeout, "not finished in time");
    let mut decoder: Option<Decoder> = None;
    let mut grown = Some(grown);
    let mut received = 0;
    let mut stretch = (Instant::now(), 0);
    loop {
        let patience = deadline.min(Instant::now() + idle);
        let chunk = match timeout_at(patience, chunks.next()).await {
            Ok(chunk) => chunk?,
            Err(_) if patience == deadline => return Err(late()),
            Err(_) => {
                let what = format!("no data for {} s", idle.as_secs());
                return Err(Failure::new(FailureKind::Timeout, what));
            }
        };
        let Some(chunk) = chunk else { break };
        received += chunk.len();
        if stretch.0.elapsed() >= STRETCH {
            if received - stretch.1 < STRETCH_MIN {
                return Err(Failure::new(FailureKind::TooSlow, "less than 1 KiB/s for 15 s"));
            }
            stretch = (Instant::now(), received);
        }
        let decoder = decoder.get_or_insert_with(|| Decoder::new(coding, &chunk, max));
        decoder.sink().received = received;
        // In pieces, so that a small chunk cannot become a large body between two looks at the quota.
        for piece in chunk.chunks(4 << 10) {
            if let Err(error) = decoder.write(piece) {
                return Err(refusal(decoder.sink().refused, max, &error));
            }
            if decoder.sink().bytes.len() > large
                && let Some(grown) = grown.take()
                && timeout_at(deadline, grown()).await.is_err()
            {
                return Err(late());
            }
        }
    }
    let Some(mut decoder) = decoder else { return Ok(Vec::new()) };
    let refused = decoder.sink().refused;
    decoder.finish().map_err(|error| refusal(refused, max, &error))
}

fn refusal(refused: Option<FailureKind>, max: usize, error: &io::Error) -> Failure {
    match refused {
        Some(FailureKind::Bomb) => Failure::new(
            FailureKind::Bomb,
            format!("the answer unpacks to more than {MAX_RATIO} times its size"),
        ),
        Some(kind) => Failure::new(kind, format!("the answer is larger than {} MiB", max >> 20)),
        None if error.kind() == io::ErrorKind::UnexpectedEof => {
            Failure::new(FailureKind::CutShort, "the compressed answer ends too early")
        }
        None => Failure::new(FailureKind::Coding, "the answer is not compressed as it says"),
    }
}

#[cfg(test)]
#[path = "body_tests.rs"]
mod body_tests;
