//! Work that computes for milliseconds, kept from holding up the requests beside it.

use std::num::NonZero;
use std::sync::LazyLock;
use std::thread::available_parallelism;

use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::Semaphore;

/// One for each core. More at the same time would all end later, and each needs a thread of its own, which keeps what
/// memory it had.
static PLACES: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(cores()));

fn cores() -> usize {
    available_parallelism().map_or(1, NonZero::get)
}

/// Awaits work that computes for long: the other tasks of this thread go to another one
/// meanwhile. As many are done at the same time as there are cores, in the order in which they came; none may await
/// another. On a runtime of a single thread there is nobody to give them to.
pub async fn apart<F: Future>(work: F) -> F::Output {
    let handle = Handle::current();
    if handle.runtime_flavor() == RuntimeFlavor::MultiThread {
        // Nobody closes it.
        let _place = PLACES.acquire().await;
        tokio::task::block_in_place(|| handle.block_on(work))
    } else {
        work.await
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::sync::Barrier;
    use tokio::task::JoinSet;

    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn as_many_compute_at_the_same_time_as_there_are_cores() {
        let (inside, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let all_cores = Arc::new(Barrier::new(cores()));
        let mut works = JoinSet::new();
        for _ in 0..cores() * 32 {
            let (inside, most, all_cores) = (inside.clone(), most.clone(), all_cores.clone());
            works.spawn(apart(async move {
                most.fetch_max(inside.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                all_cores.wait().await;
                inside.fetch_sub(1, Ordering::SeqCst);
            }));
        }
        works.join_all().await;
        assert_eq!(most.load(Ordering::SeqCst), cores());
    }
}
