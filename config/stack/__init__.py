"""The local stack: everything `make run` and `make test` start, and nothing that production needs."""
