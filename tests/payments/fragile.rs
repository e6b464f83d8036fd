//! A network between a phone and the real server that loses what it is told to lose.

use std::sync::{Arc, Mutex};

use testkit::Network;
use tillsight::phone::{HttpFailure, HttpReply, HttpRequest, HttpTransport};

/// What is lost on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    Nothing,
    /// The request of a call with such a method and ending.
    Request(&'static str, &'static str),
    /// The answer to it.
    Answer(&'static str, &'static str),
}

#[derive(Clone)]
pub struct Fragile {
    loss: Arc<Mutex<Loss>>,
    came: Arc<Mutex<Vec<String>>>,
}

impl Fragile {
    pub fn new(loss: Loss) -> Self {
        Self { loss: Arc::new(Mutex::new(loss)), came: Arc::default() }
    }

    pub fn lose(&self, loss: Loss) {
        *self.loss.lock().unwrap() = loss;
    }

    /// How many requests of such a method and ending came to the server.
    pub fn came(&self, method: &str, ending: &str) -> usize {
        let came = self.came.lock().unwrap();
        came.iter().filter(|call| call.starts_with(method) && call.ends_with(ending)).count()
    }
}

impl HttpTransport for Fragile {
    fn send(&self, request: HttpRequest) -> Result<HttpReply, HttpFailure> {
        let loss = *self.loss.lock().unwrap();
        let is = |method, ending| request.method == method && request.url.ends_with(ending);
        if matches!(loss, Loss::Request(method, ending) if is(method, ending)) {
            return Err(HttpFailure::Unreachable);
        }
        let lost = matches!(loss, Loss::Answer(method, ending) if is(method, ending));
        self.came.lock().unwrap().push(format!("{} {}", request.method, request.url));
        let reply = Network::default().send(request)?;
        if lost { Err(HttpFailure::Timeout) } else { Ok(reply) }
    }
}
