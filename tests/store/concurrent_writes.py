"""Rate in a loop until killed: `python -m tests.store.concurrent_writes URL FILE THREADS`.

After each acknowledged rating, a line is appended to the file: user, movie, rating, change.
"""

import os
import random
import sys
import threading

from matinee.store.store import Store, open_store

MOVIES = 20


def rate_in_a_loop(store: Store, acknowledged: int) -> None:
    """Rate and remove ratings of all users, sometimes several in one transaction."""
    user_ids = [user.id for user in store.users.all()]
    rng = random.Random()
    while True:
        user_id, movie = rng.choice(user_ids), str(rng.randrange(MOVIES))
        if rng.random() < 0.1:
            store.ratings.remove(user_id, movie)
            continue
        with store.transaction():
            changes = [
                store.ratings.rate(user_id, name, rng.randrange(1, 11) / 2)
                for name in ([movie] if rng.random() < 0.7 else [movie, movie + "b"])
            ]
        lines = [
            f"{user_id} {change.movie_id} {change.after.rating} {change.id}\n" for change in changes if change.after
        ]
        os.write(acknowledged, "".join(lines).encode())


def main() -> None:
    """Start the threads and wait for them."""
    url, file, threads = sys.argv[1:]
    acknowledged = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    store = open_store(url)
    workers = [threading.Thread(target=rate_in_a_loop, args=(store, acknowledged)) for _ in range(int(threads))]
    for thread in workers:
        thread.start()
    for thread in workers:
        thread.join()


if __name__ == "__main__":
    main()
