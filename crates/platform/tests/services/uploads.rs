//! From the upload to the served copies.

use futures_util::stream;
use kernel::id::FileId;
use kernel::problem::ToProblem;
use kernel::time::HOUR_MS;
use platform::files::{
    CopySize, PHOTO_BYTES_MAX, Sender, UploadError, Uploader, by_token, find, make_copies, process_pending,
    receive, serve, verify,
};
use platform::journal::{Actor, read_stream};
use testkit::World;

use super::SETS;
use super::photos::{body, photo, row, stored, upload};

testkit::stories!(SETS:
    a_photo_goes_from_upload_to_copies,
    copies_made_before_the_upload_are_used_once,
    what_is_no_photo_leaves_nothing,
    a_body_that_never_ends_is_stopped,
    the_same_key_gives_the_same_answer,
    the_same_key_at_once_lands_once,
    what_a_kill_leaves_is_finished,
    two_servers_settle_each_photo_once,
    an_original_that_is_not_here_waits_and_a_changed_one_is_refused,
    a_token_opens_only_its_own_file,
);

async fn a_photo_goes_from_upload_to_copies(world: World) {
    let ctx = &world.ctx;
    let original = photo(1, 400);
    let received = upload(ctx, None, &original).await.unwrap();
    assert_eq!(received.state, "received");
    let waiting = row(&world, received.id).await;
    assert_eq!(
        (waiting.state.as_str(), waiting.width, waiting.height, waiting.attached),
        ("received", 400, 400, false)
    );
    assert_eq!(stored(&world, "quarantine").len(), 1);
    assert_eq!(
        serve(ctx, world.city, received.id, CopySize::View).await.unwrap(),
        None,
        "never the original"
    );
    assert_eq!(verify(ctx, world.city).await.unwrap(), []);

    assert_eq!(process_pending(ctx, world.city).await.unwrap(), 1);
    let ready = row(&world, received.id).await;
    assert!(ready.is_ready());
    assert_eq!(ready.taken_at().unwrap().minute_text(), "2026-03-01 08:30");
    assert!((ready.point().unwrap().lng() - 120.25).abs() < 1e-9);
    assert_eq!(stored(&world, "quarantine"), Vec::<std::path::PathBuf>::new());
    let copies = make_copies(&original).unwrap();
    for (size, bytes) in [(CopySize::View, copies.view_jpeg), (CopySize::Thumb, copies.thumb_jpeg)] {
        assert_eq!(serve(ctx, world.city, received.id, size).await.unwrap().unwrap().bytes, bytes);
    }
    assert_eq!(process_pending(ctx, world.city).await.unwrap(), 0, "nothing is left to do");
    assert_eq!(verify(ctx, world.city).await.unwrap(), []);

    let entries = read_stream(ctx.db.reader(), world.city, "file", received.id.0).await.unwrap();
    let kinds: Vec<&str> = entries.iter().map(|entry| entry.kind.as_str()).collect();
    assert_eq!(kinds, ["received", "ready"]);
    for entry in &entries {
        for secret in [&received.token, &hex::encode(&ready.original_sha256), &"120.25".to_owned()] {
            assert!(!entry.body.contains(secret.as_str()), "an event tells {secret}");
        }
    }
}

async fn copies_made_before_the_upload_are_used_once(world: World) {
    let ctx = &world.ctx;
    let (drawn, other) = (photo(1, 300), photo(2, 300));
    // Copies of another photo, so that it shows whose were taken.
    let copies = make_copies(&other).unwrap();
    ctx.files.foresee(&drawn, copies.clone());
    for (expected, who) in [(copies, "the first"), (make_copies(&drawn).unwrap(), "the second")] {
        let received = upload(ctx, None, &drawn).await.unwrap();
        assert_eq!(process_pending(ctx, world.city).await.unwrap(), 1);
        let view = serve(ctx, world.city, received.id, CopySize::View).await.unwrap().unwrap();
        assert_eq!(view.bytes, expected.view_jpeg, "{who}");
    }
    assert_eq!(stored(&world, "quarantine"), Vec::<std::path::PathBuf>::new());
    assert_eq!(verify(ctx, world.city).await.unwrap(), []);
}

