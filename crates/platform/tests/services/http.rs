//! Uploads over HTTP, with and without a socket.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use futures_util::stream;
use platform::files::{CopySize, Uploads, answer, process_pending, routes, serve};
use platform::web::{Dictionary, Door, Limits, PROBLEMS, Sessions, finish};
use testkit::{App, World};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::SETS;
use super::photos::{photo, stored, upload};

testkit::stories!(SETS:
    a_resident_uploads,
    refusals_speak_both_languages,
    fifty_megabytes_hear_the_answer,
    copies_are_asked_for_by_their_hash,
);

fn router(world: &World) -> Router {
    let uploads = Uploads { ctx: world.ctx.clone(), limits: Limits::default() };
    let (router, _document) = routes().open(Door::Public, uploads).split_for_parts();
    let words = Dictionary::read(&[PROBLEMS]).unwrap();
    finish(router, world.ctx.clone(), Sessions::default(), Arc::new(words))
}

async fn a_resident_uploads(world: World) {
    let app = App::new(router(&world));
    let send =
        |key: &str| app.post("/api/v1/files").bytes("image/jpeg", photo(1, 300)).idempotency_key(key).send();
    let first = send("a").await.expect(201);
    assert_eq!(first.at("/state"), "received");
    assert!(first.at("/id").as_str().is_some_and(|id| id.parse::<i64>().is_ok()), "ids are texts");
    assert!(first.at("/token").as_str().is_some_and(|token| token.len() >= 40));
    assert_eq!(send("a").await.expect(201).json(), first.json());
    assert_ne!(send("b").await.expect(201).at("/id"), first.at("/id"));
    assert_eq!(stored(&world, "quarantine").len(), 2);
}

async fn refusals_speak_both_languages(world: World) {
    let app = App::new(router(&world));
    let send = |bytes: Vec<u8>| app.post("/api/v1/files").bytes("image/jpeg", bytes);
    let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec();
    let zh = send(heic.clone()).send().await.expect_problem(422, "files/heic");
    assert!(zh.at("/detail").as_str().unwrap().contains("JPEG"));
    let en = send(heic).language("en").send().await.expect_problem(422, "files/heic");
    assert!(en.at("/title").as_str().unwrap().contains("not supported"));
    let mut bomb = vec![0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13];
    bomb.extend(b"IHDR\0\0\xEA\x60\0\0\xEA\x60\x08\x02\0\0\0");
    let big = send(bomb).language("en").send().await.expect_problem(422, "files/too-many-pixels");
    assert!(big.at("/detail").as_str().unwrap().contains("60000"), "{}", big.text());
    send(b"just words".to_vec()).send().await.expect_problem(415, "files/not-a-photo");
    send(photo(2, 64)[..900].to_vec()).send().await.expect_problem(422, "files/truncated");
    app.post("/api/v1/files")
        .idempotency_key(&"x".repeat(65))
        .bytes("image/jpeg", photo(2, 64))
        .send()
        .await
        .expect_problem(400, "platform/bad-idempotency-key");
    let broken = stream::iter([Ok(bytes::Bytes::from(photo(3, 200))), Err(std::io::Error::other("gone"))]);
    app.post("/api/v1/files")
        .stream("image/jpeg", Body::from_stream(broken))
        .send()
        .await
        .expect_problem(400, "platform/body-unreadable");
    send(photo(2, 64)).idempotency_key("k").send().await.expect(201);
    send(photo(3, 64)).idempotency_key("k").send().await.expect_problem(422, "platform/idempotency-reused");
}

/// Over a real socket the sender of too much hears why, with or without a declared length.
async fn fifty_megabytes_hear_the_answer(world: World) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move { axum::serve(listener, router_of(world)).await });
    for chunked in [false, true] {
        let mut socket = TcpStream::connect(address).await.unwrap();
        let length = if chunked { "Transfer-Encoding: chunked" } else { "Content-Length: 50000000" };
        let head =
            format!("POST /api/v1/files HTTP/1.1\r\nHost: x\r\nContent-Type: image/jpeg\r\n{length}\r\n\r\n");
        socket.write_all(head.as_bytes()).await.unwrap();
        let (mut reader, mut writer) = socket.split();
        let mut part = photo(9, 200);
        part.resize(1_000_000, 0);
        let sending = async {
            for _ in 0..50 {
                if chunked {
                    writer.write_all(format!("{:x}\r\n", part.len()).as_bytes()).await?;
                }
                writer.write_all(&part).await?;
                if chunked {
                    writer.write_all(b"\r\n").await?;
                }
            }
            if chunked { writer.write_all(b"0\r\n\r\n").await } else { Ok(()) }
        };
        let mut told = vec![0; 4_096];
        let (sent, read) = tokio::join!(sending, reader.read(&mut told));
        let told = String::from_utf8_lossy(&told[..read.unwrap()]).into_owned();
        assert!(told.starts_with("HTTP/1.1 413"), "{told}");
        assert!(told.contains("files/too-large"), "{told}");
        assert!(sent.is_ok(), "the rest is read and thrown away: {sent:?}");
    }
    server.abort();
}

fn router_of(world: World) -> Router {
    let router = router(&world);
    // The world lives as long as the server.
    router.layer(axum::Extension(Arc::new(world)))
}

async fn copies_are_asked_for_by_their_hash(world: World) {
    let id = upload(&world.ctx, None, &photo(4, 64)).await.unwrap().id;
    process_pending(&world.ctx, world.city).await.unwrap();
    let served = serve(&world.ctx, world.city, id, CopySize::Thumb).await.unwrap().unwrap();
    let first = answer(served.clone(), &axum::http::HeaderMap::new());
    assert_eq!(
        (first.status().as_u16(), &first.headers()["content-type"]),
        (200, &"image/jpeg".parse().unwrap())
    );
    assert_eq!(first.headers()["cache-control"], "no-store", "not to be found in a browser after a sign-out");
    let mut request = axum::http::HeaderMap::new();
    request.insert("if-none-match", first.headers()["etag"].clone());
    assert_eq!(answer(served, &request).status().as_u16(), 304);
}
