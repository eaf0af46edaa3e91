//! Racing on the virtual device: what is conserved, word by word.

use super::*;

/// In words of four bytes: the number of the request, and the number of the word in it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum WordsAsk {
    Write(usize),
    Read(usize),
    Statistics,
}

pub(crate) fn words_asks() -> BoxedStrategy<WordsAsk> {
    let words = || prop_oneof![3 => 1..8_usize, 1 => 4000..9000_usize];
    prop_oneof![
        4 => words().prop_map(WordsAsk::Write),
        3 => words().prop_map(WordsAsk::Read),
        1 => Just(WordsAsk::Statistics),
    ]
    .boxed()
}

pub(crate) fn words_start(file: &File, id: usize, ask: &WordsAsk) -> wdk_emulator::Result<Overlapped> {
    match *ask {
        WordsAsk::Write(words) => {
            let word = |index: usize| [(id as u16).to_le_bytes(), (index as u16).to_le_bytes()].concat();
            file.start_write(&(0..words).flat_map(word).collect::<Vec<u8>>())
        }
        WordsAsk::Read(words) => file.start_read(words * 4),
        WordsAsk::Statistics => file.start_ioctl(GET_STATISTICS.0, &[], size_of::<Statistics>()),
    }
}

/// Gives writes that wait their room, and reads what is left in the device.
pub(crate) fn words_tidy(machine: &Machine, file: &File, log: &Log<WordsAsk>) -> Check {
    loop {
        let ask = WordsAsk::Read(CAPACITY / 4);
        let id = log.begin(usize::MAX, &ask);
        let read = words_start(file, id, &ask).map_err(emulator)?;
        machine.run().map_err(emulator)?;
        log.poll(&mut log.left.borrow_mut());
        if read.is_done() {
            log.end(id, read.wait().map_err(emulator)?);
            continue;
        }
        log.cancels(|other, _| other == id);
        read.cancel().map_err(emulator)?;
        log.end(id, read.wait().map_err(emulator)?);
        return Ok(());
    }
}

/// Where the bytes of a write were read.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(crate) words: BTreeSet<u16>,
    /// The first end and the last begin of the reads that got some of it.
    pub(crate) first_end: u64,
    pub(crate) last_begin: u64,
}

/// A read returns words of writes that succeeded, each once, in one piece and in order; writes of which one was
/// complete before the other began are not swapped; nothing is lost.
pub(crate) fn words_judge(records: &[Record<WordsAsk>], removed: bool) -> Check {
    let mut seen: BTreeMap<usize, Seen> = BTreeMap::new();
    for (id, record) in records.iter().enumerate() {
        let mut allowed = common(record.cancelled, removed);
        allowed.push(STATUS_SUCCESS);
        let got = outcome(id, record, &allowed)?;
        let success = got.status == STATUS_SUCCESS;
        match record.ask {
            WordsAsk::Write(words) => {
                let wanted = if success { words * 4 } else { 0 };
                ensure(got.information == wanted, || format!("write {id} returned {}", got.information))?;
            }
            WordsAsk::Read(words) if success => {
                let count = got.data.len();
                ensure(count > 0 && count % 4 == 0 && count <= words * 4, || {
                    format!("read {id} got {count}")
                })?;
                let mut previous: Option<(usize, u16)> = None;
                for word in got.data.chunks(4) {
                    let from = usize::from(u16::from_le_bytes([word[0], word[1]]));
                    let index = u16::from_le_bytes([word[2], word[3]]);
                    if let Some((before, last)) = previous {
                        let ends = |id: usize, last: u16| matches!(records[id].ask, WordsAsk::Write(words) if words == usize::from(last) + 1);
                        let next =
                            if before == from { last + 1 == index } else { ends(before, last) && index == 0 };
                        ensure(next, || format!("read {id}: {from}.{index} follows {before}.{last}"))?;
                        ensure(before == from || records[from].ended > records[before].began, || {
                            format!(
                                "read {id}: {from} was complete before {before} began, and comes after it"
                            )
                        })?;
                    }
                    previous = Some((from, index));
                    let entry = seen.entry(from).or_insert(Seen { first_end: u64::MAX, ..Seen::default() });
                    ensure(entry.words.insert(index), || format!("{from}.{index} was read twice"))?;
                    entry.first_end = entry.first_end.min(record.ended);
                    entry.last_begin = entry.last_begin.max(record.began);
                }
            }
            WordsAsk::Read(_) => ensure(got.data.is_empty(), || format!("read {id} failed with data"))?,
            WordsAsk::Statistics => {}
        }
    }
    for (id, record) in records.iter().enumerate() {
        let WordsAsk::Write(words) = record.ask else { continue };
        let success = record.got.as_ref().is_some_and(|got| got.status == STATUS_SUCCESS);
        let count = seen.get(&id).map_or(0, |seen| seen.words.len());
        ensure(success || count == 0, || format!("write {id} failed and left {count} words"))?;
        ensure(!success || removed || count == words, || {
            format!("of write {id}, {count} of {words} words came")
        })?;
    }
    for (id, first) in &seen {
        for (other, second) in &seen {
            let before = records[*id].ended < records[*other].began;
            ensure(!before || second.first_end > first.last_begin, || format!("{other} overtook {id}"))?;
        }
    }
    Ok(())
}
