//! What has to be known before a group of requests can be decided: the transfers that they name, what was
//! refused, and where the chains of their accounts end.

use std::collections::{BTreeSet, HashMap, HashSet};

use ledger::{Account, Books, Request, Transfer, TransferId};
use server_kit::{Answers, Connection, DatabaseError, Script, Statement, parts, placeholders};

use super::{
    heads::Heads,
    rows::{ENTRY, HeadRow, RefusalRow, TRANSFER, TransferRow},
};

/// How to ask for it, and how many statements ask for each.
pub struct Question {
    script: Script,
    transfers: usize,
    refusals: usize,
    heads: usize,
    /// Accounts whose ends are remembered or asked for.
    accounts: HashSet<Account>,
}

/// What is known, and the rows' numbers of the accounts that are there.
pub struct Known {
    pub books: Books,
    pub accounts: HashMap<Account, i64>,
}

impl Question {
    /// What has to be known for `requests`, where `heads` are remembered.
    pub fn of(heads: &Heads, requests: &[Request]) -> Self {
        let own = texts(requests.iter().map(|request| request.id));
        let named = texts(requests.iter().filter_map(Request::names));
        let mut accounts: HashSet<Account> = HashSet::new();
        for (debit, credit) in requests.iter().filter_map(Request::accounts) {
            accounts.extend([debit.clone(), credit.clone()]);
        }
        let mut ids = own.clone();
        ids.extend(named.iter().cloned());
        let by_id =
            |list| format!("SELECT {TRANSFER} FROM ledger_transfer t WHERE t.id IN ({list})");
        let by_of =
            |list| format!("SELECT {TRANSFER} FROM ledger_transfer t WHERE t.of_id IN ({list})");
        let refused =
            |list| format!("SELECT id, content, refusal FROM ledger_refusal WHERE id IN ({list})");
        let mut script = Script::default();
        let transfers = select(&mut script, &ids, by_id) + select(&mut script, &named, by_of);
        let refusals = select(&mut script, &own, refused);
        let unknown = accounts.iter().filter(|account| heads.of(account).is_none());
        let heads = select(&mut script, &unknown.map(Account::to_string).collect(), last_entries);
        Self { script, transfers, refusals, heads, accounts }
    }

    /// The statements that ask.
    pub fn script(&self) -> &Script {
        &self.script
    }

    /// What the statements came to. The accounts of transfers that were named only by their ids are asked
    /// for on `connection`, unless they are remembered.
    pub async fn answered(
        &self,
        connection: &mut Connection,
        heads: &Heads,
        mut answers: Answers,
    ) -> Result<Known, DatabaseError> {
        let mut known = Known { books: Books::default(), accounts: HashMap::new() };
        let mut also = HashSet::new();
        for _ in 0..self.transfers {
            for row in answers.rows::<TransferRow>()? {
                let transfer = Transfer::try_from(row)?;
                also.extend([transfer.debit.clone(), transfer.credit.clone()]);
                known.books.know_transfer(transfer);
            }
        }
        for _ in 0..self.refusals {
            for row in answers.rows::<RefusalRow>()? {
                let (id, content, refusal) = row.read()?;
                known.books.know_refusal(id, content, refusal);
            }
        }
        known.heads_of(&mut answers, self.heads)?;
        also.retain(|account| !self.accounts.contains(account));
        let mut unknown = BTreeSet::new();
        for account in self.accounts.iter().chain(&also) {
            match heads.of(account) {
                Some((number, head)) => {
                    known.accounts.insert(account.clone(), number);
                    known.books.know_head(account.clone(), head);
                }
                None if also.contains(account) => drop(unknown.insert(account.to_string())),
                None => {}
            }
        }
        let mut script = Script::default();
        let count = select(&mut script, &unknown, last_entries);
        if count > 0 {
            known.heads_of(&mut script.run(connection).await?, count)?;
        }
        Ok(known)
    }
}

impl Known {
    /// Where chains end, as the next `count` statements found it.
    fn heads_of(&mut self, answers: &mut Answers, count: usize) -> Result<(), DatabaseError> {
        for _ in 0..count {
            for row in answers.rows::<HeadRow>()? {
                let (account, number, head) = row.read()?;
                self.accounts.insert(account.clone(), number);
                self.books.know_head(account, head);
            }
        }
        Ok(())
    }
}

/// The last entry of each account. `MAX` alone reads one place of the key, a group would read all.
fn last_entries(list: String) -> String {
    format!(
        "SELECT a.id AS account_id, {ENTRY}
         FROM ledger_account a JOIN ledger_entry e ON e.account = a.id
            AND e.number = (SELECT MAX(number) FROM ledger_entry WHERE account = a.id)
         WHERE a.name IN ({list})"
    )
}

fn texts(ids: impl Iterator<Item = TransferId>) -> BTreeSet<String> {
    ids.map(|id| id.to_string()).collect()
}

/// Has `script` ask for the rows of `statement`, which gets the placeholders for `values`; by how many
/// statements.
fn select(
    script: &mut Script,
    values: &BTreeSet<String>,
    statement: impl Fn(String) -> String,
) -> usize {
    let values: Vec<&String> = values.iter().collect();
    let parts = parts(&values, 1);
    for part in &parts {
        let asked = Statement::new(statement(placeholders(part.len())));
        script.add(part.iter().fold(asked, |asked, value| asked.bind(*value)));
    }
    parts.len()
}
