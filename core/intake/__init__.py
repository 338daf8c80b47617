"""Taking in a table: template, check with errors by cell, confirm, import in one transaction, undo (ADR 0011).

An app declares an `ImportKind` (`core.intake.kinds`) over an import-export Resource whose fields are `Column`s.
"""
