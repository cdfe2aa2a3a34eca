//! The server, and the faults that are injected into its answers.

use std::convert::Infallible;
use std::io;
use std::path::Path;

use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};
use http_body_util::{BodyExt, StreamBody, combinators::UnsyncBoxBody};
use hyper::body::{Frame, Incoming};
use hyper::header::{CONTENT_LENGTH, HeaderName, HeaderValue};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use tokio::net::TcpListener;

use super::access::Grants;
use super::fault::{Fault, Faults, ReceivedRequest};
use super::{User, operation};

type Body = UnsyncBoxBody<Bytes, io::Error>;

#[derive(Clone)]
pub(super) struct Service {
    s3: S3Service,
    faults: Faults,
}

impl Service {
    pub(super) fn new(folder: &Path, users: Vec<User>, faults: Faults) -> Self {
        let store = s3s_fs::FileSystem::new(folder).expect("the folder exists");
        let mut builder = S3ServiceBuilder::new(store);
        let mut keys = SimpleAuth::new();
        for user in &users {
            keys.register(user.id.to_owned(), user.secret.into());
        }
        builder.set_auth(keys);
        builder.set_access(Grants(users));
        Self { s3: builder.build(), faults }
    }

    pub(super) async fn serve(self, listener: TcpListener) {
        loop {
            let Ok((socket, _)) = listener.accept().await else { continue };
            let service = self.clone();
            let answer = hyper::service::service_fn(move |request| service.clone().answer(request));
            let connection = hyper::server::conn::http1::Builder::new();
            tokio::spawn(connection.serve_connection(TokioIo::new(socket), answer));
        }
    }

    async fn answer(self, request: Request<Incoming>) -> Result<Response<Body>, Infallible> {
        let (parts, body) = request.into_parts();
        let uri = &parts.uri;
        let received = ReceivedRequest::new(
            operation(&parts.method, uri.path(), uri.query().unwrap_or_default()),
            &parts,
        );
        let faults = self.faults.record(received.clone());
        // subscribed here, before the body is sent: faults may be cleared meanwhile
        let cleared = self.faults.cleared();
        for fault in &faults {
            match fault {
                Fault::Hang => drop(cleared.clone().changed().await),
                Fault::Answer(status, code) => return Ok(refusal(*status, code)),
                Fault::Late => {
                    self.carry_out_late(parts, body, cleared).await;
                    return Ok(refusal(503, "SlowDown"));
                }
                _ => {}
            }
        }
        let mut response = self.call_server(Request::from_parts(parts, body), received).await;
        for fault in faults {
            response = apply(response, &fault, cleared.clone());
        }
        Ok(response)
    }

    async fn carry_out_late(
        self,
        parts: hyper::http::request::Parts,
        body: Incoming,
        mut cleared: tokio::sync::watch::Receiver<()>,
    ) {
        let Ok(body) = body.collect().await else { return };
        let request = Request::from_parts(parts, s3s::Body::from(body.to_bytes()));
        tokio::spawn(async move {
            let _ = cleared.changed().await;
            self.s3.call(request).await.expect("the server does not fail");
        });
    }

    async fn call_server(
        &self,
        request: Request<Incoming>,
        received: ReceivedRequest,
    ) -> Response<Body> {
        let answered = hyper::service::Service::call(&self.s3, request).await;
        let response = answered.unwrap_or_else(|error| panic!("the server failed: {error:?}"));
        response.map(|body| {
            let bytes = body.into_data_stream().map(|chunk| chunk.map_err(io::Error::other));
            boxed(bytes.inspect(move |chunk| {
                received.add_bytes_sent(chunk.as_ref().map_or(0, Bytes::len))
            }))
        })
    }
}

fn refusal(status: u16, code: &str) -> Response<Body> {
    let text = match code {
        "" => String::new(),
        code => format!(
            "<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>injected</Message></Error>"
        ),
    };
    let body = boxed(stream::iter([Ok(Bytes::from(text))]));
    Response::builder().status(status).body(body).expect("a status is a number of three digits")
}

fn apply(
    response: Response<Body>,
    fault: &Fault,
    mut cleared: tokio::sync::watch::Receiver<()>,
) -> Response<Body> {
    let (mut head, body) = response.into_parts();
    let bytes = body.into_data_stream();
    let body = match *fault {
        Fault::CutAfter(limit) => boxed(first(bytes, limit).chain(stream::once(async {
            // the bytes before have reached the network by then
            tokio::task::yield_now().await;
            Err(cut())
        }))),
        Fault::Unsized(limit) => {
            head.headers.remove(CONTENT_LENGTH);
            boxed(first(bytes, limit))
        }
        Fault::HangAfter(limit) => {
            let hang = async move {
                let _ = cleared.changed().await;
                Err(cut())
            };
            boxed(first(bytes, limit).chain(stream::once(hang)))
        }
        Fault::Drip(pause) => boxed(single_bytes(bytes).then(move |byte| async move {
            tokio::time::sleep(pause).await;
            byte
        })),
        Fault::Header(name, ref value) => {
            let name = HeaderName::from_static(name);
            head.headers.remove(&name);
            if !value.is_empty() {
                head.headers.insert(name, HeaderValue::from_str(value).expect("a header's value"));
            }
            boxed(bytes)
        }
        Fault::Answer(..) | Fault::Hang | Fault::Late => boxed(bytes),
    };
    Response::from_parts(head, body)
}

fn cut() -> io::Error {
    io::ErrorKind::ConnectionReset.into()
}

type Chunk = Result<Bytes, io::Error>;

fn first(bytes: impl Stream<Item = Chunk>, limit: usize) -> impl Stream<Item = Chunk> {
    let mut left = limit;
    bytes
        .map(move |chunk| {
            chunk.map(|mut chunk| {
                chunk.truncate(left);
                left -= chunk.len();
                chunk
            })
        })
        .take_while(|chunk| {
            std::future::ready(chunk.as_ref().map_or(true, |chunk| !chunk.is_empty()))
        })
}

fn single_bytes(bytes: impl Stream<Item = Chunk>) -> impl Stream<Item = Chunk> {
    bytes.flat_map(|chunk| match chunk {
        Ok(chunk) => stream::iter(
            chunk.into_iter().map(|byte| Ok(Bytes::from(vec![byte]))).collect::<Vec<_>>(),
        ),
        Err(error) => stream::iter(vec![Err(error)]),
    })
}

fn boxed(bytes: impl Stream<Item = Chunk> + Send + 'static) -> Body {
    BodyExt::boxed_unsync(StreamBody::new(bytes.map(|chunk| chunk.map(Frame::data))))
}
