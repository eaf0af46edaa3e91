//! The model of the workshop.

use super::*;

pub(crate) use workshop::Tally;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ShopAsk {
    /// Which way, and how many bytes.
    Write(u8, usize),
    Control(wdk::ioctl::IoControlCode),
}

/// Where the workshop has a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    FrontQueue(u8, usize),
    ShelfQueue(usize),
    Held(usize),
    Timed(usize),
    Kept(usize),
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Gate {
    pub(crate) accepts: bool,
    pub(crate) dispatches: bool,
}

/// The workshop: two queues, and lists of parked requests.
pub(crate) struct Shop {
    pub(crate) book: Book,
    pub(crate) powered: bool,
    pub(crate) front: Gate,
    pub(crate) shelf: Gate,
    /// In the order in which they got there.
    pub(crate) places: Vec<(usize, Place)>,
    pub(crate) tally: Tally,
}

impl Shop {
    pub(crate) fn new() -> Self {
        let open = Gate { accepts: true, dispatches: true };
        Self {
            book: Book::default(),
            powered: true,
            front: open,
            shelf: open,
            places: Vec::new(),
            tally: Tally::default(),
        }
    }

    pub(crate) fn first(&self, wanted: impl Fn(Place) -> bool) -> Option<(usize, Place)> {
        self.places.iter().copied().find(|(_, place)| wanted(*place))
    }

    pub(crate) fn leave(&mut self, id: usize) -> Option<Place> {
        let at = self.places.iter().position(|(other, _)| *other == id)?;
        Some(self.places.remove(at).1)
    }

    pub(crate) fn park(&mut self, id: usize, place: Place) {
        self.book.happens(id, Event::Park);
        self.places.push((id, place));
    }

    pub(crate) fn deliver(&mut self, id: usize, route: u8, len: usize) {
        self.book.happens(id, Event::Deliver);
        self.tally.delivered += 1;
        match route {
            b't' => self.park(id, Place::Timed(len)),
            b'p' => self.park(id, Place::Held(len)),
            b'd' => {
                self.book.happens(id, Event::Park);
                self.book.happens(id, Event::Take);
                self.tally.dropped += 1;
                self.book.fail(id, STATUS_INTERNAL_ERROR);
            }
            b'm' if self.shelf.accepts => {
                self.book.happens(id, Event::Queue);
                self.places.push((id, Place::ShelfQueue(len)));
                self.tally.forwarded += 1;
            }
            b'm' => {
                self.tally.refused += 1;
                // The framework's STATUS_WDF_BUSY, as applications see it.
                self.book.fail(id, STATUS_DEVICE_BUSY);
            }
            _ => {
                if route == b'w' {
                    self.book.happens(id, Event::Park);
                    self.book.happens(id, Event::Take);
                }
                self.tally.completed += 1;
                self.book.complete(id, STATUS_SUCCESS, len, Vec::new());
            }
        }
    }

    pub(crate) fn deliver_queued(&mut self) {
        while self.powered
            && self.front.dispatches
            && let Some((id, Place::FrontQueue(route, len))) =
                self.first(|place| matches!(place, Place::FrontQueue(..)))
        {
            self.leave(id);
            self.deliver(id, route, len);
        }
    }

    /// Completes the first request at such a place.
    pub(crate) fn finish_first(&mut self, wanted: impl Fn(Place) -> bool) -> bool {
        let Some((id, place)) = self.first(wanted) else { return false };
        self.leave(id);
        let (Place::Held(len) | Place::Timed(len) | Place::Kept(len) | Place::ShelfQueue(len)) = place else {
            unreachable!("not completed from there")
        };
        let event = if matches!(place, Place::ShelfQueue(_)) { Event::Deliver } else { Event::Take };
        self.book.happens(id, event);
        self.tally.completed += u32::from(matches!(place, Place::Held(_) | Place::Timed(_)));
        self.book.complete(id, STATUS_SUCCESS, len, Vec::new());
        true
    }

    pub(crate) fn purge(&mut self, wanted: impl Fn(Place) -> bool) {
        while let Some((id, _)) = self.first(&wanted) {
            self.cancel(id);
        }
    }

