//! Serving: listeners, background work, an orderly end.

use std::sync::Arc;
use std::time::Duration;

use platform::auth::Passwords;
use platform::web::{Dictionary, Door, Limits, Proxies, Sessions};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::cli::{self, Listen, Store};
use crate::connections::Connections;
use crate::house::{CannotOpen, Founding, House};
use crate::readiness::Watch;
use crate::router::{Rooms, WORDS};
use crate::wiring;

/// How long requests under way may take after the signal to stop.
const GRACE: Duration = Duration::from_secs(10);

/// Why serving ended badly.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ServeFailed {
    #[error(transparent)]
    House(#[from] CannotOpen),
    #[error("无法监听 {0}：{1} (cannot listen; is another program using the address?)")]
    Listen(String, std::io::Error),
    #[error("{0}")]
    Words(String),
    #[error("演示城市无法创建 (the demo city cannot be made): {0}")]
    Demo(String),
    #[error("服务中断 (serving failed): {0}")]
    Broken(std::io::Error),
    #[error(
        "服务器编号 {0} 已被另一个进程使用，为避免编号重复而停止，请重新启动 (another process holds server number {0}; \
         stopped before ids could repeat, start again)"
    )]
    NumberLost(u16),
}

impl From<platform::db::Fault> for ServeFailed {
    fn from(fault: platform::db::Fault) -> Self {
        Self::House(CannotOpen::Database(fault))
    }
}

/// Creates the demo city where there is none, then serves it.
pub(crate) async fn demo(options: cli::Demo) -> Result<(), ServeFailed> {
    let store = Store {
        data: options.data.clone(),
        database: options.database.clone(),
        key_file: None,
        city: demo::CITY.0,
    };
    let house = House::found(store, Founding::Demo).await?;
    let scale = match options.scale {
        cli::Scale::Town => demo::Scale::Town,
        cli::Scale::County => demo::Scale::County,
    };
    let plan = demo::Plan::new(scale, options.seed, options.today.as_deref(), house.ctx.now())
        .map_err(|error| ServeFailed::Demo(error.to_string()))?;
    let hasty = house.in_haste().await?;
    let made = demo::create_if_empty(&hasty, &options.data, &plan).await;
    made.map_err(|error| ServeFailed::Demo(error.to_string()))?;
    hasty.db.close().await?;
    if options.only_create {
        house.close().await;
        return Ok(());
    }
    serve(house, &options.listen).await
}

/// Serves until SIGINT or SIGTERM, or until the server number is lost.
pub(crate) async fn serve(house: House, listen: &Listen) -> Result<(), ServeFailed> {
    let words = Dictionary::read(WORDS).map_err(|error| ServeFailed::Words(error.to_string()))?;
    let tables = |error: cases::catalogue::CatalogueError| ServeFailed::Words(error.to_string());
    let classes = Arc::new(cases::ClassPort::new().map_err(tables)?);
    let org = org::Org::new(house.ctx.clone()).with_classes(classes);
    let cases = cases::Cases::new(house.ctx.clone(), org.clone()).map_err(tables)?;
    let rooms = Rooms {
        ctx: house.ctx.clone(),
        org,
        cases,
        sessions: Sessions::default(),
        words: Arc::new(words),
        passwords: Passwords::default(),
        limits: if listen.no_rate_limits { Limits::off() } else { Limits::default() },
        https: listen.https,
        watch: Watch {
            number: house.lease.number,
            folder: house.data().to_owned(),
            least_free_mb: listen.least_free_mb,
        },
    };
    // A list that takes longer is no reason not to serve.
    if let Err(fault) = house.ctx.db.renew_statistics().await {
        tracing::error!(%fault, "statistics of the tables were not renewed");
    }
    let wish_to_stop = wish_to_stop().map_err(ServeFailed::Broken)?;
    let (stop, stopped) = watch::channel(false);
    let mut work = wiring::start(&rooms, &stopped);
    let proxies = Proxies::of(listen.trust_forwarded_for.iter().copied());
    let connections = Connections::new(listen);
    let mut listeners = Vec::new();
    for (address, door) in doors(listen) {
        let listener =
            TcpListener::bind(&address).await.map_err(|error| ServeFailed::Listen(address, error))?;
        announce(&listener, door, house.ctx.demo);
        let router = proxies.clone().around(rooms.serve(door));
        listeners.push(tokio::spawn(connections.clone().answer(listener, router, stopped.clone())));
    }
    let ended = tokio::select! {
        () = wish_to_stop => Ok(()),
        () = wiring::renew(&house, wiring::RENEW) => Err(ServeFailed::NumberLost(house.lease.number)),
    };
    tracing::info!("stopping");
    stop.send_replace(true);
    rooms.cases.hang_up();
    for listener in listeners {
        match tokio::time::timeout(GRACE, listener).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) | Err(_) => tracing::warn!("requests under way were cut off"),
        }
    }
    work.shutdown().await;
    house.close().await;
    ended
}

fn doors(listen: &Listen) -> Vec<(String, Door)> {
    match (&listen.listen_public, &listen.listen_staff) {
        (Some(public), Some(staff)) => vec![(public.clone(), Door::Public), (staff.clone(), Door::Staff)],
        (None, Some(staff)) => vec![(staff.clone(), Door::Staff)],
        (_, None) => vec![(listen.listen.clone(), Door::Staff)],
    }
}

/// One line per door, so that a newcomer knows where to go. Whoever started the server may have stopped listening.
fn announce(listener: &TcpListener, door: Door, demo: bool) {
    use std::io::Write as _;
    let Ok(address) = listener.local_addr() else { return };
    let base = format!("http://{address}");
    let mut text = format!("市民页面  resident  {base}/m/\n");
    if door == Door::Staff {
        text += &format!("工作台    desk      {base}/desk/\n运行图    wall      {base}/desk/#/wall\n");
    }
    if door == Door::Staff && demo {
        text += &format!("导览      tour      {base}/tour/\n");
        text += &format!("演示账号  accounts  (密码 password: {})\n", demo::PASSWORD);
        for persona in demo::PERSONAS {
            text += &format!("  {:<12} {} {}\n", persona.login, persona.role_name, persona.name);
        }
    }
    let mut out = std::io::stdout().lock();
    drop(out.write_all(text.as_bytes()).and_then(|()| out.flush()));
}

/// The wish to stop, from a terminal or a service manager. It is listened for from this call on, before anybody is told
/// that the server is there.
#[cfg(unix)]
fn wish_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// The wish to stop, from a terminal.
#[cfg(not(unix))]
fn wish_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async { drop(tokio::signal::ctrl_c().await) })
}
