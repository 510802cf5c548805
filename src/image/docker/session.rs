//! The session of a build: by it, BuildKit asks back for the registries' credentials and for secrets.
//!
//! bollard would begin one by itself, which knows of credentials only; so each build has this one instead.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use bollard::health::health_check_response::ServingStatus;
use bollard::health::health_server::{Health, HealthServer};
use bollard::health::{HealthCheckRequest, HealthCheckResponse, HealthListRequest, HealthListResponse};
use bollard::moby::buildkit::secrets::v1::secrets_server::{Secrets, SecretsServer};
use bollard::moby::buildkit::secrets::v1::{GetSecretRequest, GetSecretResponse};
use bollard::moby::filesync::v1::auth_server::{Auth, AuthServer};
use bollard::moby::filesync::v1::{
    CredentialsRequest, CredentialsResponse, FetchTokenRequest, FetchTokenResponse, GetTokenAuthorityRequest,
    GetTokenAuthorityResponse, VerifyTokenAuthorityRequest, VerifyTokenAuthorityResponse,
};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio_util::task::AbortOnDropHandle;
use tonic::codegen::BoxStream;
use tonic::transport::Server;
use tonic::{Request, Response, Status};

use super::dial::{Stream, dial};
use super::explain;
use super::host::Host;
use crate::error::{Context, Error, Result};
use crate::image::secrets::Secret;
use crate::registry::{Credentials, DOCKER_HUB};

/// What may be asked of us.
const METHODS: [&str; 4] = [
    "/grpc.health.v1.Health/Check",
    "/moby.filesync.v1.Auth/Credentials",
    "/moby.filesync.v1.Auth/GetTokenAuthority",
    "/moby.buildkit.secrets.v1.Secrets/GetSecret",
];
/// How long the engine may take to open a session.
const OPENING: Duration = Duration::from_secs(30);
/// What may wait between the engine and the answers, in bytes.
const WAITING: usize = 64 * 1024;

/// An open session. Dropping it closes it.
pub(super) struct Session {
    /// What a build calls it.
    pub id: String,
    _carrying: Option<AbortOnDropHandle<()>>,
}

/// What the engine may be told.
pub(super) struct Answers {
    /// By registry.
    pub credentials: HashMap<String, Credentials>,
    pub secrets: Vec<Secret>,
}

impl Session {
    /// Opens one at the engine. Where that knows no sessions, as Podman, the build does without: it can't be given secrets.
    ///
    /// # Errors
    /// The engine can't be reached, or there are secrets, and it knows no sessions.
    pub async fn open(host: &Host, answers: Answers) -> Result<Self> {
        let id = format!("msvc-{:032x}", rand::random::<u128>());
        let what = || format!("could not open a session with the Docker engine at {}", host.address);
        let opened = tokio::time::timeout(OPENING, upgraded(host, &id)).await;
        let opened = opened.map_err(|_| explain::silent(&host.address, OPENING))?;
        let mut engine = match opened.failed(what)? {
            Ok(engine) => engine,
            Err(_) if answers.secrets.is_empty() => return Ok(Self { id, _carrying: None }),
            Err(status) => {
                return Err(Error::failed(format!("the Docker engine at {} can't be given secrets", host.address))
                    .cause(format!("it knows no sessions of builds, and answered `{status}`"))
                    .hint("secrets are a matter of BuildKit, which Docker has from 18.09 on"));
            }
        };
        let (mut ours, theirs) = tokio::io::duplex(WAITING);
        let answers = Arc::new(answers);
        let served = Server::builder()
            .add_service(HealthServer::from_arc(Arc::clone(&answers)))
            .add_service(AuthServer::from_arc(Arc::clone(&answers)))
            .add_service(SecretsServer::from_arc(answers))
            .serve_with_incoming(tokio_stream::iter([Ok::<_, io::Error>(theirs)]));
        let carrying = tokio::spawn(async move {
            // It ends with the build, in one way or another; what that was, the build tells.
            let _ = tokio::join!(served, tokio::io::copy_bidirectional(&mut engine, &mut ours));
        });
        Ok(Self { id, _carrying: Some(AbortOnDropHandle::new(carrying)) })
    }
}

