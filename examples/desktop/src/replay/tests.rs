//! What a replay must hold to: the switches, the list, and malformed input.

use std::path::PathBuf;

use super::{Args, PlatformArg, PolicyArg, run};

/// Two stores 40 m apart on one meridian.
const WORLD: &str = r#"{"t":"meta"}
{"t":"store","id":"south","lat":41.9,"lon":12.5,"level":null,"bldg":null}
{"t":"store","id":"north","lat":41.90036,"lon":12.5,"level":"-1","bldg":"b1"}
{"t":"bldg","id":"b1","ring":[[12.5,41.9003],[12.5001,41.9003],[12.5001,41.9004]]}
"#;

const ANCHORS: &str = r#"{"store":"south","beacon":{"major":1,"minor":1},"bssid":null}
{"store":"north","beacon":null,"bssid":"020000000002"}
"#;

const BEACON: &str =
    r#""k":"ble","uuid":"5af1e0de-0000-4000-8000-77616c6c6574","major":1,"minor":1,"tx":-59"#;

struct Folder {
    folder: tempfile::TempDir,
    args: Args,
}

impl Folder {
    fn new(events: &[&[u8]]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, bytes: &[u8]| {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            path
        };
        let names = (0..events.len()).map(|index| format!("{index}.events.jsonl"));
        let args = Args {
            form: crate::lines::AsJson::default(),
            world: Some(write("world.jsonl", WORLD.as_bytes())),
            anchors: Some(write("anchors.jsonl", ANCHORS.as_bytes())),
            policy: PolicyArg::Screen,
            platform: PlatformArg::Ios,
            out: Some(folder.path().join("claims")),
            events: names.zip(events).map(|(name, bytes)| write(&name, bytes)).collect(),
        };
        Self { folder, args }
    }

