//! Whoever changes a byte behind the product's back is named (issue A8.2): two hundred changes on a demo town, in every
//! column of events, state rows, personal rows, receipts and files, and in photos on the disk, judged by the true
//! `youju verify`. Twenty at a time, each in another record: all twenty are named, and nobody else.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use kernel::chance::{Chance, SeededChance};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, QueryResult, Statement};
use serde_json::json;
use testkit::World;

use crate::binary::{Place, place};
use crate::commands::worked;

const NO_TABLES: &[platform::db::migrate::Migrations] = &[];

testkit::stories!(NO_TABLES: two_hundred_changes_are_named);

/// Changes in all, and at once.
const CHANGES: usize = 200;
const AT_ONCE: usize = 20;

/// The tables that verification answers for, and the column that says whose row it is.
const TABLES: [(&str, &str, &str); 11] = [
    ("platform_journal", "stream_id", "journal"),
    ("cases_case", "id", "case"),
    ("cases_text", "case_id", "case"),
    ("cases_photo", "case_id", "case"),
    ("cases_erased_photo", "case_id", "case"),
    ("cases_receipt", "case_id", "case"),
    ("platform_user", "id", "user"),
    ("platform_grant", "user_id", "user"),
    ("org_record", "id", "record"),
    ("org_person", "id", "person"),
    ("platform_file", "id", "file"),
];

/// A column of a table, as the schema lists it.
#[derive(Clone)]
struct Column {
    table: &'static str,
    owner: &'static str,
    record: &'static str,
    name: String,
    kind: String,
    nullable: bool,
}

/// What can be changed.
#[derive(Clone)]
enum Target {
    Column(Column),
    /// A photo on the disk: which of its copies does not matter, both lie there under their hashes.
    Disk,
}

/// How a change is taken back.
enum Undo {
    Sql { table: &'static str, column: String, address: String, literal: String },
    Bytes(PathBuf, Vec<u8>),
}

/// A kind of record and the names that verification may give to one of them.
type Names = BTreeSet<(String, String)>;

/// A demo town under attack.
struct Town {
    place: Place,
    conn: DatabaseConnection,
    /// By kind and id, the names of every record.
    known: BTreeMap<(String, i64), Names>,
    photos: Vec<PathBuf>,
    chance: SeededChance,
}

async fn two_hundred_changes_are_named(world: World) {
    let place = place(&world);
    // A day that stands, so that every run changes the same values.
    let town = ["demo", "--scale", "town", "--only-create", "--today", "2026-03-02"];
    worked(&place.youju(&town).output().unwrap());
    let erased = erase_somebody(&place).await;
    let town = Town::open(place).await;
    let targets = town.targets().await;
    let (mut tried, mut left) = (0, Vec::new());
    while tried < CHANGES {
        let (mut undo, mut touched, mut later) = (Vec::new(), BTreeMap::new(), Vec::new());
        while touched.len() < AT_ONCE {
            // Every column once and one photo for every ten of them, then again.
            if left.is_empty() {
                left.clone_from(&targets);
            }
            let target = left.swap_remove(town.chance.below(left.len() as u64) as usize);
            match town.change(&target, &touched).await {
                Some((record, what, back)) => {
                    touched.insert(record, what);
                    undo.push(back);
                }
                None => later.push(target),
            }
        }
        left.extend(later);
        town.judged(&touched, (erased.0, &erased.1));
        for back in undo.into_iter().rev() {
            town.undo(back).await;
        }
        tried += AT_ONCE;
    }
    let whole = town.place.verify();
    worked(&whole);
    let said = String::from_utf8_lossy(&whole.stdout).into_owned();
    assert!(said.contains(&format!("case {}: 已依法删除", erased.1)), "{said}");
    let columns = targets.iter().filter(|target| matches!(target, Target::Column(_))).count();
    println!("{:?}: {tried} changes in {columns} columns and on the disk, all named", world.engine);
}

/// Somebody with the right erases what a report with a photo holds about its reporter. Answers id and number of the case.
async fn erase_somebody(place: &Place) -> (i64, String) {
    let served = place.serve();
    let client = reqwest::Client::builder().build().unwrap();
    let post =
        |path: String, body: serde_json::Value| client.post(format!("{}{path}", served.base)).json(&body);
    let play =
        post("/api/v1/demo/session".to_owned(), json!({ "persona": "acceptor" })).send().await.unwrap();
    assert_eq!(play.status(), 200);
    let cookie = play.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let conn = place.connect().await;
    let sql = "SELECT c.id, c.number FROM cases_case c WHERE c.city_id = 320281 AND c.photo_id IS NOT NULL AND EXISTS \
               (SELECT 1 FROM cases_text t WHERE t.city_id = 320281 AND t.case_id = c.id AND t.field = 'phone') \
               ORDER BY c.id LIMIT 1";
    let row =
        conn.query_one_raw(Statement::from_string(conn.get_database_backend(), sql)).await.unwrap().unwrap();
    let (id, number): (i64, String) = (row.try_get("", "id").unwrap(), row.try_get("", "number").unwrap());
    let fields = json!({ "fields": ["description", "address", "point", "name", "phone", "photos"] });
    let erase = post(format!("/api/v1/cases/{id}/erase"), fields).header("cookie", cookie);
    let answer = erase.send().await.unwrap();
    assert_eq!(answer.status(), 200, "{}", answer.text().await.unwrap());
    served.stop();
    (id, number)
}

impl Town {
    async fn open(place: Place) -> Self {
        let conn = place.connect().await;
        let mut known: BTreeMap<(String, i64), Names> = BTreeMap::new();
        let mut know = |kind: &str, id: i64, name: String| {
            known.entry((kind.to_owned(), id)).or_default().insert((kind.to_owned(), name));
        };
        for row in rows(&conn, "SELECT id, number FROM cases_case WHERE city_id = 320281").await {
            know("case", get(&row, 0), get(&row, 1));
        }
        for row in rows(&conn, "SELECT kind, id, code FROM org_record WHERE city_id = 320281").await {
            let (kind, id): (String, i64) = (get(&row, 0), get(&row, 1));
            know(&kind, id, id.to_string());
            if let Some(code) = get::<Option<String>>(&row, 2) {
                know(&kind, id, code);
            }
        }
        let streams = "SELECT DISTINCT stream, stream_id FROM platform_journal WHERE city_id = 320281 \
                       AND stream IN ('file', 'user')";
        for row in rows(&conn, streams).await {
            let (stream, id): (String, i64) = (get(&row, 0), get(&row, 1));
            know(&stream, id, id.to_string());
        }
        let mut photos = files_below(&place.data.join("files").join("ready"));
        photos.sort();
        assert!(photos.len() > 50, "{}", photos.len());
        Self { place, conn, known, photos, chance: SeededChance::new(20_230_717) }
    }

