//! Statements that go to the database together. A connection to SQLite is a thread of its own: to hand
//! it a statement and to be woken by its answer takes longer than most statements do.

use std::{borrow::Cow, collections::VecDeque};

use futures_util::TryStreamExt;
use sqlx::{
    Any, Arguments, AssertSqlSafe, Either, Executor, FromRow,
    any::{AnyArguments, AnyRow},
    query_with,
};

use super::error::DatabaseError;

/// A connection inside a transaction.
pub type Connection = sqlx::AnyConnection;

/// Most values of statements that are sent as one text. Longer lists come in many lengths, each of which
/// would be a text to prepare of its own: they are sent one by one.
const MOST_TOGETHER: usize = 64;

/// Statements of which none needs the answer of another, in their order.
#[derive(Clone, Default)]
pub struct Script {
    statements: Vec<Statement>,
}

/// One of them, with the values of its placeholders: `$1`, `$2` … or `?`.
#[derive(Clone)]
pub struct Statement {
    text: Cow<'static, str>,
    values: Vec<Value>,
}

/// What a placeholder stands for.
#[derive(Clone)]
pub enum Value {
    /// An integer, or none.
    Integer(Option<i64>),
    /// A text, or none.
    Text(Option<String>),
    /// Bytes, or none.
    Bytes(Option<Vec<u8>>),
}

impl Script {
    /// Adds `statement` behind those that are there.
    pub fn add(&mut self, statement: Statement) {
        self.statements.push(statement);
    }

    /// Adds all of `other` behind its own.
    pub fn extend(&mut self, other: Self) {
        self.statements.extend(other.statements);
    }

    /// Does all of it on `connection`, in its transaction if it is in one. Where one fails, those behind it
    /// are not done.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn run(self, connection: &mut Connection) -> Result<Answers, DatabaseError> {
        let values: usize = self.statements.iter().map(|one| one.values.len()).sum();
        if values > MOST_TOGETHER {
            let mut answers = Answers::default();
            for statement in self.statements {
                answers.0.append(&mut send(connection, vec![statement]).await?.0);
            }
            return Ok(answers);
        }
        send(connection, self.statements).await
    }
}

impl<const COUNT: usize> From<[Statement; COUNT]> for Script {
    fn from(statements: [Statement; COUNT]) -> Self {
        Self { statements: statements.into() }
    }
}

impl Statement {
    /// A statement, to which the values of its placeholders are bound next. Its text is the program's own.
    pub fn new(text: impl Into<Cow<'static, str>>) -> Self {
        Self { text: text.into(), values: Vec::new() }
    }

    /// The value of the next placeholder.
    #[must_use]
    pub fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }
}

macro_rules! value_from {
    ($($type:ty => $kind:ident),*) => { $(
        impl From<$type> for Value {
            fn from(value: $type) -> Self {
                Self::$kind(Some(value.into()))
            }
        }
        impl From<Option<$type>> for Value {
            fn from(value: Option<$type>) -> Self {
                Self::$kind(value.map(Into::into))
            }
        }
    )* };
}

value_from!(i64 => Integer, String => Text, &str => Text, &String => Text, Vec<u8> => Bytes);

/// What one statement came to.
#[derive(Default)]
struct Answer {
    rows: Vec<AnyRow>,
    changed: u64,
}

/// What the statements of a script came to, to be taken in their order.
#[derive(Default)]
pub struct Answers(VecDeque<Answer>);

impl Answers {
    fn next(&mut self) -> Result<Answer, DatabaseError> {
        self.0.pop_front().ok_or(DatabaseError::RowNotFound)
    }

    /// The last statement was none of the caller's.
    pub(super) fn forget_last(&mut self) {
        self.0.pop_back();
    }

    /// All rows of the next statement.
    ///
    /// # Errors
    /// When a row is not such a value.
    pub fn rows<T>(&mut self) -> Result<Vec<T>, DatabaseError>
    where
        T: for<'r> FromRow<'r, AnyRow>,
    {
        self.next()?.rows.iter().map(T::from_row).collect()
    }

