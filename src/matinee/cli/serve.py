"""`matinee serve`: the API, and the pages over it, for this machine or beyond."""

import logging
import socket
import sys
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from matinee.cli.console import errors, out
from matinee.cli.request_options import ContentOption, MovedDataOption, StarsOption
from matinee.errors import InputError

if TYPE_CHECKING:
    from matinee.service.settings import Settings

ServedRunOption = Annotated[
    Path | None, typer.Option("--run", help="Folder written by 'matinee train'.", show_default=False)
]
HostOption = Annotated[
    str | None, typer.Option("--host", help="The address to serve; 127.0.0.1, for this machine alone, if not given.")
]
PortOption = Annotated[int | None, typer.Option("--port", min=0, max=65535, help="8000 if not given; 0 for any free.")]
DatabaseOption = Annotated[
    str | None,
    typer.Option("--database", help="A file (matinee.db if not given), or postgresql://<user>@<host>/<database>."),
]
PostersOption = Annotated[Path | None, typer.Option("--posters", help="A folder of posters.")]
CompareOption = Annotated[
    list[Path] | None,
    typer.Option("--compare", help="A further run on the same data, to be compared with; may be repeated."),
]
ReportOption = Annotated[
    Path | None,
    typer.Option("--report", help="What 'evaluate --json' wrote; report.json beside the run if not given."),
]
DialOption = Annotated[
    Path | None, typer.Option("--dial", help="What 'dial --json' wrote; dial.json beside the run if not given.")
]
AccountsOption = Annotated[
    bool | None,
    typer.Option("--accounts/--profiles", help="Passwords and invitations, or a profile picker for this machine."),
]
SettingsOption = Annotated[
    Path | None, typer.Option("--settings", help="A TOML file; MATINEE_SERVE_* variables and flags win over it.")
]


def serve(
    run: ServedRunOption = None,
    stars: StarsOption = None,
    content: ContentOption = None,
    data: MovedDataOption = None,
    host: HostOption = None,
    port: PortOption = None,
    database: DatabaseOption = None,
    posters: PostersOption = None,
    compare: CompareOption = None,
    report: ReportOption = None,
    dial: DialOption = None,
    accounts: AccountsOption = None,
    settings: SettingsOption = None,
) -> None:
    """Serve recommendations that change with every rating. Ctrl-C ends it.

    [dim]matinee serve --run runs/blend[/]
    """
    from matinee.service.settings import read_settings

    chosen = read_settings(
        settings,
        run=run,
        stars=stars,
        content=content,
        data=data,
        host=host,
        port=port,
        database=database,
        posters=posters,
        compare=compare or None,
        report=report,
        dial=dial,
        accounts=accounts,
    )
    log_in_json(logging.INFO)
    serve_until_ended(chosen)


def serve_until_ended(chosen: "Settings") -> None:
    """Serve until Ctrl-C. Raises `InputError` for an address that cannot be had, and what opening the house raises."""
    import structlog
    import uvicorn
    from threadpoolctl import threadpool_limits

    from matinee.service.app import API, create_app
    from matinee.service.state.app_state import open_state

    # Products for one person are small: a second thread would take longer to wake than it saves.
    with threadpool_limits(1), _listen(chosen.host, chosen.port) as listening, closing(open_state(chosen)) as state:
        app = create_app(chosen, state=state)
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, server_header=False))
        address = f"http://{_in_url(chosen.host)}:{listening.getsockname()[1]}"
        listening.listen()  # from here on whoever comes is waited upon
        out.print(f"Matinee is at {address} (its API: {address}{API}/openapi.json); Ctrl-C ends it", soft_wrap=True)
        structlog.get_logger("matinee").info("serving", address=address, run=str(chosen.run))
        with suppress(KeyboardInterrupt):  # raised again when everybody has had their answer
            server.run(sockets=[listening])
    errors.print("matinee: closed; what was said is kept", highlight=False)


def _listen(host: str, port: int) -> socket.socket:
    """A socket that listens. Raises `InputError` if the address cannot be had."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        # Only of sockets that say they are TCP does asyncio turn off Nagle's waiting, 40 ms for each answer.
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
    except OSError as error:
        raise InputError(
            f"{host}:{port}: cannot be served ({error.strerror or error}); expected a free port"
        ) from error
    return listening


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def log_in_json(level: int) -> None:
    """One line of JSON for each event of this level and above, to standard error."""
    import structlog

    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(level),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
