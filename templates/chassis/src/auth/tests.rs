//! Passwords that must wait, and refresh tokens.

use std::time::Duration;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{Error, PasswordVerifier};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use uuid::Uuid;

use super::passwords::NOBODY;
use super::{Passwords, RefreshToken};

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
