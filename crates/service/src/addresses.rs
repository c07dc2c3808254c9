//! The addresses that the checker may ask. A client that stores a link chooses the server that the
//! checker asks. This module keeps it from choosing a server of the network around the service.

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use tokio::net::lookup_host;
use url::{Host, Url};

/// Looks names up as the system does, and leaves out the private addresses. The checker connects to
/// what this returns, so a name cannot have another address in between.
#[derive(Clone, Copy, Debug)]
pub struct Public;

/// Why a link is not asked for.
#[derive(Debug, thiserror::Error)]
#[error("{0} is a private address: see CHECK_PRIVATE")]
pub struct Private(pub String);

impl Resolve for Public {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let mut all = lookup_host((name.as_str(), 0)).await?.peekable();
            let first = all.peek().map(|address| address.ip().to_string());
            let public: Vec<_> = all.filter(|address| is_public(address.ip())).collect();
            match first {
                Some(private) if public.is_empty() => Err(Private(private).into()),
                _ => Ok(Box::new(public.into_iter()) as Addrs),
            }
        })
    }
}

/// Returns the host of a link if it is a private address. Such a host is not looked up as a name.
pub fn private(url: &str) -> Option<Private> {
    let url = Url::parse(url).ok()?;
    let address = match url.host()? {
        Host::Ipv4(address) => IpAddr::V4(address),
        Host::Ipv6(address) => IpAddr::V6(address),
        Host::Domain(_) => return None,
    };
    (!is_public(address)).then(|| Private(address.to_string()))
}

/// Returns whether the address is one of the public Internet, by the registries of IANA.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    match (a, b, c) {
        // This machine, private networks, carriers, and the link: clouds keep secrets at 169.254.
        (0 | 10 | 127, ..) | (100, 64..=127, _) | (169, 254, _) => false,
        (172, 16..=31, _) | (192, 168, _) | (198, 18 | 19, _) => false,
        // Protocols and documents.
        (192, 0, 0 | 2) | (198, 51, 100) | (203, 0, 113) => false,
        // Many hosts at once, and what is reserved.
        (224.., ..) => false,
        _ => true,
    }
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [.., high, low] = address.segments();
    let inner = Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low));
    match address.segments() {
        // IPv4 in IPv6: mapped, and for a network without IPv4.
        [0, 0, 0, 0, 0, 0xffff, ..] | [0x64, 0xff9b, 0, 0, 0, 0, ..] => is_public_v4(inner),
        // Protocols, documents, and a tunnel that ends at any address of IPv4.
        [0x2001, 0..=0x1ff, ..] | [0x2001, 0xdb8, ..] | [0x2002, ..] | [0x3fff, ..] => false,
        // All else that is public begins so.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_the_network_around_is_private_in_every_spelling() {
        for url in [
            "http://127.0.0.1/",
            "http://127.1:8080/",
            "http://2130706433/",
            "http://0x7f.0.0.1/",
            "http://0/",
            "http://10.1.2.3/",
            "http://100.64.0.1/",
            "http://169.254.169.254/latest/meta-data",
            "http://172.31.255.255/",
            "http://192.168.0.1/",
            "http://255.255.255.255/",
            "http://[::]/",
            "http://[::1]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[64:ff9b::10.0.0.1]/",
            "http://[2002:7f00:1::]/",
            "http://[fd00::1]/",
            "http://[fe80::1]/",
            "http://[ff02::1]/",
        ] {
            let said = private(url).unwrap_or_else(|| panic!("{url} is taken for public"));
            assert!(said.to_string().contains("CHECK_PRIVATE"), "{said}");
        }
        for url in [
            "http://1.1.1.1/",
            "http://100.128.0.1/",
            "http://172.32.0.1/",
            "http://[2606:4700::1111]/",
            "http://[::ffff:1.1.1.1]/",
            "http://[64:ff9b::1.1.1.1]/",
            "http://example.com/",
        ] {
            assert!(private(url).is_none(), "{url}");
        }
    }

    #[tokio::test]
    async fn a_name_with_private_addresses_alone_is_refused() {
        let Err(refused) = Public.resolve("localhost".parse().unwrap()).await else {
            panic!("it is this machine");
        };
        assert!(refused.to_string().contains("CHECK_PRIVATE"), "{refused}");
    }
}
