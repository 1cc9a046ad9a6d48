"""What the commands print: one module per output format.  Reads claims and decisions, decides nothing."""
