//! A route: path, permission, handler and title in one line; everything else is derived from it.
//!
//! A handler that takes an [`Ask`] can only be mounted with a permission, one that takes an
//! [`OpenAsk`] only with the reason why anybody may call it.

use std::future::Future;
use std::marker::PhantomData;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, Method};
use axum::response::{IntoResponse, Response};
use futures::FutureExt;
use futures::future::BoxFuture;
use schemars::{JsonSchema, Schema, SchemaGenerator};

use runtime::Turn;

use crate::App;
use crate::ask::{Ask, OpenAsk, Part, parts};
use crate::caller::{Caller, admit};
use crate::problem::Problem;
use crate::reply::Reply;
use crate::source::{self, Way};

/// The most that a body may have where the route says nothing, in bytes.
const USUAL_LIMIT: usize = 256 * 1024;

/// How often a handler is run because somebody else wrote first. Only who has not been outrun yet can outrun a turn.
const ATTEMPTS: usize = 100;

/// One operation of the interface.
pub(crate) struct Route {
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(crate) access: Access,
    /// `Service:operation`; its second half is the operation's identifier.
    pub(crate) operation: &'static str,
    pub(crate) title: &'static str,
    pub(crate) about: &'static str,
    pub(crate) limit: usize,
    pub(crate) shape: Shape,
    /// Whether the caller may name the address of its end user, because what fails is throttled.
    pub(crate) for_end_users: bool,
    /// Statuses with which it may refuse a request besides those that every route of its kind may.
    pub(crate) refuses: &'static [&'static str],
    endpoint: Endpoint,
}

/// Who may call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Whoever holds the permission for the operation.
    Permitted,
    /// Anybody, for this reason.
    Open(&'static str),
}

/// How request and answer look. The schemas are made when somebody asks for the description.
pub(crate) struct Shape {
    pub(crate) path: Option<fn(&mut SchemaGenerator) -> Schema>,
    pub(crate) query: Option<fn(&mut SchemaGenerator) -> Schema>,
    pub(crate) body: Option<fn(&mut SchemaGenerator) -> Schema>,
    pub(crate) takes: &'static str,
    pub(crate) reply: fn(&mut SchemaGenerator) -> Schema,
    pub(crate) status: u16,
    pub(crate) media: Option<&'static str>,
}

type Endpoint = Arc<dyn Fn(App, Request, usize) -> BoxFuture<'static, Response> + Send + Sync>;

/// An `async fn` from what is asked to a typed answer.
pub(crate) trait Operation<A>: Clone + Send + Sync + 'static {
    type Reply: Reply;

    fn run(&self, ask: A) -> impl Future<Output = Result<Self::Reply, Problem>> + Send;
}

impl<A, F, Answer, R> Operation<A> for F
where
    F: Fn(A) -> Answer + Clone + Send + Sync + 'static,
    Answer: Future<Output = Result<R, Problem>> + Send,
    R: Reply,
{
    type Reply = R;

    fn run(&self, ask: A) -> impl Future<Output = Result<R, Problem>> + Send {
        self(ask)
    }
}

/// `GET`, with a permission. A body is at most a filter.
pub(crate) fn get<P: Part, Q: Part, B: Part>(
    path: &'static str,
    permission: &'static str,
    handler: impl Operation<Ask<P, Q, B>>,
    title: &'static str,
) -> Route {
    permitted(Method::GET, path, permission, handler, title)
}

/// `POST`, with a permission.
pub(crate) fn post<P: Part, Q: Part, B: Part>(
    path: &'static str,
    permission: &'static str,
    handler: impl Operation<Ask<P, Q, B>>,
    title: &'static str,
) -> Route {
    permitted(Method::POST, path, permission, handler, title)
}

/// `PUT`, with a permission.
pub(crate) fn put<P: Part, Q: Part, B: Part>(
    path: &'static str,
    permission: &'static str,
    handler: impl Operation<Ask<P, Q, B>>,
    title: &'static str,
) -> Route {
    permitted(Method::PUT, path, permission, handler, title)
}

/// `PATCH`, with a permission.
pub(crate) fn patch<P: Part, Q: Part, B: Part>(
    path: &'static str,
    permission: &'static str,
    handler: impl Operation<Ask<P, Q, B>>,
    title: &'static str,
) -> Route {
    permitted(Method::PATCH, path, permission, handler, title)
}

/// `DELETE`, with a permission.
pub(crate) fn delete<P: Part, Q: Part>(
    path: &'static str,
    permission: &'static str,
    handler: impl Operation<Ask<P, Q>>,
    title: &'static str,
) -> Route {
    permitted(Method::DELETE, path, permission, handler, title)
}

fn permitted<P: Part, Q: Part, B: Part, H: Operation<Ask<P, Q, B>>>(
    method: Method,
    path: &'static str,
    permission: &'static str,
    handler: H,
    title: &'static str,
) -> Route {
    let endpoint: Endpoint = Arc::new(move |app, request, limit| {
        let handler = handler.clone();
        async move {
            let way = Way::of(request.headers(), request.extensions());
            let caller = admit(&app, request.headers(), permission).await?.over(way);
            let (_, path, query, body) = parts::<P, Q, B>(request, limit).await?;
            let ask = Ask { caller, path, query, body };
            again(&app, || handler.run(ask.clone())).await
        }
        .map(answer)
        .boxed()
    });
    let shape = shape_of::<P, Q, B, H::Reply>();
    Route::new(method, path, Access::Permitted, permission, title, shape, endpoint)
}

