"""Pages that belong to no app: search, 待办, notifications, drafts, exports waiting, help."""
