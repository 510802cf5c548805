//! Where settings come from, and what is shown of them.

use super::layers::without_secrets;
use super::{Config, Layers};

fn layers(environment: &[(&str, &str)], file: &[(&str, &str)]) -> Layers {
    let map = |pairs: &[(&str, &str)]| {
        pairs
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect()
    };
    Layers {
        environment: map(environment),
        file: map(file),
        ..Layers::default()
    }
}

#[test]
fn environment_goes_over_file_over_default() {
    let layers = layers(&[("PORT", "1")], &[("PORT", "2"), ("MANAGEMENT_PORT", "3")]);
    let config = Config::from_layers(layers, "shop", 8080).unwrap();
    assert_eq!((config.port, config.management_port), (1, 3));
    assert_eq!(config.database_url, "sqlite://data/shop.db");
    assert!(
        config
            .summary
            .contains("PORT=1 (environment) MANAGEMENT_PORT=3 (file)"),
        "{}",
        config.summary
    );
}

#[test]
fn tells_of_every_bad_setting_at_once() {
    let layers = layers(&[("PORT", "70000"), ("HOST", "nowhere")], &[]);
    let error = Config::from_layers(layers, "shop", 8080)
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("PORT=\"70000\"") && error.contains("HOST=\"nowhere\""),
        "{error}"
    );
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
    let error = Config::from_layers(layers(&[everywhere], &[]), "shop", 8080);
    let error = error.unwrap_err().to_string();
    assert!(error.contains("JWT_KEYS is missing"), "{error}");

    let secret = "A".repeat(43) + "=";
    let keys = format!("first:{secret}");
    let layers = layers(&[everywhere, ("JWT_KEYS", &keys)], &[]);
    let config = Config::from_layers(layers, "shop", 8080).unwrap();
    assert!(config.summary.contains("JWT_KEYS=*** (environment)"));
    assert!(!format!("{config:?}").contains(&secret[..8]));
}
{%- endif %}
