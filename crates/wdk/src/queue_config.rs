//! How a queue delivers: its configuration.

use core::num::NonZeroU32;
use wdk_sys::{
    _WDF_IO_QUEUE_DISPATCH_TYPE as dispatch, _WDF_TRI_STATE as tri, WDF_IO_QUEUE_CONFIG, WDF_TRI_STATE,
};

/// How a queue presents requests to its handlers.
///
/// # Framework
///
/// `WDF_IO_QUEUE_DISPATCH_TYPE`.
#[doc(alias = "WDF_IO_QUEUE_DISPATCH_TYPE")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dispatching {
    /// One request at a time: the next one when the driver has disposed of this one. A parked request counts.
    Sequential,
    /// As they come, but no more than `limit` that the driver has not completed.
    Parallel {
        /// The most requests that the driver has at a time; no limit by default.
        limit: Option<NonZeroU32>,
    },
    /// Only on request: [`QueueRef::retrieve`](crate::QueueRef::retrieve). The queue has no handlers.
    Manual,
}

impl Dispatching {
    /// Parallel without a limit.
    pub const PARALLEL: Self = Self::Parallel { limit: None };
}

/// Whether the framework holds a queue's requests back while the device is not in its working state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PowerManaged {
    /// Yes, except for filters and control devices.
    #[default]
    ByDeviceRole,
    /// Yes.
    Yes,
    /// No: the driver handles requests in low power too.
    No,
}

impl PowerManaged {
    const fn into_raw(self) -> WDF_TRI_STATE {
        match self {
            Self::ByDeviceRole => tri::WdfUseDefault,
            Self::Yes => tri::WdfTrue,
            Self::No => tri::WdfFalse,
        }
    }
}

/// The configuration of a queue. [`Dispatching`] turns into one with the usual settings.
///
/// # Framework
///
/// `WDF_IO_QUEUE_CONFIG`.
#[doc(alias = "WDF_IO_QUEUE_CONFIG")]
#[derive(Debug, Clone, Copy)]
#[must_use]
pub struct QueueConfig {
    dispatching: Dispatching,
    power_managed: PowerManaged,
    allow_zero_length: bool,
}

impl QueueConfig {
    /// The usual settings.
    pub const fn new(dispatching: Dispatching) -> Self {
        Self { dispatching, power_managed: PowerManaged::ByDeviceRole, allow_zero_length: false }
    }

    /// Whether the framework holds requests back in low power.
    pub const fn power_managed(self, power_managed: PowerManaged) -> Self {
        Self { power_managed, ..self }
    }

    /// Lets handlers see reads and writes of no bytes, which the framework otherwise completes itself.
    pub const fn allow_zero_length(self) -> Self {
        Self { allow_zero_length: true, ..self }
    }

    pub(crate) const fn is_manual(&self) -> bool {
        matches!(self.dispatching, Dispatching::Manual)
    }

    pub(crate) fn into_raw(self) -> WDF_IO_QUEUE_CONFIG {
        let mut raw = WDF_IO_QUEUE_CONFIG::default();
        let dispatch_type = match self.dispatching {
            Dispatching::Sequential => dispatch::WdfIoQueueDispatchSequential,
            Dispatching::Parallel { .. } => dispatch::WdfIoQueueDispatchParallel,
            Dispatching::Manual => dispatch::WdfIoQueueDispatchManual,
        };
        wdk_sys::WDF_IO_QUEUE_CONFIG_INIT(&mut raw, dispatch_type);
        if let Dispatching::Parallel { limit: Some(limit) } = self.dispatching {
            raw.Settings.Parallel.NumberOfPresentedRequests = limit.get();
        }
        raw.PowerManaged = self.power_managed.into_raw();
        raw.AllowZeroLengthRequests = u8::from(self.allow_zero_length);
        raw
    }
}

impl From<Dispatching> for QueueConfig {
    fn from(dispatching: Dispatching) -> Self {
        Self::new(dispatching)
    }
}
