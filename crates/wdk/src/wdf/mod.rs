//! The lock and the timer of windows-drivers-rs, under their names.
//!
//! They are for drivers that were written against that crate. They are handles, no more: `acquire` without `release`
//! compiles, and so does using one after its parent is gone. Their functions are safe there and therefore here, but
//! what they rely on (attributes that name living objects, the right IRQL) nobody checks. A driver in safe Rust uses
//! [`SpinLock`](crate::SpinLock) and [`Timer`](crate::Timer) of the crate's root.

mod spinlock;
mod timer;

pub use spinlock::SpinLock;
pub use timer::Timer;
