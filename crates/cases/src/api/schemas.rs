//! The vocabularies of the model in the API document. The model itself knows no HTTP.

use std::borrow::Cow;

use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use crate::model::{Act, PersonalField, Source, State, Verdict};

/// A vocabulary is a string with its codes as the only values.
macro_rules! vocabulary {
    ($name:ident, $as:literal, $doc:literal) => {
        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let codes = Self::ALL.iter().map(|word| word.code());
                let object = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(codes));
                RefOr::T(Schema::Object(object.description(Some($doc)).build()))
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed($as)
            }
        }
    };
}

vocabulary!(State, "CaseState", "Where a case stands.");
vocabulary!(Source, "CaseSource", "The channel by which a case came in.");
vocabulary!(Act, "CaseAct", "What can be done to a case.");
vocabulary!(PersonalField, "PersonalField", "What a report holds that may be personal.");
vocabulary!(Verdict, "Verdict", "The reporter's word on the result.");
