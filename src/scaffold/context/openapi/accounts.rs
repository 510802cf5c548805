//! Accounts: their own routes, and the tokens that all others ask for.

use serde_json::{Map, Value, json};

use super::{common, json_content, reference, responses};

/// Every operation so far needs a token.
pub(super) fn protect(paths: &mut Map<String, Value>) {
    let operations = paths.values_mut().filter_map(Value::as_object_mut).flat_map(Map::values_mut);
    for operation in operations {
        if let Some(responses) = operation["responses"].as_object_mut() {
            responses.insert("401".to_owned(), unauthorized());
            responses.sort_keys();
        }
        operation["security"] = json!([{ "token": [] }]);
    }
}

/// How a token is sent.
pub(super) fn schemes() -> Value {
    json!({ "token": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT" } })
}

fn unauthorized() -> Value {
    let problem = common::problem_response("Nobody knows who asks");
    let headers = common::headers(&[("www-authenticate", "What would tell: a token".to_owned())]);
    json!({ "description": problem["description"], "headers": headers, "content": problem["content"] })
}

/// The route that shows who asks.
pub(super) fn add_own(paths: &mut Map<String, Value>, schemas: &mut Map<String, Value>) {
    let found = json!({ "description": "The account", "content": json_content(&reference("User")) });
    let operation = json!({
        "tags": ["accounts"],
        "summary": "Read one's own account",
        "operationId": "read_account",
        "responses": responses([("200", found)]),
    });
    paths.insert("/account".to_owned(), json!({ "get": operation }));
    schemas.insert("Timestamp".to_owned(), json!({ "type": "string", "format": "date-time" }));
}

/// The routes of accounts, and what they take and give.
pub(super) fn add(paths: &mut Map<String, Value>, schemas: &mut Map<String, Value>) {
    let registered = ("201", "Registered", "User");
    add_operation(paths, "register", "Register an account", "Registration", registered, false);
    let tokens = ("200", "Tokens of a new session", "TokenPair");
    add_operation(paths, "login", "Log in", "Login", tokens, true);
    let tokens = ("200", "The next tokens", "TokenPair");
    add_operation(paths, "refresh", "Get the next tokens of a session", "Refresh", tokens, true);
    schemas.insert("User".to_owned(), user());
    schemas.insert("Registration".to_owned(), registration());
    schemas.insert("Login".to_owned(), login());
    schemas.insert("Refresh".to_owned(), refresh());
    schemas.insert("TokenPair".to_owned(), token_pair());
}

fn add_operation(
    paths: &mut Map<String, Value>,
    id: &str,
    summary: &str,
    input: &str,
    (status, description, schema): (&'static str, &str, &str),
    may_refuse: bool,
) {
    let done = json!({ "description": description, "content": json_content(&reference(schema)) });
    let refused = may_refuse.then(|| ("401", unauthorized()));
    let operation = json!({
        "tags": ["accounts"],
        "summary": summary,
        "operationId": id,
        "requestBody": { "content": json_content(&reference(input)), "required": true },
        "responses": responses([(status, done)].into_iter().chain(refused)),
    });
    paths.insert(format!("/{id}"), json!({ "post": operation }));
}

fn user() -> Value {
    json!({
        "type": "object",
        "description": "An account. Its password is kept as a hash, and never shown.",
        "required": ["id", "email", "created_at"],
        "properties": {
            "id": { "type": "string", "format": "uuid" },
            "email": { "type": "string" },
            "created_at": reference("Timestamp"),
        },
    })
}

fn registration() -> Value {
    json!({
        "type": "object",
        "description": "What an account is made of.",
        "required": ["email", "password"],
        "properties": {
            "email": { "type": "string", "format": "email", "maxLength": 254 },
            "password": { "type": "string", "format": "password", "maxLength": 128, "minLength": 8 },
        },
        "additionalProperties": false,
    })
}

fn login() -> Value {
    json!({
        "type": "object",
        "description": "How the owner of an account shows that it is theirs.",
        "required": ["email", "password"],
        "properties": {
            "email": { "type": "string", "maxLength": 254 },
            "password": { "type": "string", "format": "password", "maxLength": 128 },
        },
        "additionalProperties": false,
    })
}

fn refresh() -> Value {
    json!({
        "type": "object",
        "description": "A refresh token, which can be used once.",
        "required": ["refresh_token"],
        "properties": { "refresh_token": { "type": "string", "maxLength": 200 } },
        "additionalProperties": false,
    })
}

fn token_pair() -> Value {
    json!({
        "type": "object",
        "description": "Tokens, in the form of RFC 6749.",
        "required": ["access_token", "token_type", "expires_in", "refresh_token"],
        "properties": {
            "access_token": {
                "type": "string", "description": "Goes with every request: `authorization: Bearer <token>`.",
            },
            "token_type": { "type": "string", "description": "`Bearer`." },
            "expires_in": {
                "type": "integer", "format": "int64",
                "description": "Seconds until the access token is no good any more.", "minimum": 0,
            },
            "refresh_token": { "type": "string", "description": "Gets the next pair from `/refresh`, once." },
        },
    })
}
