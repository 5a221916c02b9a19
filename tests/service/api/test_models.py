import shutil
from collections.abc import Callable
from pathlib import Path

from matinee.models.registry import make
from matinee.models.runs import save_run
from tests.service.conftest import DATA, SECRET, Api

ADMIN = {"X-Matinee-Admin-Token": SECRET}


def test_the_current_run_is_described(api: Api) -> None:
    run = api.get("/models/current")
    assert (run["model"], run["fingerprint"], run["n_movies"]) == ("ease", DATA.fingerprint, 16)
    assert (run["predicts_ratings"], run["also_liked"], run["newer_available"]) == (False, True, False)
    assert "path" not in str(run)
    assert api.request("GET", "/models/current/card").text == "# ease\n"


def test_admins_can_reload_the_run(
    new_api: Callable[..., Api], run_folder: Path, data_folder: Path, tmp_path: Path
) -> None:
    own = Path(shutil.copytree(run_folder, tmp_path / "own"))
    ann = new_api(run=own, admin_token=SECRET).new_user("Ann")
    ann.put("/ratings/100", {"rating": 5})
    before = ann.get("/recommendations")
    save_run(own, make("popularity").fit(DATA), DATA, data_folder)
    assert ann.get("/models/current")["newer_available"]
    ann.post("/models/reload", {}, 403)
    ann.post("/models/reload", {}, 403, headers={"X-Matinee-Admin-Token": "wrong"})
    assert ann.get("/models/current")["model"] == "ease"
    assert ann.post("/models/reload", {}, headers=ADMIN)["model"] == "popularity"
    after = ann.get("/recommendations")
    assert (before["model"], after["model"]) == ("ease", "popularity")
    assert "is not a run" in ann.post("/models/reload", {"run": str(tmp_path)}, 409, headers=ADMIN)["detail"]
    assert ann.post("/models/reload", {"run": str(run_folder)}, headers=ADMIN)["model"] == "ease"
