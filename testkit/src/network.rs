//! The network between a phone and the servers, for runs whose secrets are listed.

use tillsight::{
    BuiltInClient,
    phone::{HttpFailure, HttpReply, HttpRequest, HttpTransport},
};

use crate::run;

/// The core's own client, which lists the tokens that went and came.
#[derive(Default)]
pub struct Network {
    client: BuiltInClient,
}

impl HttpTransport for Network {
    fn send(&self, request: HttpRequest) -> Result<HttpReply, HttpFailure> {
        let heard = request.clone();
        let reply = self.client.send(request)?;
        run::tokens(&heard, &reply);
        Ok(reply)
    }
}
