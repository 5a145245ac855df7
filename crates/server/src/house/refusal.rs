//! Why a house cannot be opened, in words that say what to do.

use std::path::PathBuf;

use kernel::id::CityId;
use platform::db::Fault;

/// Why the house could not be opened; said on standard error, exit code 2.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CannotOpen {
    #[error("{0} 无法使用 (cannot be used): {1}")]
    Folder(PathBuf, std::io::Error),
    #[error("数据目录 {0} 不存在，请检查 --data (there is no data folder here; check --data)")]
    NoFolder(PathBuf),
    #[error(
        "数据库文件 {0} 不存在，请检查 --data；新城市请先运行 youju serve (there is no database file here; check \
         --data, or begin a new city with `youju serve`)"
    )]
    NoDatabase(PathBuf),
    #[error(
        "数据库中没有有据的数据表，请检查 --database；新城市请先运行 youju serve (the database has no tables of ours; \
         check --database, or begin a new city with `youju serve`)"
    )]
    NoTables,
    #[error(
        "数据库待升级（{0}），请先用本版本运行 youju serve (the database is not yet of this release; start `youju serve` \
         once)"
    )]
    Behind(String),
    #[error(
        "数据库中没有城市 {city}，请检查 --city；现有：{begun} (there is no city {city} here, only {begun}; check --city)"
    )]
    NoCity { city: CityId, begun: String },
    #[error(
        "找不到密钥文件 {0}，请用 --data 或 --key-file 指明它所在的位置 (there is no key here; say where it is with --data \
         or --key-file)"
    )]
    NoKey(PathBuf),
    #[error(
        "密钥文件 {0} 不在了，而城市已有数据：请从备份恢复，另造一个会使已封存的姓名和电话无法读出 (the key is gone though \
         the city has data: restore it from its backup; another one could not open what was sealed)"
    )]
    LostKey(PathBuf),
    #[error(
        "密钥文件 {0} 不是这个城市的密钥：已封存的姓名和电话用它无法读出，请换回原来的密钥 (this is not the city's key; what was \
         sealed cannot be opened with it; put the right one back)"
    )]
    WrongKey(PathBuf),
    #[error(
        "数据库中已有其他城市（{begun}），没有 {city}：请检查 --city；确要在此新建城市，请加 --new-city (there is no city {city} \
         here, only {begun}; check --city, or begin it beside them with --new-city)"
    )]
    OtherCity { city: CityId, begun: String },
    #[error("密钥文件 {0} 应为 64 位十六进制数字 (the key file must hold 64 hexadecimal digits)")]
    BadKey(PathBuf),
    #[error(
        "数据目录 {0} 已被另一个 youju 进程使用，请先停止它 (the folder is served by another youju process; stop it first)"
    )]
    Locked(PathBuf),
    #[error(
        "照片目录 {0} 不是这个数据库的：其中的标记与数据库不符。请用 --files（或 --data）指明原来的照片目录；多台服务器须共用一个          (this photo folder belongs to another database; say with --files or --data where the right one is; several          servers share one)"
    )]
    OtherFiles(PathBuf),
    #[error(
        "照片目录 {0} 是空的或不是原来的：数据库认得的照片目录有标记，这里没有。请用 --files（或 --data）指明原来的照片目录，或先从          备份恢复它（连同其中的 mark 文件夹）(this is not the photo folder that the database knows: it has no mark; say with          --files or --data where the right one is, or restore it from its backup together with its folder `mark`)"
    )]
    NoFiles(PathBuf),
    #[error(
        "照片目录 {0} 中没有数据库记载的照片：请用 --files（或 --data）指明原来的照片目录，或先从备份恢复它 (the photos that the          database names are not in this folder; say with --files or --data where they are, or restore them from their backup)"
    )]
    FilesGone(PathBuf),
    #[error(
        "{0} 的数据库中已有数据但不是完整的演示城市；请换一个目录，或先运行 make clean-demo (the folder's database holds \
         other data, or half a demo city)"
    )]
    NotDemo(PathBuf),
    #[error(
        "{0} 标明是演示城市，但数据库是空的；请先运行 make clean-demo 再重建 (the folder says that it holds a demo city, but \
         the database is empty; remove the folder and make it again)"
    )]
    DemoGone(PathBuf),
    #[error(
        "数据库由另一个开发版建立，与本版不同（{0}）：演示城市请运行 make clean-demo 后重建 (the database was made by another development \
         version; make a demo city again after `make clean-demo`)"
    )]
    OtherVersion(&'static str),
    #[error("数据库无法打开 (the database cannot be opened): {0}")]
    Database(Fault),
}

impl From<Fault> for CannotOpen {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Edited(name) => Self::OtherVersion(name),
            other => Self::Database(other),
        }
    }
}
