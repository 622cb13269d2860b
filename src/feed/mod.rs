//! Bytes to items: decode, repair, parse, salvage. Pure.
