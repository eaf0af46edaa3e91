//! What a context can have of its own: one of each, made in order, failing at a given step.

use crate::noted::Noted;
use crate::service;
use wdk::prelude::*;

pub struct Parts<T: TimerHandler, W: WorkHandler> {
    _first: Noted,
    _spin: SpinLock<Noted>,
    _wait: WaitLock<Noted>,
    _bytes: PoolVec<u8>,
    _boxed: PoolBox<Noted>,
    pub timer: Timer<T>,
    pub item: WorkItem<W>,
    _last: Noted,
}

impl<T: TimerHandler, W: WorkHandler<Parent = T::Parent>> Parts<T, W> {
    /// The timer is started and the work item queued before the last steps can fail.
    pub fn new(parent: &T::Parent, irql: &mut Irql<'_, Passive>) -> Result<Self> {
        let fail = service::number("fail=", irql).unwrap_or(u32::MAX);
        let mut step = 0;
        let mut check = || {
            step += 1;
            if step > fail { Err(Error::DATA_ERROR) } else { Ok(()) }
        };
        check()?;
        let first = Noted::new("first");
        check()?;
        let spin = SpinLock::try_new(Noted::new("spin"), irql)?;
        check()?;
        let wait = WaitLock::try_new(Noted::new("wait"), irql)?;
        check()?;
        let bytes = PoolVec::try_with_capacity(1000, irql)?;
        check()?;
        let boxed = PoolBox::try_new(Noted::new("boxed"), irql)?;
        check()?;
        let timer = Timer::try_new(parent, None, irql)?;
        timer.start(core::time::Duration::ZERO, irql);
        check()?;
        let item = WorkItem::try_new(parent, irql)?;
        item.enqueue(irql);
        check()?;
        // Calls at which other threads of the machine can go on.
        for _ in 0..20 {
            spin.with(irql, |_, _| ());
        }
        let last = Noted::new("last");
        check()?;
        wdk::println!("whole");
        Ok(Self {
            _first: first,
            _spin: spin,
            _wait: wait,
            _bytes: bytes,
            _boxed: boxed,
            timer,
            item,
            _last: last,
        })
    }
}
