//! The built-in HTTP client.

use std::{io::Read, sync::Arc, time::Duration};

use ureq::{
    Agent, RequestExt,
    http::{HeaderMap, Request, header},
    tls::{RootCerts, TlsConfig},
};

use crate::phone::{
    HttpFailure, HttpHeader, HttpReply, HttpRequest, HttpTransport, MOST_HEADER_BYTES, MOST_HEADERS,
};

/// A person waits in front of a till: what takes longer than this is as good as away. The cached
/// screen is shown meanwhile.
const WHOLE_CALL: Duration = Duration::from_secs(8);
const CONNECT: Duration = Duration::from_secs(4);
/// A dense tile is under 1 MiB of JSON; eight leave room and bound what a hostile server can send.
const MOST_BYTES: u64 = 8 << 20;

/// The client of a wallet that is opened without a transport: blocking, rustls with ring, Mozilla's
/// roots, no redirects, 8 s for a call and 8 MiB for an answer. Nothing is asked of the platform, so
/// nothing has to be initialised through JNI. An app's transport may wrap it.
pub struct BuiltInClient {
    agent: Agent,
}

impl Default for BuiltInClient {
    fn default() -> Self {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::WebPki)
            .unversioned_rustls_crypto_provider(provider)
            .build();
        let config = Agent::config_builder()
            .tls_config(tls)
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(WHOLE_CALL))
            .timeout_connect(Some(CONNECT))
            .user_agent(concat!("tillsight/", env!("CARGO_PKG_VERSION")))
            .build();
        Self { agent: Agent::new_with_config(config) }
    }
}

impl HttpTransport for BuiltInClient {
    fn send(&self, request: HttpRequest) -> Result<HttpReply, HttpFailure> {
        let HttpRequest { method, url, headers, body } = request;
        let mut builder = Request::builder().method(method.as_str()).uri(url);
        for HttpHeader { name, value } in headers {
            builder = builder.header(name, value);
        }
        if !body.is_empty() {
            builder = builder.header(header::CONTENT_TYPE, "application/json");
        }
        let request = builder.body(body).map_err(|_| HttpFailure::Unreachable)?;
        let reply = request.with_agent(&self.agent).run().map_err(|error| failure(&error))?;
        let status = reply.status().as_u16();
        let headers = fields(reply.headers()).ok_or(HttpFailure::TooLarge)?;
        let mut body = Vec::new();
        reply
            .into_body()
            .into_reader()
            .take(MOST_BYTES + 1)
            .read_to_end(&mut body)
            .map_err(|error| failure(&ureq::Error::from(error)))?;
        if body.len() as u64 > MOST_BYTES {
            return Err(HttpFailure::TooLarge);
        }
        Ok(HttpReply { status, headers, body })
    }
}

/// The header fields; `None` for more than a phone reads. A value that is no text is left out.
fn fields(headers: &HeaderMap) -> Option<Vec<HttpHeader>> {
    let bytes: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    let field = |(name, value): (&header::HeaderName, &header::HeaderValue)| {
        let value = value.to_str().ok()?.to_owned();
        Some(HttpHeader { name: name.as_str().to_owned(), value })
    };
    (headers.len() <= MOST_HEADERS && bytes <= MOST_HEADER_BYTES)
        .then(|| headers.iter().filter_map(field).collect())
}

fn failure(error: &ureq::Error) -> HttpFailure {
    match error {
        ureq::Error::Timeout(_) => HttpFailure::Timeout,
        ureq::Error::BodyExceedsLimit(_) => HttpFailure::TooLarge,
        _ => HttpFailure::Unreachable,
    }
}
