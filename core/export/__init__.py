"""Export of any list: by a job, in constant memory, with a watermark; personal columns after a second person agreed."""
