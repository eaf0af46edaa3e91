//! What drivers say of objects that they create.

use super::*;

/// What `WDF_OBJECT_ATTRIBUTES` say, after checks.
#[derive(Clone, Copy)]
pub(crate) struct Attributes {
    pub(crate) cleanup: PFN_WDF_OBJECT_CONTEXT_CLEANUP,
    pub(crate) destroy: PFN_WDF_OBJECT_CONTEXT_DESTROY,
    pub(crate) execution_level: WDF_EXECUTION_LEVEL,
    pub(crate) scope: WDF_SYNCHRONIZATION_SCOPE,
    pub(crate) parent: WDFOBJECT,
    pub(crate) info: PCWDF_OBJECT_CONTEXT_TYPE_INFO,
    pub(crate) size: usize,
}

impl Attributes {
    pub(crate) const NONE: Self = Self {
        cleanup: None,
        destroy: None,
        execution_level: _WDF_EXECUTION_LEVEL::WdfExecutionLevelInheritFromParent,
        scope: _WDF_SYNCHRONIZATION_SCOPE::WdfSynchronizationScopeInheritFromParent,
        parent: std::ptr::null_mut(),
        info: std::ptr::null(),
        size: 0,
    };

    /// Reads a driver's attributes.
    ///
    /// # Safety
    ///
    /// The pointer is null, or the driver passed it for attributes.
    pub(crate) unsafe fn read(call: &Call, attributes: PWDF_OBJECT_ATTRIBUTES) -> Result<Self, NTSTATUS> {
        if attributes.is_null() {
            return Ok(Self::NONE);
        }
        // SAFETY: as the caller promises.
        let a = unsafe { &*attributes };
        crate::framework::size_is::<WDF_OBJECT_ATTRIBUTES>(a.Size)?;
        let mut size = 0;
        if !a.ContextTypeInfo.is_null() {
            call.readable("`ContextTypeInfo` of its attributes", a.ContextTypeInfo, 1);
            // SAFETY: a context type is a static of the driver.
            size = unsafe { (*a.ContextTypeInfo).ContextSize };
            if a.ContextSizeOverride != 0 {
                if a.ContextSizeOverride < size {
                    return Err(STATUS_INVALID_PARAMETER);
                }
                size = a.ContextSizeOverride;
            }
        } else if a.ContextSizeOverride != 0 {
            return Err(STATUS_OBJECT_NAME_INVALID);
        }
        Ok(Self {
            cleanup: a.EvtCleanupCallback,
            destroy: a.EvtDestroyCallback,
            execution_level: a.ExecutionLevel,
            scope: a.SynchronizationScope,
            parent: a.ParentObject,
            info: a.ContextTypeInfo,
            size,
        })
    }

    /// `OBJ3`: level and scope may be set for drivers, devices, queues and a few others only.
    pub(crate) fn inherits_level_and_scope(&self) -> Result<(), NTSTATUS> {
        if self.execution_level != _WDF_EXECUTION_LEVEL::WdfExecutionLevelInheritFromParent {
            return Err(STATUS_WDF_EXECUTION_LEVEL_INVALID);
        }
        if self.scope != _WDF_SYNCHRONIZATION_SCOPE::WdfSynchronizationScopeInheritFromParent {
            return Err(STATUS_WDF_SYNCHRONIZATION_SCOPE_INVALID);
        }
        Ok(())
    }
}
