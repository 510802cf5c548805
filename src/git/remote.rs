//! Where a repository's source is published, fit to be shown to everybody.

/// The address of a remote without credentials, as `https` where git would use ssh; `None` for a path on this machine.
pub(super) fn public_url(url: &str) -> Option<String> {
    let (scheme, rest) = match url.split_once("://") {
        Some((scheme, rest)) => (scheme, rest.to_owned()),
        // The short form of ssh: user@host:path.
        None => match url.split_once(':') {
            Some((host, path)) if !host.contains('/') => ("ssh", format!("{host}/{}", path.trim_start_matches('/'))),
            _ => return None,
        },
    };
    let (authority, path) = rest.split_once('/')?;
    let host = authority.rsplit('@').next().unwrap_or(authority);
    let path = path.split(['?', '#']).next().unwrap_or(path);
    let path = path.trim_end_matches('/').trim_end_matches(".git");
    match scheme {
        "http" | "https" => Some(format!("{scheme}://{host}/{path}")),
        // The port is ssh's own, and says nothing about where https listens.
        "ssh" | "git" | "git+ssh" => Some(format!("https://{}/{path}", host.split(':').next().unwrap_or(host))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::public_url;

    #[test]
    fn credentials_and_paths_of_this_machine_stay_here() {
        let cases = [
            ("https://me:secret@example.org/acme/orders.git", Some("https://example.org/acme/orders")),
            ("https://token@example.org/acme/orders?x=secret", Some("https://example.org/acme/orders")),
            ("git@example.org:acme/orders.git", Some("https://example.org/acme/orders")),
            ("ssh://git@example.org:2222/acme/orders", Some("https://example.org/acme/orders")),
            ("http://example.org:8000/acme/orders", Some("http://example.org:8000/acme/orders")),
            ("/srv/git/orders.git", None),
            ("./a:b", None),
            ("file:///srv/git/orders.git", None),
        ];
        for (url, expected) in cases {
            assert_eq!(public_url(url).as_deref(), expected, "{url}");
        }
    }
}
