//! Money taken from a member's account or card and given back to it, pursued until the operator has
//! said what it did.

use domain::{
    Money, Timestamp,
    wire::{Confirmation, Decline, Grant, Instruction},
};
use uuid::Uuid;

use super::http::MemberMethods;
use crate::{
    operators::{Answer, Debit, Operator, is_of},
    wallets::NotKnown,
};

impl MemberMethods {
    /// When the operator took the money, or why it did not. One that is `new` was never instructed, so
    /// that it need not be looked up first.
    ///
    /// # Errors
    /// [`NotKnown`] when the operator cannot be asked or makes no sense.
    pub async fn take(
        &self,
        debit: &Debit,
        member_id: &str,
        new: bool,
    ) -> Result<Result<Timestamp, Decline>, NotKnown> {
        let grant = self.grant_of(member_id, debit).await?;
        match self.authorise(debit, &grant, new).await? {
            Ok(()) => self.capture(debit, new).await,
            Err(decline) => Ok(Err(decline)),
        }
    }

    /// Has the operator reserve the money, or says why it did not. `new`: as for [`Self::take`].
    ///
    /// # Errors
    /// As for [`Self::take`].
    pub async fn authorise(
        &self,
        debit: &Debit,
        grant: &Grant,
        new: bool,
    ) -> Result<Result<(), Decline>, NotKnown> {
        let operator = self.operator(debit)?;
        let authorised = confirmed(operator, &debit.authorise(), Some(grant), new).await?;
        Ok(authorised.declined.map_or(Ok(()), Err))
    }

    /// When the operator took what it has reserved, or why it did not. `new`: as for [`Self::take`].
    ///
    /// # Errors
    /// As for [`Self::take`].
    pub async fn capture(
        &self,
        debit: &Debit,
        new: bool,
    ) -> Result<Result<Timestamp, Decline>, NotKnown> {
        let operator = self.operator(debit)?;
        let captured = confirmed(operator, &debit.capture(), None, new).await?;
        let Some(decline) = captured.declined else { return Ok(Ok(captured.at)) };
        // What stays reserved at the operator could not be spent.
        confirmed(operator, &debit.void(), None, new).await?;
        Ok(Err(decline))
    }

    /// Makes sure that nothing can be taken any more, unless it was: then when.
    ///
    /// # Errors
    /// As for [`Self::take`].
    pub async fn give_up(&self, debit: &Debit) -> Result<Option<Timestamp>, NotKnown> {
        let operator = self.operator(debit)?;
        let captured = looked_up(operator, &debit.capture()).await?;
        if let Some(captured) = captured.filter(|captured| captured.declined.is_none()) {
            return Ok(Some(captured.at));
        }
        let voided = confirmed(operator, &debit.void(), None, false).await?;
        match voided.declined {
            None | Some(Decline::NotAuthorised) => Ok(None),
            // It was captured in between.
            Some(_) => Err(NotKnown::Yet),
        }
    }

    /// When the operator gave `amount` of what was taken back, or why it did not.
    ///
    /// # Errors
    /// As for [`Self::take`].
    pub async fn give_back(
        &self,
        debit: &Debit,
        refund: Uuid,
        amount: Money,
    ) -> Result<Result<Timestamp, Decline>, NotKnown> {
        let refund = debit.refund(refund, amount);
        let refunded = confirmed(self.operator(debit)?, &refund, None, false).await?;
        Ok(refunded.declined.map_or(Ok(refunded.at), Err))
    }

    /// Whom a debit is taken from.
    fn operator(&self, debit: &Debit) -> Result<&Operator, NotKnown> {
        let name = debit.operator.as_str();
        self.operators.get(name).ok_or_else(|| {
            tracing::error!(operator = name, "money waits for an operator that is unknown");
            NotKnown::Yet
        })
    }
}

/// What became of `instruction`: looked up where it may have been sent before, then sent.
async fn confirmed(
    operator: &Operator,
    instruction: &Instruction,
    grant: Option<&Grant>,
    new: bool,
) -> Result<Confirmation, NotKnown> {
    if !new && let Some(confirmation) = looked_up(operator, instruction).await? {
        return Ok(confirmation);
    }
    match operator.instruct(instruction, grant).await {
        Answer::Known(confirmation) => checked(confirmation, instruction),
        Answer::Gone | Answer::Down => Err(NotKnown::Yet),
    }
}

/// What became of `instruction`, if it came.
async fn looked_up(
    operator: &Operator,
    instruction: &Instruction,
) -> Result<Option<Confirmation>, NotKnown> {
    match operator.look_up(instruction.id).await {
        Answer::Known(confirmation) => checked(confirmation, instruction).map(Some),
        Answer::Gone => Ok(None),
        Answer::Down => Err(NotKnown::Yet),
    }
}

fn checked(
    confirmation: Confirmation,
    instruction: &Instruction,
) -> Result<Confirmation, NotKnown> {
    if is_of(&confirmation, instruction) {
        return Ok(confirmation);
    }
    tracing::error!("the operator confirmed something else than it was instructed");
    Err(NotKnown::Yet)
}
