//! What the plan must hold to.

mod city;
mod limits;
mod situations;
