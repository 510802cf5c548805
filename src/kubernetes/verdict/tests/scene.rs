//! A scene to judge. Second 0 is when the deploy began; the present is second 10 unless said otherwise.

use jiff::{SignedDuration, Timestamp};
use k8s_openapi::api::apps::v1::{Deployment, ReplicaSet};
use k8s_openapi::api::core::v1::{Event, Pod};
use serde_json::{Value, json};

use crate::kubernetes::verdict::{Look, Verdict, judge};

#[derive(Clone)]
pub struct Scene {
    pub generation: i64,
    pub minimum: i32,
    pub sets: Vec<ReplicaSet>,
    deployment: Value,
    pods: Vec<Pod>,
    events: Vec<Event>,
    backing_up: bool,
    second: i64,
}

impl Scene {
    /// Two pods are wanted, of the second revision; all is well.
    pub fn new() -> Self {
        let status = json!({
            "observedGeneration": 2, "replicas": 2, "updatedReplicas": 2, "availableReplicas": 2, "readyReplicas": 2,
        });
        let deployment = json!({
            "metadata": {"name": "orders", "uid": "d", "generation": 2,
                "annotations": {"deployment.kubernetes.io/revision": "2"}},
            "spec": {"replicas": 2, "selector": {}, "template": {}},
            "status": status,
        });
        let sets = vec![set("old", "1"), set("new", "2")];
        Self { generation: 2, minimum: 0, deployment, sets, pods: vec![], events: vec![], backing_up: true, second: 10 }
    }

    /// The time of a second of the scene.
    pub fn at(second: i64) -> String {
        (Self::begin() + SignedDuration::from_secs(second)).to_string()
    }

    fn begin() -> Timestamp {
        "2026-01-31T10:00:00Z".parse().unwrap()
    }

    /// With these parts of the Deployment's status.
    pub fn status(mut self, status: &Value) -> Self {
        let all = self.deployment["status"].as_object_mut().unwrap();
        all.extend(status.as_object().unwrap().clone());
        self
    }

    /// Nothing is available yet.
    pub fn starting(self) -> Self {
        self.status(&json!({"updatedReplicas": 1, "availableReplicas": 0, "readyReplicas": 0}))
    }

    /// The newest ReplicaSet can't make pods, since that second.
    pub fn refusal(mut self, message: &str, second: i64) -> Self {
        let condition = json!({"type": "ReplicaFailure", "status": "True", "reason": "FailedCreate",
            "message": message, "lastTransitionTime": Self::at(second)});
        let status = json!({"replicas": 0, "conditions": [condition]});
        self.sets[1].status = Some(serde_json::from_value(status).unwrap());
        self
    }

    /// With a pod of a ReplicaSet (`new` or `old`), whose container has this status.
    pub fn pod(mut self, of: &str, container: &Value) -> Self {
        let name = format!("{of}-{}", self.pods.len());
        let mut status = json!({"name": "orders", "ready": false, "restartCount": 0, "image": "i", "imageID": ""});
        status.as_object_mut().unwrap().extend(container.as_object().unwrap().clone());
        let probe = |path: &str, failures: i32| {
            json!({"httpGet": {"path": path, "port": "management"}, "periodSeconds": 5, "timeoutSeconds": 2,
                "failureThreshold": failures})
        };
        let spec = json!({"containers": [{
            "name": "orders", "image": "localhost:5000/orders:1",
            "ports": [{"name": "management", "containerPort": 9090}],
            "resources": {"limits": {"memory": "64Mi"}},
            "startupProbe": probe("/livez", 10), "readinessProbe": probe("/readyz", 3), "livenessProbe": probe("/livez", 3),
        }]});
        let pod = json!({
            "metadata": {"name": name, "uid": name, "creationTimestamp": Self::at(1),
                "ownerReferences": [{"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": of, "uid": of}]},
            "spec": spec,
            "status": {"containerStatuses": [status]},
        });
        self.pods.push(serde_json::from_value(pod).unwrap());
        self
    }

    /// With other parts of the last pod's status.
    pub fn pod_status(mut self, status: &Value) -> Self {
        let pod = self.pods.pop().unwrap();
        let mut pod = serde_json::to_value(pod).unwrap();
        pod["status"].as_object_mut().unwrap().extend(status.as_object().unwrap().clone());
        self.pods.push(serde_json::from_value(pod).unwrap());
        self
    }

    /// With an event of the last pod, seen first and last at these seconds.
    pub fn event(mut self, reason: &str, message: &str, seconds: (i64, i64)) -> Self {
        let uid = self.pods.last().unwrap().metadata.uid.clone();
        let event = json!({
            "metadata": {"name": format!("e{}", self.events.len())}, "involvedObject": {"kind": "Pod", "uid": uid},
            "reason": reason, "message": message, "type": "Warning",
            "firstTimestamp": Self::at(seconds.0), "lastTimestamp": Self::at(seconds.1),
        });
        self.events.push(serde_json::from_value(event).unwrap());
        self
    }

    /// With the present at that second.
    pub fn after(mut self, second: i64) -> Self {
        self.second = second;
        self
    }

    /// While what the service needs is not up yet.
    pub fn backing_down(mut self) -> Self {
        self.backing_up = false;
        self
    }

    pub fn judge(&self) -> Verdict {
        let deployment: Deployment = serde_json::from_value(self.deployment.clone()).unwrap();
        judge(&Look {
            deployment: &deployment,
            generation: self.generation,
            replica_sets: self.sets.iter().collect(),
            pods: self.pods.iter().collect(),
            events: self.events.iter().collect(),
            minimum: self.minimum,
            // Not at a whole second, as the API's times are.
            since: Self::begin() + SignedDuration::from_millis(300),
            needs_up: self.backing_up.then(Self::begin),
            now: Self::begin() + SignedDuration::from_secs(self.second),
        })
    }
}

fn set(uid: &str, revision: &str) -> ReplicaSet {
    let set = json!({
        "metadata": {"name": uid, "uid": uid, "annotations": {"deployment.kubernetes.io/revision": revision},
            "ownerReferences": [{"apiVersion": "apps/v1", "kind": "Deployment", "name": "orders", "uid": "d"}]},
        "spec": {"selector": {}},
    });
    serde_json::from_value(set).unwrap()
}
