//! Opening a source in the user's browser: an address and nothing else, and never through a shell.

use std::process::{Child, Command, Stdio};
use std::thread;

use url::Url;

use crate::domain::text::DisplayText;

/// An address that may be opened: http or https with a host and without a user's name, written again by
/// the parser so that nothing in it is anything but an address.
fn checked(url: &str) -> Result<Url, String> {
    let shown = DisplayText::line(url, 80);
    let url = Url::parse(url).map_err(|_| format!("`{shown}` is no address"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!("`{shown}` is not opened: only http and https are"));
    }
    if url.host_str().is_none_or(str::is_empty) {
        return Err(format!("`{shown}` is not opened: it names no host"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(format!("`{shown}` is not opened: the name before `@` may feign another site"));
    }
    Ok(url)
}

/// The program and arguments that open an address; never a shell.
fn opener(url: &Url, configured: &[String], environment_browser: &str) -> (String, Vec<String>) {
    if let Some((program, arguments)) = configured.split_first() {
        let mut arguments: Vec<String> =
            arguments.iter().map(|argument| argument.replace("{url}", url.as_str())).collect();
        if !configured.iter().any(|argument| argument.contains("{url}")) {
            arguments.push(url.as_str().to_owned());
        }
        return (program.clone(), arguments);
    }
    // `$BROWSER` may be a list; its first entry is a program, with arguments perhaps.
    let named = environment_browser.split(':').next().unwrap_or_default();
    let mut words = named.split_whitespace().map(str::to_owned);
    if let Some(program) = words.next() {
        let mut arguments: Vec<String> = words.map(|word| word.replace("%s", url.as_str())).collect();
        if !named.contains("%s") {
            arguments.push(url.as_str().to_owned());
        }
        return (program, arguments);
    }
    let program = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    (program.to_owned(), vec![url.as_str().to_owned()])
}

/// Opens an address in the browser. Says what was opened, or why not.
pub(super) fn open_link(url: &str, configured: &[String]) -> Result<String, String> {
    let url = checked(url)?;
    let variable = std::env::var("BROWSER").unwrap_or_default();
    let (program, arguments) = opener(&url, configured, &variable);
    let host = url.host_str().unwrap_or_default().to_owned();
    match Command::new(&program)
        .args(&arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
    {
        Ok(child) => {
            reap(child);
            Ok(format!("opened at {host}"))
        }
        Err(error) => Err(format!(
            "`{program}` cannot be started ({error}); y copies the link, `browser` in gigawatch.toml names another program"
        )),
    }
}

/// Waits for a child where nobody else does, so that it leaves no zombie.
pub(super) fn reap(mut child: Child) {
    let waiting = thread::Builder::new().name("reaper".into()).spawn(move || child.wait());
    if let Err(error) = waiting {
        tracing::debug!(%error, "nobody waits for a child");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_are_opened() {
        for hostile in [
            "javascript:alert(1)",
            "file:///etc/passwd",
            "data:text/html,x",
            "ssh://host/",
            "mailto:a@b.c",
            "-version",
            "--help",
            "http://",
            "https://bank.example@evil.example/",
            "https://user:pass@host.example/",
            "$(touch x)",
            "",
        ] {
            assert!(checked(hostile).is_err(), "{hostile}");
        }
        let url = checked("https://example.org/a b?q=`id`&x=$(id)\"'").unwrap();
        assert!(!url.as_str().contains([' ', '"']), "{url}");
    }

    #[test]
    fn the_opener_gets_the_address_as_one_argument() {
        let url = checked("https://example.org/a;b").unwrap();
        let (_, arguments) = opener(&url, &[], "");
        assert_eq!(arguments, ["https://example.org/a;b"]);
        let (program, arguments) =
            opener(&url, &["firefox".into(), "--new-tab".into(), "{url}".into()], "lynx");
        assert_eq!((program.as_str(), arguments.len()), ("firefox", 2));
        assert_eq!(opener(&url, &["lynx".into()], "").1, ["https://example.org/a;b"]);
        assert_eq!(
            opener(&url, &[], "w3m -N:lynx"),
            ("w3m".into(), vec!["-N".into(), "https://example.org/a;b".into()])
        );
    }
}
