//! Why a photo is not taken: each reason has a stable code, a status and words that say how to mend it.

use kernel::problem::{Problem, ToProblem};

/// Bytes of one uploaded photo, at most (20 MiB). A phone's photo has 2 to 8.
pub const PHOTO_BYTES_MAX: u64 = 20 * 1024 * 1024;
/// Pixels of one photo, at most: 50 million, the resolution of a good phone's camera.
pub const PHOTO_PIXELS_MAX: u64 = 50_000_000;
/// Pixels of one side, at most: panoramas fit, bombs do not.
pub const PHOTO_SIDE_MAX: u32 = 20_000;

/// Why a photo is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum PhotoRefusal {
    /// Not one of JPEG, PNG, WebP.
    #[error("not a photo")]
    NotAPhoto,
    /// HEIC, HEIF or AVIF: phones can send JPEG instead.
    #[error("HEIC, HEIF or AVIF")]
    Heic,
    /// More than [`PHOTO_BYTES_MAX`].
    #[error("too many bytes")]
    TooLarge,
    /// More than [`PHOTO_PIXELS_MAX`], or a side longer than [`PHOTO_SIDE_MAX`]. 0 × 0 where the size is not known.
    #[error("{width} × {height} pixels are too many")]
    TooManyPixels {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
    },
    /// The end is missing.
    #[error("the end is missing")]
    Truncated,
    /// It begins like a photo, but cannot be decoded.
    #[error("cannot be decoded")]
    Unreadable,
    /// The original vanished or changed on the disk before its copies were made.
    #[error("the original was lost")]
    Lost,
}

impl PhotoRefusal {
    /// The stable code, as problems and the journal name it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotAPhoto => "files/not-a-photo",
            Self::Heic => "files/heic",
            Self::TooLarge => "files/too-large",
            Self::TooManyPixels { .. } => "files/too-many-pixels",
            Self::Truncated => "files/truncated",
            Self::Unreadable => "files/unreadable",
            Self::Lost => "files/lost",
        }
    }
}

impl ToProblem for PhotoRefusal {
    fn problem(&self) -> Problem {
        let problem = match self {
            Self::NotAPhoto => Problem::new(415, self.code()),
            Self::TooLarge => Problem::new(413, self.code()),
            Self::Heic | Self::TooManyPixels { .. } | Self::Truncated | Self::Unreadable | Self::Lost => {
                Problem::unprocessable(self.code())
            }
        };
        let problem = problem.with("max_mb", PHOTO_BYTES_MAX / (1024 * 1024));
        match self {
            Self::TooManyPixels { width, height } => problem
                .with("width", *width)
                .with("height", *height)
                .with("max_megapixels", PHOTO_PIXELS_MAX / 1_000_000)
                .with("max_side", PHOTO_SIDE_MAX),
            Self::NotAPhoto
            | Self::Heic
            | Self::TooLarge
            | Self::Truncated
            | Self::Unreadable
            | Self::Lost => problem,
        }
    }
}
