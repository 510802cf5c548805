//! Projects to render, as a user would have written them.

use std::path::Path;

const DIGEST: &str = "sha256:3f1c0f6f3fbb0a5f2c8d0e6f7a9b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f7a8b";

/// What a new service has, with its development database.
pub const ONE: &str = r"
apiVersion: msvc/v1
kind: Service
name: orders
template: { name: rest, options: { store: sql } }
environments:
  staging: { context: testbed, namespace: orders, registry: localhost:5000, backing: development }
";

/// Everything that a service can say; `production` differs from `staging` in every way it may.
pub const ALL: &str = r#"
apiVersion: msvc/v1
kind: Service
name: order-items
template: { name: rest, options: { store: sql } }
port: 8000
uses: [users]
deploy:
  autoscale: { max: 6, cpu: 60, memory: 80 }
  resources: { requests: { cpu: 250m, memory: 64Mi }, limits: { memory: 256Mi } }
  expose: { host: orders.example.org, path: /api, tls: orders-tls }
  env:
    RUST_LOG: "info,sqlx=warn"
    SHUTDOWN_TIMEOUT: 45
    FEATURE_NEW: yes
    RATIO: 0.50
    SWITCH: "no"
    NOTE: |
      first line

      third line
  secrets:
    DATABASE_URL: { name: orders-db, key: url }
    API_TOKEN: { name: orders-api, key: token }
  egress:
    - { cidr: 10.20.0.0/16, ports: [5432, 6432] }
    - { cidr: "fd00::/8" }
  serviceAccount: { annotations: { "eks.amazonaws.com/role-arn": "arn:aws:iam::1:role/orders" } }
  scheduling:
    nodeSelector: { disk: ssd }
    tolerations: [{ key: spot, operator: Exists, effect: NoSchedule }]
    topologyKey: topology.kubernetes.io/region
  patches:
    - target: { kind: Deployment }
      patch:
        spec:
          template:
            spec:
              priorityClassName: high
              containers:
                - name: order-items
                  env: [{ name: EXTRA, value: "1" }]
              volumes:
                - { name: rules, configMap: { name: order-rules, defaultMode: 0440 } }
    - target: { kind: ServiceAccount, name: order-items }
      patch: { metadata: { annotations: { owner: team-orders } } }
  manifests: [k8s/*.yaml]
environments:
  staging:
    namespace: shop-staging
    registry: localhost:5000
    pullSecrets: [registry]
  production:
    context: prod
    namespace: shop
    registry: registry.example.org/acme
    gateway: infra/public
    deploy:
      replicas: 1
      expose: { tls: null, path: null }
      scheduling: null
      patches: null
      egress: [{ cidr: 10.99.0.7/32, ports: [5432] }]
"#;

/// The files that `manifests` of [`ALL`] name.
pub const MANIFESTS: &str = "
apiVersion: v1
kind: ConfigMap
metadata: { name: order-rules }
data: { limit: '10' }
---
---
apiVersion: v1
kind: List
items:
  - apiVersion: scheduling.k8s.io/v1
    kind: PriorityClass
    metadata: { name: high }
    value: 1000
  - apiVersion: rbac.authorization.k8s.io/v1
    kind: Role
    metadata: { name: reader, namespace: elsewhere }
    rules: [{ apiGroups: [''], resources: [configmaps], verbs: [get] }]
";

/// A system of four: the gateway calls users and orders, orders call users, and mails hear from orders.
pub const SYSTEM: [(&str, &str); 5] = [
    (
        "msvc.yaml",
        r"
apiVersion: msvc/v1
kind: System
name: shop
services: [services/*]
environments:
  staging: { namespace: shop-staging, registry: localhost:5000, backing: { postgres: postgres:17 } }
  production: { namespace: shop, registry: registry.example.org/acme, pullSecrets: [registry] }
",
    ),
    (
        "services/users/msvc.yaml",
        r"
apiVersion: msvc/v1
kind: Service
name: users
template: { name: rest, options: { store: sql } }
port: 5000
entities: { user: { fields: { name: { type: string } } } }
deploy: { replicas: 3, expose: { port: 8080 } }
environments:
  production: { deploy: { secrets: { DATABASE_URL: { name: users-db, key: url } }, egress: [{ cidr: 10.0.0.0/8 }] } }
",
    ),
    (
        "services/orders/msvc.yaml",
        r"
apiVersion: msvc/v1
kind: Service
name: orders
template: { name: rest, options: { store: sql, events: outbox, cache: redis } }
entities: { order: { fields: { user: { type: uuid, references: users/user } } } }
publishes: { order.created: { schema: { id: uuid } } }
environments:
  production: { deploy: { secrets: { DATABASE_URL: { name: orders-db, key: url } } } }
",
    ),
    (
        "services/mails/msvc.yaml",
        r"
apiVersion: msvc/v1
kind: Service
name: mails
template: { name: worker, options: { store: sql } }
subscribes: [order.created]
environments:
  production: { deploy: { secrets: { DATABASE_URL: { name: mails-db, key: url } }, egress: [{ cidr: 10.0.0.0/8 }] } }
",
    ),
    (
        "services/gateway/msvc.yaml",
        r"
apiVersion: msvc/v1
kind: Service
name: gateway
template: { name: rest, options: { store: none } }
uses: [orders, users]
deploy: { autoscale: { min: 1 }, expose: { type: LoadBalancer, port: 80 } }
",
    ),
];

/// Writes files below `dir`.
pub fn write(dir: &Path, files: &[(&str, &str)]) {
    for (name, text) in files {
        let path = dir.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

/// What a build of these services would have printed, as a file for `--images`.
pub fn images(dir: &Path, services: &[&str]) {
    let image = |service: &&str| {
        serde_json::json!({ "service": service, "reference": format!("localhost:5000/{service}:v1.2.0"),
            "digest": DIGEST, "size": 9_000_000, "seconds": 1.5 })
    };
    let built = serde_json::json!({ "images": services.iter().map(image).collect::<Vec<_>>() });
    std::fs::write(dir.join("images.json"), built.to_string()).unwrap();
}

/// The three projects, ready to be rendered with `--images images.json`: name, folder, environments.
pub fn written() -> Vec<(&'static str, tempfile::TempDir, &'static [&'static str])> {
    let make = |files: &[(&str, &str)], services: &[&str]| {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), files);
        images(dir.path(), services);
        dir
    };
    vec![
        ("one", make(&[("msvc.yaml", ONE)], &["orders"]), &["staging"]),
        ("all", make(&[("msvc.yaml", ALL), ("k8s/own.yaml", MANIFESTS)], &["order-items"]), &["staging", "production"]),
        ("system", make(&SYSTEM, &["users", "orders", "mails", "gateway"]), &["staging", "production"]),
    ]
}
