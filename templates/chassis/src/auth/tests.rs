//! Tokens that must be refused, and passwords that must wait.

use std::time::Duration;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{Error, PasswordVerifier};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode, get_current_timestamp};
use uuid::Uuid;

use super::passwords::NOBODY;
use super::tokens::Claims;
use super::{Keys, Passwords, RefreshToken, Settings, Tokens};

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
    let early = before.issue(account).unwrap();
    let late = between.issue(account).unwrap();
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

#[tokio::test]
async fn passwords_are_known_by_their_hash() {
    let passwords = Passwords::default();
    let hash = passwords.hash("correct horse".to_owned()).await.unwrap();
    // Where there is no account, as much work is done.
    let parameters = |hash: &str| hash.split('$').take(4).collect::<Vec<_>>().join("$");
    assert_eq!(parameters(&hash), parameters(NOBODY));
    assert!(PasswordHash::new(NOBODY).is_ok());
    for (password, hash, expected) in [
        ("correct horse", Some(hash.clone()), true),
        ("battery staple", Some(hash), false),
        ("", None, false),
        ("correct horse", None, false),
    ] {
        let is_it = passwords.verify(password.to_owned(), hash).await;
        assert_eq!(is_it.unwrap(), expected, "{password}");
    }
}

#[tokio::test]
async fn a_hash_that_is_missing_is_as_much_work_as_one_that_is_there() {
    // Whoever has work done waits for a turn, of which there is none here.
    let busy = Passwords::new(0, Duration::ZERO);
    let hash = Some(NOBODY.to_owned());
    assert!(busy.verify("x".to_owned(), hash).await.is_err());
    assert!(busy.verify("x".to_owned(), None).await.is_err());
    // What stands in is no hash that is refused unread.
    let refused = Argon2::default().verify_password(b"x", NOBODY);
    assert_eq!(refused, Err(Error::PasswordInvalid));
}

#[tokio::test]
async fn who_waits_too_long_is_told_when_to_come_again() {
    let busy = Passwords::new(0, Duration::ZERO);
    let answer = busy.hash("correct horse".to_owned()).await.unwrap_err();
    let answer = answer.into_response();
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.headers().contains_key(header::RETRY_AFTER));
}

#[test]
fn refresh_tokens_read_back_and_differ() {
    let session = Uuid::new_v4();
    let token = RefreshToken::new(session).unwrap();
    let read = RefreshToken::parse(&token.to_string()).unwrap();
    assert_eq!((read.session(), read.hash()), (session, token.hash()));
    assert_ne!(RefreshToken::new(session).unwrap().hash(), token.hash());
    for bad in ["", "AAAA", "no base64!", &token.to_string()[..62]] {
        assert!(RefreshToken::parse(bad).is_none(), "{bad}");
    }
}
