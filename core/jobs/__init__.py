"""Work that takes time: `core.jobs.services` starts it, the outbox remembers it, 下载中心 shows it."""
