// SPDX-License-Identifier: BSL-1.0

//! Who waits for which event. A tag is a place in a vector, used again once its event has come: of a call that was
//! accepted exactly one comes, so a place is never mistaken.

use crate::sync::replaced;
use std::collections::hash_map::Entry;
use std::collections::HashMap;
use std::task::Waker;

/// A lane, and the barrier or gate that it waits at.
pub(crate) type Who = (u64, u64);

pub(crate) struct Waits<E> {
    slots: Vec<Slot<E>>,
    free: u32,                 // 1 + the first free place; 0: none
    left: HashMap<Who, Left>,  // those who have gone
    newest: HashMap<Who, u64>, // of a dispatched queue: who has come again, by tag
}

/// Ends that nobody waits for and that are still to come, and who waits until they have.
#[derive(Default)]
struct Left {
    ends: usize,
    wakers: Vec<Waker>,
}

enum Slot<E> {
    Free(u32), // what `free` was before
    Waiting(Option<Waker>),
    Ended(E),
    Left(Option<Who>), // nobody waits, but the event is to come
}

impl<E> Waits<E> {
    pub(crate) fn new() -> Self {
        Waits { slots: Vec::new(), free: 0, left: HashMap::new(), newest: HashMap::new() }
    }

    /// Who has come. What a dispatcher has drained may not have been told: so one comes again whose end, as far as is
    /// known here, is still to come.
    pub(crate) fn came(&mut self, who: Who, tag: u64) {
        self.newest.insert(who, tag);
    }

    /// The wait with that tag is over here. Whether it is the one that a call for `who` would be about.
    pub(crate) fn is_newest(&mut self, who: Who, tag: u64) -> bool {
        match self.newest.get(&who) {
            Some(&newest) if newest != tag => false,
            Some(_) => self.newest.remove(&who).is_some(),
            None => true,
        }
    }

    pub(crate) fn begin(&mut self) -> u64 {
        let waiting = Slot::Waiting(None);
        if self.free == 0 {
            self.slots.push(waiting);
            return self.slots.len() as u64 - 1;
        }
        let place = self.free - 1;
        if let Slot::Free(next) = std::mem::replace(&mut self.slots[place as usize], waiting) {
            self.free = next;
        }
        u64::from(place)
    }

    /// The call was refused: no event comes.
    pub(crate) fn strike(&mut self, tag: u64) {
        self.free(tag);
    }

    fn free(&mut self, tag: u64) -> Slot<E> {
        let was = std::mem::replace(&mut self.slots[tag as usize], Slot::Free(self.free));
        self.free = tag as u32 + 1;
        was
    }

    /// The end, if it has come; else the waker is kept for it, and the one before given back.
    pub(crate) fn poll(&mut self, tag: u64, waker: &Waker) -> Result<E, Option<Waker>> {
        if let Slot::Waiting(place) = &mut self.slots[tag as usize] {
            return Err(replaced(place, waker));
        }
        match self.free(tag) {
            Slot::Ended(end) => Ok(end),
            _ => unreachable!("only who waits polls"),
        }
    }

    /// The event has come.
    pub(crate) fn end(&mut self, tag: u64, end: E, woken: &mut Vec<Waker>) {
        match self.slots.get_mut(tag as usize) {
            Some(slot @ Slot::Waiting(_)) => {
                if let Slot::Waiting(Some(waker)) = std::mem::replace(slot, Slot::Ended(end)) {
                    woken.push(waker);
                }
            }
            Some(Slot::Left(who)) => {
                let who = *who;
                self.free(tag);
                who.into_iter().for_each(|who| self.told(who, woken));
            }
            _ => {}
        }
    }

    /// Nobody waits any more: its end, if it had come, and its waker, to be dropped without a lock.
    pub(crate) fn leave(&mut self, tag: u64, who: Option<Who>) -> (Option<E>, Option<Waker>) {
        match std::mem::replace(&mut self.slots[tag as usize], Slot::Left(who)) {
            Slot::Ended(end) => {
                self.free(tag);
                (Some(end), None)
            }
            Slot::Waiting(waker) => {
                who.into_iter().for_each(|who| self.left(who));
                (None, waker)
            }
            _ => unreachable!("only who waits leaves"),
        }
    }

