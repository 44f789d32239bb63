"""Called by `dev.py`, in the environment that it made: `run` or `test`."""

import sys

from hanoi_programmes.embedded import quick_start, trial
from hanoi_programmes.embedded.places import CannotStartError


def main(command: str, arguments: list[str]) -> int:
    """Known troubles end with a sentence, unknown ones with their trace."""
    try:
        return trial.run(arguments) if command == "test" else quick_start.run()
    except CannotStartError as reason:
        print(reason, file=sys.stderr)
    except PermissionError as error:
        print(f"{error.filename} belongs to another user; start as that one.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
