//! The rules, by area.

pub mod fatal;
pub mod handles;
pub mod image;
pub mod irql;
pub mod locks;
pub mod objects;
pub mod pool;
pub mod queues;
pub mod requests;
pub mod timers;

use super::Rule;

/// Every rule.
pub static ALL: &[&Rule] = &[
    &fatal::PANIC,
    &fatal::BUG_CHECK,
    &fatal::STACK_OVERFLOW,
    &fatal::ACCESS_VIOLATION,
    &fatal::ILLEGAL_INSTRUCTION,
    &fatal::DIVIDE,
    &fatal::BREAKPOINT,
    &fatal::SYSTEM_CALL,
    &handles::WRONG_HANDLE,
    &handles::NULL_ARGUMENT,
    &handles::BAD_POINTER,
    &handles::USE_AFTER_DELETION,
    &image::ASSERTION,
    &image::FAST_FAIL,
    &image::EXCEPTION,
    &image::READ_ONLY,
    &image::NO_EXECUTE,
    &image::DISCARDED,
    &image::PAGED,
    &image::POOL,
    &irql::IRQL,
    &irql::NOT_RESTORED,
    &irql::CRITICAL_REGION,
    &locks::RECURSIVE,
    &locks::SELF_DEADLOCK,
    &locks::NOT_OWNER,
    &locks::NO_LOCK,
    &objects::FREED_WHILE_ALIVE,
    &objects::NOT_DELETABLE,
    &objects::LEAK,
    &pool::LEAK,
    &pool::BAD_FREE,
    &pool::BAD_ALLOCATION,
    &queues::STATE_CHANGE_PENDING,
    &requests::NOT_OWNED,
    &requests::COMPLETED_TWICE,
    &requests::NEVER_COMPLETED,
    &requests::CANCELABLE_COMPLETED,
    &requests::INFORMATION,
    &requests::MEMORY_REFERENCED,
    &requests::STATE,
    &timers::STOP_FROM_CALLBACK,
];
