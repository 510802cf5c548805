{% if options.grpc -%}
//! A call by gRPC, over the same way that requests by HTTP take: with its retries, circuit breaker
//! and limits.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::http::uri::{PathAndQuery, Uri};
use axum::http::{Request, Response};
use hyper::body::{Buf, Incoming};
use prost_reflect::bytes::BufMut;
use prost_reflect::prost::Message;
use prost_reflect::{DynamicMessage, MethodDescriptor};
use tokio::time::timeout_at;
use tonic::Status;
use tonic::client::Grpc;
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::metadata::MetadataMap;
use tower::Service;

use crate::failure::Failure;
use crate::upstream::{Deadline, Upstream};

/// Bytes of an answer's message at most: it is held as a whole.
const LARGEST: usize = 4 * 1024 * 1024;

/// Calls a method with one message, to be answered with one.
pub async fn unary(
    upstream: &Upstream,
    method: &MethodDescriptor,
    message: DynamicMessage,
    metadata: MetadataMap,
    deadline: Deadline,
) -> Result<DynamicMessage, Status> {
    let path = format!("/{}/{}", method.parent_service().full_name(), method.name());
    let path = PathAndQuery::try_from(path).map_err(|error| Status::internal(error.to_string()))?;
    let wire = Wire { upstream, deadline };
    let mut client = Grpc::with_origin(wire, Uri::default()).max_decoding_message_size(LARGEST);
    let request = tonic::Request::from_parts(
        metadata,
        tonic::Extensions::default(),
        Bytes::from(message.encode_to_vec()),
    );
    let answer = timeout_at(deadline.at, client.unary(request, path, Plain)).await;
    let answer = answer.map_err(|_| Status::from_error(deadline.passed().into()))??;
    let answer = DynamicMessage::decode(method.output(), answer.into_inner());
    answer.map_err(|error| {
        tracing::warn!(service = upstream.name, %error, "not the message that its contract says");
        Status::from_error(Failure::Broken.into())
    })
}

/// The way to a service, as tonic's client wants it.
struct Wire<'a> {
    upstream: &'a Upstream,
    deadline: Deadline,
}

type Answering<'a> = Pin<Box<dyn Future<Output = Result<Response<Incoming>, Failure>> + Send + 'a>>;

impl<'a> Service<Request<tonic::body::Body>> for Wire<'a> {
    type Response = Response<Incoming>;
    type Error = Failure;
    type Future = Answering<'a>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Failure>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<tonic::body::Body>) -> Answering<'a> {
        let (upstream, deadline) = (self.upstream, self.deadline);
        let (head, body) = request.into_parts();
        let path = head.uri.path_and_query().cloned();
        let path = path.unwrap_or_else(|| PathAndQuery::from_static("/"));
        Box::pin(async move { upstream.call(head, Body::new(body), path, deadline).await })
    }
}

/// Messages as the bytes that they are: which message it is, only the method knows.
struct Plain;

impl Codec for Plain {
    type Encode = Bytes;
    type Decode = Bytes;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Self {
        Self
    }
}

impl Encoder for Plain {
    type Item = Bytes;
    type Error = Status;

    fn encode(&mut self, message: Bytes, into: &mut EncodeBuf<'_>) -> Result<(), Status> {
        into.put(message);
        Ok(())
    }
}

impl Decoder for Plain {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, from: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        Ok(Some(from.copy_to_bytes(from.remaining())))
    }
}
{% endif -%}
