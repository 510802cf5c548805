//! What all backing programs have in common: one pod, reached by the services that need it and by nobody else.

use k8s_openapi::api::apps::v1::{Deployment, DeploymentSpec, DeploymentStrategy};
use k8s_openapi::api::core::v1::{
    Container, PodSpec, PodTemplateSpec, Service, ServiceAccount, ServicePort, ServiceSpec, Volume,
};
use k8s_openapi::api::networking::v1::{NetworkPolicy, NetworkPolicyIngressRule, NetworkPolicySpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use crate::kubernetes::Object;
use crate::kubernetes::labels::Identity;
use crate::kubernetes::objects::{self, peers, security};
use crate::project::{ServiceSettings, Settings};

/// A program that comes along.
pub(super) struct Program {
    /// How its objects are called.
    pub(super) identity: Identity,
    /// The name of its port.
    pub(super) port_name: &'static str,
    /// Its port.
    pub(super) port: i32,
    /// The user that it runs as.
    pub(super) user: i64,
    /// What runs.
    pub(super) container: Container,
    /// Where its data lie.
    pub(super) volumes: Vec<Volume>,
}

impl Program {
    /// Its objects, for those of the project's services that need it.
    pub(super) fn objects<'a>(
        self,
        settings: &Settings,
        users: impl Iterator<Item = &'a ServiceSettings>,
    ) -> Vec<Object> {
        let account = ServiceAccount {
            metadata: self.identity.metadata(),
            automount_service_account_token: Some(false),
            ..ServiceAccount::default()
        };
        vec![
            Object::typed(&account, None),
            Object::typed(&self.network_policy(settings, users), None),
            Object::typed(&self.service(), None),
            Object::typed(&self.deployment(), None),
        ]
    }

    /// In: the services that need it. Out: nothing.
    fn network_policy<'a>(
        &self,
        settings: &Settings,
        users: impl Iterator<Item = &'a ServiceSettings>,
    ) -> NetworkPolicy {
        let from = users.map(|s| peers::pods(&objects::identity(settings, s.service.name.as_str())));
        NetworkPolicy {
            metadata: self.identity.metadata(),
            spec: Some(NetworkPolicySpec {
                pod_selector: Some(self.identity.label_selector()),
                policy_types: Some(vec!["Ingress".to_owned(), "Egress".to_owned()]),
                ingress: Some(vec![NetworkPolicyIngressRule {
                    from: Some(from.collect()),
                    ports: Some(vec![peers::tcp(self.port)]),
                }]),
                egress: None,
            }),
        }
    }

    fn service(&self) -> Service {
        Service {
            metadata: self.identity.metadata(),
            spec: Some(ServiceSpec {
                selector: Some(self.identity.selector()),
                ports: Some(vec![ServicePort {
                    name: Some(self.port_name.to_owned()),
                    port: self.port,
                    target_port: Some(IntOrString::String(self.port_name.to_owned())),
                    ..ServicePort::default()
                }]),
                ..ServiceSpec::default()
            }),
            ..Service::default()
        }
    }

    fn deployment(self) -> Deployment {
        let identity = self.identity;
        let pod = PodSpec {
            service_account_name: Some(identity.instance.clone()),
            automount_service_account_token: Some(false),
            enable_service_links: Some(false),
            containers: vec![self.container],
            volumes: Some(self.volumes),
            security_context: Some(security::pod(self.user)),
            ..PodSpec::default()
        };
        Deployment {
            metadata: identity.metadata(),
            spec: Some(DeploymentSpec {
                replicas: Some(1),
                selector: identity.label_selector(),
                // There is one set of data, so there is never a second pod beside the first.
                strategy: Some(DeploymentStrategy { type_: Some("Recreate".to_owned()), rolling_update: None }),
                revision_history_limit: Some(2),
                progress_deadline_seconds: Some(300),
                template: PodTemplateSpec {
                    metadata: Some(ObjectMeta { labels: Some(identity.labels()), ..ObjectMeta::default() }),
                    spec: Some(pod),
                },
                ..DeploymentSpec::default()
            }),
            ..Deployment::default()
        }
    }
}
