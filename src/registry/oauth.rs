//! Identity tokens are not shown to the registry itself: they are exchanged for a token that is good for one repository and
//! some minutes, by the distribution specification's form of OAuth 2.

use http_auth::ChallengeParser;
use oci_client::RegistryOperation;
use oci_client::errors::OciDistributionError as Oci;
use reqwest::Client;
use reqwest::header::WWW_AUTHENTICATE;
use serde::Deserialize;

use super::Reference;

/// Who gives out tokens, and how the registry is called there.
struct Authority {
    realm: String,
    service: Option<String>,
}

/// Registries tell the token under either name.
#[derive(Deserialize)]
struct Given {
    #[serde(alias = "token")]
    access_token: String,
}

/// A token for the repository of `reference`; `None` where the registry wants none.
pub(super) async fn exchange(
    http: &Client,
    reference: &Reference,
    identity: &str,
    operation: RegistryOperation,
) -> Result<Option<String>, Oci> {
    let answer = http.get(reference.address("/v2/")).send().await?;
    let Some(challenge) = answer.headers().get(WWW_AUTHENTICATE) else { return Ok(None) };
    let authority = authority(challenge.to_str()?)
        .ok_or_else(|| refused("the registry takes names and passwords, and no identity tokens"))?;
    if !authority.realm.starts_with("https://") && !reference.is_local() {
        return Err(refused("the identity token would be sent without TLS"));
    }
    let actions = match operation {
        RegistryOperation::Pull => "pull",
        RegistryOperation::Push => "pull,push",
    };
    let scope = format!("repository:{}:{actions}", reference.repository());
    let mut form = vec![
        ("grant_type", "refresh_token"),
        ("client_id", "msvc"),
        ("scope", scope.as_str()),
        ("refresh_token", identity),
    ];
    form.extend(authority.service.as_deref().map(|service| ("service", service)));
    let answer = http.post(&authority.realm).form(&form).send().await?;
    if !answer.status().is_success() {
        return Err(refused(&format!("its authority answered {}", answer.status())));
    }
    // What is wrong with an answer is told without the answer: it may hold a token.
    let given = answer.json::<Given>().await.map_err(|_| refused("its authority gave no token"))?;
    Ok(Some(given.access_token))
}

fn refused(why: &str) -> Oci {
    Oci::AuthenticationFailure(why.to_owned())
}

fn authority(challenges: &str) -> Option<Authority> {
    let bearer = ChallengeParser::new(challenges).flatten().find(|c| c.scheme.eq_ignore_ascii_case("bearer"))?;
    let parameter = |wanted: &str| {
        bearer.params.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value.to_unescaped())
    };
    Some(Authority { realm: parameter("realm")?, service: parameter("service") })
}
