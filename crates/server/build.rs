//! The binary embeds `web/dist`. Rust builds without Node: a missing folder becomes an empty one.

fn main() {
    let dist = concat!(env!("CARGO_MANIFEST_DIR"), "/../../web/dist");
    if let Err(error) = std::fs::create_dir_all(dist) {
        println!("cargo::error=cannot make {dist}: {error}");
    }
    println!("cargo::rerun-if-changed={dist}");
}
