//! Where settings come from, and what is shown of them.

use super::{Settings, without_secrets};
use crate::Config;

#[test]
fn environment_goes_over_file_over_default() {
    let mut settings = Settings::of(&[("PORT", "1")]);
    settings.file = Settings::of(&[("PORT", "2"), ("MANAGEMENT_PORT", "3")]).environment;
    let config = Config::read(&mut settings, 8080);
    assert_eq!((config.port, config.management_port), (1, 3));
    let summary = settings.finish().unwrap();
    let told = "PORT=1 (environment) MANAGEMENT_PORT=3 (file)";
    assert!(summary.contains(told), "{summary}");
}

#[test]
fn tells_of_every_bad_setting_at_once() {
    let mut settings = Settings::of(&[("PORT", "70000"), ("HOST", "nowhere")]);
    Config::read(&mut settings, 8080);
    let error = settings.finish().unwrap_err().to_string();
    assert!(error.contains("PORT=\"70000\""), "{error}");
    assert!(error.contains("HOST=\"nowhere\""), "{error}");
}

#[test]
fn shows_no_secret() {
    let mut settings = Settings::of(&[("KEY", "hush"), ("WRONG", "quiet")]);
    assert_eq!(settings.secret("KEY"), Some("hush".to_owned()));
    assert_eq!(settings.summary, ["KEY=*** (environment)"]);
    assert_eq!(settings.secret::<u16>("WRONG"), None);
    let error = settings.finish().unwrap_err().to_string();
    assert!(
        error.contains("WRONG") && !error.contains("quiet"),
        "{error}"
    );
    assert_eq!(
        without_secrets("postgres://me:p@ss@db:5432/shop?password=x"),
        "postgres://***@db:5432/shop"
    );
    assert_eq!(
        without_secrets("sqlite://data/shop.db"),
        "sqlite://data/shop.db"
    );
}
