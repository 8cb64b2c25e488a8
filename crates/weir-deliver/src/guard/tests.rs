use super::*;

/// The first, a middle and the last address of every range that is not public, and its neighbours that are.
const FORBIDDEN: &[&str] = &[
    "0.0.0.0",
    "0.255.255.255",
    "10.0.0.0",
    "10.1.2.3",
    "10.255.255.255",
    "100.64.0.0",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.255",
    "169.254.0.0",
    "169.254.169.254",
    "169.254.255.255",
    "172.16.0.0",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.2.1",
    "192.31.196.1",
    "192.52.193.1",
    "192.88.99.1",
    "192.168.0.0",
    "192.168.255.255",
    "192.175.48.1",
    "198.18.0.0",
    "198.19.255.255",
    "198.51.100.7",
    "203.0.113.255",
    "224.0.0.0",
    "239.255.255.255",
    "240.0.0.0",
    "255.255.255.255",
    // IPv6: unspecified, loopback, mapped, compatible, NAT64 (both), discard, Teredo, documentation, 6to4,
    // unique local, link-local, site-local, multicast, segment routing, not assigned.
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
    "::ffff:169.254.169.254",
    "::127.0.0.1",
    "::8.8.8.8",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "64:ff9b:1:8:808:808::",
    "100::1",
    "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:808:808::1",
    "2620:4f:8000::1",
    "3fff::1",
    "fc00::1",
    "fd00::1",
    "fdff:ffff::1",
    "fe80::1",
    "febf::1",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
    "5f00::1",
    "4000::1",
];

const PUBLIC: &[&str] = &[
    "1.1.1.1",
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.0",
    "169.253.255.255",
    "169.255.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "192.167.255.255",
    "192.169.0.0",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "2606:4700:4700::1111",
    "2001:4860:4860::8888",
];

#[test]
fn only_public_addresses_are_allowed() {
    let guard = Guard::default();
    for text in FORBIDDEN {
        assert!(!guard.allows(text.parse().unwrap()), "{text}");
    }
    for text in PUBLIC {
        assert!(guard.allows(text.parse().unwrap()), "{text}");
    }
}

#[test]
fn every_table_parses() {
    for (network, _) in DENIED_V4.iter().chain(DENIED_V6).chain(&[(PUBLIC_V6, "")]) {
        network.parse::<Network>().unwrap();
    }
}

#[test]
fn the_operator_may_allow_networks_and_nothing_else_opens() {
    let guard = Guard::new("127.0.0.0/8, 10.1.2.3,fd00:1::/32").unwrap();
    for text in ["127.0.0.1", "127.9.9.9", "10.1.2.3", "fd00:1::7"] {
        assert!(guard.allows(text.parse().unwrap()), "{text}");
    }
    for text in ["10.1.2.4", "fd00:2::7", "::1", "::ffff:127.0.0.1", "192.168.0.1"] {
        assert!(!guard.allows(text.parse().unwrap()), "{text}");
    }
    assert!(Guard::new("0.0.0.0/0").unwrap().allows("10.0.0.1".parse().unwrap()));
    for wrong in ["localhost", "10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0/8", "a/8"] {
        let error = Guard::new(wrong).unwrap_err();
        assert_eq!(error.message, format!("\"{wrong}\" is not a network"));
    }
}

#[track_caller]
fn check(url: &str, code: Code, message: &str) {
    let error = Guard::default().check_url(url).unwrap_err();
    assert_eq!((error.code, error.message.as_str()), (code, message));
    assert_eq!(error.at.as_deref(), Some("/url"));
}

#[test]
fn urls_are_checked_when_they_are_saved() {
    let invalid = Code::InvalidDestination;
    check("ftp://example.com/", invalid, "a URL begins with https:// or http://");
    check("file:///etc/passwd", invalid, "this is not a URL");
    check("gopher://127.0.0.1/", invalid, "a URL begins with https:// or http://");
    check("example.com", invalid, "a URL begins with https:// or http://");
    check("/path", invalid, "a URL begins with https:// or http://");
    check("https://", invalid, "this is not a URL");
    check("https://a b/", invalid, "this is not a URL");
    check("https://ada:secret@example.com/", invalid, "a URL holds no user name and no password");
    check("https://example.com@127.0.0.1/", invalid, "a URL holds no user name and no password");
    let forbidden = |host: &str, address: &str| {
        let message = format!("nothing is sent to {host}: {address} is not a public address");
        check(&format!("http://{host}:8080/x"), Code::ForbiddenAddress, &message);
    };
    forbidden("127.0.0.1", "127.0.0.1");
    forbidden("169.254.169.254", "169.254.169.254");
    forbidden("[::1]", "::1");
    forbidden("[::ffff:10.0.0.1]", "::ffff:10.0.0.1");
    forbidden("[fd00::1]", "fd00::1");
}

#[test]
fn other_ways_to_write_an_address_lead_to_the_same_check() {
    for url in
        ["http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/", "http://127.1/", "http://0/"]
    {
        // Where the system reads these as addresses they are loopback, elsewhere they are names without an address;
        // nowhere are they public.
        let uri = parse(url).unwrap();
        assert!(Guard::default().addresses(&uri).is_err(), "{url}");
    }
}

fn at(text: &str) -> Vec<SocketAddr> {
    vec![SocketAddr::new(text.parse().unwrap(), 80)]
}

#[test]
fn a_name_is_as_good_as_its_worst_address() {
    let guard = Guard::default().with_names(|host| match host {
        "private.test:80" => at("10.0.0.1"),
        "mixed.test:443" => [at("8.8.8.8"), at("127.0.0.1")].concat(),
        "public.test:80" => at("8.8.8.8"),
        _ => Vec::new(),
    });
    assert_eq!(guard.check_url("http://private.test/").unwrap_err().code, Code::ForbiddenAddress);
    assert_eq!(guard.check_url("https://mixed.test/").unwrap_err().code, Code::ForbiddenAddress);
    guard.check_url("http://public.test/").unwrap();
    guard.check_url("http://nowhere.test/").unwrap();
}
