"""Run the command line as ``python -m overt``."""

from overt.cli.app import main

if __name__ == "__main__":
    main()
