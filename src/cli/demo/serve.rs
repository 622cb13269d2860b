//! The archive as growing feeds over loopback HTTP: what a publisher's server would answer, and no more.

use std::io;
use std::net::Ipv4Addr;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::archive::{Archive, DemoFeed};
use super::render::render;
use crate::domain::outlet::Tier;
use crate::domain::time::Timestamp;

/// The longest request head that is read.
const HEAD: usize = 8 * 1024;
/// How long a client may take over one exchange.
const PATIENCE: Duration = Duration::from_secs(5);

/// One feed with the address that it is served at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Served {
    /// Its id.
    pub(super) id: String,
    /// As shown.
    pub(super) name: String,
    /// Tier for hosts that no `outlets.toml` knows.
    pub(super) tier: Tier,
    /// Where it is.
    pub(super) url: String,
}

/// A loopback server over an archive, showing what has been published by its clock.
pub(super) struct Server<Now> {
    listener: TcpListener,
    archive: Archive,
    now: Now,
}

impl<Now: Fn() -> Timestamp> Server<Now> {
    /// Takes a free port of 127.0.0.1. `now` tells the demo's time.
    pub(super) async fn bind(archive: Archive, now: Now) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        Ok(Self { listener, archive, now })
    }

    /// What it serves.
    pub(super) fn feeds(&self) -> io::Result<Vec<Served>> {
        let address = self.listener.local_addr()?;
        let served = |feed: &DemoFeed| Served {
            id: feed.id.clone(),
            name: feed.name.clone(),
            tier: feed.tier,
            url: format!("http://{address}/feeds/{}", feed.id),
        };
        Ok(self.archive.feeds.iter().map(served).collect())
    }

    /// Answers for as long as it is polled. One client's failure is that client's alone.
    pub(super) async fn run(&self) {
        let mut exchanges = FuturesUnordered::new();
        loop {
            tokio::select! {
                accepted = self.listener.accept() => {
                    if let Ok((stream, _)) = accepted {
                        exchanges.push(tokio::time::timeout(PATIENCE, self.exchange(stream)));
                    }
                }
                Some(_) = exchanges.next(), if !exchanges.is_empty() => {}
            }
        }
    }

    /// One request, one answer, and the connection is closed.
    async fn exchange(&self, mut stream: TcpStream) -> io::Result<()> {
        let mut head = Vec::new();
        let mut chunk = [0; 1024];
        while !head.windows(4).any(|end| end == b"\r\n\r\n") && head.len() < HEAD {
            match stream.read(&mut chunk).await? {
                0 => break,
                read => head.extend_from_slice(chunk.get(..read).unwrap_or_default()),
            }
        }
        stream.write_all(&self.answer(&String::from_utf8_lossy(&head))).await?;
        stream.shutdown().await
    }

    fn answer(&self, head: &str) -> Vec<u8> {
        let mut lines = head.lines();
        let mut request = lines.next().unwrap_or_default().split(' ');
        if request.next() != Some("GET") {
            return plain("405 Method Not Allowed", "only GET");
        }
        let id = request.next().unwrap_or_default().trim_start_matches("/feeds/");
        let Some(feed) = self.archive.feeds.iter().find(|feed| feed.id == id) else {
            return plain("404 Not Found", "no such feed");
        };
        let published = || self.archive.published(&feed.id, (self.now)());
        // A feed of the archive only ever grows, so its length names its state.
        let tag = format!("\"{}-{}\"", feed.id, published().count());
        let given = lines
            .filter_map(|line| line.split_once(':'))
            .find(|(name, _)| name.eq_ignore_ascii_case("if-none-match"))
            .map(|(_, value)| value.trim());
        if given == Some(tag.as_str()) {
            return format!("HTTP/1.1 304 Not Modified\r\nETag: {tag}\r\nConnection: close\r\n\r\n")
                .into_bytes();
        }
        let document = render(feed, published().rev());
        format!(
            "HTTP/1.1 200 OK\r\nContent-Type: {}\r\nContent-Length: {}\r\nETag: {tag}\r\nConnection: close\r\n\r\n{}",
            document.content_type,
            document.body.len(),
            document.body
        )
        .into_bytes()
    }
}

fn plain(status: &str, text: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{text}",
        text.len()
    )
    .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    /// Sends one request while the server runs, and returns the whole answer.
    async fn ask<Now: Fn() -> Timestamp>(server: &Server<Now>, request: &str) -> String {
        let address = server.listener.local_addr().unwrap();
        let exchange = async {
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.write_all(request.as_bytes()).await.unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.unwrap();
            answer
        };
        tokio::select! {
            answer = exchange => answer,
            () = server.run() => unreachable!("the server runs for ever"),
        }
    }

    fn run(test: impl Future<Output = ()>) {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(test);
    }

    #[test]
    fn a_feed_grows_with_the_clock_and_answers_304_in_between() {
        run(async {
            let now = Cell::new("2025-12-01".parse().unwrap());
            let server = Server::bind(Archive::embedded().unwrap(), || now.get()).await.unwrap();
            let first = ask(&server, "GET /feeds/newswire HTTP/1.1\r\nHost: x\r\n\r\n").await;
            assert!(first.starts_with("HTTP/1.1 200 OK\r\n"), "{first}");
            assert!(!first.contains("2 GW of Amazon"), "from the future");
            let tag = first.lines().find_map(|line| line.strip_prefix("ETag: ")).unwrap();
            let again = format!("GET /feeds/newswire HTTP/1.1\r\nIf-None-Match: {tag}\r\n\r\n");
            assert!(ask(&server, &again).await.starts_with("HTTP/1.1 304 Not Modified\r\n"));
            now.set("2026-03-01".parse().unwrap());
            let later = ask(&server, &again).await;
            assert!(later.starts_with("HTTP/1.1 200 OK\r\n") && later.contains("2 GW of Amazon"), "{later}");
        });
    }

    #[test]
    fn anything_else_gets_a_plain_refusal() {
        run(async {
            let server = Server::bind(Archive::embedded().unwrap(), || Timestamp(0)).await.unwrap();
            assert!(ask(&server, "GET /feeds/nothing HTTP/1.1\r\n\r\n").await.starts_with("HTTP/1.1 404"));
            assert!(ask(&server, "POST /feeds/newswire HTTP/1.1\r\n\r\n").await.starts_with("HTTP/1.1 405"));
            assert!(ask(&server, "nonsense\r\n\r\n").await.starts_with("HTTP/1.1 405"));
        });
    }
}
