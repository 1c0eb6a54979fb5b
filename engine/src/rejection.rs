//! Rejections: why a command does not fit an instance.

use definitions::NodeId;

use crate::{CatchId, PathId, ScopeId, TimerId};

/// Why a command was not followed. The instance is as it was before.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// Only a started instance can be told to go on.
    #[error("the instance has not been started")]
    NotStarted,
    /// An instance starts once.
    #[error("the instance has been started already")]
    AlreadyStarted,
    /// The instance is completed or cancelled.
    #[error("the instance has ended")]
    AlreadyEnded,
    /// The instance never had such a path.
    #[error("there is no path {path}")]
    UnknownPath {
        /// The path that was named.
        path: PathId,
    },
    /// The path has ended: its task was answered before, or a boundary event interrupted it.
    #[error("path {path} has moved on")]
    MovedOn {
        /// The path that was named.
        path: PathId,
    },
    /// The path's activity has not been asked for, or not yet again.
    #[error("path {path} at `{node}` is not running")]
    NotRunning {
        /// The path that was named.
        path: PathId,
        /// Where it is.
        node: NodeId,
    },
    /// The path's activity is neither running nor waiting for an answer.
    #[error("path {path} at `{node}` does not wait for an answer")]
    NotWaiting {
        /// The path that was named.
        path: PathId,
        /// Where it is.
        node: NodeId,
    },
    /// The path has no incident to be taken up from.
    #[error("path {path} at `{node}` has no incident")]
    NoIncident {
        /// The path that was named.
        path: PathId,
        /// Where it is.
        node: NodeId,
    },
    /// The timer is not armed: it fired before, was disarmed, or never was.
    #[error("timer {timer} is not armed")]
    UnknownTimer {
        /// The timer that was named.
        timer: TimerId,
    },
    /// The process that came with the command is not the one that the instance runs.
    #[error("the process has no fitting node `{node}`")]
    UnknownNode {
        /// The node of the instance that the process lacks, or has as another element.
        node: NodeId,
    },
    /// A write says which variable it means.
    #[error("a write names no variable")]
    NamelessWrite,
    /// The catch is not there: what it awaited came before, it was dropped, or never was.
    #[error("nothing awaits this at catch {catch}")]
    UnknownCatch {
        /// The catch that was named.
        catch: CatchId,
    },
    /// The scope is not open.
    #[error("scope {scope} is not open")]
    UnknownScope {
        /// The scope that was named.
        scope: ScopeId,
    },
    /// An instance cannot begin there.
    #[error("the process cannot begin at `{node}`")]
    NoStart {
        /// The node that was named.
        node: NodeId,
    },
    /// A process that only begins by a trigger was started without one.
    #[error("the process has no plain start; it begins by a message, a signal or a timer")]
    NoPlainStart,
    /// A sub-process around a node cannot be opened.
    #[error("`{node}` cannot be opened: {message}")]
    CannotOpen {
        /// The sub-process.
        node: NodeId,
        /// What is wrong.
        message: String,
    },
    /// Several scopes could hold the node, or none that can be opened.
    #[error("`{node}` cannot begin there; name the scope that is to hold it")]
    WhichScope {
        /// The node that was named.
        node: NodeId,
    },
}