/// A connection on which the engine now asks, by HTTP/2; or the status by which it refused.
async fn upgraded(host: &Host, id: &str) -> io::Result<Result<BufReader<Box<dyn Stream>>, String>> {
    let methods = METHODS.map(|method| format!("X-Docker-Expose-Session-Grpc-Method: {method}\r\n")).concat();
    let request = format!(
        "POST /session HTTP/1.1\r\nHost: docker\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 0\r\n\
         X-Docker-Expose-Session-Uuid: {id}\r\n{methods}\r\n"
    );
    let mut engine = BufReader::new(dial(host).await?);
    engine.write_all(request.as_bytes()).await?;
    engine.flush().await?;
    let mut status = String::new();
    engine.read_line(&mut status).await?;
    if status.split(' ').nth(1) != Some("101") {
        return Ok(Err(status.trim().to_owned()));
    }
    let mut header = String::new();
    while engine.read_line(&mut header).await? > 2 {
        header.clear();
    }
    Ok(Ok(engine))
}

#[tonic::async_trait]
impl Auth for Answers {
    async fn credentials(&self, request: Request<CredentialsRequest>) -> Result<Response<CredentialsResponse>, Status> {
        let host = request.get_ref().host.as_str();
        let registry = if host == "registry-1.docker.io" { DOCKER_HUB } else { host };
        Ok(Response::new(match self.credentials.get(registry) {
            None | Some(Credentials::Anonymous) => CredentialsResponse::default(),
            Some(Credentials::Password { user, password }) => {
                CredentialsResponse { username: user.clone(), secret: password.clone() }
            }
            // Without a name, the engine takes it for a token to be exchanged.
            Some(Credentials::IdentityToken(token)) => {
                CredentialsResponse { username: String::new(), secret: token.clone() }
            }
        }))
    }

    /// Whoever has no authority of its own is never asked this: the engine fetches tokens itself.
    async fn fetch_token(&self, _: Request<FetchTokenRequest>) -> Result<Response<FetchTokenResponse>, Status> {
        Err(Status::unavailable("tokens are the engine's"))
    }

    async fn get_token_authority(
        &self,
        _: Request<GetTokenAuthorityRequest>,
    ) -> Result<Response<GetTokenAuthorityResponse>, Status> {
        Err(Status::unavailable("tokens are the engine's"))
    }

    async fn verify_token_authority(
        &self,
        _: Request<VerifyTokenAuthorityRequest>,
    ) -> Result<Response<VerifyTokenAuthorityResponse>, Status> {
        Err(Status::unavailable("tokens are the engine's"))
    }
}

#[tonic::async_trait]
impl Secrets for Answers {
    async fn get_secret(&self, request: Request<GetSecretRequest>) -> Result<Response<GetSecretResponse>, Status> {
        let id = &request.get_ref().id;
        // As docker: the last one of a name counts.
        let secret = self.secrets.iter().rev().find(|secret| secret.id == *id);
        let secret = secret.ok_or_else(|| Status::not_found(format!("secret {id} was not given")))?;
        Ok(Response::new(GetSecretResponse { data: secret.value.clone() }))
    }
}

/// The engine asks every few seconds whether somebody is there.
#[tonic::async_trait]
impl Health for Answers {
    type WatchStream = BoxStream<HealthCheckResponse>;

    async fn check(&self, _: Request<HealthCheckRequest>) -> Result<Response<HealthCheckResponse>, Status> {
        Ok(Response::new(HealthCheckResponse { status: ServingStatus::Serving.into() }))
    }

    async fn list(&self, _: Request<HealthListRequest>) -> Result<Response<HealthListResponse>, Status> {
        Err(Status::unimplemented("only whether all is well"))
    }

    async fn watch(&self, _: Request<HealthCheckRequest>) -> Result<Response<Self::WatchStream>, Status> {
        Err(Status::unimplemented("only whether all is well"))
    }
}
