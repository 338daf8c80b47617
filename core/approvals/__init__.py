"""Approval is state on the row itself: who asked, who decided, which version was seen; nobody decides their own."""
