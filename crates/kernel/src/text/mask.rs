//! Masking: enough stays to recognise one's own, too little to find somebody else (domain.md §10, "Masking").

use super::hidden::figure;

/// `13812341234` → `138****1234`. Numbers with signs or blanks keep them out of the count: `0510-86881234` →
/// `051****1234`; of seven to ten digits the last two stay, of fewer none.
pub fn mask_phone(phone: &str) -> String {
    let digits: Vec<char> = phone.chars().filter(|c| figure(*c).is_some()).collect();
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