async fn what_is_no_photo_leaves_nothing(world: World) {
    let mut cut = photo(2, 300);
    cut.truncate(20_000);
    let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec();
    let rows: [(&str, Vec<u8>, u16, &str); 4] = [
        ("a text", b"no photo, just words".to_vec(), 415, "files/not-a-photo"),
        ("half a photo", cut, 422, "files/truncated"),
        ("HEIC", heic, 422, "files/heic"),
        ("nothing", Vec::new(), 422, "files/truncated"),
    ];
    for (what, bytes, status, code) in rows {
        let problem = upload(&world.ctx, Some("k"), &bytes).await.expect_err(what).problem();
        assert_eq!((problem.status, problem.code.as_ref()), (status, code), "{what}");
    }
    let broken = stream::iter([Ok(bytes::Bytes::from(photo(3, 300))), Err("the line went dead")]);
    let from = Uploader { city: world.city, actor: Actor::Resident, sender: Sender(1) };
    let refused = receive(&world.ctx, from, None, None, broken).await;
    assert!(matches!(refused, Err(UploadError::Broken(_))), "{refused:?}");
    // Half-written uploads are deleted on another thread.
    wait_until(|| stored(&world, "quarantine").is_empty()).await;
    let entries = platform::journal::events_after(world.db().reader(), world.city, 0, 10).await.unwrap();
    assert_eq!(entries, []);
    // The key is still free, because nothing was created with it.
    assert!(upload(&world.ctx, Some("k"), &photo(4, 64)).await.is_ok());
}

