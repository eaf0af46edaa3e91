//! The levels are those of the system.
use wdk::irql::Level;

struct Mine;

impl Level for Mine { //~ E0277: the trait bound `Mine: 
    const VALUE: u8 = 0; // mended:
} // mended:

fn main() {
    let _ = (Mine, <wdk::irql::Passive as Level>::VALUE);
}
