//! Words about claims: `amex, jcb unknown; visa contactless not refused`.

use serde_json::Value;

use super::judgement::both;

const CHANNELS: [&str; 3] = ["contactless", "scan", "code"];

/// Whether `clause` holds of every store; `None` when it is not about claims.
pub fn hold(clause: &str, stores: &[Value]) -> Option<bool> {
    let clause = clause.split('(').next().unwrap_or(clause).trim();
    let (subjects, said) = [" not refused", " not accepted", " accepted", " refused", " unknown"]
        .iter()
        .find_map(|end| Some((clause.strip_suffix(end)?, end.trim())))?;
    let subjects: Vec<&str> = subjects
        .split([',', ' '])
        .filter(|word| !word.is_empty() && !["and", "is", "are", "stay", "stays"].contains(word))
        .collect();
    let (channels, schemes): (Vec<&str>, Vec<&str>) =
        subjects.into_iter().partition(|word| CHANNELS.contains(word));
    let plain =
        |word: &&str| word.chars().all(|c| c.is_ascii_lowercase() || "_0123456789".contains(c));
    if schemes.is_empty() || !schemes.iter().all(plain) {
        return None;
    }
    let mut right = Some(!stores.is_empty());
    for store in stores {
        for scheme in &schemes {
            right = both(right, Some(is(store, scheme, &channels, said)));
        }
    }
    right
}

/// Every statement of a store on a scheme, on the channels named or on any.
fn statements<'a>(
    store: &'a Value,
    scheme: &'a str,
    channels: &'a [&str],
) -> impl Iterator<Item = &'a str> {
    let claims = store["accepted"].as_array().into_iter().flatten();
    claims
        .filter(move |claim| claim["scheme"] == scheme)
        .filter(|claim| {
            channels.is_empty() || channels.iter().any(|channel| claim["channel"] == *channel)
        })
        .filter_map(|claim| claim["acceptance"].as_str())
        .filter(|said| *said != "unknown")
}

fn is(store: &Value, scheme: &str, channels: &[&str], said: &str) -> bool {
    let mut statements = statements(store, scheme, channels).peekable();
    match said {
        "unknown" => statements.peek().is_none(),
        "not refused" => statements.all(|said| said != "refused"),
        "not accepted" => statements.all(|said| said != "accepted"),
        // A word about one channel may stand beside it, but nothing against it.
        said => statements.peek().is_some() && statements.all(|one| one == said),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::hold;

    #[test]
    fn words_about_schemes_and_channels_are_held_against_the_claims() {
        let claim = |scheme: &str, channel: &str, acceptance: &str| json!({"scheme": scheme, "channel": channel, "acceptance": acceptance});
        let stores = [json!({"accepted": [
            claim("visa", "contactless", "accepted"), claim("paypay", "scan", "refused"),
        ]})];
        for (clause, right) in [
            ("visa accepted", Some(true)),
            ("paypay and visa refused", Some(false)),
            ("amex, jcb unknown", Some(true)),
            ("visa contactless not refused (unknown or accepted)", Some(true)),
            ("paypay contactless unknown", Some(true)),
            ("paypay scan unknown", Some(false)),
            ("Told at the end", None),
            ("2 stores", None),
        ] {
            assert_eq!(hold(clause, &stores), right, "{clause}");
        }
    }
}