async fn wait_until(mut done: impl FnMut() -> bool) {
    for _ in 0..500 {
        if done() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("it never came true");
}

async fn a_body_that_never_ends_is_stopped(world: World) {
    let from = Uploader { city: world.city, actor: Actor::Resident, sender: Sender(1) };
    let code = |error: UploadError| error.problem().code;
    let declared = receive(&world.ctx, from, None, Some(50_000_000), body(&photo(5, 64))).await;
    assert_eq!(code(declared.unwrap_err()), "files/too-large", "by the length it declares");

    // A true photo, then an endless tail.
    let given = std::sync::atomic::AtomicU64::new(0);
    let head = bytes::Bytes::from(photo(6, 64));
    let tail = bytes::Bytes::from(vec![0; 100_000]);
    let parts = std::iter::once(head).chain(std::iter::repeat(tail));
    let endless = stream::iter(parts.map(|part| {
        given.fetch_add(part.len() as u64, std::sync::atomic::Ordering::Relaxed);
        Ok::<_, std::convert::Infallible>(part)
    }));
    let refused = receive(&world.ctx, from, None, None, endless).await;
    assert_eq!(code(refused.unwrap_err()), "files/too-large");
    assert!(given.into_inner() <= PHOTO_BYTES_MAX + 200_000, "stopped while it streamed");
    wait_until(|| stored(&world, "quarantine").is_empty()).await;
}

async fn the_same_key_gives_the_same_answer(world: World) {
    let ctx = &world.ctx;
    let first = upload(ctx, Some("key-1"), &photo(7, 64)).await.unwrap();
    let again = upload(ctx, Some("key-1"), &photo(7, 64)).await.unwrap();
    assert_eq!(first, again);
    assert_eq!(stored(&world, "quarantine").len(), 1, "the second original is thrown away");
    process_pending(ctx, world.city).await.unwrap();
    assert_eq!(upload(ctx, Some("key-1"), &photo(7, 64)).await.unwrap(), first, "after processing too");

    let other = upload(ctx, Some("key-1"), &photo(8, 64)).await.unwrap_err().problem();
    assert_eq!((other.status, other.code.as_ref()), (422, "platform/idempotency-reused"));
    let user = Uploader { city: world.city, actor: Actor::User(kernel::id::UserId(5)), sender: Sender(5) };
    let his = receive(ctx, user, Some("key-1"), None, body(&photo(8, 64))).await.unwrap();
    assert_ne!(his.id, first.id, "keys of different callers do not meet");
    let keyless = upload(ctx, None, &photo(7, 64)).await.unwrap();
    assert_ne!(keyless.id, first.id);
    assert_eq!(stored(&world, "quarantine").len(), 2);
}

async fn the_same_key_at_once_lands_once(world: World) {
    let original = photo(9, 64);
    let all = (0..8).map(|_| upload(&world.ctx, Some("key-2"), &original));
    let answers: Vec<FileId> =
        futures_util::future::join_all(all).await.into_iter().map(|answer| answer.unwrap().id).collect();
    assert!(answers.iter().all(|id| *id == answers[0]), "{answers:?}");
    assert_eq!(stored(&world, "quarantine").len(), 1);
    assert_eq!(process_pending(&world.ctx, world.city).await.unwrap(), 1);
    assert_eq!(verify(&world.ctx, world.city).await.unwrap(), []);
}

/// Killed between any two steps of the job, the next run ends in the same state.
async fn what_a_kill_leaves_is_finished(world: World) {
    let ctx = &world.ctx;
    let original = photo(10, 300);
    let id = upload(ctx, None, &original).await.unwrap().id;
    let quarantined = stored(&world, "quarantine").remove(0);
    assert_eq!(std::fs::read(&quarantined).unwrap(), original);

    // Killed after one copy was written, and half of it under another name.
    let copies = make_copies(&original).unwrap();
    let hash = hex::encode(platform::secrets::digest(&copies.view_jpeg));
    let place = world.dir.join(format!("files/ready/{}/{}", world.city, &hash[..2]));
    std::fs::create_dir_all(&place).unwrap();
    std::fs::write(place.join(format!("{hash}.{id}.jpg")), &copies.view_jpeg).unwrap();
    std::fs::write(place.join(format!("{hash}.{id}.jpg#1")), b"half").unwrap();
    assert_eq!(process_pending(ctx, world.city).await.unwrap(), 1);
    assert!(row(&world, id).await.is_ready());

    // Killed after the commit, before the original was deleted.
    std::fs::write(&quarantined, &original).unwrap();
    assert_eq!(process_pending(ctx, world.city).await.unwrap(), 0);
    platform::files::sweep(ctx, world.city).await.unwrap();
    assert!(!quarantined.exists(), "an original does not outlive its settlement");
    assert!(serve(ctx, world.city, id, CopySize::Thumb).await.unwrap().is_some());
    assert_eq!(verify(ctx, world.city).await.unwrap(), []);
}

async fn two_servers_settle_each_photo_once(world: World) {
    let mut ids = Vec::new();
    for seed in 20..32 {
        ids.push(upload(&world.ctx, None, &photo(seed, 100)).await.unwrap().id);
    }
    let second = world.second_server().await;
    let (one, two) =
        tokio::join!(process_pending(&world.ctx, world.city), process_pending(&second, world.city));
    assert_eq!(one.unwrap() + two.unwrap(), 12, "each counts what it noted itself");
    for id in ids {
        assert!(row(&world, id).await.is_ready());
        let entries = read_stream(world.db().reader(), world.city, "file", id.0).await.unwrap();
        assert_eq!(entries.len(), 2, "noted once");
    }
    assert_eq!(verify(&world.ctx, world.city).await.unwrap(), []);
}

/// What is not here may lie in another server's folder: it waits, and its record is not noted as lost for that. What is
/// here but changed is lost.
async fn an_original_that_is_not_here_waits_and_a_changed_one_is_refused(world: World) {
    let id = upload(&world.ctx, None, &photo(40, 64)).await.unwrap().id;
    let quarantined = stored(&world, "quarantine").remove(0);
    let aside = world.dir.join("aside");
    std::fs::rename(&quarantined, &aside).unwrap();
    let changed = upload(&world.ctx, None, &photo(41, 64)).await.unwrap().id;
    std::fs::write(&stored(&world, "quarantine")[0], photo(42, 64)).unwrap();
    for settled in [1, 0] {
        assert_eq!(process_pending(&world.ctx, world.city).await.unwrap(), settled);
        assert_eq!(row(&world, id).await.state, "received");
    }
    let lost = row(&world, changed).await;
    assert_eq!((lost.state.as_str(), lost.refused.as_deref()), ("refused", Some("files/lost")));
    assert_eq!(serve(&world.ctx, world.city, changed, CopySize::View).await.unwrap(), None);
    std::fs::rename(&aside, &quarantined).unwrap();
    assert_eq!(process_pending(&world.ctx, world.city).await.unwrap(), 1);
    assert!(row(&world, id).await.is_ready());
    assert_eq!(verify(&world.ctx, world.city).await.unwrap(), []);

    // A copy that lies elsewhere is said to, by its name, and not as our fault.
    for copy in stored(&world, "ready") {
        std::fs::remove_file(copy).unwrap();
    }
    let problem = serve(&world.ctx, world.city, id, CopySize::View).await.unwrap_err().problem();
    assert_eq!((problem.status, problem.code.as_ref()), (503, "files/elsewhere"));
    assert_eq!(problem.params["file"], id.to_string());
}

async fn a_token_opens_only_its_own_file(world: World) {
    let conn = world.db().reader();
    let (now, city) = (world.ctx.now(), world.city);
    let mine = upload(&world.ctx, None, &photo(50, 64)).await.unwrap();
    let yours = upload(&world.ctx, None, &photo(51, 64)).await.unwrap();
    assert!(by_token(conn, city, mine.id, &mine.token, now).await.unwrap().is_some());
    assert!(by_token(conn, city, mine.id, &yours.token, now).await.unwrap().is_none());
    assert!(by_token(conn, city, mine.id, "", now).await.unwrap().is_none());
    assert!(by_token(conn, kernel::id::CityId(1), mine.id, &mine.token, now).await.unwrap().is_none());
    let late = now.plus_ms(23 * HOUR_MS + 1);
    assert!(
        by_token(conn, city, mine.id, &mine.token, late).await.unwrap().is_none(),
        "soon it may be swept"
    );
    assert!(find(conn, city, mine.id).await.unwrap().is_some());
}
