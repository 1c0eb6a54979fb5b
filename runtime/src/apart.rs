//! Work that computes for milliseconds, kept from holding up the requests beside it.

use tokio::runtime::{Handle, RuntimeFlavor};

/// Awaits work that computes for long: the other tasks of this thread go to another one
/// meanwhile. On a runtime of a single thread there is nobody to give them to.
pub async fn apart<F: Future>(work: F) -> F::Output {
    let handle = Handle::current();
    if handle.runtime_flavor() == RuntimeFlavor::MultiThread {
        tokio::task::block_in_place(|| handle.block_on(work))
    } else {
        work.await
    }
}
