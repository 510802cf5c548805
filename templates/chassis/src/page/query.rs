//! The query of a list, as the API document shows it.

use std::marker::PhantomData;

use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::openapi::{RefOr, Schema};

use super::Everything;

/// The parameters of a list: its own, which `Q` describes, and those of its pages.
pub struct PageQuery<Q = Everything>(PhantomData<Q>);

impl<Q: IntoParams> IntoParams for PageQuery<Q> {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let place = || Some(ParameterIn::Query);
        let mut parameters = Q::into_params(place);
        for parameter in &mut parameters {
            // An enum may have a default for those who leave a field out. A filter has none.
            if let Some(RefOr::T(Schema::Object(schema))) = &mut parameter.schema {
                schema.default = None;
            }
        }
        parameters.extend(Paging::into_params(place));
        parameters
    }
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only its description matters")]
struct Paging {
    /// How many entries to return at most.
    #[param(minimum = 1, maximum = 100, default = 20, nullable = false)]
    limit: Option<i64>,
    /// Where to go on, as found in the `Link` header of the page before.
    #[param(nullable = false)]
    cursor: Option<String>,
}

impl IntoParams for Everything {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        Vec::new()
    }
}