    /// Every column of the schema once, and for ten columns one photo.
    async fn targets(&self) -> Vec<Target> {
        let query = platform::db::dialect::columns_query(match self.sqlite() {
            true => testkit::Engine::Sqlite,
            false => testkit::Engine::Postgres,
        });
        let mut targets = Vec::new();
        for row in rows(&self.conn, query).await {
            let table: String = row.try_get("", "table_name").unwrap();
            let Some((table, owner, record)) = TABLES.into_iter().find(|(name, ..)| *name == table) else {
                continue;
            };
            let kind: String = row.try_get("", "column_type").unwrap();
            let nullable: String = row.try_get("", "nullable").unwrap();
            let name = row.try_get("", "column_name").unwrap();
            let nullable = nullable == "YES";
            targets.push(Target::Column(Column {
                table,
                owner,
                record,
                name,
                kind: kind.to_lowercase(),
                nullable,
            }));
        }
        assert!(targets.len() >= 100, "{}", targets.len());
        targets.extend(std::iter::repeat_n(Target::Disk, targets.len() / 10));
        targets
    }

    fn sqlite(&self) -> bool {
        self.conn.get_database_backend() == DbBackend::Sqlite
    }

    /// Changes one random value. `None` when the row's record was touched already, or the database refuses.
    async fn change(
        &self,
        target: &Target,
        touched: &BTreeMap<(String, i64), String>,
    ) -> Option<((String, i64), String, Undo)> {
        match target {
            Target::Disk => {
                let path = &self.photos[self.chance.below(self.photos.len() as u64) as usize];
                // `ready/CITY/ab/SHA256.ID.jpg`
                let id = path.file_name()?.to_str()?.split('.').nth(1)?.parse().ok()?;
                let record = ("file".to_owned(), id);
                if touched.contains_key(&record) {
                    return None;
                }
                let before = std::fs::read(path).unwrap();
                let mut after = before.clone();
                let at = self.chance.below(after.len() as u64) as usize;
                after[at] ^= 1 << self.chance.below(8);
                std::fs::write(path, after).unwrap();
                Some((record, format!("{} at {at}", path.display()), Undo::Bytes(path.clone(), before)))
            }
            Target::Column(column) => self.change_value(column, touched).await,
        }
    }

