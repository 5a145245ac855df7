use super::*;

fn who(account: &str, address: &str, device: Option<&str>) -> Try {
    Try {
        city: CityId(320_281),
        account: account.to_owned(),
        address: address.parse().unwrap(),
        device: device.map(str::to_owned),
    }
}

/// Guesses as fast as it may for a while. Answers how many got through, and the longest wait.
fn attack(guesses: &Guesses, from: i64, ms: i64, who: impl Fn(usize) -> Try) -> (usize, i64) {
    let (mut now, mut through, mut longest) = (from, 0, 0);
    while now < from + ms {
        match guesses.admit(who(through), Time(now)) {
            Ok(admitted) => {
                guesses.wrong(&admitted, None, Time(now));
                through += 1;
            }
            Err(wait) => {
                longest = longest.max(wait);
                now += wait;
            }
        }
    }
    (through, longest)
}

#[test]
fn waits_grow_and_are_bounded() {
    let waits: Vec<i64> = (1..=14).map(|failures| wait_ms(failures, FREE_OF_ACCOUNT) / 1_000).collect();
    assert_eq!(waits, [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 120, 120, 120]);
    assert_eq!(wait_ms(u32::MAX, 5), LONGEST_WAIT_MS);
}

#[test]
fn an_account_is_guessed_slowly_from_wherever() {
    let guesses = Guesses::default();
    // Every try from another address.
    let spread = |n: usize| who("zhang", &format!("10.{}.{}.1", n / 256, n % 256), None);
    let (through, longest) = attack(&guesses, 0, DAY_MS, spread);
    assert!(through < 740, "{through} guesses in a day");
    assert_eq!(longest, LONGEST_WAIT_MS);
}

#[test]
fn many_at_once_are_no_way_around() {
    let guesses = Guesses::default();
    let at_once = (0..100).filter(|_| guesses.admit(who("zhang", "10.0.0.1", None), Time(0)).is_ok()).count();
    assert_eq!(at_once, FREE_OF_ACCOUNT as usize);
}

#[test]
fn a_network_that_tries_one_password_on_everybody_is_slowed() {
    let guesses = Guesses::default();
    let (through, _) = attack(&guesses, 0, HOUR_MS, |n| who(&format!("user{n}"), "10.0.0.1", None));
    assert!(through < 70, "{through} accounts in an hour");
    assert!(guesses.admit(who("zhang", "10.0.0.2", None), Time(HOUR_MS)).is_ok(), "others are not");
}

#[test]
fn the_owner_is_not_locked_out_by_a_stranger() {
    let guesses = Guesses::default();
    let home = who("zhang", "192.0.2.7", None);
    let admitted = guesses.admit(home.clone(), Time(0)).unwrap();
    guesses.right(admitted, Time(0));
    let strangers = |n: usize| who("zhang", &format!("10.{}.{}.1", n / 256, n % 256), None);
    attack(&guesses, 1_000, HOUR_MS, strangers);
    let now = Time(HOUR_MS);
    // From where he was before, and on his own device wherever he is, he gets in at once.
    assert!(guesses.admit(home, now).is_ok());
    assert!(guesses.admit(who("zhang", "198.51.100.9", Some("his own")), now).is_ok());
    // A new device waits, but not for ever.
    let elsewhere = guesses.admit(who("zhang", "198.51.100.9", None), now);
    assert!(elsewhere.err().is_none_or(|wait| wait <= LONGEST_WAIT_MS));
    // That he got in takes none of the strangers' failures.
    let admitted = guesses.admit(who("zhang", "192.0.2.7", None), now).unwrap();
    guesses.right(admitted, now);
    assert!(guesses.admit(who("zhang", "10.9.9.9", None), Time(HOUR_MS + 1)).is_err());
}

#[test]
fn a_known_device_is_slowed_as_well_and_forgiven_when_it_is_right() {
    let guesses = Guesses::default();
    let his = || who("zhang", "198.51.100.9", Some("his own"));
    for _ in 0..FREE_OF_ACCOUNT {
        guesses.admit(his(), Time(0)).unwrap();
    }
    assert!(guesses.admit(his(), Time(0)).is_err());
    let admitted = guesses.admit(his(), Time(5_000)).unwrap();
    guesses.right(admitted, Time(5_000));
    assert!(guesses.admit(his(), Time(5_001)).is_ok());
}

#[test]
fn failures_are_noted_without_login_and_without_the_whole_address() {
    let guesses = Guesses::default();
    for address in ["203.0.113.7", "203.0.113.9", "2001:db8:1:2::3"] {
        let admitted = guesses.admit(who("a1b2", address, None), Time(7)).unwrap();
        guesses.wrong(&admitted, Some(UserId(3)), Time(7));
    }
    let mut noted: Vec<(String, i64)> =
        guesses.take_noted().into_iter().map(|one| (one.network, one.failures)).collect();
    noted.sort();
    assert_eq!(noted, [("2001:db8:1::/48".to_owned(), 1), ("203.0.113.*".to_owned(), 2)]);
    assert_eq!(guesses.take_noted(), []);
}

#[test]
fn a_flood_of_accounts_takes_no_more_memory() {
    let guesses = Guesses::default();
    for n in 0..60_000_u32 {
        let [a, b, c, d] = n.to_be_bytes();
        let someone = who(&n.to_string(), &format!("10.{}.{c}.{d}", a + b), None);
        drop(guesses.admit(someone, Time(0)));
    }
    assert!(guesses.lock().counts.len() <= REMEMBERED + 2);
}