    fn claims(&self, index: usize) -> Vec<serde_json::Value> {
        let path = self.folder.path().join(format!("claims/{index}.claims.jsonl"));
        let text = std::fs::read_to_string(path).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The lists with their times.
    fn lists(&self, index: usize) -> Vec<(f64, Vec<String>)> {
        let claims = self.claims(index);
        let lists = claims.iter().filter_map(|claim| {
            let names = claim["list"].as_array()?.iter();
            let names = names.map(|name| name.as_str().unwrap().to_owned()).collect();
            Some((claim["t"].as_f64()?, names))
        });
        lists.collect()
    }
}

fn fix(src: &str, t: f64, lat: f64) -> String {
    format!(
        r#"{{"k":"loc","src":"{src}","t":{t},"ft":{t},"lat":{lat},"lon":12.5,"acc":8.0,"mock":false}}"#
    )
}

const OPEN: &str = r#"{"k":"ui","t":20.0,"what":"settlement_open"}"#;

#[tokio::test]
async fn the_receiver_is_not_heard_before_it_is_on_and_has_a_first_fix() {
    let events = [
        fix("gnss", 5.0, 41.9),
        format!(r#"{{{BEACON},"t":15.0,"rssi":-60}}"#),
        OPEN.into(),
        fix("gnss", 22.0, 41.9),
        fix("gnss", 23.0, 41.90036),
    ];
    let folder = Folder::new(&[events.join("\n").as_bytes()]);
    run(&folder.args).await.unwrap();
    let lists = folder.lists(0);
    assert_eq!(lists[0], (20.0, vec![]));
    assert_eq!(lists[1], (23.0, vec!["north".to_owned(), "south".to_owned()]));
    let on: Vec<_> = folder.claims(0).iter().filter_map(|claim| claim["gnss"].as_bool()).collect();
    assert_eq!(on, [true], "the scenario ends before the burst does");
}

#[tokio::test]
async fn beacons_are_heard_from_the_opening_and_all_the_time_when_asked() {
    let advert = |t: i32| format!(r#"{{{BEACON},"t":{t}.5,"rssi":-60}}"#);
    let mut events = vec![fix("net", 1.0, 41.9), r#"{"k":"act","t":1.0,"state":"still"}"#.into()];
    events.extend((2..40).map(advert));
    let mut folder = Folder::new(&[events.join("\n").as_bytes()]);
    run(&folder.args).await.unwrap();
    assert!(folder.claims(0).is_empty(), "nothing listens while the screen is closed");
    folder.args.policy = PolicyArg::Always;
    run(&folder.args).await.unwrap();
    assert!(folder.claims(0).iter().any(|claim| claim["store"] == "south"));
}

#[tokio::test]
async fn access_points_are_heard_on_android_only() {
    let scan = r#"{"k":"wifi","t":21.0,"aps":[["020000000002",-45]]}"#;
    let events = [fix("net", 19.0, 41.9001), OPEN.into(), scan.into()];
    let mut folder = Folder::new(&[events.join("\n").as_bytes()]);
    let first = |folder: &Folder| folder.lists(0).last().unwrap().1[0].clone();
    run(&folder.args).await.unwrap();
    assert_eq!(first(&folder), "south");
    folder.args.platform = PlatformArg::Android;
    run(&folder.args).await.unwrap();
    assert_eq!(first(&folder), "north");
}

#[tokio::test]
async fn the_list_is_written_at_the_opening_and_for_ten_seconds() {
    let events =
        [OPEN.into(), fix("net", 24.0, 41.9), fix("net", 25.0, 41.9), fix("net", 31.0, 41.90036)];
    let folder = Folder::new(&[events.join("\n").as_bytes()]);
    run(&folder.args).await.unwrap();
    let times: Vec<f64> = folder.lists(0).iter().map(|(t, _)| *t).collect();
    assert_eq!(times, [20.0, 24.0]);
}

#[tokio::test]
async fn a_line_that_cannot_be_read_costs_only_itself() {
    let mut bad = [OPEN, "{", "null", r#"{"k":"act","t":1e18,"state":"still"}"#, "\n"].join("\n");
    bad.push_str(&fix("net", 21.0, 41.9));
    let mut bad = bad.into_bytes();
    bad.extend(b"\n\xff\xfe\n{\"k\":\"ble\",\"t\":-5}\n");
    let good = [OPEN.to_owned(), fix("net", 21.0, 41.90036)].join("\n");
    let mut folder = Folder::new(&[&bad, good.as_bytes()]);
    folder.args.events.insert(1, PathBuf::from("/nowhere/2.events.jsonl"));
    let problem = run(&folder.args).await.unwrap_err().to_string();
    assert_eq!(problem, "6 lines or files could not be read and were left out");
    assert_eq!(folder.lists(0).last().unwrap().1, ["south", "north"]);
    assert_eq!(folder.lists(1).last().unwrap().1, ["north", "south"]);
}

#[tokio::test]
async fn nonsense_among_the_anchors_costs_only_itself() {
    let events = [fix("net", 19.0, 41.9), OPEN.into()].join("\n");
    let folder = Folder::new(&[events.as_bytes()]);
    let nonsense = [
        "]",
        r#"{"store":"nobody","beacon":null,"bssid":null}"#,
        r#"{"store":"south","beacon":{"major":70000,"minor":1},"bssid":null}"#,
        r#"{"store":"south","beacon":null,"bssid":"not an address"}"#,
        r#"{"store":"south","beacon":{"major":1,"minor":1},"bssid":null}"#,
        r#"{"store":"north","beacon":{"major":1,"minor":1},"bssid":null}"#,
    ];
    std::fs::write(folder.args.anchors.as_ref().unwrap(), nonsense.join("\n")).unwrap();
    let problem = run(&folder.args).await.unwrap_err().to_string();
    assert_eq!(problem, "4 lines or files could not be read and were left out");
    assert_eq!(folder.lists(0).last().unwrap().1, ["south", "north"]);
}

#[tokio::test]
async fn a_world_without_a_store_is_refused() {
    let folder = Folder::new(&[OPEN.as_bytes()]);
    std::fs::write(folder.args.world.as_ref().unwrap(), "{\"t\":\"meta\"}\n").unwrap();
    assert!(run(&folder.args).await.unwrap_err().to_string().ends_with("holds no store"));
}
