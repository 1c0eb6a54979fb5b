//! An activity without its types: what the runtime holds, and what a stranger's crate exports a slice of.

use std::any::TypeId;
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{PoisonError, RwLock};

use anyhow::anyhow;
use identity::CheckFinding;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::parameter;
use crate::shape::{self, Shape};
use crate::{
    Activity, Acts, Context, EventCode, Failure, Submission, Submitted, Wait, Waiting, size,
};

/// Tells what is wrong with parameters that a definition gives ([`Waiting::check`]).
pub type ParameterCheck = fn(&Map<String, Value>, &[String]) -> Vec<(String, String)>;

/// An activity as a value. Make one with [`Plugin::local`] or [`Plugin::waits`].
pub struct Plugin {
    /// Canonical name, for example `addUser`.
    pub name: &'static str,
    /// Name that people read, for example `Add User`.
    pub label: &'static str,
    /// Group of the palette in which a designer shows the activity.
    pub category: &'static str,
    /// Other names under which definitions call the activity.
    pub aliases: &'static [&'static str],
    /// Where the activity acts.
    pub acts: Acts,
    /// Whether it computes for milliseconds and therefore belongs off the threads that serve requests.
    pub heavy: bool,
    /// What is wrong with parameters that a definition gives, beyond their types.
    pub check: ParameterCheck,
    describe: fn(&Plugin) -> Shape,
    declaration: TypeId,
    calls: Calls,
}

/// The shapes that were derived so far: one for each declaration, kept for as long as the program runs.
static SHAPES: RwLock<BTreeMap<TypeId, &'static Shape>> = RwLock::new(BTreeMap::new());

/// An error event that was raised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raised {
    /// Error code, for example `ExtIdNotUnique`.
    pub code: String,
    /// When this event is raised, as the declaration documents it: never anything about a person.
    pub message: String,
}

