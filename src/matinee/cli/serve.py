"""`matinee serve`: the JSON API and the web app."""

import logging
import socket
import sys
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from matinee.cli.console import errors, out
from matinee.cli.request_options import ContentRunOption, MovedDataOption, RatingRunOption
from matinee.errors import InputError

if TYPE_CHECKING:
    from matinee.service.settings import Settings

ServedRunOption = Annotated[
    Path | None, typer.Option("--run", help="Folder written by 'matinee train'.", show_default=False)
]
HostOption = Annotated[
    str | None, typer.Option("--host", help="Address to listen on. Default: 127.0.0.1, this machine only.")
]
PortOption = Annotated[int | None, typer.Option("--port", min=0, max=65535, help="Default: 8000; 0 for any free port.")]
DatabaseOption = Annotated[
    str | None,
    typer.Option("--database", help="A file, or postgresql://<user>@<host>/<database>. Default: matinee.db."),
]
PostersOption = Annotated[Path | None, typer.Option("--posters", help="Folder of posters.")]
CompareOption = Annotated[
    list[Path] | None,
    typer.Option("--compare", help="Another run on the same data to compare with. Repeatable."),
]
ReportOption = Annotated[
    Path | None,
    typer.Option("--report", help="Output of 'evaluate --json'. Default: report.json beside the run."),
]
TradeoffOption = Annotated[
    Path | None,
    typer.Option("--tradeoff", help="Output of 'tradeoff --json'. Default: tradeoff.json beside the run."),
]
AccountsOption = Annotated[
    bool | None,
    typer.Option("--accounts/--profiles", help="Passwords and invitations, or a profile picker on this machine."),
]
SettingsOption = Annotated[
    Path | None, typer.Option("--settings", help="TOML file. MATINEE_SERVE_* variables and options override it.")
]


def serve(
    run: ServedRunOption = None,
    rating_run: RatingRunOption = None,
    content_run: ContentRunOption = None,
    data: MovedDataOption = None,
    host: HostOption = None,
    port: PortOption = None,
    database: DatabaseOption = None,
    posters: PostersOption = None,
    compare: CompareOption = None,
    report: ReportOption = None,
    tradeoff: TradeoffOption = None,
    accounts: AccountsOption = None,
    settings: SettingsOption = None,
) -> None:
    """Serve the web app and the JSON API. Recommendations change with each rating. Press Ctrl-C to stop.

    [dim]matinee serve --run runs/blend[/]
    """
    from matinee.service.settings import read_settings

    serve_settings = read_settings(
        settings,
        run=run,
        rating_run=rating_run,
        content_run=content_run,
        data=data,
        host=host,
        port=port,
        database=database,
        posters=posters,
        compare=compare or None,
        report=report,
        tradeoff=tradeoff,
        accounts=accounts,
    )
    log_as_json(logging.INFO)
    serve_until_stopped(serve_settings)


def serve_until_stopped(settings: "Settings") -> None:
    """Serve until Ctrl-C. Raises `InputError` if the address is in use, and the errors of `open_state`."""
    import structlog
    import uvicorn
    from threadpoolctl import threadpool_limits

    from matinee.service.app import API, create_app
    from matinee.service.state.app_state import open_state

    # Matrix products for one user are small. A second thread takes longer to wake than it saves.
    with (
        threadpool_limits(1),
        _bind(settings.host, settings.port) as server_socket,
        closing(open_state(settings)) as state,
    ):
        app = create_app(settings, state=state)
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, server_header=False))
        address = f"http://{_in_url(settings.host)}:{server_socket.getsockname()[1]}"
        server_socket.listen()  # from here on connections wait for an answer
        out.print(f"Matinee is at {address} (API: {address}{API}/openapi.json). Press Ctrl-C to stop.", soft_wrap=True)
        structlog.get_logger("matinee").info("serving", address=address, run=str(settings.run))
        with suppress(KeyboardInterrupt):  # raised again after all answers are sent
            server.run(sockets=[server_socket])
    errors.print("matinee: stopped. All ratings are saved.", highlight=False)


def _bind(host: str, port: int) -> socket.socket:
    """Bind a socket. Raises `InputError` if the address is in use."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        # asyncio disables Nagle's algorithm, a wait of 40 ms per answer, only for sockets that name TCP.
        server_socket = socket.socket(family, kind, protocol)
        server_socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server_socket.bind(address)
    except OSError as error:
        raise InputError(f"Cannot listen on {host}:{port} ({error.strerror or error}). Use a free port.") from error
    return server_socket


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def log_as_json(level: int) -> None:
    """Log events of this level and above to standard error, one line of JSON each."""
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
