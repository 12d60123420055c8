"""`python -m sftlint`."""

from sftlint.cli import main

if __name__ == "__main__":
    main()
