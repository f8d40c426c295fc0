//! A browser: it holds a portal's cookie and sends it back.

use std::sync::{Mutex, MutexGuard};

use portique_shared::api::paths;
use portique_shared::api::problem::{ErrorCode, PROBLEM_MEDIA_TYPE, Problem};
use portique_shared::api::session::{SessionState, SessionView, SignInAnswer};
use reqwest::header::HeaderMap;
use reqwest::{Method, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::App;

pub struct Browser<'a> {
    app: &'a App,
    host: String,
    /// `name=value`.
    cookie: Mutex<Option<String>>,
    /// The same of a sign-in that waits for its second step.
    step: Mutex<Option<String>>,
    /// The same by which it stands in for the second step.
    remembered: Mutex<Option<String>>,
    /// The same of a card's ceremony.
    card: Mutex<Option<String>>,
}

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

/// A `Set-Cookie` in its parts.
#[derive(Debug)]
pub struct SetCookie {
    pub name: String,
    pub value: String,
    /// In the order in which they stand.
    pub attributes: Vec<String>,
}

impl<'a> Browser<'a> {
    pub fn new(app: &'a App, host: impl Into<String>) -> Self {
        Self {
            app,
            host: host.into(),
            cookie: Mutex::default(),
            step: Mutex::default(),
            remembered: Mutex::default(),
            card: Mutex::default(),
        }
    }

