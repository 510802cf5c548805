//! Calls by gRPC: a message for a message.

use std::error::Error;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderMap, Request, Response, StatusCode, header};
use hyper::body::Incoming;
use hyper_util::client::legacy::{self, ResponseFuture};
use prost::Message;
use tonic::client::Grpc;
use tonic::metadata::MetadataMap;
use tonic::{Code, Extensions, Status};
use tonic_prost::ProstCodec;
use tonic_types::StatusExt;
use tower::Service;

use super::deadline::Deadline;
use super::way::Way;
use super::{Client, Failure, FieldFault, Refusal, Result, Settings, way};
use crate::upstream::{self, Address, Connections};

#[cfg(test)]
mod tests;

/// Bytes of an answer's message at most.
const LIMIT: usize = 16 * 1024 * 1024;

impl Client {
    /// A client of a service that speaks gRPC.
    ///
    /// # Errors
    /// The settings allow no call.
    pub fn by_grpc(
        service: &'static str,
        address: &Address,
        settings: &Settings,
    ) -> anyhow::Result<Self> {
        let way = Way::new(service, address, upstream::http2(), settings)?;
        Ok(Self::by(way))
    }

    /// Calls a method, `/<package>.<Service>/<Method>`, which is repeated only when the service got
    /// nothing of it.
    pub async fn tell<M, R>(&self, method: &'static str, message: &M) -> Result<R>
    where
        M: Message + Clone + 'static,
        R: Message + Default + 'static,
    {
        self.unary(method, message, false).await
    }

    /// Calls a method that may be done twice: it is repeated when its answer got lost.
    pub async fn ask<M, R>(&self, method: &'static str, message: &M) -> Result<R>
    where
        M: Message + Clone + 'static,
        R: Message + Default + 'static,
    {
        self.unary(method, message, true).await
    }

    async fn unary<M, R>(&self, method: &'static str, message: &M, twice: bool) -> Result<R>
    where
        M: Message + Clone + 'static,
        R: Message + Default + 'static,
    {
        let (way, caller) = (&self.way, self.caller.as_ref());
        let mut headers = HeaderMap::new();
        way::pass_on(caller, &mut headers);
        if let Some(value) = &self.authorization {
            headers.insert(header::AUTHORIZATION, value.clone());
        }
        let origin = way.uri(PathAndQuery::from_static("/"));
        way.go(caller, twice, |deadline| {
            let metadata = MetadataMap::from_headers(headers.clone());
            let message = message.clone();
            let mut request = tonic::Request::from_parts(metadata, Extensions::default(), message);
            request.set_timeout(deadline.left().max(Duration::from_millis(1)));
            let wire = Wire(way.connections.clone());
            let grpc = Grpc::with_origin(wire, origin.clone());
            let mut grpc = grpc.max_decoding_message_size(LIMIT);
            async move {
                let path = PathAndQuery::from_static(method);
                let codec = ProstCodec::<M, R>::default();
                let answer = grpc.unary(request, path, codec).await;
                let answer = answer.map_err(|status| failure(&status, deadline))?;
                Ok(answer.into_inner())
            }
        })
        .await
    }
}

/// Connections as tonic's client wants them.
struct Wire(Connections);

impl Service<Request<tonic::body::Body>> for Wire {
    type Response = Response<Incoming>;
    type Error = legacy::Error;
    type Future = ResponseFuture;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<std::result::Result<(), legacy::Error>> {
        // Connections are made as they are needed.
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<tonic::body::Body>) -> ResponseFuture {
        self.0.request(request.map(Body::new))
    }
}

/// What a status means: a service's own has no cause here.
fn failure(status: &Status, deadline: Deadline) -> Failure {
    let mut cause = status.source();
    if cause.is_some() {
        tracing::debug!(%status, "no answer");
        while let Some(inner) = cause {
            if inner.downcast_ref().is_some_and(legacy::Error::is_connect) {
                return Failure::Unreachable;
            }
            cause = inner.source();
        }
        return Failure::Broken;
    }
    // The service was told how long it has.
    if status.code() == Code::DeadlineExceeded {
        return deadline.passed();
    }
    let blamed = status.get_details_bad_request().into_iter();
    let blamed = blamed.flat_map(|details| details.field_violations);
    let errors = blamed.map(|violation| FieldFault {
        field: violation.field,
        detail: violation.description,
    });
    let retry = status.get_details_retry_info();
    Failure::Refused(Refusal {
        status: http_status(status.code()),
        wait: retry.and_then(|details| details.retry_delay),
        title: status.code().description().to_owned(),
        detail: Some(status.message().to_owned()).filter(|text| !text.is_empty()),
        errors: errors.collect(),
    })
}

/// By the table of `google.rpc.Code`.
fn http_status(code: Code) -> StatusCode {
    match code {
        Code::Ok => StatusCode::OK,
        Code::InvalidArgument | Code::FailedPrecondition | Code::OutOfRange => {
            StatusCode::BAD_REQUEST
        }
        Code::Unauthenticated => StatusCode::UNAUTHORIZED,
        Code::PermissionDenied => StatusCode::FORBIDDEN,
        Code::NotFound => StatusCode::NOT_FOUND,
        Code::AlreadyExists | Code::Aborted => StatusCode::CONFLICT,
        Code::ResourceExhausted => StatusCode::TOO_MANY_REQUESTS,
        Code::Cancelled | Code::Unknown | Code::Internal | Code::DataLoss => {
            StatusCode::INTERNAL_SERVER_ERROR
        }
        Code::Unimplemented => StatusCode::NOT_IMPLEMENTED,
        Code::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Code::DeadlineExceeded => StatusCode::GATEWAY_TIMEOUT,
    }
}
