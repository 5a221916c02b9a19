"""How fast, how big, how good: one file per question, answers with machine and date in `results/`."""
