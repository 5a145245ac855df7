//! Photos as proof: enough of them, not too many, none twice, none used before.

use crate::errors::CaseError;
use crate::model::PhotoMark;

use super::command::OfferedPhoto;

/// Is the number of photos within bounds?
///
/// # Errors
/// [`CaseError::PhotosMissing`], [`CaseError::TooManyPhotos`].
pub(super) fn count(got: usize, least: u8, most: u8) -> Result<(), CaseError> {
    if got < usize::from(least) {
        return Err(CaseError::PhotosMissing { least, got });
    }
    if got > usize::from(most) {
        return Err(CaseError::TooManyPhotos { most, got });
    }
    Ok(())
}

/// Are these photos new, and as many as asked for? Answers their marks for the event. The same picture proves
/// nothing a second time, in whatever file it comes and wherever it was used before: as the "before" of this case or in any
/// other.
///
/// # Errors
/// As [`count`], and [`CaseError::PhotoTwice`], [`CaseError::PhotoReused`] naming the first bad one.
pub(super) fn fresh(photos: &[OfferedPhoto], least: u8, most: u8) -> Result<Vec<PhotoMark>, CaseError> {
    count(photos.len(), least, most)?;
    for (index, photo) in photos.iter().enumerate() {
        if let Some(first) = photos[..index].iter().position(|earlier| same(earlier, photo)) {
            return Err(CaseError::PhotoTwice { first: first + 1, second: index + 1 });
        }
        if let Some(used) = &photo.used {
            let number = used.number.clone();
            return Err(CaseError::PhotoReused { position: index + 1, number, used_at: used.at });
        }
    }
    Ok(photos.iter().map(|photo| photo.mark.clone()).collect())
}

/// Is it the same file, or is the same seen on both?
fn same(one: &OfferedPhoto, other: &OfferedPhoto) -> bool {
    one.original == other.original || (one.seen.is_some() && one.seen == other.seen)
}
