//! The command line. Every option can come from the environment too; `--help` explains each.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// 有据 Youju: from a resident's photo to the figure in the briefing, one unbroken chain of evidence.
#[derive(Debug, Parser)]
#[command(name = "youju", version, about, long_about = None, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve a city. 启动服务
    Serve(Serve),
    /// Create the demo city where the folder is empty, then serve it. 演示城市
    Demo(Demo),
    /// Add, equip or disable a user. 用户
    #[command(subcommand)]
    User(UserCommand),
    /// Check every chain, commitment, row, receipt and photo; exit 1 and name what is broken. 校验
    Verify(Store),
    /// Print the OpenAPI document. 接口文档
    Openapi,
}

/// Where the data are.
#[derive(Debug, Clone, Args)]
pub(crate) struct Store {
    /// Folder of photos, key file and (unless --database is given) the SQLite file.
    #[arg(long, env = "YOUJU_DATA", default_value = "data/city")]
    pub(crate) data: PathBuf,
    /// Database URL: sqlite://FILE or postgres://USER:PASSWORD@HOST/NAME.
    #[arg(long, env = "YOUJU_DATABASE_URL", hide_env_values = true)]
    pub(crate) database: Option<String>,
    /// File with the key that seals personal fields (64 hexadecimal digits). Made in the data folder when missing.
    #[arg(long, env = "YOUJU_KEY_FILE")]
    pub(crate) key_file: Option<PathBuf>,
    /// Division code of the city (行政区划代码, 6 digits).
    #[arg(long, env = "YOUJU_CITY", default_value_t = 320_281)]
    pub(crate) city: i64,
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    pub(crate) store: Store,
    /// Begin the city of --city in a database that already holds others.
    #[arg(long, env = "YOUJU_NEW_CITY")]
    pub(crate) new_city: bool,
    #[command(flatten)]
    pub(crate) listen: Listen,
}

/// Where to listen.
#[derive(Debug, Clone, Args)]
pub(crate) struct Listen {
    /// One address for residents and staff.
    #[arg(long, env = "YOUJU_LISTEN", default_value = "127.0.0.1:8080")]
    pub(crate) listen: String,
    /// An address for residents only: staff routes do not exist there. Replaces --listen.
    #[arg(long, env = "YOUJU_LISTEN_PUBLIC", requires = "listen_staff")]
    pub(crate) listen_public: Option<String>,
    /// An address for staff (and residents). Replaces --listen.
    #[arg(long, env = "YOUJU_LISTEN_STAFF")]
    pub(crate) listen_staff: Option<String>,
    /// Count no requests per address: for load tests only.
    #[arg(long, env = "YOUJU_NO_RATE_LIMITS")]
    pub(crate) no_rate_limits: bool,
    /// The server is reached through HTTPS: cookies are marked accordingly.
    #[arg(long, env = "YOUJU_HTTPS")]
    pub(crate) https: bool,
    /// Addresses of proxies, divided by commas, whose last entry in X-Forwarded-For is taken for the caller's address.
    #[arg(long, env = "YOUJU_TRUST_FORWARDED_FOR", value_name = "ADDRESS", value_delimiter = ',')]
    pub(crate) trust_forwarded_for: Vec<IpAddr>,
    /// Connections that one address may hold at a time (proxies of --trust-forwarded-for: any number).
    #[arg(long, env = "YOUJU_CONNECTIONS_PER_ADDRESS", default_value_t = 256)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) connections_per_address: u32,
    /// Connections in all; never more than the limit of open files leaves room for.
    #[arg(long, env = "YOUJU_CONNECTIONS", default_value_t = 8_192)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) connections: u32,
    /// Seconds in which the head of a request must be here. A connection may rest five times, a body may stand still four
    /// times as long.
    #[arg(long, env = "YOUJU_PATIENCE", value_name = "SECONDS", default_value_t = 15)]
    #[arg(value_parser = clap::value_parser!(u64).range(1..=600))]
    pub(crate) patience: u64,
    /// Free space of the data folder, in MiB, below which /readyz says that the server is not ready.
    #[arg(long, env = "YOUJU_LEAST_FREE_MB", value_name = "MIB", default_value_t = 256)]
    pub(crate) least_free_mb: u64,
}

#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Folder of the demo city.
    #[arg(long, env = "YOUJU_DATA", default_value = "data/demo")]
    pub(crate) data: PathBuf,
    /// Database URL; an SQLite file in the folder when absent.
    #[arg(long, env = "YOUJU_DATABASE_URL", hide_env_values = true)]
    pub(crate) database: Option<String>,
    #[command(flatten)]
    pub(crate) listen: Listen,
    /// How much of the city: one town in seconds, or the whole city.
    #[arg(long, value_enum, default_value_t = Scale::County)]
    pub(crate) scale: Scale,
    /// The seed of the demo's chance: the same seed gives the same city.
    #[arg(long, default_value_t = 20_230_717)]
    pub(crate) seed: u64,
    /// The day on which the demo's history ends, as YYYY-MM-DD; today when absent.
    #[arg(long)]
    pub(crate) today: Option<String>,
    /// Create the demo city and stop.
    #[arg(long)]
    pub(crate) only_create: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Scale {
    /// One town, some hundred cases.
    Town,
    /// The whole city, about 5,000 cases over half a year.
    County,
}

#[derive(Debug, Subcommand)]
pub(crate) enum UserCommand {
    /// Add a user; the password is read from standard input.
    Add {
        #[command(flatten)]
        store: Store,
        /// Sign-in name.
        login: String,
        /// Name as others see it.
        #[arg(long)]
        name: String,
        /// Role: inspector, acceptor, dispatcher, handler, checker, leader, office, admin, auditor. May be repeated.
        #[arg(long = "role", required = true)]
        roles: Vec<String>,
        /// Area of the roles: a division code of 6, 9 or 12 digits; the whole city when absent.
        #[arg(long)]
        area: Option<String>,
        /// Id of the unit he acts for; required for handlers.
        #[arg(long)]
        unit: Option<i64>,
    },
    /// Set a password, read from standard input; ends the user's sessions.
    Passwd {
        #[command(flatten)]
        store: Store,
        /// Sign-in name.
        login: String,
    },
    /// Disable a user; ends his sessions.
    Disable {
        #[command(flatten)]
        store: Store,
        /// Sign-in name.
        login: String,
    },
}
