//! HTTP: limits, validators, the address guard. Every attempt ends in an outcome.
