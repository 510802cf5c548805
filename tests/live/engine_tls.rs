//! An engine behind TLS, which lets in whoever has a certificate of its authority.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use tokio::net::{TcpListener, UnixStream};
use tokio_rustls::TlsAcceptor;

use super::stage::{Project, output};

/// Files as `docker` wants them: ca.pem, cert.pem, key.pem; made by an authority of one's own.
struct Authority {
    dir: tempfile::TempDir,
}

impl Authority {
    fn new(name: &str) -> Self {
        let authority = Self { dir: tempfile::tempdir().unwrap() };
        let file = |name: &str| authority.file(name);
        openssl(&[
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "2",
            "-subj",
            &format!("/CN={name}"),
            "-keyout",
            &file("ca-key.pem"),
            "-out",
            &file("ca.pem"),
        ]);
        authority.sign("server", "subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth\n");
        authority.sign("client", "extendedKeyUsage=clientAuth\n");
        for (from, to) in [("client.pem", "cert.pem"), ("client-key.pem", "key.pem")] {
            std::fs::copy(file(from), file(to)).unwrap();
        }
        authority
    }

    fn sign(&self, name: &str, extensions: &str) {
        let file = |end: &str| self.file(&format!("{name}{end}"));
        std::fs::write(file(".ext"), extensions).unwrap();
        openssl(&[
            "req",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-subj",
            &format!("/CN={name}"),
            "-keyout",
            &file("-key.pem"),
            "-out",
            &file(".csr"),
        ]);
        openssl(&[
            "x509",
            "-req",
            "-days",
            "2",
            "-in",
            &file(".csr"),
            "-CA",
            &self.file("ca.pem"),
            "-CAkey",
            &self.file("ca-key.pem"),
            "-CAcreateserial",
            "-extfile",
            &file(".ext"),
            "-out",
            &file(".pem"),
        ]);
    }

    fn file(&self, name: &str) -> String {
        self.path().join(name).to_str().unwrap().to_owned()
    }

    fn path(&self) -> &Path {
        self.dir.path()
    }

    fn certificates(&self, name: &str) -> Vec<CertificateDer<'static>> {
        CertificateDer::pem_file_iter(self.path().join(name)).unwrap().map(Result::unwrap).collect()
    }
}

fn openssl(args: &[&str]) {
    output("openssl", args);
}

/// Lets those with a certificate of `authority` through to the engine; gives the address.
fn terminator(authority: &Authority) -> String {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(authority.certificates("ca.pem"));
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider)).build().unwrap();
    let key = PrivateKeyDer::from_pem_file(authority.path().join("server-key.pem")).unwrap();
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = config.with_client_cert_verifier(verifier);
    let config = config.with_single_cert(authority.certificates("server.pem"), key).unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        tokio::runtime::Runtime::new().unwrap().block_on(async move {
            let listener = TcpListener::from_std(listener).unwrap();
            while let Ok((stream, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    let mut client = acceptor.accept(stream).await?;
                    let mut engine = UnixStream::connect("/var/run/docker.sock").await?;
                    tokio::io::copy_bidirectional(&mut client, &mut engine).await
                });
            }
        });
    });
    address
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn an_engine_is_reached_by_tls_with_certificates_and_not_without() {
    let (authority, other) = (Authority::new("own"), Authority::new("other"));
    let host = format!("tcp://{}", terminator(&authority));
    let project = Project::new("localhost:5000");
    // The session of the build, by which the secret is asked for, takes the same way.
    project.write(
        "Dockerfile",
        "FROM busybox:stable\nRUN --mount=type=secret,id=a wc -c </run/secrets/a >/a\nENTRYPOINT [\"cat\", \"/a\"]\n",
    );
    let msvc = || project.msvc(&["build", "--no-cache", "--secret", "id=a,env=A"]).env("A", "12345");
    let with = |dir: &Path| {
        let dir = dir.to_str().unwrap();
        msvc().env("DOCKER_HOST", &host).env("DOCKER_TLS_VERIFY", "1").env("DOCKER_CERT_PATH", dir).run()
    };
    let built = with(authority.path()).success();
    assert_eq!(output("docker", &["run", "--rm", built.stdout.trim()]), "5\n");

    // A Docker context has its certificates with it; the hash is that of its name.
    let hash = "b71199ebd070b36beab7317920c2c2f1d777df8d05e5527d8458fda57cb17a7a";
    let contexts = PathBuf::from(".docker-config/contexts");
    let meta = format!(r#"{{"Name":"remote","Endpoints":{{"docker":{{"Host":"{host}"}}}}}}"#);
    project.write(contexts.join("meta").join(hash).join("meta.json").to_str().unwrap(), &meta);
    for name in ["ca.pem", "cert.pem", "key.pem"] {
        let text = std::fs::read_to_string(authority.path().join(name)).unwrap();
        project.write(contexts.join("tls").join(hash).join("docker").join(name).to_str().unwrap(), &text);
    }
    let mut command = msvc().env("DOCKER_CONTEXT", "remote").command();
    let by_context = command.env_remove("DOCKER_HOST").output().unwrap();
    assert!(by_context.status.success(), "{}", String::from_utf8_lossy(&by_context.stderr));

    let fails = |dir: &Path, message: &str| {
        let refused = with(dir);
        assert!(refused.code == Some(1) && refused.stdout.is_empty(), "{refused}");
        assert!(refused.stderr.contains(message) && refused.stderr.contains("hint: DOCKER_CERT_PATH"), "{refused}");
        assert_eq!(refused.stderr.matches("error:").count(), 1, "{refused}");
    };
    let speaks = format!("error: could not speak TLS with the Docker engine at {host}\n");
    fails(other.path(), &speaks);
    // The engine is known, and does not know us.
    let stranger = tempfile::tempdir().unwrap();
    std::fs::copy(authority.path().join("ca.pem"), stranger.path().join("ca.pem")).unwrap();
    fails(stranger.path(), &speaks);
    for name in ["cert.pem", "key.pem"] {
        std::fs::copy(other.path().join(name), stranger.path().join(name)).unwrap();
    }
    fails(stranger.path(), &speaks);
    fails(tempfile::tempdir().unwrap().path(), "error: there are no certificates for the Docker engine");
}
