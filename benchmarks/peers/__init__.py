"""Programs for the Python of another environment, where the peers are installed: they import nothing of ours.

python3 -m venv peers && peers/bin/pip install torch==2.13.0 'rectools[torch]' torch-rechub
"""
