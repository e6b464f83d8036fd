//! A register of its own for each test, and files to import into it.

use std::{fs, path::PathBuf};

use domain::{Currency, Store};
use tempfile::TempDir;
use wallet_server::{
    Database, open_database,
    register::{Import, Summary, all, import},
};

use crate::world::NOW;

pub struct Register {
    pub folder: TempDir,
    pub database: Database,
}

impl Register {
    pub async fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let database = open_database(&folder.path().join("data")).await.unwrap();
        Self { folder, database }
    }

    pub fn file(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, content).unwrap();
        path
    }

    pub async fn import(&self, order: Import) -> Summary {
        import(&self.database, &order, |_| ()).await.unwrap()
    }

    /// An OpenStreetMap extract.
    pub async fn extract(&self, bytes: &[u8]) -> Summary {
        self.import(Import::of(self.file("world.osm.pbf", bytes), NOW)).await
    }

    /// A list of another source, with JPY where nothing tells the country.
    pub async fn list(&self, name: &str, content: &[u8], columns: &str) -> Summary {
        self.import(Import {
            licence: Some("CC-BY-4.0".to_owned()),
            attribution: Some("A List, Inc.".to_owned()),
            currency: Currency::JPY,
            columns: columns.parse().unwrap_or_default(),
            ..Import::of(self.file(name, content), NOW)
        })
        .await
    }

    pub async fn stores(&self) -> Vec<Store> {
        all(&self.database).await.unwrap()
    }

    pub async fn store(&self, name: &str) -> Store {
        self.stores().await.into_iter().find(|store| store.name == name).unwrap()
    }
}

pub fn faults(summary: &Summary) -> Vec<String> {
    summary.faults.iter().map(ToString::to_string).collect()
}
