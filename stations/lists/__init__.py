"""Lists of the field: what the page, the export and the REST resource share."""
