//! The server's ledger over random operations, held against the one in memory.

#[path = "../examples/model/cast.rs"]
mod cast;
#[path = "../examples/model/run.rs"]
mod run;

#[tokio::test]
async fn l1_to_l12_the_servers_ledger_never_differs_from_the_one_in_memory() {
    let folder = tempfile::TempDir::new().unwrap();
    let told = run::run(folder.path(), 20_000, 20_261_127).await.unwrap();
    assert_eq!((told.differences, told.chain_breaks), (0, 0), "{told:?}");
    assert!(told.sums.len() == 2 && told.sums.values().all(|sum| *sum == 0), "{told:?}");
    // Else the operations would hardly meet each other.
    assert!(told.done > told.operations / 3, "{told:?}");
}
