//! Bodies that lie, burst and trickle.

use std::collections::VecDeque;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

use super::*;

/// Chunks, each after a pause.
struct Script(VecDeque<(Duration, Vec<u8>)>);

impl Script {
    fn new(chunks: impl IntoIterator<Item = Vec<u8>>) -> Self {
        Self(chunks.into_iter().map(|chunk| (Duration::ZERO, chunk)).collect())
    }
}

impl Chunks for Script {
    async fn next(&mut self) -> Result<Option<Vec<u8>>, Failure> {
        let Some((pause, chunk)) = self.0.pop_front() else { return Ok(None) };
        if !pause.is_zero() {
            tokio::time::sleep(pause).await;
        }
        Ok(Some(chunk))
    }
}

/// Runs with a clock of its own, so that half a minute takes no time.
fn run(mut script: Script, coding: Coding) -> Result<Vec<u8>, FailureKind> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let deadline = Instant::now() + Duration::from_secs(30);
        let bounds = Bounds { max: 16 << 20, large: 16 << 20, idle: Duration::from_secs(10), deadline };
        read(&mut script, coding, bounds, async || {}).await.map_err(|failure| failure.kind)
    })
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

const FEED: &[u8] = b"<rss version='2.0'><channel><title>Grid</title></channel></rss>";

#[test]
fn every_coding_comes_out_as_it_went_in() {
    let zlib = |bytes: &[u8]| {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    };
    let bare = |bytes: &[u8]| {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    };
    // One stored metablock of three bytes, then the empty last one (RFC 7932, section 9.2).
    let brotli = vec![0x0b, 0x01, 0x80, b'a', b'b', b'c', 0x03];
    assert_eq!(run(Script::new([FEED.to_vec()]), Coding::Identity).unwrap(), FEED);
    assert_eq!(run(Script::new([gzip(FEED)]), Coding::Gzip).unwrap(), FEED);
    assert_eq!(run(Script::new(gzip(FEED).chunks(1).map(<[u8]>::to_vec)), Coding::Gzip).unwrap(), FEED);
    assert_eq!(
        run(Script::new([[gzip(b"two "), gzip(b"members")].concat()]), Coding::Gzip).unwrap(),
        b"two members"
    );
    assert_eq!(run(Script::new([zlib(FEED)]), Coding::Deflate).unwrap(), FEED);
    assert_eq!(run(Script::new([bare(FEED)]), Coding::Deflate).unwrap(), FEED);
    assert_eq!(run(Script::new([brotli]), Coding::Brotli).unwrap(), b"abc");
}

#[test]
fn a_bomb_is_defused_long_before_it_is_large() {
    let bomb = gzip(&vec![b'0'; 64 << 20]);
    assert!(bomb.len() < 100 << 10);
    assert_eq!(run(Script::new([bomb]), Coding::Gzip), Err(FailureKind::Bomb));
}

#[test]
fn a_body_without_end_is_cut_at_the_limit() {
    let endless = std::iter::repeat_n(vec![b' '; 1 << 20], 17);
    assert_eq!(run(Script::new(endless), Coding::Identity), Err(FailureKind::TooLarge));
}

#[test]
fn a_cut_or_false_coding_is_told_apart() {
    let whole = gzip(&FEED.repeat(50));
    assert_eq!(
        run(Script::new([whole[..whole.len() / 2].to_vec()]), Coding::Gzip),
        Err(FailureKind::CutShort)
    );
    assert_eq!(run(Script::new([FEED.to_vec()]), Coding::Gzip), Err(FailureKind::Coding));
    assert_eq!(run(Script::new([]), Coding::Gzip), Ok(Vec::new()));
}

#[test]
fn silence_trickle_and_dawdling_end_in_time() {
    let seconds = Duration::from_secs;
    let drip = |pause: Duration, size: usize| Script(vec![(pause, vec![b'x'; size]); 100].into());
    assert_eq!(run(drip(seconds(11), 100), Coding::Identity), Err(FailureKind::Timeout));
    assert_eq!(run(drip(seconds(1), 1), Coding::Identity), Err(FailureKind::TooSlow));
    assert_eq!(run(drip(seconds(1), 4 << 10), Coding::Identity), Err(FailureKind::Timeout));
}

#[test]
fn stacked_and_unknown_codings_are_refused() {
    let read = |values: &[&str]| Coding::read(values.iter().map(|value| value.as_bytes()));
    assert_eq!(read(&[]).unwrap(), Coding::Identity);
    assert_eq!(read(&["identity"]).unwrap(), Coding::Identity);
    assert_eq!(read(&["X-GZIP"]).unwrap(), Coding::Gzip);
    assert!(read(&["gzip, gzip"]).is_err());
    assert!(read(&["gzip", "br"]).is_err());
    assert!(read(&["zstd"]).is_err());
}
