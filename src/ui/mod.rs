//! View only: state to cells.