    async fn change_value(
        &self,
        column: &Column,
        touched: &BTreeMap<(String, i64), String>,
    ) -> Option<((String, i64), String, Undo)> {
        let Column { table, owner, name, kind, .. } = column;
        let address = if self.sqlite() { "CAST(rowid AS TEXT)" } else { "ctid::text" };
        let raw = match kind.as_str() {
            _any if !self.sqlite() => format!("{name}::text"),
            "blob" => format!("hex({name})"),
            // All its digits.
            "double precision" => format!("nullif(quote({name}), 'NULL')"),
            _other => format!("CAST({name} AS TEXT)"),
        };
        let count = rows(&self.conn, &format!("SELECT count(*) FROM {table} WHERE city_id = 320281")).await;
        let at = self.chance.below(get::<i64>(&count[0], 0).cast_unsigned());
        let stream = if *table == "platform_journal" {
            "stream"
        } else if *table == "org_record" {
            "kind"
        } else {
            "''"
        };
        let sql = format!(
            "SELECT {address}, {raw}, {owner}, {stream}, {name} IS NULL FROM {table} WHERE city_id = 320281 \
             ORDER BY 3, 1 LIMIT 1 OFFSET {at}"
        );
        let row = rows(&self.conn, &sql).await.pop()?;
        let address: String = get(&row, 0);
        // A row whose owner or kind was just changed belongs to nobody now.
        let (id, stream) = (row.try_get_by_index(2).ok()?, row.try_get_by_index::<String>(3).ok()?);
        let raw = get::<Option<String>>(&row, 1).filter(|_| !get::<bool>(&row, 4));
        let record = (record_of(column, &stream), id);
        if touched.contains_key(&record) || !self.known.contains_key(&record) {
            return None;
        }
        let (literal, value) = (self.literal(column, raw.as_deref()), self.other(column, raw.as_deref()));
        let address = self.set(table, name, &address, &value).await?;
        let what = format!("{table}.{name} of {record:?}: {literal} is now {value}");
        Some((record, what, Undo::Sql { table, column: name.clone(), address, literal }))
    }

    /// A value as SQL.
    fn literal(&self, column: &Column, raw: Option<&str>) -> String {
        match (raw, column.kind.as_str()) {
            (None, _) => "NULL".to_owned(),
            (Some(raw), "boolean" | "bigint" | "integer" | "double precision") => raw.to_owned(),
            (Some(raw), "text") => format!("'{}'", raw.replace('\'', "''")),
            (Some(raw), _bytes) => self.bytes(raw.trim_start_matches("\\x")),
        }
    }

    /// Another value of the same kind, or on SQLite sometimes one that is of no kind at all, as SQL.
    fn other(&self, column: &Column, raw: Option<&str>) -> String {
        let pick = |count: usize| self.chance.below(count as u64) as usize;
        let Some(raw) = raw.filter(|raw| !raw.is_empty()) else {
            return match column.kind.as_str() {
                "boolean" => "TRUE".to_owned(),
                "bigint" | "integer" => pick(1 << 30).to_string(),
                "double precision" => "120.25".to_owned(),
                "text" => "'q'".to_owned(),
                _bytes => self.bytes("abcd"),
            };
        };
        if column.nullable && pick(4) == 0 {
            return "NULL".to_owned();
        }
        if self.sqlite() && pick(3) == 0 {
            return self.strange(column, raw);
        }
        match column.kind.as_str() {
            "boolean" => format!("NOT {}", column.name),
            // A high bit of an id, so that nobody else is met who would rightly be named too.
            "bigint" if column.name == column.owner => {
                (raw.parse::<i64>().unwrap() ^ (1 << (20 + pick(10)))).to_string()
            }
            "bigint" | "integer" => (raw.parse::<i64>().unwrap() ^ (1 << pick(30))).to_string(),
            "double precision" => {
                f64::from_bits(raw.parse::<f64>().unwrap().to_bits() ^ (1 << (8 + pick(32)))).to_string()
            }
            "text" => {
                let mut chars: Vec<char> = raw.chars().collect();
                let at = pick(chars.len());
                chars[at] = if chars[at] == 'q' { 'z' } else { 'q' };
                self.literal(column, Some(&chars.into_iter().collect::<String>()))
            }
            _bytes => {
                let mut hex = raw.trim_start_matches("\\x").as_bytes().to_vec();
                let at = pick(hex.len());
                hex[at] = if hex[at] == b'7' { b'8' } else { b'7' };
                self.bytes(&String::from_utf8(hex).unwrap())
            }
        }
    }

