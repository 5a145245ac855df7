//! The screens, embedded in the binary. Files with a hash in their name are kept for a year by browsers; pages and the
//! service worker are asked for anew each time. A missing asset is a 404, never a page.

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use platform::web::has_already;
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
struct Dist;

/// Routes of the screens. `demo` sends visitors of `/` to the tour; otherwise to the residents' page on a public
/// listener and to the desk on a staff one.
pub(crate) fn routes(demo: bool, staff: bool) -> Router {
    let home = match (demo, staff) {
        (true, true) => "/tour/",
        (false, true) => "/desk/",
        (_, false) => "/m/",
    };
    let router = Router::new()
        .route("/", get(move || async move { Redirect::temporary(home) }))
        .route("/m", get(|| async { Redirect::permanent("/m/") }))
        .route("/m/", get(page))
        .route("/m/{*path}", get(file))
        .route("/favicon.ico", get(|| async { StatusCode::NO_CONTENT }));
    if !staff {
        return router;
    }
    let router = router
        .route("/desk", get(|| async { Redirect::permanent("/desk/") }))
        .route("/wall", get(|| async { Redirect::permanent("/desk/#/wall") }))
        .route("/desk/", get(page))
        .route("/desk/{*path}", get(file));
    if !demo {
        return router;
    }
    router
        .route("/tour", get(|| async { Redirect::permanent("/tour/") }))
        .route("/tour/", get(page))
        .route("/tour/{*path}", get(file))
}

async fn page(request: Request) -> Response {
    let path = format!("{}index.html", request.uri().path().trim_start_matches('/'));
    answer(&path, &request).unwrap_or_else(not_built)
}

async fn file(request: Request) -> Response {
    let path = request.uri().path().trim_start_matches('/').to_owned();
    answer(&path, &request).unwrap_or_else(|| StatusCode::NOT_FOUND.into_response())
}

/// What a developer sees who started the binary without building the screens.
fn not_built() -> Response {
    let text = "界面文件尚未构建：请先运行 make demo（或在 web/ 中 npm run build），再重新编译。\n\
                The screens are not built yet: run `make demo`.\n";
    (StatusCode::SERVICE_UNAVAILABLE, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text)
        .into_response()
}

fn answer(path: &str, request: &Request) -> Option<Response> {
    let plain = Dist::get(path)?;
    let etag = format!("\"{}\"", hex_of(&plain));
    let mut headers = HeaderMap::new();
    let mut put = |name: header::HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    put(header::CONTENT_TYPE, media_type(path));
    put(header::ETAG, &etag);
    put(header::VARY, "accept-encoding");
    put(
        header::CACHE_CONTROL,
        if path.contains("/assets/") { "public, max-age=31536000, immutable" } else { "no-cache" },
    );
    if has_already(request.headers(), &etag) {
        return Some((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    let (encoding, body) = encoded(path, request.headers(), plain);
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    let body =
        if request.method() == Method::HEAD { Body::empty() } else { Body::from(body.data.into_owned()) };
    Some((headers, body).into_response())
}

/// The ready-made `.br` or `.gz` beside a file, where the browser takes it.
fn encoded(path: &str, headers: &HeaderMap, plain: EmbeddedFile) -> (Option<&'static str>, EmbeddedFile) {
    let accepted =
        headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    for (name, ending) in [("br", "br"), ("gzip", "gz")] {
        if accepted.contains(name)
            && let Some(file) = Dist::get(&format!("{path}.{ending}"))
        {
            return (Some(name), file);
        }
    }
    (None, plain)
}

fn hex_of(file: &EmbeddedFile) -> String {
    file.metadata.sha256_hash()[..12].iter().map(|byte| format!("{byte:02x}")).collect()
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json; charset=utf-8",
        "webmanifest" => "application/manifest+json; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "woff2" => "font/woff2",
        _other => "application/octet-stream",
    }
}
