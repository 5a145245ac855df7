//! A client for our own routes, without a socket: `app.post("/api/v1/x").signed_in(&cookie).json(&body).send().await`.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tower::ServiceExt;

/// The largest answer that is read.
const ANSWER_MAX_BYTES: usize = 64 * 1024 * 1024;

/// The routes under test. Cheap to clone.
#[derive(Clone)]
pub struct App {
    router: Router,
}

impl App {
    /// Over these routes.
    pub fn new(router: Router) -> Self {
        Self { router }
    }

    /// Begins a GET.
    pub fn get(&self, path: &str) -> Request {
        self.request(Method::GET, path)
    }

    /// Begins a POST.
    pub fn post(&self, path: &str) -> Request {
        self.request(Method::POST, path)
    }

    /// Begins a PUT.
    pub fn put(&self, path: &str) -> Request {
        self.request(Method::PUT, path)
    }

    /// Begins a DELETE.
    pub fn delete(&self, path: &str) -> Request {
        self.request(Method::DELETE, path)
    }

    /// Begins a request with any method.
    pub fn request(&self, method: Method, path: &str) -> Request {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static("localhost"));
        // As a browser says of a call by our own page.
        headers.insert(HeaderName::from_static("sec-fetch-site"), HeaderValue::from_static("same-origin"));
        let name = format!("{method} {path}");
        Request {
            router: self.router.clone(),
            method,
            path: path.to_owned(),
            name,
            headers,
            body: Body::empty(),
        }
    }
}

/// A request on its way.
#[must_use = "a request does nothing until it is sent"]
pub struct Request {
    router: Router,
    method: Method,
    path: String,
    name: String,
    headers: HeaderMap,
    body: Body,
}

impl Request {
    /// With the cookie that [`Answer::cookie`] gave at sign-in.
    pub fn signed_in(self, cookie: &str) -> Self {
        self.header("cookie", cookie)
    }

    /// With a header, instead of one of the same name.
    ///
    /// # Panics
    /// When name or value cannot stand in a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name: HeaderName = name.parse().expect("a header name");
        self.headers.insert(name, value.parse().expect("a header value"));
        self
    }

    /// Without a header that is set by default.
    pub fn without(mut self, name: &str) -> Self {
        self.headers.remove(name);
        self
    }

    /// With an idempotency key.
    pub fn idempotency_key(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    /// With the version that the caller has seen.
    pub fn if_match(self, version: i64) -> Self {
        self.header("if-match", &format!("\"{version}\""))
    }

    /// In this language (`zh`, `en`).
    pub fn language(self, tag: &str) -> Self {
        self.header("accept-language", tag)
    }

    /// With a JSON body.
    ///
    /// # Panics
    /// When the value cannot be written as JSON.
    pub fn json(self, body: &impl Serialize) -> Self {
        let bytes = serde_json::to_vec(body).expect("a value that can be written as JSON");
        self.bytes("application/json", bytes)
    }

    /// With any body.
    pub fn bytes(mut self, media_type: &str, body: impl Into<Bytes>) -> Self {
        self.body = Body::from(body.into());
        self.header("content-type", media_type)
    }

    /// With a body that arrives as the test wishes: in pieces, or breaking off.
    pub fn stream(mut self, media_type: &str, body: Body) -> Self {
        self.body = body;
        self.header("content-type", media_type)
    }

    /// Sends it and reads the whole answer.
    ///
    /// # Panics
    /// When the answer does not end or is larger than 64 MiB.
    pub async fn send(self) -> Answer {
        let answer = self.open().await;
        let (parts, body) = answer.into_parts();
        let bytes = axum::body::to_bytes(body, ANSWER_MAX_BYTES).await.expect("the whole answer");
        Answer {
            name: parts.extensions.get::<Name>().map_or_else(String::new, |name| name.0.clone()),
            status: parts.status.as_u16(),
            headers: parts.headers,
            bytes,
        }
    }

    /// Sends it and leaves the body of the answer unread: for streams that do not end.
    ///
    /// # Panics
    /// When the request cannot be built from its parts.
    pub async fn open(self) -> axum::response::Response {
        let mut request = axum::http::Request::new(self.body);
        *request.method_mut() = self.method;
        *request.uri_mut() = self.path.parse().expect("a path");
        *request.headers_mut() = self.headers;
        let mut answer = match self.router.oneshot(request).await {
            Ok(answer) => answer,
            Err(never) => match never {},
        };
        answer.extensions_mut().insert(Name(self.name));
        answer
    }
}

