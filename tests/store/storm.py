"""A process that rates as fast as it can until it is killed: `python -m tests.store.storm URL FILE THREADS`.

After each rating is acknowledged, it says so in the file: who, which movie, how many stars, which change.
"""

import os
import random
import sys
import threading

from matinee.store.store import Store, open_store

MOVIES = 20


def rate_for_ever(store: Store, acknowledged: int) -> None:
    """Rate and remove, now and then several in one transaction, for whoever is there."""
    people = [user.id for user in store.users.all()]
    chosen = random.Random()
    while True:
        user_id, movie = chosen.choice(people), str(chosen.randrange(MOVIES))
        if chosen.random() < 0.1:
            store.ratings.remove(user_id, movie)
            continue
        with store.transaction():
            changes = [
                store.ratings.rate(user_id, name, chosen.randrange(1, 11) / 2)
                for name in ([movie] if chosen.random() < 0.7 else [movie, movie + "b"])
            ]
        lines = [f"{user_id} {one.movie_id} {one.after.stars} {one.id}\n" for one in changes if one.after]
        os.write(acknowledged, "".join(lines).encode())


def main() -> None:
    """Start the threads and never end."""
    url, file, threads = sys.argv[1:]
    acknowledged = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    store = open_store(url)
    started = [threading.Thread(target=rate_for_ever, args=(store, acknowledged)) for _ in range(int(threads))]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()


if __name__ == "__main__":
    main()
