//! Claims to status, shares and economics. Pure.
