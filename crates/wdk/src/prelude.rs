//! What a driver's files start with: `use wdk::prelude::*;`.

pub use crate::device::{DeviceRef, IoType};
pub use crate::device_init::DeviceInit;
pub use crate::dpc::{Dpc, DpcHandler};
pub use crate::driver::Driver;
pub use crate::file::{FileObject, FileRef, Open};
pub use crate::in_caller_context::Arriving;
pub use crate::interface::Guid;
pub use crate::io_queue::{Handlers, IoQueue};
pub use crate::ioctl::{IoControlCode, Method, RequiredAccess};
pub use crate::irql::{AtMost, Dispatch, Irql, MayBlock, Passive};
pub use crate::kind::{DeviceControl, InternalDeviceControl, Read, RequestType, Write};
pub use crate::memory::{Memory, MemoryOffset, PreallocatedMemory};
pub use crate::notice::{ResumeNotice, StopNotice};
pub use crate::park::Parked;
pub use crate::pnp::{Device, DeviceCallbacks, PowerState};
pub use crate::queue::{QueueHandle, QueueRef};
pub use crate::queue_config::{Dispatching, PowerManaged, QueueConfig};
pub use crate::request::{
    AnyRequest, CanceledRequest, DeviceControlRequest, Disposed, InternalDeviceControlRequest, ReadRequest,
    Rejected, Request, WriteRequest,
};
pub use crate::request_data::{Classified, Retrieved};
pub use crate::request_memory::InputMemory;
pub use crate::request_parameters::RequestParameters;
pub use crate::scope::{Access, DeviceAccess, PerDevice, PerQueue, Unsynchronized};
pub use crate::spin_lock::SpinLock;
pub use crate::status::{Error, NtStatus, Result};
pub use crate::string::UnicodeStr;
pub use crate::timer::{Timer, TimerHandler};
pub use crate::wait_lock::WaitLock;
pub use crate::work_item::{WorkHandler, WorkItem};
pub use crate::wstr;
pub use wdk_alloc::{PoolBox, PoolDeque, PoolString, PoolVec};
