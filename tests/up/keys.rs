//! The services of a system sign and verify tokens with the same keys.

use std::path::{Path, PathBuf};

use nix::sys::signal::Signal;

use crate::support::Msvc;
use crate::support::fakes::{System, all_ready, ready};
use crate::support::running::Running;
use crate::support::service::get;

const SERVICES: [(&str, &str); 4] = [
    ("gateway", "uses: [orders, users]\ntemplate: { name: gateway, options: { auth: jwt, accounts: users } }"),
    ("mails", ""),
    ("orders", "deploy: { secrets: { JWT_KEYS: { name: users-jwt, key: keys } } }"),
    ("users", "template: { name: rest, options: { store: sql, auth: jwt } }"),
];

/// What each service was given, and all that was printed.
fn given(command: Msvc) -> ([String; 4], String) {
    let mut up = Running::start(command.command());
    let urls = all_ready(&mut up, SERVICES.map(|(name, _)| name));
    let given = urls.map(|url| {
        let answer = get(&format!("{url}/env/JWT_KEYS")).unwrap();
        answer.split_once("\r\n\r\n").unwrap().1.to_owned()
    });
    up.signal(Signal::SIGINT);
    assert_eq!(up.end(), Some(0), "{}", up.seen);
    (given, up.seen.clone())
}

#[test]
fn one_key_is_made_up_for_all_who_need_it() {
    let system = System::new(&SERVICES);
    let ([gateway, mails, orders, users], seen) = given(system.up(&["-v"]));
    assert!(users.starts_with("local:") && users.len() == "local:".len() + 44, "{users}");
    assert_eq!([&gateway, &orders], [&users, &users]);
    assert_eq!(mails, "", "it needs none");
    assert!(!seen.contains(&users[6..]), "it is never shown");
    let (again, _) = given(system.up(&[]));
    assert_eq!(again[3], users, "tokens from before are good still");
    assert!(!anywhere(system.dir(), &users[6..]), "it lies outside of the project");

    let mut alone = Running::start(system.up(&["users"]).command());
    let url = ready(&mut alone, "users");
    assert!(get(&format!("{url}/env/JWT_KEYS")).unwrap().ends_with(&users));
    alone.signal(Signal::SIGINT);
    assert_eq!(alone.end(), Some(0));
}

#[test]
fn a_key_of_the_user_goes_first() {
    let system = System::new(&SERVICES);
    let (keys, _) = given(system.up(&[]).env("JWT_KEYS", "mine:x"));
    assert_eq!(keys, ["mine:x"; 4]);
    // The fake does not read the file; who has one is left alone, the others verify what it signs.
    system.write("services/users/.env", "JWT_KEYS=written:y\n");
    let (keys, _) = given(system.up(&[]));
    assert_eq!(keys, ["written:y", "", "written:y", ""]);
}

/// Whether a file of the folder holds `text`; what is built there aside.
fn anywhere(dir: &Path, text: &str) -> bool {
    let paths = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    let holds = |path: PathBuf| {
        if path.is_dir() {
            anywhere(&path, text)
        } else {
            String::from_utf8_lossy(&std::fs::read(&path).unwrap()).contains(text)
        }
    };
    paths.filter(|path| !path.ends_with("target")).any(holds)
}
