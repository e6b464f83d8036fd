//! Every path and every command that the documents name is real.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn documents() -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = Vec::new();
    let mut folders = vec![root().to_owned()];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir()
                && !["target", ".git", ".build", "node_modules"].contains(&name.as_str())
            {
                folders.push(path);
            } else if name.ends_with(".md") && name != "SOURCE.md" {
                found.push(path);
            }
        }
    }
    assert!(found.len() >= 5, "the documents were not found");
    found
}

/// What stands between single back-quotes outside fenced blocks, and the lines of `sh` blocks.
fn quoted(text: &str) -> (Vec<String>, Vec<String>) {
    let (mut inline, mut commands) = (Vec::new(), Vec::new());
    let mut fence: Option<&str> = None;
    for line in text.lines() {
        if let Some(info) = line.trim_start().strip_prefix("```") {
            fence = if fence.is_some() { None } else { Some(info.trim()) };
            continue;
        }
        match fence {
            Some("sh") => commands.push(line.trim().to_owned()),
            Some(_) => {}
            None => inline.extend(line.split('`').skip(1).step_by(2).map(str::to_owned)),
        }
    }
    (inline, commands)
}

/// Quoted words that are meant as paths: they begin with a folder or file of the root.
fn is_path(quoted: &str, tops: &BTreeSet<String>) -> bool {
    let first = quoted.split('/').next().unwrap_or("");
    let plain = quoted.chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c));
    plain && tops.contains(first) && (quoted.contains('/') || quoted.contains('.'))
}

#[test]
fn every_path_in_the_documents_exists() {
    let tops: BTreeSet<String> = fs::read_dir(root())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| name != "target" && name != ".git")
        .collect();
    let mut checked = 0;
    for document in documents() {
        let text = fs::read_to_string(&document).unwrap();
        for path in quoted(&text).0.iter().filter(|word| is_path(word, &tops)) {
            checked += 1;
            let beside = document.parent().unwrap().join(path);
            let exists = root().join(path).exists() || beside.exists();
            assert!(exists, "{}: no {path}", document.display());
        }
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if !link.contains("://") && !link.starts_with('#') {
                checked += 1;
                let target = document.parent().unwrap().join(link.split('#').next().unwrap());
                assert!(target.exists(), "{}: no {link}", document.display());
            }
        }
    }
    assert!(checked > 20, "only {checked} paths were recognised");
}

/// Packages, verbs of xtask and benches, as the manifests and the program say.
fn known() -> (BTreeSet<String>, BTreeSet<String>, String) {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let members = manifest.split("members = [").nth(1).unwrap().split(']').next().unwrap();
    let mut packages = BTreeSet::from(["tillsight".to_owned()]);
    for folder in members.split('"').skip(1).step_by(2) {
        let member = fs::read_to_string(root().join(folder).join("Cargo.toml")).unwrap();
        let name = member.split("name = \"").nth(1).unwrap().split('"').next().unwrap();
        packages.insert(name.to_owned());
    }
    (packages, verbs(), manifest)
}

/// The verbs of xtask, as clap names them, and its own.
fn verbs() -> BTreeSet<String> {
    let verbs = fs::read_to_string(root().join("xtask/src/verbs.rs")).unwrap();
    let verbs = verbs.split("pub enum Verb {\n").nth(1).unwrap().split("\n}").next().unwrap();
    let variants = verbs.lines().filter_map(|line| line.strip_prefix("    "));
    let variants = variants.filter(|line| line.starts_with(char::is_uppercase));
    let name =
        |line: &str| line.split(|c: char| !c.is_alphanumeric()).next().map(str::to_lowercase);
    variants.filter_map(name).chain(["help".to_owned()]).collect()
}

#[test]
fn every_cargo_command_in_the_documents_is_one_that_runs() {
    let (packages, xtask, manifest) = known();
    let mut checked = 0;
    for document in documents() {
        let text = fs::read_to_string(&document).unwrap();
        let (inline, blocks) = quoted(&text);
        for command in inline.iter().chain(&blocks).filter(|word| word.starts_with("cargo ")) {
            checked += 1;
            let words: Vec<&str> = command.split_whitespace().collect();
            let quoted = format!("{}: {command}", document.display());
            if let Some(at) = words.iter().position(|word| *word == "-p") {
                assert!(
                    packages.contains(*words.get(at + 1).expect(&quoted)),
                    "{quoted}: no package"
                );
            }
            match words.get(1) {
                Some(&"xtask") => {
                    let verb = *words.get(2).expect(&quoted);
                    assert!(xtask.contains(verb), "{quoted}: xtask has no such verb");
                }
                Some(&"bench") if words.contains(&"--bench") => {
                    let at = words.iter().position(|word| *word == "--bench").expect(&quoted);
                    let bench = format!("name = \"{}\"", words.get(at + 1).expect(&quoted));
                    let elsewhere = words.contains(&"-p");
                    assert!(elsewhere || manifest.contains(&bench), "{quoted}: no such bench");
                }
                Some(
                    &("bench" | "run" | "test" | "deny" | "fmt" | "clippy" | "check" | "build"
                    | "doc" | "fuzz" | "install" | "+nightly"),
                ) => {}
                other => panic!("{quoted}: {other:?} is not known to this test"),
            }
        }
    }
    assert!(checked >= 5, "only {checked} commands were recognised");
}

#[test]
fn ci_runs_exactly_the_command_the_readme_names() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let ci = fs::read_to_string(root().join(".ci/run")).unwrap();
    let last = ci.lines().last().unwrap().trim_start_matches("exec ");
    assert_eq!(last, "cargo xtask test");
    assert!(readme.contains(&format!("\n{last}\n")));
}

#[test]
fn the_harness_document_names_every_key_of_the_screen() {
    let document = fs::read_to_string(root().join("docs/harness.md")).unwrap();
    let model = fs::read_to_string(root().join("src/screen/model.rs")).unwrap();
    let fields = model.lines().filter_map(|line| {
        let line = line.trim();
        line.strip_prefix("pub ")?.split_once(": ").map(|(name, _)| name)
    });
    for field in fields {
        assert!(document.contains(&format!("`{field}`")), "docs/harness.md does not name {field}");
    }
}
