//! Puts the file together again from what was read.
//!
//! The device is a stream of bytes: a read ends where its buffer or the data ends, in the middle of a frame as
//! likely as not. With one reader the pieces come in the order of the stream. With several reads outstanding
//! nobody tells which got which part, as for an application on Windows; but a cut frame fits together with one
//! other piece only, which its checksum proves. So whole frames are taken wherever they are, and a piece that
//! begins inside a frame waits for the piece with that frame's beginning. The beginning was read by a read that
//! was under way at the same time: when all of those have reported and nothing fits, the frame is torn.

use super::frame::{FrameSet, HEADER, Layout};
use alloc::collections::{BTreeSet, VecDeque};
use alloc::vec::Vec;

/// Where frames go: their number, and what they carry.
pub type Sink<'a> = &'a mut dyn FnMut(u64, &[u8]);

/// What is known of what came back.
#[derive(Debug)]
pub struct Reassembly {
    layout: Layout,
    next_read: u64,
    under_way: BTreeSet<u64>,
    /// Beginnings of frames, oldest first.
    beginnings: VecDeque<Vec<u8>>,
    waiting: Vec<Piece>,
    /// The frames that came back.
    pub seen: FrameSet,
    /// Bytes of the file that came back.
    pub bytes: u64,
    /// Frames that came more than once.
    pub doubled: u64,
    /// Frames whose content is not what was sent.
    pub changed: u64,
    /// Pieces that belong to no whole frame.
    pub torn: u64,
}

/// Data that begins in the middle of a frame.
#[derive(Debug)]
struct Piece {
    data: Vec<u8>,
    /// Reads that were under way when it arrived: one of them got what comes before it.
    before: BTreeSet<u64>,
}

/// How a piece continues a beginning.
enum Join {
    /// It completes the frame, and the checksum agrees.
    Whole(usize),
    /// It has enough bytes to complete the frame, and another frame follows. The checksum disagrees.
    Changed(usize),
    /// It is shorter than what the frame lacks.
    Short,
    /// It does not.
    No,
}

/// More open frames than any number of readers leaves: the device tears them.
const MAX_BEGINNINGS: usize = 128;

impl Reassembly {
    /// Nothing has come back yet.
    pub fn new(layout: Layout) -> Self {
        Self {
            layout,
            next_read: 0,
            under_way: BTreeSet::new(),
            beginnings: VecDeque::new(),
            waiting: Vec::new(),
            seen: FrameSet::new(layout.count()),
            bytes: 0,
            doubled: 0,
            changed: 0,
            torn: 0,
        }
    }

    /// A read is about to start; returns its number.
    pub fn start(&mut self) -> u64 {
        self.next_read += 1;
        self.under_way.insert(self.next_read);
        self.next_read
    }

    /// A read has ended, with these bytes.
    pub fn end(&mut self, read: u64, data: Vec<u8>, sink: Sink<'_>) {
        self.under_way.remove(&read);
        for piece in &mut self.waiting {
            piece.before.remove(&read);
        }
        if !data.is_empty() {
            self.waiting.push(Piece { data, before: self.under_way.clone() });
        }
        self.settle(sink);
    }

    /// No more reads will come.
    pub fn finish(&mut self, sink: Sink<'_>) {
        for piece in &mut self.waiting {
            piece.before.clear();
        }
        self.settle(sink);
        self.torn += self.beginnings.drain(..).count() as u64;
    }

    /// Places what can be placed, which may make room for more. What has nothing left to wait for goes last.
    fn settle(&mut self, sink: Sink<'_>) {
        while self.place_one(false, sink) || self.place_one(true, sink) {}
    }

    fn place_one(&mut self, forced: bool, sink: Sink<'_>) -> bool {
        for index in 0..self.waiting.len() {
            if forced && !self.waiting[index].before.is_empty() {
                continue;
            }
            let data = core::mem::take(&mut self.waiting[index].data);
            match self.place(data, forced, sink) {
                Ok(()) => {
                    self.waiting.remove(index);
                    return true;
                }
                Err(data) => self.waiting[index].data = data,
            }
        }
        false
    }