    /// What a control answers.
    pub(crate) fn control(&mut self, code: wdk::ioctl::IoControlCode) -> Result<Vec<u8>, NTSTATUS> {
        let queued = |place| matches!(place, Place::ShelfQueue(_));
        let shelf_is_open = self.shelf.dispatches && self.powered;
        let moved = match code {
            workshop::TALLY => {
                let waiting =
                    self.places.iter().filter(|(_, place)| matches!(place, Place::Held(_) | Place::Timed(_)));
                let waiting = waiting.count() as u32;
                let t = self.tally;
                let words =
                    [t.delivered, t.completed, t.cancelled, t.refused, t.forwarded, t.dropped, waiting];
                return Ok(words.as_bytes().to_vec());
            }
            workshop::RETRIEVE | workshop::REQUEUE | workshop::KEEP if !shelf_is_open => {
                // The framework's STATUS_WDF_PAUSED, as applications see it.
                return Err(STATUS_DEVICE_BUSY);
            }
            workshop::RETRIEVE => self.finish_first(queued),
            workshop::REQUEUE => match self.first(queued) {
                Some((id, _)) => {
                    self.book.happens(id, Event::Deliver);
                    self.book.happens(id, Event::Queue);
                    true
                }
                None => false,
            },
            workshop::KEEP => match self.first(queued) {
                Some((id, Place::ShelfQueue(len))) => {
                    self.leave(id);
                    self.book.happens(id, Event::Deliver);
                    self.park(id, Place::Kept(len));
                    true
                }
                _ => false,
            },
            workshop::RELEASE => self.finish_first(|place| matches!(place, Place::Held(_))),
            workshop::RELEASE_KEPT => self.finish_first(|place| matches!(place, Place::Kept(_))),
            _ => {
                self.change(code);
                false
            }
        };
        Ok(vec![u8::from(moved)])
    }

    pub(crate) fn change(&mut self, code: wdk::ioctl::IoControlCode) {
        let in_shelf = |place| matches!(place, Place::ShelfQueue(_) | Place::Kept(_));
        match code {
            workshop::STOP => self.front = Gate { accepts: true, dispatches: false },
            workshop::STOP_SHELF => self.shelf = Gate { accepts: true, dispatches: false },
            workshop::START => {
                self.front = Gate { accepts: true, dispatches: true };
                self.deliver_queued();
            }
            workshop::START_SHELF => self.shelf = Gate { accepts: true, dispatches: true },
            workshop::DRAIN => self.front.accepts = false,
            workshop::DRAIN_SHELF => self.shelf.accepts = false,
            workshop::PURGE => {
                self.front.accepts = false;
                self.purge(|place| !in_shelf(place));
            }
            workshop::PURGE_SHELF => {
                self.shelf.accepts = false;
                self.purge(in_shelf);
            }
            other => unreachable!("{other:?}"),
        }
    }
}

impl Model for Shop {
    type Ask = ShopAsk;

    fn book(&mut self) -> &mut Book {
        &mut self.book
    }

    fn ask(&mut self, id: usize, ask: &ShopAsk) {
        match *ask {
            ShopAsk::Write(..) if !self.front.accepts => self.book.fail(id, STATUS_INVALID_DEVICE_STATE),
            ShopAsk::Write(route, len) => {
                self.book.happens(id, Event::Queue);
                self.places.push((id, Place::FrontQueue(route, len)));
                self.deliver_queued();
            }
            ShopAsk::Control(code) => {
                self.book.happens(id, Event::Queue);
                self.book.happens(id, Event::Deliver);
                match self.control(code) {
                    Ok(answer) => self.book.complete(id, STATUS_SUCCESS, answer.len(), answer),
                    Err(status) => self.book.fail(id, status),
                }
            }
        }
    }

    fn cancel(&mut self, id: usize) {
        let Some(place) = self.leave(id) else { return };
        if self.book.state(id) == State::Parked {
            self.book.happens(id, Event::Take);
        }
        self.tally.cancelled += u32::from(matches!(place, Place::Held(_) | Place::Timed(_)));
        self.book.fail(id, STATUS_CANCELLED);
    }

    fn power(&mut self, up: bool) {
        self.powered = up;
        self.deliver_queued();
    }

    fn time_passes(&mut self) {
        while self.finish_first(|place| matches!(place, Place::Timed(_))) {}
    }
}

