//! The port through which the hall (`org`) learns the catalogue of classes, which belongs to the cases.

use std::sync::Arc;

use kernel::id::CityId;
use kernel::problem::Lang;
use org::{ClassInfo, Classes};

use crate::catalogue::{self, CatalogueError};

/// The classes that come with the product, for every city.
pub struct ClassPort(Arc<[ClassInfo]>);

impl ClassPort {
    /// Reads the shipped tables once.
    ///
    /// # Errors
    /// [`CatalogueError`] if the shipped tables are wrong, which a test excludes.
    pub fn new() -> Result<Self, CatalogueError> {
        let (catalogue, _) = catalogue::standard()?;
        let info = |class: &crate::model::Class| ClassInfo {
            code: class.code,
            name: class.name.zh.clone(),
            group_name: catalogue.group_name(class.code.group(), Lang::Zh),
        };
        Ok(Self(catalogue.classes.values().map(info).collect()))
    }
}

impl Classes for ClassPort {
    fn classes(&self, _city: CityId) -> Arc<[ClassInfo]> {
        self.0.clone()
    }
}
