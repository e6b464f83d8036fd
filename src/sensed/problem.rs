//! What is wrong with something sensed, as an app is told.

use super::{FixProblem, ReportProblem, camera::PlaneProblem};
use crate::error::SignalProblem;

impl From<FixProblem> for SignalProblem {
    fn from(problem: FixProblem) -> Self {
        match problem {
            FixProblem::NotANumber => Self::FixNotANumber,
            FixProblem::OutOfRange => Self::FixOutOfRange,
            FixProblem::FromFuture => Self::FixFromFuture,
            FixProblem::TooOld => Self::FixTooOld,
            FixProblem::Mocked => Self::FixMocked,
            FixProblem::BadAccuracy => Self::FixTooCoarse,
        }
    }
}

impl From<ReportProblem> for SignalProblem {
    fn from(problem: ReportProblem) -> Self {
        match problem {
            ReportProblem::Malformed => Self::FrameMalformed,
            ReportProblem::Foreign => Self::FrameForeign,
        }
    }
}

impl From<PlaneProblem> for SignalProblem {
    fn from(problem: PlaneProblem) -> Self {
        match problem {
            PlaneProblem::Empty | PlaneProblem::TooSmall => Self::PlaneTooSmall,
            PlaneProblem::TooLarge => Self::PlaneTooLarge,
            PlaneProblem::Aspect | PlaneProblem::BadStride | PlaneProblem::WrongLength => {
                Self::PlaneMalformed
            }
        }
    }
}
