"""How long does it take to read a folder of posters, the first time and from the cache?"""

import tempfile
import time
from pathlib import Path

from benchmarks.harness import Skipped, fastest, ml_1m_folder, record
from matinee.data.readers.formats import read_dataset
from matinee.features.poster_embedding import frozen_embedding
from matinee.features.posters import read_posters


def run() -> None:
    """Decode the posters of MovieLens 1M, map them from the cache, access all pixels, and embed them."""
    dataset_folder = ml_1m_folder()
    folder = dataset_folder / "posters"
    if not folder.is_dir():
        raise Skipped(f"needs posters: put images named <movie_id>.jpg into {folder}")
    movies = read_dataset(dataset_folder)[0].movies
    with tempfile.TemporaryDirectory() as temporary:
        cache = Path(temporary)
        start, start_cpu = time.perf_counter(), time.process_time()
        posters = read_posters(movies, folder, cache=cache)
        decode, decode_cpu = time.perf_counter() - start, time.process_time() - start_cpu
        cached = fastest(lambda: read_posters(movies, folder, cache=cache))
        access = fastest(lambda: int(posters.pixels.max()))
        embedding = fastest(lambda: frozen_embedding(posters), 3)
    record(
        "poster_reading",
        "Posters of MovieLens 1M to an array of 96 x 64 pixels: seconds to decode, to read from the cache, to embed.",
        {
            "posters": int(posters.has_poster.sum()),
            "missing": posters.missing,
            "broken": len(posters.broken),
            "decode_seconds": round(decode, 3),
            "decode_cpu_seconds": round(decode_cpu, 3),
            "posters_per_second": round(int(posters.has_poster.sum()) / decode),
            "cached_seconds": round(cached, 4),
            "access_all_pixels_seconds": round(access, 4),
            "ratio": round(decode / (cached + access), 1),
            "embedding_seconds": round(embedding, 3),
            "array_mb": round(posters.pixels.nbytes / 1e6, 1),
        },
    )
