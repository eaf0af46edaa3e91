//! A value whose beginning and end are noted.

pub struct Noted(&'static str);

impl Noted {
    pub fn new(name: &'static str) -> Self {
        wdk::println!("make {name}");
        Self(name)
    }
}

impl Drop for Noted {
    fn drop(&mut self) {
        wdk::println!("drop {}", self.0);
    }
}