    pub fn app(&self) -> &'a App {
        self.app
    }

    fn jar(&self) -> MutexGuard<'_, Option<String>> {
        self.cookie.lock().expect("no test panics while it holds this")
    }

    /// The cookie held, `name=value`.
    pub fn cookie(&self) -> Option<String> {
        self.jar().clone()
    }

    /// Puts a cookie into the jar, as a thief would.
    pub fn hold(&self, cookie: Option<String>) {
        *self.jar() = cookie;
    }

    /// The second step's cookie, `name=value`.
    pub fn step(&self) -> Option<String> {
        self.step
            .lock()
            .expect("no test panics while it holds this")
            .clone()
    }

    pub fn hold_step(&self, cookie: Option<String>) {
        *self.step.lock().expect("no test panics while it holds this") = cookie;
    }

    /// The cookie by which the browser stands in for the second step, `name=value`.
    pub fn remembered(&self) -> Option<String> {
        self.remembered
            .lock()
            .expect("no test panics while it holds this")
            .clone()
    }

    pub fn hold_remembered(&self, cookie: Option<String>) {
        *self
            .remembered
            .lock()
            .expect("no test panics while it holds this") = cookie;
    }

    /// The cookie of a card's ceremony, `name=value`.
    pub fn card(&self) -> Option<String> {
        self.card
            .lock()
            .expect("no test panics while it holds this")
            .clone()
    }

    pub fn hold_card(&self, cookie: Option<String>) {
        *self.card.lock().expect("no test panics while it holds this") = cookie;
    }

    /// A request to be completed; send it with [`Browser::send`].
    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let request = self
            .app
            .http
            .request(method, format!("http://{}{path}", self.app.address))
            .header("host", &self.host);
        let held = [self.cookie(), self.step(), self.remembered(), self.card()];
        let held: Vec<String> = held.into_iter().flatten().collect();
        if held.is_empty() {
            request
        } else {
            request.header("cookie", held.join("; "))
        }
    }

    /// Sends, and keeps the cookie that comes back as a browser does.
    pub async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let response = request.send().await.expect("the program answers");
        let answer = Answer {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.bytes().await.expect("whole answers").to_vec(),
        };
        for cookie in answer.cookies() {
            let gone = cookie.attributes.iter().any(|attribute| attribute == "Max-Age=0");
            let held = (!gone).then(|| format!("{}={}", cookie.name, cookie.value));
            if cookie.name.ends_with("-step") {
                self.hold_step(held);
            } else if cookie.name.ends_with("-browser") {
                self.hold_remembered(held);
            } else if cookie.name.ends_with("-card") {
                self.hold_card(held);
            } else {
                self.hold(held);
            }
        }
        answer
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(self.request(Method::POST, path).json(body)).await
    }

    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        self.send(self.request(Method::PUT, path).json(body)).await
    }

    /// The same request fifty times at one instant; the statuses, in any order.
    pub async fn fifty_at_once(&self, method: Method, path: &str, body: &Value) -> Vec<u16> {
        let sent: Vec<_> = (0..50)
            .map(|_| tokio::spawn(self.request(method.clone(), path).json(body).send()))
            .collect();
        let mut statuses = Vec::new();
        for answer in sent {
            let answer = answer.await.expect("no request panics");
            statuses.push(answer.expect("each is answered").status().as_u16());
        }
        statuses
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(self.request(Method::DELETE, path)).await
    }

    pub async fn sign_in(&self, identifier: &str, password: &str) -> Answer {
        let body = json!({ "identifier": identifier, "password": password });
        self.post(paths::SESSION, &body).await
    }

    /// The same with the code that is sent, where one is asked for.
    pub async fn sign_in_fully(&self, identifier: &str, password: &str) -> SessionView {
        let answer = self.sign_in(identifier, password).await;
        match answer.ok() {
            SignInAnswer::SignedIn(session) => session,
            SignInAnswer::SecondStep(mut step) => {
                if step.sent.is_none() {
                    // There is a choice: the first is a mail.
                    let to = step.destinations[0].kind;
                    let sent = self.post(paths::SECOND_STEP_SENDING, &json!({ "to": to })).await;
                    step = sent.ok();
                }
                let code = self.app.code(&step).await;
                self.type_code(&code).await.signed_in()
            }
        }
    }

    /// The code as typed, or copied with what stands around it.
    pub async fn type_code(&self, code: &str) -> Answer {
        self.post(paths::SECOND_STEP, &json!({ "code": code })).await
    }

    /// The same from another address.
    pub async fn sign_in_from(&self, address: &str, identifier: &str, password: &str) -> Answer {
        let request = self
            .request(Method::POST, paths::SESSION)
            .header("x-forwarded-for", address)
            .json(&json!({ "identifier": identifier, "password": password }));
        self.send(request).await
    }

    pub async fn sign_out(&self) -> Answer {
        self.delete(paths::SESSION).await
    }

    pub async fn session(&self) -> SessionState {
        self.get(paths::SESSION).await.ok()
    }

    /// Whether the browser is signed in.
    pub async fn is_signed_in(&self) -> bool {
        matches!(self.session().await, SessionState::SignedIn(_))
    }

    pub async fn change_password(&self, identifier: &str, current: &str, new: &str) -> Answer {
        let body = json!({
            "identifier": identifier,
            "current_password": current,
            "new_password": new,
            "confirmation": new,
        });
        self.put(paths::PASSWORD, &body).await
    }
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).map(|value| value.to_str().unwrap());
        value.unwrap_or_default()
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("text is UTF-8")
    }

    pub fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{}: {error}: {}", self.status, self.text()))
    }

    /// The body of a success.
    #[track_caller]
    pub fn ok<T: DeserializeOwned>(&self) -> T {
        assert_eq!(self.status, 200, "{}", self.text());
        assert_eq!(self.header("content-type"), "application/json");
        self.json()
    }

    /// The session of a successful sign-in or change.
    #[track_caller]
    pub fn signed_in(&self) -> SessionView {
        match self.ok() {
            SessionState::SignedIn(session) => session,
            SessionState::Anonymous => panic!("nobody is signed in"),
        }
    }

    /// The problem of a refusal, which has the shape of every refusal.
    #[track_caller]
    pub fn refused(&self, status: u16, code: ErrorCode) -> Problem {
        assert_eq!(self.status, status, "{}", self.text());
        assert_eq!(self.header("content-type"), PROBLEM_MEDIA_TYPE);
        assert_eq!(self.header("cache-control"), "no-store");
        let problem: Problem = self.json();
        assert_eq!(problem.kind, "about:blank");
        assert_eq!(problem.status, status);
        let reason = StatusCode::from_u16(status).unwrap().canonical_reason();
        assert_eq!(Some(problem.title.as_str()), reason);
        assert_eq!(problem.code, code);
        assert_eq!(problem.request_id, self.header("x-request-id"));
        assert_eq!(problem.request_id.len(), 16);
        let retry = problem.retry_after.map(|seconds| seconds.to_string());
        assert_eq!(retry.unwrap_or_default(), self.header("retry-after"));
        assert!(self.cookie().is_none(), "a refusal sets no cookie");
        problem
    }

    /// Status, headers and body without what differs from request to request: two answers that nobody can tell apart.
    pub fn without_id(&self) -> (u16, Vec<(String, String)>, String) {
        let id = self.header("x-request-id");
        let headers = self.headers.iter();
        let headers = headers
            .filter(|(name, _)| !matches!(name.as_str(), "x-request-id" | "date"))
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .collect();
        (self.status, headers, self.text().replace(id, "…"))
    }

    /// The cookie that the answer sets, if any; the first of several.
    pub fn cookie(&self) -> Option<SetCookie> {
        self.cookies().next()
    }

    pub fn cookies(&self) -> impl Iterator<Item = SetCookie> {
        let set = self.headers.get_all("set-cookie").iter();
        set.filter_map(|header| {
            let mut parts = header.to_str().unwrap().split("; ");
            let (name, value) = parts.next()?.split_once('=')?;
            Some(SetCookie {
                name: name.to_owned(),
                value: value.to_owned(),
                attributes: parts.map(str::to_owned).collect(),
            })
        })
    }
}
