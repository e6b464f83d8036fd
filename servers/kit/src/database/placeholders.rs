//! Statements over as many values as there are. Their placeholders are `?`: SQLite numbers these itself,
//! where it finds each `$1` by going over the names of all. Another database writes its own here.

/// Most placeholders of one statement: 64 rows of the widest table.
const MOST: usize = 1024;

/// `?, ?, …`, `count` of them.
pub fn placeholders(count: usize) -> String {
    vec!["?"; count].join(", ")
}

/// `(?, ?), (?, ?), …`: `rows` groups of `columns`.
pub fn placeholder_rows(rows: usize, columns: usize) -> String {
    vec![format!("({})", placeholders(columns)); rows].join(", ")
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
    use super::{parts, placeholder_rows, placeholders};

    #[test]
    fn every_value_gets_a_place_of_its_own() {
        assert_eq!(placeholders(3), "?, ?, ?");
        assert_eq!(placeholder_rows(2, 2), "(?, ?), (?, ?)");
    }

    #[test]
    fn parts_hold_all_in_order_and_have_few_lengths() {
        let all: Vec<usize> = (0..77).collect();
        for (columns, expected) in
            [(1, &[64, 8, 4, 1][..]), (40, &[16, 16, 16, 16, 8, 4, 1]), (2_000, &[1; 77])]
        {
            let parts = parts(&all, columns);
            let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
            assert_eq!(lengths, expected);
            assert_eq!(parts.concat(), all);
        }
    }
}
