//! The key file: 64 hexadecimal digits that only its owner may read.

use std::io::Write;
use std::path::Path;

use kernel::chance::Chance;
use platform::secrets::MachineChance;

use super::CannotOpen;

/// Reads the key; `None` when there is no such file.
pub(super) fn find(path: &Path) -> Result<Option<[u8; 32]>, CannotOpen> {
    match std::fs::read_to_string(path) {
        Ok(text) => parse(text.trim()).map(Some).ok_or_else(|| CannotOpen::BadKey(path.to_owned())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(CannotOpen::Folder(path.to_owned(), error)),
    }
}

/// Reads the key, or makes one for a city that begins.
pub(super) fn find_or_make(path: &Path) -> Result<[u8; 32], CannotOpen> {
    if let Some(key) = find(path)? {
        return Ok(key);
    }
    let folder = |error| CannotOpen::Folder(path.to_owned(), error);
    let mut key = [0_u8; 32];
    MachineChance.fill(&mut key);
    let text: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut options = std::fs::File::options();
    options.create_new(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(folder)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(folder)?;
    Ok(key)
}

fn parse(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    let mut key = [0_u8; 32];
    for (index, byte) in key.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[index * 2..index * 2 + 2], 16).ok()?;
    }
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn a_key_is_64_hexadecimal_digits() {
        assert_eq!(parse(&"0f".repeat(32)), Some([0x0f; 32]));
        for bad in ["", "0f", &"zz".repeat(32), &"0f".repeat(33), &"０".repeat(64)] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
