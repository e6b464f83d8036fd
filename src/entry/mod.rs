//! Step 2: which store is this. Comes in: checked signals and the stores nearby. Goes out: a
//! judgement over the candidates. Must not know: methods, screens, where the stores are kept.
