//! Masking: enough stays to recognise one's own, too little to find somebody else (domain.md §10, "Masking").

/// `13812341234` → `138****1234`. Numbers with signs or blanks keep them out of the count: `0510-86881234` →
/// `051****1234`; of seven to ten digits the last two stay, of fewer none.
pub fn mask_phone(phone: &str) -> String {
    let digits: Vec<char> = phone.chars().filter(|c| digit_of(*c).is_some()).collect();
    let (head, tail) = match digits.len() {
        0..=6 => (0, 0),
        7..=10 => (0, 2),
        _ => (3, 4),
    };
    keep_ends(&digits, head, tail, 4)
}

/// `王小梅` → `王*`. One star whatever the length, so that the length says nothing either.
pub fn mask_name(name: &str) -> String {
    name.trim().chars().next().map(|first| format!("{first}*")).unwrap_or_default()
}

/// `32028119900101123X` → `3****************X`: the first character and the last `keep_last` (1 to 4, by role).
pub fn mask_id_number(number: &str, keep_last: usize) -> String {
    let chars: Vec<char> = number.trim().chars().collect();
    let tail = keep_last.clamp(1, 4);
    // A fragment so short that its ends would show most of it shows nothing.
    let (head, tail) = if chars.len() < 8 { (0, 0) } else { (1, tail) };
    keep_ends(&chars, head, tail, chars.len() - head - tail)
}

/// `苏B12345` → `苏B*****`: where the car is registered, not which car it is.
pub fn mask_plate(plate: &str) -> String {
    let chars: Vec<char> = plate.trim().chars().collect();
    let head = chars.len().min(2);
    keep_ends(&chars, head, 0, chars.len() - head)
}

fn keep_ends(chars: &[char], head: usize, tail: usize, stars: usize) -> String {
    if chars.is_empty() {
        return String::new();
    }
    let stars = std::iter::repeat_n('*', stars);
    chars
        .iter()
        .copied()
        .take(head)
        .chain(stars)
        .chain(chars.iter().copied().skip(chars.len() - tail))
        .collect()
}

/// Masks mainland mobile numbers (11 digits), resident identity numbers (居民身份证, 18 characters) and number plates
/// (车牌) in a text that becomes public. Everything else stays as it is, masked patterns too: twice is as good as once.
///
/// Found as well: full-width digits, a country code, one blank or hyphen between the usual groups (`138 1234 1234`).
/// Not found: landlines, names, addresses, numbers written in words. It is a net under the people who release a text,
/// not in place of them.
pub fn hide_personal_patterns(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        let before = at.checked_sub(1).and_then(|i| chars.get(i)).copied();
        let rest = chars.get(at..).unwrap_or_default();
        let number = || id_number(rest).or_else(|| mobile(rest));
        // In the middle of a longer number no other begins; a plate begins with a letter of its own.
        let in_number = before.and_then(digit_of).is_some();
        let found = if in_number { plate(rest) } else { number().or_else(|| plate(rest)) };
        match found {
            Some((masked, length)) => {
                out.push_str(&masked);
                at += length;
            }
            None => {
                out.push(c);
                at += 1;
            }
        }
    }
    out
}

/// What was found at the beginning of a text: its masked form and how many characters it takes.
type Found = Option<(String, usize)>;

fn mobile(rest: &[char]) -> Found {
    let prefix = ["0086", "86", ""].into_iter().find(|prefix| {
        let is_prefix = prefix.chars().zip(rest).all(|(p, c)| digit_of(*c) == p.to_digit(10));
        is_prefix && groups(rest.get(prefix.len()..).unwrap_or_default(), &[3, 4, 4]).is_some_and(is_mobile)
    })?;
    let (digits, length) = groups(rest.get(prefix.len()..)?, &[3, 4, 4])?;
    let end = prefix.len() + length;
    let followed_by_digit = rest.get(end).copied().and_then(digit_of).is_some();
    (!followed_by_digit).then(|| (format!("{prefix}{}", mask_phone(&digits)), end))
}

