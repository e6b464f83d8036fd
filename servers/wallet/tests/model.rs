//! The server's ledger over random operations, held against the one in memory.

#[path = "../examples/model/cast.rs"]
mod cast;
#[path = "../examples/model/run.rs"]
mod run;

#[tokio::test]
async fn l1_to_l12_the_servers_ledger_never_differs_from_the_one_in_memory() {
    let folder = tempfile::TempDir::new().unwrap();
    let report = run::run(folder.path(), 20_000, 20_261_127).await.unwrap();
    assert_eq!((report.differences, report.chain_breaks), (0, 0), "{report:?}");
    assert!(report.sums.len() == 2 && report.sums.values().all(|sum| *sum == 0), "{report:?}");
    // Else the operations would hardly meet each other.
    assert!(report.done > report.operations / 3, "{report:?}");
}
