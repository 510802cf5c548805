//! The account that a service's pods run as: its own, and without a token, as services don't call the API server.

use k8s_openapi::api::core::v1::ServiceAccount;

use super::Scope;

pub(super) fn service_account(scope: &Scope) -> ServiceAccount {
    let mut metadata = scope.identity().metadata();
    metadata.annotations = scope
        .service
        .deploy
        .service_account
        .as_ref()
        .filter(|account| !account.annotations.is_empty())
        .map(|account| account.annotations.iter().map(|(k, v)| (k.clone(), v.as_str().to_owned())).collect());
    ServiceAccount { metadata, automount_service_account_token: Some(false), ..ServiceAccount::default() }
}
