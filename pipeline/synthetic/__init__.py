"""A believable region of any size, with seeded errors; nobody in it exists."""

from pipeline.synthetic.cli_command import synthesise

__all__ = ["synthesise"]