/// Which request an answer belongs to, for messages.
#[derive(Clone)]
struct Name(String);

/// An answer, read whole.
#[derive(Debug, Clone)]
pub struct Answer {
    name: String,
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub bytes: Bytes,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// The body as JSON; null when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_default()
    }

    /// The body as a value.
    ///
    /// # Panics
    /// When it is of another shape.
    #[track_caller]
    pub fn read<T: DeserializeOwned>(&self) -> T {
        match serde_json::from_slice(&self.bytes) {
            Ok(value) => value,
            Err(error) => panic!("{}: {error} in {}", self.name, self.text()),
        }
    }

    /// One value of the body by JSON pointer; null when it is not there.
    pub fn at(&self, pointer: &str) -> Value {
        self.json().pointer(pointer).cloned().unwrap_or_default()
    }

    /// A header as text, empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// `name=value` of the cookie that was set, to be sent back; empty when none was.
    pub fn cookie(&self) -> &str {
        self.header("set-cookie").split(';').next().unwrap_or_default()
    }

    /// Asserts the status and gives the answer on.
    ///
    /// # Panics
    /// When it is another.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}: {}", self.name, self.text());
        self
    }

    /// Asserts a problem (RFC 9457): status, code, media type, and words to read. Gives the answer on.
    ///
    /// # Panics
    /// When it is another answer.
    #[track_caller]
    pub fn expect_problem(self, status: u16, code: &str) -> Self {
        let body = self.json();
        let told = (self.status, body["code"].as_str().unwrap_or_default());
        assert_eq!(told, (status, code), "{}: {}", self.name, self.text());
        let media_type = self.header("content-type").split(';').next().unwrap_or_default();
        assert_eq!(media_type, "application/problem+json", "{}", self.name);
        assert_eq!(body["status"].as_u64(), Some(u64::from(status)), "{}: {}", self.name, self.text());
        assert!(!body["title"].as_str().unwrap_or_default().is_empty(), "{}: no title: {body}", self.name);
        self
    }

    /// Asserts that a problem names exactly these places, in any order, and each with its words.
    ///
    /// # Panics
    /// When it names others.
    #[track_caller]
    pub fn expect_pointers(self, pointers: &[&str]) -> Self {
        let body = self.json();
        let fields = body["fields"].as_array().cloned().unwrap_or_default();
        let mut told: Vec<&str> = fields.iter().filter_map(|field| field["pointer"].as_str()).collect();
        let mut wanted = pointers.to_vec();
        told.sort_unstable();
        wanted.sort_unstable();
        assert_eq!(told, wanted, "{}: {}", self.name, self.text());
        for field in &fields {
            assert!(
                !field["title"].as_str().unwrap_or_default().is_empty(),
                "{}: no words: {field}",
                self.name
            );
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::StatusCode;
    use axum::response::IntoResponse;
    use axum::routing::post;

    async fn refuse(headers: HeaderMap, body: Bytes) -> impl IntoResponse {
        let cookie = headers.get("cookie").and_then(|value| value.to_str().ok()).unwrap_or_default();
        let problem = serde_json::json!({
            "status": 422, "code": "x/no", "title": "no", "cookie": cookie, "heard": body.len(),
            "fields": [{ "pointer": "/a", "code": "x/bad", "title": "bad" }],
        });
        (
            StatusCode::UNPROCESSABLE_ENTITY,
            [("content-type", "application/problem+json")],
            problem.to_string(),
        )
    }

    #[tokio::test]
    async fn an_answer_is_read_whole() {
        let app = App::new(Router::new().route("/x", post(refuse)));
        let answer = app.post("/x").signed_in("session=1").json(&[1, 2]).send().await;
        let answer = answer.expect_problem(422, "x/no").expect_pointers(&["/a"]);
        assert_eq!(answer.at("/cookie"), "session=1");
        assert_eq!(answer.at("/heard"), 5);
    }
}
