//! Residents with a phone: they upload a photo, report, and keep what was acknowledged.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde_json::{Value, json};

/// One report that a client wants to make, whatever happens to the server.
#[derive(Clone, Debug)]
pub struct Intent {
    /// Key of the upload and of the report.
    pub key: String,
    /// A word that stands in this report only.
    pub word: String,
}

/// What the server acknowledged.
#[derive(Clone, Debug)]
pub struct Acknowledged {
    /// What was wanted.
    pub intent: Intent,
    /// The number of the case.
    pub number: String,
    /// The receipt.
    pub receipt: String,
}

/// A client that knows the server's present address.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    photo: Arc<Vec<u8>>,
    place: Value,
    counter: Arc<AtomicU64>,
}

impl Client {
    /// A client whose photos have more than 200 kB and whose reports lie at `place`.
    pub fn new(place: Value) -> Self {
        let http = reqwest::Client::builder().timeout(Duration::from_secs(20)).build().expect("a client");
        Self { http, photo: Arc::new(big_photo()), place, counter: Arc::default() }
    }

    /// The next thing to report.
    pub fn intent(&self) -> Intent {
        let number = self.counter.fetch_add(1, Ordering::SeqCst);
        Intent { key: format!("kill-{number}"), word: format!("连环测试{number}号") }
    }

    /// Tries once. `None` when the server did not answer, or not yet.
    pub async fn report(&self, base: &str, intent: &Intent) -> Option<Acknowledged> {
        let mut photo = self.photo.as_ref().clone();
        photo.extend_from_slice(intent.key.as_bytes());
        let file = self
            .http
            .post(format!("{base}/api/v1/files"))
            .header("content-type", "image/jpeg")
            .header("idempotency-key", &intent.key)
            .body(photo)
            .send()
            .await
            .ok()?;
        let file = answer(file, 201).await?;
        let report = json!({
            "class_code": "E0110",
            "place": self.place,
            "description": intent.word,
            "photos": [{ "id": file["id"], "token": file["token"] }],
        });
        let made = self
            .http
            .post(format!("{base}/api/v1/public/reports"))
            .header("idempotency-key", &intent.key)
            .json(&report)
            .send()
            .await
            .ok()?;
        let made = answer(made, 201).await?;
        Some(Acknowledged {
            intent: intent.clone(),
            number: made["number"].as_str()?.to_owned(),
            receipt: made["receipt_code"].as_str()?.to_owned(),
        })
    }

    /// What the receipt page says.
    pub async fn receipt(&self, base: &str, code: &str) -> Value {
        let url = format!("{base}/api/v1/public/receipts/{code}");
        let answer = self.http.get(url).send().await.expect("the server answers");
        assert_eq!(answer.status(), 200, "{code}");
        answer.json().await.expect("JSON")
    }
}

/// The body of an answer with this status. Any other answer of a living server is a surprise.
async fn answer(response: reqwest::Response, status: u16) -> Option<Value> {
    let got = response.status().as_u16();
    let text = response.text().await.ok()?;
    // 503 while stopping; an answer that was cut off is none.
    if got == 503 {
        return None;
    }
    assert_eq!(got, status, "{text}");
    serde_json::from_str(&text).ok()
}

/// A JPEG of more than 200 kB: noise does not compress.
pub fn big_photo() -> Vec<u8> {
    let mut state = 7_u32;
    let image = image::RgbImage::from_fn(640, 480, |_, _| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        image::Rgb([(state >> 24) as u8, (state >> 16) as u8, (state >> 8) as u8])
    });
    let mut jpeg = std::io::Cursor::new(Vec::new());
    image.write_to(&mut jpeg, image::ImageFormat::Jpeg).expect("a JPEG");
    let jpeg = jpeg.into_inner();
    assert!(jpeg.len() > 200_000, "{}", jpeg.len());
    jpeg
}
