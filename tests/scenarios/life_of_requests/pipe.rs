//! The model of the virtual device.

use super::*;

#[derive(Debug, Clone)]
pub(crate) enum PipeAsk {
    Write(usize),
    Read(usize),
    Statistics,
    Capacity,
    Flush,
}

/// The virtual device: a FIFO of bytes, writes that wait for room, reads that wait for bytes.
pub(crate) struct Pipe {
    pub(crate) book: Book,
    pub(crate) capacity: usize,
    pub(crate) powered: bool,
    /// In the framework's queue, while the device sleeps.
    pub(crate) queue: VecDeque<(usize, PipeAsk)>,
    pub(crate) bytes: VecDeque<u8>,
    pub(crate) readers: VecDeque<(usize, usize)>,
    pub(crate) writers: VecDeque<(usize, usize)>,
    pub(crate) seen: Statistics,
}

/// What request `id` writes.
pub(crate) fn frame(id: usize, len: usize) -> Vec<u8> {
    (0..len).map(|i| (id * 37 + i * 11 + i / 256) as u8).collect()
}

impl Pipe {
    pub(crate) fn new() -> Self {
        Self {
            book: Book::default(),
            capacity: CAPACITY,
            powered: true,
            queue: VecDeque::new(),
            bytes: VecDeque::new(),
            readers: VecDeque::new(),
            writers: VecDeque::new(),
            seen: Statistics::default(),
        }
    }

    pub(crate) fn room(&self) -> usize {
        self.capacity - self.bytes.len()
    }

    pub(crate) fn deliver(&mut self, id: usize, ask: &PipeAsk) {
        if matches!(ask, PipeAsk::Write(0) | PipeAsk::Read(0)) {
            return self.book.complete(id, STATUS_SUCCESS, 0, Vec::new());
        }
        self.book.happens(id, Event::Deliver);
        match *ask {
            PipeAsk::Write(len) if len > self.capacity => self.book.fail(id, STATUS_INVALID_BUFFER_SIZE),
            PipeAsk::Write(len) if !self.writers.is_empty() || len > self.room() => {
                self.book.happens(id, Event::Park);
                self.writers.push_back((id, len));
            }
            PipeAsk::Write(len) => self.put(id, len),
            PipeAsk::Read(len) if self.bytes.is_empty() => {
                self.book.happens(id, Event::Park);
                self.readers.push_back((id, len));
            }
            PipeAsk::Read(len) => self.get(id, len),
            PipeAsk::Statistics => {
                let waiting = (self.readers.len() + self.writers.len()) as u64;
                let answer = Statistics { waiting, ..self.seen };
                self.book.complete(id, STATUS_SUCCESS, size_of::<Statistics>(), answer.as_bytes().to_vec());
            }
            PipeAsk::Capacity => {
                self.book.complete(id, STATUS_SUCCESS, 4, (CAPACITY as u32).as_bytes().to_vec());
            }
            PipeAsk::Flush => {
                self.bytes.clear();
                self.book.complete(id, STATUS_SUCCESS, 0, Vec::new());
            }
        }
        self.settle();
    }

    pub(crate) fn put(&mut self, id: usize, len: usize) {
        self.bytes.extend(frame(id, len));
        self.seen.writes += 1;
        self.seen.bytes_in += len as u64;
        self.seen.high_water = self.seen.high_water.max(self.bytes.len() as u64);
        self.book.complete(id, STATUS_SUCCESS, len, Vec::new());
    }

    pub(crate) fn get(&mut self, id: usize, len: usize) {
        let count = len.min(self.bytes.len());
        let data: Vec<u8> = self.bytes.drain(..count).collect();
        self.seen.reads += 1;
        self.seen.bytes_out += count as u64;
        self.book.complete(id, STATUS_SUCCESS, count, data);
    }

    pub(crate) fn settle(&mut self) {
        loop {
            if !self.bytes.is_empty()
                && let Some((id, len)) = self.readers.pop_front()
            {
                self.book.happens(id, Event::Take);
                self.get(id, len);
            } else if let Some(&(id, len)) = self.writers.front()
                && len <= self.room()
            {
                self.writers.pop_front();
                self.book.happens(id, Event::Take);
                self.put(id, len);
            } else {
                return;
            }
        }
    }
}

impl Model for Pipe {
    type Ask = PipeAsk;

    fn book(&mut self) -> &mut Book {
        &mut self.book
    }

    fn ask(&mut self, id: usize, ask: &PipeAsk) {
        self.book.happens(id, Event::Queue);
        if self.powered { self.deliver(id, ask) } else { self.queue.push_back((id, ask.clone())) }
    }

    fn cancel(&mut self, id: usize) {
        match self.book.state(id) {
            State::Queued => {
                self.queue.retain(|(other, _)| *other != id);
                self.book.fail(id, STATUS_CANCELLED);
            }
            State::Parked => {
                self.book.happens(id, Event::Take);
                self.readers.retain(|(other, _)| *other != id);
                self.writers.retain(|(other, _)| *other != id);
                self.seen.cancelled += 1;
                self.book.fail(id, STATUS_CANCELLED);
                self.settle();
            }
            _ => {}
        }
    }

    fn power(&mut self, up: bool) {
        self.powered = up;
        while up && let Some((id, ask)) = self.queue.pop_front() {
            self.deliver(id, &ask);
        }
    }

    /// Reads are cancelled. So are writes, unless those before them were cancelled first and made way.
    fn removed(&self, outcomes: &BTreeMap<usize, NTSTATUS>) -> Check {
        let mut put = 0;
        for (id, status) in outcomes {
            match self.writers.iter().find(|(writer, _)| writer == id) {
                Some((_, len)) if *status == STATUS_SUCCESS => put += len,
                _ => ensure(*status == STATUS_CANCELLED, || format!("request {id} ended with {status:#x}"))?,
            }
        }
        ensure(put <= self.room(), || format!("{put} bytes went in when there was room for {}", self.room()))
    }
}

pub(crate) fn pipe_asks() -> BoxedStrategy<PipeAsk> {
    let len = || {
        prop_oneof![
            4 => 1..40_usize,
            3 => 20_000..40_000_usize,
            1 => Just(0_usize),
            1 => CAPACITY - 1..CAPACITY + 2,
        ]
    };
    prop_oneof![
        6 => len().prop_map(PipeAsk::Write),
        5 => len().prop_map(PipeAsk::Read),
        2 => Just(PipeAsk::Statistics),
        1 => Just(PipeAsk::Capacity),
        1 => Just(PipeAsk::Flush),
    ]
    .boxed()
}

pub(crate) fn pipe_start(file: &File, id: usize, ask: &PipeAsk) -> wdk_emulator::Result<Overlapped> {
    match *ask {
        PipeAsk::Write(len) => file.start_write(&frame(id, len)),
        PipeAsk::Read(len) => file.start_read(len),
        PipeAsk::Statistics => file.start_ioctl(GET_STATISTICS.0, &[], size_of::<Statistics>()),
        PipeAsk::Capacity => file.start_ioctl(GET_CAPACITY.0, &[], 4),
        PipeAsk::Flush => file.start_ioctl(FLUSH.0, &[], 0),
    }
}

pub(crate) const PIPE: &str = r"\\.\VirtualDevice";
