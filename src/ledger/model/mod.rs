//! The Threshold-Odds Ledger: from claims about a leg to the odds that it has reached each rung of the
//! ladder. Integers throughout, so that every machine gets the same ones.
//!
//! ```text
//! L_k(t) = BASE_k + S+_k(t) - S-_k(t)      milli-nats that the leg has reached rung k
//! P_k    = 1 / (1 + exp(-L_k / 1000))      permille, by table
//! S      = min(CAP, G(all), G(hard) + SOFT_CAP)
//! G      = sum over informants, heaviest first, of 0.35^n times the informant's best claim
//! w      = tier x modality x decay by age x what newer opposite claims leave of it
//! ```
//!
//! [`evidence`] is what a claim looks like here, [`odds`] adds it up for a day, [`fold`] carries the
//! displayed rung through the days, [`status`] reads off what an investor sees, [`quantity`] does shares
//! and [`headline`] the word. It works on any deal and leg names and knows nothing of a catalog.

pub mod evidence;
pub mod explain;
pub mod fold;
pub mod headline;
pub mod odds;
pub mod quantity;
pub mod spans;
pub mod status;
pub(in crate::ledger) mod tables;

#[cfg(test)]
mod properties;