pub(crate) const CONTROLS: [wdk::ioctl::IoControlCode; 14] = [
    workshop::RELEASE,
    workshop::RETRIEVE,
    workshop::REQUEUE,
    workshop::KEEP,
    workshop::RELEASE_KEPT,
    workshop::STOP,
    workshop::START,
    workshop::PURGE,
    workshop::DRAIN,
    workshop::STOP_SHELF,
    workshop::START_SHELF,
    workshop::PURGE_SHELF,
    workshop::DRAIN_SHELF,
    workshop::TALLY,
];

pub(crate) fn shop_asks() -> BoxedStrategy<ShopAsk> {
    prop_oneof![
        8 => (prop::sample::select(b"ntwpdmmp".to_vec()), 1..50_usize)
            .prop_map(|(route, len)| ShopAsk::Write(route, len)),
        3 => prop::sample::select(CONTROLS[..5].to_vec()).prop_map(ShopAsk::Control),
        1 => prop::sample::select(vec![workshop::START, workshop::START_SHELF, workshop::TALLY])
            .prop_map(ShopAsk::Control),
        2 => prop::sample::select(CONTROLS[5..].to_vec()).prop_map(ShopAsk::Control),
    ]
    .boxed()
}

pub(crate) fn shop_start(file: &File, _: usize, ask: &ShopAsk) -> wdk_emulator::Result<Overlapped> {
    match *ask {
        ShopAsk::Write(route, len) => file.start_write(&vec![route; len]),
        ShopAsk::Control(code) => file.start_ioctl(code.0, &[], size_of::<Tally>()),
    }
}

/// Everything is opened and whatever waits is completed; then the driver's own account is right.
pub(crate) fn shop_tidy(machine: &Machine, file: &File, _: &Log<ShopAsk>) -> Check {
    let ask = |code: wdk::ioctl::IoControlCode| file.ioctl(code.0, &[], size_of::<Tally>()).map_err(emulator);
    ask(workshop::START)?;
    ask(workshop::START_SHELF)?;
    machine.run().map_err(emulator)?;
    for code in [workshop::RELEASE, workshop::RETRIEVE, workshop::RELEASE_KEPT] {
        while ask(code)? == [1] {}
    }
    machine.run().map_err(emulator)?;
    let words: Vec<u32> = ask(workshop::TALLY)?
        .chunks(4)
        .map(|word| u32::from_le_bytes(word.try_into().expect("four bytes")))
        .collect();
    let ended: u32 = words[1..6].iter().sum();
    ensure(words[0] == ended && words[6] == 0, || {
        format!("delivered, completed, cancelled, refused, forwarded, dropped, waiting: {words:?}")
    })
}

pub(crate) fn shop_judge(records: &[Record<ShopAsk>], removed: bool) -> Check {
    let asked = |codes: &[wdk::ioctl::IoControlCode]| {
        records.iter().any(|record| matches!(record.ask, ShopAsk::Control(code) if codes.contains(&code)))
    };
    let purged = asked(&[workshop::PURGE]);
    let shelf_purged = asked(&[workshop::PURGE_SHELF]);
    let closed = purged || asked(&[workshop::DRAIN]);
    let shelf_closed = shelf_purged || asked(&[workshop::DRAIN_SHELF]);
    for (id, record) in records.iter().enumerate() {
        let mut allowed = common(record.cancelled, removed);
        match record.ask {
            ShopAsk::Write(route, len) => {
                allowed.push(if route == b'd' { STATUS_INTERNAL_ERROR } else { STATUS_SUCCESS });
                if purged || route == b'm' && shelf_purged {
                    allowed.push(STATUS_CANCELLED);
                }
                if closed {
                    allowed.push(STATUS_INVALID_DEVICE_STATE);
                }
                if route == b'm' {
                    allowed.extend((shelf_closed || removed).then_some(STATUS_DEVICE_BUSY));
                }
                let got = outcome(id, record, &allowed)?;
                let wanted = if got.status == STATUS_SUCCESS { len } else { 0 };
                ensure(got.information == wanted, || format!("write {id} returned {}", got.information))?;
            }
            ShopAsk::Control(code) => {
                allowed.push(STATUS_SUCCESS);
                if [workshop::RETRIEVE, workshop::REQUEUE, workshop::KEEP].contains(&code) {
                    allowed.push(STATUS_DEVICE_BUSY);
                }
                outcome(id, record, &allowed)?;
            }
        }
    }
    Ok(())
}
