//! From the path that a client asks for to the path that the service is asked for.
//!
//! The service's address comes from the settings alone; from the request come only path and query,
//! and a path only if everybody reads it the same way. One with `..`, an encoded slash or the like
//! means different things to different programs, which is how requests get past a gateway's rules.

use axum::http::StatusCode;
use axum::http::uri::{PathAndQuery, Uri};
use chassis::Problem;

use crate::route::Route;

/// What the service is asked for.
pub fn of(route: &Route, uri: &Uri) -> Result<PathAndQuery, Problem> {
    if let Some(why) = ambiguity(uri.path()) {
        return Err(Problem::new(StatusCode::BAD_REQUEST).detail(why));
    }
    let rest = Route::rest(route.path, uri.path()).unwrap_or_default();
    let path = format!("{}{rest}", route.at.trim_end_matches('/'));
    let path = if path.is_empty() { "/" } else { &path };
    let target = match uri.query() {
        Some(query) => PathAndQuery::try_from(format!("{path}?{query}")),
        None => PathAndQuery::try_from(path),
    };
    target.map_err(|_| Problem::new(StatusCode::BAD_REQUEST))
}

/// Why a path is not passed on.
fn ambiguity(path: &str) -> Option<&'static str> {
    let mut segments = path.split('/').skip(1).peekable();
    while let Some(segment) = segments.next() {
        if segment.is_empty() && segments.peek().is_some() {
            return Some("The path has an empty segment.");
        }
        let mut plain = Vec::with_capacity(segment.len());
        let mut bytes = segment.bytes();
        while let Some(byte) = bytes.next() {
            if byte != b'%' {
                plain.push(byte);
                continue;
            }
            let digits = (bytes.next().and_then(hex), bytes.next().and_then(hex));
            let (Some(high), Some(low)) = digits else {
                return Some("The path has a percent sign that encodes nothing.");
            };
            plain.push(high * 16 + low);
        }
        if plain
            .iter()
            .any(|b| b.is_ascii_control() || matches!(b, b'/' | b'\\'))
        {
            return Some("The path has an encoded slash, a backslash or a control character.");
        }
        // Some servers cut off parameters before they look for dots.
        let name = plain.split(|b| *b == b';').next().unwrap_or_default();
        if name == b"." || name == b".." {
            return Some("The path has a segment of dots.");
        }
    }
    None
}

fn hex(digit: u8) -> Option<u8> {
    u8::try_from(char::from(digit).to_digit(16)?).ok()
}

#[cfg(test)]
mod tests {
    use super::{ambiguity, of};
    use crate::route::Route;

    #[test]
    fn paths_that_can_be_read_in_two_ways_are_refused() {
        for bad in [
            "/orders/../admin",
            "/orders/%2e%2E/admin",
            "/orders/.%2e/admin",
            "/orders/./1",
            "/orders/..;x/admin",
            "/orders//evil",
            "/orders/%2f%2fevil",
            "/orders/%5c..",
            "/orders/\\",
            "/orders/%00",
            "/orders/%0d%0aset-cookie",
            "/orders/%zz",
            "/orders/%2",
        ] {
            assert!(ambiguity(bad).is_some(), "{bad}");
        }
        for good in [
            "/",
            "/orders/",
            "/orders/a.b..c",
            "/orders/@x",
            "/orders/caf%C3%A9",
            "/o/%20",
        ] {
            assert!(ambiguity(good).is_none(), "{good}");
        }
    }

    #[test]
    fn a_route_may_change_the_name() {
        let asked = |route: Route, uri: &str| {
            let target = of(&route, &uri.parse().unwrap()).unwrap();
            target.as_str().to_owned()
        };
        let plain = || Route::new("/orders", "orders");
        assert_eq!(asked(plain(), "/orders/1?a=b"), "/orders/1?a=b");
        assert_eq!(asked(plain().at("/v1/orders"), "/orders/1"), "/v1/orders/1");
        assert_eq!(asked(plain().at("/"), "/orders"), "/");
        assert_eq!(asked(plain().at("/"), "/orders/1?"), "/1?");
        // A whole URL in the request line changes nothing: only its path counts.
        assert_eq!(asked(plain(), "http://evil.example/orders"), "/orders");
    }
}
