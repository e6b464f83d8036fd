//! The server's ledger and its tills over random operations, held against those in memory.

#[path = "../examples/model/cast.rs"]
mod cast;
#[path = "../examples/model/run.rs"]
mod run;
#[path = "../examples/model/till_oracle.rs"]
mod till_oracle;
#[path = "../examples/model/tills.rs"]
mod tills;

#[tokio::test]
async fn l1_to_l13_l17_the_servers_ledger_and_tills_never_differ_from_those_in_memory() {
    let folder = tempfile::TempDir::new().unwrap();
    let report = run::run(folder.path(), 20_000, 20_261_127).await.unwrap();
    assert_eq!((report.differences, report.chain_breaks), (0, 0), "{report:?}");
    assert!(report.sums.len() == 2 && report.sums.values().all(|sum| *sum == 0), "{report:?}");
    // Else the operations would hardly meet each other.
    assert!(report.done > report.operations / 3, "{report:?}");
    assert!(report.settlements > 0 && report.refunds > 0 && report.closings > 0, "{report:?}");
    assert!(report.typed > 0 && report.unlocked > 0, "{report:?}");
}
