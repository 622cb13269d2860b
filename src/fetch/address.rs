//! Which addresses a feed may not make us call.
//!
//! Ranges from the IANA special-purpose address registries for IPv4 and IPv6. A host name is checked by
//! what it resolves to (see `resolve`), a literal by what the URL parser makes of it: that folds decimal,
//! octal, hexadecimal, short and full-width spellings into one.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// What kind of forbidden address `ip` is, `None` if it is public.
pub(super) fn forbidden(ip: IpAddr) -> Option<&'static str> {
    match ip {
        IpAddr::V4(ip) => forbidden_v4(ip),
        IpAddr::V6(ip) => forbidden_v6(ip),
    }
}

/// Whether a URL names a host that is refused unless the feed is allowed private addresses, as far as can be
/// seen without resolving a name.
pub fn is_private(url: &str) -> bool {
    let url = Url::parse(url.trim()).ok();
    let told = |url: Url| match url.host()? {
        Host::Domain(name) => (name == "localhost" || name.ends_with(".localhost")).then_some("loopback"),
        Host::Ipv4(ip) => forbidden_v4(ip),
        Host::Ipv6(ip) => forbidden_v6(ip),
    };
    url.and_then(told).is_some()
}

/// As [`forbidden`], for an address that a name resolved to. Networks without IPv4 give
/// `64:ff9b::/96` for every host that has nothing else (RFC 6147): there the address inside counts.
pub(super) fn forbidden_resolved(ip: IpAddr) -> Option<&'static str> {
    match ip {
        IpAddr::V6(v6) if within(v6, 0x0064_ff9b, 0, 96) => forbidden_v4(embedded(v6)),
        other => forbidden(other),
    }
}

const V4: &[([u8; 4], u32, &str)] = &[
    ([0, 0, 0, 0], 8, "this network"),
    ([10, 0, 0, 0], 8, "private"),
    ([100, 64, 0, 0], 10, "carrier-grade NAT"),
    ([127, 0, 0, 0], 8, "loopback"),
    ([169, 254, 0, 0], 16, "link-local"),
    ([172, 16, 0, 0], 12, "private"),
    ([192, 0, 0, 0], 24, "reserved"),
    ([192, 0, 2, 0], 24, "documentation"),
    ([192, 88, 99, 0], 24, "6to4 relay"),
    ([192, 168, 0, 0], 16, "private"),
    ([198, 18, 0, 0], 15, "benchmarking"),
    ([198, 51, 100, 0], 24, "documentation"),
    ([203, 0, 113, 0], 24, "documentation"),
    ([224, 0, 0, 0], 4, "multicast"),
    ([240, 0, 0, 0], 4, "reserved"),
];

fn forbidden_v4(ip: Ipv4Addr) -> Option<&'static str> {
    let bits = ip.to_bits();
    V4.iter()
        .find(|(network, length, _)| (bits ^ u32::from_be_bytes(*network)) >> (32 - length) == 0)
        .map(|(_, _, what)| *what)
}

fn forbidden_v6(ip: Ipv6Addr) -> Option<&'static str> {
    if ip.is_unspecified() {
        return Some("unspecified");
    }
    if ip.is_loopback() {
        return Some("loopback");
    }
    if ip.to_ipv4_mapped().is_some() {
        return Some("IPv4-mapped");
    }
    if within(ip, 0x0064_ff9b, 0, 96) || within(ip, 0x0064_ff9b, 0x0001_0000, 48) {
        return Some("NAT64");
    }
    if within(ip, 0xfc00_0000, 0, 7) {
        return Some("private");
    }
    if within(ip, 0xfe80_0000, 0, 10) {
        return Some("link-local");
    }
    if within(ip, 0xff00_0000, 0, 8) {
        return Some("multicast");
    }
    // Nothing outside 2000::/3 has been given out for public use.
    if !within(ip, 0x2000_0000, 0, 3) {
        return Some("reserved");
    }
    if within(ip, 0x2002_0000, 0, 16) {
        return Some("6to4");
    }
    if within(ip, 0x2001_0000, 0, 23) {
        return Some("reserved (Teredo, ORCHID)");
    }
    if within(ip, 0x2001_0db8, 0, 32) || within(ip, 0x3fff_0000, 0, 20) {
        return Some("documentation");
    }
    // ISATAP carries an IPv4 address in its interface identifier.
    if matches!(ip.segments(), [_, _, _, _, 0 | 0x200, 0x5efe, _, _]) {
        return forbidden_v4(embedded(ip)).map(|_| "ISATAP");
    }
    None
}

/// The IPv4 address in the last four bytes.
fn embedded(ip: Ipv6Addr) -> Ipv4Addr {
    Ipv4Addr::from_bits(ip.to_bits() as u32)
}

/// Whether `ip` is in the network of `length` bits that begins with the two words.
fn within(ip: Ipv6Addr, first: u32, second: u32, length: u32) -> bool {
    let network = (u128::from(first) << 96) | (u128::from(second) << 64);
    (ip.to_bits() ^ network) >> (128 - length) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_private_address_is_seen_in_any_spelling() {
        for (url, private) in [
            ("http://127.1/feed", true),
            ("http://0x7f000001/", true),
            ("http://[::1]:8080/", true),
            ("http://100.64.0.1/", true),
            ("https://localhost/feed", true),
            ("https://example.org/feed", false),
            ("https://9.9.9.9/", false),
            ("no address", false),
        ] {
            assert_eq!(is_private(url), private, "{url}");
        }
    }

    #[test]
    fn every_special_range_is_forbidden_to_its_ends() {
        for ip in [
            "0.0.0.0",
            "0.255.255.255",
            "10.0.0.1",
            "10.255.255.255",
            "100.64.0.0",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "172.16.0.0",
            "172.31.255.255",
            "192.0.0.1",
            "192.0.2.1",
            "192.168.0.1",
            "198.18.0.0",
            "198.19.255.255",
            "224.0.0.1",
            "239.255.255.255",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:8.8.8.8",
            "::ffff:127.0.0.1",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b::808:808",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "fc00::1",
            "fdff::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "2600::5efe:7f00:1",
            "3fff::1",
            "5f00::1",
        ] {
            assert!(forbidden(ip.parse().unwrap()).is_some(), "{ip} must be refused");
        }
    }

    #[test]
    fn public_addresses_pass_up_to_the_edges() {
        for ip in [
            "1.1.1.1",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "2606:4700::1111",
            "2a00::1",
            "2600::5efe:808:808",
        ] {
            assert_eq!(forbidden(ip.parse().unwrap()), None, "{ip} is public");
        }
    }

    #[test]
    fn a_synthesised_address_counts_as_what_it_carries() {
        assert_eq!(forbidden_resolved("64:ff9b::808:808".parse().unwrap()), None);
        assert!(forbidden_resolved("64:ff9b::a00:1".parse().unwrap()).is_some());
    }
}
