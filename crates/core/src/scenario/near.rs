//! "Did you mean ...?"

/// The names that a mistyped `wanted` may stand for, best first, at most three.
///
/// Near is an edit distance (Damerau 1964, without regard to case, spaces, `-` and `_`) of at most
/// a third of the longer name, or one name inside the other.
pub fn near_names<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let wanted = plain(wanted);
    let mut near: Vec<(usize, &str)> = names
        .into_iter()
        .filter_map(|name| {
            let plain_name = plain(name);
            let longer = wanted.len().max(plain_name.len());
            let distance = distance(&wanted, &plain_name);
            let is_inside = wanted.len() >= 3 && contains(&plain_name, &wanted)
                || plain_name.len() >= 3 && contains(&wanted, &plain_name);
            (distance * 3 <= longer || is_inside).then_some((distance, name))
        })
        .collect();
    near.sort();
    near.into_iter().take(3).map(|(_, name)| name).collect()
}

/// "there is no such function: did you mean tanh?", or, where no name is near, all of them.
pub fn unknown_name<'a>(
    what: &str,
    wanted: &str,
    names: impl IntoIterator<Item = &'a str> + Clone,
) -> String {
    match &near_names(wanted, names.clone())[..] {
        [] => {
            let names: Vec<&str> = names.into_iter().collect();
            format!("there is no such {what}: choose {}", names.join(", "))
        }
        near => format!(
            "there is no such {what}: did you mean {}?",
            near.join(" or ")
        ),
    }
}

/// At most 64 letters: longer names are not names.
fn plain(name: &str) -> Vec<char> {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|c| c.to_ascii_lowercase()).take(64).collect()
}

fn contains(name: &[char], part: &[char]) -> bool {
    name.windows(part.len()).any(|window| window == part)
}

/// Letters to insert, delete, replace or swap with their neighbour.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before = vec![0; b.len() + 1];
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut next = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let substituted = row[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            next[j] = substituted.min(row[j] + 1).min(next[j - 1] + 1);
            let is_swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if is_swapped {
                next[j] = next[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut row, next);
    }
    row[b.len()]
}
