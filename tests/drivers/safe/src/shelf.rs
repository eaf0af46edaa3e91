//! Keeps bytes in memory objects. What is written to it goes to an offset that the control before it has set.

use wdk::prelude::*;

pub struct Shelf;

impl Driver for Shelf {
    fn device_add(init: DeviceInit<'_>, irql: &mut Irql<'_, Passive>) -> Result<()> {
        let device = init.io_type(IoType::Direct).create(|_, _| Ok(()), irql)?;
        device.create_symbolic_link(wstr!(r"\DosDevices\Shelf"), irql)?;
        device.default_queue(
            Dispatching::PARALLEL,
            |_, irql| {
                check(irql)?;
                Ok(Main { page: Memory::try_new(8, irql)?, offset: 0 })
            },
            irql,
        )?;
        Ok(())
    }
}

fn bytes(text: &[u8], irql: &Irql<'_, Passive>) -> Result<PoolVec<u8>> {
    let mut bytes = PoolVec::new();
    bytes.try_extend_from_slice(text, irql)?;
    Ok(bytes)
}

/// What needs no request.
fn check(irql: &Irql<'_, Passive>) -> Result<()> {
    assert_eq!(Memory::try_new(0, irql).err(), Some(Error::INVALID_PARAMETER));
    let mut own = Memory::try_new(4, irql)?;
    assert_eq!((own.len(), own.is_empty(), own.as_slice()), (4, false, &[0; 4][..]));
    own.copy_from(1, b"abc")?;
    assert_eq!(own.as_slice(), b"\0abc");
    assert_eq!(own.copy_from(2, b"xyz"), Err(Error::BUFFER_TOO_SMALL));
    assert_eq!(own.copy_from(usize::MAX, b"x"), Err(Error::BUFFER_TOO_SMALL));
    own.copy_from(4, b"")?;
    let mut two = *b"--";
    own.copy_to(2, &mut two)?;
    assert_eq!(&two, b"bc");
    assert_eq!(own.copy_to(3, &mut two), Err(Error::BUFFER_TOO_SMALL));
    assert_eq!((&two, own.as_slice()), (b"bc", &b"\0abc"[..]));
    own.as_mut_slice()[0] = b'z';
    own.copy_to(0, &mut two)?;
    assert_eq!(&two, b"za");

    let raw = wdk_sys::WDFMEMORY_OFFSET::from(MemoryOffset { offset: 3, len: 4 });
    assert_eq!((raw.BufferOffset, raw.BufferLength), (3, 4));

    let refused = PreallocatedMemory::try_new(PoolVec::new(), irql).err();
    assert!(refused.is_some_and(|(error, back)| error == Error::INVALID_PARAMETER && back.is_empty()));
    let Ok(mut over) = PreallocatedMemory::try_new(bytes(b"first", irql)?, irql) else {
        return Err(Error::INSUFFICIENT_RESOURCES);
    };
    over.copy_from(0, b"b")?;
    over.as_mut_slice()[1] = b'u';
    assert_eq!(over.memory().as_slice(), b"burst");
    let refused = over.assign(PoolVec::new(), irql).err();
    assert!(refused.is_some_and(|(error, _)| error == Error::INVALID_PARAMETER));
    assert_eq!(over.memory().len(), 5, "as before");
    let Ok(old) = over.assign(bytes(b"next one", irql)?, irql) else {
        return Err(Error::INSUFFICIENT_RESOURCES);
    };
    assert_eq!(&old[..], b"burst");
    drop(old);
    let mut all = [0; 8];
    over.memory().copy_to(0, &mut all)?;
    assert_eq!(&all, b"next one");
    assert_eq!(over.copy_from(8, b"!"), Err(Error::BUFFER_TOO_SMALL));
    Ok(())
}

struct Main {
    page: Memory,
    offset: usize,
}

impl IoQueue for Main {
    type Scope = PerQueue;
    type Exec = Dispatch;
    const HANDLES: Handlers = Handlers::WRITE.and(Handlers::READ).and(Handlers::DEVICE_CONTROL);

    /// All but the first byte.
    fn write<'r>(this: &mut Self, request: WriteRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
        request.complete_with(irql, |request, _| {
            let memory = request.input().memory()?;
            assert!(!memory.is_empty());
            let part = MemoryOffset { offset: 1, len: memory.len() - 1 };
            memory.copy_to(this.offset, &mut this.page, part)?;
            let beyond = MemoryOffset { offset: 1, len: memory.len() };
            assert_eq!(memory.copy_to(0, &mut this.page, beyond), Err(Error::BUFFER_TOO_SMALL));
            let mut byte = [0];
            assert_eq!(memory.copy_to_slice(memory.len(), &mut byte), Err(Error::BUFFER_TOO_SMALL));
            Ok(memory.len())
        })
    }

    /// What is from the offset on, and then the beginning.
    fn read<'r>(this: &mut Self, request: ReadRequest<'r>, irql: &mut Irql<'_, Dispatch>) -> Disposed<'r> {
        request.complete_with(irql, |request, _| {
            let rest = MemoryOffset { offset: this.offset, len: this.page.len() - this.offset };
            let mut output = request.output();
            output.write_memory(&this.page, rest)?;
            output.write(b"|")?;
            output.write_memory(&this.page, MemoryOffset::first(0))?;
            output.write_memory(&this.page, MemoryOffset::first(2))?;
            let beyond = MemoryOffset::first(this.page.len() + 1);
            assert_eq!(output.write_memory(&this.page, beyond), Err(Error::BUFFER_TOO_SMALL));
            let written = output.written();
            if output.remaining() < 2 {
                let again = output.write_memory(&this.page, MemoryOffset::first(2));
                assert_eq!((again, output.written()), (Err(Error::BUFFER_TOO_SMALL), written));
            }
            Ok(())
        })
    }

    /// Sets the offset, from a buffer that serves both ways, and says what it was.
    fn device_control<'r>(
        this: &mut Self,
        request: DeviceControlRequest<'r>,
        irql: &mut Irql<'_, Dispatch>,
    ) -> Disposed<'r> {
        request.complete_with(irql, |request, irql| {
            let mut before = Memory::try_new(1, irql)?;
            before.as_mut_slice()[0] = this.offset as u8;
            let mut offset = [0];
            request.input().memory()?.copy_to_slice(0, &mut offset)?;
            this.offset = usize::from(offset[0]);
            request.output().write_memory(&before, MemoryOffset::first(1))
        })
    }
}
