"""Commands for operators that look at what runs and at what is stored."""
