//! Items to claims, with the reason for each. Pure.