/// A request with a permission whose body is read by the handler as it arrives; `L` is what a line of it holds.
pub(crate) struct Upload<P, Q, L> {
    pub(crate) app: App,
    pub(crate) caller: Caller,
    pub(crate) headers: HeaderMap,
    pub(crate) path: P,
    pub(crate) query: Q,
    pub(crate) body: Body,
    line: PhantomData<fn() -> L>,
}

/// `POST` of lines of JSON, with a permission. The body has no limit and is not kept; the handler is run once.
pub(crate) fn upload<P: Part, Q: Part, L: JsonSchema, H: Operation<Upload<P, Q, L>>>(
    path: &'static str,
    permission: &'static str,
    handler: H,
    title: &'static str,
) -> Route {
    let endpoint: Endpoint = Arc::new(move |app, request, limit| {
        let handler = handler.clone();
        async move {
            let caller = admit(&app, request.headers(), permission).await?;
            let (head, body) = request.into_parts();
            let headers = head.headers.clone();
            let request = Request::from_parts(head, Body::empty());
            let (_, path, query, ()) = parts::<P, Q, ()>(request, limit).await?;
            handler.run(Upload { app, caller, headers, path, query, body, line: PhantomData }).await
        }
        .map(answer)
        .boxed()
    });
    let mut shape = shape_of::<P, Q, (), H::Reply>();
    shape.body = Some(|generator| generator.subschema_for::<L>());
    shape.takes = "application/jsonl";
    Route::new(Method::POST, path, Access::Permitted, permission, title, shape, endpoint)
}

/// A route that anybody may call; the reason says why that is right.
pub(crate) fn open<P: Part, Q: Part, B: Part, H: Operation<OpenAsk<P, Q, B>>>(
    method: Method,
    path: &'static str,
    operation: &'static str,
    reason: &'static str,
    handler: H,
    title: &'static str,
) -> Route {
    let endpoint: Endpoint = Arc::new(move |app, request, limit| {
        let handler = handler.clone();
        async move {
            let (head, path, query, body) = parts::<P, Q, B>(request, limit).await?;
            let source = source::of(&app, &head);
            let headers = Arc::new(head.headers);
            let ask = OpenAsk { app: app.clone(), headers, source, path, query, body };
            again(&app, || handler.run(ask.clone())).await
        }
        .map(answer)
        .boxed()
    });
    let shape = shape_of::<P, Q, B, H::Reply>();
    Route::new(method, path, Access::Open(reason), operation, title, shape, endpoint)
}

impl Route {
    fn new(
        method: Method,
        path: &'static str,
        access: Access,
        operation: &'static str,
        title: &'static str,
        shape: Shape,
        endpoint: Endpoint,
    ) -> Route {
        let (about, limit) = ("", USUAL_LIMIT);
        let for_end_users = false;
        Route {
            method,
            path,
            access,
            operation,
            title,
            about,
            limit,
            shape,
            for_end_users,
            refuses: &[],
            endpoint,
        }
    }

    /// The same with more to say than the title.
    pub(crate) fn about(mut self, about: &'static str) -> Route {
        self.about = about;
        self
    }

    /// The same, described as one where a caller may name the address of its end user.
    pub(crate) fn for_end_users(mut self) -> Route {
        self.for_end_users = true;
        self
    }

    /// The same, described as one that may refuse a request with these statuses too.
    pub(crate) fn refuses(mut self, statuses: &'static [&'static str]) -> Route {
        self.refuses = statuses;
        self
    }

    /// The same with another limit for the body, in bytes.
    pub(crate) fn up_to(mut self, limit: usize) -> Route {
        self.limit = limit;
        self
    }

    /// Answers a request that has come to this route.
    pub(crate) fn call(&self, app: App, request: Request) -> BoxFuture<'static, Response> {
        (self.endpoint)(app, request, self.limit)
    }

    /// The operation's identifier.
    pub(crate) fn id(&self) -> &'static str {
        self.operation.split_once(':').map_or(self.operation, |(_, id)| id)
    }

    /// The service that it belongs to.
    pub(crate) fn service(&self) -> &'static str {
        self.operation.split_once(':').map_or("", |(service, _)| service)
    }
}

/// Handles a request again while somebody else writes first; those who were outrun take turns.
pub(crate) async fn again<R, F>(app: &App, run: impl Fn() -> F) -> Result<R, Problem>
where
    F: Future<Output = Result<R, Problem>>,
{
    let mut turn = Turn::default();
    for _ in 1..ATTEMPTS {
        let answer = run().await;
        let conflict = answer.as_ref().err().and_then(Problem::conflicting);
        let Some(conflict) = conflict else { return answer };
        app.runtime().wait_for_turn(&mut turn, conflict).await;
    }
    run().await
}

fn answer<R: Reply>(result: Result<R, Problem>) -> Response {
    match result {
        Ok(reply) => reply.answer(),
        Err(problem) => problem.into_response(),
    }
}

fn shape_of<P: Part, Q: Part, B: Part, R: Reply>() -> Shape {
    fn schema<T: Part>() -> Option<fn(&mut SchemaGenerator) -> Schema> {
        if T::is_none() { None } else { Some(|generator| generator.subschema_for::<T>()) }
    }
    Shape {
        path: schema::<P>(),
        query: schema::<Q>(),
        body: schema::<B>(),
        takes: "application/json",
        reply: R::schema,
        status: R::STATUS.as_u16(),
        media: R::MEDIA,
    }
}