    /// What SQLite stores although the column is of another kind; or a text with a byte that no UTF-8 has.
    fn strange(&self, column: &Column, raw: &str) -> String {
        let pick = |count: usize| self.chance.below(count as u64) as usize;
        match column.kind.as_str() {
            "boolean" => ["2", "'yes'"][pick(2)].to_owned(),
            "bigint" | "integer" => ["'many'", "1.5", "x'00'"][pick(3)].to_owned(),
            "double precision" => "'east'".to_owned(),
            "text" if pick(3) == 0 => format!("CAST({} AS BLOB)", column.name),
            "text" => {
                let mut bytes = raw.as_bytes().to_vec();
                bytes[pick(raw.len())] = 0xff;
                let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
                format!("CAST(x'{hex}' AS TEXT)")
            }
            _bytes => format!("CAST({} AS TEXT)", column.name),
        }
    }

    fn bytes(&self, hex: &str) -> String {
        if self.sqlite() { format!("x'{hex}'") } else { format!("'\\x{hex}'::bytea") }
    }

    /// Sets a value and answers where the row is afterwards; `None` when a unique key refuses.
    async fn set(&self, table: &str, column: &str, address: &str, value: &str) -> Option<String> {
        let sql = match self.sqlite() {
            true => format!(
                "UPDATE {table} SET {column} = {value} WHERE rowid = {address} RETURNING CAST(rowid AS TEXT)"
            ),
            false => {
                format!("UPDATE {table} SET {column} = {value} WHERE ctid = '{address}' RETURNING ctid::text")
            }
        };
        let update = Statement::from_string(self.conn.get_database_backend(), sql.clone());
        match self.conn.query_one_raw(update).await {
            Ok(row) => Some(get(&row.unwrap_or_else(|| panic!("no row: {sql}")), 0)),
            Err(error) if error.sql_err().is_some() => None,
            Err(error) => panic!("{sql}: {error}"),
        }
    }

    async fn undo(&self, undo: Undo) {
        match undo {
            Undo::Bytes(path, bytes) => std::fs::write(path, bytes).unwrap(),
            Undo::Sql { table, column, address, literal } => {
                self.set(table, &column, &address, &literal).await.expect("the value was there before");
            }
        }
    }

    /// `youju verify` names every touched record and no other, and says of the erased one that it was erased.
    fn judged(&self, touched: &BTreeMap<(String, i64), String>, (erased, number): (i64, &str)) {
        let output = self.place.verify();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(output.status.code(), Some(1), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
        let found: Names = said.lines().filter(|line| !line.contains("(erased)")).filter_map(named).collect();
        for (record, what) in touched {
            let names = self.known.get(record);
            let hit = names.is_some_and(|names| !names.is_disjoint(&found));
            // The number of an event in the whole journal is no part of its record, and a record may be named by its
            // code, which may be what was changed.
            let elsewhere = what.starts_with("platform_journal.seq")
                && found.iter().any(|(kind, _)| kind == "journal")
                || what.starts_with("org_record.code") && found.iter().any(|(kind, _)| *kind == record.0);
            assert!(hit || elsewhere, "{what}\nnobody named it:\n{said}");
        }
        for (record, names) in &self.known {
            assert!(
                touched.contains_key(record) || names.is_disjoint(&found),
                "{record:?} is whole:\n{touched:#?}\n{said}"
            );
        }
        if !touched.contains_key(&("case".to_owned(), erased)) {
            assert!(said.contains(&format!("case {number}: 已依法删除")), "{said}");
        }
    }
}

/// The kind of record that a row belongs to.
fn record_of(column: &Column, stream: &str) -> String {
    match (column.record, stream) {
        ("journal", stream) => org::KINDS
            .iter()
            .find(|kind| kind.stream() == stream)
            .map_or_else(|| stream.to_owned(), |kind| kind.word().to_owned()),
        ("record", kind) => kind.to_owned(),
        (record, _) => record.to_owned(),
    }
}

/// `case JY20230717-0001: …`
fn named(line: &str) -> Option<(String, String)> {
    let (record, rest) = line.split_once(' ')?;
    let (name, _) = rest.split_once(": ")?;
    Some((record.to_owned(), name.to_owned()))
}

fn files_below(folder: &std::path::Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() { files.extend(files_below(&entry)) } else { files.push(entry) }
    }
    files
}

async fn rows(conn: &DatabaseConnection, sql: &str) -> Vec<QueryResult> {
    let statement = Statement::from_string(conn.get_database_backend(), sql);
    conn.query_all_raw(statement).await.unwrap_or_else(|error| panic!("{sql}: {error}"))
}

fn get<T: sea_orm::TryGetable>(row: &QueryResult, index: usize) -> T {
    row.try_get_by_index(index).unwrap()
}
