//! The device on which an account was opened before: a sealed cookie that proves it without anything being kept here. It
//! opens nothing by itself; it only keeps a stranger's guesses from costing the owner any time.

use axum::http::{HeaderMap, HeaderValue, header};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kernel::id::CityId;

use super::guesses::Account;
use crate::secrets::Secrets;

const COOKIE: &str = "youju_device";
/// Half a year.
const MAX_AGE_S: i64 = 180 * 24 * 3_600;

/// What a device is called in the counts, if it proves that this account was opened on it.
pub fn device_of(
    secrets: &Secrets,
    headers: &HeaderMap,
    secure: bool,
    city: CityId,
    account: &Account,
) -> Option<String> {
    let name = if secure { format!("__Host-{COOKIE}") } else { COOKIE.to_owned() };
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let (_, value) = pairs.find(|(known, _)| *known == name)?;
    let told = secrets.open(&URL_SAFE_NO_PAD.decode(value).ok()?)?;
    let device = told.strip_prefix(&format!("device:{city}:{account}:"))?;
    Some(device.to_owned())
}

/// The cookie that lets a device be known from now on.
pub fn set_device(secrets: &Secrets, secure: bool, city: CityId, account: &Account) -> HeaderValue {
    let device = URL_SAFE_NO_PAD.encode(secrets.salt());
    let value = URL_SAFE_NO_PAD.encode(secrets.seal(&format!("device:{city}:{account}:{device}")));
    let (prefix, mark) = if secure { ("__Host-", "; Secure") } else { ("", "") };
    let line =
        format!("{prefix}{COOKIE}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age={MAX_AGE_S}{mark}");
    HeaderValue::from_str(&line).unwrap_or(HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use kernel::chance::SeededChance;

    use super::*;

    #[test]
    fn a_device_is_known_for_its_account_alone_and_cannot_be_made_up() {
        let secrets = |key| Secrets::new(&[key; 32], Arc::new(SeededChance::new(3)));
        let city = CityId(320_281);
        for secure in [false, true] {
            let set = set_device(&secrets(1), secure, city, &"a".to_owned());
            let pair = set.to_str().unwrap().split(';').next().unwrap().to_owned();
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, pair.parse().unwrap());
            let of = |key, city, account: &str| {
                device_of(&secrets(key), &headers, secure, city, &account.to_owned())
            };
            assert!(of(1, city, "a").is_some());
            assert_eq!(of(1, city, "b"), None, "another account");
            assert_eq!(of(1, CityId(320_282), "a"), None, "another city");
            assert_eq!(of(2, city, "a"), None, "another key");
        }
    }
}
