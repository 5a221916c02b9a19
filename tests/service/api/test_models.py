import shutil
from collections.abc import Callable
from pathlib import Path

from matinee.models.registry import make
from matinee.models.runs import save_run
from tests.service.conftest import DATA, SECRET, Api

ADMIN = {"X-Matinee-Admin-Token": SECRET}


def test_the_run_says_what_it_is(api: Api) -> None:
    told = api.get("/models/current")
    assert (told["model"], told["fingerprint"], told["movies"]) == ("ease", DATA.fingerprint, 16)
    assert (told["predicts_stars"], told["also_liked"], told["newer"]) == (False, True, False)
    assert "path" not in str(told)
    assert api.ask("GET", "/models/current/card").text == "# ease\n"


def test_another_run_is_put_in_place_by_admins_alone(
    new_api: Callable[..., Api], run_folder: Path, films: Path, tmp_path: Path
) -> None:
    own = Path(shutil.copytree(run_folder, tmp_path / "own"))
    ann = new_api(run=own, admin_token=SECRET).somebody("Ann")
    ann.put("/ratings/100", {"stars": 5})
    before = ann.get("/recommendations")
    save_run(own, make("popularity").fit(DATA), DATA, films)
    assert ann.get("/models/current")["newer"]
    ann.post("/models/reload", {}, 403)
    ann.post("/models/reload", {}, 403, headers={"X-Matinee-Admin-Token": "wrong"})
    assert ann.get("/models/current")["model"] == "ease"
    assert ann.post("/models/reload", {}, headers=ADMIN)["model"] == "popularity"
    after = ann.get("/recommendations")
    assert (before["model"], after["model"]) == ("ease", "popularity")
    assert "not a run" in ann.post("/models/reload", {"run": str(tmp_path)}, 409, headers=ADMIN)["detail"]
    assert ann.post("/models/reload", {"run": str(run_folder)}, headers=ADMIN)["model"] == "ease"
