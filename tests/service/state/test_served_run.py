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
from tests.service.conftest import DATA, Api, client_of


@pytest.fixture
def own_run(run_folder: Path, tmp_path: Path) -> Path:
    """A copy of the run, to be replaced."""
    return Path(shutil.copytree(run_folder, tmp_path / "own"))


def train_anew(folder: Path, films: Path) -> None:
    save_run(folder, make("popularity").fit(DATA), DATA, films)


def test_a_stage_knows_its_run(run_folder: Path) -> None:
    run = load_served_run(RunPaths(run_folder))
    assert (run.model, run.fingerprint) == ("ease", DATA.fingerprint)
    assert run.card == "# ease\n"
    assert run.metrics is None
    assert run.likes is not None
    assert run.row("103") == 3
    with pytest.raises(NotFoundError, match="no movie has the id '99'"):
        run.row("99")


def test_without_the_data_there_are_no_likes_and_it_says_why(own_run: Path, tmp_path: Path) -> None:
    settings = json.loads((own_run / "settings.json").read_text())
    settings["data"]["path"] = str(tmp_path / "gone")
    (own_run / "settings.json").write_text(json.dumps(settings))
    run = load_served_run(RunPaths(own_run))
    assert run.likes is None
    assert run.likes_unavailable == f"the data the run was trained on is no longer at {tmp_path / 'gone'}"
    assert load_served_run(RunPaths(own_run, also_liked=False)).likes_unavailable.startswith(
        "reading the ratings is turned off"
    )


def test_a_swap_puts_the_newer_run_in_place(own_run: Path, films: Path) -> None:
    stages = RunReloader(load_served_run(RunPaths(own_run)))
    before = stages.current
    assert not stages.is_stale
    train_anew(own_run, films)
    assert stages.is_stale
    assert stages.reload().model == "popularity"
    assert not stages.is_stale
    assert before.model == "ease"  # whoever holds it goes on with it
    assert stages.current.likes is before.likes  # of the same data, so not made again


def test_a_run_that_cannot_be_loaded_leaves_the_older_one(own_run: Path, tmp_path: Path) -> None:
    stages = RunReloader(load_served_run(RunPaths(own_run)))
    with pytest.raises(RunError, match="not a run"):
        stages.reload(RunPaths(tmp_path / "nothing"))
    (own_run / "weights.safetensors").write_bytes(b"torn")
    with pytest.raises(RunError, match="not a complete"):
        stages.reload()
    assert stages.current.model == "ease"


def test_an_app_that_watches_swaps_by_itself(own_run: Path, films: Path, new_api: Callable[..., Api]) -> None:
    api = new_api(run=own_run, watch_seconds=0.01)
    train_anew(own_run, films)
    for _ in range(1000):
        if api.get("/models/current")["model"] == "popularity":
            return
    pytest.fail("the newer run was not loaded")


def test_swaps_drop_no_request(own_run: Path, films: Path, new_api: Callable[..., Api]) -> None:
    api = new_api(run=own_run)
    ann = api.somebody("Ann")
    ann.put("/ratings/100", {"stars": 5})
    answers: list[tuple[int, str, str]] = []

    async def storm() -> None:
        async with client_of(api.app) as client:
            ended = asyncio.Event()

            async def ask(number: int) -> None:
                while not ended.is_set():
                    found = await client.get(f"{API}/recommendations?seed={number}", headers=ann.headers)
                    told = found.json()
                    answers.append((found.status_code, told.get("model", ""), told.get("fingerprint", "")))

            context = [asyncio.create_task(ask(number)) for number in range(8)]
            for fit in ("popularity", "ease", "popularity"):
                model = make(fit).fit(DATA)
                await asyncio.to_thread(save_run, own_run, model, DATA, films)
                await asyncio.to_thread(api.house.served.reload)
                await asyncio.sleep(0.1)
            ended.set()
            await asyncio.gather(*context)

    asyncio.run(storm())
    assert len(answers) > 20
    assert {status for status, _, _ in answers} == {200}
    assert {model for _, model, _ in answers} == {"ease", "popularity"}
