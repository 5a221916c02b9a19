import asyncio
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from matinee.errors import NotFoundError, RunError
from matinee.models.registry import make
from matinee.models.runs import save_run
from matinee.service.app import API
from matinee.service.state.served_run import RunPaths, RunReloader, load_served_run
from tests.service.conftest import DATA, Api, new_client


@pytest.fixture
def own_run(run_folder: Path, tmp_path: Path) -> Path:
    """A copy of the run, to be replaced."""
    return Path(shutil.copytree(run_folder, tmp_path / "own"))


def train_again(folder: Path, data_folder: Path) -> None:
    save_run(folder, make("popularity").fit(DATA), DATA, data_folder)


def test_a_served_run_has_the_facts_of_its_run(run_folder: Path) -> None:
    run = load_served_run(RunPaths(run_folder))
    assert (run.model, run.fingerprint) == ("ease", DATA.fingerprint)
    assert run.card == "# ease\n"
    assert run.metrics is None
    assert run.likes is not None
    assert run.row("103") == 3
    with pytest.raises(NotFoundError, match="No movie has the id '99'"):
        run.row("99")


def test_without_the_data_there_is_a_reason(own_run: Path, tmp_path: Path) -> None:
    settings = json.loads((own_run / "settings.json").read_text())
    settings["data"]["path"] = str(tmp_path / "gone")
    (own_run / "settings.json").write_text(json.dumps(settings))
    run = load_served_run(RunPaths(own_run))
    assert run.likes is None
    assert run.likes_unavailable == f"the training data is not at {tmp_path / 'gone'}"
    assert "setting also_liked" in load_served_run(RunPaths(own_run, also_liked=False)).likes_unavailable


def test_reload_loads_the_newer_run(own_run: Path, data_folder: Path) -> None:
    reloader = RunReloader(load_served_run(RunPaths(own_run)))
    previous = reloader.current
    assert not reloader.is_stale
    train_again(own_run, data_folder)
    assert reloader.is_stale
    assert reloader.reload().model == "popularity"
    assert not reloader.is_stale
    assert previous.model == "ease"  # requests in progress still use it
    assert reloader.current.likes is previous.likes  # the same data, so it is reused


def test_a_failed_reload_keeps_the_current_run(own_run: Path, tmp_path: Path) -> None:
    reloader = RunReloader(load_served_run(RunPaths(own_run)))
    with pytest.raises(RunError, match="is not a run"):
        reloader.reload(RunPaths(tmp_path / "nothing"))
    (own_run / "weights.safetensors").write_bytes(b"torn")
    with pytest.raises(RunError, match="not a complete"):
        reloader.reload()
    assert reloader.current.model == "ease"


def test_a_watching_app_reloads_a_newer_run(own_run: Path, data_folder: Path, new_api: Callable[..., Api]) -> None:
    api = new_api(run=own_run, watch_seconds=0.01)
    train_again(own_run, data_folder)
    for _ in range(1000):
        if api.get("/models/current")["model"] == "popularity":
            return
    pytest.fail("the newer run was not loaded")


def test_reloads_drop_no_request(own_run: Path, data_folder: Path, new_api: Callable[..., Api]) -> None:
    api = new_api(run=own_run)
    ann = api.new_user("Ann")
    ann.put("/ratings/100", {"rating": 5})
    responses: list[tuple[int, str, str]] = []

    async def send_and_reload() -> None:
        async with new_client(api.app) as client:
            stopped = asyncio.Event()

            async def send(number: int) -> None:
                while not stopped.is_set():
                    response = await client.get(f"{API}/recommendations?seed={number}", headers=ann.headers)
                    content = response.json()
                    fields = content.get("model", ""), content.get("fingerprint", "")
                    responses.append((response.status_code, *fields))

            tasks = [asyncio.create_task(send(number)) for number in range(8)]
            for fit in ("popularity", "ease", "popularity"):
                model = make(fit).fit(DATA)
                await asyncio.to_thread(save_run, own_run, model, DATA, data_folder)
                await asyncio.to_thread(api.state.served.reload)
                await asyncio.sleep(0.1)
            stopped.set()
            await asyncio.gather(*tasks)

    asyncio.run(send_and_reload())
    assert len(responses) > 20
    assert {status for status, _, _ in responses} == {200}
    assert {model for _, model, _ in responses} == {"ease", "popularity"}
