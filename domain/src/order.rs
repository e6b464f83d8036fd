//! Sorting with one sort for all types. The standard library's makes three to eight kilobytes of code
//! for each type and order it is asked for; the lists here are short, and phones load every byte.

use std::cmp::Ordering;

/// Sorts by `compare`; what is equal keeps its order.
pub fn sort_by<T>(items: &mut [T], mut compare: impl FnMut(&T, &T) -> Ordering) {
    let mut order =
        order(items.len(), &mut |one, other| match (items.get(one), items.get(other)) {
            (Some(one), Some(other)) => compare(one, other),
            _ => Ordering::Equal,
        });
    for place in 0..order.len() {
        // What stood there may have had to make room for an earlier place: it went to where that
        // place's own came from, which is written down there.
        let mut from = place;
        while let Some(next) = order.get(from) {
            from = *next;
            if from >= place {
                break;
            }
        }
        items.swap(place, from);
        if let Some(written) = order.get_mut(place) {
            *written = from;
        }
    }
}

/// Sorts by the key of each; what is equal keeps its order.
pub fn sort_by_key<T, K: Ord>(items: &mut [T], mut key: impl FnMut(&T) -> K) {
    sort_by(items, |one, other| key(one).cmp(&key(other)));
}

/// Sorts by what the items are; what is equal keeps its order.
pub fn sort<T: Ord>(items: &mut [T]) {
    sort_by(items, T::cmp);
}

/// For each place the place where its item stands now.
#[inline(never)]
fn order(count: usize, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|one, other| compare(*one, *other));
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_sorts_as_the_standard_library_does_and_keeps_the_order_of_equals(
            numbers in proptest::collection::vec(0u8..20, 0..80)
        ) {
            let mut items: Vec<(u8, usize)> = numbers.iter().copied().zip(0..).collect();
            let mut wanted = items.clone();
            wanted.sort_by_key(|(number, _)| *number);
            sort_by_key(&mut items, |(number, _)| *number);
            prop_assert_eq!(items, wanted);
        }
    }
}