type Call<'c, T> = Pin<Box<dyn Future<Output = Result<T, Failure<Raised>>> + Send + 'c>>;
type Run = for<'c, 'x> fn(
    &'c Shape,
    Map<String, Value>,
    &'c mut Context<'x>,
) -> Call<'c, Map<String, Value>>;
type Checked = for<'c, 'x> fn(
    &'c Shape,
    Map<String, Value>,
    &'c mut Context<'x>,
    CheckFinding,
) -> Call<'c, Map<String, Value>>;
type Open = for<'c, 'x> fn(&'c Shape, Map<String, Value>, &'c mut Context<'x>) -> Call<'c, Wait>;
type Submit = for<'c, 'x> fn(
    &'c Shape,
    Map<String, Value>,
    &'c mut Context<'x>,
    &'c Wait,
    Submission,
) -> Call<'c, Submitted<Map<String, Value>>>;

enum Calls {
    Local(Run, Checked),
    Waits(Open, Submit),
}

impl Plugin {
    /// An activity that acts on our own store.
    pub const fn local<A: Activity>() -> Plugin {
        Plugin {
            name: A::NAME,
            label: A::LABEL,
            category: A::CATEGORY,
            aliases: A::ALIASES,
            acts: Acts::Local,
            heavy: A::HEAVY,
            check: |_, _| Vec::new(),
            describe: describe::<A, A::Output, A::Error>,
            declaration: TypeId::of::<A>(),
            calls: Calls::Local(run::<A>, checked::<A>),
        }
    }

    /// An activity that waits for the end user.
    pub const fn waits<A: Waiting>() -> Plugin {
        Plugin {
            name: A::NAME,
            label: A::LABEL,
            category: A::CATEGORY,
            aliases: A::ALIASES,
            acts: Acts::Waits,
            heavy: A::HEAVY,
            check: A::check,
            describe: describe::<A, A::Output, A::Error>,
            declaration: TypeId::of::<A>(),
            calls: Calls::Waits(open::<A>, submit::<A>),
        }
    }

    /// What the activity does, in full sentences.
    pub fn doc(&self) -> &'static str {
        &self.shape().doc
    }

    /// What the activity looks like from outside; derived once, from its declaration.
    pub fn shape(&self) -> &'static Shape {
        let known =
            SHAPES.read().unwrap_or_else(PoisonError::into_inner).get(&self.declaration).copied();
        known.unwrap_or_else(|| {
            let mut shapes = SHAPES.write().unwrap_or_else(PoisonError::into_inner);
            shapes
                .entry(self.declaration)
                .or_insert_with(|| Box::leak(Box::new((self.describe)(self))))
        })
    }

    /// Runs a local activity and gives its local results.
    ///
    /// After a fault the unit of work and the context are as if the activity had never been called; after an event all
    /// that it wrote is kept. Errors: an event, or a fault; a waiting activity cannot be run.
    pub async fn run(
        &self,
        parameters: Map<String, Value>,
        context: &mut Context<'_>,
    ) -> Result<Map<String, Value>, Failure<Raised>> {
        match self.calls {
            Calls::Local(run, _) => {
                let before = Before::of(context);
                let result = run(self.shape(), parameters, context).await;
                before.settle(context, result, |locals| Some(locals))
            }
            Calls::Waits(..) => Err(Failure::Fault(anyhow!(
                "{} waits for the end user and cannot be run",
                self.name
            ))),
        }
    }

    /// Goes on with a local activity that awaited a check, with the parameters that it was run with.
    ///
    /// After a fault nothing of it is left, as in [`Plugin::run`]. Errors: an event, or a fault; a waiting activity
    /// awaits no check.
    pub async fn checked(
        &self,
        parameters: Map<String, Value>,
        context: &mut Context<'_>,
        finding: CheckFinding,
    ) -> Result<Map<String, Value>, Failure<Raised>> {
        match self.calls {
            Calls::Local(_, checked) => {
                let before = Before::of(context);
                let result = checked(self.shape(), parameters, context, finding).await;
                before.settle(context, result, |locals| Some(locals))
            }
            Calls::Waits(..) => Err(Failure::Fault(anyhow!("{} awaits no check", self.name))),
        }
    }

    /// Opens a waiting activity and says what the end user is to see.
    ///
    /// After a fault nothing of it is left, as in [`Plugin::run`]. Errors: an event, or a fault; a local activity cannot
    /// be opened.
    pub async fn open(
        &self,
        parameters: Map<String, Value>,
        context: &mut Context<'_>,
    ) -> Result<Wait, Failure<Raised>> {
        match self.calls {
            Calls::Waits(open, _) => {
                let before = Before::of(context);
                let result = open(self.shape(), parameters, context).await;
                before.settle(context, result, |_| None)
            }
            Calls::Local(..) => {
                Err(Failure::Fault(anyhow!("{} does not wait for the end user", self.name)))
            }
        }
    }

    /// Hands the end user's answer to the activity that waits for it, with the parameters that it was opened with.
    ///
    /// After a fault nothing of it is left, as in [`Plugin::run`]. Errors: an event, or a fault; a local activity takes
    /// no answers.
    pub async fn submit(
        &self,
        parameters: Map<String, Value>,
        context: &mut Context<'_>,
        wait: &Wait,
        submission: Submission,
    ) -> Result<Submitted<Map<String, Value>>, Failure<Raised>> {
        match self.calls {
            Calls::Waits(_, submit) => {
                let before = Before::of(context);
                let result = submit(self.shape(), parameters, context, wait, submission).await;
                before.settle(context, result, |submitted| match submitted {
                    Submitted::Done(locals) => Some(locals),
                    Submitted::Again(_) => None,
                })
            }
            Calls::Local(..) => {
                Err(Failure::Fault(anyhow!("{} does not wait for the end user", self.name)))
            }
        }
    }
}

/// How things stood before a call, so that a fault leaves nothing behind.
struct Before {
    writes: usize,
}

impl Before {
    fn of(context: &mut Context<'_>) -> Before {
        context.work.unit().begin();
        Before { writes: context.writes.len() }
    }

    fn settle<T>(
        self,
        context: &mut Context<'_>,
        result: Result<T, Failure<Raised>>,
        locals: impl FnOnce(&T) -> Option<&Map<String, Value>>,
    ) -> Result<T, Failure<Raised>> {
        let result = self.fitting(context, result, locals);
        if let Err(Failure::Fault(_)) = &result {
            context.work.unit().undo();
            context.writes.truncate(self.writes);
            context.authenticated = None;
            context.awaits = None;
        } else {
            context.work.unit().keep();
        }
        result
    }

