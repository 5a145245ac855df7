//! A person at the desk, as his browser speaks for him.

use std::time::Duration;

use serde_json::{Value, json};

/// A client with the session of one person, or of nobody.
pub struct Api {
    http: reqwest::Client,
    base: String,
    cookie: Option<String>,
}

/// Status and body.
pub type Heard = (u16, Value);

impl Api {
    /// Nobody.
    pub fn nobody(base: &str) -> Self {
        let http = reqwest::Client::builder().timeout(Duration::from_secs(60)).build().expect("a client");
        Self { http, base: base.to_owned(), cookie: None }
    }

    /// Somebody with one of the printed accounts.
    pub async fn of(base: &str, login: &str) -> Self {
        let mut api = Self::nobody(base);
        let (status, me) = api.sign_in(login, demo::PASSWORD).await;
        assert_eq!(status, 200, "{login}: {me}");
        api
    }

    /// Signs in, and keeps the session where the answer gives one.
    pub async fn sign_in(&mut self, login: &str, password: &str) -> Heard {
        let body = json!({ "login": login, "password": password });
        let request = self.request("POST", "/api/v1/session").json(&body);
        let answer = request.send().await.expect("the server answers");
        let status = answer.status().as_u16();
        let set = answer.headers().get("set-cookie").and_then(|value| value.to_str().ok());
        if let Some(line) = set.filter(|_| status == 200) {
            assert!(line.contains("HttpOnly") && line.contains("SameSite=Lax"), "{line}");
            self.cookie = line.split(';').next().map(str::to_owned);
        }
        (status, answer.json().await.unwrap_or_default())
    }

    /// A request as this person.
    pub fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let request = self.http.request(method.parse().expect("a method"), format!("{}{path}", self.base));
        match &self.cookie {
            Some(cookie) => request.header("cookie", cookie),
            None => request,
        }
    }

    /// Asks; whatever the answer.
    pub async fn ask(&self, method: &str, path: &str, body: Option<Value>) -> Heard {
        let request = self.request(method, path);
        heard(if let Some(body) = body { request.json(&body) } else { request }).await
    }

    /// Acts on a case as it was seen.
    pub async fn act(&self, path: &str, seen: &Value, body: Value) -> Heard {
        heard(self.request("POST", path).header("if-match", format!("\"{seen}\"")).json(&body)).await
    }

    /// Sends a body as it stands, said to be JSON.
    pub async fn raw(&self, path: &str, body: &str) -> Heard {
        let request = self.request("POST", path).header("content-type", "application/json");
        heard(request.body(body.to_owned())).await
    }

    /// What must be there.
    pub async fn get(&self, path: &str) -> Value {
        let (status, body) = self.ask("GET", path, None).await;
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    /// All rows of a list, page by page.
    pub async fn all(&self, path: &str) -> Vec<Value> {
        let mut rows = Vec::new();
        let mut after = String::new();
        let and = if path.contains('?') { '&' } else { '?' };
        loop {
            let page = self.get(&format!("{path}{and}size=100{after}")).await;
            rows.extend(page["items"].as_array().expect("items").iter().cloned());
            match page["next"].as_str() {
                Some(next) => after = format!("&after={next}"),
                None => return rows,
            }
        }
    }

    /// An answer that goes on.
    pub async fn open(&self, path: &str) -> reqwest::Response {
        let answer = self.request("GET", path).send().await.expect("the server answers");
        assert_eq!(answer.status(), 200, "{path}");
        answer
    }

    /// The bytes behind an address that an answer gave.
    pub async fn bytes(&self, path: &str) -> Vec<u8> {
        let answer = self.request("GET", path).send().await.expect("the server answers");
        assert_eq!(answer.status(), 200, "{path}");
        answer.bytes().await.expect("bytes").to_vec()
    }

    /// Uploads a photo. Returns what a report or a proof names it by.
    pub async fn upload(&self, jpeg: Vec<u8>) -> Value {
        let request = self.request("POST", "/api/v1/files");
        let answer = request.header("content-type", "image/jpeg").body(jpeg).send().await;
        let answer = answer.expect("the server answers");
        assert_eq!(answer.status(), 201);
        let file: Value = answer.json().await.expect("JSON");
        json!({ "id": file["id"], "token": file["token"] })
    }

    /// A case by its number, with everything that its page shows.
    pub async fn case(&self, number: &str) -> Value {
        let rows = self.get(&format!("/api/v1/cases?number={number}")).await;
        let id = rows["items"][0]["id"].as_str().unwrap_or_else(|| panic!("{number} is not seen")).to_owned();
        self.get(&format!("/api/v1/cases/{id}")).await
    }
}

async fn heard(request: reqwest::RequestBuilder) -> Heard {
    let answer = request.send().await.expect("the server answers");
    (answer.status().as_u16(), answer.json().await.unwrap_or_default())
}