fn is_mobile((digits, _): (String, usize)) -> bool {
    let mut chars = digits.chars();
    chars.next() == Some('1') && chars.next().is_some_and(|second| ('3'..='9').contains(&second))
}

fn id_number(rest: &[char]) -> Found {
    let (digits, length) = groups(rest, &[6, 8, 3])?;
    let last = *rest.get(length)?;
    let check = digit_of(last).and_then(|d| char::from_digit(d, 10));
    // An X ends the number whatever follows.
    let goes_on = check.is_some() && rest.get(length + 1).copied().and_then(digit_of).is_some();
    let check = check.or_else(|| upper(last).filter(|c| *c == 'X'))?;
    let number = |range| digits.get(range).and_then(|part: &str| part.parse::<u32>().ok());
    let born = (number(6..10)?, number(10..12)?, number(12..14)?);
    // A date of birth tells an identity number from other long numbers. The check digit is not asked for: a number
    // with a typing error still leads to somebody.
    let plausible = matches!(born, (1850..=2099, 1..=12, 1..=31)) && !digits.starts_with('0');
    (plausible && !goes_on).then(|| (mask_id_number(&format!("{digits}{check}"), 1), length + 1))
}

/// Provinces on number plates.
const PROVINCES: &str = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";
/// What may end a plate in place of a digit: trailer, learner, police, Hong Kong and Macao, consulate, embassy.
const LAST_SIGNS: &str = "挂学警港澳领使";

fn plate(rest: &[char]) -> Found {
    let province = *rest.first().filter(|c| PROVINCES.contains(**c))?;
    let office = upper(*rest.get(1)?)?;
    let gap = usize::from(matches!(rest.get(2), Some('·' | '•' | '・' | '.' | '-' | ' ')));
    let serial = rest.get(2 + gap..)?;
    // Six signs for new-energy cars, five for others.
    let length = [6, 5].into_iter().find(|length| is_serial(serial, *length))?;
    Some((mask_plate(&format!("{province}{office}{}", "0".repeat(length))), 2 + gap + length))
}

fn is_serial(serial: &[char], length: usize) -> bool {
    let Some((signs, after)) = serial.split_at_checked(length) else { return false };
    let Some((last, front)) = signs.split_last() else { return false };
    let latin = |c: &char| upper(*c).is_some() || digit_of(*c).is_some();
    let digits = signs.iter().filter(|c| digit_of(**c).is_some()).count();
    // At least two digits, so that no abbreviation is taken for a plate.
    digits >= 2
        && front.iter().all(latin)
        && (latin(last) || LAST_SIGNS.contains(*last))
        && !after.first().is_some_and(latin)
}

/// Reads digits in groups of the given sizes, with at most one blank or hyphen between two groups: the digits in
/// ASCII, and how many characters they take.
fn groups(rest: &[char], sizes: &[usize]) -> Option<(String, usize)> {
    let mut digits = String::new();
    let mut at = 0;
    for (index, size) in sizes.iter().enumerate() {
        if index > 0 && matches!(rest.get(at), Some(' ' | '-' | '\u{A0}' | '\u{3000}' | '－')) {
            at += 1;
        }
        for _ in 0..*size {
            digits.push(char::from_digit(digit_of(*rest.get(at)?)?, 10)?);
            at += 1;
        }
    }
    Some((digits, at))
}

/// A digit of either width.
fn digit_of(c: char) -> Option<u32> {
    match c {
        '０'..='９' => Some(u32::from(c) - u32::from('０')),
        _ => c.to_digit(10),
    }
}

/// A latin letter of either width and case, in upper case.
fn upper(c: char) -> Option<char> {
    let c = match c {
        'Ａ'..='Ｚ' | 'ａ'..='ｚ' => char::from_u32(u32::from(c) - 0xFEE0)?,
        _ => c,
    };
    c.is_ascii_alphabetic().then(|| c.to_ascii_uppercase())
}
