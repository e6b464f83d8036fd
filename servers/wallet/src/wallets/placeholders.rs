//! Statements over as many values as there are.

/// Most placeholders of one statement. Few, since SQLite looks each one up by going over all of them.
const MOST: usize = 176;

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

/// `all`, of which each takes `columns` placeholders, cut into parts for a statement each. Their lengths
/// are powers of two, so that few statements are ever prepared.
pub fn parts<T>(mut all: &[T], columns: usize) -> Vec<&[T]> {
    let most = (MOST / columns.max(1)).max(1);
    let mut parts = Vec::new();
    while !all.is_empty() {
        let length = 1 << all.len().min(most).ilog2();
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
        for (columns, expected) in
            [(1, &[64, 8, 4, 1][..]), (11, &[16, 16, 16, 16, 8, 4, 1]), (1_000, &[1; 77])]
        {
            let parts = parts(&all, columns);
            let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
            assert_eq!(lengths, expected);
            assert_eq!(parts.concat(), all);
        }
    }
}
