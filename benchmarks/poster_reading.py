"""How long does reading a folder of posters take, first and again?"""

import tempfile
import time
from pathlib import Path

from benchmarks.measuring import Skipped, fastest, ml_1m_folder, record
from matinee.data.readers.formats import read_dataset
from matinee.features.poster_embedding import frozen_embedding
from matinee.features.posters import read_posters


def run() -> None:
    """Decoding the posters of MovieLens 1M, mapping them from the cache and looking at all, and describing them."""
    home = ml_1m_folder()
    folder = home / "posters"
    if not folder.is_dir():
        raise Skipped(f"needs posters: put pictures called <movie_id>.jpg into {folder}")
    movies = read_dataset(home)[0].movies
    with tempfile.TemporaryDirectory() as temporary:
        cache = Path(temporary)
        start, start_cpu = time.perf_counter(), time.process_time()
        posters = read_posters(movies, folder, cache=cache)
        decoding, decoding_cpu = time.perf_counter() - start, time.process_time() - start_cpu
        cached = fastest(lambda: read_posters(movies, folder, cache=cache))
        looking = fastest(lambda: int(posters.pixels.max()))
        describing = fastest(lambda: frozen_embedding(posters), 3)
    record(
        "poster_reading",
        "Posters of MovieLens 1M to an array of 96 x 64 pixels: seconds to decode, to read again, to describe.",
        {
            "posters": int(posters.known.sum()),
            "missing": posters.missing,
            "broken": len(posters.broken),
            "decode_seconds": round(decoding, 3),
            "decode_cpu_seconds": round(decoding_cpu, 3),
            "posters_per_second": round(int(posters.known.sum()) / decoding),
            "cached_seconds": round(cached, 4),
            "look_at_every_pixel_seconds": round(looking, 4),
            "ratio": round(decoding / (cached + looking), 1),
            "embedding_seconds": round(describing, 3),
            "array_mb": round(posters.pixels.nbytes / 1e6, 1),
        },
    )
