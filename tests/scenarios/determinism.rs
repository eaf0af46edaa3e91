//! The same seed gives the same run.

use std::time::Duration;
use wdk_emulator::Machine;
use wdk_sys::*;
use wdk_tests::raw::attributes;
use wdk_tests::raw::lab::{self, Dispatch, NAME, bench};

/// Several threads, arrivals at both levels, requests that are cancelled, a timer and a work item; the trace.
fn trace(seed: u64) -> String {
    let (machine, device) = bench(Machine::builder().seed(seed).quantum(1).trace(), || {
        lab::default_config(Dispatch::WdfIoQueueDispatchParallel, &["write", "read", "canceled", "stop"])
    });
    lab::on("write", |e| lab::complete(e.request, STATUS_SUCCESS, e.value));
    lab::on("read", |e| assert_eq!(lab::forward(e.request, lab::kept("manual")), STATUS_SUCCESS));
    lab::on("timer", |_| {
        // SAFETY: created below.
        unsafe { WdfWorkItemEnqueue(lab::kept("item")) };
    });
    lab::on("work", |_| {
        while let Ok(request) = lab::retrieve(lab::kept("manual")) {
            lab::complete(request, STATUS_SUCCESS, 0);
        }
    });
    let file = machine.open(NAME).unwrap();
    lab::call(&file, || {
        // Below the queue that they use, so that they are gone before it.
        let mut with = WDF_OBJECT_ATTRIBUTES { ParentObject: lab::kept("manual"), ..attributes() };
        let (mut timer, mut item) = (std::ptr::null_mut(), std::ptr::null_mut());
        let mut config = WDF_TIMER_CONFIG::default();
        WDF_TIMER_CONFIG_INIT_PERIODIC(&mut config, Some(lab::timer), 1);
        // SAFETY: a configuration, attributes and a place for the handle.
        assert_eq!(unsafe { WdfTimerCreate(&mut config, &mut with, &mut timer) }, STATUS_SUCCESS);
        let mut config = WDF_WORKITEM_CONFIG::default();
        WDF_WORKITEM_CONFIG_INIT(&mut config, Some(lab::work));
        // SAFETY: as above.
        assert_eq!(unsafe { WdfWorkItemCreate(&mut config, &mut with, &mut item) }, STATUS_SUCCESS);
        lab::keep("item", item);
        // SAFETY: created above.
        unsafe { WdfTimerStart(timer, -10_000) };
    });
    for index in 0..4 {
        let file = if index == 0 { file.at_dispatch() } else { file.clone() };
        machine.spawn("application", move || {
            for round in 0..3 {
                file.write(&vec![0; index + 1]).unwrap();
                let read = file.start_read(8).unwrap();
                if round == index {
                    read.cancel().unwrap();
                }
                let status = read.wait().unwrap().status;
                assert!(status == STATUS_SUCCESS || status == STATUS_CANCELLED);
            }
        });
    }
    machine.sleep(Duration::from_millis(20)).unwrap();
    let mut trace = machine.take_trace();
    let kept = machine.open(NAME).unwrap();
    let read = kept.start_read(1).unwrap();
    device.surprise_remove().unwrap();
    assert!(read.is_done());
    drop((kept, read, file));
    trace.push_str(&machine.take_trace());
    machine.finish().unwrap();
    trace
}

/// The same seed gives the same trace, byte for byte, whatever ran before in this process.
#[test]
fn the_same_seed_gives_the_same_trace() {
    for seed in 0..10 {
        let first = trace(seed);
        assert!(first.lines().count() > 300, "{}", first.lines().count());
        trace(seed + 100);
        let second = trace(seed);
        if first != second {
            let difference = first.lines().zip(second.lines()).find(|(first, second)| first != second);
            panic!("seed {seed}: {difference:?}");
        }
    }
}

/// The same on another thread of the host, whose stacks are elsewhere.
#[test]
fn threads_of_the_host_do_not_matter() {
    let here = trace(3);
    let there: Vec<_> = (0..4).map(|_| std::thread::spawn(|| trace(3))).collect();
    for thread in there {
        assert!(thread.join().unwrap() == here);
    }
}

/// Different seeds give different runs.
#[test]
fn different_seeds_differ() {
    let traces: std::collections::BTreeSet<_> = (0..10).map(trace).collect();
    assert!(traces.len() > 5, "{}", traces.len());
}

/// No address gets into a trace.
#[test]
fn traces_have_no_addresses() {
    for seed in 0..5 {
        let trace = trace(seed);
        for line in trace.lines() {
            assert!(!line.contains("0x7f") && !line.contains("0x55") && !line.contains("0x56"), "{line}");
        }
    }
}

/// A panic of the test's own code, in a thread of the machine, comes out of the run, and the machine ends in order.
#[test]
fn a_panic_of_the_test_comes_out() {
    let result = std::panic::catch_unwind(|| {
        let (machine, _device) = bench(Machine::builder(), || {
            lab::default_config(Dispatch::WdfIoQueueDispatchParallel, &["write"])
        });
        lab::on("write", |e| lab::park(e.request));
        let file = machine.open(NAME).unwrap();
        let pending = file.clone();
        machine.spawn("waits", move || pending.write(b"x").map(drop));
        let panics = file.clone();
        machine.spawn("panics", move || {
            let _pending = panics.start_write(b"x").unwrap();
            panic!("on purpose");
        });
        machine.run().unwrap();
    });
    assert_eq!(result.unwrap_err().downcast_ref(), Some(&"on purpose"));
    assert!(!trace(1).is_empty());
}
