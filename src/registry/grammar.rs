//! Reads the name of an image, by the grammar of the distribution project's `reference` package.
//!
//! `oci-client` can do that, too, by an expression over all letters of Unicode: for one name, 40 ms and 15 MB.

use oci_client::Reference;

/// Who is asked where a name has no registry.
const HUB: &str = "docker.io";
/// Where the images lie there that are nobody's.
const OFFICIAL: &str = "library";
/// Letters of a repository at most.
const LONGEST: usize = 255;
/// Hexadecimal digits of digests.
const DIGITS: [(&str, usize); 3] = [("sha256", 64), ("sha384", 96), ("sha512", 128)];

/// The parts of a name. Without tag and digest, the tag is `latest`.
///
/// # Errors
/// Which part is not as it must be.
pub(super) fn parse(text: &str) -> Result<Reference, &'static str> {
    let (text, digest) = text.split_once('@').map_or((text, None), |(text, digest)| (text, Some(digest)));
    let (name, tag) = match text.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => (name, Some(tag)),
        _ => (text, None),
    };
    let (registry, path) = match name.split_once('/') {
        Some((first, path)) if first == "localhost" || first.contains(['.', ':']) => (first, path),
        _ => (HUB, name),
    };
    if !is_host(registry) {
        return Err("its registry is not a host name with or without a port");
    }
    if path.chars().any(char::is_uppercase) {
        return Err("its repository is not in lower case");
    }
    if !path.split('/').all(is_component) || path.len() > LONGEST {
        return Err("its repository is not words of letters and digits with `.`, `_`, `-` and `/` between them");
    }
    if !tag.is_none_or(is_tag) {
        return Err("its tag is not up to 128 letters, digits, `.`, `_` and `-`");
    }
    if !digest.is_none_or(is_digest) {
        return Err("its digest is not like `sha256:` and 64 hexadecimal digits");
    }
    let registry = if registry == "index.docker.io" { HUB } else { registry }.to_owned();
    let official = registry == HUB && !path.contains('/');
    let path = if official { format!("{OFFICIAL}/{path}") } else { path.to_owned() };
    Ok(match (tag.map(str::to_owned), digest.map(str::to_owned)) {
        (Some(tag), Some(digest)) => Reference::with_tag_and_digest(registry, path, tag, digest),
        (None, Some(digest)) => Reference::with_digest(registry, path, digest),
        (tag, None) => Reference::with_tag(registry, path, tag.unwrap_or_else(|| "latest".to_owned())),
    })
}

fn is_host(text: &str) -> bool {
    let word = |word: &str| {
        let alphanumeric = |end: Option<char>| end.is_some_and(|c| c.is_ascii_alphanumeric());
        let all = word.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        all && alphanumeric(word.chars().next()) && alphanumeric(word.chars().next_back())
    };
    let address = |text: &str| text.parse::<std::net::Ipv6Addr>().is_ok();
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (text, None),
    };
    let bracketed = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    bracketed.map_or_else(|| host.split('.').all(word), address) && port.is_none_or(is_number)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_component(text: &str) -> bool {
    let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let between = |between: &str| matches!(between, "." | "_" | "__") || between.bytes().all(|b| b == b'-');
    text.starts_with(inner) && text.ends_with(inner) && text.split(inner).all(between)
}

fn is_tag(text: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.len() <= 128 && text.starts_with(word) && text.chars().all(|c| word(c) || matches!(c, '.' | '-'))
}

fn is_digest(text: &str) -> bool {
    let hex = |hex: &str| hex.bytes().all(|b| b.is_ascii_hexdigit());
    text.split_once(':').is_some_and(|(algorithm, digits)| DIGITS.contains(&(algorithm, digits.len())) && hex(digits))
}

#[cfg(test)]
mod tests {
    use super::parse;

    const REGISTRIES: [&str; 10] = [
        "",
        "localhost/",
        "localhost:5000/",
        "ghcr.io/",
        "index.docker.io/",
        "docker.io/",
        "Registry.example.org:443/",
        "a..b/",
        "-a.b/",
        "a.b:x/",
    ];
    const PATHS: [&str; 16] = [
        "orders",
        "acme/orders",
        "a/b/c",
        "a.b_c__d-e--f",
        "a___b",
        "a..b",
        "-a",
        "a-",
        "a//b",
        "",
        "Acme/orders",
        "0/1",
        "a._b",
        "/a",
        "a/",
        "é",
    ];
    const TAGS: [&str; 8] = ["", ":v1", ":1.2-rc_3", ":_", ":-a", ":.a", ":", ":a:b"];
    const HEX: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    /// Each of `fronts` with each of `backs`.
    fn joined<'a>(fronts: &'a [String], backs: &'a [&str]) -> Vec<String> {
        fronts.iter().flat_map(|front| backs.iter().map(move |back| format!("{front}{back}"))).collect()
    }

    #[test]
    fn names_are_read_as_the_library_reads_them() {
        let digests =
            [String::new(), format!("@sha256:{HEX}"), format!("@sha256:{}", &HEX[1..]), "@sha256:".to_owned()];
        let names = joined(&joined(&REGISTRIES.map(str::to_owned), &PATHS), &TAGS);
        let names = joined(&names, &digests.each_ref().map(String::as_str));
        let (good, bad): (Vec<_>, Vec<_>) = names.iter().partition(|name| {
            // It takes a first word in upper case for a host, and then finds that it is none.
            let is_lower = |known: &oci_client::Reference| !known.repository().contains(char::is_uppercase);
            let library = name.parse::<oci_client::Reference>().ok().filter(is_lower);
            assert_eq!(parse(name).ok(), library, "{name}");
            library.is_some()
        });
        assert!(good.len() > 100 && bad.len() > 100, "{} {}", good.len(), bad.len());
    }

    #[test]
    fn it_is_said_what_is_wrong() {
        for (name, why) in [
            ("Acme/orders", "lower case"),
            ("a.b:x/orders", "registry"),
            ("acme//orders", "repository"),
            ("orders:-", "tag"),
            ("orders@sha256:12", "digest"),
        ] {
            assert!(parse(name).unwrap_err().contains(why), "{name}");
        }
        assert!(parse(&format!("orders:{}", "a".repeat(128))).is_ok());
        assert!(parse(&format!("orders:{}", "a".repeat(129))).is_err());
        assert!(parse(&"a".repeat(256)).is_err());
    }
}