    /// The first row of the next statement, if it has one.
    ///
    /// # Errors
    /// When the row is not such a value.
    pub fn row<T>(&mut self) -> Result<Option<T>, DatabaseError>
    where
        T: for<'r> FromRow<'r, AnyRow>,
    {
        self.next()?.rows.first().map(T::from_row).transpose()
    }

    /// How many rows the next statement changed.
    ///
    /// # Errors
    /// When there is no statement more.
    pub fn changed(&mut self) -> Result<u64, DatabaseError> {
        Ok(self.next()?.changed)
    }
}

/// Sends `statements` as one text. SQLite takes several statements at once; for a database that takes one
/// alone each is sent by itself here.
async fn send(
    connection: &mut Connection,
    statements: Vec<Statement>,
) -> Result<Answers, DatabaseError> {
    let count = statements.len();
    let (text, arguments) = joined(statements)?;
    let mut answers = VecDeque::with_capacity(count);
    let mut answer = Answer::default();
    let together = query_with::<Any, _>(AssertSqlSafe(text), arguments);
    let mut steps = connection.fetch_many(together);
    while let Some(step) = steps.try_next().await? {
        match step {
            Either::Right(row) => answer.rows.push(row),
            Either::Left(done) => {
                answer.changed = done.rows_affected();
                answers.push_back(std::mem::take(&mut answer));
            }
        }
    }
    if answers.len() != count {
        return Err(DatabaseError::Protocol("not every statement was answered".to_owned()));
    }
    Ok(Answers(answers))
}

/// One text of them all, whose placeholders are numbered through, and all values.
fn joined(statements: Vec<Statement>) -> Result<(String, AnyArguments), DatabaseError> {
    let length = statements.iter().map(|one| one.text.len() + 16).sum();
    let (mut text, mut arguments) = (String::with_capacity(length), AnyArguments::default());
    for Statement { text: own, values } in statements {
        // What comes first is numbered as it should be.
        if arguments.len() == 0 {
            text.push_str(&own);
        } else {
            number(&own, arguments.len(), &mut text);
        }
        text.push(';');
        for value in values {
            let added = match value {
                Value::Integer(value) => arguments.add(value),
                Value::Text(value) => arguments.add(value),
                Value::Bytes(value) => arguments.add(value),
            };
            added.map_err(DatabaseError::Encode)?;
        }
    }
    Ok((text, arguments))
}

/// Writes `own` behind `text`, with placeholders that come after those of `before` values. What is between
/// quotes stays as it is.
fn number(own: &str, before: usize, text: &mut String) {
    use std::fmt::Write as _;
    let (mut asked, mut rest) = (0, own);
    while let Some(at) = rest.find(['$', '?', '\'']) {
        let (plain, from) = rest.split_at(at);
        text.push_str(plain);
        let behind = &from[1..];
        rest = if from.starts_with('\'') {
            // A doubled quote inside ends one text and begins the next.
            let end = behind.find('\'').map_or(behind.len(), |end| end + 1);
            text.push('\'');
            text.push_str(&behind[..end]);
            &behind[end..]
        } else {
            let end = behind.find(|c: char| !c.is_ascii_digit()).unwrap_or(behind.len());
            asked += 1;
            let place: usize = behind[..end].parse().unwrap_or(asked);
            let _ = write!(text, "${}", before + place);
            &behind[end..]
        };
    }
    text.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_numbered_through_and_texts_stay_as_they_are() {
        let script = Script::from([
            Statement::new("UPDATE a SET b = $2, c = '$1?' WHERE d = $1").bind(1).bind("two"),
            Statement::new("INSERT INTO a VALUES (?, ?, 'it''s ?')").bind(3).bind(None::<String>),
            Statement::new("COMMIT"),
        ]);
        let (text, arguments) = joined(script.statements).unwrap();
        assert_eq!(
            text,
            "UPDATE a SET b = $2, c = '$1?' WHERE d = $1;\
             INSERT INTO a VALUES ($3, $4, 'it''s ?');COMMIT;"
        );
        assert_eq!(arguments.len(), 4);
    }
}
