//! Where settings come from, and what is shown of them.

use std::collections::HashMap;

use super::layers::without_secrets;
use super::{Config, Layers};

fn read(environment: &[(&str, &str)], file: &[(&str, &str)]) -> anyhow::Result<Config> {
    let map = |pairs: &[(&str, &str)]| {
        let pairs = pairs.iter();
        let pairs = pairs.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        pairs.collect::<HashMap<_, _>>()
    };
    let layers = Layers {
        environment: map(environment),
        file: map(file),
        ..Layers::default()
    };
    Config::from_layers(layers, {% if options.store == "sql" %}"shop", {% endif %}8080)
}

#[test]
fn environment_goes_over_file_over_default() {
    let file = [("PORT", "2"), ("MANAGEMENT_PORT", "3")];
    let config = read(&[("PORT", "1")], &file).unwrap();
    assert_eq!((config.port, config.management_port), (1, 3));
{%- if options.store == "sql" %}
    assert_eq!(config.database_url, "sqlite://data/shop.db");
{%- endif %}
    let told = "PORT=1 (environment) MANAGEMENT_PORT=3 (file)";
    assert!(config.summary.contains(told), "{}", config.summary);
}

#[test]
fn tells_of_every_bad_setting_at_once() {
    let error = read(&[("PORT", "70000"), ("HOST", "nowhere")], &[]);
    let error = error.unwrap_err().to_string();
    assert!(error.contains("PORT=\"70000\""), "{error}");
    assert!(error.contains("HOST=\"nowhere\""), "{error}");
}

#[test]
fn shows_no_secret() {
    assert_eq!(
        without_secrets("postgres://me:p@ss@db:5432/shop?password=x"),
        "postgres://***@db:5432/shop"
    );
    assert_eq!(
        without_secrets("sqlite://data/shop.db"),
        "sqlite://data/shop.db"
    );
}
{%- if options.auth == "jwt" %}

#[test]
fn keys_of_tokens_are_needed_in_a_container_and_never_shown() {
    let everywhere = ("HOST", "0.0.0.0");
    let error = read(&[everywhere], &[]).unwrap_err().to_string();
    assert!(error.contains("JWT_KEYS is missing"), "{error}");

    let secret = "A".repeat(43) + "=";
    let keys = format!("first:{secret}");
    let config = read(&[everywhere, ("JWT_KEYS", &keys)], &[]).unwrap();
    assert!(config.summary.contains("JWT_KEYS=*** (environment)"));
    assert!(!format!("{config:?}").contains(&secret[..8]));
}
{%- endif %}