    /// The result, unless it or what was written is too large: that is a fault.
    fn fitting<T>(
        &self,
        context: &Context<'_>,
        result: Result<T, Failure<Raised>>,
        locals: impl FnOnce(&T) -> Option<&Map<String, Value>>,
    ) -> Result<T, Failure<Raised>> {
        if matches!(result, Err(Failure::Fault(_))) {
            return result;
        }
        let locals = result.as_ref().ok().and_then(locals).into_iter().flatten();
        let locals = locals.map(|(name, value)| (name.clone(), value));
        let writes = context.writes.get(self.writes..).unwrap_or_default();
        let writes = writes.iter().map(|write| (write.at.join("."), &write.value));
        size::fit(context.variables, locals.chain(writes)).map_err(anyhow::Error::from)?;
        result
    }
}

fn describe<P, O, E>(plugin: &Plugin) -> Shape
where
    P: serde::de::DeserializeOwned + schemars::JsonSchema,
    O: schemars::JsonSchema,
    E: EventCode,
{
    Shape {
        name: plugin.name.to_owned(),
        label: plugin.label.to_owned(),
        category: plugin.category.to_owned(),
        aliases: plugin.aliases.iter().map(|&alias| alias.to_owned()).collect(),
        doc: shape::doc::<P>(),
        acts: plugin.acts,
        parameters: shape::parameters::<P>(),
        errors: shape::errors::<E>(),
        outputs: shape::outputs::<O>(),
    }
}

fn run<'c, A: Activity>(
    shape: &'c Shape,
    parameters: Map<String, Value>,
    context: &'c mut Context<'_>,
) -> Call<'c, Map<String, Value>> {
    Box::pin(async move {
        let activity: A = parameter::read(shape, parameters).map_err(fault)?;
        let output = activity.run(context).await.map_err(|failure| raised(shape, failure))?;
        locals(&output)
    })
}

fn checked<'c, A: Activity>(
    shape: &'c Shape,
    parameters: Map<String, Value>,
    context: &'c mut Context<'_>,
    finding: CheckFinding,
) -> Call<'c, Map<String, Value>> {
    Box::pin(async move {
        let activity: A = parameter::read(shape, parameters).map_err(fault)?;
        let checked = activity.checked(context, finding).await;
        locals(&checked.map_err(|failure| raised(shape, failure))?)
    })
}

fn open<'c, A: Waiting>(
    shape: &'c Shape,
    parameters: Map<String, Value>,
    context: &'c mut Context<'_>,
) -> Call<'c, Wait> {
    Box::pin(async move {
        let activity: A = parameter::read(shape, parameters).map_err(fault)?;
        activity.open(context).await.map_err(|failure| raised(shape, failure))
    })
}

fn submit<'c, A: Waiting>(
    shape: &'c Shape,
    parameters: Map<String, Value>,
    context: &'c mut Context<'_>,
    wait: &'c Wait,
    submission: Submission,
) -> Call<'c, Submitted<Map<String, Value>>> {
    Box::pin(async move {
        let activity: A = parameter::read(shape, parameters).map_err(fault)?;
        match activity
            .submit(context, wait, submission)
            .await
            .map_err(|failure| raised(shape, failure))?
        {
            Submitted::Done(output) => Ok(Submitted::Done(locals(&output)?)),
            Submitted::Again(errors) => Ok(Submitted::Again(errors)),
        }
    })
}

fn fault(flaw: parameter::ParameterFlaw) -> Failure<Raised> {
    Failure::Fault(flaw.into())
}

fn raised<E: EventCode>(shape: &Shape, failure: Failure<E>) -> Failure<Raised> {
    failure.map(|event| {
        let code = serde_json::to_value(&event)
            .ok()
            .and_then(|code| code.as_str().map(str::to_owned))
            .unwrap_or_default();
        let declared = shape.errors.iter().find(|error| error.code == code);
        let message = declared.map(|error| error.doc.clone()).unwrap_or_default();
        Raised { code, message }
    })
}

fn locals<O: Serialize>(output: &O) -> Result<Map<String, Value>, Failure<Raised>> {
    match serde_json::to_value(output) {
        Ok(Value::Object(locals)) => Ok(locals),
        Ok(Value::Null) => Ok(Map::new()),
        Ok(_) => Err(Failure::Fault(anyhow!(
            "the output of an activity is not a map of names to values"
        ))),
        Err(error) => Err(Failure::Fault(error.into())),
    }
}
