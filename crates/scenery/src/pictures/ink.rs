//! Colours.

/// A colour with its cover: red, green and blue from 0 to 255, `a` from 0 (nothing) to 1 (solid).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Ink {
    pub(crate) r: f32,
    pub(crate) g: f32,
    pub(crate) b: f32,
    pub(crate) a: f32,
}

impl Ink {
    /// A solid colour from 0xRRGGBB.
    pub(crate) const fn hex(code: u32) -> Self {
        Self { r: ((code >> 16) & 255) as f32, g: ((code >> 8) & 255) as f32, b: (code & 255) as f32, a: 1.0 }
    }

    /// The same colour, covering less.
    pub(crate) fn thin(self, a: f32) -> Self {
        Self { a, ..self }
    }

    /// From this colour (0.0) to another (1.0).
    pub(crate) fn mixed(self, other: Self, share: f32) -> Self {
        let mix = |from: f32, to: f32| from + (to - from) * share;
        Self {
            r: mix(self.r, other.r),
            g: mix(self.g, other.g),
            b: mix(self.b, other.b),
            a: mix(self.a, other.a),
        }
    }

    /// Towards white by a share.
    pub(crate) fn lighter(self, share: f32) -> Self {
        self.mixed(Self::hex(0xFF_FF_FF).thin(self.a), share)
    }

    /// Towards a bluish black by a share.
    pub(crate) fn darker(self, share: f32) -> Self {
        self.mixed(Self::hex(0x14_1A_26).thin(self.a), share)
    }
}

/// Shadow on the ground.
pub(crate) const SHADOW: Ink = Ink { r: 24.0, g: 30.0, b: 44.0, a: 0.26 };
