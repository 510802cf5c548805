//! One line of the table of routes.

use std::time::Duration;

use anyhow::{bail, ensure};

/// What the gateway answers itself.
const OWN_PATHS: [&str; 2] = ["/docs", "/openapi.json"];

/// A path of the gateway, all paths below it, and the service that answers there.
#[derive(Debug, Clone)]
pub struct Route {
    /// As clients see it: `/orders`.
    pub path: &'static str,
    /// The service behind it.
    pub service: &'static str,
    /// The same path as the service has it.
    pub at: &'static str,
    /// How long an answer may take; `REQUEST_TIMEOUT` where the route says nothing.
    pub timeout: Option<Duration>,
    /// How old an answer may be that is given while the service does not answer.
    pub stale_for: Option<Duration>,
    /// The JSON that a GET is answered with when there is nothing better.
    pub default_answer: Option<&'static str>,
    /// Whether nothing but GET and HEAD goes through.
    pub is_read_only: bool,
{%- if options.auth == "jwt" %}
    /// Whether it can be asked without a token.
    pub is_public: bool,
{%- endif %}
{%- if options.grpc %}
    /// Whether the service speaks gRPC, and is offered as HTTP/JSON.
    pub is_grpc: bool,
{%- endif %}
}

impl Route {
    /// Leads `path`, and all that is below it, to `service`.
    #[must_use]
    pub fn new(path: &'static str, service: &'static str) -> Self {
        Self {
            path,
            service,
            at: path,
            timeout: None,
            stale_for: None,
            default_answer: None,
            is_read_only: false,
{%- if options.auth == "jwt" %}
            is_public: false,
{%- endif %}
{%- if options.grpc %}
            is_grpc: false,
{%- endif %}
        }
    }

    /// The path that the service has where the gateway has another one.
    #[must_use]
    pub fn at(mut self, path: &'static str) -> Self {
        self.at = path;
        self
    }

    /// How long the service may take for its answer, all tries together; then it is 504.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// While the service does not answer, what it last answered to the same GET may be given, for
    /// as long as this. Only public answers are kept: none to requests with credentials.
    #[must_use]
    pub fn stale_for(mut self, age: Duration) -> Self {
        self.stale_for = Some(age);
        self
    }

    /// What is here can be read, and not changed: other methods than GET and HEAD are refused.
    #[must_use]
    pub fn read_only(mut self) -> Self {
        self.is_read_only = true;
        self
    }

    /// While the service does not answer, and there is no stale answer, a GET gets this JSON.
    #[must_use]
    pub fn default_answer(mut self, json: &'static str) -> Self {
        self.default_answer = Some(json);
        self
    }
{%- if options.auth == "jwt" %}

    /// Anybody may ask here: no token is needed, and none is looked at.
    #[must_use]
    pub fn public(mut self) -> Self {
        self.is_public = true;
        self
    }
{%- endif %}
{%- if options.grpc %}

    /// The service speaks gRPC: its methods are below [`Route::at`], as gRPC has them, and are
    /// called by `POST` with the message as JSON.
    #[must_use]
    pub fn grpc(mut self) -> Self {
        self.is_grpc = true;
        self
    }
{%- endif %}

    /// The path below this route that `path` has, if it belongs to it: empty, or with its slash.
    #[must_use]
    pub fn rest<'p>(prefix: &str, path: &'p str) -> Option<&'p str> {
        let rest = path.strip_prefix(prefix.trim_end_matches('/'))?;
        (rest.is_empty() || rest.starts_with('/')).then_some(rest)
    }
}

/// Finds what would make a table of routes ambiguous or useless, before anybody connects.
pub fn check(table: &[Route]) -> anyhow::Result<()> {
    for (index, route) in table.iter().enumerate() {
        for path in [route.path, route.at] {
            let is_plain = path.starts_with('/')
                && (path == "/" || !path.ends_with('/'))
                && !path.contains(['{', '}', '*', '?', '#', '%'])
                && !path.contains("//");
            ensure!(is_plain, "route {path:?}: write it as /name or /name/name");
        }
        if OWN_PATHS
            .iter()
            .any(|own| Route::rest(own, route.path).is_some())
        {
            bail!("route {:?}: the gateway itself answers there", route.path);
        }
        let is_taken = table[..index].iter().any(|other| other.path == route.path);
        ensure!(!is_taken, "route {:?} is in the table twice", route.path);
{%- if options.grpc %}
        let is_get =
            route.is_read_only || route.stale_for.is_some() || route.default_answer.is_some();
        ensure!(
            !(route.is_grpc && is_get),
            "route {:?}: gRPC is called by POST, so nothing is read-only or stale",
            route.path
        );
        let mut others = table.iter().filter(|other| other.service == route.service);
        ensure!(
            others.all(|other| other.is_grpc == route.is_grpc),
            "service {}: it speaks either gRPC or HTTP, the routes to it say both",
            route.service
        );
{%- endif %}
        if let Some(json) = route.default_answer {
            let parsed: Result<serde_json::Value, _> = serde_json::from_str(json);
            ensure!(
                parsed.is_ok(),
                "route {:?}: its default answer is not JSON",
                route.path
            );
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Route, check};

    #[test]
    fn paths_belong_to_a_route_by_whole_segments() {
        assert_eq!(Route::rest("/orders", "/orders"), Some(""));
        assert_eq!(Route::rest("/orders", "/orders/1"), Some("/1"));
        assert_eq!(Route::rest("/orders", "/orders-old"), None);
        assert_eq!(Route::rest("/", "/anything"), Some("/anything"));
    }

    #[test]
    fn tables_that_cannot_work_are_refused() {
        let table = |paths: &[&'static str]| -> Vec<Route> {
            paths
                .iter()
                .map(|path| Route::new(path, "orders"))
                .collect()
        };
        assert!(check(&table(&["/", "/orders", "/orders/old"])).is_ok());
        assert!(check(&table(&["/orders", "/orders"])).is_err());
        assert!(check(&table(&["/docs"])).is_err());
        assert!(check(&table(&["orders"])).is_err());
        assert!(check(&table(&["/orders/"])).is_err());
        assert!(check(&[Route::new("/a", "a").default_answer("{")]).is_err());
{%- if options.grpc %}
        assert!(check(&[Route::new("/a", "a").grpc().default_answer("[]")]).is_err());
        assert!(check(&[Route::new("/a", "a").grpc(), Route::new("/b", "a")]).is_err());
{%- endif %}
    }
}
