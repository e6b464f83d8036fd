//! The network between a phone and the real server: it hears all and loses answers.

use std::{
    sync::{Condvar, Mutex},
    time::Duration,
};

use testkit::Network;
use tillsight::phone::{HttpFailure, HttpReply, HttpRequest, HttpTransport};

/// What comes in place of the server's answer; `None` for the answer itself.
pub type Answer = Option<Result<HttpReply, HttpFailure>>;
type Answering = dyn FnMut(&str, &HttpRequest, &HttpReply) -> Answer + Send;

/// Hears what a phone and its server say to each other.
#[derive(Default)]
pub struct Tap {
    heard: Mutex<Vec<(HttpRequest, HttpReply)>>,
    came: Condvar,
    answer: Mutex<Option<Box<Answering>>>,
}

fn path(request: &HttpRequest) -> &str {
    request.url.splitn(4, '/').last().unwrap()
}

pub fn header_of(request: &HttpRequest, name: &str) -> String {
    let mut headers = request.headers.iter();
    headers.find(|header| header.name == name).expect("a header").value.clone()
}

impl Tap {
    /// What the phone hears from now on, by the path, the request and the server's answer.
    pub fn answer(
        &self,
        answer: impl FnMut(&str, &HttpRequest, &HttpReply) -> Answer + Send + 'static,
    ) {
        *self.answer.lock().unwrap() = Some(Box::new(answer));
    }

    fn of<T>(&self, wanted: &str, get: impl Fn(&(HttpRequest, HttpReply)) -> T) -> Vec<T> {
        let heard = self.heard.lock().unwrap();
        let of_path = heard.iter().filter(|(request, _)| format!("/{}", path(request)) == wanted);
        of_path.map(get).collect()
    }

    /// All requests of a path, as they reached the server.
    pub fn all(&self, path: &str) -> Vec<HttpRequest> {
        self.of(path, |(request, _)| request.clone())
    }

    /// What the server answered to them.
    pub fn replies(&self, path: &str) -> Vec<HttpReply> {
        self.of(path, |(_, reply)| reply.clone())
    }

    pub fn last(&self, path: &str) -> HttpRequest {
        self.all(path).pop().expect("a request")
    }

    pub fn count(&self, path: &str) -> usize {
        self.all(path).len()
    }

    /// Waits until a request of this path was answered.
    pub fn wait_for(&self, wanted: &str) {
        let heard = self.heard.lock().unwrap();
        let is_missing = |heard: &mut Vec<(HttpRequest, HttpReply)>| {
            !heard.iter().any(|(request, _)| format!("/{}", path(request)) == wanted)
        };
        let longest = Duration::from_secs(20);
        let (heard, waited) = self.came.wait_timeout_while(heard, longest, is_missing).unwrap();
        drop(heard);
        assert!(!waited.timed_out(), "{wanted} was never asked");
    }
}

impl HttpTransport for Tap {
    fn send(&self, request: HttpRequest) -> Result<HttpReply, HttpFailure> {
        let reply = Network::default().send(request.clone())?;
        self.heard.lock().unwrap().push((request.clone(), reply.clone()));
        self.came.notify_all();
        let mut answer = self.answer.lock().unwrap();
        let asked = format!("/{}", path(&request));
        answer.as_mut().and_then(|answer| answer(&asked, &request, &reply)).unwrap_or(Ok(reply))
    }
}
