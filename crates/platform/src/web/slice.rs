//! A slice of the API: the routes of one context, each with the right that it needs. The list of all of them is the
//! permission table that a test holds against a reviewed snapshot.

use axum::http::Method;
use axum::middleware::from_fn;
use kernel::rights::Right;
use utoipa::openapi::security::SecurityRequirement;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};

use super::guard::{Operations, guard};
use super::query::Asked;

/// What a caller must have before a route answers at all. Whose record it is, is a rule inside the route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// Anybody, on the public door too.
    Public,
    /// Anybody, but only on the staff door (sign-in).
    SignIn,
    /// Anybody who is signed in.
    SignedIn,
    /// A grant that carries this right, somewhere.
    Right(Right),
}

/// Which routes a listener offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// Residents' routes only; staff routes do not exist here.
    Public,
    /// Everything.
    Staff,
}

/// One row of the permission table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RouteRight {
    /// The path template.
    pub path: String,
    /// GET, POST …
    pub method: &'static str,
    /// What it needs.
    pub need: Need,
}

/// What the API document says about who may call: nobody in particular, or whoever has a session.
fn security(need: Need) -> Vec<SecurityRequirement> {
    match need {
        Need::Public | Need::SignIn => Vec::new(),
        Need::SignedIn | Need::Right(_) => {
            vec![SecurityRequirement::new(SESSION_SCHEME, Vec::<String>::new())]
        }
    }
}

/// The name of the session cookie's scheme in the API document.
pub const SESSION_SCHEME: &str = "session";

/// The routes of one context.
pub struct Slice<S> {
    public: OpenApiRouter<S>,
    staff: OpenApiRouter<S>,
    rights: Vec<RouteRight>,
}

impl<S: Clone + Send + Sync + 'static> Default for Slice<S> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S: Clone + Send + Sync + 'static> Slice<S> {
    /// No routes yet.
    pub fn new() -> Self {
        Self { public: OpenApiRouter::new(), staff: OpenApiRouter::new(), rights: Vec::new() }
    }

    /// Adds the operations that `utoipa_axum::routes!` collected for one path, all with the same need.
    #[must_use]
    pub fn route(mut self, need: Need, (schemas, mut paths, methods): UtoipaMethodRouter<S>) -> Self {
        let mut asked = Vec::new();
        for (path, item) in &mut paths.paths {
            let operations = [
                (Method::GET, "GET", &mut item.get),
                (Method::PUT, "PUT", &mut item.put),
                (Method::POST, "POST", &mut item.post),
                (Method::DELETE, "DELETE", &mut item.delete),
                (Method::PATCH, "PATCH", &mut item.patch),
                (Method::HEAD, "HEAD", &mut item.head),
            ];
            for (method, name, operation) in operations {
                if let Some(operation) = operation {
                    operation.security = Some(security(need));
                    asked.push((method, Asked::of(operation)));
                    self.rights.push(RouteRight { path: path.clone(), method: name, need });
                }
            }
        }
        let asked: Operations = asked.into();
        let methods = methods.layer(from_fn(move |request, next| guard(need, asked.clone(), request, next)));
        let routes = (schemas, paths, methods);
        if need == Need::Public {
            self.public = self.public.routes(routes);
        } else {
            self.staff = self.staff.routes(routes);
        }
        self
    }

    /// The permission table of this slice.
    pub fn rights(&self) -> &[RouteRight] {
        &self.rights
    }

    /// The part of the API document that these routes give, without any state.
    pub fn document(self) -> utoipa::openapi::OpenApi {
        self.public.merge(self.staff).into_openapi()
    }

    /// The router for a door, with its state filled in.
    pub fn open(self, door: Door, state: S) -> OpenApiRouter {
        match door {
            Door::Public => self.public.with_state(state),
            Door::Staff => self.public.merge(self.staff).with_state(state),
        }
    }
}
