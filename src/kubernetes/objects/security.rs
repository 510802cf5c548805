//! What pods may do: the Pod Security standard "restricted", and a root file system that can't be written.

use k8s_openapi::api::core::v1::{
    Capabilities, EmptyDirVolumeSource, PodSecurityContext, SeccompProfile, SecurityContext, Volume, VolumeMount,
};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;

/// The user that generated images run as.
pub(in crate::kubernetes) const NONROOT: i64 = 65532;

/// Of a pod whose processes run as user and group `id`.
pub(in crate::kubernetes) fn pod(id: i64) -> PodSecurityContext {
    PodSecurityContext {
        run_as_non_root: Some(true),
        run_as_user: Some(id),
        run_as_group: Some(id),
        seccomp_profile: Some(SeccompProfile { type_: "RuntimeDefault".to_owned(), localhost_profile: None }),
        ..PodSecurityContext::default()
    }
}

/// Of a container.
pub(in crate::kubernetes) fn container() -> SecurityContext {
    SecurityContext {
        allow_privilege_escalation: Some(false),
        capabilities: Some(Capabilities { drop: Some(vec!["ALL".to_owned()]), add: None }),
        read_only_root_filesystem: Some(true),
        run_as_non_root: Some(true),
        ..SecurityContext::default()
    }
}

/// A folder that can be written, gone with the pod.
pub(in crate::kubernetes) fn scratch(name: &str, limit: &str) -> Volume {
    let folder = EmptyDirVolumeSource { size_limit: Some(Quantity(limit.to_owned())), medium: None };
    Volume { name: name.to_owned(), empty_dir: Some(folder), ..Volume::default() }
}

/// Where a volume is seen.
pub(in crate::kubernetes) fn mount(name: &str, path: &str) -> VolumeMount {
    VolumeMount { name: name.to_owned(), mount_path: path.to_owned(), ..VolumeMount::default() }
}