    /// Places a piece, or gives it back if it has to wait.
    fn place(&mut self, data: Vec<u8>, forced: bool, sink: Sink<'_>) -> Result<(), Vec<u8>> {
        let joins: Vec<_> = self.beginnings.iter().map(|beginning| self.join(beginning, &data)).collect();
        if let Some(index) = joins.iter().position(|join| matches!(join, Join::Whole(_))) {
            self.complete(index, &joins[index], &data, sink);
        } else if self.layout.header(&data).is_some()
            || self.beginnings.is_empty() && self.layout.plausible(&data)
        {
            self.frames(&data, sink);
        } else if !forced {
            return Err(data);
        } else if let Some(index) = joins.iter().position(|join| matches!(join, Join::Changed(_))) {
            self.complete(index, &joins[index], &data, sink);
        } else if let Some(index) = joins.iter().rposition(|join| matches!(join, Join::Short)) {
            self.beginnings[index].extend_from_slice(&data);
        } else {
            self.frames(&data, sink);
        }
        Ok(())
    }

    fn join(&self, beginning: &[u8], data: &[u8]) -> Join {
        let mut header = [0; HEADER];
        let mine = beginning.len().min(HEADER);
        let theirs = data.len().min(HEADER - mine);
        header[..mine].copy_from_slice(&beginning[..mine]);
        header[mine..mine + theirs].copy_from_slice(&data[..theirs]);
        if mine + theirs < HEADER {
            return Join::Short;
        }
        let Some(header) = self.layout.header(&header) else {
            return Join::No;
        };
        let lacks = HEADER + header.length - beginning.len();
        if data.len() < lacks {
            return Join::Short;
        }
        let mut payload = Vec::with_capacity(header.length);
        payload.extend_from_slice(&beginning[mine..]);
        payload.extend_from_slice(&data[theirs..lacks]);
        let rest = &data[lacks..];
        match self.layout.is_intact(&header, &payload) {
            true => Join::Whole(lacks),
            false if rest.is_empty() || self.layout.plausible(rest) => Join::Changed(lacks),
            false => Join::No,
        }
    }

    /// Completes a beginning with the front of `data`, and goes on with the rest.
    fn complete(&mut self, index: usize, join: &Join, data: &[u8], sink: Sink<'_>) {
        let (Join::Whole(lacks) | Join::Changed(lacks)) = *join else {
            return;
        };
        let mut frame = self.beginnings.remove(index).expect("it was found there");
        frame.extend_from_slice(&data[..lacks]);
        self.deliver(&frame, sink);
        self.frames(&data[lacks..], sink);
    }

    /// Takes the frames at the front of `data`, and keeps the beginning of one that the data ends in.
    fn frames(&mut self, mut data: &[u8], sink: Sink<'_>) {
        while !data.is_empty() {
            if !self.layout.plausible(data) {
                // What is here belongs to no frame; go on where the next one begins.
                self.torn += 1;
                let next = (1..data.len()).find(|&at| self.layout.plausible(&data[at..]));
                data = &data[next.unwrap_or(data.len())..];
                continue;
            }
            let length = self.layout.header(data).map(|header| HEADER + header.length);
            match length.filter(|&length| length <= data.len()) {
                Some(length) => {
                    self.deliver(&data[..length], sink);
                    data = &data[length..];
                }
                None => {
                    if self.beginnings.len() == MAX_BEGINNINGS {
                        self.beginnings.pop_front();
                        self.torn += 1;
                    }
                    self.beginnings.push_back(data.to_vec());
                    return;
                }
            }
        }
    }

