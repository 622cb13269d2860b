//! TOML files to a checked configuration and catalog, with diagnostics that point at the line.
