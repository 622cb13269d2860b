//! Posting an alert to a web address of the user's own: any host may be meant, so no address is refused,
//! and nothing of the answer is used but whether it was taken.

use std::time::Duration;

use reqwest::{Client, header};
use url::Url;

use super::{Failure, FailureKind};

/// Longest time for the whole exchange.
const LIMIT: Duration = Duration::from_secs(10);

/// Posts `body` as JSON and follows no redirect: what the address holds is meant for its host alone.
/// Failures name the host and never the address.
pub async fn post_json(url: &str, body: String) -> Result<(), Failure> {
    let url =
        Url::parse(url).map_err(|_| Failure::told(FailureKind::BadUrl, "its address cannot be read"))?;
    let host = url.host_str().unwrap_or_default().to_owned();
    // Somebody else may have installed one already, which is as good.
    rustls::crypto::ring::default_provider().install_default().ok();
    let client = Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(LIMIT)
        .user_agent(concat!("gigawatch/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|error| Failure::of(&error, &host))?;
    let request = client.post(url).header(header::CONTENT_TYPE, "application/json").body(body);
    let status = request.send().await.map_err(|error| Failure::of(&error, &host))?.status();
    if status.is_success() {
        Ok(())
    } else {
        Err(Failure::told(FailureKind::Status, &format!("`{host}` answered {}", status.as_u16())))
    }
}
