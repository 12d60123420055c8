"""The tests. `python -m pytest` runs all of them; `HYPOTHESIS_PROFILE=explore` looks for new counterexamples."""