    /// Somebody has gone whose event is to come.
    pub(crate) fn left(&mut self, who: Who) {
        self.left.entry(who).or_default().ends += 1;
    }

    /// That event has come.
    pub(crate) fn told(&mut self, who: Who, woken: &mut Vec<Waker>) {
        if let Entry::Occupied(mut left) = self.left.entry(who) {
            left.get_mut().ends -= 1;
            if left.get().ends == 0 {
                woken.append(&mut left.remove().wakers);
            }
        }
    }

    /// Whether that event is still to come: then the waker is kept for it.
    pub(crate) fn is_left(&mut self, who: Who, waker: &Waker) -> bool {
        match self.left.get_mut(&who) {
            Some(left) => {
                if !left.wakers.iter().any(|known| known.will_wake(waker)) {
                    left.wakers.push(waker.clone());
                }
                true
            }
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::Arc;
    use std::task::Wake;

    #[derive(Default)]
    struct Count(AtomicUsize);

    impl Wake for Count {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[test]
    fn each_gets_its_own_end_and_places_are_used_again() {
        let count = Arc::new(Count::default());
        let waker = Waker::from(count.clone());
        let (mut waits, mut woken) = (Waits::new(), Vec::new());
        for round in 0..50 {
            let tags: Vec<_> = (0..3).map(|_| waits.begin()).collect();
            for &tag in &tags {
                assert!(waits.poll(tag, &waker).is_err());
            }
            for &tag in tags.iter().rev() {
                waits.end(tag, (round, tag), &mut woken);
                assert_eq!(waits.poll(tag, &waker).ok(), Some((round, tag)));
            }
        }
        woken.into_iter().for_each(Waker::wake);
        assert_eq!(count.0.load(Ordering::Relaxed), 150);
        assert_eq!(waits.slots.len(), 3);
    }

    #[test]
    fn who_leaves_early_keeps_its_place_until_the_event() {
        let waker = Waker::from(Arc::new(Count::default()));
        let (mut waits, mut woken) = (Waits::new(), Vec::new());
        let tag = waits.begin();
        assert!(matches!(waits.leave(tag, Some((7, 8))), (None, None)));
        assert_ne!(waits.begin(), tag);
        assert!(waits.is_left((7, 8), &waker) && !waits.is_left((7, 9), &waker));
        waits.end(tag, 1, &mut woken);
        assert_eq!(woken.len(), 1);
        assert!(!waits.is_left((7, 8), &waker));
        assert_eq!(waits.begin(), tag);
    }

    #[test]
    fn who_left_twice_is_told_of_when_both_have_ended() {
        let waker = Waker::from(Arc::new(Count::default()));
        let (mut waits, mut woken) = (Waits::new(), Vec::new());
        let tags = [waits.begin(), waits.begin()];
        for tag in tags {
            waits.leave(tag, Some((7, 8)));
        }
        assert!(waits.is_left((7, 8), &waker));
        waits.end(tags[0], 1, &mut woken);
        assert!(woken.is_empty() && waits.is_left((7, 8), &waker));
        waits.end(tags[1], 1, &mut woken);
        assert!(woken.len() == 1 && !waits.is_left((7, 8), &waker));
    }

    #[test]
    fn who_has_come_again_is_not_taken_back_for_the_first() {
        let mut waits = Waits::<()>::new();
        assert!(waits.is_newest((7, 8), 1));
        waits.came((7, 8), 1);
        waits.came((7, 8), 2);
        assert!(!waits.is_newest((7, 8), 1) && waits.is_newest((7, 8), 2));
        assert!(waits.newest.is_empty());
    }

    #[test]
    fn who_leaves_late_takes_the_end_along() {
        let (mut waits, mut woken) = (Waits::new(), Vec::new());
        let tag = waits.begin();
        waits.end(tag, 5, &mut woken);
        assert!(matches!(waits.leave(tag, Some((1, 2))), (Some(5), None)));
        assert_eq!(waits.begin(), tag);
        waits.strike(tag);
        waits.end(tag, 6, &mut woken);
        waits.end(99, 6, &mut woken);
        assert_eq!(waits.begin(), tag);
    }
}
