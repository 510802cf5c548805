//! Tokens that must be refused.

use axum::http::{HeaderMap, header};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode, get_current_timestamp};
use uuid::Uuid;

use super::{Claims, Keys, Settings, Tokens, bearer};

const MINUTE: std::time::Duration = std::time::Duration::from_mins(1);

const OLD: [u8; 32] = [1; 32];
const NEW: [u8; 32] = [2; 32];

fn keys(keys: &[(&str, [u8; 32])]) -> Keys {
    let all = keys
        .iter()
        .map(|(id, secret)| format!("{id}:{}", STANDARD.encode(secret)));
    all.collect::<Vec<_>>().join(",").parse().unwrap()
}

fn tokens(keys: Keys) -> Tokens {
    let settings = Settings::ephemeral("shop").unwrap();
    Tokens::new(&Settings { keys, ..settings })
}

fn claims() -> Claims {
    let now = get_current_timestamp();
    Claims {
        iss: "shop".to_owned(),
        aud: "shop".to_owned(),
        sub: Uuid::nil(),
        iat: now,
        exp: now + 60,
    }
}

fn forged(algorithm: Algorithm, kid: Option<&str>, secret: [u8; 32], claims: &Claims) -> String {
    let mut header = Header::new(algorithm);
    header.kid = kid.map(str::to_owned);
    encode(&header, claims, &EncodingKey::from_secret(&secret)).unwrap()
}

#[test]
fn the_newest_key_signs_and_all_of_them_verify() {
    let before = tokens(keys(&[("old", OLD)]));
    let between = tokens(keys(&[("new", NEW), ("old", OLD)]));
    let after = tokens(keys(&[("new", NEW)]));
    let account = Uuid::new_v4();
    let early = before.issue(account, MINUTE).unwrap();
    let late = between.issue(account, MINUTE).unwrap();
    assert_eq!(between.verify(&early), Some(account));
    assert_eq!(between.verify(&late), Some(account));
    assert_eq!(after.verify(&late), Some(account));
    assert_eq!(after.verify(&early), None);
    assert_eq!(before.verify(&late), None);
}

#[test]
fn forged_and_foreign_tokens_are_refused() {
    let tokens = tokens(keys(&[("new", NEW)]));
    let (hs256, new) = (Algorithm::HS256, Some("new"));
    let good = forged(hs256, new, NEW, &claims());
    assert_eq!(tokens.verify(&good), Some(Uuid::nil()));

    let changed = |change: fn(&mut Claims)| {
        let mut claims = claims();
        change(&mut claims);
        forged(hs256, new, NEW, &claims)
    };
    let unsigned = |head: &str| {
        let body = good.split('.').nth(1).unwrap();
        format!("{}.{body}.", URL_SAFE_NO_PAD.encode(head))
    };
    let parts: Vec<&str> = good.split('.').collect();
    let bad = [
        ("foreign key", forged(hs256, new, OLD, &claims())),
        ("unknown kid", forged(hs256, Some("x"), NEW, &claims())),
        ("no kid", forged(hs256, None, NEW, &claims())),
        ("wrong alg", forged(Algorithm::HS384, new, NEW, &claims())),
        ("none alg", unsigned(r#"{"alg":"none","kid":"new"}"#)),
        ("no signature", unsigned(r#"{"alg":"HS256","kid":"new"}"#)),
        ("public key alg", unsigned(r#"{"alg":"RS256","kid":"new"}"#)),
        ("expired", changed(|claims| claims.exp -= 120)),
        ("foreign audience", changed(|claims| claims.aud.push('x'))),
        ("foreign issuer", changed(|claims| claims.iss.push('x'))),
        ("cut off", format!("{}.{}", parts[0], parts[1])),
        ("nothing", String::new()),
    ];
    for (what, token) in bad {
        assert_eq!(tokens.verify(&token), None, "{what}");
    }
}

#[test]
fn keys_are_refused_without_being_told() {
    let secret = STANDARD.encode(NEW);
    let short = STANDARD.encode([3; 31]);
    for bad in [
        String::new(),
        secret.clone(),
        format!(":{secret}"),
        format!("a b:{secret}"),
        "a:not base64".to_owned(),
        format!("a:{short}"),
        format!("a:{secret},a:{secret}"),
        format!("a:{secret},"),
    ] {
        let error = bad.parse::<Keys>().unwrap_err();
        assert!(error.starts_with("key "), "{error}");
        assert!(!error.contains(&secret[..8]) && !error.contains(&short));
    }
    assert_eq!(format!("{:?}", keys(&[("a", NEW)])), "[\"a\"]");
}

#[test]
fn a_token_is_given_once() {
    let of = |values: &[&'static str]| {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header::AUTHORIZATION, value.parse().unwrap());
        }
        bearer(&headers).map(str::to_owned)
    };
    assert_eq!(of(&["Bearer x"]).as_deref(), Some("x"));
    assert_eq!(of(&["bearer  x"]).as_deref(), Some("x"));
    let twice = ["Bearer x"; 2];
    for bad in [&[][..], &[""], &["x"], &["Basic x"], &twice] {
        assert_eq!(of(bad), None, "{bad:?}");
    }
}
