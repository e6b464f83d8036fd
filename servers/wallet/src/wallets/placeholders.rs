//! Statements over as many values as there are.

/// Most rows of one statement. Powers of two below it, so that few statements are ever prepared.
/// Few, since SQLite looks each placeholder up by going over all of its statement.
const MOST_ROWS: usize = 16;

/// `$1, $2, …`, `count` of them after the first `before`.
pub fn placeholders(before: usize, count: usize) -> String {
    let numbers: Vec<String> = (before + 1..=before + count).map(|nth| format!("${nth}")).collect();
    numbers.join(", ")
}

/// `($1, $2), ($3, $4), …`: `rows` groups of `columns`.
pub fn groups(rows: usize, columns: usize) -> String {
    let group = |row| format!("({})", placeholders(row * columns, columns));
    (0..rows).map(group).collect::<Vec<_>>().join(", ")
}

/// `all` cut into parts whose lengths are powers of two, 16 at most.
pub fn parts<T>(mut all: &[T]) -> Vec<&[T]> {
    let mut parts = Vec::new();
    while !all.is_empty() {
        let length = 1 << all.len().min(MOST_ROWS).ilog2();
        let (part, rest) = all.split_at(length);
        parts.push(part);
        all = rest;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::{groups, parts, placeholders};

    #[test]
    fn every_value_gets_a_number_of_its_own() {
        assert_eq!(placeholders(0, 3), "$1, $2, $3");
        assert_eq!(placeholders(2, 1), "$3");
        assert_eq!(groups(2, 2), "($1, $2), ($3, $4)");
    }

    #[test]
    fn parts_hold_all_in_order_and_have_few_lengths() {
        let all: Vec<usize> = (0..77).collect();
        let parts = parts(&all);
        let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
        assert_eq!(lengths, [16, 16, 16, 16, 8, 4, 1]);
        assert_eq!(parts.concat(), all);
    }
}
