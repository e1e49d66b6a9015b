"""Where the command line begins and ends: every outcome becomes an exit code, and no traceback gets out."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from types import FrameType

INTERRUPTED = 130
OUR_FAULT = 1


def run(arguments: list[str]) -> int:
    """Run `arguments` and give the exit code."""
    debug = "--debug" in arguments or os.environ.get("TARAZU_DEBUG", "") not in ("", "0")
    # Accepted anywhere on the line, so that it can be added to the end of a command that failed.
    arguments = [word for word in arguments if word != "--debug"]
    _be_patient_with_encodings()
    with contextlib.suppress(ValueError):  # not the main thread: the host decides
        signal.signal(signal.SIGTERM, _stop)
    from tarazu.errors import TarazuError

    try:
        return _dispatch(arguments)
    except TarazuError as error:
        if debug:
            raise
        _say(str(error))
        return error.exit_code
    except KeyboardInterrupt:
        _say("Stopped. Nothing half-written was left behind.")
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has gone; there is nobody to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except MemoryError:
        _say("There is not enough memory for these data. Give a shorter period, or a machine with more.")
        return OUR_FAULT
    except OSError as error:
        if debug:
            raise
        where = f" ({error.filename})" if error.filename else ""
        _say(f"The system refused: {error.strerror or error}{where}. Check the place and the space on it.")
        return 3
    except Exception as error:
        if debug:
            raise
        _say(
            f"This is a fault of Tarazu, not of your data ({type(error).__name__}). "
            "Run the same command with --debug to see where, and report it with what you see."
        )
        return OUR_FAULT


def _dispatch(arguments: list[str]) -> int:
    import typer
    from typer.main import get_command

    from tarazu.cli.app import app

    command = get_command(app)
    try:
        outcome = command.main(args=arguments, prog_name="tarazu", standalone_mode=False)
    except typer.Exit as end:
        if end.exit_code == INTERRUPTED:  # how the parser hands on Ctrl-C
            raise KeyboardInterrupt from end
        return end.exit_code
    except typer.Abort as error:
        raise KeyboardInterrupt from error
    except Exception as error:
        show = getattr(error, "show", None)  # a misused option: the parser has its own words for it
        if show is None or not hasattr(error, "exit_code"):
            raise
        show()
        return int(error.exit_code)
    if outcome == INTERRUPTED:
        raise KeyboardInterrupt
    return outcome if isinstance(outcome, int) else 0


def _say(line: str) -> None:
    print(f"tarazu: {line}", file=sys.stderr)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _be_patient_with_encodings() -> None:
    """A terminal that cannot show Persian gets question marks, not a failure."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
