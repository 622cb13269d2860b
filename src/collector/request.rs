//! From a configured feed to the request that asks for it.

use url::Url;

use super::schedule::wants_full;
use crate::config::feeds::{Auth, Feed};
use crate::domain::time::Timestamp;
use crate::fetch::{Failure, FailureKind, Request, Want};
use crate::store::FeedState;

/// The request for a poll of `feed` at `now`. Reads the feed's secrets and may block while a command gives
/// one.
pub(super) fn request(feed: &Feed, state: &FeedState, now: Timestamp) -> Result<Request, Failure> {
    let home = feed
        .address
        .on(now.day())
        .ok_or_else(|| Failure::new(FailureKind::BadUrl, format!("`{}` is no address", feed.address)))?;
    let mut headers: Vec<(String, String)> =
        feed.headers.iter().map(|(name, secret)| (name.clone(), secret.expose().to_owned())).collect();
    if let Some(auth) = &feed.auth {
        headers.push(("Authorization".to_owned(), authorization(auth)?));
    }
    let url = state.moved_to.clone().unwrap_or_else(|| home.to_string());
    // Secrets belong to the configured host alone, also after a move.
    if state
        .moved_to
        .as_deref()
        .and_then(|moved| Url::parse(moved).ok())
        .is_some_and(|moved| moved.origin() != home.origin())
    {
        headers.clear();
    }
    Ok(Request {
        url,
        want: Want::Feed,
        user_agent: feed.user_agent.clone(),
        headers,
        allow_private: feed.allow_private.then(|| home.to_string()),
        validators: state.validators.clone().filter(|_| !wants_full(state, now)),
        now,
    })
}

/// Host and port of a request, as the places are counted.
pub(super) fn authority(url: &str) -> String {
    let Ok(url) = Url::parse(url) else { return String::new() };
    format!("{}:{}", url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or_default())
}

fn authorization(auth: &Auth) -> Result<String, Failure> {
    let failed =
        |error: crate::config::secret::NoSecret| Failure::new(FailureKind::Denied, error.to_string());
    Ok(match auth {
        Auth::Bearer(source) => format!("Bearer {}", source.read().map_err(failed)?.expose()),
        Auth::Basic { user, password } => {
            let password = password.read().map_err(failed)?;
            format!("Basic {}", base64(format!("{user}:{}", password.expose()).as_bytes()))
        }
    })
}

/// Standard base64 with padding (RFC 4648, section 4).
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group =
            chunk.iter().fold(0_u32, |sum, byte| sum << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let letter = LETTERS[(group >> (18 - 6 * place)) as usize & 63] as char;
            text.push(if place > chunk.len() { '=' } else { letter });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_as_in_the_standard() {
        for (plain, coded) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("Aladdin:open sesame", "QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
        ] {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }
}