    fn deliver(&mut self, frame: &[u8], sink: Sink<'_>) {
        let header = self.layout.header(frame).expect("only frames with good headers get here");
        let payload = &frame[HEADER..];
        if !self.seen.insert(header.index) {
            self.doubled += 1;
            return;
        }
        if !self.layout.is_intact(&header, payload) {
            self.changed += 1;
        }
        self.bytes += payload.len() as u64;
        sink(header.index, payload);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    /// A stream of frames of 10 bytes of payload, and what comes out of its pieces.
    struct Stream {
        layout: Layout,
        bytes: Vec<u8>,
    }

    const FRAME: usize = HEADER + 10;

    impl Stream {
        fn new(frames: u64) -> Self {
            let layout = Layout::new(frames * 10, 10);
            let mut bytes = Vec::new();
            for index in 0..frames {
                let mut frame = vec![index as u8 + 1; FRAME];
                layout.seal(index, &mut frame);
                bytes.extend(frame);
            }
            Self { layout, bytes }
        }

        /// Reads end one after the other.
        fn in_order<'a>(&self, pieces: impl IntoIterator<Item = &'a [u8]>) -> Reassembly {
            let mut reassembly = Reassembly::new(self.layout);
            for piece in pieces {
                let read = reassembly.start();
                reassembly.end(read, piece.to_vec(), &mut |_, _| {});
            }
            reassembly.finish(&mut |_, _| {});
            reassembly
        }
    }

    fn counts(r: &Reassembly) -> (u64, u64, u64, u64) {
        (r.seen.count(), r.doubled, r.changed, r.torn)
    }

    #[test]
    fn pieces_of_any_length_fit_together() {
        let stream = Stream::new(5);
        for length in 1..stream.bytes.len() + 1 {
            let reassembly = stream.in_order(stream.bytes.chunks(length));
            assert_eq!(counts(&reassembly), (5, 0, 0, 0), "pieces of {length} bytes");
            assert_eq!(reassembly.bytes, 50);
        }
    }

    #[test]
    fn concurrent_reads_may_end_in_any_order() {
        let stream = Stream::new(6);
        let pieces: Vec<_> = stream.bytes.chunks(FRAME + 13).collect();
        assert_eq!(pieces.len(), 5);
        // Every order of five reads that are all under way.
        for code in 0..120 {
            let mut reassembly = Reassembly::new(stream.layout);
            let mut reads: Vec<_> = pieces.iter().map(|piece| (reassembly.start(), piece)).collect();
            let mut rest = code;
            for left in (1..=pieces.len()).rev() {
                let (read, piece) = reads.remove(rest % left);
                rest /= left;
                reassembly.end(read, piece.to_vec(), &mut |_, _| {});
            }
            assert_eq!(counts(&reassembly), (6, 0, 0, 0), "order {code}");
        }
    }

    #[test]
    fn a_flipped_byte_changes_a_frame_or_tears_it() {
        for at in 0..FRAME {
            let mut stream = Stream::new(4);
            stream.bytes[FRAME + at] ^= 0x10;
            let reassembly = stream.in_order(stream.bytes.chunks(FRAME + 13));
            let (seen, doubled, changed, torn) = counts(&reassembly);
            assert_eq!(doubled, 0);
            match at {
                0..16 => assert_eq!((seen, changed), (3, 0), "at {at}"),
                _ => assert_eq!((seen, changed, torn), (4, 1, 0), "at {at}"),
            }
            assert!(at >= 16 || torn > 0, "at {at}");
        }
    }

    #[test]
    fn a_missing_frame_is_not_seen_and_a_second_one_is_doubled() {
        let stream = Stream::new(4);
        let without = [&stream.bytes[..FRAME], &stream.bytes[2 * FRAME..]].concat();
        assert_eq!(counts(&stream.in_order(without.chunks(20))), (3, 0, 0, 0));
        let twice = [&stream.bytes[..], &stream.bytes[..FRAME]].concat();
        assert_eq!(counts(&stream.in_order(twice.chunks(50))), (4, 1, 0, 0));
    }

    #[test]
    fn lost_bytes_tear_a_frame() {
        let stream = Stream::new(4);
        let without = [&stream.bytes[..FRAME + 5], &stream.bytes[FRAME + 9..]].concat();
        for length in [7, 20, FRAME, 50, 500] {
            let (seen, doubled, _, torn) = counts(&stream.in_order(without.chunks(length)));
            assert!(
                seen < 4 && torn > 0 && doubled == 0,
                "pieces of {length} bytes: {seen} seen, {torn} torn"
            );
        }
    }
}
