//! One demo town for the tests of this binary: made once, then copied for each test, which serves and changes its copy.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde_json::Value;

use crate::binary::Place;

/// A copy of the town in this story's own folder.
pub fn town(world: &testkit::World) -> Place {
    let data = world.folder("town");
    copy(&made().data, &data);
    Place { data, database: None }
}

/// What the demo says that it made.
pub fn marker(place: &Place) -> Value {
    let text = std::fs::read_to_string(place.data.join("demo.json")).expect("the demo leaves its marker");
    serde_json::from_str(&text).expect("JSON")
}

/// The numbers of a planted story.
pub fn story(place: &Place, key: &str) -> Vec<String> {
    let marker = marker(place);
    let mut stories = marker["stories"].as_array().expect("stories").iter();
    let story = stories.find(|story| story["key"] == key).expect("the story is told");
    let numbers = story["numbers"].as_array().expect("numbers").iter();
    numbers.map(|number| number.as_str().expect("a number").to_owned()).collect()
}

/// The town that is copied. It lies in the target folder and is made anew by each run of this binary; a run that comes
/// meanwhile waits.
fn made() -> &'static Place {
    static MADE: OnceLock<(Place, File)> = OnceLock::new();
    let (place, _held) = MADE.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("product-town");
        std::fs::create_dir_all(&folder).expect("the target folder can be written");
        let held = File::create(folder.join("in-use")).expect("the target folder can be written");
        held.lock().expect("the other run ends");
        let data = folder.join("data");
        if data.exists() {
            std::fs::remove_dir_all(&data).expect("the town of the last run goes");
        }
        let place = Place { data, database: None };
        place.make_town();
        (place, held)
    });
    place
}

fn copy(from: &Path, to: &Path) {
    for path in files_in(from) {
        let target = to.join(path.strip_prefix(from).expect("inside"));
        std::fs::create_dir_all(target.parent().expect("a folder"))
            .expect("the story's folder can be written");
        std::fs::copy(&path, target).expect("the town can be copied");
    }
}

/// Every file below a folder, in order of its path.
pub fn files_in(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { files.extend(files_in(&path)) } else { files.push(path) }
    }
    files.sort();
    files
}
