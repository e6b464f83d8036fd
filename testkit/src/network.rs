//! The network between a phone and the servers, for tests that listen to it.

use tillsight::phone::{HttpFailure, HttpHeader, HttpReply, HttpRequest, HttpTransport};
use ureq::{Agent, RequestExt, http::Request};

use crate::run;

/// Carries calls as the core's own client does, in clear.
#[derive(Clone, Copy, Debug, Default)]
pub struct Network;

impl HttpTransport for Network {
    fn send(&self, request: HttpRequest) -> Result<HttpReply, HttpFailure> {
        let mut builder = Request::builder().method(request.method.as_str()).uri(&request.url);
        for HttpHeader { name, value } in &request.headers {
            builder = builder.header(name, value);
        }
        let body = builder.body(request.body.clone()).map_err(|_| HttpFailure::Unreachable)?;
        let config = Agent::config_builder().http_status_as_error(false).max_redirects(0).build();
        let agent = Agent::new_with_config(config);
        let mut came = body.with_agent(&agent).run().map_err(|_| HttpFailure::Unreachable)?;
        let field = |(name, value): (&ureq::http::HeaderName, &ureq::http::HeaderValue)| {
            let value = value.to_str().ok()?.to_owned();
            Some(HttpHeader { name: name.as_str().to_owned(), value })
        };
        let (status, headers) = (came.status().as_u16(), came.headers().iter().filter_map(field));
        let headers = headers.collect();
        let body = came.body_mut().read_to_vec().map_err(|_| HttpFailure::Unreachable)?;
        let reply = HttpReply { status, headers, body };
        run::tokens(&request, &reply);
        Ok(reply)
    }
}
